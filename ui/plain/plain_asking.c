/* plain_asking.c - questions to the figures of a plan, as words and lines: scenarios, what a figure hangs on,
 * what an input must be, how far cash and profit spread, a curve as its data, and the trace both ways. Each
 * is the core's own; here it is asked for and told. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/goal.h"
#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/monte_carlo.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/scenario.h"
#include "strattio/sensitivity.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/figure_text.h"
#include "screen/loaded.h"

enum { TEXT_LIMIT = 64 * 1024, ROWS_TOLD = 20, SEED = 1 };

struct asking {
    struct room room;
    const char *plan_id;
    struct loaded *l;
    struct scenarios all;
};

static void say_err(struct room *r, const struct err *err)
{
    talk_say(r->p->talk, "%s.", err->msg);
}

/* "no figure" for a dash, with the reason if there is one; lent by `out`. */
static const char *outcome_text(const struct outcome *o, struct strbuf *out)
{
    strbuf_clear(out);
    if (!isnan(o->value))
        strbuf_str(out, o->shown);
    else if (o->reason_text)
        strbuf_printf(out, "no figure (%s)", o->reason_text);
    else
        strbuf_str(out, "no figure");
    return out->data;
}

/* ---- scenarios ----------------------------------------------------------------------------- */

static void tell_scenario(const struct asking *self, size_t i)
{
    const struct scenario *s = &self->all.items[i];
    struct strbuf changes;

    strbuf_init(&changes, TEXT_LIMIT);
    for (size_t k = 0; k < s->count; k++)
        strbuf_printf(&changes, "%s%s", k ? "; " : "", s->changes[k]);
    talk_say(self->room.p->talk, "%zu. %s%s: %s.", i + 1, s->label, s->own ? ", your own" : "",
             s->count ? changes.data : "the plan as it is");
    strbuf_finish(&changes);
}

static void tell(struct room *r)
{
    struct asking *self = (struct asking *)r;

    talk_gap(r->p->talk);
    talk_say(r->p->talk, "Questions to the figures of %s. Scenarios:", self->l->plan.name);
    for (size_t i = 0; i < self->all.count; i++)
        tell_scenario(self, i);
    talk_say(
        r->p->talk,
        "A number explains one; \"compare\" tells them beside each other; \"?\" says what else "
        "can be asked.");
}

/* If it cannot be read, what was read before stays. */
static void read_plan(struct room *r)
{
    struct asking *self = (struct asking *)r;
    struct scenarios all = {0};
    struct err err = {0};
    struct loaded *l = loaded_now(&r->p->bench, self->plan_id, LOAD_MODEL, &err);

    if (l && !l->model)
        err = l->model_err;
    if (!l || !l->model || !scenarios_read(l->plan.intake_data, &all, &err)) {
        plain_error(r->p, &err);
        loaded_let_go(l);
        r->left = !self->l;
        return;
    }
    scenarios_finish(&self->all);
    loaded_let_go(self->l);
    self->all = all;
    self->l = l;
    r->things = all.count;
}

static const char *name_of(struct room *r, size_t i)
{
    return ((const struct asking *)r)->all.items[i].label;
}

static void explain(struct room *r, size_t i)
{
    struct asking *self = (struct asking *)r;
    const struct scenario *s = &self->all.items[i];
    struct strbuf text;
    struct err err = {0};

    talk_say(r->p->talk, "%s.%s%s", s->label, *s->basis ? " Basis: " : "", s->basis);
    if (!s->count)
        talk_say(r->p->talk, "The plan as it is, without any change.");
    strbuf_init(&text, TEXT_LIMIT);
    for (size_t k = 0; k < s->count; k++) {
        strbuf_clear(&text);
        talk_say(r->p->talk, "%s:", s->changes[k]);
        if (scenario_explain(self->l->model, s->changes[k], &text, &err))
            talk_text(r->p->talk, text.data);
        else
            say_err(r, &err);
    }
    strbuf_finish(&text);
}

void plain_asking_scenario(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Which scenario? A number or the beginning of its name:", &i))
        explain(r, i);
}

void plain_asking_compare(struct room *r, const char *operand)
{
    struct asking *self = (struct asking *)r;
    struct comparison cmp;
    struct strbuf line, cell;
    struct err err = {0};

    (void)operand;
    if (!scenarios_compare(self->l->model, &self->all, NULL, 0, &cmp, &err)) {
        say_err(r, &err);
        return;
    }
    strbuf_init(&line, TEXT_LIMIT);
    strbuf_init(&cell, TEXT_LIMIT);
    for (size_t k = 0; k < cmp.measure_count; k++) {
        strbuf_clear(&line);
        for (size_t i = 0; i < cmp.scenario_count; i++)
            strbuf_printf(&line, "%s%s %s", i ? "; " : "", self->all.items[i].label,
                          outcome_text(&cmp.cells[k * cmp.scenario_count + i], &cell));
        talk_say(r->p->talk, "%s: %s.", self->all.measures[k].label, line.data);
    }
    for (size_t i = 0; i < cmp.scenario_count; i++)
        if (cmp.failed[i])
            talk_say(r->p->talk, "%s did not run: %s.", self->all.items[i].label, cmp.failed[i]);
    strbuf_finish(&line);
    strbuf_finish(&cell);
    comparison_finish(&cmp);
}

