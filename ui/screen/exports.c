/* exports.c - the files written from a plan, newest first, and above them the formats there are: one
 * list, since both are rows to go to. A format that cannot be had stays in its place and says why.
 * The files themselves are the person's: nothing here opens or deletes them. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/attr.h"
#include "strattio/child_repo.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/export.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/crumb.h"
#include "screen/exporting.h"
#include "screen/listing.h"
#include "widget/list.h"

enum { FOOT_ROWS = 4, KIB = 1024, MIB = 1024 * 1024 };

/* Formats in the order in which they are offered: those of a file first. */
static const enum export_format formats[] = {EXPORT_MARKDOWN, EXPORT_XLSX,        EXPORT_PDF,
                                             EXPORT_DOCX,     EXPORT_GOOGLE_DOCS, EXPORT_NOTION};

struct listing {
    char *name;   /* of the plan */
    char *folder; /* where a new file would go */
    struct export_job *jobs;
    bool *there; /* the file is where it was put */
    size_t count;
    bool available[ARRAY_LEN(formats)]; /* by place in `formats` */
    struct err why[ARRAY_LEN(formats)]; /* it is not */
};

struct exports {
    struct screen base;
    char *plan_id, *name; /* the name only if no screen below says it */
    struct listing *l;    /* NULL until it is read */
    struct err err;
    struct list list;
};

/* ---- reading ------------------------------------------------------------------------------- */

struct read_job {
    struct job base;
    char *plan_id;
    struct listing *l;
    struct err err;
};

static void free_listing(struct listing *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->count; i++)
        record_finish(COLL_EXPORTS, &l->jobs[i]);
    free(l->jobs);
    free(l->there);
    free(l->name);
    free(l->folder);
    free(l);
}

static const char *path_of(const struct export_job *job)
{
    return doc_str(job->metadata, "path", "");
}

static bool read_listing(struct bench *bench, const char *plan_id, struct listing *l,
                         struct err *err)
{
    struct plan plan;

    if (!plan_repo_find(bench->actor, plan_id, &plan, err))
        return false;
    l->name = mem_str(plan.name);
    record_finish(COLL_PLANS, &plan);
    l->folder = getcwd(NULL, 0);
    for (size_t i = 0; i < ARRAY_LEN(formats); i++)
        l->available[i] = export_available(bench->actor, formats[i], &l->why[i]);
    if (!export_repo_list(bench->actor, plan_id, &l->jobs, &l->count, err))
        return false;
    l->there = mem_zero(l->count + 1, sizeof *l->there);
    for (size_t i = 0; i < l->count; i++)
        l->there[i] = access(path_of(&l->jobs[i]), F_OK) == 0;
    return true;
}

static void work(struct job *base, struct bench *bench)
{
    struct read_job *job = (struct read_job *)base;

    job->l = mem_zero(1, sizeof *job->l);
    if (read_listing(bench, job->plan_id, job->l, &job->err))
        return;
    free_listing(job->l);
    job->l = NULL;
}

static void done(struct job *base, struct app *app)
{
    struct read_job *job = (struct read_job *)base;
    struct exports *self = (struct exports *)base->owner;

    app_dirty(app);
    self->err = job->err;
    if (!job->l)
        return;
    free_listing(self->l);
    self->l = job->l;
    job->l = NULL;
    list_set_count(&self->list, ARRAY_LEN(formats) + self->l->count);
}

static void discard(struct job *base)
{
    struct read_job *job = (struct read_job *)base;

    free_listing(job->l);
    free(job->plan_id);
    free(job);
}

static void read_again(struct screen *s)
{
    struct exports *self = (struct exports *)s;
    struct read_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = work, .done = done, .discard = discard, .owner = s};
    job->plan_id = mem_str(self->plan_id);
    app_submit(s->app, &job->base);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static const struct export_job *file_at(const struct exports *self, size_t row)
{
    size_t first = ARRAY_LEN(formats);

    return self->l && row >= first && row - first < self->l->count ? &self->l->jobs[row - first]
                                                                   : NULL;
}

static bool is_there(const struct exports *self, size_t row)
{
    return self->l->there[row - ARRAY_LEN(formats)];
}

