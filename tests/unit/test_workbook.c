/* test_workbook.c - the model as a workbook: every line of plan.model has a formula in every plan, so that who adds a
 * function to the language sees it here; what has no place is told; names and sheets are what a spreadsheet
 * takes. (That the formulas compute the same is tested with LibreOffice, in tests/export.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finance/workbook.h"
#include "support/asking_plan.h"
#include "support/random_intake.h"

enum { PLANS = 60 };

static struct workbook *workbook(const struct model *m)
{
    struct err err = {0};
    struct workbook *b = workbook_create(m, &err);

    if (!b)
        fail_msg("%s", err.msg);
    return b;
}

static char *formula(const struct workbook *b, int line, size_t row, int period)
{
    struct sheet_cell c;
    struct err err = {0};
    char *text;

    if (!workbook_cell(b, line, row, period, &c, &err))
        fail_msg("%s", err.msg);
    text = c.formula ? strdup(c.formula) : NULL;
    sheet_cell_finish(&c);
    return text;
}

/* All cells of the line that differ in kind: the first month, one with a past, a year, the next one. */
static size_t check_line(const struct workbook *b, int line)
{
    static const int periods[] = {0, 1, 13, MODEL_MONTHS - 1, MODEL_MONTHS, MODEL_MONTHS + 1};
    const struct line *l = &b->m->def->lines[line];
    size_t checked = 0;

    for (size_t row = 0; row < line_rows(b->m, l); row++) {
        if (!l->wide) {
            free(formula(b, line, row, SHEET_ONCE));
            checked++;
            continue;
        }
        free(formula(b, line, row, SHEET_OPENING));
        for (size_t i = 0; i < ARRAY_LEN(periods); i++, checked++)
            free(formula(b, line, row, periods[i]));
    }
    return checked;
}

static void every_line_of_every_plan_has_a_formula(void **state)
{
    const struct model_def *def = *state;
    struct err err = {0};
    struct intake *questions = intake_load(&err);
    size_t checked = 0;

    assert_non_null(questions);
    for (int seed = 1; seed <= PLANS; seed++) {
        struct random_intake r = {.state = (uint64_t)seed * 7919,
                                  .questions = questions,
                                  .purpose = (enum plan_purpose)(seed % PURPOSE_COUNT),
                                  .percent = 40 + (unsigned)seed % 60,
                                  .hostile = seed % 2};
        struct model *m;
        bson_t answers;

        bson_init(&answers);
        random_intake(&r, &answers);
        m = model_build(def, &answers, "2027-03-01", &err);
        bson_destroy(&answers);
        if (m) {
            struct workbook *b = workbook(m);

            for (size_t i = 0; i < def->line_count; i++)
                if (b->homes[i].sheet >= 0)
                    checked += check_line(b, (int)i);
                else if (!def->lines[i].hidden && line_rows(m, &def->lines[i]))
                    fail_msg("%s has no place", def->lines[i].name);
            workbook_free(b);
        }
        model_free(m);
    }
    intake_free(questions);
    assert_true(checked > 10000);
}

/* The formula, with every row of a sheet as "#": where a line stands is not the matter. */
static void expect_formula(const struct workbook *b, const char *name, int period, const char *want)
{
    char *text = formula(b, def_find(b->m->def, name), 0, period), *out = text;
    bool after_letter = false;

    assert_non_null(text);
    for (const char *p = text; *p; p++) {
        bool digit = *p >= '0' && *p <= '9';

        if (digit && after_letter)
            *out++ = '#';
        if (!digit || !after_letter)
            *out++ = *p;
        while (digit && after_letter && p[1] >= '0' && p[1] <= '9')
            p++;
        after_letter = (*p >= 'A' && *p <= 'Z') || *p == '$';
    }
    *out = '\0';
    assert_string_equal(text, want);
    free(text);
}

