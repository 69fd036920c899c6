/* goal.c - goal seek by looking, not by hoping: the input is tried on a grid of its own smallest
 * steps, at some hundred places over the whole range and closer together around what it is now, and
 * wherever "holds" turns into "does not" the place is halved until two neighbours are left. So
 * nothing has to be monotone, the answer is a value the input can have, and both sides of it have
 * been run. */
#include "strattio/goal.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "expr/expr_tree.h"
#include "finance/inputs.h"
#include "finance/lever.h"
#include "finance/measure.h"
#include "finance/rerun.h"

enum { EVENLY = 200, AROUND = 100, SAMPLES = EVENLY + AROUND + 2 };

struct search {
    const struct model *m;
    struct measure goal;  /* true or false */
    struct measure left;  /* what is shown of it */
    struct measure right; /* of an equation; else without expression */
    struct lever lever;
    struct rerun *r;
    struct num from, step;
    int64_t last; /* the grid is 0 to this, from `from` on */
    struct goal *out;
    size_t edge_cap;
    struct err *err;
};

/* ---- what is asked --------------------------------------------------------------------------- */

static bool is_comparison(enum expr_op op)
{
    return op >= EXPR_EQ && op <= EXPR_GE && op != EXPR_NE;
}

static bool read_goal(struct search *s, const char *text)
{
    const struct expr_node *root;
    struct value v;
    bool truth;

    if (!measure_read(s->m, text, &s->goal, s->err))
        return false;
    root = expr_root(s->goal.expr);
    s->left = s->goal;
    if (!measure_value(&s->goal, s->m, &v, s->err))
        return false;
    truth = v.type == VALUE_BOOL || (v.type == VALUE_NULL && is_comparison(root->op));
    value_finish(&v);
    if (!truth || root->op == EXPR_NE)
        return err_set(s->err, ERR_INVALID, 0,
                       "\"%.60s\" is no goal; one compares, like cash.lowest >= 0 or "
                       "pnl.net_profit[y1] = 20000",
                       text);
    if (is_comparison(root->op))
        s->left.of = root->args[root->args[0]->op == EXPR_NUM];
    if (root->op == EXPR_EQ)
        s->right = (struct measure){s->goal.expr, root->args[root->args[0]->op != EXPR_NUM]};
    return true;
}

/* ---- trying ---------------------------------------------------------------------------------- */

enum holds { HOLDS_NOT, HOLDS, HOLDS_UNDEFINED };

static enum holds at_least(const struct value *a, const struct value *b)
{
    if (a->type != VALUE_NUM || b->type != VALUE_NUM)
        return HOLDS_UNDEFINED;
    return num_cmp(a->num, b->num) >= 0 ? HOLDS : HOLDS_NOT;
}

/* Does it hold in `m`? An equation is searched as "at least". */
static enum holds holds_in(const struct search *s, const struct model *m)
{
    struct value a, b = {0};
    struct err ignored;
    enum holds holds;

    if (!measure_value(s->right.expr ? &s->left : &s->goal, m, &a, &ignored))
        return HOLDS_UNDEFINED;
    if (s->right.expr) {
        holds = measure_value(&s->right, m, &b, &ignored) ? at_least(&a, &b) : HOLDS_UNDEFINED;
        value_finish(&b);
    } else {
        holds = a.type != VALUE_BOOL ? HOLDS_UNDEFINED : a.yes ? HOLDS : HOLDS_NOT;
    }
    value_finish(&a);
    return holds;
}

static struct num place(const struct search *s, int64_t k)
{
    return (struct num){s->from.v + k * s->step.v};
}

static enum holds try_at(struct search *s, int64_t k)
{
    struct err ignored;

    if (!lever_set(&s->lever, s->m, s->r, place(s, k), &ignored) || !rerun_run(s->r, &ignored))
        return HOLDS_UNDEFINED;
    return holds_in(s, rerun_model(s->r));
}

static struct outcome outcome_at(struct search *s, int64_t k)
{
    struct outcome out;
    struct err ignored;

    if (!lever_set(&s->lever, s->m, s->r, place(s, k), &ignored))
        return outcome_null(s->m, "not_allowed");
    if (!rerun_run(s->r, &ignored) || !measure_outcome(&s->left, rerun_model(s->r), &out, &ignored))
        return outcome_null(s->m, "out_of_range");
    return out;
}

