/* typed_preview.c - the text is set on a copy of the answers, and what became different is told. */
#include "screen/typed_preview.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "screen/draft.h"
#include "screen/sheet.h"
#include "screen/sheet_edit.h"
#include "terminal/canvas.h"

enum { TEXT_LIMIT = 1024 * 1024, CELLS_TOLD = 24 };

/* "Rent £100, Power £110, Insurance £120": the column from the row on. */
static void tell_fill(const struct sheet *s, const char *path, const bson_t *answers,
                      struct strbuf *out)
{
    const struct intake *questions = s->draft->questions;
    size_t table = strcspn(path, ".");
    char *name = mem_strn(path, table);
    const char *column = strrchr(path, '.') + 1;
    const struct question *q = intake_question(questions, name);
    size_t first = strtoul(path + table + 1, NULL, 10), rows = doc_count(answers, name);

    strbuf_printf(out, "Fills %zu row%s: ", rows - first, rows - first == 1 ? "" : "s");
    for (size_t i = first; i < rows && i < first + CELLS_TOLD; i++) {
        char *head = mem_printf("%s.%zu.%s", name, i, q->columns[0].field);
        char *cell = mem_printf("%s.%zu.%s", name, i, column);

        strbuf_str(out, i > first ? ", " : "");
        intake_shown(questions, answers, head, out);
        strbuf_char(out, ' ');
        intake_shown(questions, answers, cell, out);
        free(head);
        free(cell);
    }
    strbuf_str(out, rows > first + CELLS_TOLD ? ", …" : "");
    free(name);
}

/* "Jan  80%  Feb  90% ...": as many cells a line as fit. */
static void draw_months(const struct sheet *s, const char *path, const bson_t *answers,
                        const struct canvas *c)
{
    int y = 0, x = 0, cols = 11;
    struct strbuf text;
    char *rest = NULL;

    strbuf_init(&text, TEXT_LIMIT);
    intake_shown(s->draft->questions, answers, path, &text);
    canvas_put(c, y++, 0, ROLE_TITLE, "Each month beside an ordinary one");
    for (char *one = strtok_r(text.data, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
        if (x + cols > c->cols) {
            x = 0;
            y++;
        }
        one += strspn(one, " ");
        canvas_putn(c, y, x, ROLE_DIM, one, strcspn(one, " "));
        canvas_fit(c, y, x + 3, cols - 5, ROLE_ACCENT, ALIGN_RIGHT, one + strcspn(one, " "));
        x += cols;
    }
    strbuf_finish(&text);
}

static bool is_plain(const struct question *q, const char *typed)
{
    if (q->type == QUESTION_MONTHS)
        return !typed[0];
    return !typed[0] || !typed[1] || !strchr(">=", typed[0]) || q->type == QUESTION_TEXT ||
           q->type == QUESTION_LONG_TEXT || q->type == QUESTION_LIST;
}

bool typed_preview_draw(const struct sheet *s, const struct canvas *c)
{
    const struct sheet_row *row = sheet_row(s);
    const char *typed = sheet_edit_text(s);
    struct err err = {0};
    struct strbuf text;
    bson_t answers;

    if (!row || !typed || is_plain(row->question, typed))
        return false;
    strbuf_init(&text, TEXT_LIMIT);
    bson_copy_to(s->draft->plan.intake_data, &answers);
    if (!intake_set(s->draft->questions, row->path, typed, &answers, &err)) {
        canvas_wrap(c, 0, 0, c->rows, c->cols, ROLE_WARN, err.msg, true);
    } else if (row->question->type == QUESTION_MONTHS) {
        draw_months(s, row->path, &answers, c);
    } else if (*typed == '>' && strchr(row->path, '.')) {
        tell_fill(s, row->path, &answers, &text);
        canvas_wrap(c, 0, 0, c->rows, c->cols, ROLE_ACCENT, text.data, true);
    } else {
        strbuf_str(&text, "Comes to ");
        intake_shown(s->draft->questions, &answers, row->path, &text);
        canvas_wrap(c, 0, 0, c->rows, c->cols, ROLE_ACCENT, text.data, true);
    }
    bson_destroy(&answers);
    strbuf_finish(&text);
    return true;
}
