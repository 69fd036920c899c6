/* Promises of the rows of a table: one goes or comes like another, and what follows from them follows;
 * the years of a table of years are filled from one value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"

#include "support/load_intake.h"

static void from_json(const char *json, bson_t *out)
{
    struct err err = {0};

    if (!json_read(json, strlen(json), out, &err))
        fail_msg("%s: %s", json, err.msg);
}

/* The value under `path` as compact JSON. */
static void stored_json(const bson_t *answers, const char *path, struct strbuf *out)
{
    bson_t wrapped = BSON_INITIALIZER;
    bson_iter_t it;

    if (doc_find(answers, path, &it)) {
        bson_append_iter(&wrapped, "v", 1, &it);
        json_write(&wrapped, JSON_COMPACT, out);
    }
    bson_destroy(&wrapped);
}

static void expect_stored(const bson_t *answers, const char *path, const char *want)
{
    struct strbuf got;
    char wrapped[1000];

    strbuf_init(&got, 100000);
    stored_json(answers, path, &got);
    snprintf(wrapped, sizeof wrapped, "{\"v\":%s}", want);
    assert_string_equal(got.data, wrapped);
    strbuf_finish(&got);
}

static void what_follows_from_rows_follows_when_one_goes_or_comes(void **state)
{
    struct err err = {0};
    bson_t answers;

    from_json("{\"currency\": \"GBP\", \"products\": ["
              "{\"name\": \"Loaf\", \"price\": 4.0, \"units_per_month\": 100.0},"
              "{\"name\": \"Roll\", \"price\": 1.0, \"units_per_month\": 300.0}]}",
              &answers);
    assert_true(intake_copy_row(*state, "products", 0, &answers, &err));
    expect_stored(&answers, "products.2.name", "\"Loaf\"");
    expect_stored(&answers, "units_per_month", "500");
    intake_remove_row("products", 1, &answers);
    assert_int_equal(doc_count(&answers, "products"), 2);
    expect_stored(&answers, "products.1.name", "\"Loaf\"");
    expect_stored(&answers, "price_per_unit", "4");
    assert_false(intake_copy_row(*state, "products", 7, &answers, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    intake_remove_row("products", 1, &answers);
    intake_remove_row("products", 0, &answers);
    assert_false(doc_has(&answers, "products"));
    bson_destroy(&answers);
}

static void a_full_table_takes_no_copy(void **state)
{
    struct err err = {0};
    bson_t answers;

    from_json("{\"jobs_by_year\": [{\"year\": 1}, {\"year\": 2}, {\"year\": 3}, {\"year\": 4}, "
              "{\"year\": 5}]}",
              &answers);
    assert_false(intake_copy_row(*state, "jobs_by_year", 0, &answers, &err));
    assert_int_equal(err.code, ERR_INVALID);
    assert_int_equal(doc_count(&answers, "jobs_by_year"), 5);
    bson_destroy(&answers);
}

static const struct {
    const char *path, *typed, *want; /* of jobs_by_year, which begins with year 1 and 2 */
} fills[] = {
    {"jobs_by_year.0.jobs", ">2i3",
     "[{\"year\":1,\"jobs\":2},{\"year\":2,\"jobs\":5},{\"year\":3,\"jobs\":8},{\"year\":4,"
     "\"jobs\":11},"
     "{\"year\":5,\"jobs\":14}]"},
    {"jobs_by_year.1.average_salary", " > 30,000 g 10% ",
     "[{\"year\":1},{\"year\":2,\"average_salary\":30000},{\"year\":3,\"average_salary\":33000},"
     "{\"year\":4,\"average_salary\":36300},{\"year\":5,\"average_salary\":39930}]"},
    {"jobs_by_year.2.jobs", ">4",
     "[{\"year\":1},{\"year\":2},{\"year\":3,\"jobs\":4},{\"year\":4,\"jobs\":4},{\"year\":5,"
     "\"jobs\":4}]"},
    {"jobs_by_year.0.jobs", ">9i-2",
     "[{\"year\":1,\"jobs\":9},{\"year\":2,\"jobs\":7},{\"year\":3,\"jobs\":5},{\"year\":4,"
     "\"jobs\":3},"
     "{\"year\":5,\"jobs\":1}]"},
};

static void a_fill_goes_down_the_years(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(fills); i++) {
        struct err err = {0};
        bson_t answers;

        from_json("{\"currency\": \"GBP\", \"jobs_by_year\": [{\"year\": 1}, {\"year\": 2}]}",
                  &answers);
        if (!intake_set(*state, fills[i].path, fills[i].typed, &answers, &err))
            fail_msg("%s: %s", fills[i].typed, err.msg);
        expect_stored(&answers, "jobs_by_year", fills[i].want);
        bson_destroy(&answers);
    }
}

static const struct {
    const char *path, *typed, *says;
} not_filled[] = {
    {"jobs_by_year.0.jobs", ">", "fills nothing"},
    {"jobs_by_year.0.jobs", ">2i", "fills nothing"},
    {"jobs_by_year.0.jobs", ">2g10k%", "fills nothing"},
    {"jobs_by_year.0.jobs", ">5i-3", "too low"}, /* less than no jobs in the third year */
    {"jobs_by_year.0.year", ">1i1", ""},         /* the years themselves */
};

static void what_cannot_be_filled_changes_nothing(void **state)
{
    bson_t answers, before;

    from_json("{\"currency\": \"GBP\", \"jobs_by_year\": [{\"year\": 1, \"jobs\": 2.0}]}",
              &answers);
    bson_copy_to(&answers, &before);
    for (size_t i = 0; i < ARRAY_LEN(not_filled); i++) {
        struct err err = {0};

        assert_false(intake_set(*state, not_filled[i].path, not_filled[i].typed, &answers, &err));
        assert_int_equal(err.code, ERR_INVALID);
        assert_non_null(strstr(err.msg, not_filled[i].says));
        assert_true(bson_equal(&answers, &before));
    }
    bson_destroy(&before);
    bson_destroy(&answers);
}

static void a_fill_goes_down_the_rows_there_are(void **state)
{
    struct err err = {0};
    bson_t answers;

    from_json("{\"currency\": \"GBP\", \"fixed_costs\": [{\"name\": \"Rent\", \"monthly\": 1},"
              "{\"name\": \"Power\"}, {\"name\": \"Water\"}]}",
              &answers);
    assert_true(intake_set(*state, "fixed_costs.1.monthly", ">100g10%", &answers, &err));
    expect_stored(&answers, "fixed_costs",
                  "[{\"name\":\"Rent\",\"monthly\":1},{\"name\":\"Power\",\"monthly\":100},"
                  "{\"name\":\"Water\",\"monthly\":110}]");
    bson_destroy(&answers);
}

static void rows_change_places(void **state)
{
    bson_t answers;

    (void)state;
    from_json("{\"risks\": [{\"risk\": \"a\"}, {\"risk\": \"b\"}, {\"risk\": \"c\"}]}", &answers);
    intake_move_row("risks", 0, true, &answers);
    expect_stored(&answers, "risks", "[{\"risk\":\"b\"},{\"risk\":\"a\"},{\"risk\":\"c\"}]");
    intake_move_row("risks", 2, false, &answers);
    expect_stored(&answers, "risks", "[{\"risk\":\"b\"},{\"risk\":\"c\"},{\"risk\":\"a\"}]");
    intake_move_row("risks", 0, false, &answers); /* no further */
    intake_move_row("risks", 2, true, &answers);
    expect_stored(&answers, "risks", "[{\"risk\":\"b\"},{\"risk\":\"c\"},{\"risk\":\"a\"}]");
    bson_destroy(&answers);
}

static void a_row_set_to_nothing_is_taken_out(void **state)
{
    struct err err = {0};
    bson_t answers;

    from_json("{\"risks\": [{\"risk\": \"a\"}, {\"risk\": \"b\"}]}", &answers);
    assert_true(intake_set(*state, "risks.0", "", &answers, &err));
    expect_stored(&answers, "risks", "[{\"risk\":\"b\"}]");
    assert_false(intake_set(*state, "risks.1", "", &answers, &err));
    assert_non_null(strstr(err.msg, "there is no risks.1"));
    bson_destroy(&answers);
}

static const struct {
    const char *path, *typed;
    double want; /* a NAN: it is refused */
} sums[] = {
    {"starting_capital", "=1200*12", 14400},
    {"starting_capital", "= 1000/3", 333.33},
    {"growth_percent", "=5+1.5", 6.5},
    {"growth_percent", "=6%+1%", 7},
    {"stock_days", "=7*2", 14},
    {"stock_days", "=7/2", (double)NAN},
    {"starting_capital", "=price*2", (double)NAN},
    {"starting_capital", "=1/0", (double)NAN},
    {"starting_capital", "=", (double)NAN},
    {"starting_capital", "=5-9", (double)NAN}, /* the limits hold */
};

static void a_sum_is_worked_out(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(sums); i++) {
        bson_t answers = BSON_INITIALIZER;
        struct err err = {0};
        bool ok = intake_set(*state, sums[i].path, sums[i].typed, &answers, &err);

        if (ok == isnan(sums[i].want))
            fail_msg("%s: %s", sums[i].typed, err.msg);
        if (ok)
            assert_true(fabs(doc_num(&answers, sums[i].path, -1) - sums[i].want) < 1e-9);
        bson_destroy(&answers);
    }
}

