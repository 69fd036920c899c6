/* asset.c - the block grammar. The text is copied once and cut in place: words and rests are
 * pointers into that copy, strings that lose their quotes or escapes are made when asked for and
 * kept in a list. The tree is built line by line with a stack of the open blocks, one entry an
 * indentation, so that depth is bounded and nothing recurses. */
#include "asset/asset.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

enum { MOST_BYTES = 4 * 1024 * 1024, MOST_LEVELS = 32 };

struct piece { /* an allocation that lives as long as the asset */
    struct piece *next;
    char text[];
};

struct block { /* nodes come in blocks, so that a large file costs few allocations */
    struct block *next;
    size_t used;
    struct asset_node node[64];
};

struct asset {
    char *name;
    char *text;
    struct piece *pieces;
    struct block *blocks;
    const struct asset_node *root;
};

struct open_block {
    size_t indent;
    struct asset_node *last; /* of its nodes so far */
};

struct parser {
    struct asset *asset;
    char *at;         /* beginning of the next line */
    int line;         /* number of the line read last */
    char indent_char; /* what this file indents with, 0 until known */
    struct open_block open[MOST_LEVELS];
    int depth;        /* open blocks; 0 before the first line */
    asset_tell *tell; /* NULL: the first mistake is the last */
    void *context;
    struct err *err;
};

static bool fail_at(const struct asset *a, int line, int column, struct err *err, const char *text)
{
    return err_set(err, ERR_INVALID, 0, "%s:%d:%d: %s", a->name, line, column, text);
}

static char *keep(struct asset *a, size_t len)
{
    struct piece *p = mem_zero(1, sizeof *p + len + 1);

    p->next = a->pieces;
    a->pieces = p;
    return p->text;
}

static struct asset_node *new_node(struct asset *a)
{
    if (!a->blocks || a->blocks->used == ARRAY_LEN(a->blocks->node)) {
        struct block *b = mem_zero(1, sizeof *b);

        b->next = a->blocks;
        a->blocks = b;
    }
    return &a->blocks->node[a->blocks->used++];
}

