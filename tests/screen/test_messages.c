/* test_messages.c - nothing that was said is lost: the ring, its list on screen, and how a passing message
 * says what kind it is. */
#include "screen/prepared.h"

#include "messages.h"
#include "terminal/theme.h"

#define ESC "\033"

static void the_ring_keeps_the_newest(void **state)
{
    struct messages *m = messages_create();
    char text[32];

    (void)state;
    assert_null(messages_at(m, 0));
    for (int i = 0; i < 450; i++) {
        snprintf(text, sizeof text, "message %d", i);
        messages_add(m, ROLE_OK, text);
    }
    assert_int_equal(messages_count(m), 200);
    assert_string_equal(messages_at(m, 0)->text, "message 449");
    assert_string_equal(messages_at(m, 199)->text, "message 250");
    assert_null(messages_at(m, 200));
    messages_destroy(m);
}

static void what_is_said_again_is_counted(void **state)
{
    struct messages *m = messages_create();

    (void)state;
    messages_add(m, ROLE_OK, "saved");
    messages_add(m, ROLE_OK, "saved");
    messages_add(m, ROLE_BAD, "saved");
    assert_int_equal(messages_count(m), 2);
    assert_int_equal(messages_at(m, 1)->times, 2);
    assert_int_equal(messages_at(m, 0)->times, 1);
    messages_destroy(m);
}

static void passing_messages_can_be_read_again(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h;

    shell("mkdir -p '%s/.config/strattio' && printf 'plans.new = Ctrl-X\\n' > "
          "'%s/.config/strattio/keys.ini'",
          home, home);
    h = start_in(home, 0, 0);
    harness_wait(h, "Northwind", SOON);
    harness_wait(h, "! note", SOON);
    go(h, "x", "✓ done");
    assert_shows(h, "is in the archive");
    go(h, "M", "Messages");
    assert_shows(h, "Older ones");
    go(h, "j", "PageDown"); /* the end of the long one */
    quit(h);
}

static void there_is_nothing_to_read_at_first(void **state)
{
    struct harness *h = start_in(copy_home(*state), 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "M", "Nothing was said yet.");
    go(h, "q", "Northwind");
    quit(h);
}

/* In a folder of their own, so that the path of the log is the same every time. */
static void they_look_as_accepted(void **state)
{
    static const char *const argv[] = {PROGRAM, NULL};
    static const char *const env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org",
                                      "STRATTIO_LOG=strattio.log", NULL};
    const char *home = copy_home(*state);
    struct harness *h;

    assert_int_equal(chdir(home), 0);
    h = harness_start(&(struct harness_options){.argv = argv, .env = env, .home = home});
    harness_wait(h, "Northwind", SOON);
    go(h, "x", "is in the archive");
    go(h, "u", "✓ done");
    go(h, "d", "copy");
    go(h, "M", "Messages");
    assert_golden(h, "messages");
    quit(h);
    assert_int_equal(chdir("/"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ring_keeps_the_newest),
        cmocka_unit_test(what_is_said_again_is_counted),
        cmocka_unit_test_teardown(passing_messages_can_be_read_again, tidy),
        cmocka_unit_test_teardown(there_is_nothing_to_read_at_first, tidy),
        cmocka_unit_test_teardown(they_look_as_accepted, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
