/* child.h - what sections, research packs, models and reports have in common: one a plan (and
 * type), found through the plan's owner, replaced in place. Each repository adds its struct. */
#ifndef STRATTIO_ACCOUNT_CHILD_H
#define STRATTIO_ACCOUNT_CHILD_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/collection.h"
#include "strattio/section.h"

struct actor;
struct err;
struct plan_lease;

struct child {
    enum collection coll;
    const char *plan_id;
    enum section_type type; /* of COLL_SECTIONS */
};

/* Reads the child into `rec`, after the plan was found among the acting user's. ERR_NOT_FOUND. */
MUST_USE bool child_find(struct actor *a, const struct child *c, void *rec, struct err *err);

struct child_put {
    struct child child;
    struct plan_lease *lease; /* or NULL */
    /* Sections: the id and rev `doc` was read with. The stored one must still have that rev; one
     * of another id was made meanwhile, and only a run replaces it, unless the user edited it.
     * NULL for children that only runs write: those replace what is there. */
    const char *read_id;
    int64_t read_rev;
    bool edited;         /* `doc` is the user's text, so that it may replace an edited one */
    const bson_t *audit; /* inserted with it, or NULL */
    int64_t now;
};

struct child_stamp { /* what the put gave the document */
    char id[25];
    int64_t version; /* 0 where there is none */
    int64_t created_at;
    int64_t rev;
};

/* Puts `doc` (as record_write() made it; _id, version, created_at and rev do not matter) in place.
 * ERR_CONFLICT if the lease is lost or somebody saved first. */
MUST_USE bool child_put(struct actor *a, const struct child_put *put, const bson_t *doc,
                        struct child_stamp *stamp, struct err *err);

void child_id(const struct child *c, char out[25]); /* of one that is inserted */

#endif
