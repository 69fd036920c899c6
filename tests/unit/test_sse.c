/* Event streams as servers send them: every split of the bytes gives the same events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "net/sse.h"
#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/strbuf.h"

static void note(void *arg, const char *name, const char *data, size_t len)
{
    assert_int_equal(strlen(data), len);
    strbuf_printf(arg, "[%s|%s]", name, data);
}

static const struct {
    const char *name;
    enum sse_kind kind;
    const char *bytes, *want;
} streams[] = {
    {"one", SSE_EVENTS, "data: a\n\n", "[|a]"},
    {"no space", SSE_EVENTS, "data:a\n\n", "[|a]"},
    {"one space is dropped, not two", SSE_EVENTS, "data:  a \n\n", "[| a ]"},
    {"named", SSE_EVENTS, "event: ping\ndata: {}\n\n", "[ping|{}]"},
    {"a name lasts for one event", SSE_EVENTS, "event: x\ndata: 1\n\ndata: 2\n\n", "[x|1][|2]"},
    {"lines of data join", SSE_EVENTS, "data: a\ndata\ndata: b\n\n", "[|a\n\nb]"},
    {"comments", SSE_EVENTS, ": OPENROUTER PROCESSING\n\n:\n\ndata: a\n: b\n\n", "[|a]"},
    {"carriage returns", SSE_EVENTS, "data: a\r\n\r\ndata: b\r\rdata: c\n\n", "[|a][|b][|c]"},
    {"a mark at the start", SSE_EVENTS,
     "\xef\xbb\xbf"
     "data: a\n\n",
     "[|a]"},
    {"unknown fields", SSE_EVENTS, "id: 7\nretry: 10\nwhat: x\ndata: a\n\n", "[|a]"},
    {"a name without data is nothing", SSE_EVENTS, "event: x\n\ndata: a\n\n", "[|a]"},
    {"no blank line at the end", SSE_EVENTS, "data: a\n\ndata: b", "[|a][|b]"},
    {"empty", SSE_EVENTS, "", ""},
    {"lines", SSE_LINES, "{\"a\":1}\n{\"b\":2}\r\n\n{\"c\":3}",
     "[|{\"a\":1}][|{\"b\":2}][|{\"c\":3}]"},
    {"characters of many bytes", SSE_EVENTS, "data: \xc2\xa3\xe2\x82\xac\xf0\x9f\x98\x80\n\n",
     "[|\xc2\xa3\xe2\x82\xac\xf0\x9f\x98\x80]"},
};

/* Feeds `bytes` in two cuts, at `a` and `b`, which covers every place where a piece can end. */
static void expect(const char *name, enum sse_kind kind, const char *bytes, size_t a, size_t b,
                   const char *want)
{
    size_t len = strlen(bytes), cuts[] = {0, a, b, len};
    struct strbuf got;
    struct err err = {0};
    struct sse s;

    strbuf_init(&got, 1 << 20);
    sse_init(&s, kind, note, &got);
    for (size_t i = 0; i < 3; i++)
        assert_true(sse_feed(&s, bytes + cuts[i], cuts[i + 1] - cuts[i], &err));
    sse_end(&s);
    if (strcmp(got.data, want) != 0)
        fail_msg("%s cut at %zu and %zu: %s", name, a, b, got.data);
    sse_finish(&s);
    strbuf_finish(&got);
}

static void every_split_gives_the_same_events(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
        size_t len = strlen(streams[i].bytes);

        for (size_t a = 0; a <= len; a++)
            for (size_t b = a; b <= len; b++)
                expect(streams[i].name, streams[i].kind, streams[i].bytes, a, b, streams[i].want);
    }
}

static void an_event_without_an_end_is_refused(void **state)
{
    char *flood = malloc(65536);
    struct err err = {0};
    struct strbuf got;
    size_t fed = 0;
    struct sse s;

    (void)state;
    memset(flood, 'x', 65536);
    strbuf_init(&got, 100);
    sse_init(&s, SSE_EVENTS, note, &got);
    while (sse_feed(&s, flood, 65536, &err))
        assert_true((fed += 65536) <= SSE_EVENT_LIMIT);
    assert_int_equal(err.code, ERR_LIMIT);
    sse_finish(&s);
    strbuf_finish(&got);
    free(flood);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_split_gives_the_same_events),
        cmocka_unit_test(an_event_without_an_end_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
