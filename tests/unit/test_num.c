/* test_num.c - the number type: exact sums, rounding half away from zero, and every way out of
 * range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "expr/num.h"

static struct num num(const char *text)
{
    struct num n;

    assert_true(num_parse(text, &n));
    return n;
}

static void expect_num(struct num n, const char *want)
{
    char text[NUM_TEXT_SIZE];

    num_print(n, text);
    assert_string_equal(text, want);
}

static const char *const largest = "170141183460469231731687303.715884105727";

static void text_goes_in_and_comes_out(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"0", "0"},
        {"-0", "0"},
        {"12.50", "12.5"},
        {"-0.000000000001", "-0.000000000001"},
        {"+3", "3"},
        {".5", "0.5"},
        {"007", "7"},
        {"0.0000000000005", "0.000000000001"},
        {"-0.0000000000005", "-0.000000000001"},
        {"0.00000000000049", "0"},
    };
    static const char *const bad[] = {"",
                                      "-",
                                      ".",
                                      "5.",
                                      "1e3",
                                      "1 2",
                                      "--1",
                                      "1.2.3",
                                      "0x10",
                                      "nan",
                                      "170141183460469231731687304"};
    struct num n;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_num(num(rows[i].text), rows[i].want);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(num_parse(bad[i], &n));
    expect_num(num(largest), largest);
}

static void doubles_enter_by_their_shortest_form(void **state)
{
    static const struct {
        double d;
        const char *want;
    } rows[] = {
        {0.1, "0.1"},
        {0.07, "0.07"},
        {4.2, "4.2"},
        {1e15 + 0.5, "1000000000000000.5"},
        {1.0 / 3, "0.333333333333"},
        {-2.675, "-2.675"},
        {1e-13, "0"},
        {6e-13, "0.000000000001"},
        {1e20, "100000000000000000000"},
        {123456.789012345, "123456.789012345"},
        {0x1p53, "9007199254740992"},
    };
    struct num n;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(num_from_double(rows[i].d, &n));
        expect_num(n, rows[i].want);
        assert_true(fabs(num_to_double(n) - rows[i].d) <= 1e-12);
    }
    assert_false(num_from_double(NAN, &n));
    assert_false(num_from_double(INFINITY, &n));
    assert_false(num_from_double(-1e27, &n));
}

static void products_and_quotients_round_half_away(void **state)
{
    static const struct {
        const char *a;
        char op;
        const char *b, *want; /* NULL: out of range */
    } rows[] = {
        {"3400", '*', "4.2", "14280"},
        {"0.000001", '*', "0.0000005", "0.000000000001"},
        {"-0.000001", '*', "0.0000005", "-0.000000000001"},
        {"99999999999", '*', "99999999999", "9999999999800000000001"},
        {"123456789012345.678901234567", '*', "-1000000", "-123456789012345678901.234567"},
        {"100000000000000", '*', "100000000000000", NULL},
        {"1", '/', "3", "0.333333333333"},
        {"2", '/', "3", "0.666666666667"},
        {"-2", '/', "3", "-0.666666666667"},
        {"1", '/', "0.000000000001", "1000000000000"},
        {"100000000000000000000000000", '/', "0.000000000001", NULL},
        {"100000000000000000000000000", '/', "3", "33333333333333333333333333.333333333333"},
        {"100000000000000000000000000", '/', "300000000000000000000000", "333.333333333333"},
        {"170141183460469231731687303", '+', "0.7", "170141183460469231731687303.7"},
        {"170141183460469231731687303", '+', "0.8", NULL},
        {"-170141183460469231731687303", '-', "0.8", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct num a = num(rows[i].a), b = num(rows[i].b), out;
        bool ok = rows[i].op == '*'   ? num_mul(a, b, &out)
                  : rows[i].op == '/' ? num_div(a, b, &out)
                  : rows[i].op == '+' ? num_add(a, b, &out)
                                      : num_sub(a, b, &out);

        assert_int_equal(ok, rows[i].want != NULL);
        if (ok)
            expect_num(out, rows[i].want);
    }
}

/* The one-word and the wide way must agree: (a * 2^k) / 2^k by both is a. */
static void wide_and_narrow_products_agree(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct num a, b, p, q;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        a.v = (num_int)(int64_t)(seed >> (seed % 40 + 1));
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        b.v = (num_int)(int64_t)seed * ((num_int)1 << (seed % 24)) + 1;
        if (!num_mul(a, b, &p))
            continue;
        assert_true(num_mul(b, a, &q));
        assert_true(p.v == q.v);
        assert_true(num_mul((struct num){-a.v}, b, &q));
        assert_true(p.v == -q.v);
        if (num_div(p, b, &q)) { /* back to a, within the rounding of p */
            num_int off = q.v - a.v, slack = (b.v < 0 ? -b.v : b.v) >= num_from_int(1).v
                                                 ? 1
                                                 : num_from_int(1).v / (b.v < 0 ? -b.v : b.v) + 1;

            assert_true((off < 0 ? -off : off) <= slack);
        }
    }
}

static void rounding_is_half_away_from_zero(void **state)
{
    static const struct {
        const char *n;
        int digits;
        const char *want;
    } rows[] = {{"2.675", 2, "2.68"}, {"-2.675", 2, "-2.68"}, {"2.674999999999", 2, "2.67"},
                {"0.5", 0, "1"},      {"-0.5", 0, "-1"},      {"0.4", 0, "0"},
                {"1250", -2, "1300"}, {"1249", -2, "1200"},   {"5", -12, "0"},
                {"1.23", 12, "1.23"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_num(num_round(num(rows[i].n), rows[i].digits), rows[i].want);
    expect_num(num_round(num(largest), 0), "170141183460469231731687303");
    expect_num(num_floor(num("-1.5")), "-2");
    expect_num(num_floor(num("1.5")), "1");
    expect_num(num_ceil(num("-1.5")), "-1");
    expect_num(num_ceil(num("1.000000000001")), "2");
    assert_true(num_is_whole(num("-7")));
    assert_false(num_is_whole(num("7.1")));
}

static void powers_are_exact_where_they_can_be(void **state)
{
    static const struct {
        const char *base, *exponent, *want;
    } rows[] = {
        {"1.12", "4", "1.57351936"},
        {"2", "10", "1024"},
        {"2", "-2", "0.25"},
        {"10", "0", "1"},
        {"0", "0", "1"},
        {"4", "0.5", "2"},
        {"-2", "3", "-8"},
        {"1.1", "0.5", "1.0488088482"},
        {"10", "26", "100000000000000000000000000"},
        {"10", "27", NULL},
        {"-4", "0.5", NULL},
        {"0", "-1", NULL},
        {"10", "-30", "0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct num out;
        bool ok = num_pow(num(rows[i].base), num(rows[i].exponent), &out);

        assert_int_equal(ok, rows[i].want != NULL);
        if (ok)
            expect_num(out, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_goes_in_and_comes_out),
        cmocka_unit_test(doubles_enter_by_their_shortest_form),
        cmocka_unit_test(products_and_quotients_round_half_away),
        cmocka_unit_test(wide_and_narrow_products_agree),
        cmocka_unit_test(rounding_is_half_away_from_zero),
        cmocka_unit_test(powers_are_exact_where_they_can_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