/* Saves the plan as `change` has made it. */
static bool save(struct asking *self, struct plan *after, struct err *err)
{
    return plan_save(self->room.p->bench.actor, self->room.p->bench.house, &self->l->plan, after,
                     err);
}

static bool put(struct asking *self, const char *name, char **changes, size_t count,
                struct err *err)
{
    struct plan after;
    bool ok;

    if (!plan_repo_find(self->room.p->bench.actor, self->plan_id, &after, err))
        return false;
    ok = (count ? scenario_put(after.intake_data, self->l->model, name,
                               (const char *const *)changes, count, err)
                : scenario_remove(after.intake_data, name, err)) &&
         save(self, &after, err);
    record_finish(COLL_PLANS, &after);
    return ok;
}

/* "quiet products.units_per_month=*80%; products.price=+5%"; what is not said is asked. */
void plain_asking_set(struct room *r, const char *operand)
{
    struct asking *self = (struct asking *)r;
    size_t len = strcspn(operand, " "), count = 0;
    char *name = len ? mem_strn(operand, len) : talk_ask(r->p->talk, "A name for it: ");
    char *all = operand[len] ? mem_str(operand + len)
                : name       ? talk_ask(r->p->talk, "Its changes, as products.price=+5%%; "
                                                          "products.units_per_month=*80%%: ")
                             : NULL;
    char *changes[SCENARIO_CHANGES_MAX], *rest = NULL;
    struct err err = {0};

    for (char *one = all ? strtok_r(all, ";", &rest) : NULL; one && count < ARRAY_LEN(changes);
         one = strtok_r(NULL, ";", &rest))
        if (*plain_trim(one))
            changes[count++] = plain_trim(one);
    if (!count)
        talk_say(r->p->talk, "Nothing is changed: a scenario is one change or more.");
    else if (put(self, plain_trim(name), changes, count, &err))
        talk_say(r->p->talk, "Saved.");
    else
        say_err(r, &err);
    free(name);
    free(all);
    if (count && err.code == ERR_NONE)
        read_plan(r);
}

void plain_asking_delete(struct room *r, const char *operand)
{
    struct asking *self = (struct asking *)r;
    struct err err = {0};
    char *question;
    size_t i;

    if (!room_thing(r, operand, "Which scenario? A number or the beginning of its name:", &i))
        return;
    if (!self->all.items[i].own) {
        talk_say(r->p->talk, "%s is there for every plan; only your own can be deleted.",
                 self->all.items[i].label);
        return;
    }
    question = mem_printf("Delete the scenario %s?", self->all.items[i].label);
    if (plain_confirm(r->p, question, "delete")) {
        if (put(self, self->all.items[i].name, NULL, 0, &err))
            talk_say(r->p->talk, "It is deleted.");
        else
            say_err(r, &err);
        read_plan(r);
    }
    free(question);
}

/* ---- what it hangs on, what it must be ----------------------------------------------------- */

/* The caller frees it. */
static char *measure_or(const char *operand, const char *usual)
{
    return mem_str(*operand ? operand : usual);
}

void plain_asking_sensitivity(struct room *r, const char *operand)
{
    struct asking *self = (struct asking *)r;
    char *measure = measure_or(operand, FIGURE_NET_Y1);
    struct strbuf low, high;
    struct sensitivity s;
    struct err err = {0};

    strbuf_init(&low, TEXT_LIMIT);
    strbuf_init(&high, TEXT_LIMIT);
    if (sensitivity_run(self->l->model, measure, 0.1, &s, &err)) {
        talk_say(r->p->talk,
                 "%s is %s. Each input moved by 10%% down and up, one at a time, the strongest "
                 "first:",
                 measure, outcome_text(&s.base, &low));
        for (size_t i = 0; i < s.count && i < ROWS_TOLD; i++)
            talk_say(r->p->talk, "%zu. %s, now %s: at %s it is %s; at %s it is %s.", i + 1,
                     s.rows[i].title, s.rows[i].now, s.rows[i].low_input,
                     outcome_text(&s.rows[i].low, &low), s.rows[i].high_input,
                     outcome_text(&s.rows[i].high, &high));
        talk_say(r->p->talk, "%zu inputs do not move it.", s.no_effect + s.zero + s.coarse);
        sensitivity_finish(&s);
    } else {
        say_err(r, &err);
    }
    strbuf_finish(&low);
    strbuf_finish(&high);
    free(measure);
}

