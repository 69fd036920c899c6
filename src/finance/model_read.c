/* model_read.c - from blocks to declarations. What a block may contain is a switch on its first
 * word; formulas are only parsed here, since they may name what is declared further down. */
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "finance/model_def.h"

struct reader {
    struct model_def *def;
    struct err *err;
};

static bool is(const struct asset_node *n, const char *word)
{
    return strcmp(n->word, word) == 0;
}

static bool no_meaning(struct reader *r, const struct asset_node *n, const char *allowed)
{
    return asset_fail(r->def->asset, n, r->err, "\"%s\" has no meaning here; allowed: %s", n->word,
                      allowed);
}

/* The rest of `n` as an expression. */
static struct expr *parse_rest(struct reader *r, const struct asset_node *n)
{
    return expr_parse(n->rest, asset_name(r->def->asset), n->line, n->rest_column, r->err);
}

static bool read_type(const char *word, struct line *l)
{
    static const struct {
        const char *word;
        enum value_type type;
    } types[] = {{"text", VALUE_TEXT}, {"bool", VALUE_BOOL}, {"date", VALUE_DATE}};

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strcmp(types[i].word, word) == 0) {
            l->type = types[i].type;
            return true;
        }
    return unit_parse(word, &l->unit);
}

/* Declares a line from "NAME UNIT "Label"". */
static struct line *declare(struct reader *r, const struct asset_node *n, int table)
{
    struct model_def *def = r->def;
    const char *words[3];
    char *name;
    int count = asset_words(def->asset, n, words, 3, r->err), line;

    if (count < 0)
        return NULL;
    if (count < 3) {
        asset_fail(def->asset, n, r->err, "this should read: %s NAME UNIT \"Label\"", n->word);
        return NULL;
    }
    name = table < 0 ? mem_str(words[0]) : mem_printf("%s.%s", def->tables[table].name, words[0]);
    line = def_add(def, name, n, r->err);
    free(name);
    if (line < 0)
        return NULL;
    def->lines[line].label = words[2];
    def->lines[line].table = table;
    if (!read_type(words[1], &def->lines[line])) {
        asset_fail(def->asset, n, r->err,
                   "\"%s\" is no unit; allowed: money, rate, percent, count, months, number, text, "
                   "bool, date",
                   words[1]);
        return NULL;
    }
    return &def->lines[line];
}

/* A hidden line for an expression that stands in another block. -1 on failure. */
static int declare_hidden(struct reader *r, const struct asset_node *n, int table)
{
    struct model_def *def = r->def;
    char *name = mem_printf("#%zu", def->line_count);
    int line = def_add(def, name, n, r->err);
    struct expr *e = line < 0 ? NULL : parse_rest(r, n);

    free(name);
    if (!e)
        return -1;
    def->lines[line].hidden = true;
    def->lines[line].table = table;
    def->lines[line].expr = e;
    def->lines[line].root = expr_root(e);
    def->lines[line].kind = LINE_FIGURE;
    return line;
}

static bool read_formula(struct reader *r, struct line *l, const struct asset_node *n)
{
    if (l->expr)
        return asset_fail(r->def->asset, n, r->err, "there are two formulas");
    l->expr = parse_rest(r, n);
    if (!l->expr)
        return false;
    l->root = expr_root(l->expr);
    return true;
}

static bool read_reason(struct reader *r, const struct asset_node *n, int *reason)
{
    const char *code;

    if (asset_words(r->def->asset, n, &code, 1, r->err) != 1)
        return asset_fail(r->def->asset, n, r->err, "a reason is one word");
    *reason = def_reason(r->def, code);
    return *reason >= 0 ||
           asset_fail(r->def->asset, n, r->err, "there are too many reasons; at most 256");
}

