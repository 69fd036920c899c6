/* text_keep.c - the list of splices as a journal. Its first record says what the splices are made
 * on, with the whole of that text, so that even one that fits nothing any more can be read:
 *
 *     {seq: 0, document, base, text}     then, a splice or a step each
 *     {seq: n, ms, splice: {at, removed, inserted, unit, begins}}
 *     {seq: n, ms, undo: true}           {seq: n, ms, redo: true}
 *
 * Replaying them gives text, undo and redo as they were. After a save the journal begins anew
 * while the list in memory goes on. A step back past that point has no record to undo, so from
 * then on steps are kept as the splices they amount to ("plain"): the text is the same, and so
 * is undo but for its units. */
#include <bson/bson.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

#include "base/journal.h"
#include "text/text_parts.h"

struct keep {
    struct journal *file;
    struct strbuf waiting; /* framed records */
    bool unsaid;           /* `waiting` has no more than the first record */
    char *document;
    int64_t seq;   /* of the next record */
    size_t begins; /* the `done` at which the journal begins */
    bool plain;
};

static void add_record(struct keep *k, const bson_t *record)
{
    journal_frame(&k->waiting, record);
    k->seq++;
    k->unsaid = false;
}

/* The first record, made on what the text holds now. */
static void begin(struct keep *k, const struct text *t, int64_t base)
{
    bson_t record = BSON_INITIALIZER;

    strbuf_clear(&k->waiting);
    k->seq = 0;
    bson_append_int64(&record, "seq", -1, k->seq);
    bson_append_utf8(&record, "document", -1, k->document, -1);
    bson_append_int64(&record, "base", -1, base);
    bson_append_binary(&record, "text", -1, BSON_SUBTYPE_BINARY, (const uint8_t *)t->bytes.data,
                       (uint32_t)t->bytes.len);
    add_record(k, &record);
    bson_destroy(&record);
    k->unsaid = true;
    k->begins = t->done;
    k->plain = t->done < t->count; /* a redo would have no record */
}

static void record_splice(struct keep *k, const struct splice *s, const char *inserted)
{
    bson_t record = BSON_INITIALIZER, sub;

    bson_append_int64(&record, "seq", -1, k->seq);
    bson_append_int64(&record, "ms", -1, clock_now_ms());
    bson_append_document_begin(&record, "splice", -1, &sub);
    bson_append_int32(&sub, "at", -1, (int32_t)s->at);
    bson_append_int32(&sub, "removed", -1, (int32_t)s->removed);
    bson_append_binary(&sub, "inserted", -1, BSON_SUBTYPE_BINARY, (const uint8_t *)inserted,
                       s->inserted);
    bson_append_int32(&sub, "unit", -1, s->unit);
    bson_append_bool(&sub, "begins", -1, s->begins);
    bson_append_document_end(&record, &sub);
    add_record(k, &record);
    bson_destroy(&record);
}

static void record_step(struct keep *k, const char *which)
{
    bson_t record = BSON_INITIALIZER;

    bson_append_int64(&record, "seq", -1, k->seq);
    bson_append_int64(&record, "ms", -1, clock_now_ms());
    bson_append_bool(&record, which, -1, true);
    add_record(k, &record);
    bson_destroy(&record);
}

void keep_splice(struct keep *k, const struct text *t, const struct splice *s)
{
    if (k)
        record_splice(k, s, t->heap.data + s->bytes + s->removed);
}

void keep_undo(struct keep *k, const struct text *t, size_t from, size_t to)
{
    if (!k)
        return;
    k->plain = k->plain || to < k->begins;
    if (!k->plain) {
        record_step(k, "undo");
        return;
    }
    for (size_t i = from; i-- > to;) {
        struct splice back = t->splices[i];

        back.removed = t->splices[i].inserted;
        back.inserted = t->splices[i].removed;
        back.begins = i + 1 == from;
        record_splice(k, &back, t->heap.data + back.bytes);
    }
}

