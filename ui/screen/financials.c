/* financials.c - the statements as tables, by year, quarter or month, and the key figures under the
 * years. A cell's text is worked out when it is first shown and kept: sixty months of a
 * statement are many figures. Under which scenario is the name in `wanted`: the worker is asked for
 * it once at a time, and what was shown stays until its figures are there. */
#include "screen/screens.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/scenario.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/answer.h"
#include "screen/changing.h"
#include "screen/charts.h"
#include "screen/crumb.h"
#include "screen/figure_text.h"
#include "screen/listing.h"
#include "screen/loaded.h"
#include "screen/session.h"
#include "screen/trace.h"
#include "widget/table.h"

enum {
    LABEL_COLS = 29, /* with five columns one cell is left for the arrow */
    WIDE_LABEL_COLS = 42,
    NARROW_LABEL_COLS = 20,
    CELL_COLS = 10,
    WIDE_CELL_COLS = 12,
    KEY_MAX = 24,
    FOOT_ROWS = 4,
};

enum period { BY_YEAR, BY_QUARTER, BY_MONTH };

static const struct {
    const char *word;
    char letter; /* in the names of figures, and for the next start */
    size_t count, months;
} periods_by[] = {
    [BY_YEAR] = {"year", 'y', MODEL_YEARS, 12},
    [BY_QUARTER] = {"quarter", 'q', MODEL_QUARTERS, 3},
    [BY_MONTH] = {"month", 'm', MODEL_MONTHS, 1},
};

struct financials {
    struct screen base;
    char *plan_id, *name;
    char *place; /* to begin at, as where() tells it; NULL once one is there */
    struct loaded *l;
    struct err err;
    const struct model_def *def;
    size_t statement;
    enum period by;
    char *wanted; /* the scenario to show; "base" */
    bool asked;   /* the worker is on it, or on the one wanted before */
    int amount_cols;
    struct table table;
    const struct statement_row *rows;
    size_t row_count;
    const char *keys[KEY_MAX]; /* figures without a period, shown under the years */
    char *key_labels[KEY_MAX];
    size_t key_count;
    char **cells; /* of the period shown; NULL where not worked out yet */
    bool *negative;
    bool *changed;         /* says another thing than in `before` */
    struct loaded *before; /* until the next key, if the answers were changed; else NULL */
};

static size_t periods(const struct financials *self)
{
    return periods_by[self->by].count;
}

static size_t line_count(const struct financials *self)
{
    bool keys = self->key_count && self->by == BY_YEAR && self->statement == 0;

    return self->row_count + (keys ? self->key_count + 2 : 0);
}

/* The index of the key figure in this row; `key_count` if it is none. */
static size_t key_at(const struct financials *self, size_t row)
{
    return row >= self->row_count + 2 ? row - self->row_count - 2 : self->key_count;
}

/* A quarter is no figure of the model but three of its months; NULL for a ratio. */
static char *quarter_name(const struct financials *self, size_t row, size_t col)
{
    struct strbuf name;

    strbuf_init(&name, 1024);
    model_quarter_formula(self->l->model, self->rows[row].name, (int)col + 1, &name);
    if (name.len)
        return strbuf_take(&name);
    strbuf_finish(&name);
    return NULL;
}

/* The figure in a cell, or NULL: the caller's to free. */
static char *figure_name(const struct financials *self, size_t row, size_t col)
{
    if (row < self->row_count && self->by == BY_QUARTER)
        return quarter_name(self, row, col);
    if (row < self->row_count)
        return mem_printf("%s[%c%zu]", self->rows[row].name, periods_by[self->by].letter, col + 1);
    if (key_at(self, row) < self->key_count && col == 0)
        return mem_str(self->keys[key_at(self, row)]);
    return NULL;
}

/* ---- cells --------------------------------------------------------------------------------- */