static void size_text(int64_t bytes, char *out, size_t size)
{
    if (bytes == RECORD_NONE)
        snprintf(out, size, "–");
    else if (bytes < KIB)
        snprintf(out, size, "%lld B", (long long)bytes);
    else if (bytes < MIB)
        snprintf(out, size, "%lld kB", (long long)(bytes + KIB / 2) / KIB);
    else
        snprintf(out, size, "%.1f MB", (double)bytes / MIB);
}

static struct file_look {
    enum symbol symbol;
    unsigned style;
    const char *word;
} look_of(const struct exports *self, size_t row)
{
    switch (file_at(self, row)->status) {
    case EXPORT_COMPLETE:
        if (is_there(self, row))
            return (struct file_look){SYMBOL_CHECK, ROLE_OK, "written"};
        return (struct file_look){SYMBOL_BANG, ROLE_WARN, "moved"};
    case EXPORT_FAILED:
        return (struct file_look){SYMBOL_CROSS, ROLE_BAD, "failed"};
    default:
        return (struct file_look){SYMBOL_HALF, ROLE_WARN, "not ended"};
    }
}

static void draw_format(const struct exports *self, const struct canvas *line, size_t i,
                        unsigned style)
{
    bool can = self->l->available[i];
    char *file = export_file_name(self->l->name, formats[i]);

    canvas_put(line, 0, 2, (can ? ROLE_ACCENT : ROLE_DIM) | style,
               can ? "+" : canvas_symbol(line, SYMBOL_DASH));
    canvas_fit(line, 0, 4, 12, (can ? ROLE_TEXT : ROLE_DIM) | style, ALIGN_LEFT,
               export_format_title(formats[i]));
    canvas_fit(line, 0, 17, line->cols - 18, ROLE_DIM | style, ALIGN_LEFT,
               can ? file : self->l->why[i].msg);
    free(file);
}

static void draw_file(const struct exports *self, const struct canvas *line, size_t i,
                      unsigned style)
{
    const struct export_job *job = file_at(self, i);
    struct file_look look = look_of(self, i);
    char text[CLOCK_ISO_SIZE];
    int x = 41;

    canvas_put(line, 0, 2, look.style | style, canvas_symbol(line, look.symbol));
    canvas_fit(line, 0, 4, 12, ROLE_TEXT | style, ALIGN_LEFT, export_format_title(job->format));
    canvas_fit(line, 0, 17, 10, look.style | style, ALIGN_LEFT, look.word);
    clock_ago(job->created_at, clock_now_ms(), text);
    canvas_fit(line, 0, 28, 12, ROLE_DIM | style, ALIGN_LEFT, text);
    size_text(job->file_size, text, sizeof text);
    canvas_fit(line, 0, x, 7, ROLE_TEXT | style, ALIGN_RIGHT, text);
    if (line->cols >= 76) {
        x += 9;
        snprintf(text, sizeof text, "%lld page%s", (long long)job->page_count,
                 job->page_count == 1 ? "" : "s");
        canvas_fit(line, 0, x, 9, ROLE_DIM | style, ALIGN_LEFT,
                   job->page_count == RECORD_NONE ? "" : text);
    }
    x += 9;
    canvas_fit(line, 0, x, line->cols - x - 1, ROLE_DIM | style, ALIGN_LEFT, path_of(job));
}

