/* draft_journal.c - one BSON document a plan: what the store had, what the person had by then.
 * Written by temporary file and rename, so that a crash leaves the old one or the new one. A
 * journal that cannot be written is only logged: the answers are still on screen, and the
 * screen says they are not saved. */
#include "screen/draft_journal.h"

#include <bson/bson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/plan.h"
#include "strattio/record.h"

enum { JOURNAL_MODE = 0600, FOLDER_MODE = 0700, JOURNAL_LIMIT = 34 * 1024 * 1024 };

/* The caller frees it; NULL if there is no state folder. */
static char *journal_path(const char *plan_id, bool make)
{
    struct err err = {0};
    char *state = paths_dir(PATHS_STATE, make, &err), *folder, *path;

    if (!state)
        return NULL;
    folder = mem_printf("%s/unsaved", state);
    if (make)
        mkdir(folder, FOLDER_MODE);
    path = mem_printf("%s/%s.answers", folder, plan_id);
    free(folder);
    free(state);
    return path;
}

void draft_journal_put(const struct plan *before, const struct plan *ours)
{
    char *path = journal_path(before->id, true);
    bson_t doc = BSON_INITIALIZER, part;
    struct err err = {0};

    record_write(COLL_PLANS, before, &part);
    BSON_APPEND_DOCUMENT(&doc, "before", &part);
    bson_destroy(&part);
    record_write(COLL_PLANS, ours, &part);
    BSON_APPEND_DOCUMENT(&doc, "ours", &part);
    bson_destroy(&part);
    if (path && !paths_write_file(path, bson_get_data(&doc), doc.len, JOURNAL_MODE, &err))
        log_err("keeping unsaved answers", &err);
    bson_destroy(&doc);
    free(path);
}

void draft_journal_drop(const char *plan_id)
{
    char *path = journal_path(plan_id, false);

    if (path)
        unlink(path);
    free(path);
}

static bool read_part(const bson_t *doc, const char *name, struct plan *out)
{
    struct err err = {0};
    bson_t part;

    return doc_view(doc, name, &part) && record_read(COLL_PLANS, &part, out, &err);
}

bool draft_journal_get(const struct plan *plan, struct plan *before, struct plan *ours)
{
    char *path = journal_path(plan->id, false), *data = NULL;
    struct err err = {0};
    size_t len = 0;
    bson_t doc;
    bool ok;

    if (path)
        data = paths_read_file(path, JOURNAL_LIMIT, &len, &err);
    ok = data && bson_init_static(&doc, (const uint8_t *)data, len) &&
         bson_validate(&doc, BSON_VALIDATE_NONE, NULL) && read_part(&doc, "before", before);
    if (ok && !read_part(&doc, "ours", ours)) {
        record_finish(COLL_PLANS, before);
        ok = false;
    }
    free(data);
    free(path);
    return ok;
}