static const struct {
    const char *typed, *want, *says; /* no `want`: it is refused */
} months[] = {
    {"80;80;90;100;110;120;130;130;110;100;90;80",
     "80; 80; 90; 100; 110; 120; 130; 130; 110; 100; 90; 80", ""},
    {"[80, 80, 90, 100, 110, 120, 130, 130, 110, 100, 90, 80]",
     "80; 80; 90; 100; 110; 120; 130; 130; 110; 100; 90; 80", ""},
    {"80\t80\t90\t100\t110\t120\t130\t130\t110\t100\t90\t80",
     "80; 80; 90; 100; 110; 120; 130; 130; 110; 100; 90; 80", ""},
    {"80% 80% 90 100 110 120 130 130 110 100 90 80",
     "80; 80; 90; 100; 110; 120; 130; 130; 110; 100; 90; 80", ""},
    {">100", "100; 100; 100; 100; 100; 100; 100; 100; 100; 100; 100; 100", ""},
    {"50; 60; >100i10", "50; 60; 100; 110; 120; 130; 140; 150; 160; 170; 180; 190", ""},
    {"50; 60", NULL, "2 numbers are here; twelve"},
    {"100", NULL, "1 number is here"},
    {">100; 5", NULL, "13 numbers"},
    {"1;2;3;4;5;6;7;8;9;10;11;x", NULL, "not a rate"},
    {"50; >1i", NULL, "fills nothing"},
    {">100i-20", NULL, "too low"},
};

