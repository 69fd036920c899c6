/* pack_lint.c - every mistake of a pack file at once. Two passes: the reader's own, which tells what
 * does not read, and one over the same tree that looks at what reads and still means nothing: names,
 * formats, places, includes and cases. What the first pass told of a line the second leaves alone,
 * since a broken line says wrong things about itself. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/paths.h"

#include "compliance/compliance.h"
#include "compliance/pack.h"
#include "compliance/scope.h"
#include "expr/expr.h"

struct mistake {
    int line, column;
    bool by_reader;
    struct err err;
};

struct lint {
    const char *name; /* of the file */
    const struct intake *questions;
    struct expr_scope scope; /* of a plan without answers */
    struct asset *asset;
    bool reading; /* the first pass */
    struct mistake *items;
    size_t count, cap;
};

/* ---- mistakes ---- */

static bool reader_told(const struct lint *l, int line)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->items[i].by_reader && l->items[i].line == line)
            return true;
    return false;
}

/* The messages of readers and expressions begin with their place. */
static void add(void *context, const struct err *err)
{
    struct lint *l = context;
    size_t len = strlen(l->name);
    struct mistake m = {.by_reader = l->reading, .err = *err};

    if (strncmp(err->msg, l->name, len) != 0 ||
        sscanf(err->msg + len, ":%d:%d", &m.line, &m.column) != 2)
        return;
    if (reader_told(l, m.line))
        return;
    l->items = mem_grow(l->items, &l->cap, l->count + 1, sizeof(*l->items));
    l->items[l->count++] = m;
}

static void add_at(struct lint *l, int line, int column, const char *text)
{
    struct err err = {0};

    err_set(&err, ERR_INVALID, 0, "%s:%d:%d: %s", l->name, line, column, text);
    add(l, &err);
}

static void PRINTF_LIKE(3, 4)
    add_node(struct lint *l, const struct asset_node *n, const char *fmt, ...)
{
    char text[200];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    add_at(l, n->line, n->column, text);
}

static int by_place(const void *a, const void *b)
{
    const struct mistake *x = a, *y = b;

    return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
                              : (x->column > y->column) - (x->column < y->column);
}

/* ---- expressions ---- */

struct piece { /* of the file: a text and where it begins */
    const char *text;
    int line, column;
};

/* The place of `at` in `p`, whose columns are right after a line end as well. */
static void place_of(const struct piece *p, const char *at, int *line, int *column)
{
    *line = p->line;
    *column = p->column;
    for (const char *c = p->text; c < at; c++) {
        if (*c == '\n') {
            ++*line;
            *column = 1;
        } else {
            *column += ((unsigned char)*c & 0xC0) != 0x80;
        }
    }
}

static bool is_name_byte(char c)
{
    return c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* Where `name` stands in the text as a whole word; its beginning if it is spelled in another way. */
static const char *find_name(const char *text, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = strstr(text, name); at; at = strstr(at + 1, name))
        if (!is_name_byte(at[len]) && (at == text || !is_name_byte(at[-1])))
            return at;
    return text;
}

struct names {
    struct lint *lint;
    const struct piece *piece;
    bool unknown; /* was there one? */
};

static void look_at_name(void *context, const char *name, struct expr_index index)
{
    struct names *n = context;
    struct value v = {0};
    struct err err = {0};
    bool known = true;
    int line, column;

    if (scope_has_place(name, &known)) {
        if (!known)
            err_set(&err, ERR_NOT_FOUND, 0,
                    "nothing is called \"%s\"; the head of generic.pack lists the names", name);
    } else {
        known = n->lint->scope.lookup(&n->lint->scope, name, index, &v, &err);
    }
    value_finish(&v);
    if (known)
        return;
    n->unknown = true;
    place_of(n->piece, find_name(n->piece->text, name), &line, &column);
    add_at(n->lint, line, column, err.msg);
}

/* Reads, knows its names, and can be worked out for a plan without answers. */
static void look_at_expr(struct lint *l, const struct piece *piece)
{
    struct names names = {l, piece, false};
    struct err err = {0};
    struct value v = {0};
    struct expr *e = expr_parse(piece->text, l->name, piece->line, piece->column, &err);

    if (e) {
        expr_names(e, look_at_name, &names);
        if (!names.unknown && !expr_eval(e, &l->scope, &v, &err))
            add(l, &err);
    } else {
        add(l, &err);
    }
    value_finish(&v);
    expr_free(e);
}

