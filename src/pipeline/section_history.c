/* section_history.c - there is no table of versions: each save's audit entry holds the text
 * before and after it, so the log is the history. The text as first drafted is what the oldest
 * entry replaced. */
#include "strattio/section_history.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/child_repo.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"
#include "strattio/section_view.h"

#include "writer/writer.h"

/* The text a log tells of; NULL if it tells of something else. */
static const bson_t *text_of(const bson_t *value)
{
    return value && doc_has(value, "content") ? value : NULL;
}

static bson_t *copy_of(const bson_t *value)
{
    return value ? bson_copy(value) : NULL;
}

static int64_t words_of(const bson_t *value)
{
    const char *content = doc_str(value, "content", NULL);

    return (int64_t)markdown_words(content ? content : doc_str(value, "source", ""));
}

/* A new entry at the end; it takes copies. */
static struct section_entry *add(struct section_history *h, size_t *cap, const char *id,
                                 const bson_t *before, const bson_t *after)
{
    struct section_entry *e;

    h->entries = mem_grow(h->entries, cap, h->count + 1, sizeof *h->entries);
    e = &h->entries[h->count++];
    *e = (struct section_entry){.at = RECORD_NONE, .action = AUDIT_ACTION_COUNT};
    bson_strncpy(e->id, id, sizeof e->id);
    e->before = copy_of(before);
    e->after = copy_of(after);
    e->words = words_of(after);
    return e;
}

static enum section_change change_of(const struct audit_log *log, const char *reason)
{
    if (log->action == AUDIT_SECTION_REGENERATED)
        return SECTION_CHANGE_REGENERATED;
    return strcmp(reason, "restore") == 0 ? SECTION_CHANGE_RESTORED : SECTION_CHANGE_EDITED;
}

static void add_log(struct section_history *h, size_t *cap, const char *who,
                    const struct audit_log *log, enum section_type type)
{
    const bson_t *after = text_of(log->new_value);
    const char *reason = log->metadata ? doc_str(log->metadata, "reason", "") : "";
    struct section_entry *e;

    if (!after || (log->action != AUDIT_SECTION_EDITED && log->action != AUDIT_SECTION_REGENERATED))
        return;
    if (type == SECTION_COUNT && log->metadata)
        type = section_type_by_name(doc_str(log->metadata, "section_type", ""));
    e = add(h, cap, log->id, text_of(log->old_value), after);
    e->change = change_of(log, reason);
    e->type = type;
    e->at = log->created_at;
    e->who = mem_str(who);
    e->reason = mem_str(reason);
    e->action = log->action;
}

static void add_offer(struct section_history *h, size_t *cap, const struct section *s)
{
    bson_t before = BSON_INITIALIZER, after = BSON_INITIALIZER;
    char *source = section_source(s);
    struct section_entry *e;

    BSON_APPEND_UTF8(&before, "content", s->content ? s->content : "");
    BSON_APPEND_UTF8(&before, "source", source);
    BSON_APPEND_UTF8(&after, "source", doc_str(s->metadata, "offered.source", ""));
    e = add(h, cap, "offered", &before, &after);
    e->change = SECTION_CHANGE_OFFERED;
    e->type = s->section_type;
    e->at = doc_date(s->metadata, "offered.made", RECORD_NONE);
    e->reason = mem_str("offer");
    bson_destroy(&before);
    bson_destroy(&after);
    free(source);
}

/* What stood before the oldest entry, as a page of that one; `value` is NULL if the log has
 * none. */
static bool find_original(struct actor *a, const struct section *s, struct audit_page *page,
                          const bson_t **value, struct err *err)
{
    struct audit_filter filter = {
        .plan_id = s->plan_id, .resource_id = s->id, .oldest_first = true, .limit = 1};

    if (!audit_repo_page(a, &filter, page, err))
        return false;
    *value = page->count ? text_of(page->logs[0].old_value) : NULL;
    return true;
}

/* The drafts that wait in all sections of a plan. */
static bool add_offers(struct section_history *h, size_t *cap, struct actor *a,
                       const char *plan_id, struct err *err)
{
    struct section sections[SECTION_COUNT];
    bool present[SECTION_COUNT];

    if (!section_repo_list(a, plan_id, sections, present, err))
        return false;
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (present[i] && section_history_offered(&sections[i]))
            add_offer(h, cap, &sections[i]);
        record_finish(COLL_SECTIONS, &sections[i]);
    }
    return true;
}

