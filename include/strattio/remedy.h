/* remedy.h - what would make a rule pass: the figures its test compares, each with its bound, and of
 * the answers behind them any one that would settle it alone. */
#ifndef STRATTIO_REMEDY_H
#define STRATTIO_REMEDY_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct actor;
struct err;
struct house;
struct plan;
struct strbuf;

struct remedy_part { /* one comparison of the test */
    char *what;      /* "Revenue, year 2" */
    char *now;       /* "£812,000"; "not stated" */
    char *relation;  /* "at most" */
    char *bound;     /* "£750,000" */
    bool known, holds;
};

struct remedy_way { /* one answer that would settle it, all others as they are */
    char *field;    /* "products.0.price" */
    char *title;    /* "Price (Sourdough loaf)" */
    char *now;      /* "£4.20"; "not stated" */
    char *value;    /* "£4.35" */
    const char *word; /* "at least", "at most", or "exactly" where a step on fails again */
    double effort;  /* how far it is from now, as a share */
};

struct remedy {
    char *name; /* of the rule */
    bool passes;       /* it does already */
    bool judged;       /* it has a test; else only a person can tell */
    bool searched;     /* ways were looked for: it fails, and numbers decide it */
    struct remedy_part *parts;
    size_t part_count;
    struct remedy_way *ways; /* nearest first */
    size_t way_count;
    size_t builds; /* models that were computed: REMEDY_BUILDS at most */
};

enum { REMEDY_BUILDS = 400, REMEDY_WAYS = 5 };

/* The rule of `rule_id` in the plan's pack, with the plan as it is now. Fails as plan_check() does;
 * ERR_NOT_FOUND for a rule the pack does not have. Finish *out. */
MUST_USE bool plan_remedy(struct actor *a, struct house *h, const struct plan *plan,
                          const char *rule_id, struct remedy *out, struct err *err);
void remedy_finish(struct remedy *r); /* accepts all zero */

/* As lines of text: "Revenue, year 2 is £812,000; at most £750,000 is asked.", "Growth a year of at
 * most 12% would make it pass (now 40%).", "No single answer makes this pass.". */
void remedy_text(const struct remedy *r, struct strbuf *out);

#endif