static void drop_cells(struct financials *self)
{
    for (size_t i = 0; self->cells && i < line_count(self) * periods(self); i++)
        free(self->cells[i]);
    free(self->cells);
    free(self->negative);
    free(self->changed);
    self->cells = NULL;
    self->negative = NULL;
    self->changed = NULL;
}

/* Did the figure say another thing before the answers were changed? */
static bool is_changed(const struct financials *self, const struct figure *now)
{
    struct figure old = {0};
    struct err err = {0};
    bool changed = self->before && model_figure(self->before->model, now->name, &old, &err) &&
                   strcmp(old.value, now->value) != 0;

    figure_finish(&old);
    return changed;
}

/* As the model writes a figure of this row; its own quarters have no text. */
static bool quarter_text(const struct financials *self, size_t row, size_t col, struct strbuf *out)
{
    double value = model_quarter_cell(self->l->model, self->rows[row].name, (int)col + 1);

    if (isnan(value))
        strbuf_str(out, "–");
    else if (self->rows[row].amount)
        figure_amount(self->l->model, value, false, out);
    else
        strbuf_printf(out, "%.4g", value);
    return value < 0;
}

static const char *cell_text(struct financials *self, size_t row, size_t col)
{
    size_t at = row * periods(self) + col;
    char *name;
    struct figure f = {0};
    struct err err = {0};
    struct strbuf text;

    if (self->cells[at])
        return self->cells[at];
    strbuf_init(&text, 256);
    if (self->by == BY_QUARTER && row < self->row_count) {
        self->negative[at] = quarter_text(self, row, col, &text);
        self->cells[at] = strbuf_take(&text);
        return self->cells[at];
    }
    name = figure_name(self, row, col);
    if (name && model_figure(self->l->model, name, &f, &err)) {
        /* The head of the statement names the currency; a key figure says it itself. */
        figure_text(self->l->model, &f, row >= self->row_count, &text);
        self->negative[at] = f.plain && f.plain[0] == '-';
        self->changed[at] = is_changed(self, &f);
    } else if (name) {
        strbuf_str(&text, "–");
    }
    figure_finish(&f);
    free(name);
    self->cells[at] = strbuf_take(&text);
    return self->cells[at];
}

static void period_label(const struct financials *self, size_t col, struct strbuf *out)
{
    if (self->by == BY_MONTH)
        model_month_label(self->l->model, (int)col + 1, out);
    else if (self->by == BY_QUARTER)
        strbuf_printf(out, "Y%zu Q%zu", col / 4 + 1, col % 4 + 1);
    else
        strbuf_printf(out, "Year %zu", col + 1);
}

static unsigned draw_head(void *arg, size_t col, struct strbuf *out)
{
    period_label(arg, col, out);
    return ROLE_TITLE;
}

static unsigned draw_label(void *arg, size_t row, struct strbuf *out)
{
    struct financials *self = arg;

    if (row < self->row_count) {
        strbuf_fill(out, ' ', 2 * self->rows[row].level);
        strbuf_str(out, self->rows[row].label);
        return self->rows[row].total ? ROLE_TITLE : ROLE_TEXT;
    }
    if (row <= self->row_count + 1) { /* a line of air above the second heading */
        strbuf_str(out, row > self->row_count ? "Key figures" : "");
        return ROLE_ACCENT;
    }
    strbuf_str(out, self->key_labels[key_at(self, row)]);
    return ROLE_TEXT;
}

static unsigned draw_cell(void *arg, size_t row, size_t col, struct strbuf *out)
{
    struct financials *self = arg;
    size_t at = row * periods(self) + col;

    strbuf_str(out, cell_text(self, row, col));
    if (self->changed[at] && self->before) {
        struct strbuf marked;

        strbuf_init(&marked, 256);
        strbuf_printf(&marked, "*%s", out->data);
        strbuf_clear(out);
        strbuf_str(out, marked.data);
        strbuf_finish(&marked);
        return self->negative[at] ? ROLE_BAD : ROLE_ACCENT;
    }
    if (self->negative[at])
        return ROLE_BAD;
    return row < self->row_count && self->rows[row].total ? ROLE_TITLE : ROLE_TEXT;
}

