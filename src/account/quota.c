/* quota.c - two terminals cannot both use the last slot, since a slot is taken by one patch on
 * the condition that the count is below the limit; and a crash costs none. With transactions,
 * count and plan are written together. Without, the plan's id is noted in metadata.reserved by
 * the patch that counts it, then the plan is inserted, then the note goes. Whoever comes next and
 * finds a note older than QUOTA_GRACE_MS gives the slot back if its plan never came. Should a
 * plan come even later, it finds its note gone and takes a slot again or is taken back. */
#include "account/quota.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/tiers.h"

enum { NOTE_SIZE = sizeof "metadata.reserved." + ID_LEN };

static void note_path(const char *plan_id, char out[NOTE_SIZE])
{
    snprintf(out, NOTE_SIZE, "metadata.reserved.%s", plan_id);
}

void quota_month(int64_t now, int64_t *start, int64_t *end)
{
    time_t seconds = (time_t)(now / 1000);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    tm.tm_mday = 1;
    tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
    *start = (int64_t)timegm(&tm) * 1000;
    tm.tm_mon++;
    *end = (int64_t)timegm(&tm) * 1000;
}

static bool used_up(const struct subscription *sub, struct err *err)
{
    char date[CLOCK_ISO_SIZE];

    clock_iso_date(sub->current_period_end, date);
    return err_set(err, ERR_QUOTA, 0,
                   "The %s tier includes %lld plan%s a month and this month's are used; the next "
                   "month begins on %s",
                   tier_name(tiers_of(sub)), (long long)tiers_limit_of(sub),
                   tiers_limit_of(sub) == 1 ? "" : "s", date);
}

/* ---- the month ------------------------------------------------------------------------------ */

/* Starts the month of `now` at 0 if the one in `sub` is over. Matching nothing is fine: then
 * another terminal started it. */
static bool start_month(struct actor *a, const struct subscription *sub, int64_t now,
                        struct err *err)
{
    struct where where = {0};
    int64_t start, end, matched;
    struct patch patch;
    bool ok;

    quota_month(now, &start, &end);
    where_str(&where, "user_id", WHERE_EQ, sub->user_id);
    if (sub->current_period_end == RECORD_NONE)
        where_null(&where, "current_period_end", true);
    else
        where_date(&where, "current_period_end", WHERE_EQ, sub->current_period_end);
    patch_init(&patch);
    patch_int(&patch, "plans_created_this_month", 0);
    patch_date(&patch, "current_period_start", start);
    patch_date(&patch, "current_period_end", end);
    patch_unset(&patch, "metadata.reserved");
    account_touch(&patch, now);
    ok = store_patch(a->store, COLL_SUBSCRIPTIONS, &where, &patch, &matched, err);
    patch_finish(&patch);
    return ok;
}

/* ---- notes ---------------------------------------------------------------------------------- */

static bool plan_came(struct actor *a, const char *plan_id, bool *came, struct err *err)
{
    struct where where = {0};
    int64_t count = 0;

    where_id(&where, "_id", plan_id);
    where_str(&where, "user_id", WHERE_EQ, a->user.id);
    if (!store_count(a->store, COLL_PLANS, &where, &count, err))
        return false;
    *came = count > 0;
    return true;
}

/* Removes the note of `plan_id` and adds `refund` to the count; *matched is 0 if it was gone. */
static bool drop_note(struct actor *a, const char *plan_id, int64_t refund, int64_t now,
                      int64_t *matched, struct err *err)
{
    struct where where = {0};
    char note[NOTE_SIZE];
    struct patch patch;
    bool ok;

    note_path(plan_id, note);
    where_str(&where, "user_id", WHERE_EQ, a->user.id);
    where_null(&where, note, false);
    patch_init(&patch);
    patch_unset(&patch, note);
    if (refund)
        patch_inc(&patch, "plans_created_this_month", refund);
    account_touch(&patch, now);
    ok = store_patch(a->store, COLL_SUBSCRIPTIONS, &where, &patch, matched, err);
    patch_finish(&patch);
    return ok;
}

/* Clears the notes that a crash left in `sub`. A young one is left alone, though its plan may be there
 * already: whoever wrote it is about to drop it, and would take a note that is gone for a slot given
 * back. */
static bool settle_notes(struct actor *a, const struct subscription *sub, int64_t now,
                         struct err *err)
{
    bson_t notes;
    bson_iter_t it;

    if (!sub->metadata || !doc_view(sub->metadata, "reserved", &notes))
        return true;
    bson_iter_init(&it, &notes);
    while (bson_iter_next(&it)) {
        const char *plan_id = bson_iter_key(&it);
        int64_t since = BSON_ITER_HOLDS_DATE_TIME(&it) ? bson_iter_date_time(&it) : 0, matched;
        bool came = false;

        if (!id_valid(plan_id) || now - since < QUOTA_GRACE_MS)
            continue;
        if (!plan_came(a, plan_id, &came, err) ||
            !drop_note(a, plan_id, came ? 0 : -1, now, &matched, err))
            return false;
    }
    return true;
}