static void a_year_of_months_is_typed_in_many_ways(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(months); i++) {
        struct err err = {0};
        struct strbuf typed;
        bson_t answers;
        bool ok;

        from_json("{\"products\": [{\"name\": \"a\"}]}", &answers);
        ok = intake_set(*state, "products.0.seasonality", months[i].typed, &answers, &err);
        strbuf_init(&typed, 1000);
        intake_typed(*state, &answers, "products.0.seasonality", &typed);
        if (ok != (months[i].want != NULL) || strcmp(typed.data, ok ? months[i].want : "") != 0 ||
            !strstr(err.msg, months[i].says))
            fail_msg("%s: %s: %s", months[i].typed, typed.data, err.msg);
        strbuf_finish(&typed);
        bson_destroy(&answers);
    }
}

static const struct {
    const char *typed, *want; /* NULL: no such row */
} paths[] = {
    {"starting_capital", "starting_capital"},
    {"products.0.price", "products.0.price"},
    {"products[2].price", "products.1.price"},
    {"products.price[1]", "products.0.price"},
    {"products[1]", "products.0"},
    {"products.+", "products.2"},
    {"products.+.price", "products.2.price"},
    {"products.last.price", "products.1.price"},
    {"staff.last.role", NULL},
    {"products[0].price", "products[0].price"}, /* no path: intake_set() says so */
    {"products[x]", "products[x]"},
};

