/* research_pack.h - a document of `research_packs`. */
#ifndef STRATTIO_RESEARCH_PACK_H
#define STRATTIO_RESEARCH_PACK_H

#include <bson/bson.h>
#include <stdint.h>

enum research_status { RESEARCH_PENDING, RESEARCH_COMPLETE, RESEARCH_FAILED, RESEARCH_STATUS_COUNT };

struct research_pack {
    char *id;
    char *plan_id;
    int64_t version;
    enum research_status status;
    bson_t *data;
    double quality_score; /* 0-100, RECORD_NAN when null */
    bson_t *data_sources; /* array of names */
    bson_t *missing_data; /* array of field names */
    int64_t retrieved_at;
    int64_t expires_at;
    bson_t *metadata;
    bson_t *extra;
};

#endif
