/* copy_rule.c - like a fast-forward in version control. If what `to` holds is a content that
 * `from` remembers having shared, `to` has not moved since and may be brought up to date; the
 * other way round `from` is behind; neither, and both moved. Contents are remembered on both
 * sides, so that laptop, office and laptop again agree, with other laptops in between. Where each
 * remembers the other's (somebody went back to an older text), the one that moved since the last
 * copy counts. */
#include "account/copy_rule.h"

#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"

/* Fields a copy changes or that say nothing about content, by path. */
static const char *const ignored[] = {
    "user_id",      "last_edited_by",  "updated_at",
    "metadata.rev", "metadata.copied", "generation_metadata.lease",
};

void copy_sha(const bson_t *doc, char out[SHA_HEX_LEN + 1])
{
    bson_t content, sorted;

    bson_copy_to(doc, &content);
    for (size_t i = 0; i < ARRAY_LEN(ignored); i++)
        doc_unset(&content, ignored[i]);
    doc_sorted(&content, &sorted);
    sha256_hex(bson_get_data(&sorted), sorted.len, out);
    bson_destroy(&content);
    bson_destroy(&sorted);
}

/* The content `doc` last shared, or "". */
static const char *last_shared(const bson_t *doc)
{
    return doc_str(doc, "metadata.copied.sha", "");
}

static bool remembers(const bson_t *doc, const char *sha)
{
    bson_iter_t it;
    bson_t before;

    if (strcmp(last_shared(doc), sha) == 0)
        return true;
    doc_view(doc, "metadata.copied.before", &before);
    bson_iter_init(&it, &before);
    while (bson_iter_next(&it))
        if (BSON_ITER_HOLDS_UTF8(&it) && strcmp(bson_iter_utf8(&it, NULL), sha) == 0)
            return true;
    return false;
}

enum copy_verdict copy_decide(const bson_t *from, const bson_t *to)
{
    char from_sha[SHA_HEX_LEN + 1], to_sha[SHA_HEX_LEN + 1];
    bool from_known, to_known;

    if (!to)
        return COPY_NEW;
    copy_sha(from, from_sha);
    copy_sha(to, to_sha);
    if (strcmp(from_sha, to_sha) == 0)
        return COPY_SAME;
    from_known = remembers(to, from_sha);
    to_known = remembers(from, to_sha);
    if (from_known && to_known) {
        if (strcmp(from_sha, last_shared(from)) == 0)
            return COPY_BEHIND;
        return strcmp(to_sha, last_shared(to)) == 0 ? COPY_BRING : COPY_BOTH;
    }
    return to_known ? COPY_BRING : from_known ? COPY_BEHIND : COPY_BOTH;
}

bool copy_is_stamped(const bson_t *doc)
{
    char sha[SHA_HEX_LEN + 1];

    copy_sha(doc, sha);
    return strcmp(last_shared(doc), sha) == 0;
}

struct memory {
    const char *shas[4 * COPY_REMEMBERED];
    size_t count;
};

/* The newest last; one that comes again moves to the end. */
static void remember(struct memory *m, const char *sha)
{
    size_t n = 0;

    if (!*sha)
        return;
    for (size_t i = 0; i < m->count; i++)
        if (strcmp(m->shas[i], sha) != 0)
            m->shas[n++] = m->shas[i];
    m->count = n;
    if (m->count < ARRAY_LEN(m->shas))
        m->shas[m->count++] = sha;
}

static void remember_all(struct memory *m, const bson_t *doc)
{
    bson_iter_t it;
    bson_t before;

    doc_view(doc, "metadata.copied.before", &before);
    bson_iter_init(&it, &before);
    while (bson_iter_next(&it))
        if (BSON_ITER_HOLDS_UTF8(&it))
            remember(m, bson_iter_utf8(&it, NULL));
    remember(m, last_shared(doc));
}

void copy_stamp(const bson_t *from, const bson_t *to, bson_t *out)
{
    char sha[SHA_HEX_LEN + 1];
    struct memory m = {.count = 0};
    size_t first, n = 0;
    bson_t before;

    copy_sha(from, sha);
    if (to)
        remember_all(&m, to);
    remember_all(&m, from);
    remember(&m, sha); /* to the end, where it is not listed as `before` */
    bson_init(out);
    BSON_APPEND_UTF8(out, "sha", sha);
    BSON_APPEND_INT64(out, "rev", doc_int(from, "metadata.rev", 0));
    BSON_APPEND_ARRAY_BEGIN(out, "before", &before);
    first = m.count > COPY_REMEMBERED ? m.count - COPY_REMEMBERED : 0;
    for (size_t i = first; i + 1 < m.count; i++) {
        char buf[16];
        const char *key;

        bson_uint32_to_string((uint32_t)n++, &key, buf, sizeof buf);
        bson_append_utf8(&before, key, -1, m.shas[i], -1);
    }
    bson_append_array_end(out, &before);
}
