/* exporter.h - one per format: turns a plan and its children into the bytes of a file. */
#ifndef STRATTIO_EXPORT_EXPORTER_H
#define STRATTIO_EXPORT_EXPORTER_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/export_job.h"
#include "strattio/plan.h"
#include "strattio/section.h"

struct err;
struct intake;
struct model;
struct strbuf;

struct export_input { /* all borrowed */
    const struct plan *plan;
    const struct section *sections; /* SECTION_COUNT */
    const bool *present;
    const bson_t *report; /* compliance_reports.data; NULL if none, or not in the tier */
    const char *author;
    const struct intake *questions;
    const struct model
        *model; /* of an exporter of the model, which gets nothing else but plan and author */
};

struct exporter {
    enum export_format format;
    const char *suffix; /* ".md" */
    bool of_model;      /* a download of the model: needs no text, keeps no document */
    bool (*write)(const struct export_input *in, struct strbuf *out, struct err *err);
};

extern const struct exporter export_markdown;
extern const struct exporter export_xlsx;

#endif
