/* test_account_sign_in.c - becoming somebody: the first start of an embedded store, registering,
 * signing in and out, sessions, throttling, granting; and that passwords and hashes stay where
 * they belong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <sys/stat.h>

#include "account/account_env.h"
#include "account/session.h"
#include "account/sign_in.h"
#include "account/tiers.h"
#include "account/uri.h"
#include "strattio/clock.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"

/* The stored document of the user of `a`. */
static void read_user(struct actor *a, bson_t *out)
{
    struct where where = {0};

    where_id(&where, "_id", a->user.id);
    expect_ok(store_find_one(a->store, COLL_USERS, &where, out, err));
}

/* The path of the one session file in the state folder, which is there or not. */
static char *session_file(const struct env *env)
{
    char *dir = mem_printf("%s/strattio", env->folder), *path = NULL;
    DIR *d = opendir(dir);

    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        if (strncmp(e->d_name, "session-", 8) == 0 && !path)
            path = mem_printf("%s/%s", dir, e->d_name);
    if (d)
        closedir(d);
    free(dir);
    return path;
}

/* Signs in as Ada, `ahead_ms` from now. */
static bool login_later(struct actor *a, const char *password, int64_t ahead_ms, struct err *err)
{
    a->clock_shift_ms = ahead_ms;
    return actor_login(a, "ada@example.org", password, err);
}

/* ---- embedded ------------------------------------------------------------------------------- */

static struct actor *open_embedded(const struct env *env)
{
    struct err err = {0};
    struct actor *a = actor_open(env->uri, ENV_TIMEOUT_MS, &err);

    if (!a)
        fail_msg("%s", err.msg);
    return a;
}

static void the_owner_of_an_embedded_store_is_signed_in(void **state)
{
    struct env *env = *state;
    struct actor *a, *again;
    struct plan plan;
    bson_t doc;

    if (!env_is_sqlite())
        skip();
    a = open_embedded(env);
    assert_int_equal(actor_state(a), ACTOR_FRESH);
    expect_err(ERR_SIGNED_OUT, plan_repo_find(a, "0123456789abcdef01234567", &plan, err));
    expect_ok(actor_begin(a, "  Ada Lovelace ", "Ada@Example.org", err));
    assert_int_equal(actor_state(a), ACTOR_SIGNED_IN);
    assert_string_equal(actor_user(a)->name, "Ada Lovelace");
    assert_string_equal(actor_user(a)->email, "ada@example.org");
    assert_int_equal(actor_tier(a), TIER_ENTERPRISE);
    assert_string_equal(actor_store_label(a), "this computer");
    assert_true(env_audit(a, AUDIT_USER_REGISTERED, &doc));
    bson_destroy(&doc);
    again = open_embedded(env);
    assert_int_equal(actor_state(again), ACTOR_SIGNED_IN);
    assert_string_equal(actor_user(again)->id, actor_user(a)->id);
    expect_err(ERR_CONFLICT, actor_begin(again, "Bob", "bob@example.org", err));
    expect_err(ERR_UNSUPPORTED, actor_login(again, "ada@example.org", ENV_PASSWORD, err));
    actor_close(again);
    actor_close(a);
}

static void two_first_starts_at_once_make_one_owner(void **state)
{
    struct env *env = *state;
    struct actor *a, *b;

    if (!env_is_sqlite())
        skip();
    a = open_embedded(env);
    b = open_embedded(env); /* both fresh */
    expect_ok(actor_begin(a, "Ada", "ada@example.org", err));
    expect_ok(actor_begin(b, "Ada", "ada@example.org", err));
    assert_string_equal(actor_user(a)->id, actor_user(b)->id);
    actor_close(b);
    b = open_embedded(env);
    b->state = ACTOR_FRESH; /* as if it had looked before Ada began */
    record_finish(COLL_USERS, &b->user);
    expect_ok(actor_begin(b, "Other", "other@example.org", err));
    assert_string_equal(actor_user(a)->id, actor_user(b)->id);
    assert_int_equal(env_count(a, COLL_USERS, "email", "other@example.org"), 0);
    actor_close(a);
    actor_close(b);
}

