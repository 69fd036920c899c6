/* figure_names.h - the few figures the screens name themselves (model.h); all others come with the statements. */
#ifndef STRATTIO_UI_FIGURE_NAMES_H
#define STRATTIO_UI_FIGURE_NAMES_H

#define FIGURE_REVENUE_Y1 "pnl.revenue[y1]"
#define FIGURE_NET_Y1 "pnl.net_profit[y1]"
#define FIGURE_BREAK_EVEN_UNITS "break_even.units_monthly"
#define FIGURE_BREAK_EVEN_REVENUE "break_even.revenue_monthly"

#endif
