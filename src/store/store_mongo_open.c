/* Connecting. A store has one client, made again after the network failed, which also spares us
 * libmongoc's pause of five seconds before it looks again at a server that did not answer.
 *
 * A client looks for its server once per call: a dead address fails at once. But where several
 * servers form a set, or one answers and is not primary, an election may be under way; there
 * the client goes on looking until the time-out. libmongoc fixes that choice when a client is
 * made, so a set may cost a second client. */
#include "store/store_mongo.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/log.h"
#include "strattio/mem.h"

static const char default_db[] = "strattio_db";

/* libmongoc quotes parts of an address it cannot read, a password perhaps: then nothing is
 * logged. */
static _Thread_local bool log_nothing;

static void write_log(mongoc_log_level_t level, const char *domain, const char *message,
                      void *user_data)
{
    (void)user_data;
    if (!log_nothing && level <= MONGOC_LOG_LEVEL_WARNING)
        log_line(LOG_LEVEL_WARN, "%s: %s", domain, message);
}

static void init_library(void)
{
    mongoc_log_set_handler(write_log, NULL);
    mongoc_init();
}

/* ---- the address ------------------------------------------------------------------------- */

static mongoc_uri_t *parse_uri(const char *text, struct err *err)
{
    bson_error_t error;
    mongoc_uri_t *uri;

    log_nothing = true;
    uri = mongoc_uri_new_with_error(text, &error);
    log_nothing = false;
    if (!uri)
        err_set(
            err, ERR_INVALID, 0,
            "this MongoDB address cannot be read; it has the form "
            "mongodb://user:password@host:port/database?option=value, with %%40 for @, %%3A for : "
            "and %%2F for / in the password");
    return uri;
}

static void set_timeout(mongoc_uri_t *uri, const char *option, int timeout_ms)
{
    if (!mongoc_uri_has_option(uri, option))
        mongoc_uri_set_option_as_int32(uri, option, timeout_ms);
}

static void set_switch(mongoc_uri_t *uri, const char *option)
{
    if (!mongoc_uri_has_option(uri, option))
        mongoc_uri_set_option_as_bool(uri, option, true);
}

/* What a write promises and where reads go is ours to say, whatever the address asks for. */
static void set_options(mongoc_uri_t *uri, int timeout_ms)
{
    mongoc_write_concern_t *concern = mongoc_write_concern_new();
    mongoc_read_prefs_t *prefs = mongoc_read_prefs_new(MONGOC_READ_PRIMARY);

    mongoc_write_concern_set_wmajority(concern, timeout_ms);
    mongoc_write_concern_set_journal(concern, true);
    mongoc_uri_set_write_concern(uri, concern);
    mongoc_uri_set_read_prefs_t(uri, prefs);
    mongoc_uri_set_appname(uri, "strattio");
    set_timeout(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, timeout_ms);
    set_timeout(uri, MONGOC_URI_CONNECTTIMEOUTMS, timeout_ms);
    set_timeout(uri, MONGOC_URI_SOCKETTIMEOUTMS, timeout_ms);
    set_switch(uri, MONGOC_URI_RETRYREADS);
    set_switch(uri, MONGOC_URI_RETRYWRITES);
    mongoc_read_prefs_destroy(prefs);
    mongoc_write_concern_destroy(concern);
}

static char *name_hosts(const mongoc_uri_t *uri)
{
    const mongoc_host_list_t *host = mongoc_uri_get_hosts(uri);
    struct strbuf sb;

    strbuf_init(&sb, 160);
    if (!host) /* mongodb+srv names them only once looked up */
        strbuf_str(&sb, mongoc_uri_get_srv_hostname(uri) ? mongoc_uri_get_srv_hostname(uri) : "?");
    for (; host; host = host->next)
        strbuf_printf(&sb, "%s%s", sb.len ? ", " : "", host->host_and_port);
    return strbuf_take(&sb);
}

/* ---- the connection ---------------------------------------------------------------------- */

static mongoc_client_t *make_client(struct mongo_store *self, bool look_once, struct fault *f)
{
    mongoc_uri_t *uri = mongoc_uri_copy(self->uri);
    mongoc_client_t *client;

    mongoc_uri_set_option_as_bool(uri, MONGOC_URI_SERVERSELECTIONTRYONCE, look_once);
    client = mongoc_client_new_from_uri_with_error(uri, &f->error);
    if (client)
        mongoc_client_set_error_api(client, MONGOC_ERROR_API_VERSION_2);
    mongoc_uri_destroy(uri);
    return client;
}

