/* schema.h - the nine collections described once, as data. Validation, the structs' BSON, indexes,
 * MongoDB validators, SQLite tables and `strattio schema` are all made from these tables. */
#ifndef STRATTIO_RECORD_SCHEMA_H
#define STRATTIO_RECORD_SCHEMA_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/collection.h"

struct strbuf;

enum field_type {
    FIELD_ID,     /* ObjectId; char * in the struct */
    FIELD_STRING, /* also references to other documents, which are hex strings */
    FIELD_ENUM,   /* string of `words` */
    FIELD_BOOL,
    FIELD_INT,    /* whole Number, int64_t in the struct */
    FIELD_NUMBER, /* double */
    FIELD_DATE,
    FIELD_OBJECT,
    FIELD_ARRAY,
};

enum field_flags {
    FIELD_NULLABLE = 1u << 0, /* may be null, and then also absent */
    FIELD_OPTIONAL = 1u << 1, /* may be absent, its default stands for it; never null */
    FIELD_EMAIL = 1u << 2,    /* valid e-mail address, lower case */
    FIELD_COUNTRY = 1u << 3,  /* ISO 3166-1 alpha-2: two capital letters */
    FIELD_ONE_LINE = 1u << 4, /* no control characters */
};

/* The version of these tables. It goes into `metadata.schema` of what we write; a document with a
 * greater one is neither read nor changed. */
enum { SCHEMA_VERSION = 1 };

struct schema_field {
    const char *name;
    enum field_type type;
    unsigned flags;
    size_t offset;            /* in the struct of the collection */
    const char *const *words; /* FIELD_ENUM: allowed words, ends in NULL */
    double min, max;          /* numbers: range; strings: characters; both 0 for no limit */
    const char *refers_to;    /* collection it names a document of, or NULL */
    const char *fallback;     /* default of a new document, as JSON; NULL for the type's own */
    const char *note;         /* the reference's remark, for `strattio schema` */
    /* What is inside, where the reference says: the known fields of an object, ending in a NULL
     * name, or one row called "[]" that describes each element of an array. Offsets unused. */
    const struct schema_field *inside;
};

struct schema_key {
    const char *field;
    int direction; /* 1 or -1 */
};

struct schema_index {
    struct schema_key keys[3]; /* ends in a NULL field */
    bool unique;
};

enum schema_on_plan_delete { ON_PLAN_DELETE_NOTHING, ON_PLAN_DELETE_REMOVE, ON_PLAN_DELETE_KEEP };

struct schema {
    const char *name;
    size_t struct_size;
    const struct schema_field *fields; /* ends in a NULL name; `_id` first */
    const struct schema_index *indexes; /* ends in an empty one; not the one on _id */
    size_t extra_offset;
    const char *owner_field; /* "user_id", "plan_id", "_id": whose it is */
    enum schema_on_plan_delete on_plan_delete;
    bool mutable; /* documents change after insert: has updated_at or metadata.rev */
};

const struct schema *schema_of(enum collection coll);

/* The field called `name` in a list that ends in a NULL name, or NULL. */
const struct schema_field *schema_find(const struct schema_field *fields, const char *name);

/* The field a dotted path leads to ("plans": "intake_data.currency"; an array index is its
 * "[]"), or NULL if the schema does not describe it. */
const struct schema_field *schema_at(enum collection coll, const char *path);

/* What the type is called in the reference: "String", "Date", ... */
const char *schema_type_name(enum field_type type);

/* The name MongoDB gives the index: "user_id_1_created_at_-1". */
void schema_index_name(const struct schema_index *index, struct strbuf *out);

/* {"$jsonSchema": {...}} for `coll`; `out` is initialised by this call. */
void schema_validator(enum collection coll, bson_t *out);

/* `strattio schema`: a readable listing, or the same as a JSON document. */
void schema_print(enum collection coll, struct strbuf *out);
void schema_json(enum collection coll, bson_t *out);

#endif