static void tell_goal(struct room *r, const struct goal *g)
{
    struct talk *t = r->p->talk;
    struct strbuf text;

    strbuf_init(&text, TEXT_LIMIT);
    talk_say(t, "%s, by %s. Now %s: it %s, %s.", g->goal, g->title, g->now_shown,
             g->holds_now ? "holds" : "does not hold", outcome_text(&g->now_at, &text));
    if (!g->count)
        talk_say(t, "It holds %s from %s to %s.", g->holds_everywhere ? "everywhere" : "nowhere",
                 g->from_shown, g->to_shown);
    for (size_t i = 0; i < g->count; i++) {
        const struct goal_edge *e = &g->edges[i];

        talk_say(t, "It holds from %s %s: there it is %s.", e->shown,
                 e->upward ? "upwards" : "downwards", outcome_text(&e->at, &text));
        talk_say(t, "At %s it does not: %s.", e->beyond_shown, outcome_text(&e->beyond_at, &text));
    }
    strbuf_finish(&text);
}

/* "cash.lowest >= 0 by products.price[1]"; what is not said is asked. */
void plain_asking_goal(struct room *r, const char *operand)
{
    struct asking *self = (struct asking *)r;
    const char *by = strstr(operand, " by ");
    char *goal = by         ? mem_strn(operand, (size_t)(by - operand))
                 : *operand ? mem_str(operand)
                            : talk_ask(r->p->talk, "What is to hold, as cash.lowest >= 0: ");
    char *input = by     ? mem_str(by + 4)
                  : goal ? talk_ask(r->p->talk, "By which input, as products.price[1]: ")
                         : NULL;
    struct err err = {0};
    struct goal g;

    if (input && *plain_trim(goal) && *plain_trim(input)) {
        if (goal_seek(self->l->model, plain_trim(goal), plain_trim(input), NULL, NULL, &g, &err)) {
            tell_goal(r, &g);
            goal_finish(&g);
        } else {
            say_err(r, &err);
        }
    }
    free(goal);
    free(input);
}

/* ---- how far it spreads -------------------------------------------------------------------- */

static void amount(const struct asking *self, double value, struct strbuf *out)
{
    if (isnan(value))
        strbuf_str(out, "no figure");
    else
        figure_amount(self->l->model, value, true, out);
}

static void tell_spread(const struct asking *self, const char *title, const struct spread *s)
{
    struct strbuf line;

    strbuf_init(&line, TEXT_LIMIT);
    strbuf_str(&line, "at worst in one of ten ");
    amount(self, s->p10, &line);
    strbuf_str(&line, "; middle ");
    amount(self, s->p50, &line);
    strbuf_str(&line, "; at best in one of ten ");
    amount(self, s->p90, &line);
    strbuf_str(&line, "; the plan as it is ");
    amount(self, s->base, &line);
    talk_say(self->room.p->talk, "%s: %s.", title, line.data);
    strbuf_finish(&line);
}

static void tell_runs(const struct asking *self, const struct monte_carlo *mc)
{
    struct talk *t = self->room.p->talk;
    char title[48];

    talk_say(t, "%zu runs. Drawn for each:", mc->runs);
    for (size_t i = 0; i < mc->range_count; i++)
        talk_say(t, "%s: %s to %s, most often %s.%s%s", mc->ranges[i].title, mc->ranges[i].low,
                 mc->ranges[i].high, mc->ranges[i].mode, *mc->ranges[i].basis ? " Basis: " : "",
                 mc->ranges[i].basis);
    if (mc->out_month)
        talk_say(t, "Cash runs out in %.1f%% of the runs, in half of those by month %d.",
                 mc->out_of_cash * 100, mc->out_month);
    else
        talk_say(t, "Cash runs out in %.1f%% of the runs.", mc->out_of_cash * 100);
    for (int y = 0; y < MODEL_YEARS; y++) {
        snprintf(title, sizeof title, "Net profit, year %d", y + 1);
        tell_spread(self, title, &mc->profit[y]);
    }
    for (int y = 0; y < MODEL_YEARS; y++) {
        snprintf(title, sizeof title, "Cash at the end of year %d", y + 1);
        tell_spread(self, title, &mc->cash[12 * y + 11]);
    }
    tell_spread(self, "Lowest cash", &mc->lowest);
}

static bool cancelled(void *context)
{
    return talk_interrupted(context);
}

