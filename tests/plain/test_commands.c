/* test_commands.c - what the screens can do, plain mode can do: every action of the table of actions has a
 * command, or a reason why it has no meaning in linear text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "plain/commands.h"

static void every_action_has_a_command_or_a_reason(void **state)
{
    size_t without = 0;

    (void)state;
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        bool command = plain_command_of((enum action)a) != NULL;
        bool reason = plain_reason((enum action)a) != NULL;

        if (command != reason)
            continue;
        print_error("%s: %s in ui/plain/commands.c\n", action_info((enum action)a)->name,
                    command ? "a command and a reason" : "neither command nor reason");
        without++;
    }
    assert_int_equal(without, 0);
}

/* A person types the beginning of a word: no two of a place are the same, and none is a number. */
static void words_of_a_place_differ(void **state)
{
    (void)state;
    for (const struct plain_command *c = plain_commands; c->name; c++) {
        assert_int_equal(strspn(c->name, "0123456789"), 0);
        assert_null(strpbrk(c->name, " \t:="));
        for (const struct plain_command *other = c + 1; other->name; other++) {
            if (other->place == c->place)
                assert_string_not_equal(other->name, c->name);
        }
    }
}

static void every_command_says_what_it_does(void **state)
{
    (void)state;
    for (const struct plain_command *c = plain_commands; c->name; c++) {
        assert_true(strlen(c->help) > 8);
        assert_int_equal(c->help[strlen(c->help) - 1], '.');
        if (c->place != PLAIN_QUESTION && c->place != PLAIN_WRITING)
            assert_non_null(c->run);
    }
}

static void commands_of_everywhere_follow_those_of_the_place(void **state)
{
    bool everywhere = false;
    const struct plain_command *c;

    (void)state;
    for (size_t i = 0; (c = plain_command_at(PLAIN_PLANS, i)); i++) {
        assert_true(c->place == PLAIN_PLANS || c->place == PLAIN_EVERYWHERE);
        assert_false(everywhere && c->place == PLAIN_PLANS);
        everywhere = everywhere || c->place == PLAIN_EVERYWHERE;
    }
    assert_true(everywhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_action_has_a_command_or_a_reason),
        cmocka_unit_test(words_of_a_place_differ),
        cmocka_unit_test(every_command_says_what_it_does),
        cmocka_unit_test(commands_of_everywhere_follow_those_of_the_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
