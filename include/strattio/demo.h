/* demo.h - `--demo`: a store that is thrown away, with sample plans made for the occasion. */
#ifndef STRATTIO_DEMO_H
#define STRATTIO_DEMO_H

#include "strattio/attr.h"

struct err;
struct house;

/* Makes a store in a temporary folder, signs in a demonstrator and generates the plans of
 * assets/demo. Returns its URI, the caller's to free; demo_end() removes the folder. */
MUST_USE char *demo_begin(struct house *h, struct err *err);
void demo_end(const char *uri); /* accepts NULL */

#endif
