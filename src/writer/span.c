/* span.c - finding {{figures}} in Markdown. A figure in code is text, as everything in code is;
 * so the walk knows fences, and code spans by CommonMark's rule that a run of backticks is
 * closed by one of the same length. */
#include "writer/span.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

/* ---- one figure ---- */

/* Is there a blank line at text[i], which is a newline? */
static bool paragraph_ends(const char *text, size_t len, size_t i)
{
    for (i++; i < len && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r'); i++)
        ;
    return i >= len || text[i] == '\n';
}

size_t span_length(const char *text, size_t len)
{
    bool quoted = false;

    if (len < 4 || text[0] != '{' || text[1] != '{')
        return 0;
    for (size_t i = 2; i + 1 < len && i < SPAN_LIMIT; i++) {
        if (text[i] == '\n' && paragraph_ends(text, len, i))
            return 0;
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && text[i] == '}' && text[i + 1] == '}')
            return i + 2;
    }
    return 0;
}

static char *trimmed(const char *from, const char *to)
{
    while (from < to && strchr(" \t\r\n", *from))
        from++;
    while (to > from && strchr(" \t\r\n", to[-1]))
        to--;
    return mem_strn(from, (size_t)(to - from));
}

/* The first `c` outside quotes between `from` and `to`, or NULL. */
static const char *find_unquoted(const char *from, const char *to, char c)
{
    bool quoted = false;

    for (; from < to; from++) {
        if (quoted && *from == '\\' && from + 1 < to)
            from++;
        else if (*from == '"')
            quoted = !quoted;
        else if (!quoted && *from == c)
            return from;
    }
    return NULL;
}

/* `?? "text"` into *alt; nothing but blanks is no alternative. False for anything else. */
static bool parse_alt(const char *from, const char *to, char **alt)
{
    char *text = trimmed(from, to), *s = text, *out;
    size_t len = strlen(text);
    bool ok = true;

    *alt = NULL;
    if (len) {
        ok = strncmp(s, "??", 2) == 0;
        s += ok ? 2 + strspn(s + 2, " \t\r\n") : 0;
        len = strlen(s);
        ok = ok && len >= 2 && s[0] == '"' && s[len - 1] == '"';
    }
    if (ok && len) {
        out = *alt = mem_zero(len, 1);
        for (size_t i = 1; i + 1 < len; i++) {
            if (s[i] == '\\' && i + 2 < len)
                i++;
            *out++ = s[i];
        }
    }
    free(text);
    return ok;
}

bool span_parse(const char *text, size_t len, struct span *out)
{
    const char *from = text + 2, *to = text + len - 2, *colon;
    size_t format_len;

    if (span_length(text, len) != len)
        return false;
    *out = (struct span){0};
    colon = find_unquoted(from, to, ':');
    out->expr = trimmed(from, colon ? colon : to);
    if (!colon) {
        out->format = mem_str("");
        return out->expr[0] || (span_finish(out), false);
    }
    colon += 1 + strspn(colon + 1, " ");
    format_len = strspn(colon, "abcdefghijklmnopqrstuvwxyz0123456789_");
    out->format = mem_strn(colon, format_len);
    if (out->expr[0] && format_len && parse_alt(colon + format_len, to, &out->alt))
        return true;
    span_finish(out);
    return false;
}

void span_finish(struct span *s)
{
    free(s->expr);
    free(s->format);
    free(s->alt);
    *s = (struct span){0};
}

/* ---- the walk ---- */

void span_walk_init(struct span_walk *w, const char *text, size_t len)
{
    *w = (struct span_walk){.text = text, .len = len};
}

static size_t run_of(const struct span_walk *w, size_t at, char c)
{
    size_t n = 0;

    while (at + n < w->len && w->text[at + n] == c)
        n++;
    return n;
}

static size_t line_end(const struct span_walk *w, size_t at)
{
    const char *nl = memchr(w->text + at, '\n', w->len - at);

    return nl ? (size_t)(nl - w->text) : w->len;
}

static void step_over_code(struct span_walk *w, size_t to)
{
    for (size_t i = w->at; w->on_code && i < to; i++)
        if (w->on_code[i] != '\n')
            w->on_code[i] = ' ';
    w->at = to;
}

/* At the start of a line: opens or closes a fence, and steps over a line that is one or lies in
 * one. */
static bool skip_fence_line(struct span_walk *w)
{
    size_t at = w->at, end = line_end(w, at), n;
    char c;

    while (at < w->len && at < w->at + 3 && w->text[at] == ' ')
        at++;
    c = at < w->len ? w->text[at] : '\0';
    n = c == '`' || c == '~' ? run_of(w, at, c) : 0;
    if (w->fence) {
        if (n >= w->fence && c == w->fence_char &&
            strspn(w->text + at + n, " \t\r") >= end - at - n)
            w->fence = 0;
    } else if (n >= 3 && !(c == '`' && memchr(w->text + at + n, '`', end - at - n))) {
        w->fence = n;
        w->fence_char = c;
    } else {
        return false;
    }
    step_over_code(w, end < w->len ? end + 1 : end);
    return true;
}

/* Steps over a code span, or over a run of backticks that opens none. */
static void skip_backticks(struct span_walk *w)
{
    size_t n = run_of(w, w->at, '`'), at = w->at + n;

    while (at < w->len) {
        if (w->text[at] == '`') {
            size_t m = run_of(w, at, '`');

            at += m;
            if (m == n) {
                step_over_code(w, at);
                return;
            }
        } else if (w->text[at] == '\n' && paragraph_ends(w->text, w->len, at)) {
            break;
        } else {
            at++;
        }
    }
    w->at += n;
}

bool span_walk_next(struct span_walk *w)
{
    while (w->at < w->len) {
        char c = w->text[w->at];

        if ((w->at == 0 || w->text[w->at - 1] == '\n') && skip_fence_line(w))
            continue;
        if (c == '\\') {
            w->at += w->at + 1 < w->len && w->text[w->at + 1] != '\n' ? 2 : 1;
        } else if (c == '`') {
            skip_backticks(w);
        } else if (c == '{' && (w->span_len = span_length(w->text + w->at, w->len - w->at))) {
            w->start = w->at;
            w->at += w->span_len;
            return true;
        } else {
            w->at++;
        }
    }
    return false;
}
