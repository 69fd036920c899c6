/* err.h - why an operation failed, as a value on the caller's stack. What can fail returns false
 * or NULL and fills in the `struct err` it was given last; on success it leaves it alone. */
#ifndef STRATTIO_ERR_H
#define STRATTIO_ERR_H

#include <stdbool.h>

#include "strattio/attr.h"

enum err_code {
    ERR_NONE,        /* nothing failed */
    ERR_INVALID,     /* what was given breaks a rule; the message names it */
    ERR_NOT_FOUND,   /* no such thing, or not the acting user's: the two are not told apart */
    ERR_CONFLICT,    /* somebody saved first, or a condition no longer holds */
    ERR_DUPLICATE,   /* a unique index refused it */
    ERR_DENIED,      /* the acting user may not do this */
    ERR_SIGNED_OUT,  /* nobody is signed in on this store */
    ERR_QUOTA,       /* the tier's number of plans this month is used up */
    ERR_TIER,        /* the tier does not include this */
    ERR_LIMIT,       /* larger than a stated limit */
    ERR_BUSY,        /* another process holds the lease or the lock */
    ERR_OFFLINE,     /* no server answered in time */
    ERR_CANCELLED,   /* the caller asked to stop */
    ERR_UNSUPPORTED, /* this backend, server or build cannot do it */
    ERR_IO,          /* disk, network or library failure */
};

struct err {            /* A plain value: copy it, keep it, post it to another thread. */
    enum err_code code; /* what a caller may branch on */
    int native;         /* errno, SQLite or MongoDB code: for the log only; 0 if none */
    char msg[248];      /* one line of UTF-8, outermost context first */
};

/* Both return false, so that a failing function can end in `return err_set(...)`. A message
 * too long for `msg` is cut at a character and ends in "...". */
bool err_set(struct err *err, enum err_code code, int native, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* Puts "context: " before the message that is there and keeps its codes. */
bool err_wrap(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
