/* plain_statements.c - the statements, a row a line. By year a row has five figures; by quarter and by month
 * those of one year of the plan are told, so that a line stays short enough to be listened to. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/err.h"
#include "strattio/model.h"
#include "strattio/scenario.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/figure_text.h"
#include "screen/loaded.h"

enum { KEYS_MAX = 24, TEXT_LIMIT = 64 * 1024 };

enum period { BY_YEAR, BY_QUARTER, BY_MONTH };

static const struct {
    const char *name;
    int a_year; /* of them in a year */
} periods[] = {[BY_YEAR] = {"year", 1}, [BY_QUARTER] = {"quarter", 4}, [BY_MONTH] = {"month", 12}};

struct statements {
    struct room room;
    const char *plan_id;
    struct loaded *l;
    const struct model_def *def;
    size_t statement;
    enum period by;
    int year; /* told when not by year; from 1 */
    const struct statement_row *rows;
    size_t row_count;
    const char
        *keys[KEYS_MAX]; /* figures without a period, after the rows of the first statement */
    char *key_labels[KEYS_MAX];
    size_t key_count;
    char *scenario; /* whose figures are told; NULL: the plan's */
};

/* ---- figures ------------------------------------------------------------------------------- */

static void period_label(const struct statements *self, int n, struct strbuf *out)
{
    if (self->by == BY_MONTH)
        model_month_label(self->l->model, n, out);
    else if (self->by == BY_QUARTER)
        strbuf_printf(out, "year %d quarter %d", (n - 1) / 4 + 1, (n - 1) % 4 + 1);
    else
        strbuf_printf(out, "year %d", n);
}

/* A quarter is no figure of the model but three of its months. */
static void quarter_text(const struct statements *self, const struct statement_row *row, int n,
                         struct strbuf *out)
{
    double value = model_quarter_cell(self->l->model, row->name, n);

    if (isnan(value))
        strbuf_str(out, "no figure");
    else if (row->amount)
        figure_amount(self->l->model, value, false, out);
    else
        strbuf_printf(out, "%.4g", value);
}

static void cell_text(const struct statements *self, const struct statement_row *row, int n,
                      struct strbuf *out)
{
    char *name = mem_printf("%s[%c%d]", row->name, self->by == BY_MONTH ? 'm' : 'y', n);
    struct figure f = {0};
    struct err err = {0};

    if (self->by == BY_QUARTER)
        quarter_text(self, row, n, out);
    else if (model_figure(self->l->model, name, &f, &err) && f.plain)
        figure_text(self->l->model, &f, false, out);
    else
        strbuf_str(out, "no figure");
    figure_finish(&f);
    free(name);
}

/* ---- telling ------------------------------------------------------------------------------- */

static bool has_keys(const struct statements *self)
{
    return self->key_count && self->by == BY_YEAR && self->statement == 0;
}

static void tell_row(struct statements *self, size_t i)
{
    const struct statement_row *row = &self->rows[i];
    int first = self->by == BY_YEAR ? 1 : (self->year - 1) * periods[self->by].a_year + 1;
    int count = self->by == BY_YEAR ? MODEL_YEARS : periods[self->by].a_year;
    struct strbuf line;

    strbuf_init(&line, TEXT_LIMIT);
    strbuf_printf(&line, "%zu. %s%s: ", i + 1, row->label, row->total ? ", total" : "");
    for (int n = first; n < first + count; n++) {
        strbuf_str(&line, n > first ? "; " : "");
        period_label(self, n, &line);
        strbuf_char(&line, ' ');
        cell_text(self, row, n, &line);
    }
    talk_say(self->room.p->talk, "%s.", line.data);
    strbuf_finish(&line);
}

static void tell_keys(struct statements *self)
{
    struct strbuf value;

    strbuf_init(&value, TEXT_LIMIT);
    talk_say(self->room.p->talk, "Key figures.");
    for (size_t i = 0; i < self->key_count; i++) {
        strbuf_clear(&value);
        figure_text_of(self->l->model, self->keys[i], &value);
        talk_say(self->room.p->talk, "%zu. %s: %s.", self->row_count + i + 1, self->key_labels[i],
                 strcmp(value.data, "–") == 0 ? "no figure" : value.data);
    }
    strbuf_finish(&value);
}

/* The figures without a period, once. */
static void add_keys(struct statements *self)
{
    static const char *const prefixes[] = {"break_even.", "kpis."};
    size_t lines = self->key_count ? 0 : model_line_count(self->def) * ARRAY_LEN(prefixes);
    struct err err = {0};

    for (size_t i = 0; i < lines && self->key_count < KEYS_MAX; i++) {
        const char *prefix = prefixes[i / model_line_count(self->def)];
        const char *name = model_line_name(self->def, i % model_line_count(self->def));
        struct figure f = {0};

        if (strncmp(name, prefix, strlen(prefix)) != 0 ||
            !model_figure(self->l->model, name, &f, &err))
            continue;
        self->keys[self->key_count] = name;
        self->key_labels[self->key_count++] = mem_str(f.label);
        figure_finish(&f);
    }
}