void keep_redo(struct keep *k, const struct text *t, size_t from, size_t to)
{
    if (!k)
        return;
    if (!k->plain) {
        record_step(k, "redo");
        return;
    }
    for (size_t i = from; i < to; i++)
        keep_splice(k, t, &t->splices[i]);
}

void keep_forgot(struct keep *k, size_t splices)
{
    if (!k)
        return;
    k->begins = k->begins > splices ? k->begins - splices : 0;
    k->plain = true; /* a replay forgets at another moment, or not at all */
}

void keep_close(struct keep *k)
{
    if (!k)
        return;
    journal_close(k->file);
    strbuf_finish(&k->waiting);
    free(k->document);
    free(k);
}

/* ---- taking up ---- */

/* The bytes of the binary under `path`, borrowed; NULL if there is none. */
static const char *binary_of(const bson_t *doc, const char *path, size_t *len)
{
    const uint8_t *data;
    bson_subtype_t subtype;
    bson_iter_t it;
    uint32_t size;

    if (!doc_find(doc, path, &it) || !BSON_ITER_HOLDS_BINARY(&it))
        return NULL;
    bson_iter_binary(&it, &subtype, &size, &data);
    *len = size;
    return (const char *)data;
}

static bool replay_splice(struct text *t, const bson_t *record)
{
    struct err ignored = {0}; /* what does not fit is where the whole part ends */
    int64_t at = doc_int(record, "splice.at", -1), removed = doc_int(record, "splice.removed", -1);
    int64_t unit = doc_int(record, "splice.unit", -1);
    size_t len = 0;
    const char *inserted = binary_of(record, "splice.inserted", &len);

    return at >= 0 && removed >= 0 && unit >= 0 && unit < TEXT_UNIT_COUNT && inserted &&
           text_add_splice(t, (size_t)at, (size_t)removed, inserted, len, (enum text_unit)unit,
                           doc_bool(record, "splice.begins", true), &ignored);
}

struct reading { /* a journal, read */
    const char *data;
    size_t len;
    size_t whole;     /* bytes of it that could be read */
    const char *base; /* the text it was made on, borrowed; NULL if the first record is damaged */
    size_t base_len;
    const char *document; /* borrowed */
    int64_t base_rev;
    int64_t seq;   /* of the next record */
    int64_t at_ms; /* of the last one */
};

static void read_first(struct reading *r, const char *data, size_t len)
{
    size_t at = 0;
    bson_t record;

    *r = (struct reading){.data = data, .len = len};
    if (!journal_next(data, len, &at, &record) || doc_int(&record, "seq", -1) != 0)
        return;
    r->document = doc_str(&record, "document", NULL);
    r->base_rev = doc_int(&record, "base", 0);
    if (r->document)
        r->base = binary_of(&record, "text", &r->base_len);
    if (r->base && !bson_utf8_validate(r->base, r->base_len, false))
        r->base = NULL;
    r->whole = at;
    r->seq = 1;
}

/* Does to `t` what the records after the first say, as far as they are whole and make sense. */
static void replay(struct reading *r, struct text *t)
{
    size_t at = r->whole;
    bson_t record;

    while (journal_next(r->data, r->len, &at, &record)) {
        bool ok = doc_int(&record, "seq", -1) == r->seq;

        if (ok && doc_has(&record, "splice"))
            ok = replay_splice(t, &record);
        else if (ok)
            ok = doc_bool(&record, "undo", false) ? text_undo(t, NULL) : text_redo(t, NULL);
        if (!ok)
            break;
        r->whole = at;
        r->seq++;
        r->at_ms = doc_int(&record, "ms", 0);
    }
    t->broken = true;
}

static bool holds(const struct text *t, const char *bytes, size_t len)
{
    return t->bytes.len == len && memcmp(t->bytes.data, bytes, len) == 0;
}

/* The text a journal ends with, made apart from any other. */
static struct text *end_of(struct reading *r)
{
    struct text *t = text_create(r->base, r->base_len);