/* flow, stock, ratio, figure */
static bool read_line(struct reader *r, const struct asset_node *n, int table)
{
    struct line *l = declare(r, n, table);
    int index;

    if (!l)
        return false;
    index = (int)(l - r->def->lines);
    l->kind = is(n, "flow")    ? LINE_FLOW
              : is(n, "stock") ? LINE_STOCK
              : is(n, "ratio") ? LINE_RATIO
                               : LINE_FIGURE;
    l->wide = l->kind != LINE_FIGURE;
    for (const struct asset_node *c = n->child; c; c = c->next) {
        bool ok;

        l = &r->def->lines[index]; /* declaring a hidden line may have moved it */
        if (is(c, "=")) {
            ok = read_formula(r, l, c);
        } else if (is(c, "null")) {
            ok = read_reason(r, c, &l->null_reason);
        } else if (is(c, "shown")) {
            ok = strcmp(c->rest, "month") == 0 || no_meaning(r, c, "shown month");
            l->a_month = true;
        } else if (is(c, "opening")) {
            int opening = declare_hidden(r, c, table);

            ok = opening >= 0;
            r->def->lines[index].opening = opening;
        } else {
            ok = no_meaning(r, c, "=, null, shown, opening");
        }
        if (!ok)
            return false;
    }
    l = &r->def->lines[index];
    if (!l->expr)
        return asset_fail(r->def->asset, n, r->err, "\"%s\" has no formula", l->name);
    if (l->kind == LINE_FLOW && l->type != VALUE_NUM)
        return asset_fail(r->def->asset, n, r->err,
                          "a flow is summed over the year, so it is a number");
    return true;
}

static bool read_limit(struct reader *r, const struct asset_node *n, struct num *limit, bool *has)
{
    *has = num_parse(n->rest, limit);
    return *has || asset_fail(r->def->asset, n, r->err, "\"%s\" is no number", n->rest);
}

/* `source NAME` is a line with a source of its own, `source "Text" DATE` a source. */
static bool read_source(struct reader *r, const struct asset_node *n, struct basis *b)
{
    const char *words[2];
    int count = asset_words(r->def->asset, n, words, 2, r->err);

    if (count < 1)
        return asset_fail(r->def->asset, n, r->err,
                          "a source is the name of a rate, or a \"Title\" with its date");
    b->source = words[0];
    if (count == 2)
        b->date = words[1];
    return true;
}

static bool read_paths(struct reader *r, const struct asset_node *n, const char **path,
                       const char **path2)
{
    const char *words[2];
    int count = asset_words(r->def->asset, n, words, 2, r->err);

    if (count < 1)
        return asset_fail(r->def->asset, n, r->err, "a path is the name of an answer");
    *path = words[0];
    *path2 = count == 2 ? words[1] : NULL;
    return true;
}

/* The answers that rows are read from. */
static bool read_table_paths(struct reader *r, const struct asset_node *n, struct table *t)
{
    int count = asset_words(r->def->asset, n, t->paths, TABLE_PATHS_MOST, r->err);

    if (count < 1 || count > TABLE_PATHS_MOST)
        return asset_fail(r->def->asset, n, r->err,
                          "a path of a table is the names of one to %d answers", TABLE_PATHS_MOST);
    t->path_count = (size_t)count;
    return true;
}

static bool read_input_child(struct reader *r, int index, const struct asset_node *c)
{
    struct line *l = &r->def->lines[index];

    if (is(c, "path"))
        return read_paths(r, c, &l->path, &l->path2);
    if (is(c, "default"))
        return read_formula(r, l, c);
    if (is(c, "basis"))
        return (l->basis.text = asset_text(r->def->asset, l->node, "basis", "")) != NULL;
    if (is(c, "source"))
        return read_source(r, c, &l->basis);
    if (is(c, "fix"))
        return (l->fix = asset_text(r->def->asset, l->node, "fix", "")) != NULL;
    if (is(c, "percent"))
        return l->percent = true;
    if (is(c, "by_month"))
        return l->by_month = l->wide = true;
    if (is(c, "least"))
        return read_limit(r, c, &l->least, &l->has_least);
    if (is(c, "most"))
        return read_limit(r, c, &l->most, &l->has_most);
    if (is(c, "matters")) {
        int line = declare_hidden(r, c, l->table);

        r->def->lines[index].basis.matters = line;
        return line >= 0;
    }
    return no_meaning(r, c,
                      "path, default, basis, source, fix, percent, by_month, least, most, "
                      "matters");
}

static bool read_input(struct reader *r, const struct asset_node *n, int table)
{
    struct line *l = declare(r, n, table);
    const char *dot;
    int index;

    if (!l)
        return false;
    index = (int)(l - r->def->lines);
    l->kind = LINE_INPUT;
    dot = strrchr(l->name, '.');
    l->path = dot ? dot + 1 : l->name;
    for (const struct asset_node *c = n->child; c; c = c->next)
        if (!read_input_child(r, index, c))
            return false;
    l = &r->def->lines[index];
    if (!l->fix)
        l->fix = table < 0 ? l->path : l->name;
    if (table >= 0 && l->type == VALUE_TEXT && r->def->tables[table].title < 0)
        r->def->tables[table].title = index;
    return true;
}

