/* random_splice.h - changes of a text as an editor makes them, in any mixture, the same for the same
 * seed on every machine. Include cmocka before. */
#ifndef TESTS_RANDOM_SPLICE_H
#define TESTS_RANDOM_SPLICE_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/text.h"

struct random_splice {
    uint64_t state;
    int64_t now_ms;
};

static inline size_t random_splice_below(struct random_splice *r, size_t n)
{
    r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(r->state >> 33) % n;
}

static inline bool random_splice_utf8(const char *bytes, size_t len)
{
    return bson_utf8_validate(bytes, len, false);
}

/* An offset between two characters. */
static inline size_t random_splice_at(struct random_splice *r, const struct text *t)
{
    size_t at = random_splice_below(r, text_len(t) + 1);

    while (at < text_len(t) && ((unsigned char)text_bytes(t)[at] & 0xc0) == 0x80)
        at--;
    return at;
}

static inline void random_splice_one(struct random_splice *r, struct text *t)
{
    static const char *const pieces[] = {
        "",
        "a",
        "b",
        "\n",
        "word ",
        "caf\xc3\xa9",
        "\xf0\x9f\x8d\x9e",
        "{{pnl.revenue[y1]:money0}}",
        "**strong**",
        "\n\n- item\n",
    };
    size_t from = random_splice_at(r, t),
           to = random_splice_below(r, 3) ? from : random_splice_at(r, t);
    const char *with = pieces[random_splice_below(r, sizeof pieces / sizeof *pieces)];
    struct err err = {0};

    if (to < from) {
        size_t swap = from;

        from = to;
        to = swap;
    }
    r->now_ms += (int64_t)random_splice_below(r, 1500);
    assert_true(text_splice(t, from, to - from, with, strlen(with),
                            (enum text_unit)random_splice_below(r, TEXT_UNIT_COUNT), r->now_ms,
                            &err));
}

/* A splice, typing on, a group, or a step back or forth. */
static inline void random_splice_any(struct random_splice *r, struct text *t)
{
    size_t what = random_splice_below(r, 10);

    if (what < 2) {
        text_undo(t, NULL);
    } else if (what < 3) {
        text_redo(t, NULL);
    } else if (what < 4) {
        text_group(t);
        for (size_t i = random_splice_below(r, 4); i; i--)
            random_splice_one(r, t);
        text_group_end(t);
    } else {
        random_splice_one(r, t);
    }
}

#endif
