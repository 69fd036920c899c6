/* The MongoDB backend: its table of operations, and the few that need no file of their own.
 * Documents go in and out as they are; `_id` is an ObjectId, references are hex strings, as the
 * reference has them. */
#include "store/store_mongo.h"

#include "strattio/doc.h"
#include "strattio/err.h"

static bool mongo_count(struct store *s, enum collection coll, const struct where *where,
                        int64_t *count, struct err *err)
{
    struct mongo_store *self = (struct mongo_store *)s;
    mongoc_collection_t *c;
    bson_t filter, reply;
    struct fault f;
    int64_t n;

    if (!mongo_ready(self, err))
        return false;
    fault_init(&f);
    mongo_filter(where, NULL, &filter);
    c = mongo_collection(self, coll);
    n = mongoc_collection_count_documents(c, &filter, NULL, NULL, &reply, &f.error);
    if (n >= 0)
        *count = n;
    else
        fault_report(self, coll, &f, err);
    bson_destroy(&reply);
    bson_destroy(&filter);
    mongoc_collection_destroy(c);
    fault_finish(&f);
    return n >= 0;
}

/* "mongodb://host:port/database": neither the user's name nor an option is anybody's business. */
static void append_uri(const struct mongo_store *self, bson_t *out)
{
    const char *srv = mongoc_uri_get_srv_hostname(self->uri);
    const mongoc_host_list_t *host = mongoc_uri_get_hosts(self->uri);
    struct strbuf sb;

    strbuf_init(&sb, 4096);
    strbuf_printf(&sb, "mongodb%s://%s", srv ? "+srv" : "", srv ? srv : "");
    for (const char *comma = ""; !srv && host; host = host->next, comma = ",")
        strbuf_printf(&sb, "%s%s", comma, host->host_and_port);
    strbuf_printf(&sb, "/%s", self->db);
    BSON_APPEND_UTF8(out, "uri", sb.data);
    strbuf_finish(&sb);
}

static bool read_version(struct mongo_store *self, bson_t *out, struct err *err)
{
    bson_t command = BSON_INITIALIZER, reply;
    struct fault f;
    bool ok;

    fault_init(&f);
    BSON_APPEND_INT32(&command, "buildInfo", 1);
    ok = mongoc_client_read_command_with_opts(self->client, self->db, &command, NULL, NULL, &reply,
                                              &f.error);
    if (ok)
        BSON_APPEND_UTF8(out, "version", doc_str(&reply, "version", "unknown"));
    else
        fault_report(self, COLL_USERS, &f, err);
    bson_destroy(&reply);
    bson_destroy(&command);
    fault_finish(&f);
    return ok;
}

static bool mongo_info(struct store *s, bson_t *out, struct err *err)
{
    struct mongo_store *self = (struct mongo_store *)s;
    bool validators = true, ok;
    bson_t list;

    if (!mongo_ready(self, err))
        return false;
    bson_init(out);
    append_uri(self, out);
    BSON_APPEND_UTF8(out, "kind", "mongodb");
    ok = read_version(self, out, err);
    BSON_APPEND_BOOL(out, "transactions", s->transactions);
    for (size_t i = 0; i < COLL_COUNT; i++)
        validators = validators && self->checked[i];
    BSON_APPEND_BOOL(out, "validators", validators);
    BSON_APPEND_ARRAY_BEGIN(out, "collections", &list);
    ok = ok && mongo_describe_schema(self, &list, err);
    bson_append_array_end(out, &list);
    if (!ok)
        bson_destroy(out);
    return ok;
}

const struct store_ops store_module_ops = {
    .scheme = "mongodb",
    .open = mongo_open,
    .close = mongo_close,
    .insert_many = mongo_insert_many,
    .find = mongo_find,
    .count = mongo_count,
    .patch = mongo_patch,
    .find_and_patch = mongo_find_and_patch,
    .remove = mongo_remove,
    .atomically = mongo_atomically,
    .info = mongo_info,
    .explain = mongo_explain,
};
