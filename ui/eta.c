/* eta.c - the median of the last times of each stage, less what has passed. An estimate may come
 * nearer as often as it likes; once it has been put off, running over is told as that and not as
 * another estimate. */
#include "eta.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

enum { FILE_MAX = 64 * 1024, SLACK_MS = 2000 };

static char *file_path(bool make, struct err *err)
{
    char *folder = paths_dir(PATHS_STATE, make, err);
    char *path = folder ? mem_printf("%s/timings.json", folder) : NULL;

    free(folder);
    return path;
}

static void read_stage(const bson_t *doc, enum stage stage, struct eta_past *out)
{
    size_t count = doc_count(doc, stage_name(stage));

    for (size_t i = 0; i < count; i++) {
        char *path = mem_printf("%s.%zu", stage_name(stage), i);
        int64_t ms = doc_int(doc, path, -1);

        if (ms >= 0)
            eta_past_add(out, stage, ms);
        free(path);
    }
}

void eta_past_read(struct eta_past *out)
{
    struct err ignored = {0};
    char *path = file_path(false, &ignored), *text = NULL;
    size_t len = 0;
    bson_t doc;

    memset(out, 0, sizeof *out);
    if (path)
        text = paths_read_file(path, FILE_MAX, &len, &ignored);
    if (text && json_read(text, len, &doc, &ignored)) {
        for (int i = 0; i < STAGE_COUNT; i++)
            read_stage(&doc, (enum stage)i, out);
        bson_destroy(&doc);
    }
    free(text);
    free(path);
}

void eta_past_write(const struct eta_past *past)
{
    struct err err = {0};
    char *path = file_path(true, &err);
    struct strbuf text;

    strbuf_init(&text, FILE_MAX);
    for (int i = 0; i < STAGE_COUNT; i++) {
        strbuf_printf(&text, "%s\"%s\":[", i ? "," : "{", stage_name((enum stage)i));
        for (size_t k = 0; k < past->count[i]; k++)
            strbuf_printf(&text, "%s%lld", k ? "," : "", (long long)past->ms[i][k]);
        strbuf_char(&text, ']');
    }
    strbuf_str(&text, "}\n");
    if (!path || !paths_write_file(path, text.data, text.len, 0600, &err))
        log_err("keeping how long a run took", &err);
    strbuf_finish(&text);
    free(path);
}

void eta_past_add(struct eta_past *past, enum stage stage, int64_t ms)
{
    size_t *count = &past->count[stage];

    if (*count == ETA_KEPT)
        memmove(past->ms[stage], past->ms[stage] + 1, --*count * sizeof(int64_t));
    past->ms[stage][(*count)++] = ms;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int64_t median(const struct eta_past *past, int stage)
{
    size_t count = past->count[stage];
    int64_t sorted[ETA_KEPT];

    memcpy(sorted, past->ms[stage], count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_value);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

int64_t eta_left(const struct eta_past *past, const struct eta_stage stages[STAGE_COUNT])
{
    int64_t left = 0;

    for (int i = 0; i < STAGE_COUNT; i++) {
        int64_t usual;

        if (stages[i].over)
            continue;
        if (past->count[i] < ETA_LEAST)
            return -1;
        usual = median(past, i) - (stages[i].working ? stages[i].elapsed_ms : 0);
        left += usual > 0 ? usual : 0;
    }
    return left;
}

void eta_see(struct eta *e, int64_t left_ms, int64_t now_ms)
{
    int64_t end = now_ms + left_ms;

    if (left_ms < 0)
        return;
    if (!e->known || end <= e->end_ms) {
        e->known = true;
        e->end_ms = end;
    } else if (!e->put_off && end > e->end_ms + SLACK_MS) {
        e->put_off = true;
        e->end_ms = end;
    }
}

int64_t eta_told(const struct eta *e, int64_t now_ms)
{
    if (!e->known)
        return -1;
    return e->end_ms > now_ms ? e->end_ms - now_ms : 0;
}
