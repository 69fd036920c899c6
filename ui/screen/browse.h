/* browse.h - handing an address to the person's browser. */
#ifndef STRATTIO_UI_BROWSE_H
#define STRATTIO_UI_BROWSE_H

#include <stdbool.h>

#include "strattio/attr.h"

struct err;

/* Starts $BROWSER, else xdg-open, and does not wait for it. ERR_UNSUPPORTED, one sentence, if there
 * is no display and no $BROWSER, or no such program; ERR_INVALID for what is no address. */
MUST_USE bool browse_open(const char *url, struct err *err);

#endif
