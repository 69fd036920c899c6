/* asking_plan.h - a small plan with round figures, for the tests of what can be asked of one. The
 * state of the tests is the declarations. */
#ifndef TESTS_ASKING_PLAN_H
#define TESTS_ASKING_PLAN_H

#include <bson/bson.h>
#include <stdio.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/model.h"

/* A sole trader, so without company tax; sells 10 at 10 and 10 at 20 a month. */
#define ASKING_PLAN                                                                                \
    "{\"location_country\":\"GB\",\"legal_form\":\"sole_trader\",\"starting_capital\":1000,"       \
    "\"products\":[{\"name\":\"Small\",\"price\":10,\"unit_cost\":4,\"units_per_month\":10},"      \
    "{\"name\":\"Large\",\"price\":20,\"unit_cost\":5,\"units_per_month\":10}],"                   \
    "\"fixed_costs\":[{\"name\":\"Rent\",\"monthly\":150}],"                                       \
    "\"loan\":{\"amount\":1200,\"term_months\":36,\"rate_percent\":6}}"

static inline int asking_load(void **state)
{
    struct err err = {0};

    *state = model_def_load(&err);
    if (!*state)
        fprintf(stderr, "%s\n", err.msg);
    return *state ? 0 : -1;
}

static inline int asking_unload(void **state)
{
    model_def_free(*state);
    return 0;
}

static inline struct model *asking_model(const struct model_def *def, const char *json)
{
    struct err err = {0};
    struct model *m;
    bson_t answers;

    if (!json_read(json, strlen(json), &answers, &err))
        fail_msg("%s", err.msg);
    m = model_build(def, &answers, "2027-01-01", &err);
    if (!m)
        fail_msg("%s", err.msg);
    bson_destroy(&answers);
    return m;
}

static inline void asking_expect(const struct model *m, const char *name, const char *want)
{
    struct err err = {0};
    struct figure f;

    if (!model_figure(m, name, &f, &err))
        fail_msg("%s: %s", name, err.msg);
    if (strcmp(f.plain ? f.plain : f.reason, want) != 0)
        fail_msg("%s is %s, not %s", name, f.plain ? f.plain : f.reason, want);
    figure_finish(&f);
}

#endif