/* ---- looking --------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Where to look: everywhere if that is few, else evenly, and from half to twice what is now. */
static size_t samples(const struct search *s, int64_t out[SAMPLES])
{
    size_t count = 0, kept = 0;

    if (s->last < EVENLY + AROUND) {
        for (int64_t k = 0; k <= s->last; k++)
            out[count++] = k;
        return count;
    }
    for (int i = 0; i <= EVENLY; i++)
        out[count++] = (int64_t)((num_int)s->last * i / EVENLY);
    for (int i = 0; s->lever.has_now && i < AROUND; i++) {
        num_int near = s->lever.now.v / 2 + s->lever.now.v * 3 / 2 * i / (AROUND - 1);
        num_int k = (near - s->from.v) / s->step.v;

        if (k >= 0 && k <= s->last)
            out[count++] = (int64_t)k;
    }
    qsort(out, count, sizeof *out, by_place);
    for (size_t i = 0; i < count; i++)
        if (!kept || out[kept - 1] != out[i])
            out[kept++] = out[i];
    return kept;
}

static void add_edge(struct search *s, int64_t yes, int64_t no)
{
    struct goal *g = s->out;
    struct goal_edge *e;

    g->edges = mem_grow(g->edges, &s->edge_cap, g->count + 1, sizeof *g->edges);
    e = &g->edges[g->count++];
    *e = (struct goal_edge){.value = num_to_double(place(s, yes)),
                            .beyond = num_to_double(place(s, no)),
                            .shown = lever_shown(s->m, &s->lever, place(s, yes)),
                            .beyond_shown = lever_shown(s->m, &s->lever, place(s, no)),
                            .at = outcome_at(s, yes),
                            .beyond_at = outcome_at(s, no),
                            .upward = no < yes};
}

/* Halves the way between two places of which one holds, until they are neighbours. */
static void close_in(struct search *s, int64_t low, int64_t high, bool low_holds)
{
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;

        if ((try_at(s, middle) == HOLDS) == low_holds)
            low = middle;
        else
            high = middle;
    }
    add_edge(s, low_holds ? low : high, low_holds ? high : low);
}

static void look(struct search *s)
{
    int64_t at[SAMPLES];
    size_t count = samples(s, at);
    bool before = false;

    s->out->undefined = 0;
    s->out->holds_everywhere = true;
    for (size_t i = 0; i < count; i++) {
        enum holds holds = try_at(s, at[i]);

        s->out->undefined += holds == HOLDS_UNDEFINED;
        s->out->holds_everywhere = s->out->holds_everywhere && holds == HOLDS;
        if (i && (holds == HOLDS) != before)
            close_in(s, at[i - 1], at[i], before);
        before = holds == HOLDS;
    }
}

/* ---- from where to where --------------------------------------------------------------------- */

static bool set_range(struct search *s, struct num from, struct num to)
{
    num_int last;

    if (num_cmp(from, to) >= 0)
        return err_set(s->err, ERR_INVALID, 0,
                       "the search goes from a smaller value to a larger one");
    s->step = lever_step(s->m, &s->lever);
    s->from = input_rounded(from, s->step);
    last = (to.v - s->from.v) / s->step.v;
    if (last < 1 || last > INT64_C(1) << 53)
        return err_set(s->err, ERR_INVALID, 0, "the search is too %s for steps of %s",
                       last < 1 ? "narrow" : "wide",
                       s->lever.share ? "0.1%" : "the input's precision");
    s->last = (int64_t)last;
    free(s->out->from_shown);
    free(s->out->to_shown);
    s->out->from = num_to_double(s->from);
    s->out->to = num_to_double(place(s, s->last));
    s->out->from_shown = lever_shown(s->m, &s->lever, s->from);
    s->out->to_shown = lever_shown(s->m, &s->lever, place(s, s->last));
    return true;
}

/* A limit of the input in the model's terms. */
static struct num limit_of(const struct line *l, struct num limit)
{
    struct num n = limit;

    if (l->percent && !num_div(limit, num_from_int(100), &n))
        return limit;
    return n;
}

