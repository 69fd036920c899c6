/* model_def.c - the declarations as a whole: loading them, finding lines by name, interning
 * reasons and texts. */
#include "finance/model_def.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "finance/margins.h"
#include "finance/rates.h"

static uint32_t hash_name(const char *name)
{
    uint32_t h = 2166136261u;

    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 16777619u;
    return h;
}

int def_find(const struct model_def *def, const char *name)
{
    size_t slot = hash_name(name) & def->by_name_mask;

    for (; def->by_name && def->by_name[slot] >= 0; slot = (slot + 1) & def->by_name_mask)
        if (strcmp(def->lines[def->by_name[slot]].name, name) == 0)
            return def->by_name[slot];
    return -1;
}

int def_find_in(const struct model_def *def, int table, const char *column)
{
    char *name = mem_printf("%s.%s", def->tables[table].name, column);
    int line = def_find(def, name);

    free(name);
    return line;
}

static void index_name(struct model_def *def, int line)
{
    size_t slot = hash_name(def->lines[line].name) & def->by_name_mask;

    while (def->by_name[slot] >= 0)
        slot = (slot + 1) & def->by_name_mask;
    def->by_name[slot] = line;
}

static void grow_index(struct model_def *def)
{
    size_t size = def->by_name ? (def->by_name_mask + 1) * 2 : 256;

    free(def->by_name);
    def->by_name = mem_zero(size, sizeof *def->by_name);
    memset(def->by_name, 0xFF, size * sizeof *def->by_name); /* all -1 */
    def->by_name_mask = size - 1;
    for (size_t i = 0; i < def->line_count; i++)
        index_name(def, (int)i);
}

int def_add(struct model_def *def, const char *name, const struct asset_node *node, struct err *err)
{
    struct line *l;

    if (def_find(def, name) >= 0) {
        asset_fail(def->asset, node, err, "\"%s\" is declared twice", name);
        return -1;
    }
    if (def->line_count >= MODEL_LINES_MOST) {
        asset_fail(def->asset, node, err, "a model has at most %d lines", MODEL_LINES_MOST);
        return -1;
    }
    if (!def->by_name || def->line_count * 2 > def->by_name_mask)
        grow_index(def);
    def->lines = mem_grow(def->lines, &def->line_cap, def->line_count + 1, sizeof *def->lines);
    l = &def->lines[def->line_count];
    *l = (struct line){.name = mem_str(name),
                       .label = "",
                       .type = VALUE_NUM,
                       .table = -1,
                       .node = node,
                       .null_reason = REASON_DIVISION,
                       .opening = -1,
                       .basis.matters = -1,
                       .otherwise_basis.matters = -1};
    index_name(def, (int)def->line_count);
    return (int)def->line_count++;
}

int def_reason(struct model_def *def, const char *code)
{
    for (size_t i = 0; i < def->reason_count; i++)
        if (strcmp(def->reasons[i].code, code) == 0)
            return (int)i;
    if (def->reason_count == ARRAY_LEN(def->reasons))
        return -1;
    def->reasons[def->reason_count].code = mem_str(code);
    return (int)def->reason_count++;
}

int def_text(struct model_def *def, const char *text)
{
    for (size_t i = 0; i < def->text_count; i++)
        if (strcmp(def->texts[i], text) == 0)
            return (int)i;
    def->texts = mem_grow(def->texts, &def->text_cap, def->text_count + 1, sizeof(char *));
    def->texts[def->text_count] = mem_str(text);
    return (int)def->text_count++;
}

static void finish_program(struct program *p)
{
    free(p->code);
    free(p->list);
}

static void finish_line(struct line *l)
{
    free(l->name);
    expr_free(l->expr);
    expr_free(l->otherwise);
    finish_program(&l->program);
    finish_program(&l->otherwise_program);
    free(l->needs);
}

void model_def_free(struct model_def *def)
{
    if (!def)
        return;
    for (size_t i = 0; i < def->line_count; i++)
        finish_line(&def->lines[i]);
    for (size_t i = 0; i < def->statement_count; i++) {
        free(def->statements[i].rows);
        free(def->statements[i].tables);
    }
    for (size_t i = 0; i < def->output_count; i++)
        free(def->outputs[i].fields);
    for (size_t i = 0; i < def->reason_count; i++)
        free(def->reasons[i].code);
    for (size_t i = 0; i < def->text_count; i++)
        free(def->texts[i]);
    free(def->lines);
    free(def->by_name);
    free(def->statements);
    free(def->outputs);
    free(def->notes);
    free(def->texts);
    free(def->order);
    free(def->groups);
    free(def->shown);
    free(def->top_inputs);
    for (size_t i = 0; i < def->asked_count; i++)
        free(def->asked[i]);
    free(def->asked);
    margins_free(def->margins);
    rates_free(def->rates);
    asset_free(def->asset);
    free(def);
}

static void add_own_reasons(struct model_def *def)
{
    static const char *const codes[] = {
        [REASON_NONE] = "",
        [REASON_OVERFLOW] = "out_of_range",
        [REASON_DIVISION] = "division_by_zero",
        [REASON_MISSING] = "input_missing",
        [REASON_NULL] = "null",
        [REASON_ROOT] = "no_real_root",
        [REASON_NO_ITEMS] = "no_items",
        [REASON_RATE] = "rate_unknown",
        [REASON_CURRENCY] = "other_currency",
    };

    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        def_reason(def, codes[i]);
}

struct model_def *model_def_read(struct asset *a, struct err *err)
{
    struct model_def *def = mem_zero(1, sizeof *def);

    def->asset = a;
    add_own_reasons(def);
    if (a && (def->rates = rates_load(err)) && (def->margins = margins_load(err)) &&
        model_read(def, err) && model_compile(def, err) && model_order(def, err))
        return def;
    model_def_free(def);
    return NULL;
}

struct model_def *model_def_load(struct err *err)
{
    struct asset *a = asset_load("finance/plan.model", err);
    struct model_def *def = a ? model_def_read(a, err) : NULL;

    if (!def || model_asked(def, err))
        return def;
    model_def_free(def);
    return NULL;
}

size_t model_line_count(const struct model_def *def)
{
    return def->shown_count;
}

const char *model_line_name(const struct model_def *def, size_t i)
{
    return def->lines[def->shown[i]].name;
}
