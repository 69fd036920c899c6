/* template_parse.c - a section template as a tree. The text is cut at its tags; a stack of the
 * blocks that are open says where the next node goes:
 *
 *     if A  x  elif B  y  else  z  end      IF(A) body: x, otherwise: IF(B) body: y, otherwise: z
 *
 * so that an elif needs no kind of its own and one `end` closes the whole chain. Texts and
 * names are pieces of one copy of the file, which the tree keeps. */
#include "writer/template.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "expr/expr.h"
#include "writer/filter.h"
#include "writer/span.h"

struct template_file {
    char *name;
    char *text;   /* the file */
    char **words; /* names cut from it */
    size_t word_count, word_cap;
    struct node *root;
};

/* One open block: where its next node is linked, and what `end` closes. */
struct open {
    struct node **tail;
    struct node *node; /* the if or loop; NULL for the file itself */
    bool is_else;
    bool is_elif; /* closed together with the block below */
    const char *at;
};

struct parse {
    struct template_file *t;
    const char *at, *end;
    struct open stack[TEMPLATE_DEPTH * 4];
    int depth, levels;
    const char *counted; /* up to here, `line` and `column` are known; NULL before */
    int line, column;
    struct err *err;
};

/* Line and column, from 1, of a place in the file. Places are asked for from front to back mostly,
 * so counting goes on where it stopped. */
static void place_of(struct parse *p, const char *at, int *line, int *column)
{
    if (!p->counted || at < p->counted) {
        p->counted = p->t->text;
        p->line = p->column = 1;
    }
    for (; p->counted < at; p->counted++) {
        if (*p->counted == '\n' || *p->counted == TEMPLATE_NO_BREAK) {
            p->line++;
            p->column = 1;
        } else if (((unsigned char)*p->counted & 0xc0) != 0x80) {
            p->column++;
        }
    }
    *line = p->line;
    *column = p->column;
}

static bool fail(struct parse *p, const char *at, const char *fmt, ...) PRINTF_LIKE(3, 4);

static bool fail(struct parse *p, const char *at, const char *fmt, ...)
{
    char msg[160];
    int line, column;
    va_list args;

    va_start(args, fmt);
    vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    place_of(p, at, &line, &column);
    return err_set(p->err, ERR_INVALID, 0, "%s:%d:%d: %s", p->t->name, line, column, msg);
}

static const char *keep_word(struct parse *p, const char *text, size_t len)
{
    struct template_file *t = p->t;

    t->words = mem_grow(t->words, &t->word_cap, t->word_count + 1, sizeof *t->words);
    t->words[t->word_count] = mem_strn(text, len);
    return t->words[t->word_count++];
}

static struct node *add_node(struct parse *p, enum node_kind kind)
{
    struct node *n = mem_zero(1, sizeof *n);
    struct open *top = &p->stack[p->depth - 1];

    n->kind = kind;
    *top->tail = n;
    top->tail = &n->next;
    return n;
}

static void add_text(struct parse *p, const char *from, const char *to)
{
    struct node *n;

    if (from == to)
        return;
    n = add_node(p, NODE_TEXT);
    n->text = from;
    n->len = (size_t)(to - from);
}

static bool push(struct parse *p, struct node **tail, struct node *node, bool is_elif,
                 const char *at)
{
    if (p->depth == (int)ARRAY_LEN(p->stack) || (!is_elif && ++p->levels > TEMPLATE_DEPTH)) {
        fail(p, at, "blocks are nested deeper than %d levels", TEMPLATE_DEPTH);
        p->err->code = ERR_LIMIT;
        return false;
    }
    p->stack[p->depth++] = (struct open){tail, node, false, is_elif, at};
    return true;
}

/* ---- tags ---- */

struct piece { /* a part of the file, without blanks around it */
    const char *text;
    size_t len;
};

static struct piece trimmed(const char *from, const char *to)
{
    while (from < to && isspace((unsigned char)*from))
        from++;
    while (to > from && isspace((unsigned char)to[-1]))
        to--;
    return (struct piece){from, (size_t)(to - from)};
}

/* Takes the first word off `rest`. */
static struct piece take_word(struct piece *rest)
{
    size_t n = 0;
    struct piece word;

    while (n < rest->len && !isspace((unsigned char)rest->text[n]))
        n++;
    word = (struct piece){rest->text, n};
    *rest = trimmed(rest->text + n, rest->text + rest->len);
    return word;
}

static bool is_word(struct piece p, const char *word)
{
    return p.len == strlen(word) && memcmp(p.text, word, p.len) == 0;
}

/* A dotted name such as "loan.amount". */
static bool is_name(struct piece p)
{
    if (!p.len || isdigit((unsigned char)p.text[0]))
        return false;
    for (size_t i = 0; i < p.len; i++)
        if (!isalnum((unsigned char)p.text[i]) && p.text[i] != '_' && p.text[i] != '.')
            return false;
    return p.text[0] != '.' && p.text[p.len - 1] != '.';
}