/* ---- the lines of a rule ---- */

static void look_at_test(struct lint *l, const struct asset_node *n)
{
    struct piece piece = {n->rest, n->line, n->rest_column};

    look_at_expr(l, &piece);
}

/* EXPR:FORMAT between `open` and `close`, in a text of `whole`. */
static void look_at_value(struct lint *l, const struct piece *whole, const char *open,
                          const char *close)
{
    char *text = mem_strn(open, (size_t)(close - open)), *colon = strrchr(text, ':');
    struct piece piece = {.text = text};

    place_of(whole, open, &piece.line, &piece.column);
    if (colon) {
        *colon = '\0';
        if (!value_format_known(colon + 1)) {
            char said[120];

            snprintf(said, sizeof(said), "\"%.40s\" is no format; use money0, pct1, count, text...",
                     colon + 1);
            add_at(l, piece.line, piece.column + (int)(colon - text) + 1, said);
        }
    }
    look_at_expr(l, &piece);
    free(text);
}

static void look_at_text(struct lint *l, const struct asset_node *n)
{
    struct piece whole = {n->rest, n->is_text ? n->line + 1 : n->line,
                          n->is_text ? 1 : n->rest_column};
    const char *at = n->rest, *close;
    int line, column;

    while ((at = strstr(at, "{{"))) {
        close = strstr(at, "}}");
        if (!close) {
            place_of(&whole, at, &line, &column);
            add_at(l, line, column, "this {{ is not closed; end it with }}");
            return;
        }
        look_at_value(l, &whole, at + 2, close);
        at = close + 2;
    }
}

static void look_at_fix(struct lint *l, const struct asset_node *n)
{
    const char *words[1];
    struct err ignored = {0};

    if (asset_words(l->asset, n, words, 1, &ignored) != 1)
        return;
    if (!intake_question(l->questions, words[0]) &&
        section_type_by_name(words[0]) == SECTION_COUNT && strcmp(words[0], "plan_purpose") != 0)
        add_node(l, n, "\"%s\" is neither an answer nor a section", words[0]);
}

/* Fields of the documents in `doc`, or of their rows, that no question asks for and that are not the
 * plan's own (pack_cases.c). */
static void look_at_answers(struct lint *l, const struct asset_node *n, const bson_t *doc,
                            const char *under, int depth)
{
    static const char *const others[] = {"application_date", "start_date", "plan_purpose", "words",
                                         "findings",         "sources"};
    bson_iter_t it;

    for (bson_iter_init(&it, doc); bson_iter_next(&it);) {
        bool row = *under && strspn(bson_iter_key(&it), "0123456789") == bson_iter_key_len(&it);
        char *path = row      ? mem_str(under)
                     : *under ? mem_printf("%s.%s", under, bson_iter_key(&it))
                              : mem_str(bson_iter_key(&it));
        bool known =
            intake_question(l->questions, path) ||
            (strncmp(path, "words.", 6) == 0 && section_type_by_name(path + 6) != SECTION_COUNT);
        const uint8_t *data;
        uint32_t len;
        bson_t sub;

        for (size_t i = 0; i < ARRAY_LEN(others); i++)
            known = known || strcmp(path, others[i]) == 0;
        if (!known)
            add_node(l, n, "no question asks for \"%.60s\"", path);
        if (known && depth < 4 && (BSON_ITER_HOLDS_DOCUMENT(&it) || BSON_ITER_HOLDS_ARRAY(&it))) {
            if (BSON_ITER_HOLDS_DOCUMENT(&it))
                bson_iter_document(&it, &len, &data);
            else
                bson_iter_array(&it, &len, &data);
            if (bson_init_static(&sub, data, len))
                look_at_answers(l, n, &sub, path, depth + 1);
        }
        free(path);
    }
}

static void look_at_case(struct lint *l, const struct asset_node *n)
{
    const char *open = strchr(n->rest, '{'), *close = strrchr(n->rest, '}');
    struct err err = {0};
    bson_t answers;

    if (!open || !close || close < open)
        return;
    if (!json_read(open, (size_t)(close + 1 - open), &answers, &err)) {
        add_node(l, n, "the answers are no JSON: %s", err.msg);
        return;
    }
    look_at_answers(l, n, &answers, "", 0);
    bson_destroy(&answers);
}

