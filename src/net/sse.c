/* sse.c - bytes are gathered to lines, lines to events. A line ends in LF, CR or both, and the
 * two may come in different pieces: after a CR one LF is swallowed. */
#include "net/sse.h"

#include <stdio.h>
#include <string.h>

#include "strattio/err.h"

void sse_init(struct sse *s, enum sse_kind kind, sse_event_fn *event, void *arg)
{
    *s = (struct sse){.kind = kind, .event = event, .arg = arg};
    strbuf_init(&s->line, SSE_EVENT_LIMIT);
    strbuf_init(&s->data, SSE_EVENT_LIMIT);
}

void sse_finish(struct sse *s)
{
    strbuf_finish(&s->line);
    strbuf_finish(&s->data);
}

static void dispatch(struct sse *s)
{
    if (s->has_data)
        s->event(s->arg, s->name, s->data.data, s->data.len);
    strbuf_clear(&s->data);
    s->name[0] = '\0';
    s->has_data = false;
}

static void add_data(struct sse *s, const char *value, size_t len)
{
    if (s->has_data)
        strbuf_char(&s->data, '\n');
    strbuf_add(&s->data, value, len);
    s->has_data = true;
}

/* "field: value"; a comment begins with the colon. Fields other than these two mean nothing
 * here. */
static void take_field(struct sse *s, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    size_t name_len = colon ? (size_t)(colon - line) : len, value_len;
    const char *value = colon ? colon + 1 : line + len;

    value += value < line + len && *value == ' ';
    value_len = (size_t)(line + len - value);
    if (name_len == 4 && memcmp(line, "data", 4) == 0)
        add_data(s, value, value_len);
    else if (name_len == 5 && memcmp(line, "event", 5) == 0)
        snprintf(s->name, sizeof s->name, "%.*s", (int)value_len, value);
}

static void end_line(struct sse *s)
{
    if (s->kind == SSE_LINES) {
        if (s->line.len)
            s->event(s->arg, "", s->line.data, s->line.len);
    } else if (!s->line.len) {
        dispatch(s);
    } else {
        take_field(s, s->line.data, s->line.len);
    }
    strbuf_clear(&s->line);
}

/* A byte order mark may stand at the very beginning. */
static void drop_mark(struct sse *s)
{
    static const char mark[] = "\xef\xbb\xbf";

    if (s->begun || s->line.len < 3)
        return;
    s->begun = true;
    if (memcmp(s->line.data, mark, 3) != 0)
        return;
    memmove(s->line.data, s->line.data + 3, s->line.len - 3 + 1);
    strbuf_truncate(&s->line, s->line.len - 3);
}

bool sse_feed(struct sse *s, const char *bytes, size_t len, struct err *err)
{
    const char *end = bytes + len;

    while (bytes < end) {
        size_t run;

        if (s->after_cr && *bytes == '\n') {
            s->after_cr = false;
            bytes++;
            continue;
        }
        s->after_cr = false;
        for (run = 0; bytes + run < end && bytes[run] != '\n' && bytes[run] != '\r';)
            run++;
        strbuf_add(&s->line, bytes, run);
        drop_mark(s);
        bytes += run;
        if (bytes < end) {
            s->after_cr = *bytes++ == '\r';
            end_line(s);
        }
        if (s->line.full || s->data.full)
            return err_set(err, ERR_LIMIT, 0, "one piece of the answer is longer than %d MB",
                           SSE_EVENT_LIMIT / (1024 * 1024));
    }
    return true;
}

void sse_end(struct sse *s)
{
    if (s->line.len)
        end_line(s);
    if (s->kind == SSE_EVENTS)
        dispatch(s);
}