static bool parse_test(struct parse *p, struct node *n, struct piece rest)
{
    int line, column;
    char *text;

    if (!rest.len)
        return fail(p, rest.text, "a condition is missing");
    place_of(p, rest.text, &line, &column);
    text = mem_strn(rest.text, rest.len);
    n->test = expr_parse(text, p->t->name, line, column, p->err);
    free(text);
    return n->test != NULL;
}

static bool parse_if(struct parse *p, struct piece rest, const char *at, bool is_elif)
{
    struct node *n = add_node(p, NODE_IF);

    return parse_test(p, n, rest) && push(p, &n->body, n, is_elif, at);
}

/* The branch of the innermost if that begins now. */
static bool begin_otherwise(struct parse *p, const char *at, const char *word)
{
    struct open *top = &p->stack[p->depth - 1];

    if (!top->node || top->node->kind != NODE_IF || top->is_else)
        return fail(p, at, "\"%s\" has no \"if\" before it", word);
    top->is_else = true;
    top->tail = &top->node->otherwise;
    return true;
}

static bool parse_end(struct parse *p, const char *at)
{
    bool chain = true;

    if (p->depth == 1)
        return fail(p, at, "\"end\" closes nothing");
    while (chain)
        chain = p->stack[--p->depth].is_elif;
    p->levels--;
    return true;
}

/* "months(12)" or "years(5)"; false if it is a table's name. */
static bool parse_periods(struct node *n, struct piece what, int *times)
{
    static const struct {
        const char *word;
        enum loop_kind kind;
    } kinds[] = {{"months(", LOOP_MONTHS}, {"years(", LOOP_YEARS}};

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        size_t len = strlen(kinds[i].word);

        if (what.len > len && strncmp(what.text, kinds[i].word, len) == 0) {
            n->loop = kinds[i].kind;
            *times = atoi(what.text + len);
            return true;
        }
    }
    return false;
}

static bool parse_for(struct parse *p, struct piece rest, const char *at)
{
    struct piece var = take_word(&rest), in = take_word(&rest), what = take_word(&rest);
    struct node *n;
    int times = 0;

    if (!is_name(var) || memchr(var.text, '.', var.len) || !is_word(in, "in") || rest.len)
        return fail(p, at, "a loop reads: for NAME in TABLE, months(N) or years(N)");
    n = add_node(p, NODE_FOR);
    n->name = keep_word(p, var.text, var.len);
    if (parse_periods(n, what, &times)) {
        if (times < 1 || times > (n->loop == LOOP_MONTHS ? 60 : 5))
            return fail(p, what.text, "a loop has 1 to 60 months or 1 to 5 years");
        n->times = times;
    } else if (!is_name(what)) {
        return fail(p, what.text, "a table's name is missing");
    }
    n->text = keep_word(p, what.text, what.len);
    return push(p, &n->body, n, false, at);
}

static bool parse_cite(struct parse *p, struct piece rest)
{
    struct piece id = take_word(&rest), var = take_word(&rest);
    struct node *n;

    if (!is_name(id) || (var.len && !is_name(var)) || rest.len)
        return fail(p, id.text,
                    "\"cite\" is followed by the id of evidence, maybe a loop's variable");
    n = add_node(p, NODE_CITE);
    n->text = keep_word(p, id.text, id.len);
    if (var.len)
        n->name = keep_word(p, var.text, var.len);
    return true;
}

/* {% ... %} */
static bool parse_statement(struct parse *p, const char *from, const char *to)
{
    struct piece rest = trimmed(from, to);
    const char *at = rest.text;
    struct piece word = take_word(&rest);

    if (is_word(word, "if"))
        return parse_if(p, rest, at, false);
    if (is_word(word, "elif"))
        return begin_otherwise(p, at, "elif") && parse_if(p, rest, at, true);
    if (is_word(word, "else"))
        return begin_otherwise(p, at, "else");
    if (is_word(word, "end"))
        return parse_end(p, at);
    if (is_word(word, "for"))
        return parse_for(p, rest, at);
    if (is_word(word, "cite"))
        return parse_cite(p, rest);
    return fail(p, at, "\"%.*s\" is no statement; there are if, elif, else, for, cite and end",
                (int)(word.len < 40 ? word.len : 40), word.text);
}

/* {= path | filter | filter =} */
static bool parse_answer(struct parse *p, const char *from, const char *to)
{
    const char *bar = memchr(from, '|', (size_t)(to - from));
    struct piece path = trimmed(from, bar ? bar : to);
    struct node *n;
    int count = 0;

    if (!is_name(path))
        return fail(p, path.text, "the name of an answer is missing");
    n = add_node(p, NODE_ANSWER);
    n->text = keep_word(p, path.text, path.len);
    while (bar) {
        const char *next = memchr(bar + 1, '|', (size_t)(to - bar - 1));
        struct piece filter = trimmed(bar + 1, next ? next : to);

        if (count == TEMPLATE_FILTERS)
            return fail(p, filter.text, "there are more than %d filters", TEMPLATE_FILTERS);
        n->filters[count] = keep_word(p, filter.text, filter.len);
        if (!filter_known(n->filters[count++]))
            return fail(p, filter.text, "there is no filter \"%.*s\"",
                        (int)(filter.len < 40 ? filter.len : 40), filter.text);
        bar = next;
    }
    return true;
}

