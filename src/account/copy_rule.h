/* copy_rule.h - what copying a document from one store to another should do, decided from the two
 * documents alone. A document remembers in metadata.copied {sha, rev, before} at which contents
 * it was the same on both sides. */
#ifndef STRATTIO_ACCOUNT_COPY_RULE_H
#define STRATTIO_ACCOUNT_COPY_RULE_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/ids.h"

enum copy_verdict {
    COPY_NEW,    /* not there yet */
    COPY_SAME,   /* the same on both sides */
    COPY_BRING,  /* changed in `from` only */
    COPY_BEHIND, /* changed in `to` only: nothing to bring */
    COPY_BOTH,   /* changed on both sides */
};

enum { COPY_REMEMBERED = 8 };

/* SHA-256 of what a user would call the document's content: without owners, revisions, leases and
 * the time of the last write. */
void copy_sha(const bson_t *doc, char out[SHA_HEX_LEN + 1]);

enum copy_verdict copy_decide(const bson_t *from, const bson_t *to); /* `to` NULL: not there */

/* metadata.copied of both sides once they have the content of `from`; initialises `out`. */
void copy_stamp(const bson_t *from, const bson_t *to, bson_t *out);

/* Whether `doc` remembers that its present content is on the other side, too. */
bool copy_is_stamped(const bson_t *doc);

#endif
