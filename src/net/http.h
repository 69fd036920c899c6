/* http.h - requests over HTTP, many at once, in one thread. libcurl does the work; it lives in a
 * module that is opened on first use. Keys given in headers or as a user name never come back in
 * a message. Nothing follows a redirect unless asked, since most headers would be sent along. */
#ifndef STRATTIO_NET_HTTP_H
#define STRATTIO_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"

struct err;
struct http;      /* what goes on at once; belongs to one thread */
struct http_call; /* one request under way; lives until its done() returns */

/* How this program names itself. */
#define HTTP_USER_AGENT "strattio/" STRATTIO_VERSION " (business-plan program)"

struct http_options {       /* strings are copied */
    const char *user_agent; /* names the program and how to reach its maker */
    const char *ca_file;    /* certificates to trust instead of the system's; NULL for those */
    bool plain_anywhere; /* http:// to public hosts, too; else to loopback and private ones only */
};

/* ERR_UNSUPPORTED if the module is not installed, ERR_IO if the library or the file of certificates
 * will not do. */
MUST_USE struct http *http_open(const struct http_options *options, struct err *err);
void http_close(struct http *h); /* cancels what is under way without a word; accepts NULL */

struct http_response {        /* borrowed for the call of done() */
    int status;               /* 200; 0 if no answer came */
    const char *content_type; /* "" if none was said */
    const char *body;         /* NUL-terminated, as far as `data` did not take it */
    size_t len;
    int64_t retry_after_ms; /* from now; -1 if the server names none */
    const char *location;   /* where a redirect that was not followed points; "" for none */
};

struct http_request {   /* strings are copied; `body` is, too */
    const char *method; /* "GET", "POST" */
    const char *url;
    const char *const *headers; /* "Name: value", ends in NULL; may be NULL */
    const char *body;
    size_t body_len;
    const char *user;  /* of Basic authorisation, with an empty password; NULL for none */
    int redirects;     /* how many to follow; none if `headers` or `user` are given */
    size_t body_limit; /* most bytes of the answer, unpacked: ERR_LIMIT past it; 0: 16 MiB */
    int connect_ms, first_byte_ms, silence_ms, total_ms; /* ERR_OFFLINE past each; 0 for no end */

    /* Each piece of a successful answer (2xx) as it comes; false stops the call as ERR_CANCELLED.
     * NULL: it is gathered in the response. The body of any other answer is always gathered, up
     * to 64 KiB. */
    bool (*data)(void *arg, const char *bytes, size_t len);
    /* Exactly once, from http_work(): `err` is NULL if an answer came to its end, whatever its
     * status. Else ERR_OFFLINE (no such host, no connection, time-out, cut off), ERR_DENIED (its
     * certificate cannot be trusted), ERR_LIMIT, ERR_CANCELLED, ERR_IO; `response` then holds
     * what there is. */
    void (*done)(void *arg, const struct http_response *response, const struct err *err);
    void *arg;
};

/* Begins. On failure nothing has begun and done() is not called: ERR_INVALID for a URL that will
 * not do. */
MUST_USE struct http_call *http_start(struct http *h, const struct http_request *request,
                                      struct err *err);
void http_cancel(struct http_call *call); /* done() is called by the next http_work() */

/* Works until something came in, `timeout_ms` (-1: no end) have passed or http_wake() was
 * called. */
MUST_USE bool http_work(struct http *h, int timeout_ms, struct err *err);
size_t http_active(const struct http *h);
void http_wake(struct http *h); /* from any thread */

/* Is this a URL for a request? https:// anywhere, http:// as the options say: a name that is not
 * plainly loopback or private is judged by the address it turns out to have, once it is connected
 * to. ERR_INVALID says what will do: no user, password or fragment may be in it. */
MUST_USE bool http_url_check(const char *url, bool plain_anywhere, struct err *err);

/* Appends `text` as it may stand in a query: all but A-Z a-z 0-9 - _ . ~ as %XX. */
struct strbuf;
void http_escape(const char *text, struct strbuf *out);

#endif
