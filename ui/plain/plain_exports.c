/* plain_exports.c - the formats a plan can be written in, and the files written from it so far. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/child_repo.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/export.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "plain/places.h"
#include "plain/room.h"

enum { KIB = 1024 };

struct exports {
    struct room room;
    const char *plan_id, *name;
};

static void tell_formats(struct exports *self)
{
    struct plain *p = self->room.p;
    char *folder = getcwd(NULL, 0);

    talk_say(p->talk,
             "A file goes into %s, unless you name one; a file of that name there is replaced.",
             folder ? folder : "the folder you started in");
    for (int i = 0; i < EXPORT_KIND_COUNT; i++) {
        enum export_format format = (enum export_format)i;
        char *file = export_file_name(self->name, format);
        struct err why = {0};

        if (export_available(p->bench.actor, format, &why))
            talk_say(p->talk, "%d. %s (%s): %s.", i + 1, export_format_title(format),
                     export_name(format), file);
        else
            talk_say(p->talk, "%d. %s (%s): not to be had. %s", i + 1, export_format_title(format),
                     export_name(format), why.msg);
        free(file);
    }
    free(folder);
}

static void tell_file(struct talk *t, const struct export_job *job)
{
    const char *path = doc_str(job->metadata, "path", "");
    const char *word = job->status == EXPORT_FAILED     ? "failed; the log says why"
                       : job->status != EXPORT_COMPLETE ? "not ended"
                       : access(path, F_OK) == 0        ? "written"
                                                        : "moved or deleted since";
    char ago[CLOCK_ISO_SIZE], size[40] = "", pages[40] = "";

    clock_ago(job->created_at, clock_now_ms(), ago);
    if (job->file_size != RECORD_NONE)
        snprintf(
            size, sizeof size, ", %lld %s",
            (long long)(job->file_size < KIB ? job->file_size : (job->file_size + KIB / 2) / KIB),
            job->file_size < KIB ? "bytes" : "kB");
    if (job->page_count != RECORD_NONE)
        snprintf(pages, sizeof pages, ", %lld page%s", (long long)job->page_count,
                 job->page_count == 1 ? "" : "s");
    talk_say(t, "%s, %s, %s%s%s: %s", export_format_title(job->format), word, ago, size, pages,
             *path ? path : "no file");
}

static void tell(struct room *r)
{
    struct exports *self = (struct exports *)r;
    struct export_job *jobs = NULL;
    size_t count = 0;
    struct err err = {0};

    talk_gap(r->p->talk);
    talk_say(r->p->talk, "Exports of %s.", self->name);
    tell_formats(self);
    if (!export_repo_list(r->p->bench.actor, self->plan_id, &jobs, &count, &err)) {
        plain_error(r->p, &err);
        return;
    }
    talk_say(r->p->talk, count ? "%zu written so far, newest first." : "None written so far.",
             count);
    for (size_t i = 0; i < count; i++) {
        tell_file(r->p->talk, &jobs[i]);
        record_finish(COLL_EXPORTS, &jobs[i]);
    }
    free(jobs);
}

static void write_file(struct exports *self, enum export_format format, const char *path)
{
    struct plain *p = self->room.p;
    char *to = NULL;
    struct err err = {0};

    if (strcmp(path, "-") == 0)
        talk_say(p->talk, "Give a file: \"-\" would mix with what is said here.");
    else if (export_plan(p->bench.actor, p->bench.house, self->plan_id, format, *path ? path : NULL,
                         &to, &err))
        talk_say(p->talk, "Written to %s", to);
    else
        plain_error(p, &err);
    free(to);
}

static const char *name_of(struct room *r, size_t i)
{
    (void)r;
    return export_name((enum export_format)i);
}

static void choose(struct room *r, size_t i)
{
    write_file((struct exports *)r, (enum export_format)i, "");
}

/* "write markdown FILE" */
void plain_exports_write(struct room *r, const char *operand)
{
    size_t len = strcspn(operand, " \t"), i;
    char *word = mem_strn(operand, len), *path = mem_str(operand + len);

    if (room_thing(r, word, "In which format? A number or a name:", &i))
        write_file((struct exports *)r, (enum export_format)i, plain_trim(path));
    free(path);
    free(word);
}

void plain_exports_markdown(struct room *r, const char *operand)
{
    write_file((struct exports *)r, EXPORT_MARKDOWN, operand);
}

void plain_exports_enter(struct plain *p, const char *plan_id, const char *name)
{
    struct exports self = {.room = {.p = p,
                                    .place = PLAIN_EXPORTS,
                                    .prompt = "Exports",
                                    .things = EXPORT_KIND_COUNT,
                                    .tell = tell,
                                    .choose = choose,
                                    .name = name_of},
                           .plan_id = plan_id,
                           .name = name};

    room_stay(&self.room);
}