/* What stands under a column of the made-up row. */
static bool read_basis(struct reader *r, const struct asset_node *n, int line)
{
    struct basis b = {.matters = -1};

    for (const struct asset_node *c = n->child; c; c = c->next) {
        bool ok = true;

        if (is(c, "basis"))
            b.text = asset_text(r->def->asset, n, "basis", "");
        else if (is(c, "source"))
            ok = read_source(r, c, &b);
        else if (is(c, "matters"))
            ok = (b.matters = declare_hidden(r, c, r->def->lines[line].table)) >= 0;
        else
            ok = no_meaning(r, c, "basis, source, matters");
        if (!ok)
            return false;
    }
    r->def->lines[line].otherwise_basis = b;
    return true;
}

/* The row that stands for an empty table: `COLUMN EXPR` for those without their default. */
static bool read_otherwise(struct reader *r, const struct asset_node *n, int table)
{
    struct model_def *def = r->def;

    def->tables[table].otherwise = n;
    for (const struct asset_node *c = n->child; c; c = c->next) {
        int line = def_find_in(def, table, c->word);
        struct line *l = line < 0 ? NULL : &def->lines[line];

        if (!l || l->kind != LINE_INPUT || l->otherwise)
            return asset_fail(def->asset, c, r->err, "\"%s\" is no column above, or stands twice",
                              c->word);
        l->otherwise = parse_rest(r, c);
        if (!l->otherwise)
            return false;
        if (!read_basis(r, c, line))
            return false;
    }
    return true;
}

static bool is_line(const struct asset_node *n)
{
    return is(n, "flow") || is(n, "stock") || is(n, "ratio") || is(n, "figure");
}

static bool read_table(struct reader *r, const struct asset_node *n)
{
    struct model_def *def = r->def;
    const char *words[2];
    struct table *t;
    int table = (int)def->table_count;

    if (asset_words(def->asset, n, words, 2, r->err) != 2)
        return asset_fail(def->asset, n, r->err, "this should read: table NAME \"Label\"");
    if (def->table_count == MODEL_TABLES_MOST)
        return asset_fail(def->asset, n, r->err, "a model has at most %d tables",
                          MODEL_TABLES_MOST);
    for (size_t i = 0; i < def->table_count; i++)
        if (strcmp(def->tables[i].name, words[0]) == 0)
            return asset_fail(def->asset, n, r->err, "\"%s\" is declared twice", words[0]);
    t = &def->tables[def->table_count++];
    *t = (struct table){
        .name = words[0], .label = words[1], .paths = {words[0]}, .path_count = 1, .title = -1};
    for (const struct asset_node *c = n->child; c; c = c->next) {
        bool ok = is(c, "path")        ? read_table_paths(r, c, t)
                  : is(c, "column")    ? read_input(r, c, table)
                  : is(c, "otherwise") ? read_otherwise(r, c, table)
                  : is_line(c)         ? read_line(r, c, table)
                                       : no_meaning(r, c,
                                                    "path, column, otherwise, flow, stock, ratio, "
                                                            "figure");
        if (!ok)
            return false;
    }
    return true;
}

static int known_line(struct reader *r, const struct asset_node *n, const char *name)
{
    int line = def_find(r->def, name);

    if (line < 0)
        asset_fail(r->def->asset, n, r->err, "there is no line \"%s\" above", name);
    return line;
}