    replay(r, t);
    return t;
}

/* Was the text saved, and the journal not begun anew because the process died between the two? */
static bool was_saved(struct reading r, const struct text *t)
{
    struct text *end = end_of(&r);
    bool same = holds(t, end->bytes.data, end->bytes.len);

    text_destroy(end);
    return same;
}

/* Takes up what an earlier session left in the file of `k`, or puts it out of the way. */
static bool take_up(struct keep *k, struct text *t, const struct reading *first, int64_t base,
                    struct text_found *found, struct err *err)
{
    struct reading r = *first;

    begin(k, t, base);
    if (!r.len)
        return true;
    if (!r.base || strcmp(r.document, k->document) != 0 ||
        (!holds(t, r.base, r.base_len) && !was_saved(r, t))) {
        found->set_aside = true;
        return journal_set_aside(k->file, err);
    }
    if (was_saved(r, t))
        return journal_cut(k->file, 0, err);
    replay(&r, t);
    if (!journal_cut(k->file, r.whole, err))
        return false;
    strbuf_clear(&k->waiting); /* the file has its first record */
    k->seq = r.seq;
    *found = (struct text_found){.splices = t->done, .at_ms = r.at_ms, .base = r.base_rev};
    return true;
}

bool text_keep(struct text *t, const char *path, const char *document, int64_t base,
               struct text_found *found, struct err *err)
{
    struct keep *k = mem_zero(1, sizeof *k);
    struct text_found what = {.base = base};
    struct reading first;
    char *data = NULL;
    size_t len;
    bool ok = false;

    strbuf_init(&k->waiting, JOURNAL_LIMIT_BYTES);
    k->document = mem_str(document);
    if (t->keep || t->count) {
        err_set(err, ERR_INVALID, 0, "A journal is begun before the first change");
        goto out;
    }
    k->file = journal_open(path, err);
    data = k->file ? journal_read(k->file, &len, err) : NULL;
    if (!data)
        goto out;
    read_first(&first, data, len);
    ok = take_up(k, t, &first, base, &what, err);
out:
    free(data);
    if (!ok) {
        keep_close(k);
        return false;
    }
    t->keep = k;
    *found = what;
    return true;
}

bool text_waiting(const struct text *t)
{
    return t->keep && !t->keep->unsaid && (t->keep->waiting.len || t->keep->waiting.full);
}

bool text_flush(struct text *t, bool sync, struct err *err)
{
    struct keep *k = t->keep;

    if (!k || k->unsaid || (!k->waiting.len && !k->waiting.full && !sync))
        return true;
    if (!journal_write(k->file, k->waiting.data, k->waiting.len, sync, err))
        return false;
    strbuf_truncate(&k->waiting, 0);
    /* Once full it stays so: what comes after would have a hole before it. */
    return strbuf_check(&k->waiting, "What is unsaved", err);
}

bool text_keep_from(struct text *t, int64_t base, struct err *err)
{
    if (!t->keep)
        return true;
    begin(t->keep, t, base);
    return journal_cut(t->keep->file, 0, err);
}

void text_keep_drop(struct text *t)
{
    if (!t->keep)
        return;
    journal_remove(t->keep->file);
    t->keep->file = NULL;
    keep_close(t->keep);
    t->keep = NULL;
}

char *text_journal_end(const char *path, const char *document, size_t *len, struct err *err)
{
    struct reading r;
    struct text *t;
    char *bytes = NULL, *data = paths_read_file(path, JOURNAL_LIMIT_BYTES, len, err);

    if (!data)
        return NULL;
    read_first(&r, data, *len);
    if (r.base && (!document || strcmp(r.document, document) == 0)) {
        t = end_of(&r);
        *len = t->bytes.len;
        bytes = strbuf_take(&t->bytes);
        text_destroy(t);
    } else {
        err_set(err, ERR_INVALID, 0, "%s is not a journal of this text", path);
    }
    free(data);
    return bytes;
}
