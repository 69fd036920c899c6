/* plan_changes.c - a batch goes to the worker in slices, so that whoever opens a plan meanwhile does
 * not wait for a thousand others. What failed does not stop the rest: the message says how many
 * were done, and of the first that was not, why. */
#include "screen/plan_changes.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/export.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/plan_fields.h"

enum { SLICE = 8, UNDOS_MAX = 50, NAMES_TOLD = 2 };

static const struct change_words {
    const char *verb, *detail;
    const char *one, *many; /* told after the name, or after how many */
    const char *undone;     /* "Undid: archived Harbour Bakery"; NULL if it cannot be undone */
    enum plan_change inverse;
} words[] = {
    [PLAN_CHANGE_ARCHIVE] = {"archive", "Nothing is lost: what is archived can be taken out again.",
                             "is in the archive; nothing of it is lost",
                             "are in the archive; nothing of them is lost", "archived",
                             PLAN_CHANGE_RESTORE},
    [PLAN_CHANGE_RESTORE] = {"take out of the archive", "Listed with the others again.",
                             "is back among the plans", "are back among the plans",
                             "took out of the archive", PLAN_CHANGE_ARCHIVE},
    [PLAN_CHANGE_RENAME] = {"rename", "", "is its name now", "are renamed", "renamed",
                            PLAN_CHANGE_RENAME},
    [PLAN_CHANGE_DUPLICATE] = {"duplicate",
                               "Each copy is a new draft with the same answers and takes a slot of "
                               "this month's plans.",
                               "has a copy now, a new draft", "have a copy now, each a new draft",
                               NULL, PLAN_CHANGE_DELETE},
    [PLAN_CHANGE_EXPORT] = {"export",
                            "Each is written to a Markdown file in the folder you started in.",
                            "is written to", "are written to the folder you started in", NULL,
                            PLAN_CHANGE_EXPORT},
    [PLAN_CHANGE_DELETE] =
        {"delete",
         "Answers, sections, figures and checklist go, too, and cannot be brought "
         "back. Files you exported stay.",
         "is deleted", "are deleted", NULL, PLAN_CHANGE_DELETE},
};

struct target { /* owns its texts */
    char *id, *name, *new_name;
    char *written; /* of an export */
    bool done;
};

struct batch {
    enum plan_change change;
    bool undoing;
    struct target *items;
    size_t count, at;
    size_t done;
    struct err err;     /* of the first that failed */
    const char *failed; /* its name */
};

struct undo {
    enum plan_change change; /* that was made */
    struct target *items;
    size_t count;
};

struct change_job {
    struct job base;
    struct plan_changes *changes; /* lives as long as the owner */
    struct batch *batch;
};

static void free_targets(struct target *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(items[i].id);
        free(items[i].name);
        free(items[i].new_name);
        free(items[i].written);
    }
    free(items);
}

static void free_batch(struct batch *b)
{
    if (!b)
        return;
    free_targets(b->items, b->count);
    free(b);
}

/* ---- in the worker ------------------------------------------------------------------------- */

static bool rename_plan(struct bench *bench, struct target *t, struct err *err)
{
    struct plan before, after;
    bool ok;

    if (!plan_repo_find(bench->actor, t->id, &before, err))
        return false;
    ok = plan_repo_find(bench->actor, t->id, &after, err);
    if (ok) {
        ok = plan_field_set(&after, plan_fields[0].field, t->new_name, err) &&
             plan_save(bench->actor, bench->house, &before, &after, err);
        record_finish(COLL_PLANS, &after);
    }
    record_finish(COLL_PLANS, &before);
    return ok;
}

static bool duplicate_plan(struct bench *bench, struct target *t, struct err *err)
{
    struct plan from, copy;
    bool ok;

    if (!plan_repo_find(bench->actor, t->id, &from, err))
        return false;
    ok = plan_duplicate(bench->actor, &from, NULL, &copy, err);
    if (ok)
        record_finish(COLL_PLANS, &copy);
    record_finish(COLL_PLANS, &from);
    return ok;
}

/* Two plans of one name in a batch would be one file: the later one is told apart by its id. */
static char *own_file(const struct batch *b, size_t at)
{
    char *name = export_file_name(b->items[at].name, EXPORT_MARKDOWN), *own = NULL;

    for (size_t i = 0; i < at && !own; i++) {
        char *other = export_file_name(b->items[i].name, EXPORT_MARKDOWN);

        if (strcmp(name, other) == 0) {
            char *told = mem_printf("%s %s", b->items[at].name, b->items[at].id);

            own = export_file_name(told, EXPORT_MARKDOWN);
            free(told);
        }
        free(other);
    }
    if (!own)
        return name;
    free(name);
    return own;
}

