/* answer_problem.c - saying what is wrong with an answer: a list of problems, each with its path
 * and one sentence. */
#include "intake/answer_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "intake/typed.h"

enum { SHOWN_MAX = 40, MESSAGE_MAX = 4000 };

void answer_problem_add(struct problems *out, const char *path, bool missing, const char *fmt, ...)
{
    struct strbuf text;
    va_list args;
    struct problem *items = mem_zero(out->count + 1, sizeof *items);

    strbuf_init(&text, MESSAGE_MAX);
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    if (out->count)
        memcpy(items, out->items, out->count * sizeof *items);
    free(out->items);
    out->items = items;
    items[out->count++] = (struct problem){mem_str(path), strbuf_take(&text), missing};
    strbuf_finish(&text);
}

void problems_finish(struct problems *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->items[i].path);
        free(p->items[i].message);
    }
    free(p->items);
    *p = (struct problems){0};
}

void answer_problem_describe(const bson_iter_t *it, char out[ANSWER_SHOWN_SIZE])
{
    char number[TYPED_NUMBER_SIZE];

    if (BSON_ITER_HOLDS_UTF8(it)) {
        uint32_t len;
        const char *text = bson_iter_utf8(it, &len);
        int shown = 0, chars = 0;

        while (text[shown] && text[shown] != '\n' && chars < SHOWN_MAX && shown < 50) {
            chars++;
            do
                shown++;
            while (((unsigned char)text[shown] & 0xc0) == 0x80);
        }
        snprintf(out, ANSWER_SHOWN_SIZE, "\"%.*s%s\"", shown, text, text[shown] ? "..." : "");
        for (char *c = out; *c; c++)
            if ((unsigned char)*c < ' ' || *c == 0x7f)
                *c = '?';
            else if ((unsigned char)*c == 0xc2 && (unsigned char)c[1] < 0xa0)
                c[0] = c[1] = '?'; /* a control beyond ASCII */
    } else if (BSON_ITER_HOLDS_NUMBER(it)) {
        typed_print_number(BSON_ITER_HOLDS_DOUBLE(it) ? bson_iter_double(it)
                                                      : (double)bson_iter_as_int64(it),
                           false, number);
        snprintf(out, ANSWER_SHOWN_SIZE, "%s", number);
    } else if (BSON_ITER_HOLDS_BOOL(it)) {
        snprintf(out, ANSWER_SHOWN_SIZE, "%s", bson_iter_bool(it) ? "true" : "false");
    } else {
        snprintf(out, ANSWER_SHOWN_SIZE, "%s",
                 BSON_ITER_HOLDS_ARRAY(it)      ? "A list"
                 : BSON_ITER_HOLDS_DOCUMENT(it) ? "An object"
                                                : "This value");
    }
}

bool answer_problem_kind(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *noun)
{
    char shown[ANSWER_SHOWN_SIZE];

    answer_problem_describe(it, shown);
    answer_problem_add(r->out, r->path.data, false, "%s is not %s; try %s", shown, noun,
                       q->example);
    return false;
}
