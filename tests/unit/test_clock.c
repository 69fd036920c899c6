/* Times are read and written in UTC without a locale, and STRATTIO_CLOCK stops the wall clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "strattio/clock.h"

static const struct {
    const char *text;
    int64_t ms;
} times[] = {
    {"1970-01-01", 0},
    {"1970-01-01T00:00", 0},
    {"2026-11-24T09:30:00Z", INT64_C(1795512600000)},
    {"2026-11-24T09:30:00.000Z", INT64_C(1795512600000)},
    {"2026-11-24T09:30:00.25", INT64_C(1795512600250)},
    {"2026-11-24T09:30:00.123456Z", INT64_C(1795512600123)},
    {"2024-02-29", INT64_C(1709164800000)},
    {"1969-12-31T23:59:59.999Z", -1},
    {"0000-03-01", INT64_C(-62162035200000)},
    {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
};

static void times_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        int64_t ms = 1;

        if (!clock_parse(times[i].text, &ms) || ms != times[i].ms)
            fail_msg("%s is %lld", times[i].text, (long long)ms);
    }
}

static void what_is_no_time_is_refused_and_nothing_written(void **state)
{
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-1-1",
                                      "2026-13-01",
                                      "2026-00-10",
                                      "2026-02-29",
                                      "2026-04-31",
                                      "2026-01-00",
                                      "2026-01-01x",
                                      "2026-01-01T",
                                      "2026-01-01T24:00",
                                      "2026-01-01T09:60",
                                      "2026-01-01T09:00:60",
                                      "2026-01-01Z",
                                      "2026-01-01T09",
                                      "2026-01-01T09:00:",
                                      "2026-01-01T09:00:00.",
                                      "-001-01-01",
                                      "2026-01-01T09:00+01:00",
                                      " 2026-01-01",
                                      "2026-01-01 09:00"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        int64_t ms = 77;

        if (clock_parse(bad[i], &ms) || ms != 77)
            fail_msg("\"%s\" was taken", bad[i]);
    }
}

static void writing_agrees_with_the_c_library(void **state)
{
    (void)state;
    for (int64_t s = -70000000000; s < 260000000000; s += 86400 * 31 + 12345) {
        char want[64], have[CLOCK_ISO_SIZE];
        time_t t = (time_t)s;
        struct tm tm;
        int64_t back;

        gmtime_r(&t, &tm);
        if (tm.tm_year + 1900 < 0 || tm.tm_year + 1900 > 9999)
            continue;
        snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02d.007Z", tm.tm_year + 1900,
                 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
        clock_iso(s * 1000 + 7, have);
        assert_string_equal(have, want);
        assert_true(clock_parse(have, &back));
        assert_true(back == s * 1000 + 7);
        clock_iso_date(s * 1000, have);
        want[10] = '\0';
        assert_string_equal(have, want);
    }
}

static void any_number_can_be_written(void **state)
{
    char text[CLOCK_ISO_SIZE];

    (void)state;
    clock_iso(INT64_MAX, text);
    assert_true(strlen(text) < CLOCK_ISO_SIZE);
    clock_iso(INT64_MIN, text);
    assert_true(strlen(text) < CLOCK_ISO_SIZE);
}

static const struct {
    const char *at, *want;
} agos[] = {
    {"2026-11-24T09:30:00", "now"},
    {"2026-11-24T09:29:01", "now"},
    {"2026-11-24T09:30:40", "now"},
    {"2026-11-24T09:29:00", "1 min ago"},
    {"2026-11-24T08:30:01", "59 min ago"},
    {"2026-11-24T08:30:00", "1 h ago"},
    {"2026-11-24T00:00:00", "9 h ago"},
    {"2026-11-23T23:59:59", "yesterday"},
    {"2026-11-23T00:00:00", "yesterday"},
    {"2026-11-22T23:59:59", "22 Nov"},
    {"2026-03-12", "12 Mar"},
    {"2024-03-12", "12 Mar 2024"},
    {"2025-12-31", "31 Dec 2025"},
    {"2026-11-25T09:30:00", "25 Nov"},
};

static void the_past_is_told_in_words(void **state)
{
    int64_t now, ms;
    char text[CLOCK_ISO_SIZE];

    (void)state;
    assert_true(clock_parse("2026-11-24T09:30:00", &now));
    for (size_t i = 0; i < ARRAY_LEN(agos); i++) {
        assert_true(clock_parse(agos[i].at, &ms));
        clock_ago(ms, now, text);
        assert_string_equal(text, agos[i].want);
    }
    assert_true(clock_parse("2026-11-24T00:10", &now) && clock_parse("2026-11-23T23:50", &ms));
    clock_ago(ms, now, text);
    assert_string_equal(text, "20 min ago");
}

static void the_environment_stops_the_wall_clock_only(void **state)
{
    int64_t mono = clock_mono_ms();

    (void)state;
    assert_true(clock_now_ms() == INT64_C(1795512600000));
    setenv("STRATTIO_CLOCK", "2030-01-01", 1); /* read once */
    assert_true(clock_now_ms() == INT64_C(1795512600000));
    assert_true(clock_mono_ms() >= mono);
    assert_true(clock_mono_ms() != INT64_C(1795512600000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(what_is_no_time_is_refused_and_nothing_written),
        cmocka_unit_test(writing_agrees_with_the_c_library),
        cmocka_unit_test(any_number_can_be_written),
        cmocka_unit_test(the_past_is_told_in_words),
        cmocka_unit_test(the_environment_stops_the_wall_clock_only),
    };

    setenv("STRATTIO_CLOCK", "2026-11-24T09:30:00Z", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
