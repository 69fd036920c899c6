/* actor_join.c - becoming a user: on the first start of an embedded store by name and e-mail, on
 * a shared one by registering. The user's document goes in first, since its unique e-mail is what
 * can refuse; a subscription lost to a crash between the two is made when the user is next read. */
#include "strattio/actor.h"

#include <ctype.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/audit.h"
#include "account/password.h"
#include "account/queries.h"
#include "account/session.h"

enum { NAME_MAX_CHARS = 200 };

/* ---- what a name and an address are --------------------------------------------------------- */

/* A copy without blanks at both ends; the caller frees it. */
static char *trimmed(const char *text)
{
    size_t len;

    text += strspn(text, " \t\r\n");
    len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    return mem_strn(text, len);
}

char *account_email(const char *typed)
{
    char *email = trimmed(typed);

    for (char *c = email; *c; c++)
        *c = (char)tolower((unsigned char)*c); /* ASCII in every locale we set */
    return email;
}

static bool check_name(const char *name, struct err *err)
{
    size_t chars = 0;

    for (const char *c = name; *c; c++) {
        chars += ((unsigned char)*c & 0xc0) != 0x80;
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return err_set(err, ERR_INVALID, 0, "The name must be one line of text");
    }
    if (chars == 0)
        return err_set(err, ERR_INVALID, 0, "The name is empty: give the name to sign plans with");
    if (chars > NAME_MAX_CHARS)
        return err_set(err, ERR_INVALID, 0, "The name is too long: at most %d characters",
                       NAME_MAX_CHARS);
    return true;
}

/* ---- the three documents -------------------------------------------------------------------- */

struct joining {
    char id[ID_LEN + 1];
    const char *name, *email, *hash;
    enum tier tier;
    const char *session_sha; /* of the session that starts with it, or NULL */
    int64_t now;
};

static void build_user(const struct joining *j, bson_t *out)
{
    bson_t none = BSON_INITIALIZER, sessions;
    struct user user;

    record_init(COLL_USERS, &user);
    free(user.id);
    user.id = mem_str(j->id);
    free(user.email);
    user.email = mem_str(j->email);
    free(user.name);
    user.name = mem_str(j->name);
    free(user.password_hash);
    user.password_hash = mem_str(j->hash);
    user.auth_provider = AUTH_EMAIL;
    user.role = USER_ROLE_USER;
    user.subscription_tier = j->tier;
    user.created_at = user.updated_at = user.last_login_at = j->now;
    record_write(COLL_USERS, &user, out);
    record_finish(COLL_USERS, &user);
    account_stamp(out);
    if (j->session_sha) {
        session_list(&none, NULL, j->session_sha, j->now, &sessions);
        doc_set_doc(out, "metadata.sessions", &sessions, true);
        bson_destroy(&sessions);
    }
    bson_destroy(&none);
}

static void build_audit(const struct joining *j, bson_t *out)
{
    bson_t told = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&told, "email", j->email);
    BSON_APPEND_UTF8(&told, "name", j->name);
    BSON_APPEND_UTF8(&told, "tier", tier_name(j->tier));
    audit_write(&(struct audit_entry){.user_id = j->id,
                                      .action = AUDIT_USER_REGISTERED,
                                      .resource_type = "user",
                                      .resource_id = j->id,
                                      .new_value = &told,
                                      .now = j->now},
                out);
    bson_destroy(&told);
}

/* Inserts user, subscription and audit entry, and signs `a` in. */
static bool join(struct actor *a, const struct joining *j, struct err *err)
{
    bson_t user_doc, sub_doc, audit_doc;
    struct subscription sub;
    size_t failed = 0;
    bool ok;

    build_user(j, &user_doc);
    account_new_subscription(j->id, j->tier, j->now, &sub, &sub_doc);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    build_audit(j, &audit_doc);
    ok = store_atomically(a->store,
                          (struct write[]){
                              {.kind = WRITE_INSERT, .coll = COLL_USERS, .doc = &user_doc},
                              {.kind = WRITE_INSERT, .coll = COLL_SUBSCRIPTIONS, .doc = &sub_doc},
                              {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = &audit_doc},
                          },
                          3, &failed, err) &&
         account_adopt(a, &user_doc, err);
    bson_destroy(&user_doc);
    bson_destroy(&sub_doc);
    bson_destroy(&audit_doc);
    return ok;
}

/* ---- the embedded store --------------------------------------------------------------------- */

/* Takes back what join() wrote as user `id`. */
static bool unjoin(struct actor *a, const char *id, struct err *err)
{
    struct where user = {0}, sub = {0}, log = {0};
    size_t failed = 0;

    where_id(&user, "_id", id);
    where_str(&sub, "user_id", WHERE_EQ, id);
    where_str(&log, "user_id", WHERE_EQ, id);
    return store_atomically(a->store,
                            (struct write[]){
                                {.kind = WRITE_REMOVE, .coll = COLL_AUDIT_LOGS, .where = &log},
                                {.kind = WRITE_REMOVE, .coll = COLL_SUBSCRIPTIONS, .where = &sub},
                                {.kind = WRITE_REMOVE, .coll = COLL_USERS, .where = &user},
                            },
                            3, &failed, err);
}

/* Two first starts at once may both have joined. Both then see the same first user; the other one
 * goes. */
