/* export.c - a plan as a file: the tier, the pending document, the bytes, temp and rename, the
 * complete document, in this order, so that a file that exists has a document that says so. */
#include "strattio/export.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/actor.h"
#include "strattio/child_repo.h"
#include "strattio/err.h"
#include "strattio/house.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/paths.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "exporter.h"

static const struct exporter *const exporters[] = {&export_markdown, &export_xlsx};

static const struct exporter *find_exporter(enum export_format format)
{
    for (size_t i = 0; i < ARRAY_LEN(exporters); i++)
        if (exporters[i]->format == format)
            return exporters[i];
    return NULL;
}

const char *export_format_title(enum export_format format)
{
    static const char *const titles[EXPORT_KIND_COUNT] = {
        [EXPORT_PDF] = "PDF",
        [EXPORT_DOCX] = "Word",
        [EXPORT_GOOGLE_DOCS] = "Google Docs",
        [EXPORT_NOTION] = "Notion",
        [EXPORT_MARKDOWN] = "Markdown",
        [EXPORT_XLSX] = "Spreadsheet",
    };

    return format < EXPORT_KIND_COUNT ? titles[format] : "";
}

const char *export_name(enum export_format format)
{
    return format == EXPORT_XLSX ? "xlsx" : export_format_name(format);
}

enum export_format export_by_name(const char *name)
{
    if (name && strcmp(name, "xlsx") == 0)
        return EXPORT_XLSX;
    for (int i = 0; i < EXPORT_FORMAT_COUNT; i++)
        if (name && strcmp(name, export_format_name((enum export_format)i)) == 0)
            return (enum export_format)i;
    return EXPORT_KIND_COUNT;
}

bool export_available(const struct actor *a, enum export_format format, struct err *err)
{
    if (!find_exporter(format))
        return err_set(err, ERR_UNSUPPORTED, 0, "This build does not write %s.",
                       export_format_title(format));
    return actor_require(a, format == EXPORT_PDF ? CAN_EXPORT_PDF : CAN_EXPORT_ALL, err);
}

/* "Harbour Bakery" as "Harbour-Bakery.md": what every file system takes. */
static char *file_name(const char *plan_name, const char *suffix)
{
    struct strbuf name;

    strbuf_init(&name, 256);
    for (const char *p = plan_name; *p && (name.len < 100 || (*p & 0xc0) == 0x80); p++) {
        if ((unsigned char)*p >= 0x80 || isalnum((unsigned char)*p) || *p == '.' || *p == '_')
            strbuf_char(&name, *p);
        else if (name.len > 0 && name.data[name.len - 1] != '-')
            strbuf_char(&name, '-');
    }
    while (name.len > 0 && name.data[name.len - 1] == '-')
        strbuf_truncate(&name, name.len - 1);
    if (name.len == 0 || name.data[0] == '.') {
        strbuf_clear(&name);
        strbuf_str(&name, "plan");
    }
    strbuf_str(&name, suffix);
    return strbuf_take(&name);
}

char *export_file_name(const char *plan_name, enum export_format format)
{
    const struct exporter *exporter = find_exporter(format);

    return file_name(plan_name, exporter ? exporter->suffix : "");
}

static bool write_stdout(const struct strbuf *bytes, struct err *err)
{
    if (fwrite(bytes->data, 1, bytes->len, stdout) == bytes->len && fflush(stdout) == 0)
        return true;
    return err_set(err, ERR_IO, errno, "Standard output could not be written: %s", strerror(errno));
}

