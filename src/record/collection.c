/* collection.c - the names of the nine collections, taken from the schema. */
#include "strattio/collection.h"

#include <string.h>

#include "record/schema.h"

const char *collection_name(enum collection coll)
{
    return schema_of(coll)->name;
}

enum collection collection_by_name(const char *name)
{
    for (int i = 0; name && i < COLL_COUNT; i++)
        if (strcmp(collection_name((enum collection)i), name) == 0)
            return (enum collection)i;
    return COLL_COUNT;
}
