/* figure_text.h - figures in the few cells a screen has for them, and the ones the screens
 * name themselves; all others come with the statements. */
#ifndef STRATTIO_UI_FIGURE_TEXT_H
#define STRATTIO_UI_FIGURE_TEXT_H

#include <stdbool.h>

struct figure;
struct model;
struct strbuf;

#define FIGURE_REVENUE_Y1 "pnl.revenue[y1]"
#define FIGURE_NET_Y1 "pnl.net_profit[y1]"
#define FIGURE_BREAK_EVEN_UNITS "break_even.break_even_units_whole"
#define FIGURE_BREAK_EVEN_SALES "break_even.break_even_revenue_monthly"
#define FIGURE_BREAK_EVEN_MONTH "break_even.month_reached"
#define FIGURE_LOWEST_CASH "cash.lowest"
#define FIGURE_LOWEST_CASH_MONTH "cash.lowest_month"

/* Appends the value: an amount in whole units of its currency, for a statement without its
 * sign; with `sign` as it stands alone: small amounts then keep their pennies. All else as the
 * model says it. */
void figure_text(const struct model *m, const struct figure *f, bool sign, struct strbuf *out);

/* The same of the figure called `name`; a dash without a model or without such a figure. */
void figure_text_of(const struct model *m, const char *name, struct strbuf *out);

/* Appends an amount in major units as a whole one, with or without the sign of its currency. */
void figure_amount(const struct model *m, double value, bool sign, struct strbuf *out);

#endif
