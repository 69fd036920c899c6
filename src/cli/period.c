/* period.c - one row for each kind of period. Quarters are the plan's, not the calendar's: four
 * make a year of the plan, as twelve months do. */
#include "period.h"

#include <string.h>

#include "strattio/attr.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

static const struct {
    const char *name;
    int count;
} periods[] = {
    [PERIOD_MONTH] = {"month", MODEL_MONTHS},
    [PERIOD_QUARTER] = {"quarter", MODEL_QUARTERS},
    [PERIOD_YEAR] = {"year", MODEL_YEARS},
};

enum period period_by_name(const char *name)
{
    for (size_t i = 0; name && i < ARRAY_LEN(periods); i++)
        if (strcmp(periods[i].name, name) == 0)
            return (enum period)i;
    return PERIOD_YEAR;
}

const char *period_name(enum period by)
{
    return periods[by].name;
}

int period_count(enum period by)
{
    return periods[by].count;
}

void period_label(const struct model *m, enum period by, int n, struct strbuf *out)
{
    if (by == PERIOD_MONTH)
        model_month_label(m, n, out);
    else if (by == PERIOD_QUARTER)
        strbuf_printf(out, "Y%d Q%d", (n - 1) / 4 + 1, (n - 1) % 4 + 1);
    else
        strbuf_printf(out, "Year %d", n);
}

double period_cell(const struct model *m, const char *line, enum period by, int n)
{
    if (by == PERIOD_QUARTER)
        return model_quarter_cell(m, line, n);
    return model_cell(m, line, by == PERIOD_YEAR, n);
}
