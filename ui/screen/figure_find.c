/* figure_find.c - the text may name an answer ("loan.amount", "use_of_funds.amount[2]") or
 * work something out ("pnl.revenue[y1] / 12"); both are made into figures here, so that a
 * trace walks through them alike. */
#include "screen/figure_find.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "screen/loaded.h"

enum { TEXT_LIMIT = 64 * 1024 };

/* ---- answers ------------------------------------------------------------------------------- */

/* "use_of_funds.amount[2]" as the answers are addressed: "use_of_funds.1.amount". The caller
 * frees it. */
static char *answer_path(const char *name)
{
    const char *dot = strchr(name, '.'), *bracket = strchr(name, '[');
    int row = 0;

    if (!bracket)
        return mem_str(name);
    if (!dot || dot > bracket || sscanf(bracket, "[%d]", &row) != 1 || row < 1)
        return NULL;
    return mem_printf("%.*s.%d.%.*s", (int)(dot - name), name, row - 1, (int)(bracket - dot - 1),
                      dot + 1);
}

static bool find_answer(const struct loaded *l, const struct intake *questions, const char *name,
                        struct figure *out)
{
    char *field = mem_strn(name, strcspn(name, "[")), *path = answer_path(name);
    const struct question *q = path ? intake_question(questions, field) : NULL;
    struct strbuf shown;

    if (q) {
        strbuf_init(&shown, TEXT_LIMIT);
        intake_shown(questions, l->plan.intake_data, path, &shown);
        *out = (struct figure){.name = mem_str(name),
                               .label = mem_str(q->label),
                               .basis = mem_str("your answer"),
                               .fix = mem_str(path),
                               .value = mem_str(shown.len ? shown.data : "–")};
        strbuf_finish(&shown);
    }
    free(path);
    free(field);
    return q != NULL;
}

/* ---- sums ---------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* The next name in an expression, with its index: where it begins and how long it is; 0 at the
 * end. A word before a parenthesis is a function, and what stands in quotes is text. */
static size_t next_name(const char **at)
{
    const char *p = *at;

    while (*p) {
        size_t len = 0;

        if (*p == '"')
            p += 1 + strcspn(p + 1, "\"");
        while (is_name_char(p[len]))
            len++;
        if (len && !isdigit((unsigned char)*p) && p[len] != '(') {
            if (p[len] == '[')
                len += strcspn(p + len, "]") + 1;
            *at = p;
            return len;
        }
        p += len ? len : *p != '\0';
    }
    *at = p;
    return 0;
}

static bool has_input(const struct figure *f, const char *name)
{
    for (size_t i = 0; i < f->input_count; i++) {
        if (strcmp(f->inputs[i], name) == 0)
            return true;
    }
    return false;
}

/* Only names something stands behind are inputs. */
static void add_inputs(const struct loaded *l, const struct intake *questions, const char *expr,
                       struct figure *out)
{
    const char *at = expr;
    size_t cap = 0, len;

    while ((len = next_name(&at)) > 0) {
        char *name = mem_strn(at, len);
        struct figure f = {0};
        struct err err = {0};
        bool found = !has_input(out, name) && (model_figure(l->model, name, &f, &err) ||
                                               find_answer(l, questions, name, &f));

        figure_finish(&f);
        at += len;
        if (found) {
            out->inputs = mem_grow(out->inputs, &cap, out->input_count + 1, sizeof *out->inputs);
            out->inputs[out->input_count++] = name;
        } else {
            free(name);
        }
    }
}

bool figure_find(const struct loaded *l, const struct intake *questions, const char *name,
                 const char *shown, struct figure *out, struct err *err)
{
    *out = (struct figure){0};
    if (model_figure(l->model, name, out, err) || find_answer(l, questions, name, out))
        return true;
    add_inputs(l, questions, name, out);
    if (!out->input_count)
        return false;
    out->name = mem_str(name);
    out->label = mem_str("Worked out from other figures");
    out->value = mem_str(shown ? shown : "");
    out->formula = mem_str(name);
    *err = (struct err){0};
    return true;
}
