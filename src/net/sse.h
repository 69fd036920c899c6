/* sse.h - streams of events as they come off a line, in pieces of any size: Server-Sent Events (the
 * HTML Standard, "Interpreting an event stream") and lines of JSON. One struct reads both: the
 * second is lines without fields. */
#ifndef STRATTIO_NET_SSE_H
#define STRATTIO_NET_SSE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/strbuf.h"

struct err;

enum sse_kind { SSE_EVENTS, SSE_LINES };
enum { SSE_NAME_SIZE = 48, SSE_EVENT_LIMIT = 4 * 1024 * 1024 };

/* `name` is what "event:" said, "" without one, for SSE_LINES always; `data` is NUL-terminated,
 * too. */
typedef void sse_event_fn(void *arg, const char *name, const char *data, size_t len);

struct sse {
    enum sse_kind kind;
    sse_event_fn *event;
    void *arg;
    struct strbuf line, data; /* private from here on */
    char name[SSE_NAME_SIZE];
    bool has_data, after_cr, begun;
};

void sse_init(struct sse *s, enum sse_kind kind, sse_event_fn *event, void *arg);
void sse_finish(struct sse *s);

/* Calls event() for each event that is complete now. ERR_LIMIT for one longer than
 * SSE_EVENT_LIMIT; the stream is then of no more use. */
MUST_USE bool sse_feed(struct sse *s, const char *bytes, size_t len, struct err *err);

/* The stream has ended: a last line or event without its blank line counts as well. */
void sse_end(struct sse *s);

#endif