static void draw_row(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    const struct exports *self = arg;

    if (i < ARRAY_LEN(formats))
        draw_format(self, line, i, style);
    else
        draw_file(self, line, i, style);
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* What the row under the cursor is about: where the file is, or would go, or why there is none. */
static void draw_foot(const struct exports *self, const struct canvas *c)
{
    size_t row = self->list.cursor;
    const struct export_job *job = file_at(self, row);
    struct strbuf text;

    strbuf_init(&text, 8192);
    if (job && job->status == EXPORT_COMPLETE)
        strbuf_printf(&text, "%s%s", path_of(job),
                      is_there(self, row) ? ""
                                          : "\nThe file is no longer there: moved or deleted.");
    else if (job)
        strbuf_str(&text, job->status == EXPORT_FAILED
                              ? "It could not be written; the log says why."
                              : "The program ended before it was written.");
    else if (!self->l->available[row])
        strbuf_str(&text, self->l->why[row].msg);
    else
        strbuf_printf(&text, "Goes into %s; a file of that name there is replaced.",
                      self->l->folder ? self->l->folder : "the folder you started in");
    canvas_wrap(c, 0, 0, c->rows, c->cols, ROLE_TEXT, text.data, true);
    strbuf_finish(&text);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct exports *self = (struct exports *)s;
    struct canvas list = canvas_part(body, 2, 0, body->rows - 2 - FOOT_ROWS, body->cols);
    struct canvas foot =
        canvas_part(body, body->rows - FOOT_ROWS + 1, 2, FOOT_ROWS - 1, body->cols - 4);

    canvas_cursor(body, 0, 0, false);
    if (!self->l) {
        if (self->err.code != ERR_NONE)
            canvas_wrap(body, 1, 2, 4, body->cols - 4, ROLE_BAD, self->err.msg, true);
        return;
    }
    canvas_put(body, 0, 2, ROLE_TITLE, "Write a file");
    if (self->l->count)
        canvas_printf(body, 0, 17, ROLE_DIM, "%zu written so far, newest first", self->l->count);
    else
        canvas_put(body, 0, 17, ROLE_DIM, "none written so far");
    canvas_hline(body, body->rows - FOOT_ROWS, 0, body->cols, ROLE_BORDER);
    draw_foot(self, &foot);
    list_draw(&self->list, &list);
}

/* ---- life and keys ------------------------------------------------------------------------- */

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct exports *self = (struct exports *)s;
    const struct plan_place *at = arg;

    (void)err;
    self->plan_id = mem_str(at->plan_id);
    self->name = mem_str(at->name);
    list_init(&self->list, draw_row, self);
    read_again(s);
    return true;
}

static void leave(struct screen *s)
{
    struct exports *self = (struct exports *)s;

    free_listing(self->l);
    free(self->plan_id);
    free(self->name);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_EXPORTS);
    contexts_add(cs, CONTEXT_LIST);
}

static bool can_write(const struct exports *self, size_t row)
{
    return self->l && row < ARRAY_LEN(formats) && self->l->available[row];
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct exports *self = (const struct exports *)s;
    const struct export_job *job = file_at(self, self->list.cursor);
    bool copies = job && *path_of(job);

    switch (a) {
    case ACTION_EXPORTS_OPEN:
        return copies || can_write(self, self->list.cursor);
    case ACTION_EXPORTS_COPY:
        return copies;
    case ACTION_EXPORTS_MARKDOWN:
        return can_write(self, 0);
    default:
        return true;
    }
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    crumb_join(s, ((const struct exports *)s)->name, "Exports", out);
}

/* Whether it arrived nobody can know, so nobody is told that it did. */
static void copy_path(struct exports *self)
{
    const char *path = path_of(file_at(self, self->list.cursor));

    if (terminal_copy(self->base.app->term, path, strlen(path)))
        app_toast(self->base.app, ROLE_OK, "Handed to the terminal's clipboard: %s", path);
    else
        app_toast(self->base.app, ROLE_WARN, "The path is too long for the clipboard.");
}

static void write_file(struct exports *self, enum export_format format)
{
    exporting_start(&self->base, self->plan_id, format, read_again);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    return listing_input(s, &((struct exports *)s)->list, ev, ACTION_EXPORTS_OPEN);
}

static bool act(struct screen *s, enum action a)
{
    struct exports *self = (struct exports *)s;

    switch (a) {
    case ACTION_EXPORTS_OPEN:
        if (file_at(self, self->list.cursor))
            copy_path(self);
        else
            write_file(self, formats[self->list.cursor]);
        return true;
    case ACTION_EXPORTS_COPY:
        copy_path(self);
        return true;
    case ACTION_EXPORTS_MARKDOWN:
        write_file(self, EXPORT_MARKDOWN);
        return true;
    default:
        return list_act(&self->list, a);
    }
}

const struct screen_ops screen_exports = {
    .name = "exports",
    .size = sizeof(struct exports),
    .enter = enter,
    .leave = leave,
    .shown = read_again,
    .contexts = contexts,
    .allowed = allowed,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
};
