/* compliance_report.h - a document of `compliance_reports`. */
#ifndef STRATTIO_COMPLIANCE_REPORT_H
#define STRATTIO_COMPLIANCE_REPORT_H

#include <bson/bson.h>
#include <stdint.h>

struct compliance_report {
    char *id;
    char *plan_id;
    char *template_id;
    int64_t version;
    bson_t *data; /* the reference's report; each check also has outcome, severity, fix, source */
    int64_t created_at;
    bson_t *metadata;
    bson_t *extra;
};

#endif
