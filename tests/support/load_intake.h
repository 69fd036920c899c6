/* load_intake.h - the questions as the state of a group of tests. */
#ifndef STRATTIO_TESTS_LOAD_INTAKE_H
#define STRATTIO_TESTS_LOAD_INTAKE_H

#include "strattio/err.h"
#include "strattio/intake.h"

static int load_intake(void **state)
{
    struct err err = {0};

    *state = intake_load(&err);
    if (!*state)
        print_error("%s\n", err.msg);
    return *state ? 0 : -1;
}

static int unload_intake(void **state)
{
    intake_free(*state);
    return 0;
}

#endif
