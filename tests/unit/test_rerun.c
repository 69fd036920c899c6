/* test_rerun.c - a model computed again with one input changed has the very cells of a model built
 * from answers that say so, whole or only in the lines that are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/model.h"

#include "asset/asset.h"
#include "finance/inputs.h"
#include "finance/rerun.h"
#include "support/random_intake.h"

enum { PLANS = 60, TRIES = 6 };

static struct model_def *def;
static struct intake *questions;

static int load(void **state)
{
    struct err err = {0};

    (void)state;
    def = model_def_load(&err);
    questions = intake_load(&err);
    if (!def || !questions)
        fprintf(stderr, "%s\n", err.msg);
    return def && questions ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    model_def_free(def);
    intake_free(questions);
    return 0;
}

struct lever {
    int line;
    size_t row;
};

/* A number of the plan that an answer gives or could give, but not those by month. */
static bool random_lever(const struct model *m, struct random_intake *r, struct lever *out)
{
    for (int tries = 0; tries < 200; tries++) {
        int line = def->shown[random_below(r, def->shown_count)];
        const struct line *l = &def->lines[line];

        if (!model_is_lever(l) || l->by_month || !line_rows(m, l) ||
            (l->table >= 0 && m->made_up[l->table]))
            continue;
        *out = (struct lever){line, random_below(r, line_rows(m, l))};
        return true;
    }
    return false;
}

/* Another value that the input allows, as an answer in *typed and as the model has it. */
static bool other_value(const struct model *m, struct lever at, struct random_intake *r,
                        double *typed, struct num *value)
{
    const struct line *l = &def->lines[at.line];
    struct err ignored;
    struct num n;

    *typed = l->unit == UNIT_MONTHS ? (double)(1 + random_below(r, 40))
                                    : (double)random_below(r, 5000) / (l->percent ? 100 : 10);
    if (!num_from_double(*typed, &n) || (l->percent && !num_div(n, num_from_int(100), &n)))
        return false;
    *value = n;
    return input_allows(m, at.line, n, &ignored);
}

static void same_cells(const struct model *a, const struct model *b, int line, const char *input)
{
    size_t first = a->first[line],
           count = line_rows(a, &def->lines[line]) * line_width(&def->lines[line]);

    if (memcmp(a->why + first, b->why + first, count) != 0 ||
        memcmp(a->v + first, b->v + first, count * sizeof *a->v) != 0)
        fail_msg("%s differs after %s was changed", def->lines[line].name, input);
}

/* One input of one plan; false if the plan leaves the range of numbers either way. */
static void check_change(const struct model *base, const bson_t *answers, struct lever at,
                         struct num value, double typed, int only)
{
    char *name = input_name(base, at.line, at.row), *fix = model_fix(base, at.line, at.row);
    struct rerun *r = rerun_create(base);
    struct err err = {0}, rerun_err = {0};
    struct model *built;
    bson_t changed;
    bool ran;

    bson_copy_to(answers, &changed);
    doc_set_num(&changed, fix, typed);
    built = model_build(def, &changed, "2027-03-01", &err);
    if (only >= 0)
        rerun_read(r, only);
    rerun_begin(r);
    rerun_vary(r, at.line, at.row);
    rerun_ready(r);
    rerun_set(r, at.line, at.row, value);
    ran = rerun_run(r, &rerun_err);
    if (only < 0 && ran != (built != NULL))
        fail_msg("%s: %s %s", name, err.msg, rerun_err.msg);
    for (size_t i = 0; built && ran && i < def->line_count; i++)
        if (only < 0 || (int)i == only)
            same_cells(built, rerun_model(r), (int)i, name);
    rerun_begin(r);
    for (size_t i = 0; i < def->line_count; i++)
        same_cells(base, rerun_model(r), (int)i, "nothing any more");
    model_free(built);
    rerun_free(r);
    bson_destroy(&changed);
    free(name);
    free(fix);
}

static void a_rerun_is_what_a_build_would_be(void **state)
{
    int checked = 0;

    (void)state;
    for (int seed = 1; seed <= PLANS; seed++) {
        struct random_intake r = {.state = (uint64_t)seed * 7919,
                                  .questions = questions,
                                  .purpose = (enum plan_purpose)(seed % PURPOSE_COUNT),
                                  .percent = 40 + (unsigned)seed % 60};
        struct err err = {0};
        struct model *base;
        bson_t answers;

        bson_init(&answers);
        random_intake(&r, &answers);
        base = model_build(def, &answers, "2027-03-01", &err);
        for (int i = 0; base && i < TRIES; i++) {
            struct lever at;
            struct num value;
            double typed;

            if (!random_lever(base, &r, &at) || !other_value(base, at, &r, &typed, &value))
                continue;
            check_change(base, &answers, at, value, typed,
                         i % 2 ? def->shown[random_below(&r, def->shown_count)] : -1);
            checked++;
        }
        model_free(base);
        bson_destroy(&answers);
    }
    assert_true(checked > PLANS);
}

/* A row that reads all rows of its own table is not left as it was when another row moves. */
static void a_row_that_reads_its_neighbours_follows_them(void **state)
{
    static const char text[] = "input currency text \"Currency\"\n"
                               "input location_country text \"Country\"\n"
                               "input industry text \"Industry\"\n"
                               "table parts \"Parts\"\n"
                               "    column size number \"Size\"\n"
                               "    figure share number \"Share\"\n"
                               "        = size / sum(parts.size)\n"
                               "    figure first number \"Of the first\"\n"
                               "        = size / parts.size[1]\n";
    struct err err = {0};
    struct model_def *own = model_def_read(asset_parse("own", text, strlen(text), &err), &err);
    static const char rows[] = "{\"parts\":[{\"size\":2},{\"size\":6}]}";
    bson_t answers;
    struct model *m;
    struct rerun *r;
    int size;

    (void)state;
    if (!own)
        fail_msg("%s", err.msg);
    assert_true(json_read(rows, strlen(rows), &answers, &err));
    m = model_build(own, &answers, "2027-01-01", &err);
    assert_non_null(m);
    size = def_find(own, "parts.size");
    r = rerun_create(m);
    rerun_begin(r);
    rerun_vary(r, size, 0);
    rerun_ready(r);
    rerun_set(r, size, 0, num_from_int(4));
    assert_true(rerun_run(r, &err));
    for (size_t row = 0; row < 2; row++) {
        const struct model *now = rerun_model(r);
        size_t share = cell_at(now, def_find(own, "parts.share"), row);
        size_t first = cell_at(now, def_find(own, "parts.first"), row);

        assert_true(num_to_double((struct num){now->v[share]}) == (row ? 0.6 : 0.4));
        assert_true(num_to_double((struct num){now->v[first]}) == (row ? 1.5 : 1));
    }
    rerun_free(r);
    model_free(m);
    bson_destroy(&answers);
    model_def_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rerun_is_what_a_build_would_be),
        cmocka_unit_test(a_row_that_reads_its_neighbours_follows_them),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