/* A model of the test's own, so that a line of plan.model may change. */
static void formulas_read_as_the_model_says_them(void **state)
{
    static const char text[] =
        "input currency text \"C\"\ninput location_country text \"L\"\ninput industry text \"I\"\n"
        "table t \"T\"\n  column x money \"X\"\n  flow f money \"F\"\n    = round(x * month, "
        "money)\n"
        "flow sales money \"S\"\n  = sum(t.f)\n"
        "flow profit money \"P\"\n  = sales - 10\n"
        "ratio margin rate \"M\"\n  = profit / sales\n"
        "stock cash money \"K\"\n  = so_far(profit)\n"
        "ratio before money \"B\"\n  = cash[-1]\n"
        "flow once money \"O\"\n  = if(month = 3, profit, 0)\n"
        "figure least money \"L\"\n  = lowest(cash)\n"
        "figure when number \"W\"\n  = first_month(cash < 0)\n";
    static const struct {
        const char *name;
        int period;
        const char *want;
    } rows[] = {
        {"t.f", 4, "ROUND(Inputs!$D$#*Monthly!N#,2)"},
        {"sales", 2, "SUM(T!L#:L#)"},
        {"sales", MODEL_MONTHS, "SUM(J#:U#)"},
        {"profit", 0, "J#-10"},
        {"margin", MODEL_MONTHS + 4, "H#/H#"},
        {"cash", 3, "SUM(J#:M#)"},
        {"cash", MODEL_MONTHS + 1, "AG#"},
        {"before", 0, "I#"},
        {"once", 4, "IF(N#=3,N#,0)"},
        {"least", SHEET_ONCE, "MIN(Monthly!J#:BQ#)"},
        {"when", SHEET_ONCE, "MATCH(TRUE,Workings!J#:BQ#,0)"},
    };
    struct err err = {0};
    struct asset *a = asset_parse("t", text, strlen(text), &err);
    struct model_def *own = model_def_read(a, &err);
    struct workbook *b;
    struct model *m;

    (void)state;
    if (!own)
        fail_msg("%s", err.msg);
    m = asking_model(own, "{\"t\":[{\"x\":1},{\"x\":3}]}");
    b = workbook(m);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        expect_formula(b, rows[i].name, rows[i].period, rows[i].want);
    workbook_free(b);
    model_free(m);
    model_def_free(own);
}

static void what_is_too_large_is_told(void **state)
{
    bson_t answers = BSON_INITIALIZER, rows, row;
    struct err err = {0};
    struct workbook *b;
    struct model *m;

    BSON_APPEND_ARRAY_BEGIN(&answers, "products", &rows);
    for (unsigned i = 0; i < 6000; i++) {
        char key[16];
        const char *name;
        size_t len = bson_uint32_to_string(i, &name, key, sizeof key);

        bson_append_document_begin(&rows, name, (int)len, &row);
        BSON_APPEND_DOUBLE(&row, "price", 1);
        BSON_APPEND_DOUBLE(&row, "units_per_month", 1);
        bson_append_document_end(&rows, &row);
    }
    bson_append_array_end(&answers, &rows);
    m = model_build(*state, &answers, "2027-01-01", &err);
    assert_non_null(m);
    b = workbook_create(m, &err);
    assert_null(b);
    assert_int_equal(err.code, ERR_LIMIT);
    model_free(m);
    bson_destroy(&answers);
}

static void sheets_have_names_a_spreadsheet_takes(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct workbook *b = workbook(m);

    for (size_t i = 0; i < b->sheet_count; i++) {
        assert_in_range(strlen(b->sheets[i].name), 1, 31);
        assert_null(strpbrk(b->sheets[i].name, "[]:*?/\\"));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(b->sheets[i].name, b->sheets[k].name);
    }
    workbook_free(b);
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_every_plan_has_a_formula),
        cmocka_unit_test(formulas_read_as_the_model_says_them),
        cmocka_unit_test(what_is_too_large_is_told),
        cmocka_unit_test(sheets_have_names_a_spreadsheet_takes),
    };

    return cmocka_run_group_tests(tests, asking_load, asking_unload);
}
