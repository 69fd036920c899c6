/* section_repo.c - the nine texts of a plan. A section is the one child two may write at once:
 * the author and a run. So a put or an edit is made on the rev it was read at, and a run never
 * replaces what the author edited unless it says the text is the author's. */
#include "strattio/child_repo.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/audit.h"
#include "account/child.h"
#include "account/plan_write.h"
#include "account/queries.h"

static struct child child_of(const char *plan_id, enum section_type type)
{
    return (struct child){.coll = COLL_SECTIONS, .plan_id = plan_id, .type = type};
}

bool section_repo_find(struct actor *a, const char *plan_id, enum section_type type,
                       struct section *out, struct err *err)
{
    struct child child = child_of(plan_id, type);

    return child_find(a, &child, out, err);
}

static void finish_all(struct section out[SECTION_COUNT], bool present[SECTION_COUNT])
{
    for (int type = 0; type < SECTION_COUNT; type++)
        if (present[type])
            record_finish(COLL_SECTIONS, &out[type]);
}

bool section_repo_list(struct actor *a, const char *plan_id, struct section out[SECTION_COUNT],
                       bool present[SECTION_COUNT], struct err *err)
{
    struct doc_list list;
    struct query q;
    bool ok = true;

    if (!account_need_plan(a, plan_id, err))
        return false;
    queries_sections(&q, plan_id);
    if (!store_find(a->store, COLL_SECTIONS, &q, &list, err))
        return false;
    memset(out, 0, SECTION_COUNT * sizeof *out);
    memset(present, 0, SECTION_COUNT * sizeof *present);
    for (size_t i = 0; i < list.count && ok; i++) {
        struct section s;

        ok = record_read(COLL_SECTIONS, list.docs[i], &s, err);
        if (ok && !present[s.section_type]) {
            out[s.section_type] = s;
            present[s.section_type] = true;
        } else if (ok) {
            record_finish(COLL_SECTIONS, &s); /* a second one of a type: another program's */
        }
    }
    doc_list_finish(&list);
    if (!ok)
        finish_all(out, present);
    return ok;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* Takes over into `s` what the put gave it. */
static void take_stamp(struct section *s, const struct child_stamp *stamp, int64_t now)
{
    free(s->id);
    s->id = mem_str(stamp->id);
    s->created_at = stamp->created_at;
    s->updated_at = now;
    doc_set_int(s->metadata, "rev", stamp->rev);
}

static bool put(struct actor *a, struct section *s, struct child_put *how, struct err *err)
{
    struct child_stamp stamp;
    bson_t doc;
    bool ok;

    s->order_index = s->section_type;
    s->updated_at = how->now;
    if (!s->metadata)
        s->metadata = bson_new();
    record_write(COLL_SECTIONS, s, &doc);
    ok = child_put(a, how, &doc, &stamp, err);
    bson_destroy(&doc);
    if (ok)
        take_stamp(s, &stamp, how->now);
    return ok;
}

bool section_repo_put(struct actor *a, struct plan_lease *lease, struct section *s, struct err *err)
{
    struct child_put how = {
        .child = child_of(s->plan_id, s->section_type),
        .lease = lease,
        .read_id = s->id,
        .read_rev = s->metadata ? doc_int(s->metadata, "rev", 0) : 0,
        .edited = s->edited_by_user,
        .now = account_now(a),
    };

    return put(a, s, &how, err);
}

/* Did another program write the text, so that the source is of one before it? */
static bool changed_outside(const bson_t *section)
{
    const char *content = doc_str(section, "content", "");
    const char *rendered = doc_str(section, "metadata.rendered_sha", NULL);
    char sha[SHA_HEX_LEN + 1];

    sha256_hex(content, strlen(content), sha);
    return rendered && strcmp(sha, rendered) != 0;
}

/* What of a section an audit entry keeps: enough to restore it. */
static void build_value(const bson_t *content, bson_t *out)
{
    bson_init(out);
    BSON_APPEND_UTF8(out, "content", doc_str(content, "content", ""));
    if (doc_has(content, "metadata.source") && !changed_outside(content))
        BSON_APPEND_UTF8(out, "source", doc_str(content, "metadata.source", ""));
}

static void build_audit(struct actor *a, const struct section *before, const struct section *s,
                        enum audit_action action, const char *reason, int64_t now, bson_t *out)
{
    bson_t old_doc, new_doc, old_value, new_value;

    record_write(COLL_SECTIONS, before, &old_doc);
    record_write(COLL_SECTIONS, s, &new_doc);
    build_value(&old_doc, &old_value);
    build_value(&new_doc, &new_value);
    audit_write(&(struct audit_entry){.user_id = a->user.id,
                                      .plan_id = s->plan_id,
                                      .action = action,
                                      .resource_type = "section",
                                      .resource_id = before->id,
                                      .old_value = &old_value,
                                      .new_value = &new_value,
                                      .reason = reason,
                                      .now = now},
                out);
    doc_set_str(out, "metadata.section_type", section_type_name(s->section_type));
    bson_destroy(&old_doc);
    bson_destroy(&new_doc);
    bson_destroy(&old_value);
    bson_destroy(&new_value);
}

bool section_repo_edit(struct actor *a, struct section *s, enum audit_action action,
                       const char *reason, struct err *err)
{
    struct child_put how = {
        .child = child_of(s->plan_id, s->section_type),
        .read_rev = s->metadata ? doc_int(s->metadata, "rev", 0) : 0,
        .edited = true,
        .now = account_now(a),
    };
    struct section before;
    bson_t audit;
    bool ok;

    if (!section_repo_find(a, s->plan_id, s->section_type, &before, err))
        return false;
    if (action == AUDIT_SECTION_EDITED)
        s->edited_by_user = true;
    free(s->last_edited_by);
    s->last_edited_by = mem_str(a->user.id);
    build_audit(a, &before, s, action, reason, how.now, &audit);
    how.read_id = before.id;
    how.audit = &audit;
    ok = put(a, s, &how, err);
    bson_destroy(&audit);
    record_finish(COLL_SECTIONS, &before);
    return ok;
}