/* ---- what is shown ------------------------------------------------------------------------- */

/* Cells of the widest amount of the statement, with its separators, sign and some air. */
static int amount_cols(const struct financials *self)
{
    double most = 0;
    char digits[64];
    int len;

    for (size_t row = 0; row < self->row_count; row++) {
        for (size_t i = 1; i <= periods(self); i++) {
            const char *name = self->rows[row].name;
            double value =
                fabs(self->by == BY_QUARTER
                         ? model_quarter_cell(self->l->model, name, (int)i)
                         : model_cell(self->l->model, name, self->by == BY_YEAR, (int)i));

            most = value > most ? value : most;
        }
    }
    len = snprintf(digits, sizeof digits, "%.0f", most);
    return len + (len - 1) / 3 + 2;
}

/* The cursor stays in the time it is in: on the year's first month, or on the month's year. */
static void show_period(struct financials *self, enum period by)
{
    size_t month = self->table.col * periods_by[self->by].months;

    drop_cells(self);
    if (by != self->by)
        self->table.col = month / periods_by[by].months;
    self->by = by;
    self->amount_cols = amount_cols(self);
    self->cells = mem_zero(line_count(self) * periods(self) + 1, sizeof *self->cells);
    self->negative = mem_zero(line_count(self) * periods(self) + 1, sizeof *self->negative);
    self->changed = mem_zero(line_count(self) * periods(self) + 1, sizeof *self->changed);
    table_set_size(&self->table, line_count(self), periods(self));
}

static void show_statement(struct financials *self, size_t i)
{
    drop_cells(self);
    self->statement = i;
    self->row_count =
        model_statement(self->l->model, model_statement_name(self->def, i), &self->rows);
    show_period(self, self->by);
}

/* The figures without a period whose names begin so: they stand under the first statement. */
static void add_keys(struct financials *self, const char *prefix)
{
    struct err err = {0};

    for (size_t i = 0; i < model_line_count(self->def) && self->key_count < KEY_MAX; i++) {
        const char *name = model_line_name(self->def, i);
        struct figure f = {0};

        if (strncmp(name, prefix, strlen(prefix)) != 0 ||
            !model_figure(self->l->model, name, &f, &err))
            continue;
        self->keys[self->key_count] = name;
        self->key_labels[self->key_count++] = mem_str(f.label);
        figure_finish(&f);
    }
}

static void drop_keys(struct financials *self)
{
    while (self->key_count)
        free(self->key_labels[--self->key_count]);
}

/* To the cell where() told. */
static void go_back(struct financials *self)
{
    bool all = session_can_see_months(&self->base.app->session);
    size_t row = 0, col = 0, i = 0;
    char name[64] = "", period = 'y';

    sscanf(self->place, "%63s %c %zu %zu", name, &period, &row, &col);
    free(self->place);
    self->place = NULL;
    while (i < model_statement_count(self->def) &&
           strcmp(model_statement_name(self->def, i), name) != 0)
        i++;
    for (size_t k = 0; all && k < ARRAY_LEN(periods_by); k++)
        if (periods_by[k].letter == period)
            self->by = (enum period)k;
    show_statement(self, all && i < model_statement_count(self->def) ? i : 0);
    list_move_to(&self->table.list, row);
    self->table.col = col < periods(self) ? col : 0;
}

static void forget_before(struct financials *self)
{
    loaded_let_go(self->before);
    self->before = NULL;
}

/* Lets go of what was shown, but for the next moments if `l` comes from other answers: what they
 * changed is marked. */
static void keep_before(struct financials *self, const struct loaded *l)
{
    forget_before(self);
    if (self->l && self->l->model && l && l->model &&
        !bson_equal(self->l->plan.intake_data, l->plan.intake_data))
        self->before = self->l;
    else
        loaded_let_go(self->l);
}