static bool export_one(struct bench *bench, struct batch *b, struct target *t, struct err *err)
{
    char *path = own_file(b, (size_t)(t - b->items));
    bool ok =
        export_plan(bench->actor, bench->house, t->id, EXPORT_MARKDOWN, path, &t->written, err);

    free(path);
    return ok;
}

static bool change_one(struct bench *bench, struct batch *b, struct target *t, struct err *err)
{
    switch (b->change) {
    case PLAN_CHANGE_ARCHIVE:
    case PLAN_CHANGE_RESTORE:
        return plan_repo_archive(bench->actor, t->id, b->change == PLAN_CHANGE_ARCHIVE, err);
    case PLAN_CHANGE_RENAME:
        return rename_plan(bench, t, err);
    case PLAN_CHANGE_DUPLICATE:
        return duplicate_plan(bench, t, err);
    case PLAN_CHANGE_EXPORT:
        return export_one(bench, b, t, err);
    case PLAN_CHANGE_DELETE:
        break;
    }
    return plan_repo_delete(bench->actor, t->id, err);
}

bool plan_change_now(struct bench *bench, enum plan_change change, const struct plan_target *target,
                     char **written, struct err *err)
{
    struct target t = {.id = mem_str(target->id),
                       .name = mem_str(target->name),
                       .new_name = mem_str(target->new_name)};
    struct batch b = {.change = change, .items = &t, .count = 1};
    bool ok = change_one(bench, &b, &t, err);

    *written = t.written;
    free(t.id);
    free(t.name);
    free(t.new_name);
    return ok;
}

const char *plan_change_told(enum plan_change change)
{
    return words[change].one;
}

const char *plan_change_undone(enum plan_change change, enum plan_change *inverse)
{
    *inverse = words[change].inverse;
    return words[change].undone;
}

static void work(struct job *base, struct bench *bench)
{
    struct batch *b = ((struct change_job *)base)->batch;
    size_t end = b->count - b->at > SLICE ? b->at + SLICE : b->count;

    for (; b->at < end; b->at++) {
        struct target *t = &b->items[b->at];
        struct err err = {0};

        t->done = change_one(bench, b, t, &err);
        b->done += t->done;
        if (!t->done && !b->failed) {
            b->err = err;
            b->failed = t->name;
        }
    }
}

/* ---- what came of it ----------------------------------------------------------------------- */

/* "Harbour Bakery", "3 plans" */
static void put_what(const struct batch *b, struct strbuf *out)
{
    if (b->count == 1)
        strbuf_str(out, b->items[0].name);
    else
        strbuf_printf(out, "%zu plans", b->done);
}

static void put_key(struct app *app, struct strbuf *out)
{
    strbuf_str(out, "; ");
    keymap_keys(app->keys, ACTION_PLANS_UNDO, terminal_utf8(app->term), out);
    strbuf_str(out, " undoes it");
}

static void tell(struct app *app, const struct batch *b)
{
    const struct change_words *w = &words[b->change];
    struct strbuf text;

    if (!b->done) {
        app_error(app, &b->err);
        return;
    }
    strbuf_init(&text, 2048);
    if (b->undoing) {
        strbuf_printf(&text, "Undid: %s ", words[w->inverse].undone);
        put_what(b, &text);
    } else if (b->change == PLAN_CHANGE_RENAME && b->count == 1) {
        strbuf_printf(&text, "%s %s", b->items[0].new_name, w->one);
    } else {
        put_what(b, &text);
        strbuf_printf(&text, " %s", b->done == 1 ? w->one : w->many);
        if (b->count == 1 && b->items[0].written)
            strbuf_printf(&text, " %s", b->items[0].written);
    }
    if (b->failed)
        strbuf_printf(&text, ", %zu not. %s: %s", b->count - b->done, b->failed, b->err.msg);
    else if (w->undone && !b->undoing)
        put_key(app, &text);
    app_toast(app, b->failed ? ROLE_WARN : ROLE_OK, "%s%s", text.data, b->failed ? "" : ".");
    strbuf_finish(&text);
}

static void forget_undo(struct plan_changes *c, size_t i)
{
    free_targets(c->undos[i].items, c->undos[i].count);
    c->undo_count--;
    memmove(c->undos + i, c->undos + i + 1, (c->undo_count - i) * sizeof *c->undos);
}

