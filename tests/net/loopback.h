/* loopback.h - an HTTP server on this machine that says what a test tells it to, in pieces of any
 * size, with pauses and with faults. Each connection has a thread of its own and serves one
 * request. */
#ifndef TESTS_NET_LOOPBACK_H
#define TESTS_NET_LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>

struct loopback;

enum loopback_end {
    LOOPBACK_CLOSE, /* in order */
    LOOPBACK_RESET, /* the connection breaks */
    LOOPBACK_STALL, /* stays open and silent until loopback_stop() */
    LOOPBACK_FLOOD, /* the letter x until the other side closes */
};

struct loopback_request { /* borrowed */
    const char *text;     /* request line and headers, NUL-terminated */
    const char *path;     /* with its query */
    const char *body;     /* NUL-terminated */
    size_t body_len;
    size_t number; /* from 0 */
};

/* `bytes` is all that goes over the line, status line and headers too, unless `status` is set: then
 * they are made of it, of `type` and of `headers` ("A: b\r\n...", or NULL), without a length. */
struct loopback_answer {
    int status;
    const char *type, *headers;
    const char *bytes;
    size_t len;   /* 0: strlen(bytes) */
    size_t piece; /* most bytes of one write; 0: all */
    int pause_ms; /* before each piece but the first */
    enum loopback_end end;
};

/* `answer` is called in the connection's thread; what `out` points to must live until
 * loopback_stop(). */
struct loopback *loopback_start(void (*answer)(void *arg, const struct loopback_request *request,
                                               struct loopback_answer *out),
                                void *arg);
void loopback_stop(struct loopback *l); /* waits for every connection to end */
int loopback_port(const struct loopback *l);

/* "http://127.0.0.1:PORT" */
const char *loopback_url(const struct loopback *l);

/* How many requests came, and the whole text of one (headers and body); the caller frees it. */
size_t loopback_count(struct loopback *l);
char *loopback_text(struct loopback *l, size_t number);

#endif
