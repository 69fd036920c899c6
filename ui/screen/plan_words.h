/* plan_words.h - how a plan stands, in a symbol, a word and a colour: the same wherever it is
 * shown. */
#ifndef STRATTIO_UI_PLAN_WORDS_H
#define STRATTIO_UI_PLAN_WORDS_H

#include <stdbool.h>
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

struct plan_facts { /* what a plan's standing is made of */
    enum plan_status status;
    int64_t failed, blockers, stale, words;
    double score; /* NaN while there is none */
};
struct plan_facts plan_facts(const struct plan *plan);
struct standing facts_standing(const struct plan_facts *facts);

/* `run` is this program's run on the plan, or NULL. */
struct standing plan_standing(const struct plan *plan, const struct run_view *run);

/* The same while `run` is under way; false, and nothing is said, if it is not. */
bool run_standing(const struct run_view *run, struct standing *out);

/* "Loan", "Innovator visa": the purpose in a narrow column. */
const char *plan_purpose_short(enum plan_purpose purpose);

/* "92", or "–" while there is none. */
void plan_score(const struct plan *plan, char *out, size_t size);
void score_text(double score, char *out, size_t size); /* of struct plan_facts */

enum { TIME_SIZE = 16 };
void local_time(int64_t ms, char out[TIME_SIZE]); /* "14:02:11" */

/* "0:41" */
void duration_text(int64_t ms, char out[TIME_SIZE]);

#endif