static void the_default_identity_is_valid(void **state)
{
    struct env *env = *state;
    char *name, *email;
    struct actor *a;

    if (!env_is_sqlite())
        skip();
    actor_default_identity(&name, &email);
    a = open_embedded(env);
    expect_ok(actor_begin(a, name, email, err));
    actor_close(a);
    free(name);
    free(email);
}

/* ---- registering ---------------------------------------------------------------------------- */

static void registering_makes_a_free_account(void **state)
{
    struct env *env = *state;
    struct subscription sub;
    bson_t doc;

    env->ada = env_open(env->uri);
    assert_int_equal(actor_state(env->ada), ACTOR_SIGNED_OUT);
    expect_ok(actor_register(env->ada, " Ada@Example.ORG ", "Ada", ENV_PASSWORD, err));
    assert_int_equal(actor_state(env->ada), ACTOR_SIGNED_IN);
    assert_string_equal(actor_user(env->ada)->email, "ada@example.org");
    assert_int_equal(actor_tier(env->ada), TIER_FREE);
    expect_ok(account_subscription(env->ada, env->ada->user.id, &sub, err));
    assert_int_equal(sub.plan_limit, 1);
    assert_int_equal(sub.current_period_end, RECORD_NONE);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    assert_true(env_audit(env->ada, AUDIT_USER_REGISTERED, &doc));
    assert_string_equal(doc_str(&doc, "new_value.tier", ""), "free");
    bson_destroy(&doc);
}

static void what_will_not_do_is_named(void **state)
{
    static const struct {
        const char *email, *name, *password;
        enum err_code code;
        const char *says;
    } rows[] = {
        {"cy@example.org", "Cy", "short", ERR_INVALID, "8 characters"},
        {"cy@example.org", "Cy", "seven77", ERR_INVALID, "8 characters"},
        {"cy@example.org", "Cy",
         "1234567890123456789012345678901234567890123456789012345678901234567890123", ERR_INVALID,
         "72 bytes"},
        {"cy@example.org", "  ", ENV_PASSWORD, ERR_INVALID, "name"},
        {"cy@example.org", "C\ny", ENV_PASSWORD, ERR_INVALID, "name"},
        {"not an address", "Cy", ENV_PASSWORD, ERR_INVALID, "email"},
        {"", "Cy", ENV_PASSWORD, ERR_INVALID, "email"},
        {"ADA@example.org", "Cy", ENV_PASSWORD, ERR_DUPLICATE, "registered already"},
    };
    struct env *env = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct actor *cy = env_open(env->uri);
        struct err err = {0};

        assert_false(actor_register(cy, rows[i].email, rows[i].name, rows[i].password, &err));
        if (err.code != rows[i].code || !strstr(err.msg, rows[i].says))
            fail_msg("row %zu: code %d, %s", i, (int)err.code, err.msg);
        assert_string_equal(actor_user(cy)->name, "Bob"); /* who was signed in here */
        actor_close(cy);
    }
    assert_int_equal(env_count(env->ada, COLL_USERS, "name", "Cy"), 0);
}

static void eight_characters_may_be_any_characters(void **state)
{
    struct env *env = *state;
    struct actor *cy = env_open(env->uri);

    expect_ok(actor_register(cy, "cy@example.org", "Cy",
                             "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                             "1234",
                             err));
    expect_ok(actor_login(cy, "cy@example.org",
                          "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                          "1234",
                          err));
    actor_close(cy);
}

/* ---- secrets -------------------------------------------------------------------------------- */

static void expect_secrets_kept(struct actor *a, const char *password)
{
    for (int coll = 0; coll < COLL_COUNT; coll++) {
        struct query q = {.sort = NULL};
        struct doc_list list;

        expect_ok(store_find(a->store, coll, &q, &list, err));
        for (size_t i = 0; i < list.count; i++) {
            struct strbuf json;
            const char *hash;

            strbuf_init(&json, STRBUF_DOC_LIMIT);
            json_write(list.docs[i], JSON_COMPACT, &json);
            assert_null(strstr(json.data, password));
            hash = strstr(json.data, "$2b$");
            if (coll == COLL_USERS) {
                assert_non_null(hash);
                assert_null(strstr(hash + 4, "$2b$"));
                assert_non_null(strstr(doc_str(list.docs[i], "password_hash", ""), "$2b$"));
            } else {
                assert_null(hash);
            }
            strbuf_finish(&json);
        }
        doc_list_finish(&list);
    }
}