/* Whether a server answered at all, primary or not. */
static bool somebody_answered(const mongoc_client_t *client)
{
    size_t count = 0;
    mongoc_server_description_t **all = mongoc_client_get_server_descriptions(client, &count);
    bool answered = false;

    for (size_t i = 0; i < count; i++)
        answered = answered || strcmp(mongoc_server_description_type(all[i]), "Unknown") != 0;
    mongoc_server_descriptions_destroy_all(all, count);
    return answered;
}

static bool may_elect(const bson_t *hello)
{
    return doc_count(hello, "hosts") > 1 || strcmp(doc_str(hello, "msg", ""), "isdbgrid") == 0;
}

/* Sets and mongos have transactions from the versions that speak protocol 7 and 8. */
static bool has_transactions(const bson_t *hello)
{
    int64_t version = doc_int(hello, "maxWireVersion", 0);

    if (!doc_has(hello, "logicalSessionTimeoutMinutes"))
        return false;
    if (strcmp(doc_str(hello, "msg", ""), "isdbgrid") == 0)
        return version >= 8;
    return doc_has(hello, "setName") && version >= 7;
}

/* Makes a client and finds its server; the hello of that server goes to `hello`, which is
 * initialised. */
static mongoc_client_t *find_server(struct mongo_store *self, bool look_once, bson_t *hello,
                                    bool *answered, struct fault *f)
{
    mongoc_client_t *client = make_client(self, look_once, f);
    mongoc_server_description_t *server;

    *answered = false;
    if (!client)
        return NULL;
    server = mongoc_client_select_server(client, true, NULL, &f->error);
    if (!server) {
        *answered = somebody_answered(client);
        mongoc_client_destroy(client);
        return NULL;
    }
    bson_reinit(hello);
    bson_concat(hello, mongoc_server_description_hello_response(server));
    mongoc_server_description_destroy(server);
    return client;
}

/* A connection that breaks while it is made is made once more, if there is time. */
static bool connect_client(struct mongo_store *self, struct err *err)
{
    int64_t begin = clock_mono_ms();
    bson_t hello = BSON_INITIALIZER;
    struct fault f;
    bool answered;

    fault_init(&f);
    self->client = find_server(self, true, &hello, &answered, &f);
    if (!self->client && !answered && clock_mono_ms() - begin < self->timeout_ms / 2) {
        fault_reset(&f);
        self->client = find_server(self, true, &hello, &answered, &f);
    }
    if (self->client ? may_elect(&hello) : answered) {
        fault_reset(&f);
        mongoc_client_destroy(self->client);
        self->client = find_server(self, false, &hello, &answered, &f);
    }
    if (self->client && !self->transactions_refused)
        self->base.transactions = has_transactions(&hello);
    self->broken = !self->client;
    if (!self->client)
        fault_report(self, COLL_USERS, &f, err);
    bson_destroy(&hello);
    fault_finish(&f);
    return self->client;
}

bool mongo_ready(struct mongo_store *self, struct err *err)
{
    if (self->client && !self->broken)
        return true;
    mongoc_client_destroy(self->client);
    self->client = NULL;
    return connect_client(self, err);
}

mongoc_collection_t *mongo_collection(struct mongo_store *self, enum collection coll)
{
    return mongoc_client_get_collection(self->client, self->db, collection_name(coll));
}

/* ---- open and close ---------------------------------------------------------------------- */

struct store *mongo_open(const char *text, int timeout_ms, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct mongo_store *self;
    mongoc_uri_t *uri;
    const char *db;

    pthread_once(&once, init_library);
    uri = parse_uri(text, err);
    if (!uri)
        return NULL;
    db = mongoc_uri_get_database(uri);
    self = mem_zero(1, sizeof *self);
    self->base.ops = &store_module_ops;
    self->base.shared = true;
    self->uri = uri;
    self->db = mem_str(db && *db ? db : default_db);
    self->where = name_hosts(uri);
    self->timeout_ms = timeout_ms;
    set_options(uri, timeout_ms);
    if (!connect_client(self, err) || !mongo_make_schema(self, err)) {
        mongo_close(&self->base);
        return NULL;
    }
    return &self->base;
}

void mongo_close(struct store *s)
{
    struct mongo_store *self = (struct mongo_store *)s;

    if (!self)
        return;
    mongoc_client_destroy(self->client);
    mongoc_uri_destroy(self->uri);
    free(self->db);
    free(self->where);
    free(self);
}
