/* text.c - one buffer and the list of splices. Moving the tail of a megabyte takes 25 microseconds,
 * less than drawing one row, so the buffer is plain memory and a piece table would buy nothing. A
 * splice keeps the bytes it took out beside those it put in, both in one heap that grows at its
 * end:
 *
 *     splices  [0] [1] [2] | [3] [4]       heap  0 0 1 1 1 2 3 3 4
 *                          ^ done: before it is in the buffer, behind it was undone
 *
 * Going back applies a splice the other way round, so undo, redo and replaying a journal are the
 * same operation. A unit is a splice that `begins` one and those after it that do not. */
#include <assert.h>
#include <bson/bson.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "text/text_parts.h"

enum { REST_MS = 1000 };

static bool within_character(const char *bytes, size_t len, size_t at)
{
    return at < len && ((unsigned char)bytes[at] & 0xc0) == 0x80;
}

struct text *text_create(const char *bytes, size_t len)
{
    struct text *t = mem_zero(1, sizeof *t);

    if (len > TEXT_LIMIT_BYTES) {
        size_t cut = TEXT_LIMIT_BYTES;

        while (cut && within_character(bytes, len, cut))
            cut--;
        len = cut;
    }
    strbuf_init(&t->bytes, TEXT_LIMIT_BYTES);
    strbuf_init(&t->heap, TEXT_UNDO_BYTES);
    strbuf_add(&t->bytes, bytes, len);
    t->broken = true;
    return t;
}

void text_destroy(struct text *t)
{
    if (!t)
        return;
    keep_close(t->keep);
    strbuf_finish(&t->bytes);
    strbuf_finish(&t->heap);
    free(t->splices);
    free(t);
}

const char *text_bytes(const struct text *t)
{
    return t->bytes.data;
}

size_t text_len(const struct text *t)
{
    return t->bytes.len;
}

/* The change of the buffer. False, with nothing changed, if there is no memory for it. */
static bool apply(struct text *t, size_t at, size_t remove, const char *with, size_t len)
{
    size_t old = t->bytes.len, tail = old - at - remove;

    if (len > remove)
        strbuf_fill(&t->bytes, '\0', len - remove);
    if (t->bytes.full) {
        t->bytes.full = false;
        return false;
    }
    memmove(t->bytes.data + at + len, t->bytes.data + at + remove, tail);
    if (len)
        memcpy(t->bytes.data + at, with, len);
    strbuf_truncate(&t->bytes, at + len + tail);
    t->version++;
    t->recent[t->version % TEXT_RECENT] = (uint32_t)at;
    return true;
}

/* Drops what was undone and not redone: the next splice takes its place. */
static void drop_undone(struct text *t)
{
    if (t->done == t->count)
        return;
    strbuf_truncate(&t->heap, t->splices[t->done].bytes);
    t->count = t->done;
    if (t->saved > t->done)
        t->saved = SIZE_MAX;
}

/* Makes room in the heap by forgetting the oldest units, half of it at once. */
static void forget_oldest(struct text *t, size_t need)
{
    size_t keep_from = 0, bytes;

    if (need <= t->heap.limit - t->heap.len)
        return;
    while (keep_from < t->count &&
           (t->splices[keep_from].bytes < t->heap.len / 2 || !t->splices[keep_from].begins))
        keep_from++;
    bytes = keep_from < t->count ? t->splices[keep_from].bytes : t->heap.len;
    memmove(t->heap.data, t->heap.data + bytes, t->heap.len - bytes);
    strbuf_truncate(&t->heap, t->heap.len - bytes);
    t->count -= keep_from;
    memmove(t->splices, t->splices + keep_from, t->count * sizeof *t->splices);
    for (size_t i = 0; i < t->count; i++)
        t->splices[i].bytes -= (uint32_t)bytes;
    t->done = t->count;
    t->saved = t->saved < keep_from || t->saved == SIZE_MAX ? SIZE_MAX : t->saved - keep_from;
    keep_forgot(t->keep, keep_from);
}

static bool check(const struct text *t, size_t at, size_t remove, const char *with, size_t len,
                  struct err *err)
{
    if (at > t->bytes.len || remove > t->bytes.len - at)
        return err_set(err, ERR_INVALID, 0, "The change lies past the end of the text");
    if (within_character(t->bytes.data, t->bytes.len, at) ||
        within_character(t->bytes.data, t->bytes.len, at + remove))
        return err_set(err, ERR_INVALID, 0, "The change would cut a character");
    if (len > TEXT_LIMIT_BYTES || t->bytes.len - remove > TEXT_LIMIT_BYTES - len)
        return err_set(err, ERR_LIMIT, 0, "The text is too long: at most %d MiB are allowed",
                       TEXT_LIMIT_BYTES / 1024 / 1024);
    if (len && !bson_utf8_validate(with, len, false))
        return err_set(err, ERR_INVALID, 0, "What is put in is not UTF-8 text");
    return true;
}

