/* cli.h - the sub-commands: the whole product without a screen. */
#ifndef STRATTIO_CLI_H
#define STRATTIO_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/plan.h"

struct config;
struct err;

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NON_COMPLIANT = 3 };

struct cli_action {
    const char *name;          /* "plans.open" */
    const char *context;       /* "plans" */
    const char *context_title; /* "Plans" */
    const char *keys;          /* separated by spaces; "" for none */
    const char *help;          /* one sentence */
};

struct cli_place {
    const char *plan_id, *plan_name;
    enum plan_status status;
    const char
        *place; /* "intake", "financials", "checklist", a section's type; NULL for the plan */
    bool edit;  /* the section is to be edited, not read */
};

/* The screen, as far as the sub-commands know it: what can be done there and how it is opened. */
struct cli_screen {
    const struct cli_action *actions; /* those of one context follow each other */
    size_t action_count;
    const char *const *key_problems; /* what is wrong with the user's keys, a sentence each */
    size_t key_problem_count;

    /* Shows the screen at a place and works until the person leaves; the exit code. `place` is
     * borrowed for the call. */
    int (*open)(const struct config *cfg, const struct cli_place *place, struct err *err);
};

/* Runs the sub-command, --help or --version that argv[1] names (the settings' flags are gone from
 * argv already); the exit code of the process. Data to standard output, errors as one sentence to
 * standard error. */
int cli_main(int argc, char **argv, const struct config *cfg, const struct cli_screen *screen);

#endif
