/* cli.h - the sub-commands: the whole product without a screen. */
#ifndef STRATTIO_CLI_H
#define STRATTIO_CLI_H

#include <stdbool.h>

struct config;

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NON_COMPLIANT = 3 };

/* Runs the sub-command, --help or --version that argv[1] names (the settings' flags are gone from argv
 * already); the exit code of the process. Data to standard output, errors as one sentence to standard error. */
int cli_main(int argc, char **argv, const struct config *cfg);

#endif