static void show(struct statements *self, size_t statement, enum period by)
{
    self->statement = statement;
    self->by = by;
    self->row_count =
        model_statement(self->l->model, model_statement_name(self->def, statement), &self->rows);
    self->room.things = self->row_count + (has_keys(self) ? self->key_count : 0);
}

/* Puts the model of the scenario in the place of the plan's; without it, if it does not run. */
static void take_scenario(struct statements *self, struct loaded *l)
{
    const struct scenario *s;
    struct model *m = NULL;
    struct scenarios all;
    struct err err = {0};

    if (self->scenario && scenarios_read(l->plan.intake_data, &all, &err)) {
        s = scenarios_find(&all, self->scenario, &err);
        m = s ? scenario_model(l->model, s, &err) : NULL;
        scenarios_finish(&all);
    }
    if (err.code != ERR_NONE) {
        talk_say(self->room.p->talk, "%s.", err.msg);
        free(self->scenario);
        self->scenario = NULL;
    }
    if (!m)
        return;
    model_free(l->model);
    l->model = m;
}

/* If it cannot be read, what was read before stays. */
static void read_model(struct room *r)
{
    struct statements *self = (struct statements *)r;
    struct err err = {0};
    struct loaded *l = loaded_now(&r->p->bench, self->plan_id, LOAD_MODEL, &err);

    if (l && !l->model) {
        err = l->model_err;
        loaded_let_go(l);
        l = NULL;
    }
    if (!l) {
        plain_error(r->p, &err);
        r->left = !self->l;
        return;
    }
    take_scenario(self, l);
    loaded_let_go(self->l);
    self->l = l;
    add_keys(self);
    show(self, self->statement, self->by);
}

static void tell(struct room *r)
{
    struct statements *self = (struct statements *)r;
    struct strbuf from;

    strbuf_init(&from, 64);
    model_month_label(self->l->model, 1, &from);
    talk_gap(r->p->talk);
    talk_say(r->p->talk, "%s of %s, %s, by %s, from %s. Statement %zu of %zu.",
             model_statement_title(self->def, self->statement), self->l->plan.name,
             model_currency(self->l->model), periods[self->by].name, from.data, self->statement + 1,
             model_statement_count(self->def));
    if (self->scenario)
        talk_say(r->p->talk, "Under the scenario %s; \"scenario\" alone leads back to the plan.",
                 self->scenario);
    if (self->by != BY_YEAR)
        talk_say(r->p->talk, "Year %d of %d; \"year N\" tells another.", self->year, MODEL_YEARS);
    strbuf_finish(&from);
    for (size_t i = 0; i < self->row_count; i++)
        tell_row(self, i);
    if (has_keys(self))
        tell_keys(self);
}

/* ---- what is told -------------------------------------------------------------------------- */

static bool may_see_more(struct statements *self)
{
    if (session_can_see_months(&self->room.p->session))
        return true;
    talk_say(self->room.p->talk,
             "Months, quarters and the other statements come with the professional tier; "
             "the years of this one with every tier.");
    return false;
}

static void turn(struct statements *self, size_t step)
{
    size_t count = model_statement_count(self->def);

    if (!may_see_more(self))
        return;
    show(self, (self->statement + step) % count, self->by);
    tell(&self->room);
}

void plain_statements_next(struct room *r, const char *operand)
{
    (void)operand;
    turn((struct statements *)r, 1);
}

void plain_statements_previous(struct room *r, const char *operand)
{
    struct statements *self = (struct statements *)r;

    (void)operand;
    turn(self, model_statement_count(self->def) - 1);
}

void plain_statements_by(struct room *r, const char *operand)
{
    struct statements *self = (struct statements *)r;

    for (size_t i = 0; *operand && i < ARRAY_LEN(periods); i++) {
        if (strncasecmp(operand, periods[i].name, strlen(periods[i].name)) != 0 &&
            strncasecmp(periods[i].name, operand, strlen(operand)) != 0)
            continue;
        if (i != BY_YEAR && !may_see_more(self))
            return;
        show(self, self->statement, (enum period)i);
        tell(r);
        return;
    }
    talk_say(r->p->talk, "By month, by quarter or by year?");
}

void plain_statements_year(struct room *r, const char *operand)
{
    struct statements *self = (struct statements *)r;
    long year = strtol(operand, NULL, 10);

    if (year < 1 || year > MODEL_YEARS) {
        talk_say(r->p->talk, "A year is a number from 1 to %d.", MODEL_YEARS);
        return;
    }
    self->year = (int)year;
    if (self->by == BY_YEAR)
        talk_say(r->p->talk,
                 "All years are told; \"by month\" or \"by quarter\" tells those of year %ld.",
                 year);
    else
        tell(r);
}

/* ---- a row, a cell ------------------------------------------------------------------------- */