static void the_password_is_nowhere_and_the_hash_in_one_field(void **state)
{
    struct env *env = *state;
    struct actor *clone;

    expect_ok(actor_login(env->ada, "ada@example.org", ENV_PASSWORD, err));
    expect_secrets_kept(env->ada, ENV_PASSWORD);
    assert_null(actor_user(env->ada)->password_hash);
    assert_false(doc_has(actor_user(env->ada)->metadata, "sessions"));
    clone = actor_clone(env->ada, &(struct err){0});
    assert_non_null(clone);
    assert_null(actor_user(clone)->password_hash);
    assert_string_equal(actor_user(clone)->id, actor_user(env->ada)->id);
    actor_close(clone);
}

static void the_session_file_is_private_and_holds_no_password(void **state)
{
    struct env *env = *state;
    char *path = session_file(env), line[256] = "", sha[SHA_HEX_LEN + 1];
    struct stat st;
    bson_t doc;
    FILE *f;

    assert_non_null(path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    fclose(f);
    line[strcspn(line, "\n")] = '\0';
    assert_int_equal(strlen(line), ID_LEN + 1 + SESSION_TOKEN_LEN);
    sha256_hex(line + ID_LEN + 1, SESSION_TOKEN_LEN, sha);
    read_user(env->bob, &doc); /* the last to sign in here */
    assert_string_equal(doc_str(&doc, "metadata.sessions.0.sha", ""), sha);
    assert_true(doc_date(&doc, "metadata.sessions.0.expires_at", 0) > clock_now_ms());
    bson_destroy(&doc);
    free(path);
}

/* ---- sessions ------------------------------------------------------------------------------- */

static void the_next_start_finds_the_session(void **state)
{
    struct env *env = *state;
    struct actor *again = env_open(env->uri);

    assert_int_equal(actor_state(again), ACTOR_SIGNED_IN);
    assert_string_equal(actor_user(again)->email, "bob@example.org");
    expect_ok(actor_logout(again, err));
    assert_null(session_file(env));
    actor_close(again);
    again = env_open(env->uri);
    assert_int_equal(actor_state(again), ACTOR_SIGNED_OUT);
    actor_close(again);
}

static void a_wrong_token_signs_nobody_in(void **state)
{
    struct env *env = *state;
    char *path = session_file(env), *text;
    struct actor *again;
    size_t len = 0;
    FILE *f = fopen(path, "r+");

    assert_non_null(f);
    text = mem_zero(256, 1);
    len = fread(text, 1, 255, f);
    text[len - 2] = text[len - 2] == '0' ? '1' : '0';
    rewind(f);
    fwrite(text, 1, len, f);
    fclose(f);
    again = env_open(env->uri);
    assert_int_equal(actor_state(again), ACTOR_SIGNED_OUT);
    actor_close(again);
    f = fopen(path, "w"); /* nor does a file that is none */
    fputs("garbage", f);
    fclose(f);
    again = env_open(env->uri);
    assert_int_equal(actor_state(again), ACTOR_SIGNED_OUT);
    actor_close(again);
    free(text);
    free(path);
}

static void an_expired_session_signs_nobody_in(void **state)
{
    struct env *env = *state;
    struct actor *again;

    expect_ok(login_later(env->ada, ENV_PASSWORD, -SESSION_LIFE_MS - 1000, err));
    again = env_open(env->uri);
    assert_int_equal(actor_state(again), ACTOR_SIGNED_OUT);
    actor_close(again);
}

static void there_are_ten_sessions_at_most(void **state)
{
    struct env *env = *state;
    char first[SHA_HEX_LEN + 1];
    bson_t doc;

    memcpy(first, env->ada->token_sha, sizeof first);
    for (int i = 0; i < SESSION_MAX + 2; i++)
        expect_ok(actor_login(env->ada, "ada@example.org", ENV_PASSWORD, err));
    read_user(env->ada, &doc);
    assert_int_equal(doc_count(&doc, "metadata.sessions"), SESSION_MAX);
    for (int i = 0; i < SESSION_MAX; i++) {
        char path[64];

        snprintf(path, sizeof path, "metadata.sessions.%d.sha", i);
        assert_string_not_equal(doc_str(&doc, path, ""), first); /* the oldest went */
    }
    assert_string_equal(doc_str(&doc, "metadata.sessions.9.sha", ""), env->ada->token_sha);
    bson_destroy(&doc);
}

static void a_changed_password_ends_the_other_sessions(void **state)
{
    struct env *env = *state;
    struct actor *other = env_open(env->uri); /* Bob, at another terminal */
    struct plan_filter all = {.status = PLAN_STATUS_COUNT};
    struct plan_page page;
    struct actor *third;

    expect_err(ERR_DENIED, actor_set_password(env->bob, "wrong horse", "another horse", err));
    expect_err(ERR_INVALID, actor_set_password(env->bob, ENV_PASSWORD, "short", err));
    expect_ok(actor_set_password(env->bob, ENV_PASSWORD, "another horse", err));
    other->seen_mono_ms -= SESSION_RECHECK_MS;
    expect_err(ERR_SIGNED_OUT, plan_repo_list(other, &all, &page, err));
    assert_int_equal(actor_state(other), ACTOR_SIGNED_OUT);
    env->bob->seen_mono_ms -= SESSION_RECHECK_MS; /* this terminal stays signed in */
    expect_ok(plan_repo_list(env->bob, &all, &page, err));
    plan_page_finish(&page);
    third = env_open(env->uri);
    assert_int_equal(actor_state(third), ACTOR_SIGNED_IN);
    expect_err(ERR_DENIED, actor_login(third, "bob@example.org", ENV_PASSWORD, err));
    expect_ok(actor_login(third, "bob@example.org", "another horse", err));
    actor_close(third);
    actor_close(other);
}

/* ---- signing in ----------------------------------------------------------------------------- */

static void a_wrong_password_and_an_unknown_address_read_the_same(void **state)
{
    struct env *env = *state;
    struct actor *a = env_open(env->uri);
    struct err wrong = {0}, unknown = {0};

    assert_false(actor_login(a, "ada@example.org", "wrong horse", &wrong));
    assert_false(actor_login(a, "nobody@example.org", "wrong horse", &unknown));
    assert_int_equal(wrong.code, ERR_DENIED);
    assert_int_equal(unknown.code, ERR_DENIED);
    assert_string_equal(wrong.msg, unknown.msg);
    actor_close(a);
}

static int64_t time_login(struct actor *a, const char *email)
{
    int64_t start = clock_mono_ms();
    struct err err = {0};

    assert_false(actor_login(a, email, "wrong horse", &err));
    return clock_mono_ms() - start;
}

/* At a cost where bcrypt is what takes the time, an unknown address takes it, too. */
static void an_unknown_address_takes_as_long(void **state)
{
    struct env *env = *state;
    struct actor *cy = env_open(env->uri);
    int64_t known, unknown;

    password_set_cost(10);
    expect_ok(actor_register(cy, "cy@example.org", "Cy", ENV_PASSWORD, err));
    known = time_login(cy, "cy@example.org");
    unknown = time_login(cy, "nobody@example.org");
    password_set_cost(4);
    assert_true(unknown * 3 > known && known * 3 > unknown);
    actor_close(cy);
}

static void signing_in_is_audited_and_clears_failures(void **state)
{
    struct env *env = *state;
    bson_t doc;

    expect_err(ERR_DENIED, actor_login(env->bob, "ada@example.org", "wrong horse", err));
    read_user(env->ada, &doc);
    assert_int_equal(doc_int(&doc, "metadata.sign_in.failed", 0), 1);
    bson_destroy(&doc);
    expect_ok(actor_login(env->ada, " ADA@example.org", ENV_PASSWORD, err));
    read_user(env->ada, &doc);
    assert_false(doc_has(&doc, "metadata.sign_in"));
    assert_true(doc_date(&doc, "last_login_at", 0) > 0);
    bson_destroy(&doc);
    assert_true(env_audit(env->ada, AUDIT_USER_LOGIN, &doc));
    assert_string_equal(doc_str(&doc, "resource_id", ""), env->ada->user.id);
    bson_destroy(&doc);
}

static void the_wait_doubles_up_to_a_quarter_of_an_hour(void **state)
{
    (void)state;
    assert_int_equal(sign_in_wait_ms(4), 0);
    assert_int_equal(sign_in_wait_ms(5), 30000);
    assert_int_equal(sign_in_wait_ms(6), 60000);
    assert_int_equal(sign_in_wait_ms(9), 480000);
    assert_int_equal(sign_in_wait_ms(10), 900000);
    assert_int_equal(sign_in_wait_ms(INT64_MAX), 900000);
}

static void five_wrong_passwords_make_even_the_right_one_wait(void **state)
{
    struct env *env = *state;
    struct actor *a = env_open(env->uri);
    struct err why = {0};

    for (int i = 0; i < 5; i++)
        expect_err(ERR_DENIED, login_later(a, "wrong horse", 0, err));
    assert_false(login_later(a, ENV_PASSWORD, 1000, &why));
    assert_int_equal(why.code, ERR_DENIED);
    assert_non_null(strstr(why.msg, " seconds"));
    expect_err(ERR_DENIED, login_later(a, "wrong horse", 31000, err));
    assert_false(login_later(a, ENV_PASSWORD, 62000, &why));
    assert_non_null(strstr(why.msg, " seconds")); /* the wait has doubled */
    expect_ok(login_later(a, ENV_PASSWORD, 92000, err));
    actor_close(a);
}

/* Whoever reads "4 failures" in two terminals at once still gets one guess. */
static void two_guesses_at_once_are_two_guesses(void **state)
{
    struct env *env = *state;
    int64_t now = clock_now_ms();
    bson_t first, second;

    for (int i = 0; i < 4; i++)
        expect_err(ERR_DENIED, login_later(env->bob, "x", 0, err));
    read_user(env->ada, &first);
    read_user(env->ada, &second);
    expect_ok(sign_in_charge(env->ada->store, &first, now, err));
    expect_err(ERR_DENIED, sign_in_charge(env->ada->store, &second, now, err));
    bson_destroy(&first);
    bson_destroy(&second);
}

static void a_deleted_user_is_nobody_and_their_plans_stay(void **state)
{
    struct env *env = *state;
    struct where where = {0};
    char id[ID_LEN + 1];
    struct plan plan;
    bson_t doc;

    memcpy(id, env->bob->user.id, sizeof id);
    expect_ok(env_plan(env->bob, "Bob's", &plan, err));
    expect_err(ERR_DENIED, actor_delete(env->bob, "wrong horse", err));
    expect_ok(actor_delete(env->bob, ENV_PASSWORD, err));
    assert_int_equal(actor_state(env->bob), ACTOR_SIGNED_OUT);
    assert_null(session_file(env));
    expect_err(ERR_DENIED, actor_login(env->bob, "bob@example.org", ENV_PASSWORD, err));
    where_id(&where, "_id", id);
    expect_ok(store_find_one(env->ada->store, COLL_USERS, &where, &doc, err));
    assert_true(doc_date(&doc, "deleted_at", 0) > 0);
    assert_string_equal(doc_str(&doc, "name", ""), "Deleted user");
    assert_string_equal(doc_str(&doc, "password_hash", "-"), "");
    assert_int_equal(doc_count(&doc, "metadata.sessions"), 0);
    expect_err(ERR_DENIED, actor_login(env->bob, doc_str(&doc, "email", ""), "", err));
    bson_destroy(&doc);
    assert_int_equal(env_count(env->ada, COLL_USERS, "email", "bob@example.org"), 0);
    assert_int_equal(env_count(env->ada, COLL_PLANS, "user_id", id), 1);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "user_id", id), 4); /* none went */
    expect_ok(actor_register(env->bob, "bob@example.org", "Bob", ENV_PASSWORD, err)); /* anew */
    assert_string_not_equal(actor_user(env->bob)->id, id);
    record_finish(COLL_PLANS, &plan);
}