static const char *shown_scenario(const struct loaded *l)
{
    return l->scenario ? l->scenario : "base";
}

static void loaded(struct screen *s, struct loaded *l, const struct err *err);

/* A scenario that does not run leaves what is shown; one that is gone gives way to the plan. */
static void scenario_read(struct screen *s, struct loaded *l, const struct err *err)
{
    struct financials *self = (struct financials *)s;
    struct loaded *base = self->l->under ? self->l->under : self->l;

    self->asked = false;
    if (l) {
        loaded(s, l, err);
        return;
    }
    app_error(s->app, err);
    free(self->wanted);
    self->wanted = mem_str(err->code == ERR_NOT_FOUND ? "base" : shown_scenario(self->l));
    if (strcmp(self->wanted, shown_scenario(self->l)) != 0)
        loaded(s, loaded_hold(base), err);
}

/* Asks for the scenario that is wanted, unless it is shown or being asked for. */
static void ask_scenario(struct financials *self)
{
    struct loaded *base = self->l->under ? self->l->under : self->l;
    struct err none = {0};

    if (self->asked || strcmp(self->wanted, shown_scenario(self->l)) == 0)
        return;
    if (strcmp(self->wanted, "base") == 0) {
        loaded(&self->base, loaded_hold(base), &none);
    } else {
        self->asked = true;
        loaded_read_under(&self->base, base, self->wanted, scenario_read);
    }
}

static void want_scenario(struct financials *self, const char *name)
{
    char *copy = mem_str(name);

    free(self->wanted);
    self->wanted = copy;
    ask_scenario(self);
}

static const struct scenarios *all_scenarios(const struct financials *self)
{
    static const struct scenarios none;
    const struct loaded *base = self->l && self->l->under ? self->l->under : self->l;

    return base && base->scenarios ? base->scenarios : &none;
}

static void next_scenario(struct financials *self)
{
    const struct scenarios *all = all_scenarios(self);
    size_t i = 0;

    while (i < all->count && strcmp(all->items[i].name, self->wanted) != 0)
        i++;
    if (all->count)
        want_scenario(self, all->items[(i + 1) % all->count].name);
}

/* The plan as it is was read anew: under a scenario that is not what is to be seen. */
static void read_anew(struct screen *s, struct loaded *l, const struct err *err)
{
    struct financials *self = (struct financials *)s;

    if (l && l->model && self->l && !self->asked && strcmp(self->wanted, "base") != 0) {
        self->asked = true;
        loaded_read_under(s, l, self->wanted, scenario_read);
        loaded_let_go(l);
    } else {
        loaded(s, l, err);
    }
}

static void loaded(struct screen *s, struct loaded *l, const struct err *err)
{
    struct financials *self = (struct financials *)s;

    app_dirty(s->app);
    if (!l && self->l) { /* what was read before stays in sight */
        app_error(s->app, err);
        return;
    }
    drop_cells(self);
    drop_keys(self);
    keep_before(self, l);
    self->l = l;
    self->err = l ? l->model_err : *err;
    if (!l || !l->model)
        return;
    add_keys(self, "break_even.");
    add_keys(self, "kpis.");
    if (self->place)
        go_back(self);
    else
        show_statement(self, self->statement);
    ask_scenario(self);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct financials *self = (struct financials *)s;
    const struct plan_place *at = arg;

    self->def = house_model_def(s->app->house, err);
    if (!self->def)
        return false;
    self->plan_id = mem_str(at->plan_id);
    self->name = mem_str(at->name);
    self->place = mem_str(at->place);
    self->wanted = mem_str("base");
    self->table = (struct table){.label_cols = LABEL_COLS,
                                 .cell_cols = CELL_COLS,
                                 .head = draw_head,
                                 .label = draw_label,
                                 .cell = draw_cell,
                                 .arg = self};
    table_init(&self->table);
    loaded_read(s, self->plan_id, LOAD_MODEL | LOAD_SCENARIOS, loaded);
    return true;
}

