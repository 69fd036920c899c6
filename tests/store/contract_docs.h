/* contract_docs.h - valid documents for the contract suite, and short ways to put, get and
 * compare them. Each fails the running test when the store does. */
#ifndef TESTS_STORE_CONTRACT_DOCS_H
#define TESTS_STORE_CONTRACT_DOCS_H

#include <stdio.h>
#include <string.h>

#include "contract_env.h"
#include "record/schema.h"
#include "strattio/audit_log.h"
#include "strattio/compliance_report.h"
#include "strattio/doc.h"
#include "strattio/export_job.h"
#include "strattio/financial_model.h"
#include "strattio/plan.h"
#include "strattio/record.h"
#include "strattio/research_pack.h"
#include "strattio/section.h"
#include "strattio/subscription.h"
#include "strattio/user.h"

enum { T0 = 1700000000 }; /* seconds; documents are made this long after 1970 */

union any_record {
    struct user user;
    struct subscription subscription;
    struct plan plan;
    struct section section;
    struct research_pack pack;
    struct financial_model model;
    struct compliance_report report;
    struct export_job job;
    struct audit_log log;
};

static inline int64_t at_second(int second)
{
    return ((int64_t)T0 + second) * 1000;
}

/* The id of test document `n` of `coll`. */
static inline const char *nth_id(enum collection coll, int n, char out[ID_LEN + 1])
{
    snprintf(out, ID_LEN + 1, "%08x%08x%08x", 0xabcdef01u, (unsigned)coll, (unsigned)n);
    return out;
}

#define assert_ok(call)                                                                           \
    do {                                                                                          \
        if (!(call))                                                                              \
            fail_msg("%s: %s", #call, err.msg);                                                   \
    } while (0)

/* ---- documents ------------------------------------------------------------------------------ */

static inline void set_oid(bson_t *doc, const char *field, const char *id)
{
    bson_value_t value = {.value_type = BSON_TYPE_OID};

    bson_oid_init_from_string(&value.value.v_oid, id);
    doc_set(doc, field, &value);
}

/* Document `n` of `coll`, belonging to user 1 and plan 1, made at second n. */
static inline void nth_doc(enum collection coll, int n, bson_t *out)
{
    static const struct {
        const char *field, *text;
    } texts[] = {
        {"password_hash", ""},   {"name", "Harbour Bakery"},    {"title", "Executive summary"},
        {"content", "Ten chars."}, {"template_id", "UK_STARTUP_LOAN"}, {"resource_type", "plan"},
        {"resource_id", "abcdef"},
    };
    const struct schema_field *fields = schema_of(coll)->fields;
    union any_record rec;
    char id[ID_LEN + 1], email[64];

    record_init(coll, &rec);
    record_write(coll, &rec, out);
    record_finish(coll, &rec);
    set_oid(out, "_id", nth_id(coll, n, id));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (schema_find(fields, texts[i].field))
            doc_set_str(out, texts[i].field, texts[i].text);
    snprintf(email, sizeof email, "user%d@example.org", n);
    if (schema_find(fields, "email"))
        doc_set_str(out, "email", email);
    if (schema_find(fields, "user_id"))
        doc_set_str(out, "user_id", nth_id(COLL_USERS, coll == COLL_SUBSCRIPTIONS ? n : 1, id));
    if (schema_find(fields, "plan_id"))
        doc_set_str(out, "plan_id", nth_id(COLL_PLANS, 1, id));
    if (schema_find(fields, "created_at"))
        doc_set_date(out, "created_at", at_second(n));
}

static inline void put(struct store *s, enum collection coll, const bson_t *doc)
{
    struct err err = {0};

    assert_ok(store_insert(s, coll, doc, &err));
}

static inline void put_nth(struct store *s, enum collection coll, int n)
{
    bson_t doc;

    nth_doc(coll, n, &doc);
    put(s, coll, &doc);
    bson_destroy(&doc);
}

/* Users 1 to `users`, so that what names them may be stored. */
static inline void put_users(struct store *s, int users)
{
    for (int i = 1; i <= users; i++)
        put_nth(s, COLL_USERS, i);
}

/* User 1 and plans 1 to `plans`. */
static inline void put_plans(struct store *s, int plans)
{
    put_users(s, 1);
    for (int i = 1; i <= plans; i++)
        put_nth(s, COLL_PLANS, i);
}

/* Document `n` of `coll` as stored, initialised into `out`. */
static inline void get_nth(struct store *s, enum collection coll, int n, bson_t *out)
{
    struct where where = {0};
    struct err err = {0};
    char id[ID_LEN + 1];

    where_id(&where, "_id", nth_id(coll, n, id));
    assert_ok(store_find_one(s, coll, &where, out, &err));
}

static inline int64_t count_all(struct store *s, enum collection coll)
{
    const struct where all = {0};
    struct err err = {0};
    int64_t count = -1;

    assert_ok(store_count(s, coll, &all, &count, &err));
    return count;
}

static inline int64_t count_where(struct store *s, enum collection coll, const struct where *where)
{
    struct err err = {0};
    int64_t count = -1;

    assert_ok(store_count(s, coll, where, &count, &err));
    return count;
}

/* The n of a document made by nth_doc(). */
static inline int n_of(const bson_t *doc)
{
    bson_iter_t it;
    unsigned n = 0;
    char hex[25];

    if (!bson_iter_init_find(&it, doc, "_id"))
        return -1;
    bson_oid_to_string(bson_iter_oid(&it), hex);
    sscanf(hex + 16, "%8x", &n);
    return (int)n;
}

#endif
