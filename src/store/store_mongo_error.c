/* From libmongoc's errors to ours. Codes decide, never texts, with two exceptions the library
 * leaves no other way for: a failed TLS handshake, and the name of the index in a duplicate-key
 * error. */
#include "store/store_mongo.h"

#include <stdio.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/log.h"

enum {
    CODE_UNAUTHORIZED = 13,
    CODE_AUTHENTICATION_FAILED = 18,
    CODE_VALIDATION = 121,
    CODE_WRITE_CONFLICT = 112,
    CODE_DUPLICATE = 11000,
};

void fault_init(struct fault *f)
{
    memset(&f->error, 0, sizeof f->error);
    bson_init(&f->reply);
}

void fault_finish(struct fault *f)
{
    bson_destroy(&f->reply);
}

void fault_reset(struct fault *f)
{
    fault_finish(f);
    fault_init(f);
}

static bool is_one_of(uint32_t code, const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (codes[i] == code)
            return true;
    return false;
}

static bool from_server(const struct fault *f)
{
    return f->error.domain == MONGOC_ERROR_SERVER || f->error.domain == MONGOC_ERROR_WRITE_CONCERN;
}

bool fault_is_offline(const struct fault *f)
{
    static const uint32_t codes[] = {
        6,     /* HostUnreachable */
        7,     /* HostNotFound */
        64,    /* WriteConcernFailed: not confirmed in time */
        89,    /* NetworkTimeout */
        91,    /* ShutdownInProgress */
        133,   /* FailedToSatisfyReadPreference */
        189,   /* PrimarySteppedDown */
        262,   /* ExceededTimeLimit */
        9001,  /* SocketException */
        10058, /* NotPrimary, old servers */
        10107, /* NotWritablePrimary */
        11600, /* InterruptedAtShutdown */
        11602, /* InterruptedDueToReplStateChange */
        13435, /* NotPrimaryNoSecondaryOk */
        13436, /* NotPrimaryOrSecondary */
    };

    if (f->error.domain == MONGOC_ERROR_STREAM || f->error.domain == MONGOC_ERROR_SERVER_SELECTION)
        return true;
    return from_server(f) && is_one_of(f->error.code, codes, ARRAY_LEN(codes));
}

bool fault_is_transient(const struct fault *f)
{
    return mongoc_error_has_label(&f->reply, "TransientTransactionError");
}

bool fault_is_refusal(const struct fault *f)
{
    static const uint32_t codes[] = {
        2,     /* BadValue */
        9,     /* FailedToParse */
        20,    /* IllegalOperation: no transactions on a stand-alone server */
        59,    /* CommandNotFound */
        72,    /* InvalidOptions */
        115,   /* CommandNotSupported */
        238,   /* NotImplemented */
        263,   /* OperationNotSupportedInTransaction */
        303,   /* FeatureNotSupported */
        40415, /* an unknown field of a command */
    };

    if (f->error.domain == MONGOC_ERROR_TRANSACTION)
        return true;
    return f->error.domain == MONGOC_ERROR_SERVER &&
           is_one_of(f->error.code, codes, ARRAY_LEN(codes));
}

/* The name after "index: " in "E11000 duplicate key error collection: db.c index: email_1 dup
 * key: ..."; old servers put "db.c.$" before it. */
static bool duplicate_index(const struct fault *f, char *out, size_t size)
{
    const char *at = strstr(f->error.message, " index: ");
    size_t len;

    if (f->error.code != CODE_DUPLICATE || !at)
        return false;
    at += strlen(" index: ");
    len = strcspn(at, " ");
    for (const char *dollar; (dollar = memchr(at, '$', len));) {
        len -= (size_t)(dollar + 1 - at);
        at = dollar + 1;
    }
    snprintf(out, size, "%.*s", (int)len, at);
    return true;
}

bool fault_is_duplicate_of(const struct fault *f, const char *index)
{
    char name[128];

    return duplicate_index(f, name, sizeof name) && strcmp(name, index) == 0;
}

/* The first field the server's schema check complains of, or NULL. */
static const char *field_at_fault(const bson_t *reply)
{
#define RULES "errInfo.details.schemaRulesNotSatisfied.0."
    static const char *const paths[] = {
        "writeErrors.0." RULES "propertiesNotSatisfied.0.propertyName",
        RULES "propertiesNotSatisfied.0.propertyName",
        "writeErrors.0." RULES "missingProperties.0",
        RULES "missingProperties.0",
    };
#undef RULES

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        const char *name = doc_str(reply, paths[i], NULL);

        if (name)
            return name;
    }
    return NULL;
}

