/* cli_ask.c - what can be asked of a plan's figures: what they hang on, and what an input must be. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/goal.h"
#include "strattio/model.h"
#include "strattio/record.h"
#include "strattio/sensitivity.h"
#include "strattio/strbuf.h"

#include "command.h"

struct model *cli_asked_model(struct cli *c, struct err *err)
{
    struct model *m = NULL;
    struct plan plan;

    if (!actor_require(c->actor, CAN_SEE_FINANCIALS, err) || !cli_plan(c, &plan, err))
        return NULL;
    m = cli_model(c, &plan, cli_option(c, "--scenario"), err);
    record_finish(COLL_PLANS, &plan);
    return m;
}

static void append_number(bson_t *doc, const char *key, double x)
{
    if (isnan(x))
        bson_append_null(doc, key, -1);
    else
        bson_append_double(doc, key, -1, x);
}

static int width_of(const char *text) /* in characters */
{
    int width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void cli_put_left(struct strbuf *out, const char *text, int width)
{
    strbuf_str(out, text);
    width -= width_of(text);
    strbuf_fill(out, ' ', width > 0 ? (size_t)width : 1);
}

void cli_put_right(struct strbuf *out, const char *text, int width)
{
    width -= width_of(text);
    strbuf_fill(out, ' ', width > 0 ? (size_t)width : 1);
    strbuf_str(out, text);
}

/* ---- sensitivity ----------------------------------------------------------------------------- */

static void put_outcome(struct strbuf *out, const char *name, const struct outcome *o)
{
    strbuf_printf(out, "%s: %s", name, o->shown);
    if (o->reason)
        strbuf_printf(out, " (%s)", o->reason_text ? o->reason_text : o->reason);
    strbuf_char(out, '\n');
}

static void put_left_out(struct strbuf *out, size_t count, const char *one, const char *many)
{
    if (count)
        strbuf_printf(out, "%zu %s\n", count, count == 1 ? one : many);
}

static void put_tornado(struct cli *c, const struct sensitivity *s)
{
    struct strbuf *out = c->out;
    int width = 24;

    for (size_t i = 0; i < s->count; i++)
        width = width_of(s->rows[i].title) > width ? width_of(s->rows[i].title) : width;
    put_outcome(out, s->measure, &s->base);
    strbuf_printf(out, "Each input moved by %g%% down and up, one at a time:\n\n", s->share * 100);
    cli_put_left(out, "Input", width);
    cli_put_right(out, "from", 12);
    cli_put_right(out, "to", 12);
    cli_put_right(out, "gives", 16);
    cli_put_right(out, "to", 16);
    strbuf_char(out, '\n');
    for (size_t i = 0; i < s->count; i++) {
        cli_put_left(out, s->rows[i].title, width);
        cli_put_right(out, s->rows[i].low_input, 12);
        cli_put_right(out, s->rows[i].high_input, 12);
        cli_put_right(out, s->rows[i].low.shown, 16);
        cli_put_right(out, s->rows[i].high.shown, 16);
        strbuf_char(out, '\n');
    }
    strbuf_str(out, "\n");
    put_left_out(out, s->no_effect, "input has no effect on it.", "inputs have no effect on it.");
    put_left_out(out, s->zero, "input is 0, of which a share is nothing.",
                 "inputs are 0, of which a share is nothing.");
    put_left_out(out, s->coarse, "input is too few whole months for such a share.",
                 "inputs are too few whole months for such a share.");
}

static void put_tornado_json(struct cli *c, const struct sensitivity *s)
{
    bson_t doc = BSON_INITIALIZER, rows, row;
    char buf[16];

    BSON_APPEND_UTF8(&doc, "measure", s->measure);
    BSON_APPEND_DOUBLE(&doc, "share", s->share);
    cli_append_outcome(&doc, "base", &s->base);
    BSON_APPEND_ARRAY_BEGIN(&doc, "inputs", &rows);
    for (size_t i = 0; i < s->count; i++) {
        const struct sensitivity_row *r = &s->rows[i];

        bson_append_document_begin(&rows, cli_index(i, buf), -1, &row);
        BSON_APPEND_UTF8(&row, "input", r->input);
        BSON_APPEND_UTF8(&row, "title", r->title);
        BSON_APPEND_UTF8(&row, "now", r->now);
        BSON_APPEND_UTF8(&row, "low_input", r->low_input);
        BSON_APPEND_UTF8(&row, "high_input", r->high_input);
        cli_append_outcome(&row, "low", &r->low);
        cli_append_outcome(&row, "high", &r->high);
        append_number(&row, "swing", r->swing);
        bson_append_document_end(&rows, &row);
    }
    bson_append_array_end(&doc, &rows);
    BSON_APPEND_INT64(&doc, "no_effect", (int64_t)s->no_effect);
    BSON_APPEND_INT64(&doc, "zero", (int64_t)s->zero);
    BSON_APPEND_INT64(&doc, "coarse", (int64_t)s->coarse);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

/* "10%", "10"; 0 for what is no share. */
static double share_of(const char *text)
{
    char *end;
    double share;

    if (!text)
        return 0.1;
    share = strtod(text, &end);
    if (*end == '%')
        end++;
    return end != text && !*end && share > 0 && share <= 100 ? share / 100 : 0;
}

int cli_sensitivity(struct cli *c, struct err *err)
{
    double share = share_of(cli_option(c, "--by"));
    struct sensitivity s;
    struct model *m;
    bool ok;

    if (share <= 0)
        return cli_usage(c, err, "--by cannot be \"%.40s\"; use a share above 0%% and up to 100%%.",
                         cli_option(c, "--by"));
    m = cli_asked_model(c, err);
    ok = m && sensitivity_run(m, c->line.operands[1], share, &s, err);
    if (ok) {
        if (cli_json(c))
            put_tornado_json(c, &s);
        else
            put_tornado(c, &s);
        sensitivity_finish(&s);
    }
    model_free(m);
    return ok ? EXIT_OK : EXIT_FAILED;
}

/* ---- goal ------------------------------------------------------------------------------------ */

static void put_edge(struct strbuf *out, const struct goal_edge *e)
{
    strbuf_printf(out, "It holds from %s %s: there it is %s.\n", e->shown,
                  e->upward ? "upwards" : "downwards", e->at.shown);
    strbuf_printf(out, "At %s it does not: %s", e->beyond_shown, e->beyond_at.shown);
    if (e->beyond_at.reason)
        strbuf_printf(out, " (%s)",
                      e->beyond_at.reason_text ? e->beyond_at.reason_text : e->beyond_at.reason);
    strbuf_str(out, e->beyond_at.reason ? "\n" : ".\n");
}

static void put_goal(struct cli *c, const struct goal *g)
{
    struct strbuf *out = c->out;

    strbuf_printf(out, "%s, by %s (%s)\n", g->goal, g->title, g->input);
    strbuf_printf(out, "Now %s: it %s (%s).\n", g->now_shown,
                  g->holds_now ? "holds" : "does not hold", g->now_at.shown);
    if (!g->count && g->holds_everywhere)
        strbuf_printf(out, "It holds everywhere from %s to %s.\n", g->from_shown, g->to_shown);
    else if (!g->count)
        strbuf_printf(out, "It holds nowhere from %s to %s.\n", g->from_shown, g->to_shown);
    if (g->count > 1)
        strbuf_printf(out, "There are %zu turning points, the nearest first:\n", g->count);
    for (size_t i = 0; i < g->count; i++)
        put_edge(out, &g->edges[i]);
    if (g->undefined)
        strbuf_printf(out, "It is undefined at %zu of the places tried from %s to %s.\n",
                      g->undefined, g->from_shown, g->to_shown);
}

static void append_edge(bson_t *doc, const struct goal_edge *e)
{
    BSON_APPEND_DOUBLE(doc, "value", e->value);
    BSON_APPEND_UTF8(doc, "shown", e->shown);
    BSON_APPEND_UTF8(doc, "holds", e->upward ? "upwards" : "downwards");
    cli_append_outcome(doc, "at", &e->at);
    BSON_APPEND_DOUBLE(doc, "beyond", e->beyond);
    cli_append_outcome(doc, "beyond_at", &e->beyond_at);
}

static void put_goal_json(struct cli *c, const struct goal *g)
{
    bson_t doc = BSON_INITIALIZER, edges, edge;
    char buf[16];

    BSON_APPEND_UTF8(&doc, "goal", g->goal);
    BSON_APPEND_UTF8(&doc, "input", g->input);
    BSON_APPEND_UTF8(&doc, "title", g->title);
    append_number(&doc, "now", g->stated ? g->now : (double)NAN);
    BSON_APPEND_BOOL(&doc, "holds_now", g->holds_now);
    cli_append_outcome(&doc, "now_at", &g->now_at);
    BSON_APPEND_DOUBLE(&doc, "from", g->from);
    BSON_APPEND_DOUBLE(&doc, "to", g->to);
    BSON_APPEND_BOOL(&doc, "holds_everywhere", g->holds_everywhere);
    BSON_APPEND_INT64(&doc, "undefined", (int64_t)g->undefined);
    BSON_APPEND_ARRAY_BEGIN(&doc, "answers", &edges);
    for (size_t i = 0; i < g->count; i++) {
        bson_append_document_begin(&edges, cli_index(i, buf), -1, &edge);
        append_edge(&edge, &g->edges[i]);
        bson_append_document_end(&edges, &edge);
    }
    bson_append_array_end(&doc, &edges);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

int cli_goal(struct cli *c, struct err *err)
{
    const char *from = cli_option(c, "--from"), *to = cli_option(c, "--to");
    struct model *m;
    struct goal g;
    bool ok;

    if (!from != !to)
        return cli_usage(c, err, "--from and --to go together.");
    m = cli_asked_model(c, err);
    ok = m && goal_seek(m, c->line.operands[1], cli_option(c, "--by"), from, to, &g, err);
    if (ok) {
        if (cli_json(c))
            put_goal_json(c, &g);
        else
            put_goal(c, &g);
        goal_finish(&g);
    }
    model_free(m);
    return ok ? EXIT_OK : EXIT_FAILED;
}
