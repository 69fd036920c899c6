/* shared_store.c - the screens on a shared store: the welcome leads there, one registers,
 * signs in again with the right password only, and finds one's plan. A server stands at
 * $STRATTIO_TEST_STORE. */
#include "screen/prepared.h"

#include "strattio/ids.h"

static char email[64];

static struct harness *start_on_server(const char *home)
{
    static const char *const argv[] = {PROGRAM, NULL};
    char *store = mem_printf("STRATTIO_STORE=%s", getenv("STRATTIO_TEST_STORE"));
    const char *const env[] = {store, NULL};
    struct harness *h = harness_start(
        &(struct harness_options){.argv = argv, .env = env, .home = home});

    free(store);
    return h;
}

static int choose_address(void **state)
{
    char id[ID_LEN + 1];

    (void)state;
    id_new(id);
    snprintf(email, sizeof email, "%s@example.org", id);
    return 0;
}

static void one_registers_and_finds_the_plan_again(void **state)
{
    struct harness *h = start_on_server(empty_home());

    (void)state;
    go(h, "", "Sign in to 127.0.0.1");
    go(h, "\t\t\t\r", "Register on");
    harness_type(h, email);
    go(h, "\tAda Marsh\tshort\r\r", "too short");
    assert_shows(h, "•••••"); /* the password is not shown */
    go(h, "\025" "correct horse\r\r", "No plans yet");
    assert_shows(h, "127.0.0.1   Ada Marsh");
    go(h, "n", "Name of the plan");
    go(h, "Quayside Bikes\t\r\r", "1 Business ●");
    go(h, "Quayside Bikes\t", "draft saved");
    quit(h);
    h = start_on_server(test_home); /* still signed in here */
    harness_wait(h, "Quayside Bikes", SOON);
    quit(h);
}

static void another_computer_asks_for_the_password(void **state)
{
    struct harness *h = start_on_server(empty_home());

    (void)state;
    harness_wait(h, "Sign in to", SOON);
    harness_settle(h);
    harness_type(h, email);
    go(h, "\twrong horse\r\r", "✗");
    assert_shows(h, "Sign in to");
    go(h, "correct horse\r\r", "Quayside Bikes");
    quit(h);
}

static void the_welcome_leads_to_a_shared_store(void **state)
{
    const char *home = empty_home();
    struct harness *h = start_in(home, 0, 0);

    (void)state;
    harness_wait(h, "Begin", SOON);
    go(h, "\t\t\t\r", "Address of the store");
    harness_type(h, getenv("STRATTIO_TEST_STORE"));
    go(h, "\r\r", "Sign in to 127.0.0.1");
    quit(h);
    h = start_in(home, 0, 0); /* and the address is remembered */
    harness_wait(h, "Sign in to 127.0.0.1", SOON);
    go(h, "\t\t\t\t\r", "Begin"); /* this computer, for once */
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(one_registers_and_finds_the_plan_again, tidy),
        cmocka_unit_test_teardown(another_computer_asks_for_the_password, tidy),
        cmocka_unit_test_teardown(the_welcome_leads_to_a_shared_store, tidy),
    };

    if (!getenv("STRATTIO_TEST_STORE"))
        return 77;
    return cmocka_run_group_tests(tests, choose_address, NULL);
}