/* `part NAME` or `total NAME`; in `each TABLE` of the columns and lines of that table. */
static bool read_statement_row(struct reader *r, const struct asset_node *n, int table)
{
    struct model_def *def = r->def;
    struct statement *s = &def->statements[def->statement_count - 1];
    const struct line *l;
    const char *name;
    int line;

    if (asset_words(def->asset, n, &name, 1, r->err) != 1 || (!is(n, "total") && !is(n, "part")))
        return asset_fail(def->asset, n, r->err,
                          "this should read: total NAME, part NAME or each TABLE");
    line = table < 0 ? known_line(r, n, name) : def_find_in(def, table, name);
    if (line < 0)
        return table >= 0 ? asset_fail(def->asset, n, r->err, "\"%s\" has no line \"%s\"",
                                       def->tables[table].name, name)
                          : false;
    l = &def->lines[line];
    if (!l->wide || l->table != table || l->type != VALUE_NUM)
        return asset_fail(def->asset, n, r->err, "a statement has lines with months only");
    s->rows = mem_grow(s->rows, &s->cap, s->count + 1, sizeof *s->rows);
    s->tables = mem_grow(s->tables, &s->table_cap, s->count + 1, sizeof *s->tables);
    s->tables[s->count] = table;
    s->rows[s->count++] = (struct statement_row){.name = l->name,
                                                 .label = l->label,
                                                 .level = is(n, "part"),
                                                 .total = is(n, "total"),
                                                 .amount = l->unit == UNIT_MONEY};
    return true;
}

static bool read_each(struct reader *r, const struct asset_node *n)
{
    struct model_def *def = r->def;
    const char *name = "";
    size_t table = 0;

    if (asset_words(def->asset, n, &name, 1, r->err) != 1)
        return asset_fail(def->asset, n, r->err, "this should read: each TABLE");
    while (table < def->table_count && strcmp(def->tables[table].name, name) != 0)
        table++;
    if (table == def->table_count)
        return asset_fail(def->asset, n, r->err, "there is no table \"%s\" above", name);
    def->statements[def->statement_count - 1].goes_over_rows = true;
    for (const struct asset_node *c = n->child; c; c = c->next)
        if (!read_statement_row(r, c, (int)table))
            return false;
    return true;
}

static bool read_statement(struct reader *r, const struct asset_node *n)
{
    struct model_def *def = r->def;
    const char *words[2];

    if (asset_words(def->asset, n, words, 2, r->err) != 2)
        return asset_fail(def->asset, n, r->err, "this should read: statement NAME \"Label\"");
    def->statements = mem_grow(def->statements, &def->statement_cap, def->statement_count + 1,
                               sizeof *def->statements);
    def->statements[def->statement_count++] =
        (struct statement){.name = words[0], .label = words[1]};
    for (const struct asset_node *c = n->child; c; c = c->next)
        if (is(c, "each") ? !read_each(r, c) : !read_statement_row(r, c, -1))
            return false;
    return true;
}

static bool read_output_field(struct reader *r, const struct asset_node *c)
{
    struct model_def *def = r->def;
    struct output *o = &def->outputs[def->output_count - 1];
    const char *name;
    int line;

    if (asset_words(def->asset, c, &name, 1, r->err) != 1)
        return asset_fail(def->asset, c, r->err, "this should read: FIELD LINE");
    line = known_line(r, c, name);
    if (line < 0)
        return false;
    if (def->lines[line].table >= 0 || def->lines[line].wide != (o->span != SPAN_ONCE))
        return asset_fail(def->asset, c, r->err, "\"%s\" has no value %s", name,
                          o->span == SPAN_ONCE ? "without a month or year" : "for a period");
    o->fields = mem_grow(o->fields, &o->cap, o->count + 1, sizeof *o->fields);
    o->fields[o->count++] = (struct output_field){c->word, line};
    return true;
}

static bool read_output(struct reader *r, const struct asset_node *n)
{
    struct model_def *def = r->def;
    const char *words[2];
    int count = asset_words(def->asset, n, words, 2, r->err);
    struct output o = {.key = words[0]};

    if (count == 2 && strcmp(words[1], "years") == 0)
        o.span = SPAN_YEARS;
    else if (count == 2 && strcmp(words[1], "months") == 0)
        o.span = SPAN_MONTHS;
    else if (count != 1)
        return asset_fail(def->asset, n, r->err, "this should read: output KEY [years|months]");
    def->outputs =
        mem_grow(def->outputs, &def->output_cap, def->output_count + 1, sizeof *def->outputs);
    def->outputs[def->output_count++] = o;
    for (const struct asset_node *c = n->child; c; c = c->next)
        if (!read_output_field(r, c))
            return false;
    return true;
}

