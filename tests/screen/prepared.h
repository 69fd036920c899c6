/* prepared.h - a home folder with three finished plans, made by the program itself under a
 * stopped clock, and the program started on a copy of it. */
#ifndef STRATTIO_TESTS_PREPARED_H
#define STRATTIO_TESTS_PREPARED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/mem.h"

#include "screen/harness.h"

#define PROGRAM BUILD_DIR "/strattio"
#define SAMPLES SOURCE_DIR "/assets/demo"

enum { SOON = 10000 };

static inline void shell(const char *fmt, ...) PRINTF_LIKE(1, 2);

static inline void shell(const char *fmt, ...)
{
    char *command = NULL;
    va_list args;

    va_start(args, fmt);
    if (vasprintf(&command, fmt, args) < 0)
        abort();
    va_end(args);
    if (system(command) != 0)
        fail_msg("this failed: %s", command);
    free(command);
}

/* The home of the test that runs; gone with tidy(). */
static char test_home[64];

static inline const char *empty_home(void)
{
    snprintf(test_home, sizeof test_home, "/tmp/strattio-home-XXXXXX");
    assert_non_null(mkdtemp(test_home));
    return test_home;
}

static inline int tidy(void **state)
{
    harness_teardown(state);
    if (test_home[0])
        shell("rm -rf '%s'", test_home);
    test_home[0] = '\0';
    return 0;
}

/* Runs a sub-command in `home`, at a time of its own: plans are listed by when they were made. */
static inline void in_home(const char *home, const char *time, const char *command)
{
    shell("env -i PATH=\"$PATH\" HOME='%s' TMPDIR='%s' LC_ALL=C.UTF-8 TZ=UTC "
          "STRATTIO_NAME='Ada Marsh' STRATTIO_EMAIL=ada@example.org STRATTIO_ASSETS=" SOURCE_DIR "/assets "
          "ASAN_OPTIONS=detect_leaks=0 STRATTIO_CLOCK=%s " PROGRAM " %s >/dev/null",
          home, home, time, command);
}

/* For cmocka_run_group_tests(): *state is the prepared home. */
static inline int prepare(void **state)
{
    char *home = mem_str("/tmp/strattio-prepared-XXXXXX");

    assert_non_null(mkdtemp(home));
    in_home(home, "2026-11-20T09:00:00", "new --intake " SAMPLES "/harbour-bakery.json");
    in_home(home, "2026-11-21T09:00:00", "new --intake " SAMPLES "/little-sprouts.json");
    in_home(home, "2026-11-22T09:00:00", "new --intake " SAMPLES "/northwind-robotics.json");
    in_home(home, "2026-11-23T10:00:00", "generate Harbour");
    in_home(home, "2026-11-24T13:50:00", "generate Little");
    *state = home;
    return 0;
}

static inline int forget(void **state)
{
    shell("rm -rf '%s'", (const char *)*state);
    free(*state);
    return 0;
}

static inline const char *copy_home(const char *home)
{
    empty_home();
    shell("cp -a '%s/.' '%s'", home, test_home);
    return test_home;
}

static inline struct harness *start_in(const char *home, int rows, int cols)
{
    static const char *const argv[] = {PROGRAM, NULL};
    static const char *const env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org",
                                      NULL};

    struct harness_options options = {.argv = argv, .env = env, .home = home, .rows = rows,
                                      .cols = cols};

    return harness_start(&options);
}

/* Types, and waits until a row shows `text`. */
static inline void go(struct harness *h, const char *keys, const char *text)
{
    harness_type(h, keys);
    harness_wait(h, text, SOON);
    harness_settle(h);
}

static inline void quit(struct harness *h)
{
    harness_type(h, "\021");
    assert_exit(h, SOON, 0);
    harness_stop(h);
}

#endif