static const char *name_of(struct room *r, size_t i)
{
    const struct statements *self = (const struct statements *)r;

    return i < self->row_count ? self->rows[i].label : self->key_labels[i - self->row_count];
}

static bool find_row(struct room *r, const char *operand, size_t *row)
{
    return room_thing(r, operand, "Which row? A number or the beginning of its name:", row);
}

/* All periods of a row, each on a line of its own. */
void plain_statements_row(struct room *r, const char *operand)
{
    struct statements *self = (struct statements *)r;
    struct strbuf line;
    size_t row;

    if (!find_row(r, operand, &row))
        return;
    if (row >= self->row_count) {
        plain_figure_enter(r->p, self->l, self->keys[row - self->row_count], NULL);
        return;
    }
    talk_say(r->p->talk, "%s, %s.", self->rows[row].label, self->rows[row].name);
    strbuf_init(&line, TEXT_LIMIT);
    for (int n = 1; n <= MODEL_YEARS * periods[self->by].a_year; n++) {
        strbuf_clear(&line);
        period_label(self, n, &line);
        strbuf_str(&line, ": ");
        cell_text(self, &self->rows[row], n, &line);
        talk_say(r->p->talk, "%s", line.data);
    }
    strbuf_finish(&line);
    if (self->by != BY_QUARTER)
        talk_say(r->p->talk, "\"figure %zu N\" says where the one of %s N comes from.", row + 1,
                 periods[self->by].name);
}

static void choose(struct room *r, size_t i)
{
    char number[24];

    snprintf(number, sizeof number, "%zu", i + 1);
    plain_statements_row(r, number);
}

/* The figure that "3 1" means, the row, then the year or month; the caller frees it. NULL, having said
 * why, if there is none. A quarter is none to trace, but what moves it can be changed. */
static char *read_cell(struct room *r, const char *operand, bool to_change)
{
    struct statements *self = (struct statements *)r;
    size_t last = strlen(operand), row;
    int most = MODEL_YEARS * periods[self->by].a_year;
    char *word, *name = NULL;
    long n;

    while (last && operand[last - 1] != ' ')
        last--;
    n = last ? strtol(operand + last, NULL, 10) : 0;
    word = mem_strn(operand, n ? last : strlen(operand));
    if (!find_row(r, plain_trim(word), &row))
        ;
    else if (row >= self->row_count)
        name = mem_str(self->keys[row - self->row_count]);
    else if (self->by == BY_QUARTER && !to_change)
        talk_say(r->p->talk,
                 "A quarter is the sum or the end of its months: choose \"by month\" to see "
                 "where they come from.");
    else if (n < 1 || n > most)
        talk_say(r->p->talk, "Give the row, then a %s from 1 to %d, as in: %zu 1",
                 periods[self->by].name, most, row + 1);
    else if (self->by == BY_QUARTER) /* what moves its last month moves it */
        name = mem_printf("%s[m%ld]", self->rows[row].name, 3 * n);
    else
        name = mem_printf("%s[%c%ld]", self->rows[row].name, self->by == BY_MONTH ? 'm' : 'y', n);
    free(word);
    return name;
}

void plain_statements_cell(struct room *r, const char *operand)
{
    struct statements *self = (struct statements *)r;
    char *name = read_cell(r, operand, false);

    if (!name)
        return;
    plain_figure_enter(r->p, self->l, name, NULL);
    free(name);
    room_back(r);
}

void plain_statements_change(struct room *r, const char *operand)
{
    char *name = read_cell(r, operand, true);

    if (!name)
        return;
    plain_inputs_enter(r->p, ((struct statements *)r)->plan_id, name);
    free(name);
    room_back(r);
}

void plain_statements_inputs(struct room *r, const char *operand)
{
    (void)operand;
    plain_inputs_enter(r->p, ((struct statements *)r)->plan_id, NULL);
    room_back(r);
}

/* The scenario's model takes the place of the plan's, for what is told here. */
void plain_statements_scenario(struct room *r, const char *operand)
{
    struct statements *self = (struct statements *)r;

    if (!may_see_more(self))
        return;
    free(self->scenario);
    self->scenario = *operand ? mem_str(operand) : NULL;
    read_model(r);
    tell(r);
}

void plain_statements_ask(struct room *r, const char *operand)
{
    (void)operand;
    plain_asking_enter(r->p, ((struct statements *)r)->plan_id);
    room_back(r);
}

void plain_statements_enter(struct plain *p, const char *plan_id)
{
    struct statements self = {.room = {.p = p,
                                       .place = PLAIN_FINANCIALS,
                                       .prompt = "Financials",
                                       .read = read_model,
                                       .tell = tell,
                                       .choose = choose,
                                       .name = name_of},
                              .plan_id = plan_id,
                              .year = 1};
    struct err err = {0};

    self.def = house_model_def(p->bench.house, &err);
    if (self.def)
        room_stay(&self.room);
    else
        plain_error(p, &err);
    while (self.key_count)
        free(self.key_labels[--self.key_count]);
    free(self.scenario);
    loaded_let_go(self.l);
}
