/* md_edit.c - one line of Markdown source taken apart. This is no parser: it marks what a writer wants to see
 * while typing, and is never wrong about the one thing that matters, where a figure is, because it
 * walks code spans and escapes as the binder does. */
#include "strattio/md_edit.h"

#include <ctype.h>
#include <string.h>

#include "strattio/mem.h"

enum { FIGURE_MAX = 1024 };

/* ---- fences --------------------------------------------------------------------------------- */

static size_t run_length(const char *text, size_t len, size_t at)
{
    size_t n = 1;

    while (at + n < len && text[at + n] == text[at])
        n++;
    return n;
}

static unsigned fence(char c, size_t n)
{
    return (unsigned)(unsigned char)c | (n < 0xffff ? (unsigned)n : 0xffff) << 8;
}

static bool is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r", text[i]))
            return false;
    return true;
}

unsigned md_edit_state(const char *line, size_t len, unsigned state)
{
    size_t at = 0, n;

    while (at < len && at < 3 && line[at] == ' ')
        at++;
    if (at >= len || (line[at] != '`' && line[at] != '~'))
        return state;
    n = run_length(line, len, at);
    if (state) {
        bool closes = line[at] == (char)(state & 0xff) && n >= state >> 8 &&
                      is_blank(line + at + n, len - at - n);

        return closes ? 0 : state;
    }
    if (n < 3 || (line[at] == '`' && memchr(line + at + n, '`', len - at - n)))
        return 0;
    return fence(line[at], n);
}

/* ---- figures -------------------------------------------------------------------------------- */