/* ---- granting ------------------------------------------------------------------------------- */

static void the_first_person_may_grant_until_there_is_an_admin(void **state)
{
    struct env *env = *state;
    struct subscription sub;
    bson_t doc;

    expect_ok(actor_grant(env->bob, "Ada@example.org", TIER_STARTER, USER_ROLE_ADMIN, err));
    expect_ok(account_subscription(env->ada, env->ada->user.id, &sub, err));
    assert_int_equal(sub.tier, TIER_STARTER);
    assert_int_equal(sub.plan_limit, 3);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    read_user(env->ada, &doc);
    assert_string_equal(doc_str(&doc, "subscription_tier", ""), "starter");
    assert_string_equal(doc_str(&doc, "role", ""), "admin");
    bson_destroy(&doc);
    assert_true(env_audit(env->bob, AUDIT_SUBSCRIPTION_UPDATED, &doc));
    assert_string_equal(doc_str(&doc, "old_value.tier", ""), "professional");
    assert_string_equal(doc_str(&doc, "new_value.tier", ""), "starter");
    assert_string_equal(doc_str(&doc, "new_value.role", ""), "admin");
    bson_destroy(&doc);
    expect_err(ERR_DENIED, actor_grant(env->bob, "bob@example.org", TIER_ENTERPRISE,
                                       (enum user_role)ACTOR_KEEP_ROLE, err));
    expect_err(ERR_NOT_FOUND,
               actor_grant(env->ada, "cy@example.org", TIER_FREE, USER_ROLE_USER, err));
    expect_ok(actor_grant(env->ada, "bob@example.org", (enum tier)ACTOR_KEEP_TIER,
                          USER_ROLE_CONSULTANT, err));
    expect_ok(account_subscription(env->bob, env->bob->user.id, &sub, err));
    assert_int_equal(sub.tier, TIER_PROFESSIONAL);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
}

