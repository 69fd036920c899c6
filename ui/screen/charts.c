/* charts.c - one screen for all charts. A chart is a row of a table: its title, and which lines of the model
 * it draws; the numbers behind it are the same series as a table, one key away. */
#include "screen/charts.h"

#include <math.h>
#include <stdlib.h>

#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/crumb.h"
#include "screen/figure_text.h"
#include "screen/loaded.h"
#include "screen/screen.h"
#include "widget/chart.h"
#include "widget/table.h"

enum { MARGIN = 2, LABEL_COLS = 16, CELL_COLS = 20, UNITS_POINTS = 25, TEXT_LIMIT = 256 };

static const struct {
    const char *title;
    struct {
        const char *line, *name; /* by month; without a line it is against units */
    } lines[CHART_LINES];
} kinds[] = {
    {"Cash at the end of each month", {{"cash.closing", "Cash"}}},
    {"Revenue and costs by month",
     {{"pnl.revenue", "Revenue"},
      {"pnl.cogs", "Cost of sales"},
      {"pnl.total_opex", "Operating costs"}}},
    {"Break-even, a month of units sold", {{NULL, "Revenue"}, {NULL, "Total cost"}}},
};

struct charts {
    struct screen base;
    struct loaded *l;
    size_t kind;
    bool data;   /* as a table */
    bool chosen; /* the quality was chosen here */
    enum chart_quality quality;
    double values[CHART_LINES][MODEL_MONTHS], units[UNITS_POINTS];
    struct chart chart;
    struct strbuf note;
    struct table table;
};

static bool by_units(const struct charts *self)
{
    return !kinds[self->kind].lines[0].line;
}

/* ---- what is shown ------------------------------------------------------------------------- */

static double figure(const struct charts *self, const char *name)
{
    struct figure f = {0};
    struct err err = {0};
    double value = (double)NAN;

    if (model_figure(self->l->model, name, &f, &err) && f.plain)
        value = strtod(f.plain, NULL);
    figure_finish(&f);
    return value;
}

static void read_months(struct charts *self)
{
    static const unsigned roles[] = {ROLE_ACCENT, ROLE_WARN, ROLE_OK};
    struct chart *c = &self->chart;

    c->points = MODEL_MONTHS;
    for (size_t k = 0; k < CHART_LINES && kinds[self->kind].lines[k].line; k++) {
        for (int m = 1; m <= MODEL_MONTHS; m++)
            self->values[k][m - 1] =
                model_cell(self->l->model, kinds[self->kind].lines[k].line, false, m);
        c->lines[c->line_count++] =
            (struct chart_line){kinds[self->kind].lines[k].name, self->values[k], roles[k]};
    }
    if (self->kind != 0)
        return;
    for (int m = 0; m < MODEL_MONTHS; m++)
        if (c->marked < 0 || self->values[0][m] < self->values[0][c->marked])
            c->marked = m;
    strbuf_str(&self->note, "lowest ");
    figure_amount(self->l->model, self->values[0][c->marked], true, &self->note);
    strbuf_str(&self->note, ", ");
    model_month_label(self->l->model, c->marked + 1, &self->note);
}

/* From nothing sold to twice what breaks even, which is in the middle: there the lines cross. */
static void read_units(struct charts *self)
{
    double units = figure(self, "break_even.break_even_units_monthly");
    double fixed = figure(self, "break_even.fixed_costs_monthly");
    double price = figure(self, "break_even.price_per_unit");
    double gain = figure(self, "break_even.contribution_margin_per_unit");
    struct chart *c = &self->chart;

    if (!(units > 0) || !isfinite(fixed + price + gain))
        return;
    c->points = UNITS_POINTS;
    for (int i = 0; i < UNITS_POINTS; i++) {
        self->units[i] = units * 2 * i / (UNITS_POINTS - 1);
        self->values[0][i] = self->units[i] * price;
        self->values[1][i] = fixed + self->units[i] * (price - gain);
    }
    c->lines[0] = (struct chart_line){"Revenue", self->values[0], ROLE_ACCENT};
    c->lines[1] = (struct chart_line){"Total cost", self->values[1], ROLE_WARN};
    c->line_count = 2;
    c->marked = UNITS_POINTS / 2;
    strbuf_printf(&self->note, "breaks even at %.0f units", ceil(units));
}

static void put_amount(void *arg, double value, struct strbuf *out)
{
    figure_amount(((const struct charts *)arg)->l->model, value, false, out);
}

static void put_point(void *arg, size_t i, struct strbuf *out)
{
    const struct charts *self = arg;

    if (by_units(self))
        strbuf_printf(out, "%.0f", self->units[i]);
    else
        model_month_label(self->l->model, (int)i + 1, out);
}

