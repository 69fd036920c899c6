/* test_expr.c - the expression language: every operator and function, nulls that carry their
 * reason, three-valued logic, lists, units, and errors with their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "expr/expr.h"

static struct value list_of(const int *items, size_t count, enum unit unit)
{
    struct value v = {.type = VALUE_LIST, .items = mem_zero(count, sizeof v), .count = count};

    for (size_t i = 0; i < count; i++)
        v.items[i] = value_num(num_from_int(items[i]), unit);
    return v;
}

static bool lookup(const struct expr_scope *scope, const char *name, struct expr_index index,
                   struct value *out, struct err *err)
{
    static const int prices[] = {10, 20, 30};

    (void)scope;
    if (strcmp(name, "x") == 0)
        *out = value_num(num_from_int(index.kind == INDEX_HERE ? 7 : index.n), UNIT_NONE);
    else if (strcmp(name, "cash") == 0)
        *out = value_num(num_from_int(1000), UNIT_MONEY);
    else if (strcmp(name, "units") == 0)
        *out = value_num(num_from_int(5), UNIT_COUNT);
    else if (strcmp(name, "products.price") == 0 && index.row)
        *out = value_num(num_from_int(prices[index.row - 1]), UNIT_MONEY);
    else if (strcmp(name, "products.price") == 0)
        *out = list_of(prices, 3, UNIT_MONEY);
    else if (strcmp(name, "country") == 0)
        *out = value_text("GB");
    else if (strcmp(name, "start") == 0)
        *out = value_text("2027-01-31");
    else if (strcmp(name, "unknown") == 0)
        *out = value_null("input_missing");
    else
        return err_set(err, ERR_NOT_FOUND, 0, "there is nothing called \"%s\"", name);
    return true;
}

static bool call(const struct expr_scope *scope, const char *function, const struct value *args,
                 size_t count, struct value *out, struct err *err)
{
    (void)scope;
    if (strcmp(function, "twice") != 0 || count != 1)
        return err_set(err, ERR_NOT_FOUND, 0, "no");
    return num_add(args[0].num, args[0].num, &out->num) && (out->type = VALUE_NUM);
}

static const struct expr_scope scope = {.lookup = lookup, .call = call};

/* The printed value, or "! message" of what failed. The caller frees it. */
static char *result(const char *text)
{
    struct err err = {0};
    struct expr *e = expr_parse(text, "t", 1, 1, &err);
    struct value v;
    struct strbuf out;

    strbuf_init(&out, 4096);
    if (e && expr_eval(e, &scope, &v, &err)) {
        value_print(&v, &out);
        value_finish(&v);
    } else {
        assert_int_not_equal(err.code, ERR_NONE);
        strbuf_printf(&out, "! %s", err.msg);
    }
    expr_free(e);
    return strbuf_take(&out);
}

static void expect(const char *text, const char *want)
{
    char *got = result(text);

    if (strcmp(got, want) != 0)
        fail_msg("%s gives %s, not %s", text, got, want);
    free(got);
}