/* ---- slots ---------------------------------------------------------------------------------- */

/* The condition and the patch that take one slot of `sub`, noting `plan_id` unless NULL. */
static void slot(const struct subscription *sub, const char *plan_id, int64_t now,
                 struct where *where, struct patch *patch)
{
    char note[NOTE_SIZE];

    *where = (struct where){0};
    where_str(where, "user_id", WHERE_EQ, sub->user_id);
    where_int(where, "plans_created_this_month", WHERE_LT, tiers_limit_of(sub));
    patch_init(patch);
    patch_inc(patch, "plans_created_this_month", 1);
    if (plan_id) {
        note_path(plan_id, note);
        patch_date(patch, note, now);
    }
    account_touch(patch, now);
}

static bool take_slot(struct actor *a, const struct subscription *sub, const char *plan_id,
                      int64_t now, struct err *err)
{
    struct where where;
    struct patch patch;
    int64_t matched = 0;
    bool ok;

    slot(sub, plan_id, now, &where, &patch);
    ok = store_patch(a->store, COLL_SUBSCRIPTIONS, &where, &patch, &matched, err);
    patch_finish(&patch);
    return ok && (matched > 0 || used_up(sub, err));
}

/* Slot, plan and audit entry in one transaction; ERR_CONFLICT if no slot was free. */
static bool insert_together(struct actor *a, const struct subscription *sub, const bson_t *plan,
                            const bson_t *audit, int64_t now, struct err *err)
{
    struct where where;
    struct patch patch;
    size_t failed = 0;
    bool ok;

    slot(sub, NULL, now, &where, &patch);
    ok = store_atomically(a->store,
                          (struct write[]){
                              {.kind = WRITE_PATCH,
                               .coll = COLL_SUBSCRIPTIONS,
                               .where = &where,
                               .patch = &patch,
                               .must_match = true},
                              {.kind = WRITE_INSERT, .coll = COLL_PLANS, .doc = plan},
                              {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = audit},
                          },
                          3, &failed, err);
    patch_finish(&patch);
    return ok;
}

/* The plan is there; its note should be, too. If it was given back, a slot is taken again, and
 * where none is left the plan goes. */
static bool confirm(struct actor *a, const struct subscription *sub, const char *plan_id,
                    int64_t now, struct err *err)
{
    struct where where = {0};
    struct err ignored = {0};
    int64_t matched = 0;

    if (!drop_note(a, plan_id, 0, now, &matched, err))
        return false;
    if (matched > 0 || take_slot(a, sub, NULL, now, err))
        return true;
    where_id(&where, "_id", plan_id);
    where_str(&where, "user_id", WHERE_EQ, a->user.id);
    (void)!store_remove(a->store, COLL_PLANS, &where, &matched, &ignored);
    return false;
}

static bool insert_step_by_step(struct actor *a, const struct subscription *sub,
                                const char *plan_id, const bson_t *plan, const bson_t *audit,
                                int64_t now, struct err *err)
{
    struct err ignored = {0};
    int64_t matched;

    if (!take_slot(a, sub, plan_id, now, err))
        return false;
    if (!store_insert(a->store, COLL_PLANS, plan, err)) {
        if (err->code != ERR_OFFLINE && err->code != ERR_IO) /* else it may have arrived */
            (void)!drop_note(a, plan_id, -1, now, &matched, &ignored);
        return false;
    }
    return confirm(a, sub, plan_id, now, err) &&
           store_insert(a->store, COLL_AUDIT_LOGS, audit, err);
}

static bool month_is_over(const struct subscription *sub, int64_t now)
{
    return sub->current_period_end == RECORD_NONE || now >= sub->current_period_end;
}

/* The subscription as it is once the month is this one and no old note is left. */
static bool read_subscription(struct actor *a, int64_t now, struct subscription *sub,
                              struct err *err)
{
    bool ok;

    if (!account_subscription(a, a->user.id, sub, err))
        return false;
    if (!month_is_over(sub, now) && !(sub->metadata && doc_count(sub->metadata, "reserved")))
        return true;
    ok = month_is_over(sub, now) ? start_month(a, sub, now, err) : settle_notes(a, sub, now, err);
    record_finish(COLL_SUBSCRIPTIONS, sub);
    return ok && account_subscription(a, a->user.id, sub, err);
}

bool quota_insert(struct actor *a, const char *plan_id, const bson_t *plan, const bson_t *audit,
                  int64_t now, struct err *err)
{
    for (int i = 0; i < ACCOUNT_TRIES; i++) {
        struct subscription sub;
        bool ok;

        if (!read_subscription(a, now, &sub, err))
            return false;
        if (!store_has_transactions(a->store))
            ok = insert_step_by_step(a, &sub, plan_id, plan, audit, now, err);
        else if (sub.plans_created_this_month >= tiers_limit_of(&sub))
            ok = used_up(&sub, err);
        else
            ok = insert_together(a, &sub, plan, audit, now, err);
        record_finish(COLL_SUBSCRIPTIONS, &sub);
        if (ok || err->code != ERR_CONFLICT)
            return ok;
    }
    return false;
}
