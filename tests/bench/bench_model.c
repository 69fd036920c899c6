/* bench_model.c - how long a full model takes: answers in, 60 months and 5 years of every line
 * out. Each size is run in rounds and the best round counts, since a round that another process
 * disturbed says nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

enum { ROUNDS = 20, ROUND_MS = 50 };

static char *plan_json(int products, int staff, int loans)
{
    struct strbuf out;

    strbuf_init(&out, STRBUF_DOC_LIMIT);
    strbuf_str(&out,
               "{\"location_country\":\"GB\",\"currency\":\"GBP\",\"industry\":\"food_making\","
               "\"legal_form\":\"limited_company\",\"starting_capital\":12000,"
               "\"fixed_costs\":[{\"name\":\"Rent\",\"monthly\":1200}],"
               "\"assets\":[{\"name\":\"Oven\",\"cost\":9500,\"life_years\":8}],\"products\":[");
    for (int i = 0; i < products; i++)
        strbuf_printf(&out,
                      "%s{\"name\":\"Product %d\",\"price\":4.20,\"unit_cost\":1.55,"
                      "\"units_per_month\":%d,\"growth_percent\":6}",
                      i ? "," : "", i, 3400 / (i + 1));
    strbuf_str(&out, "],\"staff\":[");
    for (int i = 0; i < staff; i++)
        strbuf_printf(&out, "%s{\"role\":\"Post %d\",\"annual_salary\":%d,\"start_month\":%d}",
                      i ? "," : "", i, 24000 + 100 * i, i + 1);
    strbuf_str(&out, "],\"loans\":[");
    for (int i = 0; i < loans; i++)
        strbuf_printf(&out, "%s{\"amount\":%d,\"term_months\":60,\"rate_percent\":7.5}",
                      i ? "," : "", 25000 - 1000 * i);
    strbuf_str(&out, "]}");
    return strbuf_take(&out);
}

/* Best milliseconds of one build. */
static double measure(const struct model_def *def, const bson_t *answers)
{
    double best = 1e9;

    for (int round = 0; round < ROUNDS; round++) {
        int64_t begin = clock_mono_ms(), now;
        int runs = 0;

        do {
            struct err err = {0};
            struct model *m = model_build(def, answers, "2027-01-01", &err);

            if (!m) {
                fprintf(stderr, "%s\n", err.msg);
                exit(1);
            }
            model_free(m);
            runs++;
            now = clock_mono_ms();
        } while (now - begin < ROUND_MS);
        if ((double)(now - begin) / runs < best)
            best = (double)(now - begin) / runs;
    }
    return best;
}

int main(void)
{
    static const struct {
        const char *name;
        int products, staff, loans;
        double excellent;
    } sizes[] = {{"one product", 1, 0, 0, 0.2},
                 {"one product, one person, one loan", 1, 1, 1, 0.2},
                 {"ten products, ten staff, three loans", 10, 10, 3, 1.0},
                 {"10,000 products", 10000, 0, 0, 1000}};
    struct err err = {0};
    struct model_def *def = model_def_load(&err);

    if (!def) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        char *json = plan_json(sizes[i].products, sizes[i].staff, sizes[i].loans);
        bson_t answers;

        if (!json_read(json, strlen(json), &answers, &err)) {
            fprintf(stderr, "%s\n", err.msg);
            return 1;
        }
        printf("model, %-38s %9.3f ms  (excellent: %g)\n", sizes[i].name, measure(def, &answers),
               sizes[i].excellent);
        bson_destroy(&answers);
        free(json);
    }
    model_def_free(def);
    return 0;
}