static bool read_note(struct reader *r, const struct asset_node *n)
{
    struct model_def *def = r->def;
    const struct asset_node *when = asset_child(n, "when");
    struct note note;
    const char *words[2];

    if (asset_words(def->asset, n, words, 2, r->err) != 2 || !when)
        return asset_fail(def->asset, n, r->err,
                          "this should read: note CODE \"Sentence\", with `when EXPR` under it");
    note.code = words[0];
    note.text = words[1];
    note.when = declare_hidden(r, when, -1);
    def->notes = mem_grow(def->notes, &def->note_cap, def->note_count + 1, sizeof *def->notes);
    def->notes[def->note_count++] = note;
    return note.when >= 0;
}

static bool read_reason_text(struct reader *r, const struct asset_node *n)
{
    struct model_def *def = r->def;
    const char *words[2];
    int reason;

    if (asset_words(def->asset, n, words, 2, r->err) != 2)
        return asset_fail(def->asset, n, r->err, "this should read: reason CODE \"Sentence\"");
    reason = def_reason(def, words[0]);
    if (reason < 0)
        return asset_fail(def->asset, n, r->err, "there are too many reasons; at most 256");
    def->reasons[reason].text = words[1];
    def->reasons[reason].fix = asset_text(def->asset, n, "fix", NULL);
    return true;
}

static bool read_top(struct reader *r, const struct asset_node *n)
{
    if (is(n, "input"))
        return read_input(r, n, -1);
    if (is(n, "table"))
        return read_table(r, n);
    if (is_line(n))
        return read_line(r, n, -1);
    if (is(n, "statement"))
        return read_statement(r, n);
    if (is(n, "output"))
        return read_output(r, n);
    if (is(n, "note"))
        return read_note(r, n);
    if (is(n, "reason"))
        return read_reason_text(r, n);
    return no_meaning(r, n,
                      "input, table, flow, stock, ratio, figure, statement, output, note, "
                      "reason");
}

/* The lines that are there without being declared. */
static bool add_natives(struct model_def *def, const struct asset_node *node, struct err *err)
{
    static const struct {
        const char *name, *label;
        enum native native;
        enum value_type type;
        enum unit unit;
        bool wide;
    } rows[] = {
        {"month", "Month", NATIVE_MONTH, VALUE_NUM, UNIT_MONTHS, true},
        {"year", "Year", NATIVE_YEAR, VALUE_NUM, UNIT_NONE, true},
        {"month_of_year", "Month of the year", NATIVE_MONTH_OF_YEAR, VALUE_NUM, UNIT_MONTHS, true},
        {"calendar_month", "Calendar month", NATIVE_CALENDAR_MONTH, VALUE_NUM, UNIT_NONE, true},
        {"date", "First day", NATIVE_DATE, VALUE_DATE, UNIT_NONE, true},
        {"industry.gross_margin", "Gross margin of the industry", NATIVE_GROSS_MARGIN, VALUE_NUM,
         UNIT_RATE, false},
        {"industry.operating_margin", "Operating margin of the industry", NATIVE_OPERATING_MARGIN,
         VALUE_NUM, UNIT_RATE, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int line = def_add(def, rows[i].name, node, err);
        struct line *l = line < 0 ? NULL : &def->lines[line];

        if (!l)
            return false;
        l->label = rows[i].label;
        l->native = rows[i].native;
        l->kind = rows[i].wide ? LINE_STOCK : LINE_FIGURE;
        l->type = rows[i].type;
        l->unit = rows[i].unit;
        l->wide = rows[i].wide;
    }
    return true;
}

static int need_input(struct model_def *def, const char *name)
{
    int line = def_find(def, name);

    return line >= 0 && def->lines[line].kind == LINE_INPUT && def->lines[line].type == VALUE_TEXT
               ? line
               : -1;
}

bool model_read(struct model_def *def, struct err *err)
{
    struct reader r = {def, err};
    const struct asset_node *root = asset_root(def->asset);

    if (!root)
        return err_set(err, ERR_INVALID, 0, "%s: the file declares nothing",
                       asset_name(def->asset));
    if (!add_natives(def, root, err))
        return false;
    for (const struct asset_node *n = root; n; n = n->next)
        if (!read_top(&r, n))
            return false;
    def->currency = need_input(def, "currency");
    def->country = need_input(def, "location_country");
    def->industry = need_input(def, "industry");
    if (def->currency < 0 || def->country < 0 || def->industry < 0)
        return asset_fail(def->asset, root, err,
                          "a model needs the text inputs currency, location_country and industry");
    return true;
}