bool text_add_splice(struct text *t, size_t at, size_t remove, const char *with, size_t len,
                     enum text_unit unit, bool begins, struct err *err)
{
    struct splice *s;
    size_t start;

    if (!check(t, at, remove, with, len, err))
        return false;
    drop_undone(t);
    forget_oldest(t, remove + len);
    start = t->heap.len;
    strbuf_add(&t->heap, t->bytes.data + at, remove);
    strbuf_add(&t->heap, with, len);
    if (t->heap.full || !apply(t, at, remove, t->heap.data + start + remove, len)) {
        t->heap.full = false;
        strbuf_truncate(&t->heap, start);
        return err_set(err, ERR_LIMIT, 0, "There is no memory left for this change");
    }
    t->splices = mem_grow(t->splices, &t->cap, t->count + 1, sizeof *t->splices);
    s = &t->splices[t->count++];
    *s = (struct splice){.at = (uint32_t)at,
                         .removed = (uint32_t)remove,
                         .inserted = (uint32_t)len,
                         .bytes = (uint32_t)start,
                         .unit = (uint8_t)unit,
                         .begins = begins || t->count == 1};
    keep_splice(t->keep, t, s);
    t->done = t->count;
    return true;
}

/* Does a splice go on where the last one ended, as typing and erasing do? */
static bool runs_on(const struct text *t, size_t at, size_t remove, size_t len, enum text_unit unit)
{
    const struct splice *last = &t->splices[t->done - 1];

    if (last->unit != unit)
        return false;
    if (unit == TEXT_TYPED)
        return !remove && at == last->at + last->inserted;
    return unit == TEXT_ERASED && !len && (at == last->at || at + remove == last->at);
}

bool text_splice(struct text *t, size_t at, size_t remove, const char *with, size_t len,
                 enum text_unit unit, int64_t now_ms, struct err *err)
{
    bool begins = t->broken || (!t->depth && (!t->done || now_ms - t->last_ms > REST_MS ||
                                              !runs_on(t, at, remove, len, unit)));

    if (!remove && !len)
        return true;
    if (!text_add_splice(t, at, remove, with, len, unit, begins, err))
        return false;
    t->broken = false;
    t->last_ms = now_ms;
    return true;
}

void text_break(struct text *t)
{
    if (!t->depth)
        t->broken = true;
}

void text_group(struct text *t)
{
    text_break(t);
    t->depth++;
}

void text_group_end(struct text *t)
{
    assert(t->depth > 0);
    t->depth--;
    text_break(t);
}

/* Adds to `step` what the splice did, and what its place tells. */
static void note_step(struct text_step *step, const struct splice *s, bool first)
{
    step->unit = first || s->begins ? (enum text_unit)s->unit : step->unit;
    step->at = first || s->at < step->at ? s->at : step->at;
    step->inserted += s->inserted;
    step->removed += s->removed;
}

bool text_undo(struct text *t, struct text_step *out)
{
    size_t from = t->done;
    struct text_step step = {0};

    assert(!t->depth);
    if (!t->done)
        return false;
    do {
        from--;
    } while (from && !t->splices[from].begins);
    keep_undo(t->keep, t, t->done, from);
    for (size_t i = t->done; i-- > from;) {
        const struct splice *s = &t->splices[i];
        bool fits = apply(t, s->at, s->inserted, t->heap.data + s->bytes, s->removed);

        assert(fits); /* the buffer was this long before and never gives memory back */
        (void)fits;
        note_step(&step, s, i + 1 == t->done);
        step.cursor = s->at + s->removed;
    }
    t->done = from;
    t->broken = true;
    if (out)
        *out = step;
    return true;
}

bool text_redo(struct text *t, struct text_step *out)
{
    size_t to = t->done;
    struct text_step step = {0};

    assert(!t->depth);
    if (t->done == t->count)
        return false;
    do {
        to++;
    } while (to < t->count && !t->splices[to].begins);
    keep_redo(t->keep, t, t->done, to);
    for (size_t i = t->done; i < to; i++) {
        const struct splice *s = &t->splices[i];
        bool fits = apply(t, s->at, s->removed, t->heap.data + s->bytes + s->removed, s->inserted);

        assert(fits);
        (void)fits;
        note_step(&step, s, i == t->done);
        step.cursor = s->at + s->inserted;
    }
    t->done = to;
    t->broken = true;
    if (out)
        *out = step;
    return true;
}

bool text_changed(const struct text *t)
{
    return t->done != t->saved;
}

void text_saved(struct text *t)
{
    t->saved = t->done;
    text_break(t);
}

uint64_t text_version(const struct text *t)
{
    return t->version;
}

size_t text_changed_from(const struct text *t, uint64_t since)
{
    size_t lowest = SIZE_MAX;

    if (since > t->version || t->version - since > TEXT_RECENT)
        return 0;
    for (uint64_t v = since + 1; v <= t->version; v++)
        if (t->recent[v % TEXT_RECENT] < lowest)
            lowest = t->recent[v % TEXT_RECENT];
    return lowest;
}
