/* plain.h - `--plain`: the whole product as questions and lines of text, for screen readers, scripts, logs
 * and terminals that can do no more. */
#ifndef STRATTIO_UI_PLAIN_H
#define STRATTIO_UI_PLAIN_H

#include "strattio/cli.h"

struct config;
struct house;

/* Works on standard input and output until the person leaves, input ends or a signal comes; the exit code: 0,
 * or 128 + the signal. `place` is where to begin, or NULL. `why` is a sentence to begin with, or NULL. */
int plain_run(const struct config *config, struct house *house, const struct cli_place *place,
              const char *why);

#endif
