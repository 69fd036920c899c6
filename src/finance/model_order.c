/* model_order.c - in which order lines run. Lines that read each other form a group (a strongly
 * connected component, by Tarjan's algorithm, which also gives the groups in order). Inside a
 * group every circle must cross a lag: then it runs month by month, its lines ordered by what
 * they read of the same month. */
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "finance/model_def.h"

struct ordering {
    struct model_def *def;
    int *index, *low; /* Tarjan's numbers; index -1: not seen */
    bool *open;       /* on the stack */
    int *component;   /* number of the group, -1 */
    int *stack;
    size_t depth;
    int next, groups;
    size_t placed;
    int *mark; /* of the walk inside a group: 0 not seen, 1 on the way, 2 done */
    struct err *err;
};

/* Names the circle that ends in `from` -> `to`, following what is on the way from `to`. */
static bool circular(struct ordering *o, int from, const int *path, size_t len)
{
    const struct model_def *def = o->def;
    struct strbuf text;
    size_t start = 0;

    while (start < len && path[start] != from)
        start++;
    strbuf_init(&text, 160);
    for (size_t i = start; i < len; i++)
        if (!def->lines[path[i]].hidden)
            strbuf_printf(&text, "%s -> ", def->lines[path[i]].name);
    strbuf_str(&text, def->lines[from].hidden ? "itself" : def->lines[from].name);
    asset_fail(def->asset, def->lines[from].node, o->err, "the formulas go in a circle: %s",
               text.data);
    strbuf_finish(&text);
    return false;
}

/* Puts the lines of one group in order: depth first over what is read of the same period. */
static bool walk_group(struct ordering *o, int line, int group, int *path, size_t len)
{
    const struct line *l = &o->def->lines[line];

    path[len++] = line;
    o->mark[line] = 1;
    for (size_t i = 0; i < l->need_count; i++) {
        int other = l->needs[i].line;

        if (o->component[other] != group || l->needs[i].need == NEED_BEFORE)
            continue;
        if (o->mark[other] == 1)
            return circular(o, other, path, len);
        if (o->mark[other] == 0 && !walk_group(o, other, group, path, len))
            return false;
    }
    o->mark[line] = 2;
    o->def->order[o->placed++] = line;
    return true;
}

/* A member that is needed as a whole cannot be had month by month. */
static bool check_whole(struct ordering *o, int line, int group)
{
    const struct line *l = &o->def->lines[line];

    for (size_t i = 0; i < l->need_count; i++)
        if (o->component[l->needs[i].line] == group && l->needs[i].need == NEED_WHOLE) {
            int path[2] = {l->needs[i].line, line};

            return circular(o, l->needs[i].line, path, 2);
        }
    return true;
}

static bool reads_itself(const struct line *l, int line)
{
    for (size_t i = 0; i < l->need_count; i++)
        if (l->needs[i].line == line)
            return true;
    return false;
}

static bool close_group(struct ordering *o, const int *members, size_t count)
{
    struct model_def *def = o->def;
    struct group g = {.first = (int)o->placed, .count = (int)count};
    int *path = mem_zero(def->line_count + 1, sizeof *path);
    bool ok = true;

    for (size_t i = 0; i < count; i++)
        o->component[members[i]] = o->groups;
    g.stepped = count > 1 || reads_itself(&def->lines[members[0]], members[0]);
    for (size_t i = count; ok && i-- > 0;)
        ok = o->mark[members[i]] == 2 || walk_group(o, members[i], o->groups, path, 0);
    for (size_t i = 0; ok && g.stepped && i < count; i++)
        ok = check_whole(o, members[i], o->groups);
    free(path);
    def->groups[def->group_count++] = g;
    o->groups++;
    return ok;
}

static bool visit(struct ordering *o, int line)
{
    const struct line *l = &o->def->lines[line];
    size_t first;

    o->index[line] = o->low[line] = o->next++;
    o->stack[o->depth++] = line;
    o->open[line] = true;
    for (size_t i = 0; i < l->need_count; i++) {
        int other = l->needs[i].line;

        if (o->index[other] < 0) {
            if (!visit(o, other))
                return false;
            if (o->low[other] < o->low[line])
                o->low[line] = o->low[other];
        } else if (o->open[other] && o->index[other] < o->low[line]) {
            o->low[line] = o->index[other];
        }
    }
    if (o->low[line] != o->index[line])
        return true;
    first = o->depth;
    do
        o->open[o->stack[--first]] = false;
    while (o->stack[first] != line);
    if (!close_group(o, o->stack + first, o->depth - first))
        return false;
    o->depth = first;
    return true;
}

static int by_path(const void *a, const void *b)
{
    const struct line *const *x = a, *const *y = b;

    return strcmp((*x)->path, (*y)->path);
}

/* Lists what the outside asks for: lines to show, and inputs by their path. */
static void make_lists(struct model_def *def)
{
    const struct line **inputs = mem_zero(def->line_count, sizeof(struct line *));

    def->shown = mem_zero(def->line_count, sizeof *def->shown);
    def->top_inputs = mem_zero(def->line_count, sizeof *def->top_inputs);
    for (size_t i = 0; i < def->line_count; i++) {
        const struct line *l = &def->lines[i];

        if (!l->hidden && l->native == NATIVE_NONE)
            def->shown[def->shown_count++] = (int)i;
        if (l->kind == LINE_INPUT && l->table < 0)
            inputs[def->top_input_count++] = l;
    }
    qsort(inputs, def->top_input_count, sizeof(struct line *), by_path);
    for (size_t i = 0; i < def->top_input_count; i++)
        def->top_inputs[i] = (int)(inputs[i] - def->lines);
    free(inputs);
}

bool model_order(struct model_def *def, struct err *err)
{
    size_t n = def->line_count;
    struct ordering o = {.def = def,
                         .index = mem_zero(n, sizeof(int)),
                         .low = mem_zero(n, sizeof(int)),
                         .open = mem_zero(n, sizeof(bool)),
                         .component = mem_zero(n, sizeof(int)),
                         .stack = mem_zero(n, sizeof(int)),
                         .mark = mem_zero(n, sizeof(int)),
                         .err = err};
    bool ok = true;

    def->order = mem_zero(n, sizeof *def->order);
    def->groups = mem_zero(n, sizeof *def->groups);
    for (size_t i = 0; i < n; i++)
        o.index[i] = o.component[i] = -1;
    for (size_t i = 0; ok && i < n; i++)
        if (o.index[i] < 0)
            ok = visit(&o, (int)i);
    if (ok)
        make_lists(def);
    free(o.index);
    free(o.low);
    free(o.open);
    free(o.component);
    free(o.stack);
    free(o.mark);
    return ok;
}
