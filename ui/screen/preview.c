/* preview.c - the model is fast enough (well under a millisecond) to be run in the main thread
 * after each answer; the answers it was run on are kept, so that moving about costs nothing. */
#include "screen/preview.h"

#include <stdio.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/model.h"
#include "strattio/plan_run.h"
#include "strattio/strbuf.h"

#include "screen/figure_text.h"
#include "terminal/canvas.h"

static const struct {
    const char *label, *figure;
} lines[PREVIEW_LINES] = {
    {"Revenue, year 1", FIGURE_REVENUE_Y1},
    {"Net profit, year 1", FIGURE_NET_Y1},
    {"Units to break even", FIGURE_BREAK_EVEN_UNITS},
    {"Reached", FIGURE_BREAK_EVEN_MONTH},
    {"Lowest cash", FIGURE_LOWEST_CASH},
};

const char *preview_label(size_t i)
{
    return lines[i].label;
}

/* ", month 14" */
static void add_month(const struct model *m, const char *figure, struct strbuf *out)
{
    struct figure f = {0};
    struct err err = {0};

    if (!model_figure(m, figure, &f, &err))
        return;
    if (f.plain)
        strbuf_printf(out, ", month %s", f.plain);
    figure_finish(&f);
}

static void compute(struct preview *p, const struct model *m)
{
    for (size_t i = 0; i < PREVIEW_LINES; i++) {
        struct figure f = {0};
        struct err err = {0};
        struct strbuf text;

        if (!model_figure(m, lines[i].figure, &f, &err))
            continue;
        strbuf_init(&text, 256);
        if (f.plain && strcmp(lines[i].figure, FIGURE_BREAK_EVEN_MONTH) == 0)
            strbuf_printf(&text, "in month %s", f.plain);
        else
            figure_text(m, &f, true, &text);
        if (strcmp(lines[i].figure, FIGURE_LOWEST_CASH) == 0)
            add_month(m, FIGURE_LOWEST_CASH_MONTH, &text);
        bson_strncpy(p->values[i], text.data, sizeof p->values[i]);
        strbuf_finish(&text);
        if (f.reason_text && !p->note[0])
            snprintf(p->note, sizeof p->note, "– %s", f.reason_text);
        figure_finish(&f);
    }
}

void preview_update(struct preview *p, struct house *house, const struct plan *plan)
{
    struct err err = {0};
    struct model *m;

    if (p->of && bson_equal(p->of, plan->intake_data))
        return;
    preview_finish(p);
    p->of = bson_copy(plan->intake_data);
    m = plan_model(house, plan, &err);
    if (m)
        compute(p, m);
    else
        snprintf(p->note, sizeof p->note, "%s", err.msg);
    model_free(m);
}

void preview_finish(struct preview *p)
{
    if (p->of)
        bson_destroy(p->of);
    *p = (struct preview){0};
}

void preview_draw(const struct preview *p, const struct canvas *c)
{
    int y = 0, x;

    canvas_put(c, y++, 0, ROLE_TITLE, "Live preview");
    for (size_t i = 0; i < PREVIEW_LINES; i++) {
        if (!p->values[i][0] || (p->note[0] && y + 2 > c->rows))
            continue; /* the last line of all is the note's */
        x = canvas_put(c, y, 0, ROLE_TEXT, lines[i].label) + 1;
        canvas_fit(c, y++, x, c->cols - x, ROLE_TITLE, ALIGN_RIGHT, p->values[i]);
    }
    if (p->note[0])
        canvas_wrap(c, y, 0, 2, c->cols, ROLE_DIM, p->note, true);
}
