/* financial_model.h - a document of `financial_models`. The model that computes it is model.h. */
#ifndef STRATTIO_FINANCIAL_MODEL_H
#define STRATTIO_FINANCIAL_MODEL_H

#include <bson/bson.h>
#include <stdint.h>

struct financial_model {
    char *id;
    char *plan_id;
    int64_t version;
    bson_t *data; /* pnl_annual, break_even, kpis, formulas_used; ours: pnl_monthly,
                     assumptions [{name, label, value, unit, basis, source, date, fix}],
                     reasons [{figure, reason, text}] of what is null, notes [{code, text}],
                     start_date (of month 1), currency */
    int64_t created_at;
    int64_t updated_at;
    bson_t *metadata;
    bson_t *extra;
};

#endif
