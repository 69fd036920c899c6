/* Groups of writes: one transaction where the server has them, else one after the other.
 *
 * A transaction that lost against another one, or whose server stepped down, is run again from
 * its beginning, a bounded number of times; one whose commit got no answer is committed again,
 * which the server takes as the same commit. A server that calls itself a set and refuses its
 * first transaction has none. */
#include "store/store_mongo.h"

#include <time.h>

#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/log.h"

enum {
    TRIES = 12,
    NETWORK_TRIES = 3, /* each may wait out the time-out */
    COMMIT_TRIES = 3,
    PAUSE_MAX_MS = 100,
};

enum end { END_DONE, END_FAILED, END_AGAIN, END_UNSUPPORTED };

/* Two that keep meeting part ways: a random pause that grows with each try. */
static void pause_before(int tries)
{
    unsigned char dice;
    long most = tries < 6 ? 3L << tries : PAUSE_MAX_MS;
    struct timespec t = {0};

    random_bytes(&dice, 1);
    t.tv_nsec = (1 + most * dice / 255) * 1000000;
    nanosleep(&t, NULL);
}

static enum end commit(struct mongo_store *self, mongoc_client_session_t *session, struct fault *f,
                       struct err *err)
{
    bool unknown = true;

    for (int i = 0; unknown && i < COMMIT_TRIES; i++) {
        bson_t reply;

        fault_reset(f);
        if (mongoc_client_session_commit_transaction(session, &reply, &f->error)) {
            bson_destroy(&reply);
            self->transactions_proven = true;
            return END_DONE;
        }
        bson_concat(&f->reply, &reply);
        bson_destroy(&reply);
        unknown = mongoc_error_has_label(&f->reply, "UnknownTransactionCommitResult");
    }
    if (fault_is_transient(f))
        return END_AGAIN;
    fault_report(self, COLL_PLANS, f, err);
    if (unknown)
        err_wrap(err, "it is not known whether the change was saved");
    return END_FAILED;
}

/* Does writes[*at], or as many inserts from there as go in one command, and moves *at past
 * them; on failure to the one that failed. */
static enum write_result step(struct mongo_store *self, mongoc_client_session_t *session,
                              const struct write *writes, size_t count, size_t *at,
                              int64_t *matched, struct fault *f, struct err *err)
{
    size_t inserts = mongo_inserts_ahead(&writes[*at], count - *at), failed = 0;
    enum write_result result;

    if (inserts > 1)
        result = mongo_insert(self, session, &writes[*at], inserts, &failed, f);
    else
        result = mongo_write(self, session, &writes[*at], NULL, matched, f, err);
    *at += result != WRITE_DONE ? failed : inserts > 1 ? inserts : 1;
    return result;
}

/* Runs the writes inside the transaction of `session`, up to its commit. */
static enum end run_writes(struct mongo_store *self, mongoc_client_session_t *session,
                           const struct write *writes, size_t count, size_t *failed,
                           int64_t *matched, struct fault *f, struct err *err)
{
    size_t i = 0;

    while (i < count) {
        enum write_result result = step(self, session, writes, count, &i, matched, f, err);

        if (result == WRITE_DONE)
            continue;
        *failed = i;
        if (result == WRITE_REFUSED)
            return END_FAILED;
        if (i == 0 && !self->transactions_proven && fault_is_refusal(f))
            return END_UNSUPPORTED;
        if (fault_is_transient(f) ||
            (writes[i].kind == WRITE_INSERT_IF_ABSENT && fault_is_duplicate_of(f, "_id_")))
            return END_AGAIN; /* and then sees what the other one made */
        fault_report(self, writes[i].coll, f, err);
        return END_FAILED;
    }
    return commit(self, session, f, err);
}

static enum end run_transaction(struct mongo_store *self, const struct write *writes, size_t count,
                                size_t *failed, int64_t *matched, struct fault *f, struct err *err)
{
    mongoc_client_session_t *session = mongoc_client_start_session(self->client, NULL, &f->error);
    enum end end = END_UNSUPPORTED;

    *failed = 0;
    *matched = 0;
    if (!session && fault_is_offline(f)) {
        fault_report(self, writes[0].coll, f, err);
        return END_FAILED;
    }
    if (session && mongoc_client_session_start_transaction(session, NULL, &f->error))
        end = run_writes(self, session, writes, count, failed, matched, f, err);
    if (session && mongoc_client_session_in_transaction(session))
        mongoc_client_session_abort_transaction(session, NULL);
    mongoc_client_session_destroy(session);
    return end;
}

static bool run_in_order(struct mongo_store *self, const struct write *writes, size_t count,
                         size_t *failed, int64_t *matched, struct err *err)
{
    enum write_result result = WRITE_DONE;
    struct fault f;
    size_t i = 0;

    *matched = 0;
    fault_init(&f);
    while (result == WRITE_DONE && i < count) {
        fault_reset(&f);
        result = step(self, NULL, writes, count, &i, matched, &f, err);
    }
    if (result == WRITE_FAULT)
        fault_report(self, writes[i].coll, &f, err);
    if (result != WRITE_DONE)
        *failed = i;
    fault_finish(&f);
    return result == WRITE_DONE;
}

static bool run_with_retries(struct mongo_store *self, const struct write *writes, size_t count,
                             size_t *failed, int64_t *matched, struct err *err)
{
    enum end end = END_AGAIN;
    struct fault f;
    int networks = 0;

    fault_init(&f);
    for (int tries = 0; end == END_AGAIN && tries < TRIES && networks < NETWORK_TRIES; tries++) {
        if (tries > 0)
            pause_before(tries);
        fault_reset(&f);
        end = run_transaction(self, writes, count, failed, matched, &f, err);
        networks += end == END_AGAIN && fault_is_offline(&f);
    }
    if (end == END_AGAIN)
        fault_report(self, writes[*failed].coll, &f, err);
    if (end == END_UNSUPPORTED) {
        log_line(LOG_LEVEL_WARN, "mongodb: no transactions: %s", f.error.message);
        self->transactions_refused = true;
        self->base.transactions = false;
    }
    fault_finish(&f);
    if (end == END_UNSUPPORTED)
        return run_in_order(self, writes, count, failed, matched, err);
    return end == END_DONE;
}

/* One document is changed whole or not at all without a transaction too. */
static bool is_one_document(const struct write *writes, size_t count)
{
    return count == 1 &&
           (writes[0].kind == WRITE_INSERT || writes[0].kind == WRITE_INSERT_IF_ABSENT ||
            mongo_names_one(writes[0].where));
}

bool mongo_run_group(struct mongo_store *self, const struct write *writes, size_t count,
                     size_t *failed, int64_t *matched, struct err *err)
{
    size_t at = 0;
    int64_t n = 0;
    bool ok;

    if (!mongo_ready(self, err))
        ok = false;
    else if (self->base.transactions && !is_one_document(writes, count))
        ok = run_with_retries(self, writes, count, &at, &n, err);
    else
        ok = run_in_order(self, writes, count, &at, &n, err);
    if (ok)
        *matched = n;
    else
        *failed = at;
    return ok;
}

bool mongo_atomically(struct store *s, const struct write *writes, size_t count, size_t *failed,
                      struct err *err)
{
    int64_t matched;

    return mongo_run_group((struct mongo_store *)s, writes, count, failed, &matched, err);
}