/* Keeps what was done, so that it can be taken back; its targets move there. */
static void remember(struct plan_changes *c, struct batch *b)
{
    struct undo *u;

    if (b->undoing || !words[b->change].undone || !b->done)
        return;
    if (c->undo_count == UNDOS_MAX)
        forget_undo(c, 0);
    c->undos = mem_grow(c->undos, &c->undo_cap, c->undo_count + 1, sizeof *c->undos);
    u = &c->undos[c->undo_count++];
    *u = (struct undo){.change = b->change, .items = mem_zero(b->done, sizeof *u->items)};
    for (size_t i = 0; i < b->count; i++) {
        if (!b->items[i].done)
            continue;
        u->items[u->count++] = b->items[i];
        b->items[i] = (struct target){0};
    }
}

static void submit(struct plan_changes *c, struct batch *b);

static void done(struct job *base, struct app *app)
{
    struct change_job *job = (struct change_job *)base;
    struct batch *b = job->batch;

    job->batch = NULL;
    if (b->at < b->count) {
        submit(job->changes, b);
        return;
    }
    tell(app, b);
    remember(job->changes, b);
    free_batch(b);
    job->changes->changed(base->owner);
}

static void discard(struct job *base)
{
    free_batch(((struct change_job *)base)->batch);
    free(base);
}

static void submit(struct plan_changes *c, struct batch *b)
{
    struct change_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){
        .work = work, .done = done, .discard = discard, .owner = c->owner, .flags = JOB_MUST};
    job->changes = c;
    job->batch = b;
    app_submit(c->owner->app, &job->base);
}

/* ---- asking for it ------------------------------------------------------------------------- */

void plan_changes_init(struct plan_changes *c, struct screen *owner,
                       void (*changed)(struct screen *owner))
{
    *c = (struct plan_changes){.owner = owner, .changed = changed};
}

void plan_changes_finish(struct plan_changes *c)
{
    while (c->undo_count)
        forget_undo(c, c->undo_count - 1);
    free(c->undos);
    c->undos = NULL;
}

void plan_changes_do(struct plan_changes *c, enum plan_change change,
                     const struct plan_target *targets, size_t count)
{
    struct batch *b;

    if (!count)
        return;
    b = mem_zero(1, sizeof *b);
    b->change = change;
    b->items = mem_zero(count, sizeof *b->items);
    b->count = count;
    for (size_t i = 0; i < count; i++)
        b->items[i] = (struct target){.id = mem_str(targets[i].id),
                                      .name = mem_str(targets[i].name),
                                      .new_name = mem_str(targets[i].new_name)};
    submit(c, b);
}

bool plan_changes_can_undo(const struct plan_changes *c)
{
    return c->undo_count > 0;
}

void plan_changes_undo(struct plan_changes *c)
{
    struct undo *u;
    struct batch *b;

    if (!c->undo_count)
        return;
    u = &c->undos[--c->undo_count];
    b = mem_zero(1, sizeof *b);
    b->change = words[u->change].inverse;
    b->undoing = true;
    b->items = u->items;
    b->count = u->count;
    for (size_t i = 0; i < b->count; i++) {
        struct target *t = &b->items[i];
        char *name = t->name;

        t->done = false;
        if (!t->new_name)
            continue;
        t->name = t->new_name; /* back from the new name to the old one */
        t->new_name = name;
    }
    submit(c, b);
}

/* ---- the question before it ---------------------------------------------------------------- */

const char *plan_changes_verb(enum plan_change change)
{
    return words[change].verb;
}

char *plan_changes_question(enum plan_change change, const struct plan_target *targets,
                            size_t count)
{
    const char *verb = words[change].verb;

    if (count == 1)
        return mem_printf("%c%s “%s”?", verb[0] - 'a' + 'A', verb + 1, targets[0].name);
    return mem_printf("%c%s %zu plans?", verb[0] - 'a' + 'A', verb + 1, count);
}

char *plan_changes_detail(enum plan_change change, const struct plan_target *targets, size_t count)
{
    size_t told = count <= NAMES_TOLD + 1 ? count : NAMES_TOLD;
    struct strbuf text;

    if (count == 1)
        return mem_str(words[change].detail);
    strbuf_init(&text, 4096);
    for (size_t i = 0; i < told; i++)
        strbuf_printf(&text, "%s%s",
                      i == 0           ? ""
                      : i + 1 == count ? " and "
                                       : ", ",
                      targets[i].name);
    if (told < count)
        strbuf_printf(&text, " and %zu more", count - told);
    strbuf_printf(&text, ". %s", words[change].detail);
    return strbuf_take(&text);
}