static void a_row_can_be_named_in_many_ways(void **state)
{
    bson_t answers;

    (void)state;
    from_json("{\"products\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}", &answers);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct err err = {0};
        char *path = intake_path(paths[i].typed, &answers, &err);

        if (!path || !paths[i].want)
            assert_true(!path && !paths[i].want && err.code == ERR_NOT_FOUND);
        else
            assert_string_equal(path, paths[i].want);
        free(path);
    }
    bson_destroy(&answers);
}

/* Pastes into the fixed costs of answers that have one row. */
static bool paste(const struct intake *in, const char *text, bson_t *answers, struct pasted *out,
                  struct err *err)
{
    from_json("{\"currency\": \"GBP\", \"fixed_costs\": [{\"name\": \"Rent\"}]}", answers);
    return intake_paste(in, intake_question(in, "fixed_costs"), text, answers, out, err);
}

static void lines_of_a_spreadsheet_become_rows(void **state)
{
    struct pasted added;
    struct err err = {0};
    bson_t answers;

    assert_true(
        paste(*state, "Power\t£120.50\t1\n\nWater\tplenty\nTea\t1,200\n", &answers, &added, &err));
    assert_int_equal(added.first, 1);
    assert_int_equal(added.rows, 3);
    assert_int_equal(added.wrong_count, 1);
    assert_int_equal(added.wrong[0].row, 2);
    assert_string_equal(added.wrong[0].text, "plenty");
    assert_string_equal(added.wrong[0].column->field, "monthly");
    expect_stored(&answers, "fixed_costs",
                  "[{\"name\":\"Rent\"},{\"name\":\"Power\",\"monthly\":120.5,\"start_month\":1},"
                  "{\"name\":\"Water\"},{\"name\":\"Tea\",\"monthly\":1200}]");
    pasted_finish(&added);
    bson_destroy(&answers);
}

static void a_first_line_of_names_says_what_is_where(void **state)
{
    struct pasted added;
    struct err err = {0};
    bson_t answers;

    assert_true(paste(*state, "A month\tCost\t\n5\tPower\tignored\n", &answers, &added, &err));
    assert_int_equal(added.rows, 1);
    expect_stored(&answers, "fixed_costs",
                  "[{\"name\":\"Rent\"},{\"monthly\":5,\"name\":\"Power\"}]");
    pasted_finish(&added);
    bson_destroy(&answers);
}

static void what_cannot_be_pasted_changes_nothing(void **state)
{
    struct strbuf many;
    struct pasted added;
    struct err err = {0};
    bson_t answers;

    assert_false(paste(*state, "\n \t\n", &answers, &added, &err));
    assert_int_equal(err.code, ERR_INVALID);
    bson_destroy(&answers);
    strbuf_init(&many, 4096);
    for (int i = 0; i < 60; i++)
        strbuf_str(&many, "Power\t5\n");
    assert_false(paste(*state, many.data, &answers, &added, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(doc_count(&answers, "fixed_costs"), 1);
    bson_destroy(&answers);
    strbuf_finish(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_follows_from_rows_follows_when_one_goes_or_comes),
        cmocka_unit_test(a_full_table_takes_no_copy),
        cmocka_unit_test(a_fill_goes_down_the_years),
        cmocka_unit_test(what_cannot_be_filled_changes_nothing),
        cmocka_unit_test(a_fill_goes_down_the_rows_there_are),
        cmocka_unit_test(rows_change_places),
        cmocka_unit_test(a_row_set_to_nothing_is_taken_out),
        cmocka_unit_test(a_sum_is_worked_out),
        cmocka_unit_test(a_year_of_months_is_typed_in_many_ways),
        cmocka_unit_test(a_row_can_be_named_in_many_ways),
        cmocka_unit_test(lines_of_a_spreadsheet_become_rows),
        cmocka_unit_test(a_first_line_of_names_says_what_is_where),
        cmocka_unit_test(what_cannot_be_pasted_changes_nothing),
    };

    return cmocka_run_group_tests_name("intake_rows", tests, load_intake, unload_intake);
}
