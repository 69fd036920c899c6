/* actor_delete.c - a user who leaves a shared store. What they wrote stays for whoever keeps the
 * store, and so does the log; that it was them does not. */
#include "strattio/actor.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/audit.h"
#include "account/session.h"

/* The address says nothing but must be one, and nobody else's. */
static void build_user_patch(const char *user_id, int64_t now, struct patch *patch)
{
    char *nobody = mem_printf("deleted-%s@deleted.invalid", user_id);
    bson_t none = BSON_INITIALIZER;

    patch_init(patch);
    patch_str(patch, "email", nobody);
    patch_str(patch, "name", "Deleted user");
    patch_str(patch, "password_hash", "");
    patch_str(patch, "avatar_url", NULL);
    patch_str(patch, "auth_provider_id", NULL);
    patch_bool(patch, "email_verified", false);
    patch_doc(patch, "settings", &none);
    patch_date(patch, "deleted_at", now);
    patch_array(patch, "metadata.sessions", &none);
    patch_unset(patch, "metadata.sign_in");
    account_touch(patch, now);
    bson_destroy(&none);
    free(nobody);
}

static void build_audit(const char *user_id, const struct subscription *sub, int64_t now,
                        bson_t *out)
{
    bson_t was = BSON_INITIALIZER, is = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&was, "tier", tier_name(sub->tier));
    BSON_APPEND_UTF8(&is, "status", "cancelled");
    audit_write(&(struct audit_entry){.user_id = user_id,
                                      .action = AUDIT_SUBSCRIPTION_UPDATED,
                                      .resource_type = "subscription",
                                      .resource_id = sub->id,
                                      .old_value = &was,
                                      .new_value = &is,
                                      .reason = "deleted",
                                      .now = now},
                out);
    bson_destroy(&was);
    bson_destroy(&is);
}

static bool write_deletion(struct actor *a, const struct subscription *sub, struct err *err)
{
    struct where of_user = {0}, of_sub = {0};
    struct patch user, cancelled;
    int64_t now = account_now(a);
    size_t failed = 0;
    bson_t audit;
    bool ok;

    where_id(&of_user, "_id", a->user.id);
    where_str(&of_sub, "user_id", WHERE_EQ, a->user.id);
    build_user_patch(a->user.id, now, &user);
    patch_init(&cancelled);
    patch_str(&cancelled, "status", "cancelled");
    account_touch(&cancelled, now);
    build_audit(a->user.id, sub, now, &audit);
    ok = store_atomically(a->store,
                          (struct write[]){
                              {.kind = WRITE_PATCH,
                               .coll = COLL_SUBSCRIPTIONS,
                               .where = &of_sub,
                               .patch = &cancelled},
                              {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = &audit},
                              {.kind = WRITE_PATCH,
                               .coll = COLL_USERS,
                               .where = &of_user,
                               .patch = &user,
                               .must_match = true},
                          },
                          3, &failed, err);
    patch_finish(&user);
    patch_finish(&cancelled);
    bson_destroy(&audit);
    return ok;
}

bool actor_delete(struct actor *a, const char *password, struct err *err)
{
    struct subscription sub;
    bson_t doc;
    bool ok;

    if (!a->shared)
        return err_set(err, ERR_UNSUPPORTED, 0,
                       "The store on this computer is a file: remove it to remove what is in it");
    if (!account_need(a, err) || !account_check_password(a, a->user.email, password, &doc, err))
        return false;
    bson_destroy(&doc);
    if (!account_subscription(a, a->user.id, &sub, err))
        return false;
    ok = write_deletion(a, &sub, err);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    if (ok) {
        session_forget(a->session_key);
        account_leave(a);
    }
    return ok;
}