/* Ranges between semicolons; without any the usual ones. */
void plain_asking_montecarlo(struct room *r, const char *operand)
{
    struct asking *self = (struct asking *)r;
    const char *ranges[MONTE_CARLO_RANGES_MOST];
    struct monte_carlo_options options = {.runs = MONTE_CARLO_RUNS, .seed = SEED, .ranges = ranges};
    char *text = mem_str(operand), *rest = NULL;
    struct monte_carlo mc;
    struct err err = {0};

    for (char *one = strtok_r(text, ";", &rest); one && options.range_count < ARRAY_LEN(ranges);
         one = strtok_r(NULL, ";", &rest))
        if (*plain_trim(one))
            ranges[options.range_count++] = plain_trim(one);
    if (monte_carlo_run(self->l->model, &options, cancelled, r->p->talk, &mc, &err)) {
        tell_runs(self, &mc);
        monte_carlo_finish(&mc);
    } else {
        say_err(r, &err);
    }
    free(text);
}

/* ---- curves and traces --------------------------------------------------------------------- */

/* A curve is told as what one would see in it: where it begins and ends, its low and high, then its years. */
void plain_asking_chart(struct room *r, const char *operand)
{
    struct asking *self = (struct asking *)r;
    char *line = measure_or(operand, "cash.closing");
    int low = 0, high = 0, last = 0;
    struct strbuf text;
    double v[MODEL_MONTHS];

    for (int i = 0; i < MODEL_MONTHS; i++) {
        v[i] = model_cell(self->l->model, line, false, i + 1);
        last = isnan(v[i]) ? last : i;
        low = isnan(v[i]) || v[i] >= v[low] ? low : i;
        high = isnan(v[i]) || v[i] <= v[high] ? high : i;
    }
    if (isnan(v[low])) {
        talk_say(r->p->talk, "\"%s\" has no months; a line looks like cash.closing or pnl.revenue.",
                 line);
        free(line);
        return;
    }
    strbuf_init(&text, TEXT_LIMIT);
    strbuf_printf(&text, "%s, by month: begins at ", line);
    amount(self, v[0], &text);
    strbuf_str(&text, ", lowest ");
    amount(self, v[low], &text);
    strbuf_str(&text, " in ");
    model_month_label(self->l->model, low + 1, &text);
    strbuf_str(&text, ", highest ");
    amount(self, v[high], &text);
    strbuf_str(&text, " in ");
    model_month_label(self->l->model, high + 1, &text);
    strbuf_str(&text, ", ends at ");
    amount(self, v[last], &text);
    talk_say(r->p->talk, "%s.", text.data);
    for (int year = 0; year < MODEL_YEARS; year++) {
        strbuf_clear(&text);
        for (int i = 12 * year; i < 12 * year + 12; i++) {
            strbuf_str(&text, i % 12 ? "; " : "");
            model_month_label(self->l->model, i + 1, &text);
            strbuf_char(&text, ' ');
            amount(self, v[i], &text);
        }
        talk_say(r->p->talk, "Year %d: %s.", year + 1, text.data);
    }
    strbuf_finish(&text);
    free(line);
}

void plain_asking_trace(struct room *r, const char *operand)
{
    struct asking *self = (struct asking *)r;

    plain_figure_enter(r->p, self->l, *operand ? operand : FIGURE_NET_Y1, NULL);
    room_back(r);
}

void plain_asking_used_by(struct room *r, const char *operand)
{
    struct asking *self = (struct asking *)r;
    struct dependents d;
    struct err err = {0};

    if (!model_used_by(self->l->model, *operand ? operand : "products.price[1]", &d, &err)) {
        say_err(r, &err);
        return;
    }
    talk_say(r->p->talk, "%zu lines depend on %s.", d.count,
             *operand ? operand : "products.price[1]");
    for (size_t i = 0; i < d.count; i++)
        talk_say(r->p->talk, "%s, %s: %s%d step%s away.", d.items[i].label, d.items[i].name,
                 d.items[i].steps == 1 ? "reads it, " : "", d.items[i].steps,
                 d.items[i].steps == 1 ? "" : "s");
    dependents_finish(&d);
}

/* ---- the place ----------------------------------------------------------------------------- */

void plain_asking_enter(struct plain *p, const char *plan_id)
{
    struct asking self = {.room = {.p = p,
                                   .place = PLAIN_ASKING,
                                   .prompt = "Ask",
                                   .read = read_plan,
                                   .tell = tell,
                                   .choose = explain,
                                   .name = name_of},
                          .plan_id = plan_id};

    if (!session_can_see_months(&p->session)) {
        talk_say(p->talk, "Questions to the figures come with the professional tier.");
        return;
    }
    room_stay(&self.room);
    scenarios_finish(&self.all);
    loaded_let_go(self.l);
}
