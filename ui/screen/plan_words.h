/* plan_words.h - how a plan stands, in a symbol, a word and a colour: the same wherever it is
 * shown. */
#ifndef STRATTIO_UI_PLAN_WORDS_H
#define STRATTIO_UI_PLAN_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "strattio/plan.h"

#include "terminal/canvas.h"

struct run_view;

struct standing {
    enum symbol symbol;
    unsigned style;
    char word[40];
};

/* `run` is this program's run on the plan, or NULL. */
struct standing plan_standing(const struct plan *plan, const struct run_view *run);

/* "Loan", "Innovator visa": the purpose in a narrow column. */
const char *plan_purpose_short(enum plan_purpose purpose);

/* "92", or "–" while there is none. */
void plan_score(const struct plan *plan, char *out, size_t size);

enum { TIME_SIZE = 16 };
void local_time(int64_t ms, char out[TIME_SIZE]); /* "14:02:11" */

/* "0:41" */
void duration_text(int64_t ms, char out[TIME_SIZE]);

#endif
