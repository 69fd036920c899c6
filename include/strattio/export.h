/* export.h - plans as files. One exporter a format; a row in a table each. */
#ifndef STRATTIO_EXPORT_H
#define STRATTIO_EXPORT_H

#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/export_job.h"

struct actor;
struct err;
struct house;

/* "markdown", "xlsx": what an export is asked for by; EXPORT_KIND_COUNT if there is none of that name. */
const char *export_name(enum export_format format);
enum export_format export_by_name(const char *name);

/* Exports the plan to `path` (NULL: "NAME.md" in the current folder; "-": standard output), with
 * its `exports` document from pending to complete or failed; a download of the model (xlsx) has none and
 * is only audited. *written is where it went, the caller's to free. ERR_TIER, ERR_UNSUPPORTED for a format this build lacks, ERR_NOT_FOUND, ERR_IO
 * (the export is then failed and the old file, if any, as it was). */
MUST_USE bool export_plan(struct actor *a, struct house *h, const char *plan_id,
                          enum export_format format, const char *path, char **written,
                          struct err *err);

const char *export_format_title(enum export_format format); /* "Markdown" */

/* Whether the acting user may have the format and this build writes it: ERR_UNSUPPORTED, ERR_TIER. */
MUST_USE bool export_available(const struct actor *a, enum export_format format, struct err *err);

/* The name of the file a plan called `plan_name` goes to; the caller's to free. */
char *export_file_name(const char *plan_name, enum export_format format);

#endif