static void show_kind(struct charts *self, size_t kind)
{
    self->kind = kind;
    strbuf_clear(&self->note);
    self->chart =
        (struct chart){.marked = -1, .amount = put_amount, .point = put_point, .arg = self};
    if (by_units(self))
        read_units(self);
    else
        read_months(self);
    self->chart.note = self->note.data;
    table_set_size(&self->table, self->chart.points, self->chart.line_count);
}

/* ---- the table ----------------------------------------------------------------------------- */

static unsigned draw_head(void *arg, size_t col, struct strbuf *out)
{
    strbuf_str(out, ((const struct charts *)arg)->chart.lines[col].name);
    return ROLE_TITLE;
}

static unsigned draw_label(void *arg, size_t row, struct strbuf *out)
{
    put_point(arg, row, out);
    return ROLE_TEXT;
}

static unsigned draw_cell(void *arg, size_t row, size_t col, struct strbuf *out)
{
    const struct charts *self = arg;
    double value = self->chart.lines[col].values[row];

    if (isnan(value))
        strbuf_str(out, "–");
    else
        figure_amount(self->l->model, value, false, out);
    return value < 0 ? ROLE_BAD : ROLE_TEXT;
}

/* ---- life, drawing, keys ------------------------------------------------------------------- */

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct charts *self = (struct charts *)s;

    (void)err;
    self->l = loaded_hold(*(struct loaded *const *)arg);
    strbuf_init(&self->note, TEXT_LIMIT);
    self->table = (struct table){.label_cols = LABEL_COLS,
                                 .cell_cols = CELL_COLS,
                                 .head = draw_head,
                                 .label = draw_label,
                                 .cell = draw_cell,
                                 .arg = self};
    table_init(&self->table);
    show_kind(self, 0);
    return true;
}

static void leave(struct screen *s)
{
    struct charts *self = (struct charts *)s;

    strbuf_finish(&self->note);
    loaded_let_go(self->l);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    contexts_add(cs, CONTEXT_CHARTS);
    if (!((const struct charts *)s)->data)
        return;
    contexts_add(cs, CONTEXT_TABLE);
    contexts_add(cs, CONTEXT_LIST);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    crumb_join(s, NULL, "Charts", out);
}

static void draw_title(const struct charts *self, const struct canvas *line)
{
    int x = canvas_put(line, 0, MARGIN, ROLE_TITLE, kinds[self->kind].title);

    if (self->l->scenario)
        x = canvas_printf(line, 0, x, ROLE_WARN, " under %s", self->l->scenario_label);
    canvas_put(line, 0, x + 2, ROLE_DIM, model_currency(self->l->model));
    canvas_fill(line, 0, line->cols - 8, 1, 8, ROLE_TEXT);
    canvas_printf(line, 0, line->cols - 7, ROLE_DIM, "%zu of %zu", self->kind + 1,
                  ARRAY_LEN(kinds));
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct charts *self = (struct charts *)s;
    struct canvas title = canvas_part(body, 0, 0, 1, body->cols);
    struct canvas rest = canvas_part(body, 1, MARGIN, body->rows - 1, body->cols - 2 * MARGIN);

    canvas_cursor(body, 0, 0, false);
    draw_title(self, &title);
    if (!self->chosen)
        self->quality = chart_best(body);
    self->chart.quality = self->quality;
    if (!self->chart.line_count)
        canvas_wrap(&rest, 1, 0, 3, rest.cols, ROLE_WARN,
                    "There is no point at which this plan breaks even: a unit costs as much as it "
                    "brings, or its figures are missing.",
                    true);
    else if (self->data)
        table_draw(&self->table, &rest);
    else
        chart_draw(&self->chart, &rest);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct charts *self = (struct charts *)s;
    bool clicked;

    return self->data && table_mouse(&self->table, ev, &clicked);
}

static bool act(struct screen *s, enum action a)
{
    struct charts *self = (struct charts *)s;

    switch (a) {
    case ACTION_CHARTS_NEXT:
    case ACTION_CHARTS_PREV:
        show_kind(self, (self->kind + (a == ACTION_CHARTS_NEXT ? 1 : ARRAY_LEN(kinds) - 1)) %
                            ARRAY_LEN(kinds));
        return true;
    case ACTION_CHARTS_DATA:
        self->data = !self->data;
        return true;
    case ACTION_CHARTS_QUALITY:
        self->quality = (self->quality + 1) % CHART_QUALITY_COUNT;
        self->chosen = true;
        return true;
    default:
        return self->data && table_act(&self->table, a);
    }
}

static const struct screen_ops screen_charts = {
    .name = "charts",
    .size = sizeof(struct charts),
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
};

void charts_open(struct app *app, struct loaded *l)
{
    app_push(app, &screen_charts, &l);
}
