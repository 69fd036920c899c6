/* clock.h - the two clocks. STRATTIO_CLOCK (an ISO time) stops the wall clock, for reproducible
 * pictures and tests. */
#ifndef STRATTIO_CLOCK_H
#define STRATTIO_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"

int64_t clock_now_ms(void);  /* wall clock, ms since 1970 UTC */
int64_t clock_mono_ms(void); /* monotonic, for durations and time-outs; never stopped */

enum { CLOCK_ISO_SIZE = 32 };
void clock_iso(int64_t ms, char out[CLOCK_ISO_SIZE]);      /* "2026-11-24T09:30:00.000Z" */
void clock_iso_date(int64_t ms, char out[CLOCK_ISO_SIZE]); /* "2026-11-24", UTC */

/* Reads "2026-11-24", "2026-11-24T09:30", with seconds, fraction and "Z" optional. */
MUST_USE bool clock_parse(const char *text, int64_t *ms);

/* "now", "2 min ago", "yesterday", "12 Mar", "12 Mar 2024" as seen at `now_ms`, UTC. */
void clock_ago(int64_t ms, int64_t now_ms, char out[CLOCK_ISO_SIZE]);

#endif