static bool add_original(struct section_history *h, size_t *cap, struct actor *a,
                         const struct section *s, struct err *err)
{
    struct section_entry *e;
    struct audit_page page;
    const bson_t *value;

    if (!find_original(a, s, &page, &value, err))
        return false;
    if (value) {
        e = add(h, cap, "original", NULL, value);
        e->change = SECTION_CHANGE_DRAFTED;
        e->type = s->section_type;
        e->reason = mem_str("first");
    }
    audit_page_finish(&page);
    return true;
}

bool section_history_read(struct actor *a, const char *plan_id, const struct section *s,
                          const char *after, size_t limit, struct section_history *out,
                          struct err *err)
{
    struct audit_filter filter = {
        .plan_id = plan_id, .resource_id = s ? s->id : NULL, .limit = limit, .after = after};
    const struct user *user = actor_user(a); /* a log is read by who wrote it */
    struct section_history h = {0};
    struct audit_page page;
    size_t cap = 0;
    bool ok = true;

    if (!audit_repo_page(a, &filter, &page, err))
        return false;
    if (!s && !after)
        ok = add_offers(&h, &cap, a, plan_id, err);
    else if (!after && section_history_offered(s))
        add_offer(&h, &cap, s);
    for (size_t i = 0; i < page.count; i++)
        add_log(&h, &cap, user && user->name ? user->name : "", &page.logs[i],
                s ? s->section_type : SECTION_COUNT);
    if (ok && s && !page.next)
        ok = add_original(&h, &cap, a, s, err);
    h.next = mem_str(page.next);
    audit_page_finish(&page);
    if (ok)
        *out = h;
    else
        section_history_finish(&h);
    return ok;
}

void section_history_finish(struct section_history *h)
{
    for (size_t i = 0; i < h->count; i++) {
        struct section_entry *e = &h->entries[i];

        free(e->who);
        free(e->reason);
        bson_destroy(e->before);
        bson_destroy(e->after);
    }
    free(h->entries);
    free(h->next);
    *h = (struct section_history){0};
}

static bool take_value(const bson_t *value, bson_t *out, struct err *err)
{
    if (!value)
        return err_set(err, ERR_NOT_FOUND, 0,
                       "There is no such text of this section; strattio history lists them.");
    bson_copy_to(value, out);
    return true;
}

bool section_history_find(struct actor *a, const struct section *s, const char *id, bson_t *value,
                          struct err *err)
{
    struct audit_page page;
    struct audit_log log;
    const bson_t *found;
    bool mine, ok;

    if (strcmp(id, "original") == 0) {
        if (!find_original(a, s, &page, &found, err))
            return false;
        ok = take_value(found, value, err);
        audit_page_finish(&page);
        return ok;
    }
    if (!audit_repo_find(a, id, &log, err))
        return false;
    mine = log.plan_id && strcmp(log.plan_id, s->plan_id) == 0 && log.resource_id &&
           strcmp(log.resource_id, s->id) == 0;
    ok = take_value(mine ? text_of(log.new_value) : NULL, value, err);
    record_finish(COLL_AUDIT_LOGS, &log);
    return ok;
}

char *section_history_text(const bson_t *value, const struct model *m)
{
    struct err ignored = {0}; /* a text that cannot be bound reads as it did then */
    struct section_view view = {0};
    struct section then;
    char *text;

    record_init(COLL_SECTIONS, &then);
    free(then.content);
    then.content = mem_str(doc_str(value, "content", ""));
    if (doc_has(value, "source"))
        doc_set_str(then.metadata, "source", doc_str(value, "source", ""));
    text = section_view(&then, m, &view, &ignored) ? view.text : mem_str(then.content);
    view.text = NULL;
    section_view_finish(&view);
    record_finish(COLL_SECTIONS, &then);
    return text;
}

bool section_history_offered(const struct section *s)
{
    return s->edited_by_user && doc_has(s->metadata, "offered.source");
}
