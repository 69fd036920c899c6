/* http_url.h - what of a URL decides how it is asked. Private to the module. */
#ifndef STRATTIO_NET_HTTP_URL_H
#define STRATTIO_NET_HTTP_URL_H

#include <stdbool.h>

#include "strattio/attr.h"

struct err;

enum { URL_HOST_SIZE = 128 };

struct url {
    bool plain;               /* http:// */
    char host[URL_HOST_SIZE]; /* for messages; cut if longer */
};

/* As http_url_check(). The text of a URL may hold a secret: no message repeats more than its
 * host. */
MUST_USE bool url_read(const char *text, bool plain_anywhere, struct url *out, struct err *err);

#endif