static void leave(struct screen *s)
{
    struct financials *self = (struct financials *)s;

    drop_cells(self);
    drop_keys(self);
    forget_before(self);
    loaded_let_go(self->l);
    free(self->plan_id);
    free(self->name);
    free(self->place);
    free(self->wanted);
}

static void shown(struct screen *s)
{
    struct financials *self = (struct financials *)s;

    loaded_read(s, self->plan_id, LOAD_MODEL | LOAD_SCENARIOS, read_anew);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_FINANCIALS);
    contexts_add(cs, CONTEXT_TABLE);
    contexts_add(cs, CONTEXT_LIST);
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct financials *self = (const struct financials *)s;
    char *name;

    if (!self->l || !self->l->model)
        return action_info(a)->context != CONTEXT_FINANCIALS;
    if (a == ACTION_FINANCIALS_UNDO)
        return answer_past_has(s->app, self->plan_id);
    if (a != ACTION_FINANCIALS_TRACE && a != ACTION_FINANCIALS_EDIT && a != ACTION_FINANCIALS_USED)
        return true;
    name = figure_name(self, self->table.list.cursor, self->table.col);
    free(name);
    return name != NULL;
}

static const char *why_not(const struct screen *s, enum action a)
{
    const struct financials *self = (const struct financials *)s;

    if (!self->l || !self->l->model)
        return "The figures cannot be worked out yet.";
    if (a == ACTION_FINANCIALS_UNDO)
        return "No answer was changed here.";
    return self->by == BY_QUARTER ? "A quarter of a ratio is no figure of its own; its months are."
                                  : "No figure is under the cursor.";
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    crumb_join(s, ((const struct financials *)s)->name, "Financials", out);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_title(const struct financials *self, const struct canvas *line)
{
    struct strbuf from;
    int x = canvas_put(line, 0, 2, ROLE_TITLE, model_statement_title(self->def, self->statement));

    if (self->l->scenario)
        x = canvas_printf(line, 0, x, ROLE_WARN, " under %s", self->l->scenario_label);
    strbuf_init(&from, 64);
    model_month_label(self->l->model, 1, &from);
    canvas_printf(line, 0, x + 2, ROLE_DIM, "%s, by %s, from %s", model_currency(self->l->model),
                  periods_by[self->by].word, from.data);
    if (self->before)
        canvas_put(line, 0, line->cols - 24, ROLE_ACCENT, "* just changed");
    canvas_fill(line, 0, line->cols - 10, 1, 10, ROLE_TEXT);
    canvas_printf(line, 0, line->cols - 9, ROLE_DIM, "%zu of %zu", self->statement + 1,
                  model_statement_count(self->def));
    strbuf_finish(&from);
}

/* A quarter: its months are what it is worked out from. */
static void draw_quarter(const struct financials *self, const struct canvas *c, const char *formula)
{
    size_t row = self->table.list.cursor, col = self->table.col;
    struct strbuf title;
    int x;

    strbuf_init(&title, 512);
    strbuf_printf(&title, "%s, ", self->rows[row].label);
    period_label(self, col, &title);
    x = canvas_put(c, 1, 2, ROLE_TITLE, title.data);
    canvas_put(c, 1, x + 2, ROLE_TITLE, self->cells[row * periods(self) + col]);
    canvas_wrap(c, 2, 2, 2, c->cols - 4, ROLE_DIM, formula, true);
    strbuf_finish(&title);
}

/* What the cell under the cursor is: its label and period, how it is worked out, or why it is
 * not. */
static void draw_foot(const struct financials *self, const struct canvas *c)
{
    char *name = figure_name(self, self->table.list.cursor, self->table.col);
    struct figure f = {0};
    struct err err = {0};
    struct strbuf title;
    int x;

    canvas_hline(c, 0, 0, c->cols, ROLE_BORDER);
    if (self->by == BY_QUARTER && name) {
        draw_quarter(self, c, name);
        free(name);
        return;
    }
    if (!name || !model_figure(self->l->model, name, &f, &err)) {
        free(name);
        return;
    }
    strbuf_init(&title, 512);
    trace_title(self->l, f.label, f.name, &title);
    x = canvas_put(c, 1, 2, ROLE_TITLE, title.data);
    canvas_put(c, 1, x + 2, ROLE_TITLE, f.value);
    if (f.reason_text)
        canvas_wrap(c, 2, 2, 2, c->cols - 4, ROLE_WARN, f.reason_text, true);
    else if (f.formula)
        canvas_wrap(c, 2, 2, 2, c->cols - 4, ROLE_DIM, f.formula, true);
    else if (f.basis)
        canvas_wrap(c, 2, 2, 2, c->cols - 4, ROLE_DIM, f.basis, true);
    strbuf_finish(&title);
    figure_finish(&f);
    free(name);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct financials *self = (struct financials *)s;
    struct canvas title = canvas_part(body, 0, 0, 1, body->cols);
    struct canvas table = canvas_part(body, 1, 0, body->rows - 1 - FOOT_ROWS, body->cols);
    struct canvas foot = canvas_part(body, body->rows - FOOT_ROWS, 0, FOOT_ROWS, body->cols);

    canvas_cursor(body, 0, 0, false);
    if (self->err.code != ERR_NONE)
        listing_trouble(body, 1, self->err.msg);
    if (!self->l || !self->l->model)
        return;
    self->table.cell_cols = body->cols >= 100 ? WIDE_CELL_COLS : CELL_COLS;
    if (self->table.cell_cols < self->amount_cols)
        self->table.cell_cols = self->amount_cols;
    self->table.label_cols = body->cols >= 110  ? WIDE_LABEL_COLS
                             : body->cols >= 70 ? LABEL_COLS
                                                : NARROW_LABEL_COLS;
    draw_title(self, &title);
    table_draw(&self->table, &table);
    draw_foot(self, &foot);
}

/* To these periods, or from them back to the years. */
static void toggle_period(struct financials *self, enum period by)
{
    if (self->by == BY_YEAR && !session_can_see_months(&self->base.app->session)) {
        app_toast(self->base.app, ROLE_WARN,
                  "Months and quarters come with the professional tier; the years are shown in "
                  "every tier.");
        return;
    }
    show_period(self, self->by == by ? BY_YEAR : by);
}

static void go_statement(struct financials *self, size_t i)
{
    if (!session_can_see_months(&self->base.app->session)) {
        app_toast(self->base.app, ROLE_WARN,
                  "The other statements come with the professional tier; this one with every.");
        return;
    }
    self->table.list.top = 0;
    list_move_to(&self->table.list, 0);
    show_statement(self, i);
}

/* The inputs stand behind the last statement and before the first. */
static void show_inputs(struct financials *self)
{
    struct plan_place at = {.plan_id = self->plan_id, .name = self->name};

    app_replace(self->base.app, &self->base, &screen_inputs, &at);
}

static void next_statement(struct financials *self, int step)
{
    size_t count = model_statement_count(self->def);

    if (session_can_see_months(&self->base.app->session) &&
        self->statement == (step > 0 ? count - 1 : 0))
        show_inputs(self);
    else
        go_statement(self, (self->statement + count + (size_t)step) % count);
}

static void places(const struct screen *s, struct places *out)
{
    const struct financials *self = (const struct financials *)s;

    for (size_t i = 0; self->l && self->l->model && i < model_statement_count(self->def); i++)
        places_add(out, model_statement_title(self->def, i), "Show this statement.",
                   model_statement_name(self->def, i));
    for (size_t i = 0; i < all_scenarios(self)->count; i++) {
        char *label = mem_printf("Scenario: %s", all_scenarios(self)->items[i].label);
        char *place = mem_printf("scenario %s", all_scenarios(self)->items[i].name);

        places_add(out, label, "Show the statements under this scenario.", place);
        free(label);
        free(place);
    }
}

static void go(struct screen *s, const char *place)
{
    struct financials *self = (struct financials *)s;

    for (size_t i = 0; i < model_statement_count(self->def); i++)
        if (strcmp(model_statement_name(self->def, i), place) == 0)
            go_statement(self, i);
    if (self->l && strncmp(place, "scenario ", 9) == 0)
        want_scenario(self, place + 9);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct financials *self = (struct financials *)s;
    bool clicked;

    if (ev->kind == INPUT_KEY && self->before) {
        forget_before(self);
        app_dirty(s->app);
    }
    if (!table_mouse(&self->table, ev, &clicked))
        return false;
    if (clicked && input_double(ev))
        app_act(s->app, ACTION_FINANCIALS_TRACE);
    return true;
}

static void undone(struct screen *s, enum answer_outcome outcome, const struct err *err)
{
    (void)outcome;
    (void)err;
    shown(s);
}

static bool act(struct screen *s, enum action a)
{
    struct financials *self = (struct financials *)s;
    char *name;

    switch (a) {
    case ACTION_FINANCIALS_PERIOD:
        toggle_period(self, BY_MONTH);
        return true;
    case ACTION_FINANCIALS_QUARTERS:
        toggle_period(self, BY_QUARTER);
        return true;
    case ACTION_FINANCIALS_CHARTS:
        if (session_can_see_months(&s->app->session))
            charts_open(s->app, self->l);
        else
            app_toast(s->app, ROLE_WARN, "Charts of months come with the professional tier.");
        return true;
    case ACTION_FINANCIALS_SCENARIO:
        next_scenario(self);
        return true;
    case ACTION_FINANCIALS_NEXT:
    case ACTION_FINANCIALS_PREV:
        next_statement(self, a == ACTION_FINANCIALS_NEXT ? 1 : -1);
        return true;
    case ACTION_FINANCIALS_TRACE:
        name = figure_name(self, self->table.list.cursor, self->table.col);
        trace_open(s->app, self->l, name,
                   cell_text(self, self->table.list.cursor, self->table.col));
        free(name);
        return true;
    case ACTION_FINANCIALS_USED:
        name = figure_name(self, self->table.list.cursor, self->table.col);
        name[strcspn(name, " ")] = '\0'; /* of a quarter the first month */
        trace_open_used(s->app, self->l, name);
        free(name);
        return true;
    case ACTION_FINANCIALS_EDIT:
        name = figure_name(self, self->table.list.cursor, self->table.col);
        name[strcspn(name, " ")] = '\0'; /* of a quarter the first month */
        changing_figure(s->app, self->l->under ? self->l->under : self->l, name);
        free(name);
        return true;
    case ACTION_FINANCIALS_UNDO:
        return answer_undo(s, self->plan_id, undone);
    case ACTION_FINANCIALS_INPUTS:
        show_inputs(self);
        return true;
    default:
        return self->l && self->l->model && table_act(&self->table, a);
    }
}

static void where(const struct screen *s, struct strbuf *plan_id, struct strbuf *place)
{
    const struct financials *self = (const struct financials *)s;

    strbuf_str(plan_id, self->plan_id);
    strbuf_printf(place, "%s %c %zu %zu", model_statement_name(self->def, self->statement),
                  periods_by[self->by].letter, self->table.list.cursor, self->table.col);
}

const struct screen_ops screen_financials = {
    .name = "financials",
    .size = sizeof(struct financials),
    .enter = enter,
    .leave = leave,
    .shown = shown,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
    .places = places,
    .go = go,
    .where = where,
};
