/* places.h - countries and currencies of the iso-codes package, read on first use: the files are
 * large and most commands never ask. Shared by all threads; never freed before the program ends. */
#ifndef STRATTIO_INTAKE_PLACES_H
#define STRATTIO_INTAKE_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;

struct place {
    const char *code;          /* ISO 3166-1 alpha-2, ISO 4217 */
    const char *name;          /* the common one */
    const char *folded;        /* `name` folded */
    const char *const *others; /* folded: official name, alpha-3, aliases; ends in NULL */
};

/* All countries by name; all currencies by code. ERR_NOT_FOUND names the package to install. */
MUST_USE bool places_countries(const struct place **out, size_t *count, struct err *err);
MUST_USE bool places_currencies(const struct place **out, size_t *count, struct err *err);

/* The country a person means ("UK", "Holland", "usa", "GBR"), else NULL. */
const struct place *places_country(const struct place *all, size_t count, const char *typed);
/* The currency with this code, case ignored, else NULL. */
const struct place *places_currency(const struct place *all, size_t count, const char *code);
/* The country whose name is nearest to what was typed, if it is near; else NULL. */
const struct place *places_nearest(const struct place *all, size_t count, const char *typed);

/* As the folders that are searched, for tests: `dir` alone, or NULL for the usual ones. The tables
 * read so far stay. */
MUST_USE char *places_file(const char *dir, const char *name, struct err *err);

#endif