/* Bytes of the figure at `text`, or 0. */
static size_t figure_length(const char *text, size_t len)
{
    bool quoted = false;

    if (len < 4 || text[0] != '{' || text[1] != '{')
        return 0;
    for (size_t i = 2; i + 1 < len && i < FIGURE_MAX; i++) {
        if (text[i] == '\n')
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

/* The end of the code span that begins at `at`, or of the backticks if they begin none. */
static size_t code_end(const char *line, size_t len, size_t at, bool *code)
{
    size_t n = run_length(line, len, at), i = at + n;

    while (i < len) {
        const char *tick = memchr(line + i, '`', len - i);
        size_t m;

        if (!tick)
            break;
        i = (size_t)(tick - line);
        m = run_length(line, len, i);
        i += m;
        if (m == n) {
            *code = true;
            return i;
        }
    }
    *code = false;
    return at + n;
}

static void add(struct md_marks *out, size_t start, size_t end, unsigned style)
{
    if (start == end)
        return;
    out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
    out->items[out->count++] = (struct md_mark){.start = start, .end = end, .style = style};
}

/* The next byte from `at` that is one of `signs`; a line is not NUL-terminated. */
static size_t next_of(const char *line, size_t len, size_t at, const char *signs)
{
    while (at < len && (line[at] == '\0' || !strchr(signs, line[at])))
        at++;
    return at;
}

void md_edit_figures(const char *line, size_t len, unsigned state, size_t base,
                     struct md_marks *out)
{
    if (state || !memmem(line, len, "{{", 2) || md_edit_state(line, len, 0))
        return;
    for (size_t at = next_of(line, len, 0, "\\`{"); at < len; at = next_of(line, len, at, "\\`{")) {
        bool code;
        size_t n;

        if (line[at] == '\\') {
            at += 2;
        } else if (line[at] == '`') {
            at = code_end(line, len, at, &code);
        } else if ((n = figure_length(line + at, len - at))) {
            add(out, base + at, base + at + n, MD_FIGURE);
            at += n;
        } else {
            at++;
        }
    }
}

/* ---- styles --------------------------------------------------------------------------------- */

/* Bytes of what makes the line a heading, an item or a quotation, blanks included; 0 for none. */
static size_t marker_length(const char *line, size_t len, unsigned *style)
{
    size_t at = 0, from;

    *style = MD_PLAIN;
    while (at < len && line[at] == ' ')
        at++;
    from = at;
    if (at < len && line[at] == '#') {
        at += run_length(line, len, at);
        if (at - from > 6 || (at < len && line[at] != ' '))
            return 0;
        *style = MD_HEADING;
        return at < len ? at + 1 : at;
    }
    if (at < len && line[at] == '>') {
        *style = MD_QUOTE;
        return at + 1;
    }
    while (at < len && isdigit((unsigned char)line[at]) && at - from < 9)
        at++;
    if (at < len && (at > from ? strchr(".)", line[at]) : strchr("-*+", line[at])) && line[at])
        at++;
    else
        return 0;
    if (at >= len || line[at] != ' ')
        return 0;
    if (len - at >= 4 && line[at + 1] == '[' && strchr(" xX", line[at + 2]) && line[at + 3] == ']')
        at += 4;
    return at < len ? at + 1 : at;
}

/* A rule, or the line under the head of a table. */
static bool is_ruler(const char *line, size_t len)
{
    size_t dashes = 0, from = 0;

    while (from < len && line[from] == ' ')
        from++;
    for (size_t i = from; i < len; i++) {
        if (!strchr("-:| *_\r", line[i]) || !line[i])
            return false;
        dashes += line[i] == '-' || line[i] == '*' || line[i] == '_';
    }
    return dashes >= 3;
}

struct styling {
    const char *line;
    size_t len, base;
    size_t from, at; /* from..at is of one style and not added yet */
    unsigned style;  /* of the line, and what is open */
    struct md_marks *out;
};

static void end_run(struct styling *s, size_t upto)
{
    add(s->out, s->base + s->from, s->base + upto, s->style);
    s->from = upto;
}

/* A stretch of another style from s->at to `end`. */
static void put_run(struct styling *s, size_t end, unsigned style)
{
    end_run(s, s->at);
    add(s->out, s->base + s->at, s->base + end, style);
    s->from = s->at = end;
}

/* Is there a closing run of `n` times `c` after `from`? */
static bool closes_later(const struct styling *s, size_t from, char c, size_t n)
{
    for (size_t i = from; i < s->len; i++) {
        if (s->line[i] == '\\') {
            i++;
        } else if (s->line[i] == c) {
            size_t m = run_length(s->line, s->len, i);

            if (m >= n && s->line[i - 1] != ' ')
                return true;
            i += m - 1;
        }
    }
    return false;
}

static void style_emphasis(struct styling *s)
{
    char c = s->line[s->at];
    size_t n = run_length(s->line, s->len, s->at), end = s->at + n;
    unsigned bit = c == '~' ? MD_STRIKE
                   : n == 1 ? MD_EMPH
                   : n == 2 ? MD_STRONG
                            : MD_EMPH | MD_STRONG;
    bool before = s->at > 0 && !isspace((unsigned char)s->line[s->at - 1]);
    bool after = end < s->len && !isspace((unsigned char)s->line[end]);
    bool inside = c == '_' && before && after && isalnum((unsigned char)s->line[s->at - 1]) &&
                  isalnum((unsigned char)s->line[end]);

    if (n > 3 || (c == '~' && n != 2) || inside) {
        s->at = end;
    } else if ((s->style & bit) == bit && before) {
        put_run(s, end, s->style | MD_FAINT);
        s->style &= ~bit;
    } else if (!(s->style & bit) && after && closes_later(s, end, c, n)) {
        put_run(s, end, s->style | MD_FAINT);
        s->style |= bit;
    } else {
        s->at = end;
    }
}

/* [text](address), [text][label], [^note]; false if it is none. */
static bool style_link(struct styling *s)
{
    size_t close = s->at + 1, end;

    while (close < s->len && !strchr("[]", s->line[close]))
        close += s->line[close] == '\\' ? 2 : 1;
    if (close >= s->len || s->line[close] != ']')
        return false;
    end = close + 1;
    if (end < s->len && (s->line[end] == '(' || s->line[end] == '[')) {
        const char *stop = memchr(s->line + end, s->line[end] == '(' ? ')' : ']', s->len - end);

        if (!stop)
            return false;
        end = (size_t)(stop - s->line) + 1;
    } else if (s->at + 1 < s->len && s->line[s->at + 1] != '^') {
        return false;
    } else {
        close = end;
    }
    put_run(s, close, s->style | MD_LINK);
    if (end > close)
        put_run(s, end, s->style | MD_FAINT);
    return true;
}

static void style_inline(struct styling *s)
{
    while ((s->at = next_of(s->line, s->len, s->at, "\\`{*_~[|")) < s->len) {
        bool code = false;
        size_t n;

        switch (s->line[s->at]) {
        case '\\':
            s->at += s->at + 1 < s->len ? 2 : 1;
            break;
        case '`':
            n = code_end(s->line, s->len, s->at, &code);
            if (code)
                put_run(s, n, s->style | MD_CODE);
            else
                s->at = n;
            break;
        case '{':
            n = figure_length(s->line + s->at, s->len - s->at);
            if (n)
                put_run(s, s->at + n, s->style | MD_FIGURE);
            else
                s->at++;
            break;
        case '[':
            if (!style_link(s))
                s->at++;
            break;
        case '|':
            put_run(s, s->at + 1, s->style | MD_FAINT);
            break;
        default:
            style_emphasis(s);
            break;
        }
    }
    end_run(s, s->len);
}

void md_edit_styles(const char *line, size_t len, unsigned state, size_t base, struct md_marks *out)
{
    struct styling s = {.line = line, .len = len, .base = base, .out = out};
    size_t marker;

    if (state || md_edit_state(line, len, 0)) {
        add(out, base, base + len, MD_CODE);
        return;
    }
    if (is_ruler(line, len)) {
        add(out, base, base + len, MD_FAINT);
        return;
    }
    marker = marker_length(line, len, &s.style);
    add(out, base, base + marker, MD_FAINT);
    s.from = s.at = marker;
    style_inline(&s);
}

/* ---- words ---------------------------------------------------------------------------------- */

static bool is_letter(unsigned char c)
{
    return c >= 0x80 || isalnum(c);
}

size_t md_edit_words(const char *text, size_t len)
{
    size_t words = 0;

    for (size_t at = 0; at < len;) {
        bool word = false;
        size_t n;

        while (at < len && (unsigned char)text[at] > ' ') {
            word = word || is_letter((unsigned char)text[at]);
            n = text[at] == '{' ? figure_length(text + at, len - at) : 0;
            at += n ? n : 1;
        }
        words += word;
        while (at < len && (unsigned char)text[at] <= ' ')
            at++;
    }
    return words;
}

/* The apostrophe that starts at `text`: ' or U+2019; its bytes. */
static size_t apostrophe(const char *text, size_t len)
{
    if (len && text[0] == '\'')
        return 1;
    return len >= 3 && memcmp(text, "\xe2\x80\x99", 3) == 0 ? 3 : 0;
}

static bool is_mark(const char *text, size_t len) /* U+2000-206F: dashes, quotes, ellipses */
{
    return len >= 3 && text[0] == '\xe2' && (text[1] == '\x80' || text[1] == '\x81');
}

bool md_edit_next_word(const char *text, size_t len, size_t from, size_t *start, size_t *end)
{
    size_t at = from;

    while (at < len && (!is_letter((unsigned char)text[at]) || is_mark(text + at, len - at)))
        at += is_mark(text + at, len - at) ? 3 : 1;
    if (at >= len)
        return false;
    *start = at;
    while (at < len) {
        size_t n = apostrophe(text + at, len - at);

        if (n && at + n < len && is_letter((unsigned char)text[at + n]) &&
            !is_mark(text + at + n, len - at - n))
            at += n;
        else if (is_letter((unsigned char)text[at]) && !is_mark(text + at, len - at))
            at++;
        else
            break;
    }
    *end = at;
    return true;
}