/* {{...}}: parsed once here, so that a mistake is found when the file is loaded. */
static bool parse_figure(struct parse *p, const char *from, size_t len)
{
    struct span span;
    struct node *n;

    if (!span_parse(from, len, &span))
        return fail(p, from, "a figure reads {{expression:format ?? \"text\"}}");
    span_finish(&span);
    n = add_node(p, NODE_FIGURE);
    n->text = from;
    n->len = len;
    return true;
}

/* The tag that starts at `p->at`; leaves `p->at` behind it. */
static bool parse_tag(struct parse *p)
{
    static const char *const closing[] = {['%'] = "%}", ['='] = "=}", ['#'] = "#}"};
    const char *from = p->at;
    unsigned char kind = (unsigned char)from[1];
    const char *close;

    if (kind == '{') {
        size_t len = span_length(from, (size_t)(p->end - from));

        if (!len)
            return fail(p, from, "a figure that starts here is not closed by \"}}\"");
        p->at = from + len;
        return parse_figure(p, from, len);
    }
    close = strstr(from + 2, closing[kind]);
    if (!close)
        return fail(p, from, "a tag that starts here is not closed by \"%s\"", closing[kind]);
    p->at = close + 2;
    if (kind == '#')
        return true;
    return kind == '%' ? parse_statement(p, from + 2, close) : parse_answer(p, from + 2, close);
}

/* From the start of a line: the newline after nothing but conditions, loops and comments, or
 * NULL. */
static char *bare_line_end(char *s)
{
    bool any = false;

    for (;;) {
        char *close;

        s += strspn(s, " \t");
        if (any && *s == '\n')
            return s;
        if (s[0] != '{' || (s[1] != '%' && s[1] != '#') ||
            strncmp(s + 2 + strspn(s + 2, " "), "cite", 4) == 0)
            return NULL;
        close = strstr(s + 2, s[1] == '%' ? "%}" : "#}");
        if (!close)
            return NULL;
        s = close + 2;
        any = true;
    }
}

/* A line of tags alone is no line of the text, so it neither ends a paragraph nor a table. */
static void mark_bare_lines(char *text)
{
    for (char *s = text; s && *s;) {
        char *end = bare_line_end(s);

        if (end)
            *end = TEMPLATE_NO_BREAK;
        s = end ? end : strchr(s, '\n');
        s = s ? s + 1 : NULL;
    }
}

static bool parse_file(struct parse *p)
{
    const char *from = p->at;

    while (p->at < p->end) {
        if (*p->at == '\\' && p->at + 1 < p->end) {
            p->at += 2;
        } else if (*p->at == '{' && p->at[1] && strchr("{%=#", p->at[1])) {
            add_text(p, from, p->at);
            if (!parse_tag(p))
                return false;
            from = p->at;
        } else {
            p->at++;
        }
    }
    add_text(p, from, p->end);
    if (p->depth > 1)
        return fail(p, p->stack[p->depth - 1].at, "this block is not closed by \"end\"");
    return true;
}

struct template_file *template_parse(const char *name, const char *text, size_t len,
                                     struct err *err)
{
    struct parse p = {.err = err, .depth = 1};

    if (len > TEMPLATE_LIMIT) {
        err_set(err, ERR_LIMIT, 0, "%s is longer than %d bytes", name, TEMPLATE_LIMIT);
        return NULL;
    }
    if (memchr(text, '\0', len) || !bson_utf8_validate(text, len, false)) {
        err_set(err, ERR_INVALID, 0, "%s is not UTF-8 text", name);
        return NULL;
    }
    p.t = mem_zero(1, sizeof *p.t);
    p.t->name = mem_str(name);
    p.t->text = mem_strn(text, len);
    mark_bare_lines(p.t->text);
    p.at = p.t->text;
    p.end = p.at + len;
    p.stack[0].tail = &p.t->root;
    if (parse_file(&p))
        return p.t;
    template_free(p.t);
    return NULL;
}

const struct node *template_root(const struct template_file *t)
{
    return t->root;
}

/* Nesting is bounded by TEMPLATE_DEPTH, and an elif counts as none but sits in the stack, so
 * recursion is too. */
static void free_nodes(struct node *n)
{
    while (n) {
        struct node *next = n->next;

        free_nodes(n->body);
        free_nodes(n->otherwise);
        expr_free(n->test);
        free(n);
        n = next;
    }
}

void template_free(struct template_file *t)
{
    if (!t)
        return;
    free_nodes(t->root);
    for (size_t i = 0; i < t->word_count; i++)
        free(t->words[i]);
    free(t->words);
    free(t->text);
    free(t->name);
    free(t);
}