/* The least the input allows, to `times` what it is, and if it has little to go by to `at_least`. */
static bool usual_range(struct search *s, int times, int64_t at_least)
{
    const struct line *l = &s->m->def->lines[s->lever.line];
    struct num now = s->lever.has_now ? s->lever.now : num_from_int(0);
    struct num from = num_from_int(0), to;

    if (!num_mul(now, num_from_int(times), &to))
        to = now;
    if (s->lever.share)
        return set_range(s, from, to);
    if (l->unit == UNIT_RATE)
        at_least = 1;
    if (num_cmp(to, num_from_int(at_least)) < 0)
        to = num_from_int(at_least);
    if (l->unit == UNIT_MONTHS) {
        from = num_from_int(1);
        to = num_from_int(2 * MODEL_MONTHS);
    }
    if (l->has_least)
        from = limit_of(l, l->least);
    if (l->has_most && num_cmp(limit_of(l, l->most), to) < 0)
        to = limit_of(l, l->most);
    if (l->unit == UNIT_MONEY && to.v > s->m->limit)
        to.v = s->m->limit;
    return set_range(s, from, to);
}

static bool search_usual(struct search *s)
{
    if (!usual_range(s, 10, s->lever.has_now && num_sign(s->lever.now) > 0 ? 1 : 365))
        return false;
    look(s);
    if (s->out->count || s->m->def->lines[s->lever.line].unit == UNIT_MONTHS)
        return true;
    if (!usual_range(s, 1000, 1000000))
        return false;
    look(s);
    return true;
}

static bool search_between(struct search *s, const char *from, const char *to)
{
    struct num a, b;

    if (!lever_typed(s->m, &s->lever, from, &a, s->err) ||
        !lever_typed(s->m, &s->lever, to, &b, s->err) || !set_range(s, a, b))
        return false;
    look(s);
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static double away(const struct goal *g, const struct goal_edge *e)
{
    double d = e->value - g->now;

    return d < 0 ? -d : d;
}

static void nearest_first(struct goal *g)
{
    for (size_t i = 1; i < g->count; i++) {
        struct goal_edge e = g->edges[i];
        size_t at = i;

        for (; at > 0 && away(g, &g->edges[at - 1]) > away(g, &e); at--)
            g->edges[at] = g->edges[at - 1];
        g->edges[at] = e;
    }
}

static bool begin(struct search *s, const char *goal, const char *input)
{
    struct goal *g = s->out;

    g->goal = mem_str(goal);
    g->input = lever_name(s->m, &s->lever);
    g->title = lever_title(s->m, &s->lever);
    g->stated = s->lever.has_now;
    g->now = g->stated ? num_to_double(s->lever.now) : 0;
    g->now_shown = g->stated ? lever_shown(s->m, &s->lever, s->lever.now) : mem_str("not stated");
    g->holds_now = holds_in(s, s->m) == HOLDS;
    s->r = rerun_create(s->m);
    measure_watch(&s->goal, s->m, s->r);
    rerun_begin(s->r);
    lever_vary(&s->lever, s->r);
    rerun_ready(s->r);
    if (!rerun_reaches(s->r))
        return err_set(s->err, ERR_INVALID, 0, "\"%.60s\" does not depend on %.80s", goal, input);
    return measure_outcome(&s->left, s->m, &g->now_at, s->err);
}

bool goal_seek(const struct model *m, const char *goal, const char *input, const char *from,
               const char *to, struct goal *out, struct err *err)
{
    struct search s = {.m = m, .out = out, .err = err};
    bool ok;

    *out = (struct goal){0};
    ok = read_goal(&s, goal) && lever_find(m, input, &s.lever, err) && begin(&s, goal, input) &&
         (from && to ? search_between(&s, from, to) : search_usual(&s));
    if (ok)
        nearest_first(out);
    rerun_free(s.r);
    measure_finish(&s.goal);
    if (!ok)
        goal_finish(out);
    return ok;
}

void goal_finish(struct goal *g)
{
    for (size_t i = 0; i < g->count; i++) {
        free(g->edges[i].shown);
        free(g->edges[i].beyond_shown);
        outcome_finish(&g->edges[i].at);
        outcome_finish(&g->edges[i].beyond_at);
    }
    free(g->edges);
    free(g->goal);
    free(g->input);
    free(g->title);
    free(g->now_shown);
    free(g->from_shown);
    free(g->to_shown);
    outcome_finish(&g->now_at);
    *g = (struct goal){0};
}