static const struct {
    const char *word;
    void (*look)(struct lint *l, const struct asset_node *n);
} looks[] = {
    {"when", look_at_test}, {"test", look_at_test},    {"evidence", look_at_text},
    {"pass", look_at_text}, {"fail", look_at_text},    {"unknown", look_at_text},
    {"fix", look_at_fix},   {"suggest", look_at_text}, {"case", look_at_case},
};

/* ---- the file ---- */

/* Is there a pack called `id` among the assets? One that does not read is asked by its name alone. */
static bool pack_exists(const char *id)
{
    size_t files;
    char **names = paths_asset_names("compliance", ".pack", &files);
    bool found = false;

    for (size_t i = 0; !found && i < files; i++) {
        char *name = mem_printf("compliance/%s", names[i]);
        struct err ignored = {0};
        struct pack pack;

        if (pack_load(name, &pack, &ignored)) {
            found = strcmp(pack.id, id) == 0;
            pack_finish(&pack);
        }
        free(name);
    }
    paths_names_free(names, files);
    return found;
}

static void look_at_head(struct lint *l, const struct asset_node *head)
{
    for (const struct asset_node *n = head->child; n; n = n->next) {
        const char *words[2];
        struct err ignored = {0};

        if (strcmp(n->word, "include") == 0 && asset_words(l->asset, n, words, 2, &ignored) >= 1 &&
            !pack_exists(words[0]))
            add_node(l, n, "there is no pack called %.60s", words[0]);
    }
}

static void look_at_rule(struct lint *l, const struct asset_node *rule, const struct rule *read)
{
    for (const struct asset_node *n = rule->child; n; n = n->next)
        for (size_t i = 0; i < ARRAY_LEN(looks); i++)
            if (strcmp(looks[i].word, n->word) == 0)
                looks[i].look(l, n);
    if (read->from > read->until)
        add_node(l, rule, "rule %s ends before it begins", read->id ? read->id : "");
}

static void look_at_id(struct lint *l, const struct asset_node *n, const struct pack *pack,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (pack->rules[i].id && pack->rules[count].id &&
            strcmp(pack->rules[i].id, pack->rules[count].id) == 0) {
            add_node(l, n, "there is a rule %s already", pack->rules[i].id);
            return;
        }
}

static void look_at_pack(struct lint *l, const struct pack *pack)
{
    size_t rule = 0;

    l->asset = pack->asset;
    for (const struct asset_node *n = asset_root(pack->asset); n; n = n->next) {
        if (strcmp(n->word, "pack") == 0)
            look_at_head(l, n);
        else if (strcmp(n->word, "rule") == 0 && rule < pack->rule_count) {
            look_at_id(l, n, pack, rule);
            look_at_rule(l, n, &pack->rules[rule++]);
        }
    }
}

static void measure(const struct pack *pack, struct pack_size *size)
{
    size->rules = pack->rule_count;
    size->cases = 0;
    for (size_t i = 0; i < pack->rule_count; i++)
        size->cases += pack->rules[i].case_count;
}

bool pack_lint(const char *name, const char *text, size_t len, const struct intake *questions,
               const struct model_def *def, asset_tell *tell, void *context, struct pack_size *size,
               struct err *err)
{
    struct lint l = {.name = name, .questions = questions, .reading = true};
    bson_t nothing = BSON_INITIALIZER;
    struct compliance_input in = {.questions = questions,
                                  .intake = &nothing,
                                  .start_date = "2027-01-01",
                                  .as_of = "2026-11-23"};
    struct model *model = model_build(def, &nothing, in.start_date, err);
    struct pack pack;
    bool ok = false;

    in.model = model;
    l.scope = scope_of(&in);
    if (model && pack_read(name, text, len, add, &l, &pack, err)) {
        l.reading = false;
        measure(&pack, size);
        look_at_pack(&l, &pack);
        pack_finish(&pack);
        ok = true;
    }
    if (l.count)
        qsort(l.items, l.count, sizeof(*l.items), by_place);
    for (size_t i = 0; ok && i < l.count; i++)
        tell(context, &l.items[i].err);
    free(l.items);
    model_free(model);
    bson_destroy(&nothing);
    return ok;
}