static bool settle(struct actor *a, struct err *err)
{
    char *mine = mem_str(a->user.id);
    bool ok = account_load_owner(a, err);

    if (ok && strcmp(a->user.id, mine) != 0)
        ok = unjoin(a, mine, err);
    free(mine);
    return ok;
}

bool actor_begin(struct actor *a, const char *name, const char *email, struct err *err)
{
    struct joining j = {.hash = "", .tier = TIER_ENTERPRISE, .now = account_now(a)};
    char *clean_name = trimmed(name), *clean_email = account_email(email);
    bool ok = false;

    if (a->shared) {
        err_set(err, ERR_UNSUPPORTED, 0, "%s is shared: register there instead", a->label);
        goto out;
    }
    if (a->state == ACTOR_SIGNED_IN) {
        err_set(err, ERR_CONFLICT, 0, "This store already belongs to %.80s", a->user.name);
        goto out;
    }
    if (!check_name(clean_name, err))
        goto out;
    id_new(j.id);
    j.name = clean_name;
    j.email = clean_email;
    if (join(a, &j, err))
        ok = settle(a, err);
    else if (err->code == ERR_DUPLICATE) /* another first start with the same address won */
        ok = account_load_owner(a, err) && a->state == ACTOR_SIGNED_IN;
out:
    free(clean_name);
    free(clean_email);
    return ok;
}

/* `host` as the right side of an address: its letters, digits, "-" and ".", with a dot in it. */
static char *host_part(const char *host)
{
    char *clean = mem_str(host), *to = clean;

    for (const char *from = host; *from; from++)
        if (isalnum((unsigned char)*from) || (*from == '-' && to > clean) ||
            (*from == '.' && to > clean && to[-1] != '.'))
            *to++ = (char)tolower((unsigned char)*from);
    while (to > clean && !isalnum((unsigned char)to[-1]))
        to--;
    *to = '\0';
    if (!*clean) {
        free(clean);
        return mem_str("localhost.localdomain");
    }
    if (!strchr(clean, '.')) {
        char *whole = mem_printf("%s.localdomain", clean);

        free(clean);
        return whole;
    }
    return clean;
}

/* `login` as the left side: what is no letter, digit, "-", "_" or "." becomes "-". */
static char *login_part(const char *login)
{
    char *clean = mem_strn(login, 64);

    for (char *c = clean; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
            *c = '-';
        else
            *c = (char)tolower((unsigned char)*c);
    return clean;
}

void actor_default_identity(char **name, char **email)
{
    const struct passwd *pw = getpwuid(getuid());
    const char *login = pw && pw->pw_name[0] ? pw->pw_name : "user";
    size_t full = pw && pw->pw_gecos ? strcspn(pw->pw_gecos, ",") : 0;
    char host[256] = "", *left = login_part(login), *right;

    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    right = host_part(host);
    *name = full ? mem_strn(pw->pw_gecos, full) : mem_str(login);
    *email = mem_printf("%s@%s", left, right);
    free(left);
    free(right);
}

/* ---- a shared store ------------------------------------------------------------------------- */

static bool taken(const struct joining *j, struct err *err)
{
    return err_set(err, ERR_DUPLICATE, 0, "%.100s is registered already: sign in instead",
                   j->email);
}

/* Whether the user's document would be taken: the address is one, and nobody has it. */
static bool check_user(struct actor *a, const struct joining *j, struct err *err)
{
    bool found = false, ok;
    struct query q;
    bson_t doc;

    build_user(j, &doc);
    ok = record_validate(COLL_USERS, &doc, err);
    bson_destroy(&doc);
    if (!ok)
        return false;
    queries_user_by_email(&q, j->email);
    if (!account_find(a->store, COLL_USERS, &q.where, &doc, &found, err))
        return false;
    if (found)
        bson_destroy(&doc);
    return !found || taken(j, err);
}

/* The session file is written first: where it cannot be, nobody is registered without a way back
 * in, and it is worth nothing until the document is there. Until then who was signed in here stays
 * signed in. */
static bool register_with(struct actor *a, struct joining *j, const char *password, struct err *err)
{
    char hash[PASSWORD_HASH_SIZE], sha[SHA_HEX_LEN + 1];
    struct session session;
    bool ok;

    if (!check_user(a, j, err) || !password_hash(password, hash, err))
        return false;
    session_new(j->id, &session);
    session_sha(&session, sha);
    j->hash = hash;
    j->session_sha = sha;
    ok = session_write(a->session_key, &session, err);
    if (ok && join(a, j, err)) {
        memcpy(a->token_sha, sha, sizeof sha);
    } else if (ok) {
        session_forget(a->session_key);
        account_leave(a);
        ok = err->code == ERR_DUPLICATE ? taken(j, err) : false;
    }
    explicit_bzero(&session, sizeof session);
    explicit_bzero(hash, sizeof hash);
    return ok;
}

bool actor_register(struct actor *a, const char *email, const char *name, const char *password,
                    struct err *err)
{
    struct joining j = {.hash = "", .tier = TIER_FREE, .now = account_now(a)};
    char *clean_name = trimmed(name), *clean_email = account_email(email);
    bool ok = false;

    id_new(j.id);
    j.name = clean_name;
    j.email = clean_email;
    if (!a->shared)
        err_set(err, ERR_UNSUPPORTED, 0,
                "The store on this computer belongs to whoever owns its file: nobody registers");
    else
        ok = check_name(clean_name, err) && password_check(password, err) &&
             register_with(a, &j, password, err);
    free(clean_name);
    free(clean_email);
    return ok;
}