/* The column, from 1 and in characters, of `at` in the line that begins at `line`. */
static int column_of(const char *line, const char *at)
{
    int n = 1;

    for (; line < at; line++)
        n += ((unsigned char)*line & 0xC0) != 0x80;
    return n;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static char *skip_blanks(char *s)
{
    while (is_blank(*s))
        s++;
    return s;
}

/* The next text line, ended by a NUL where its newline was; NULL at the end. */
static char *next_line(struct parser *p)
{
    char *line = p->at, *end = strchr(line, '\n');

    if (!*line)
        return NULL;
    p->line++;
    p->at = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    return line;
}

/* Where what is written from `s` on ends: before a comment, without trailing blanks. NULL for a
 * string that its line does not close; *open is then where it begins. */
static char *find_end(char *s, char **open)
{
    char *last = s;
    bool in_string = false;

    for (char *c = s; *c; c++) {
        if (in_string && *c == '\\' && c[1]) {
            c++;
        } else if (*c == '"') {
            in_string = !in_string;
            *open = c;
        } else if (*c == '#' && !in_string && (c == s || is_blank(c[-1]))) {
            break;
        }
        if (!is_blank(*c))
            last = c + 1;
    }
    return in_string ? NULL : last;
}

static bool is_text_mark(char *line)
{
    char *s = skip_blanks(line);

    return strncmp(s, "\"\"\"", 3) == 0 && *skip_blanks(s + 3) == '\0';
}

/* Reads the lines up to the closing mark and keeps them without their common indentation. The lines
 * lie one after the other in the text, each ended by a NUL. */
static bool read_text(struct parser *p, struct asset_node *n)
{
    char *first = p->at, *line, *out;
    size_t common = SIZE_MAX, len = 0;
    int lines = 0;

    for (;; lines++) {
        line = next_line(p);
        if (!line)
            return fail_at(p->asset, n->line, n->rest_column, p->err,
                           "this text is not closed; end it with \"\"\" on a line of its own");
        if (is_text_mark(line))
            break;
        if (*skip_blanks(line) && (size_t)(skip_blanks(line) - line) < common)
            common = (size_t)(skip_blanks(line) - line);
        len += strlen(line) + 1;
    }
    out = keep(p->asset, len);
    n->rest = out;
    n->is_text = true;
    for (line = first; lines > 0; lines--, line += strlen(line) + 1) {
        size_t skip = (size_t)(skip_blanks(line) - line);

        skip = skip < common ? skip : common;
        out = stpcpy(out, line + skip);
        if (lines > 1)
            *out++ = '\n';
    }
    return true;
}

/* Cuts the rest that begins at `s` in the text line `line`, following `\` over line ends: the
 * newline stays in the rest, so that an expression's errors name the right line. */
static bool read_rest(struct parser *p, struct asset_node *n, char *line, char *s)
{
    char *start = s, *open = s, *end;

    n->rest = s;
    n->rest_column = column_of(line, s);
    if (is_text_mark(s))
        return read_text(p, n);
    for (;;) {
        end = find_end(s, &open);
        if (!end)
            return fail_at(p->asset, p->line, column_of(line, open), p->err,
                           "this string is not closed; add a \"");
        if (end == start || end[-1] != '\\' || !*p->at)
            break;
        memset(end - 1, ' ', (size_t)(p->at - end));
        p->at[-1] = '\n';
        line = s = next_line(p);
    }
    while (end > start && (is_blank(end[-1]) || end[-1] == '\n'))
        end--;
    *end = '\0';
    return true;
}

static bool check_indent(struct parser *p, const char *line, const char *word)
{
    for (const char *c = line; c < word; c++) {
        if (!p->indent_char)
            p->indent_char = *c;
        if (*c != p->indent_char)
            return fail_at(p->asset, p->line, column_of(line, c), p->err,
                           "tabs and spaces are mixed in the indentation; use one of them");
    }
    return true;
}

/* Was the mistake told, so that the next line can be read? */
static bool go_on(struct parser *p)
{
    if (!p->tell || p->err->code != ERR_INVALID)
        return false;
    p->tell(p->context, p->err);
    *p->err = (struct err){0};
    return true;
}

/* Puts `n` where its indentation says: deeper than the line before is its child, else it ends the
 * deeper blocks and must stand under a line of the same indentation. */
static bool place(struct parser *p, struct asset_node *n, size_t indent)
{
    struct open_block *top;
    int before = p->depth;

    while (p->depth && p->open[p->depth - 1].indent > indent)
        p->depth--;
    top = p->depth ? &p->open[p->depth - 1] : NULL;
    if (!top ? p->asset->root != NULL : top->indent < indent && p->depth < before) {
        fail_at(p->asset, n->line, n->column, p->err, "this line is indented like none above it");
        if (!go_on(p))
            return false;
        p->depth = before; /* as if it stood under the line before */
        top = &p->open[before - 1];
        indent = top->indent;
    }
    if (top && top->indent == indent) {
        top->last->next = n;
        top->last = n;
        return true;
    }
    if (p->depth == MOST_LEVELS)
        return err_set(p->err, ERR_LIMIT, 0, "%s:%d:%d: blocks are nested deeper than %d levels",
                       p->asset->name, n->line, n->column, MOST_LEVELS);
    if (top)
        top->last->child = n;
    else
        p->asset->root = n;
    p->open[p->depth++] = (struct open_block){indent, n};
    return true;
}

static bool read_line(struct parser *p, char *line)
{
    char *word = skip_blanks(line), *after = word;
    struct asset_node *n;
    bool ok;

    if (!*word || *word == '#')
        return true;
    if (!check_indent(p, line, word))
        return false;
    n = new_node(p->asset);
    while (*after && !is_blank(*after))
        after++;
    n->word = word;
    n->line = p->line;
    n->column = column_of(line, word);
    if (*after)
        *after++ = '\0';
    ok = read_rest(p, n, line, skip_blanks(after));
    return (ok || go_on(p)) && place(p, n, (size_t)(word - line));
}

/* Copies `text` with one kind of line end; false for a byte that is not text. */
static bool take_text(struct asset *a, const char *text, size_t len, struct err *err)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
    size_t out = 0;
    int line = 1, column = 1;

    a->text = mem_zero(len + 1, 1);
    for (size_t i = 0; i < len;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t size = utf8proc_iterate(bytes + i, (utf8proc_ssize_t)(len - i), &point);

        if (size <= 0 || !point)
            return fail_at(a, line, column, err,
                           size <= 0 ? "this byte is not UTF-8" : "a NUL byte is not text");
        if (!(point == '\r' && i + 1 < len && text[i + 1] == '\n')) {
            memcpy(a->text + out, text + i, (size_t)size);
            out += (size_t)size;
        }
        line += point == '\n';
        column = point == '\n' ? 1 : column + 1;
        i += (size_t)size;
    }
    return true;
}