static void values_match_the_table(void **state)
{
    static const struct {
        const char *expr, *want;
    } rows[] = {
        {"1 + 2 * 3", "7"},
        {"(1 + 2) * 3", "9"},
        {"10 - 3 - 2", "5"},
        {"2 ^ 3 ^ 2", "512"},
        {"-2 ^ 2", "-4"},
        {"2 ^ -1", "0.5"},
        {"- - 3", "3"},
        {"7 / 2", "3.5"},
        {"12.5%", "0.125"},
        {"200 * 6%", "12"},
        {"1 = 1 and 2 == 2", "true"},
        {"1 != 1 or 2 < 1", "false"},
        {"not 1 > 2", "true"},
        {"3 >= 3 and 3 <= 3", "true"},
        {"\"a\\\"b\" = \"a\\\"b\"", "true"},
        {"country in [\"GB\", \"US\"]", "true"},
        {"country in []", "false"},
        {"[1, 5] in [1, 2, 3]", "[true, false]"},
        {"any([4, 2] in [1, 2, 3])", "true"},
        {"\"x\" != country", "true"},
        {"x + x[-1] + x[m7] + x[y2]", "15"},
        {"products.price[2]", "20"},
        {"products.price", "[10, 20, 30]"},
        {"sum(products.price)", "60"},
        {"sum(products.price * units)", "300"},
        {"any(products.price > 25)", "true"},
        {"all(products.price > 25)", "false"},
        {"count(products.price > 15)", "2"},
        {"count(products.price)", "3"},
        {"count(unknown, 1)", "1"},
        {"avg(products.price)", "20"},
        {"min(products.price)", "10"},
        {"max(3, products.price, 7)", "30"},
        {"-products.price", "[-10, -20, -30]"},
        {"round([1.5, 2.4])", "[2, 2]"},
        {"sum()", "0"},
        {"sum([])", "0"},
        {"min([])", "null (no_items)"},
        {"any([])", "false"},
        {"all([])", "true"},
        {"if(x > 5, \"big\", 1 / 0)", "big"},
        {"round(2.675, 2)", "2.68"},
        {"round(1234.5)", "1235"},
        {"round(cash / 3, money)", "333.33"},
        {"round(1250, -2)", "1300"},
        {"floor(-1.5)", "-2"},
        {"ceil(1.2)", "2"},
        {"abs(-3)", "3"},
        {"len(\"h\u00e9llo\")", "5"},
        {"len(products.price)", "3"},
        {"lower(\"\u00c9A\")", "\u00e9a"},
        {"contains(\"Harbour Bakery\", \"Bak\")", "true"},
        {"contains([\"a\", \"b\"], \"c\")", "false"},
        {"year(2026-04-01) * 100 + month(2026-04-01)", "202604"},
        {"year(start)", "2027"},
        {"start >= 2027-01-01", "true"},
        {"2027-01-31 - 2027-01-01", "30"},
        {"2027-01-31 + 1", "2027-02-01"},
        {"months_between(2027-01-31, 2027-02-28)", "1"},
        {"months_between(2027-01-15, 2028-01-14)", "11"},
        {"months_between(2027-03-01, 2027-01-01)", "-2"},
        {"date(2028, 2, 29)", "2028-02-29"},
        {"date(\"2028-02-29\") = 2028-02-29", "true"},
        {"twice(4)", "8"},
        {"true and not false", "true"},
        {"[1, \"a\", true]", "[1, a, true]"},
        {"x\n  + 1", "8"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        expect(rows[i].expr, rows[i].want);
}

/* The examples of the functions' pages in Microsoft's documentation of Excel, and a few by hand. */
static void payments_match_the_table(void **state)
{
    static const struct {
        const char *expr, *want;
    } rows[] = {
        {"round(pmt(8% / 12, 10, 10000), 2)", "-1037.03"},
        {"round(pmt(8% / 12, 10, 10000, 0, 1), 2)", "-1030.16"},
        {"round(pmt(6% / 12, 18 * 12, 0, 50000), 2)", "-129.08"},
        {"pmt(0, 12, 1200)", "-100"},
        {"round(pmt(0.01% / 12, 12, 1000000), 4)", "-83337.8473"}, /* 1 + rate is nearly 1 */
        {"round(pv(0.01% / 12, 12, -83337.8473), 3)", "1000000"},
        {"round(pmt(6% / 12, 360.5, 100000), 6)", "-599.253359"},
        {"round(pmt(7.5% / 12, 60, 10000), 2)", "-200.38"},
        {"round(ipmt(10% / 12, 1, 3 * 12, 8000), 2)", "-66.67"},
        {"round(ipmt(10%, 3, 3, 8000), 2)", "-292.45"},
        {"ipmt(10%, 1, 3, 8000, 0, 1)", "0"},
        {"round(ppmt(10% / 12, 1, 2 * 12, 2000), 2)", "-75.62"},
        {"round(ppmt(8%, 10, 10, 200000), 2)", "-27598.05"},
        {"round(ipmt(10%, 2, 3, 8000) + ppmt(10%, 2, 3, 8000) - pmt(10%, 3, 8000), 6)", "0"},
        {"round(ipmt(10%, 2, 3, 8000, 0, 1), 2)", "-507.55"},
        {"round(cumipmt(9% / 12, 30 * 12, 125000, 13, 24, 0), 4)", "-11135.2321"},
        {"round(cumipmt(9% / 12, 30 * 12, 125000, 1, 1, 0), 2)", "-937.5"},
        {"round(cumprinc(9% / 12, 30 * 12, 125000, 13, 24, 0), 4)", "-934.1071"},
        {"round(fv(6% / 12, 10, -200, -500, 1), 2)", "2581.4"},
        {"round(fv(12% / 12, 12, -1000), 2)", "12682.5"},
        {"round(fv(11% / 12, 35, -2000, 0, 1), 2)", "82846.25"},
        {"round(pv(8% / 12, 12 * 20, 500, 0, 0), 2)", "-59777.15"},
        {"pv(0, 12, -100)", "1200"},
        /* so long that powers would leave the range: what is paid for ever */
        {"pmt(1%, 100000, 100)", "-1"},
        {"round(pmt(5%, 1100, 1000), 6)", "-50"},
        {"pv(1%, 1000000, -100)", "10000"},
        {"pv(1%, 1000000, -100, 0, 1)", "10100"},
        {"round(rate(5000, -10, 1000), 8)", "0.01"},
        {"rate(12, -100, 1200, 0)", "0"},
        {"rate(10, 100, 1000)", "null (no_real_irr)"},
        {"rate(2.5, -100, 200)", "! t:1:1: rate() takes a whole number of periods, at most 10,000"},
        {"round(cumprinc(1%, 2000, 1000, 1, 2000, 0), 4)", "-1000"},
        {"round(nper(12% / 12, -100, -1000, 10000, 1), 7)", "59.6738657"},
        {"round(nper(12% / 12, -100, -1000, 10000), 7)", "60.0821229"},
        {"round(nper(12% / 12, -100, -1000), 6)", "-9.578594"},
        {"nper(0, -100, 1200)", "12"},
        {"nper(10%, -50, 1000)", "null (never_repaid)"},
        {"round(rate(4 * 12, -200, 8000), 8)", "0.00770147"},
        {"round(rate(4 * 12, -200, 8000) * 12, 7)", "0.0924177"},
        {"rate(10, -100, 1000)", "0"},
        {"sln(30000, 7500, 10)", "2250"},
        {"round(irr([-70000, 12000, 15000, 18000, 21000]), 6)", "[-0.021245]"},
        {"round(irr([-70000, 12000, 15000, 18000, 21000, 26000]), 6)", "[0.086631]"},
        {"round(irr([-70000, 12000, 15000]), 6)", "[-0.443507]"},
        {"irr([-100, 230, -132])", "[0.1, 0.2]"},
        {"irr([-1000, 3600, -4310, 1716])", "[0.1, 0.2, 0.3]"},
        {"irr([-100, 220, -121])", "[0.1]"}, /* a double root */
        {"irr([-1, 2.0001, -1.00010001])", "null (no_real_irr)"},
        {"irr([-10000, 20001, -10001])", "[0, 0.0001]"}, /* closer than any grid */
        {"irr([100, 100])", "null (no_real_irr)"},
        {"irr([0, 0, -100, 110, 0])", "[0.1]"},
        {"irr([])", "null (no_real_irr)"},
        {"irr([-100, 0.0000001])", "[-0.999999999]"},
        {"irr([1, -6, 11, -6])", "[0, 1, 2]"},
        {"irr([-1, 4, -6, 4, -1])", "[0]"}, /* four times */
        {"round(irr([-5, 10.5, 1, -8, 1]), 6)", "[-0.870201, 0.088598, 0.70956]"},
        {"irr([-100, [50, 60]])", "[0.0639410298]"}, /* a list in a list */
        {"irr([-100, unknown])", "null (input_missing)"},
        {"round(mirr([-120000, 39000, 30000, 21000, 37000, 46000], 10%, 12%), 6)", "0.126094"},
        {"round(mirr([-120000, 39000, 30000, 21000], 10%, 12%), 6)", "-0.048045"},
        {"mirr([1, 2], 10%, 12%)", "null (no_real_irr)"},
        {"round(xirr([-10000, 2750, 4250, 3250, 2750], [2008-01-01, 2008-03-01, 2008-10-30, "
         "2009-02-15, 2009-04-01]), 6)",
         "0.373363"},
        {"round(xnpv(9%, [-10000, 2750, 4250, 3250, 2750], [2008-01-01, 2008-03-01, 2008-10-30, "
         "2009-02-15, 2009-04-01]), 4)",
         "2086.6476"},
        {"npv0(10%, [-100, 110])", "0"},
        {"npv0(10%, [100])", "100"},
        {"npv0(-100%, [1])", "! t:1:1: npv0() takes a rate above -100%"},
        {"irr(3)", "! t:1:1: irr() takes a list of at most 400 numbers"},
        {"xirr([1, 2], [2008-01-01])", "! t:1:1: xirr() takes two lists as long as each other, of "
                                       "at most 400 items"},
        {"pmt(1%, 12, 100, 0, 2)", "! t:1:1: pmt() takes a type of 0 (end of period) or 1 "
                                   "(beginning)"},
        {"ipmt(1%, 13, 12, 100)", "! t:1:1: ipmt() takes a period from 1 to the number of periods"},
        {"pmt(\"a\", 12, 100)", "! t:1:1: pmt() takes a number first, not text"},
        {"pmt(unknown, 12, 100)", "null (input_missing)"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        expect(rows[i].expr, rows[i].want);
}

static void nulls_travel_with_the_leftmost_reason(void **state)
{
    static const struct {
        const char *expr, *want;
    } rows[] = {
        {"1 / 0", "null (division_by_zero)"},
        {"0 ^ -1", "null (division_by_zero)"},
        {"(-4) ^ 0.5", "null (no_real_root)"},
        {"unknown + 1 / 0", "null (input_missing)"},
        {"1 / 0 + unknown", "null (division_by_zero)"},
        {"unknown ?? 3", "3"},
        {"unknown ?? 1 / 0 ?? 5", "5"},
        {"4 ?? nonsense", "4"},
        {"unknown > 3", "null (input_missing)"},
        {"unknown > 3 and false", "false"},
        {"false and unknown > 3", "false"},
        {"unknown > 3 or true", "true"},
        {"unknown > 3 or false", "null (input_missing)"},
        {"not (unknown > 3)", "null (input_missing)"},
        {"unknown in [1, 2]", "null (input_missing)"},
        {"3 in [1, unknown]", "null (input_missing)"},
        {"1 in [1, unknown]", "true"},
        {"if(unknown > 3, 1, 2)", "null (input_missing)"},
        {"sum(1, unknown)", "null (input_missing)"},
        {"max(unknown, 1)", "null (input_missing)"},
        {"any([unknown > 1, true])", "true"},
        {"any([unknown > 1, false])", "null (input_missing)"},
        {"all([unknown > 1, false])", "false"},
        {"is_null(unknown)", "true"},
        {"is_null(3)", "false"},
        {"reason(unknown)", "input_missing"},
        {"reason(3)", ""},
        {"null(\"no_capital\")", "null (no_capital)"},
        {"null ?? 1", "1"},
        {"round(unknown, 2)", "null (input_missing)"},
        {"unknown = unknown", "null (input_missing)"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        expect(rows[i].expr, rows[i].want);
}

static void mistakes_are_told_with_their_place(void **state)
{
    static const struct {
        const char *expr, *want;
    } rows[] = {
        {"", "! t:1:1: the expression ends where a value is missing"},
        {"1 +", "! t:1:4: the expression ends where a value is missing"},
        {"1 +\n  * 2", "! t:2:3: \"*\" stands where a value is missing"},
        {"(1", "! t:1:3: the expression ends where \")\" is missing"},
        {"1 2", "! t:1:3: \"2\" stands where the expression should end"},
        {"1 $ 2", "! t:1:3: this character has no meaning here"},
        {"\"abc", "! t:1:1: this string is not closed; add a \""},
        {"2026-02-30", "! t:1:1: there is no such date"},
        {"12k", "! t:1:1: a number ends in a digit or %"},
        {"999999999999999999999999999999", "! t:1:1: this number is too large"},
        {"x[0]", "! t:1:3: an index is [-1], [m7], [y2] or a row's number from 1"},
        {"x[q1]", "! t:1:3: an index is [-1], [m7], [y2] or a row's number from 1"},
        {"x[y1][m1]", "! t:1:7: an index is [-1], [m7], [y2] or a row's number from 1"},
        {"and 1", "! t:1:1: \"and\" needs a value before it"},
        {"nonsense", "! t:1:1: there is nothing called \"nonsense\""},
        {"f(1)", "! t:1:1: there is no function \"f\""},
        {"abs(1, 2)", "! t:1:1: abs() takes 1 argument, not 2"},
        {"abs(\"a\")", "! t:1:1: abs() takes a number first, not text"},
        {"1 + \"a\"", "! t:1:3: \"+\" does not work on a number and text"},
        {"cash + units", "! t:1:6: \"+\" does not work on money and count"},
        {"cash * cash", "! t:1:6: \"*\" does not work on money and money"},
        {"cash > units", "! t:1:6: \">\" does not work on money and count"},
        {"cash + 1", "1001"},
        {"cash / cash", "1"},
        {"\"a\" < \"b\"", "! t:1:5: \"<\" does not work on text and text"},
        {"true = 1", "! t:1:6: \"=\" does not work on true or false and a number"},
        {"1 and true", "! t:1:3: \"and\" does not work on a number and true or false"},
        {"-true", "! t:1:1: \"-\" does not work on true or false"},
        {"if(1, 2, 3)", "! t:1:1: if() asks whether something is so, not a number"},
        {"[1, 2] + [1]", "! t:1:8: \"+\" needs lists of the same length, not 2 and 1 items"},
        {"10 ^ 20 * 10 ^ 20", "! t:1:9: the result of \"*\" is out of range"},
        {"date(2027, 2, 29)", "! t:1:1: date() takes a year, a month and a day that exist"},
        {"round(1, 13)", "! t:1:1: round() takes from -12 to 12 decimals"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        expect(rows[i].expr, rows[i].want);
}

static char *repeated(const char *before, const char *unit, int times, const char *after)
{
    struct strbuf sb;

    strbuf_init(&sb, 1024 * 1024);
    strbuf_str(&sb, before);
    for (int i = 0; i < times; i++)
        strbuf_str(&sb, unit);
    strbuf_str(&sb, after);
    return strbuf_take(&sb);
}

static void depth_is_limited(void **state)
{
    static const struct {
        const char *unit;
        int times;
        const char *after;
        bool ok;
    } rows[] = {{"(", 10000, "1", false},       {"-", 10000, "1", false},
                {"not ", 10000, "true", false}, {"1+", 10000, "1", false},
                {"1+", 300, "1", true},         {"2^", 10000, "1", false},
                {"[", 10000, "", false},        {"abs(", 10000, "1", false},
                {"1+", 40000, "1", false},      {"x[", 10000, "", false}};
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *text = repeated("", rows[i].unit, rows[i].times, rows[i].after);
        struct expr *e = expr_parse(text, "t", 1, 1, &err);

        assert_int_equal(e != NULL, rows[i].ok);
        expr_free(e);
        free(text);
    }
}

static void visit(void *context, const char *name, struct expr_index index)
{
    struct strbuf *out = context;

    strbuf_printf(out, "%s/%d/%d/%d ", name, index.kind, index.n, index.row);
}

static void names_are_told_in_order(void **state)
{
    struct err err = {0};
    struct expr *e = expr_parse("a.b[-1] + f(c[m7], 2) ?? d[3][y2]", "t", 1, 1, &err);
    struct strbuf out;

    (void)state;
    assert_non_null(e);
    strbuf_init(&out, 1000);
    expr_names(e, visit, &out);
    assert_string_equal(out.data, "a.b/1/-1/0 c/2/7/0 d/3/2/3 ");
    assert_string_equal(expr_source(e), "a.b[-1] + f(c[m7], 2) ?? d[3][y2]");
    strbuf_finish(&out);
    expr_free(e);
}

static void truth_of_what_is_not_a_bool_is_unknown(void **state)
{
    struct value yes = value_bool(true), no = value_bool(false), null = value_null("x");

    (void)state;
    assert_int_equal(value_truth(&yes), TRUTH_YES);
    assert_int_equal(value_truth(&no), TRUTH_NO);
    assert_int_equal(value_truth(&null), TRUTH_UNKNOWN);
    value_finish(&null);
}

static void formats_show_what_a_reader_expects(void **state)
{
    static const struct {
        const char *expr, *format, *want; /* NULL: does not fit */
    } rows[] = {
        {"171360", "money0", "\u00a3171,360"},
        {"-1200.5", "money", "-\u00a31,200.50"},
        {"0 - 0.4", "money0", "\u00a30"},
        {"0.125", "pct", "13%"},
        {"12.34%", "pct1", "12.3%"},
        {"1234.5678", "num", "1,234.5678"},
        {"1234.5678", "num0", "1,235"},
        {"1", "num2", "1.00"},
        {"2911.4", "count", "2,911"},
        {"1", "months", "1 month"},
        {"5", "months", "5 months"},
        {"100 / 3", "months", "33.3 months"},
        {"2027-03-01", "date", "1 March 2027"},
        {"2027-03-01", "month", "March 2027"},
        {"\"a\"", "text", "a"},
        {"[\"a\", \"b\", \"c\"]", "list", "a, b and c"},
        {"\"a\"", "money", NULL},
        {"unknown", "text", NULL},
        {"1", "nonsense", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct expr *e = expr_parse(rows[i].expr, "t", 1, 1, &err);
        struct value v;
        struct strbuf out;

        strbuf_init(&out, 1000);
        assert_true(expr_eval(e, &scope, &v, &err));
        assert_int_equal(value_format(&v, rows[i].format, "GBP", &out), rows[i].want != NULL);
        if (rows[i].want)
            assert_string_equal(out.data, rows[i].want);
        strbuf_finish(&out);
        value_finish(&v);
        expr_free(e);
    }
}

static void a_percent_is_not_multiplied_again(void **state)
{
    struct value v = value_num(num_from_int(63), UNIT_PERCENT);
    struct strbuf out;

    (void)state;
    strbuf_init(&out, 100);
    assert_true(value_format(&v, "pct1", "GBP", &out));
    assert_string_equal(out.data, "63.0%");
    strbuf_finish(&out);
}

static void a_typed_expression_is_placed_by_its_column(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"1 +", "column 4: the expression ends where a value is missing"},
        {"1 +\n  )", "line 2, column 3: \")\" stands where a value is missing"},
        {"1 + a", "column 5: there is nothing called \"a\""},
        {"1 + f(2)", "column 5: there is no function \"f\""}, /* without a scope */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct value v = {0};
        struct expr *e = expr_parse(rows[i].text, NULL, 1, 1, &err);

        assert_false(e && expr_eval(e, NULL, &v, &err));
        assert_string_equal(err.msg, rows[i].want);
        expr_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_match_the_table),
        cmocka_unit_test(payments_match_the_table),
        cmocka_unit_test(nulls_travel_with_the_leftmost_reason),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(names_are_told_in_order),
        cmocka_unit_test(truth_of_what_is_not_a_bool_is_unknown),
        cmocka_unit_test(formats_show_what_a_reader_expects),
        cmocka_unit_test(a_percent_is_not_multiplied_again),
        cmocka_unit_test(a_typed_expression_is_placed_by_its_column),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