static bool build(struct actor *a, struct house *h, const struct exporter *exporter,
                  const struct plan *plan, struct strbuf *out, struct err *err)
{
    struct section sections[SECTION_COUNT] = {{0}};
    struct compliance_report report = {0};
    bool present[SECTION_COUNT], any = false, ok = false;
    struct export_input in = {.plan = plan, .sections = sections, .present = present};
    struct err absent;

    in.author = actor_user(a)->name;
    in.questions = house_intake(h, err);
    if (!in.questions || !section_repo_list(a, plan->id, sections, present, err))
        return false;
    for (int i = 0; i < SECTION_COUNT; i++)
        any = any || present[i];
    if (!any) {
        err_set(err, ERR_NOT_FOUND, 0,
                "\"%s\" has no text yet: generate it first (strattio generate).", plan->name);
        goto out;
    }
    if (actor_can(a, CAN_SEE_COMPLIANCE) && report_repo_find(a, plan->id, &report, &absent))
        in.report = report.data;
    ok = exporter->write(&in, out, err) && strbuf_check(out, "The export", err);
out:
    record_finish(COLL_COMPLIANCE_REPORTS, &report);
    for (int i = 0; i < SECTION_COUNT; i++)
        record_finish(COLL_SECTIONS, &sections[i]);
    return ok;
}

/* Writes the bytes and says where in *written. */
static bool deliver(const struct strbuf *bytes, const char *path, const struct plan *plan,
                    const struct exporter *exporter, char **written, struct err *err)
{
    char *to = path ? mem_str(path) : file_name(plan->name, exporter->suffix);
    bool ok;

    if (strcmp(to, "-") == 0)
        ok = write_stdout(bytes, err);
    else
        ok = paths_write_file(to, bytes->data, bytes->len, 0644, err);
    if (ok)
        *written = to;
    else
        free(to);
    return ok;
}

/* Where the file is, so that it can be found from any other folder; the caller frees it. */
static char *whole_path(const char *written)
{
    char *whole = realpath(written, NULL); /* none of a stream */

    return whole ? whole : mem_str(written);
}

/* A download of the model: no document, so what is left to do after the file is the audit. */
static bool export_model(struct actor *a, struct house *h, const struct exporter *exporter,
                         const struct plan *plan, const char *path, char **written, struct err *err)
{
    struct export_input in = {.plan = plan, .author = actor_user(a)->name};
    struct model *model = NULL;
    struct strbuf bytes;
    bool ok;

    if (!export_repo_allow(a, plan->id, exporter->format, err))
        return false;
    in.model = model = plan_model(h, plan, err);
    strbuf_init(&bytes, 64 * 1024 * 1024);
    ok = model && exporter->write(&in, &bytes, err) && strbuf_check(&bytes, "The export", err) &&
         deliver(&bytes, path, plan, exporter, written, err);
    if (ok) {
        char *kept = whole_path(*written);

        ok = export_repo_downloaded(a, plan->id, export_name(exporter->format), (int64_t)bytes.len,
                                    kept, err);
        free(kept);
        if (!ok) {
            free(*written);
            *written = NULL;
        }
    }
    strbuf_finish(&bytes);
    model_free(model);
    return ok;
}

bool export_plan(struct actor *a, struct house *h, const char *plan_id, enum export_format format,
                 const char *path, char **written, struct err *err)
{
    const struct exporter *exporter = find_exporter(format);
    struct export_job job;
    struct err end = {0};
    struct strbuf bytes;
    struct plan plan;
    char *kept;
    bool ok;

    if (!exporter)
        return err_set(err, ERR_UNSUPPORTED, 0, "This build exports markdown and xlsx only.");
    if (!plan_repo_find(a, plan_id, &plan, err))
        return false;
    if (exporter->of_model) {
        ok = export_model(a, h, exporter, &plan, path, written, err);
        record_finish(COLL_PLANS, &plan);
        return ok;
    }
    if (!export_repo_begin(a, plan_id, format, &job, err)) {
        record_finish(COLL_PLANS, &plan);
        return false;
    }
    strbuf_init(&bytes, 64 * 1024 * 1024);
    ok = build(a, h, exporter, &plan, &bytes, err) &&
         deliver(&bytes, path, &plan, exporter, written, err);
    job.file_size = ok ? (int64_t)bytes.len : RECORD_NONE;
    kept = ok ? whole_path(*written) : NULL;
    if (!export_repo_end(a, &job, ok, kept, &end)) {
        log_err("export document", &end);
        if (ok) {
            *err = end;
            free(*written);
            *written = NULL;
            ok = false;
        }
    }
    free(kept);
    strbuf_finish(&bytes);
    record_finish(COLL_EXPORTS, &job);
    record_finish(COLL_PLANS, &plan);
    return ok;
}
