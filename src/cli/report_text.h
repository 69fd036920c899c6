/* report_text.h - reports as lines of text, for `show`, `check` and plain mode. */
#ifndef STRATTIO_CLI_REPORT_TEXT_H
#define STRATTIO_CLI_REPORT_TEXT_H

#include <bson/bson.h>
#include <stdbool.h>

#include "period.h"

struct model;
struct model_def;
struct research_pack;
struct strbuf;

/* A statement, twelve columns at a time; money right-aligned, negative with a minus. */
void text_statement(const struct model *m, const char *statement, enum period by,
                    struct strbuf *out);
/* Break-even and KPIs: every figure the declarations have of them. */
void text_measures(const struct model_def *def, const struct model *m, struct strbuf *out);

/* compliance_reports.data; only status, score and counts unless `whole`; `explain` adds sources. */
void text_report(const bson_t *data, bool whole, bool explain, struct strbuf *out);

void text_research(const struct research_pack *pack, struct strbuf *out);

#endif