static void a_grant_reaches_a_running_program(void **state)
{
    struct env *env = *state;

    assert_true(actor_can(env->ada, CAN_SEE_FINANCIALS));
    expect_ok(actor_grant(env->bob, "ada@example.org", TIER_FREE, USER_ROLE_USER, err));
    env->ada->seen_mono_ms -= SESSION_RECHECK_MS;
    expect_ok(account_need(env->ada, err));
    assert_int_equal(actor_tier(env->ada), TIER_FREE);
    expect_err(ERR_TIER, actor_require(env->ada, CAN_SEE_FINANCIALS, err));
}

static void tiers_are_the_reference_s(void **state)
{
    static const struct {
        enum tier tier;
        int64_t limit;
        bool pdf, all, financials, compliance, team;
    } rows[] = {
        {TIER_FREE, 1, false, false, false, false, false},
        {TIER_STARTER, 3, true, false, false, false, false},
        {TIER_PROFESSIONAL, 2147483647, true, true, true, true, false},
        {TIER_ENTERPRISE, 2147483647, true, true, true, true, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(tiers_plan_limit(rows[i].tier), rows[i].limit);
        assert_int_equal(tiers_include(rows[i].tier, CAN_EXPORT_PDF), rows[i].pdf);
        assert_int_equal(tiers_include(rows[i].tier, CAN_EXPORT_ALL), rows[i].all);
        assert_int_equal(tiers_include(rows[i].tier, CAN_SEE_FINANCIALS), rows[i].financials);
        assert_int_equal(tiers_include(rows[i].tier, CAN_SEE_COMPLIANCE), rows[i].compliance);
        assert_int_equal(tiers_include(rows[i].tier, CAN_USE_TEAM), rows[i].team);
    }
}

static void a_user_without_a_subscription_gets_the_free_one(void **state)
{
    struct env *env = *state;
    struct where where = {0};
    struct subscription sub;
    int64_t matched;

    where_str(&where, "user_id", WHERE_EQ, env->ada->user.id);
    expect_ok(store_remove(env->ada->store, COLL_SUBSCRIPTIONS, &where, &matched, err));
    assert_int_equal(matched, 1);
    expect_ok(account_subscription(env->ada, env->ada->user.id, &sub, err));
    assert_int_equal(sub.tier, TIER_FREE);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    assert_int_equal(env_count(env->ada, COLL_SUBSCRIPTIONS, "user_id", env->ada->user.id), 1);
}

/* ---- addresses ------------------------------------------------------------------------------ */

static void passwords_are_not_shown_in_addresses(void **state)
{
    static const struct {
        const char *uri, *shown, *label, *key;
    } rows[] = {
        {"sqlite:/home/ada/plans.db", "sqlite:/home/ada/plans.db", "this computer",
         "sqlite:/home/ada/plans.db"},
        {"mongodb://db.example/x?tls=true", "mongodb://db.example/x?tls=true", "db.example",
         "mongodb://db.example/x"},
        {"mongodb://ada:secret@a.example:27017,b.example/x",
         "mongodb://ada@a.example:27017,b.example/x", "a.example",
         "mongodb://a.example:27017,b.example/x"},
        {"mongodb://ada:se/cr?et@a.example/x", "mongodb://ada@a.example/x", "a.example",
         "mongodb://a.example/x"},
        {"mongodb+srv://ada@a.example", "mongodb+srv://ada@a.example", "a.example",
         "mongodb+srv://a.example"},
        {"mongodb://[::1]:27017/x?tlsCertificateKeyFilePassword=secret&tls=true",
         "mongodb://[::1]:27017/x?tlsCertificateKeyFilePassword=&tls=true", "[::1]",
         "mongodb://[::1]:27017/x"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *shown = uri_without_password(rows[i].uri), *key = uri_key(rows[i].uri);
        char *label = uri_label(rows[i].uri, strncmp(rows[i].uri, "sqlite", 6) != 0);

        assert_string_equal(shown, rows[i].shown);
        assert_string_equal(label, rows[i].label);
        assert_string_equal(key, rows[i].key);
        free(shown);
        free(label);
        free(key);
    }
}

#define WITH_TWO(test)  cmocka_unit_test_setup_teardown(test, env_setup, env_teardown)
#define WITH_NONE(test) cmocka_unit_test_setup_teardown(test, env_setup_empty, env_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_NONE(the_owner_of_an_embedded_store_is_signed_in),
        WITH_NONE(two_first_starts_at_once_make_one_owner),
        WITH_NONE(the_default_identity_is_valid),
        WITH_NONE(registering_makes_a_free_account),
        WITH_TWO(what_will_not_do_is_named),
        WITH_TWO(eight_characters_may_be_any_characters),
        WITH_TWO(the_password_is_nowhere_and_the_hash_in_one_field),
        WITH_TWO(the_session_file_is_private_and_holds_no_password),
        WITH_TWO(the_next_start_finds_the_session),
        WITH_TWO(a_wrong_token_signs_nobody_in),
        WITH_TWO(an_expired_session_signs_nobody_in),
        WITH_TWO(there_are_ten_sessions_at_most),
        WITH_TWO(a_changed_password_ends_the_other_sessions),
        WITH_TWO(a_wrong_password_and_an_unknown_address_read_the_same),
        WITH_TWO(an_unknown_address_takes_as_long),
        WITH_TWO(signing_in_is_audited_and_clears_failures),
        cmocka_unit_test(the_wait_doubles_up_to_a_quarter_of_an_hour),
        WITH_TWO(five_wrong_passwords_make_even_the_right_one_wait),
        WITH_TWO(two_guesses_at_once_are_two_guesses),
        WITH_TWO(a_deleted_user_is_nobody_and_their_plans_stay),
        WITH_TWO(the_first_person_may_grant_until_there_is_an_admin),
        WITH_TWO(a_grant_reaches_a_running_program),
        cmocka_unit_test(tiers_are_the_reference_s),
        WITH_TWO(a_user_without_a_subscription_gets_the_free_one),
        cmocka_unit_test(passwords_are_not_shown_in_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