struct asset *asset_parse(const char *name, const char *text, size_t len, struct err *err)
{
    return asset_parse_on(name, text, len, NULL, NULL, err);
}

struct asset *asset_parse_on(const char *name, const char *text, size_t len, asset_tell *tell,
                             void *context, struct err *err)
{
    struct asset *a = mem_zero(1, sizeof *a);
    struct parser p = {.asset = a, .tell = tell, .context = context, .err = err};
    char *line;

    a->name = mem_str(name);
    if (len > MOST_BYTES) {
        err_set(err, ERR_LIMIT, 0, "%s: larger than %d MiB", name, MOST_BYTES / 1024 / 1024);
        goto fail;
    }
    if (!take_text(a, text, len, err))
        goto fail;
    p.at = a->text;
    while ((line = next_line(&p)))
        if (!read_line(&p, line) && !go_on(&p))
            goto fail;
    return a;
fail:
    asset_free(a);
    return NULL;
}

struct asset *asset_load(const char *name, struct err *err)
{
    char *path = paths_asset(name, err), *text = NULL;
    struct asset *a = NULL;
    size_t len;

    if (path)
        text = paths_read_file(path, MOST_BYTES, &len, err);
    if (text)
        a = asset_parse(name, text, len, err);
    free(text);
    free(path);
    return a;
}

void asset_free(struct asset *a)
{
    if (!a)
        return;
    for (struct piece *p = a->pieces, *next; p; p = next) {
        next = p->next;
        free(p);
    }
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a->text);
    free(a->name);
    free(a);
}

const char *asset_name(const struct asset *a)
{
    return a->name;
}

const struct asset_node *asset_root(const struct asset *a)
{
    return a->root;
}

/* Reads the quoted string whose opening quote `*at` stands on, and moves past it. NULL if it
 * does not end or is followed by more than a blank. */
static const char *read_string(struct asset *a, const char **at)
{
    const char *s = *at + 1;
    char *out = keep(a, strlen(s)), *start = out;

    for (; *s && *s != '"'; s++) {
        if (*s == '\\' && s[1]) {
            s++;
            *out++ = *s == 'n' ? '\n' : *s;
        } else {
            *out++ = *s;
        }
    }
    if (*s != '"' || (s[1] && s[1] != ' ' && s[1] != '\t' && s[1] != '\n'))
        return NULL;
    *at = s + 1;
    return start;
}

static const char *read_word(struct asset *a, const char **at)
{
    size_t len = strcspn(*at, " \t\n");
    char *word = keep(a, len);

    memcpy(word, *at, len);
    *at += len;
    return word;
}

int asset_words(struct asset *a, const struct asset_node *n, const char **words, int max,
                struct err *err)
{
    const char *at = n->rest;
    int count = 0;

    for (;;) {
        at += strspn(at, " \t\n");
        if (!*at)
            return count;
        if (count == max) {
            asset_fail(a, n, err, "\"%s\" takes at most %d words", n->word, max);
            return -1;
        }
        words[count] = *at == '"' ? read_string(a, &at) : read_word(a, &at);
        if (!words[count]) {
            asset_fail(a, n, err, "a string must end in \" and be followed by a blank");
            return -1;
        }
        count++;
    }
}

const struct asset_node *asset_child(const struct asset_node *n, const char *word)
{
    for (const struct asset_node *c = n->child; c; c = c->next)
        if (strcmp(c->word, word) == 0)
            return c;
    return NULL;
}

/* What stands there, with the line ends of a continued line made blanks. */
static const char *joined(struct asset *a, const char *rest)
{
    char *out = keep(a, strlen(rest)), *start = out;

    for (const char *s = rest; *s; s++) {
        if (*s != '\n') {
            *out++ = *s;
            continue;
        }
        while (out > start && is_blank(out[-1]))
            out--;
        *out++ = ' ';
        while (is_blank(s[1]))
            s++;
    }
    return start;
}

const char *asset_text(struct asset *a, const struct asset_node *n, const char *word,
                       const char *fallback)
{
    const struct asset_node *c = asset_child(n, word);
    const char *at;

    if (!c)
        return fallback;
    at = c->rest;
    if (*at == '"') {
        const char *string = read_string(a, &at);

        if (string && !*at)
            return string;
    }
    return c->is_text || !strchr(c->rest, '\n') ? c->rest : joined(a, c->rest);
}

bool asset_fail(const struct asset *a, const struct asset_node *n, struct err *err, const char *fmt,
                ...)
{
    char text[200];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return fail_at(a, n->line, n->column, err, text);
}
