/* period.h - the columns of a statement: months, quarters or years of the plan. */
#ifndef STRATTIO_CLI_PERIOD_H
#define STRATTIO_CLI_PERIOD_H

struct model;
struct strbuf;

enum period { PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR };

enum period period_by_name(const char *name); /* "month", "quarter"; else the year */
const char *period_name(enum period by);
int period_count(enum period by);

/* Appends "Mar 2027", "Y1 Q1" or "Year 1" for period `n`, from 1. */
void period_label(const struct model *m, enum period by, int n, struct strbuf *out);

/* One cell in major units, or a NaN for a null. */
double period_cell(const struct model *m, const char *line, enum period by, int n);

#endif
