/* answer_text.c - reading texts, dates and truths. */
#include "intake/answer_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "intake/typed.h"

static size_t count_chars(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

bool answer_text_sound(struct reading *r, const bson_iter_t *it)
{
    uint32_t len;
    const char *text;

    if (!BSON_ITER_HOLDS_UTF8(it))
        return true;
    text = bson_iter_utf8(it, &len);
    if (bson_utf8_validate(text, len, false))
        return true;
    answer_problem_add(r->out, r->path.data, false, "This text is not valid UTF-8; write it anew");
    return false;
}

/* `text` without blanks at its ends and with one kind of line end; a text of one line has its
 * line ends and tabs made blanks. NULL for control characters: they could drive a terminal. To
 * be freed. */
static char *clean_text(const char *text, bool one_line)
{
    char *out = mem_zero(strlen(text) + 1, 1);
    size_t len = 0;

    text += strspn(text, " \t\r\n");
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '\r' && text[1] == '\n')
            continue;
        if (c == '\r' || (one_line && (c == '\n' || c == '\t')))
            c = one_line ? ' ' : '\n';
        else if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f ||
                 (c == 0xc2 && (unsigned char)text[1] < 0xa0)) {
            free(out);
            return NULL;
        }
        out[len++] = (char)c;
    }
    while (len && strchr(" \t\n", out[len - 1]))
        len--;
    out[len] = '\0';
    return out;
}

char *answer_text_good(struct reading *r, const struct question *q, const char *text, bool one_line,
                       double min, double max)
{
    char *clean = clean_text(text, one_line), have[TYPED_NUMBER_SIZE], limit[TYPED_NUMBER_SIZE];
    size_t chars;

    if (!clean) {
        answer_problem_add(r->out, r->path.data, false,
                           "%s holds control characters; only ordinary text is allowed", q->label);
        return NULL;
    }
    chars = count_chars(clean);
    if (*clean && ((double)chars < min || (double)chars > max)) {
        typed_print_number((double)chars, true, have);
        typed_print_number((double)chars < min ? min : max, true, limit);
        answer_problem_add(r->out, r->path.data, false, "This has %s character%s; at %s %s are %s",
                           have, chars == 1 ? "" : "s", (double)chars < min ? "least" : "most",
                           limit, (double)chars < min ? "needed" : "allowed");
        free(clean);
        return NULL;
    }
    return clean;
}

bool answer_text_read(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out)
{
    bool one_line = q->type != QUESTION_LONG_TEXT;
    double max = !isnan(q->max) ? q->max : one_line ? ANSWER_LINE_MAX : ANSWER_TEXT_MAX;
    char *clean;

    if (!BSON_ITER_HOLDS_UTF8(it))
        return answer_problem_kind(r, q, it, "text");
    clean = answer_text_good(r, q, bson_iter_utf8(it, NULL), one_line, q->min, max);
    if (!clean)
        return false;
    if (*clean || r->strict)
        bson_append_utf8(out, key, -1, clean, -1);
    free(clean);
    return true;
}

bool answer_text_date(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out)
{
    char date[TYPED_DATE_SIZE];
    const char *text = BSON_ITER_HOLDS_UTF8(it) ? bson_iter_utf8(it, NULL) : "";
    bool ok =
        r->strict ? typed_is_date(text) : typed_date(text, strcmp(r->country, "US") == 0, date);

    if (!ok)
        return answer_problem_kind(r, q, it, "a date from 1900 to 2199");
    bson_append_utf8(out, key, -1, r->strict ? text : date, -1);
    return true;
}

bool answer_text_yes_no(struct reading *r, const struct question *q, const bson_iter_t *it,
                        const char *key, bson_t *out)
{
    bool yes = false;

    if (BSON_ITER_HOLDS_BOOL(it)) {
        yes = bson_iter_bool(it);
    } else if (!BSON_ITER_HOLDS_UTF8(it) || r->strict ||
               !typed_yes_no(bson_iter_utf8(it, NULL), &yes)) {
        char shown[ANSWER_SHOWN_SIZE];

        answer_problem_describe(it, shown);
        answer_problem_add(r->out, r->path.data, false, "%s is neither yes nor no; try %s", shown,
                           q->example);
        return false;
    }
    bson_append_bool(out, key, -1, yes);
    return true;
}
