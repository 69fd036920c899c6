/* industries.h - the industries of assets/industries, and which one a person means. The margins in
 * the same files belong to src/finance. */
#ifndef STRATTIO_INTAKE_INDUSTRIES_H
#define STRATTIO_INTAKE_INDUSTRIES_H

#include <stddef.h>

#include "strattio/attr.h"

#include "intake/fold.h"

struct err;
struct industries; /* immutable once loaded */

struct industry {
    const char *key;
    const char *label;
    char *note;   /* "SIC 56102, 56101" */
    char *sic;    /* "56102,56101"; NULL if the file has none */
    char *naics;  /* "722"; NULL if the file has none */
    char *folded; /* label */
    char **names; /* folded: key, aliases, codes */
    size_t name_count;
};

MUST_USE struct industries *industries_load(struct err *err);
void industries_free(struct industries *list);

size_t industries_count(const struct industries *list);
const struct industry *industries_at(const struct industries *list, size_t i);

/* The industry of this key; the one a person calls so (by key, label, alias or SIC code, with
 * nothing left over). NULL if there is none. */
const struct industry *industries_by_key(const struct industries *list, const char *key);
const struct industry *industries_named(const struct industries *list, const char *typed);

/* The same, and else the one whose longest name stands among the words typed: "Shop retail
 * (non-food)" means the shop. NULL if none does. */
const struct industry *industries_meant(const struct industries *list, const char *typed);

/* How well `in` fits the folded filter, as fold_rank() says, over all its names. */
int industries_rank(const struct industry *in, const char *filter, fold_ranking ranking);

#endif
