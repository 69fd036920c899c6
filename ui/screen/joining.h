/* joining.h - getting at a store and into it: open, begin, register, sign in. All of it is the
 * worker's; the app's session follows when it is done. */
#ifndef STRATTIO_UI_JOINING_H
#define STRATTIO_UI_JOINING_H

#include <stdbool.h>

#include "strattio/err.h"

struct screen;

enum joining {
    JOIN_OPEN,     /* the store at `uri` takes the place of the one that is open */
    JOIN_BEGIN,    /* name, email: first start on this computer */
    JOIN_REGISTER, /* name, email, password */
    JOIN_LOGIN,    /* email, password */
};

struct join {
    enum joining what;
    const char *uri;  /* JOIN_OPEN: NULL for the setting */
    bool keep;        /* JOIN_OPEN: write it into config.ini once it is open */
    const char *name, *email, *password;
};

/* `got` is called in the main thread, with the app's session set, unless `owner` has left.
 * `err` is NULL if it worked. Strings are borrowed for the call; the copy of the password is
 * wiped. */
void join_start(struct screen *owner, const struct join *join,
                void (*got)(struct screen *owner, const struct err *err));

/* "name", "email" or "password" if the message of `err` is about that field, else NULL. */
const char *join_wrong_field(const struct err *err);

#endif