static bool report_offline(struct mongo_store *self, const struct fault *f, struct err *err)
{
    int code = (int)f->error.code;

    if (strstr(f->error.message, "TLS handshake failed"))
        return err_set(err, ERR_DENIED, code,
                       "no trusted connection to the MongoDB server at %s: its certificate was not "
                       "accepted; name the authority that signed it with tlsCAFile=",
                       self->where);
    if (f->error.domain == MONGOC_ERROR_WRITE_CONCERN)
        return err_set(err, ERR_OFFLINE, code,
                       "the MongoDB server at %s did not confirm the write in time", self->where);
    return err_set(err, ERR_OFFLINE, code, "no MongoDB server answers at %s", self->where);
}

static bool report_invalid(enum collection coll, const struct fault *f, struct err *err)
{
    const char *field = field_at_fault(&f->reply);

    return err_set(err, ERR_INVALID, (int)f->error.code,
                   "%s%s%s: the database refuses this value; see strattio schema %s",
                   collection_name(coll), field ? "." : "", field ? field : "",
                   collection_name(coll));
}

static bool report_duplicate(enum collection coll, const struct fault *f, struct err *err)
{
    char index[128] = "";

    duplicate_index(f, index, sizeof index);
    return err_set(err, ERR_DUPLICATE, (int)f->error.code,
                   "%s: a document with the same value exists already (index %s)",
                   collection_name(coll), index);
}

static bool is_too_large(const struct fault *f)
{
    static const uint32_t codes[] = {10334, 17280, 17419, 17420};

    return f->error.domain == MONGOC_ERROR_BSON ||
           (from_server(f) && is_one_of(f->error.code, codes, ARRAY_LEN(codes)));
}

static bool is_bad_patch(uint32_t code)
{
    static const uint32_t codes[] = {
        14,  /* TypeMismatch: adding to what is no number */
        28,  /* PathNotViable: a field inside what is no document */
        40,  /* ConflictingUpdateOperators */
        52,  /* DollarPrefixedFieldName */
        66,  /* ImmutableField */
        73,  /* InvalidNamespace */
        168, /* InvalidPipelineOperator: a field name an update cannot hold */
    };

    return is_one_of(code, codes, ARRAY_LEN(codes));
}

bool fault_report(struct mongo_store *self, enum collection coll, const struct fault *f,
                  struct err *err)
{
    int code = (int)f->error.code;

    log_line(LOG_LEVEL_WARN, "mongodb: %u/%u %s", f->error.domain, f->error.code, f->error.message);
    if (f->error.domain == MONGOC_ERROR_STREAM || f->error.domain == MONGOC_ERROR_SERVER_SELECTION)
        self->broken = true;
    if (fault_is_offline(f))
        return report_offline(self, f, err);
    if (f->error.code == CODE_DUPLICATE)
        return report_duplicate(coll, f, err);
    if (f->error.code == CODE_VALIDATION)
        return report_invalid(coll, f, err);
    if ((f->error.domain == MONGOC_ERROR_CLIENT && code == MONGOC_ERROR_CLIENT_AUTHENTICATE) ||
        (from_server(f) && code == CODE_AUTHENTICATION_FAILED))
        return err_set(err, ERR_DENIED, code,
                       "the MongoDB server at %s refuses this user name or password", self->where);
    if (from_server(f) && code == CODE_UNAUTHORIZED)
        return err_set(
            err, ERR_DENIED, code,
            "this MongoDB user may not do that in the database \"%s\"; it needs the role "
            "readWrite there",
            self->db);
    if (is_too_large(f))
        return err_set(err, ERR_LIMIT, code, "%s: a document may hold 16 MiB; this one is larger",
                       collection_name(coll));
    if (from_server(f) && code == CODE_WRITE_CONFLICT)
        return err_set(err, ERR_BUSY, code,
                       "%s: others keep changing the same documents; try again",
                       collection_name(coll));
    if (from_server(f) && is_bad_patch(f->error.code))
        return err_set(err, ERR_INVALID, code, "%s: the change does not fit the document: %s",
                       collection_name(coll), f->error.message);
    return err_set(err, ERR_IO, code, "MongoDB: %s", f->error.message);
}
