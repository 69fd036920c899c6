/* export_job.h - a document of `exports`. */
#ifndef STRATTIO_EXPORT_JOB_H
#define STRATTIO_EXPORT_JOB_H

#include <bson/bson.h>
#include <stdint.h>

/* What a document may say, then downloads of the model, of which no document is kept. */
enum export_format {
    EXPORT_PDF,
    EXPORT_DOCX,
    EXPORT_GOOGLE_DOCS,
    EXPORT_NOTION,
    EXPORT_MARKDOWN,
    EXPORT_FORMAT_COUNT,
    EXPORT_XLSX = EXPORT_FORMAT_COUNT,
    EXPORT_KIND_COUNT
};
enum export_status { EXPORT_PENDING, EXPORT_COMPLETE, EXPORT_FAILED, EXPORT_STATUS_COUNT };

struct export_job {
    char *id;
    char *plan_id;
    char *user_id;
    enum export_format format;
    char *template_id;
    char *s3_key;
    char *s3_url;
    int64_t file_size; /* bytes; RECORD_NONE when null */
    int64_t page_count;
    int64_t download_count;
    enum export_status status;
    int64_t created_at;
    int64_t expires_at;
    bson_t *options;
    bson_t *metadata; /* path: where the file went */
    bson_t *extra;
};

const char *export_format_name(enum export_format format);
enum export_format export_format_by_name(const char *name); /* ..._COUNT if there is none */

#endif
