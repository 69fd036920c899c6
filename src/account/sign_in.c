/* sign_in.c - a try is paid for before it is made: one conditional patch adds one to the failures
 * it was read with and sets the wait that would follow. Two tries at once cannot both match, so
 * nobody gets more than one guess a wait, from however many terminals. */
#include "account/sign_in.h"

#include "account/account.h"
#include "strattio/doc.h"
#include "strattio/err.h"

int64_t sign_in_wait_ms(int64_t failed)
{
    int64_t wait_s = SIGN_IN_FIRST_WAIT_S;

    if (failed < SIGN_IN_FREE_TRIES)
        return 0;
    for (int64_t i = SIGN_IN_FREE_TRIES; i < failed && wait_s < SIGN_IN_LONGEST_WAIT_S; i++)
        wait_s *= 2;
    return 1000 * (wait_s < SIGN_IN_LONGEST_WAIT_S ? wait_s : SIGN_IN_LONGEST_WAIT_S);
}

static bool too_soon(int64_t left_ms, struct err *err)
{
    int64_t left_s = (left_ms + 999) / 1000;

    if (left_s > 90)
        return err_set(err, ERR_DENIED, 0, "Too many wrong passwords: try again in %d minutes",
                       (int)((left_s + 59) / 60));
    return err_set(err, ERR_DENIED, 0, "Too many wrong passwords: try again in %d seconds",
                   (int)left_s);
}

static void replace(bson_t *doc, bson_t *by)
{
    bson_destroy(doc);
    bson_steal(doc, by);
}

/* One conditional patch from the failures in `doc` to one more. *lost if another try came first:
 * then `*doc` is what that one left. */
static bool charge_once(struct store *s, bson_t *doc, int64_t now, bool *lost, struct err *err)
{
    int64_t failed = doc_int(doc, "metadata.sign_in.failed", 0);
    int64_t wait_ms = sign_in_wait_ms(failed + 1);
    struct where user = {0}, where;
    struct patch patch;
    char id[ID_LEN + 1];
    bson_t after;
    bool ok;

    account_id_of(doc, id);
    where_id(&user, "_id", id);
    where = user;
    if (doc_has(doc, "metadata.sign_in.failed"))
        where_int(&where, "metadata.sign_in.failed", WHERE_EQ, failed);
    else
        where_null(&where, "metadata.sign_in.failed", true);
    patch_init(&patch);
    patch_int(&patch, "metadata.sign_in.failed", failed + 1);
    if (wait_ms > 0)
        patch_date(&patch, "metadata.sign_in.until", now + wait_ms);
    account_touch(&patch, now);
    ok = store_find_and_patch(s, COLL_USERS, &where, &patch, &after, err);
    patch_finish(&patch);
    *lost = !ok && err->code == ERR_NOT_FOUND && store_find_one(s, COLL_USERS, &user, &after, err);
    if (ok || *lost)
        replace(doc, &after);
    return ok;
}

bool sign_in_charge(struct store *s, bson_t *doc, int64_t now, struct err *err)
{
    for (int i = 0; i < ACCOUNT_TRIES; i++) {
        int64_t until = doc_date(doc, "metadata.sign_in.until", 0);
        bool lost;

        if (until > now)
            return too_soon(until - now, err);
        if (charge_once(s, doc, now, &lost, err))
            return true;
        if (!lost)
            return false;
    }
    return err_set(err, ERR_DENIED, 0, "Too many tries at once: try again");
}
