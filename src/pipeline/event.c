/* event.c - the words of events, and their JSON line. */
#include "strattio/event.h"

#include <stdlib.h>

#include "strattio/attr.h"
#include "strattio/clock.h"

static const struct {
    const char *name, *title;
} stages[] = {
    [STAGE_RESEARCH] = {"research", "Research"},
    [STAGE_VALIDATION] = {"validation", "Checks"},
    [STAGE_FINANCE] = {"finance", "Financials"},
    [STAGE_WRITING] = {"writing", "Writing"},
    [STAGE_COMPLIANCE] = {"compliance", "Compliance"},
    [STAGE_RUN] = {"run", "Plan"},
};

static const char *const kinds[] = {
    [EVENT_STARTED] = "started",   [EVENT_ADVANCED] = "advanced", [EVENT_DELTA] = "delta",
    [EVENT_WARNING] = "warning",   [EVENT_DONE] = "done",         [EVENT_FAILED] = "failed",
    [EVENT_FINISHED] = "finished",
};

const char *stage_name(enum stage stage)
{
    return stages[stage].name;
}

const char *stage_title(enum stage stage)
{
    return stages[stage].title;
}

const char *event_kind_name(enum event_kind kind)
{
    return kinds[kind];
}

void event_free(struct event *e)
{
    if (!e)
        return;
    free(e->text);
    free(e);
}

void event_to_doc(const struct event *e, bson_t *out)
{
    char at[CLOCK_ISO_SIZE];

    clock_iso(e->at, at);
    bson_init(out);
    BSON_APPEND_INT32(out, "v", 1);
    BSON_APPEND_INT64(out, "seq", (int64_t)e->seq);
    BSON_APPEND_UTF8(out, "at", at);
    BSON_APPEND_UTF8(out, "plan", e->plan_id);
    BSON_APPEND_UTF8(out, "stage", stage_name(e->stage));
    if (e->section != SECTION_COUNT)
        BSON_APPEND_UTF8(out, "section", section_type_name(e->section));
    BSON_APPEND_UTF8(out, "event", event_kind_name(e->kind));
    if (e->total > 0) {
        BSON_APPEND_INT64(out, "done", e->done);
        BSON_APPEND_INT64(out, "total", e->total);
    }
    if (e->text)
        BSON_APPEND_UTF8(out, "text", e->text);
    if (e->reused)
        BSON_APPEND_BOOL(out, "reused", true);
    if (e->kind == EVENT_FAILED)
        BSON_APPEND_UTF8(out, "error", e->err.msg);
}
