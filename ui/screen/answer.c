/* answer.c - the change is made on the plan as the store has it when it is saved, not as the screen
 * read it. So whatever else was changed elsewhere stays, in the same table, too; only the answer
 * itself and the row it stands in must be the ones the person saw. */
#include "screen/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/plan.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/draft_journal.h"

enum { TEXT_LIMIT = 1024 * 1024, TRIES = 3, PAST_MAX = 50 };

/* ---- one change ---------------------------------------------------------------------------- */

static char *typed_of(const struct intake *questions, const struct plan *plan, const char *path)
{
    struct strbuf out;

    strbuf_init(&out, TEXT_LIMIT);
    intake_typed(questions, plan->intake_data, path, &out);
    return strbuf_take(&out);
}

/* The first column of the row that `path` is in: what tells a row from the one that took its
 * number. */
static char *row_of(const struct intake *questions, const struct plan *plan, const char *path)
{
    size_t table = strcspn(path, "."), row = path[table] ? strcspn(path + table + 1, ".") : 0;
    char *top = mem_strn(path, table), *first, *text;
    const struct question *q = intake_question(questions, top);

    free(top);
    if (!q || q->type != QUESTION_TABLE || !row)
        return mem_str("");
    first = mem_printf("%.*s.%s", (int)(table + 1 + row), path, q->columns[0].field);
    text = strcmp(first, path) == 0 ? mem_str("") : typed_of(questions, plan, first);
    free(first);
    return text;
}

void answer_change_init(struct answer_change *c, const struct intake *questions,
                        const struct plan *plan, const char *path, const char *typed,
                        const char *label)
{
    *c = (struct answer_change){.path = mem_str(path),
                                .typed = mem_str(typed),
                                .seen = typed_of(questions, plan, path),
                                .row = row_of(questions, plan, path),
                                .label = mem_str(label)};
    snprintf(c->plan_id, sizeof c->plan_id, "%s", plan->id);
}

void answer_change_finish(struct answer_change *c)
{
    free(c->path);
    free(c->typed);
    free(c->seen);
    free(c->row);
    free(c->label);
    *c = (struct answer_change){0};
}

static bool would_do(const struct intake *questions, const struct plan *plan, const char *path,
                     const char *typed)
{
    struct err ignored = {0};
    bson_t scratch;
    bool ok;

    bson_copy_to(plan->intake_data, &scratch);
    ok = intake_set(questions, path, typed, &scratch, &ignored);
    bson_destroy(&scratch);
    return ok;
}

bool answer_follows(const struct intake *questions, const struct plan *plan, const char *path)
{
    char *typed = typed_of(questions, plan, path);
    bool follows =
        *typed && !would_do(questions, plan, path, typed) && !would_do(questions, plan, path, "");

    free(typed);
    return follows;
}

static char *kept_path(const char *path)
{
    return mem_printf("typed.%s", path);
}

const char *answer_kept(const struct plan *plan, const char *path)
{
    char *key = kept_path(path);
    const char *text = doc_str(plan->metadata, key, NULL);

    free(key);
    return text;
}

/* A text that fills sets more than its own cell, so that only the table can be put back. */
static bool fills(const struct answer_change *c)
{
    return c->typed[strspn(c->typed, " \t")] == '>' && strchr(c->path, '.');
}

static void make_undo(const struct answer_change *c, const struct intake *questions,
                      const struct plan *before, const struct plan *after,
                      struct answer_change *undo)
{
    char *path = fills(c) ? mem_strn(c->path, strcspn(c->path, ".")) : mem_str(c->path);
    char *old = typed_of(questions, before, path);

    answer_change_init(undo, questions, after, path, old, c->label);
    free(old);
    free(path);
}

/* ---- saving -------------------------------------------------------------------------------- */

static bool copy_plan(const struct plan *from, struct plan *to)
{
    struct err err = {0};
    bson_t doc;
    bool ok;

    record_write(COLL_PLANS, from, &doc);
    ok = record_read(COLL_PLANS, &doc, to, &err);
    bson_destroy(&doc);
    return ok;
}

static bool is_as_seen(const struct answer_change *c, const struct intake *questions,
                       const struct plan *theirs, struct err *err)
{
    char *now = typed_of(questions, theirs, c->path), *row = row_of(questions, theirs, c->path);
    bool same_row = strcmp(row, c->row) == 0, same = strcmp(now, c->seen) == 0;
    struct strbuf shown;

    strbuf_init(&shown, TEXT_LIMIT);
    intake_shown(questions, theirs->intake_data, c->path, &shown);
    if (!same_row)
        err_set(err, ERR_CONFLICT, 0, "The rows were changed elsewhere meanwhile");
    else if (!same)
        err_set(err, ERR_CONFLICT, 0, "This was changed elsewhere meanwhile: %s%.120s",
                shown.len ? "it is " : "it has no answer now", shown.data);
    strbuf_finish(&shown);
    free(now);
    free(row);
    return same && same_row;
}

/* What `after` is to be: the plan in the store with the one answer changed. */
static bool apply(const struct answer_change *c, const struct intake *questions, struct plan *after,
                  struct err *err)
{
    char *key = kept_path(c->path);

    doc_unset(after->metadata, key);
    free(key);
    return intake_set(questions, c->path, c->typed, after->intake_data, err);
}

/* The store does not take it: what is kept there already of other answers stays. */
static void keep_aside(const struct answer_change *c, const struct intake *questions,
                       const struct plan *theirs)
{
    struct plan before = {0}, ours = {0};
    struct err ignored = {0};

    if (!draft_journal_get(theirs, &before, &ours) &&
        !(copy_plan(theirs, &before) && copy_plan(theirs, &ours)))
        return;
    if (intake_set(questions, c->path, c->typed, ours.intake_data, &ignored))
        draft_journal_put(&before, &ours);
    record_finish(COLL_PLANS, &before);
    record_finish(COLL_PLANS, &ours);
}

static enum answer_outcome save_over(const struct bench *bench, const struct answer_change *c,
                                     const struct plan *theirs, struct answer_change *undo,
                                     struct err *err)
{
    const struct intake *questions = house_intake(bench->house, err);
    enum answer_outcome outcome = ANSWER_WRONG;
    struct plan after = {0};

    if (!questions || !copy_plan(theirs, &after))
        return ANSWER_WRONG;
    if (!apply(c, questions, &after, err))
        goto out;
    if (plan_save(bench->actor, bench->house, theirs, &after, err)) {
        make_undo(c, questions, theirs, &after, undo);
        outcome = ANSWER_SAVED;
    } else if (err->code == ERR_CONFLICT) {
        outcome = ANSWER_ELSEWHERE;
    } else if (err->code == ERR_OFFLINE || err->code == ERR_IO) {
        keep_aside(c, questions, theirs);
        outcome = ANSWER_KEPT;
    }
out:
    record_finish(COLL_PLANS, &after);
    return outcome;
}

enum answer_outcome answer_save_now(const struct bench *bench, const struct answer_change *c,
                                    bool anyway, struct answer_change *undo, struct err *err)
{
    const struct intake *questions = house_intake(bench->house, err);
    enum answer_outcome outcome = ANSWER_ELSEWHERE;

    /* Somebody may save between reading and writing: then it is read and compared again. */
    for (int i = 0; questions && i < TRIES && outcome == ANSWER_ELSEWHERE; i++) {
        struct plan theirs = {0};

        if (!plan_repo_find(bench->actor, c->plan_id, &theirs, err))
            return ANSWER_WRONG;
        if (!anyway && !is_as_seen(c, questions, &theirs, err))
            i = TRIES;
        else
            outcome = save_over(bench, c, &theirs, undo, err);
        record_finish(COLL_PLANS, &theirs);
    }
    return questions ? outcome : ANSWER_WRONG;
}

/* ---- the past ------------------------------------------------------------------------------ */

struct answer_past {
    struct answer_change items[PAST_MAX]; /* how to take each back, newest last */
    size_t count;
};

static void remember(struct app *app, struct answer_change *undo)
{
    struct answer_past *past = app->answers;

    if (!past)
        past = app->answers = mem_zero(1, sizeof *past);
    if (past->count == PAST_MAX) {
        answer_change_finish(&past->items[0]);
        memmove(&past->items[0], &past->items[1], (PAST_MAX - 1) * sizeof past->items[0]);
        past->count--;
    }
    past->items[past->count++] = *undo;
    *undo = (struct answer_change){0};
}

/* The place of the last one of the plan; `count` if there is none. */
static size_t last_of(const struct answer_past *past, const char *plan_id)
{
    size_t i = past ? past->count : 0;

    while (i > 0 && strcmp(past->items[i - 1].plan_id, plan_id) != 0)
        i--;
    return i ? i - 1 : past ? past->count : 0;
}

bool answer_past_has(const struct app *app, const char *plan_id)
{
    return app->answers && last_of(app->answers, plan_id) < app->answers->count;
}

static bool take_last(struct app *app, const char *plan_id, struct answer_change *out)
{
    struct answer_past *past = app->answers;
    size_t i;

    if (!answer_past_has(app, plan_id))
        return false;
    i = last_of(past, plan_id);
    *out = past->items[i];
    memmove(&past->items[i], &past->items[i + 1], (past->count - i - 1) * sizeof past->items[0]);
    past->count--;
    return true;
}

void answer_past_free(struct answer_past *past)
{
    for (size_t i = 0; past && i < past->count; i++)
        answer_change_finish(&past->items[i]);
    free(past);
}

/* ---- by the worker ------------------------------------------------------------------------- */

struct answer_job {
    struct job base;
    struct answer_change change, undo;
    bool anyway, undoing;
    enum answer_outcome outcome;
    struct err err;
    void (*got)(struct screen *owner, enum answer_outcome outcome, const struct err *err);
    void (*kept)(struct screen *owner);
};

static void work(struct job *base, struct bench *bench)
{
    struct answer_job *job = (struct answer_job *)base;

    job->outcome = answer_save_now(bench, &job->change, job->anyway, &job->undo, &job->err);
}

static void tell_undone(const struct answer_job *job, struct app *app)
{
    if (job->outcome == ANSWER_SAVED)
        app_toast(app, ROLE_OK, "Undone: %s is what it was before.", job->change.label);
    else
        app_toast(app, ROLE_WARN, "%s was not put back. %s.", job->change.label, job->err.msg);
}

static void done(struct job *base, struct app *app)
{
    struct answer_job *job = (struct answer_job *)base;

    if (job->undoing)
        tell_undone(job, app);
    else if (job->outcome == ANSWER_SAVED)
        remember(app, &job->undo);
    app_dirty(app);
    job->got(base->owner, job->outcome, &job->err);
}

static void discard(struct job *base)
{
    struct answer_job *job = (struct answer_job *)base;

    answer_change_finish(&job->change);
    answer_change_finish(&job->undo);
    free(job);
}

static void submit(struct screen *owner, struct answer_change *c, bool anyway, bool undoing,
                   void (*got)(struct screen *owner, enum answer_outcome outcome,
                               const struct err *err))
{
    struct answer_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){
        .work = work, .done = done, .discard = discard, .owner = owner, .flags = JOB_MUST};
    job->change = *c;
    job->anyway = anyway;
    job->undoing = undoing;
    job->got = got;
    *c = (struct answer_change){0};
    app_submit(owner->app, &job->base);
}

void answer_save(struct screen *owner, struct answer_change *c, bool anyway,
                 void (*got)(struct screen *owner, enum answer_outcome outcome,
                             const struct err *err))
{
    submit(owner, c, anyway, false, got);
}

bool answer_undo(struct screen *owner, const char *plan_id,
                 void (*got)(struct screen *owner, enum answer_outcome outcome,
                             const struct err *err))
{
    struct answer_change last;

    if (!take_last(owner->app, plan_id, &last))
        return false;
    submit(owner, &last, false, true, got);
    return true;
}

/* ---- keeping what is typed ----------------------------------------------------------------- */

static void work_keep(struct job *base, struct bench *bench)
{
    struct answer_job *job = (struct answer_job *)base;
    char *key = kept_path(job->change.path);
    bool kept = false;

    for (int i = 0; i < TRIES && !kept && (!i || job->err.code == ERR_CONFLICT); i++) {
        struct plan theirs = {0}, after = {0};

        if (!plan_repo_find(bench->actor, job->change.plan_id, &theirs, &job->err))
            break;
        if (copy_plan(&theirs, &after)) {
            if (*job->change.typed)
                doc_set_str(after.metadata, key, job->change.typed);
            else
                doc_unset(after.metadata, key);
            kept = plan_save(bench->actor, bench->house, &theirs, &after, &job->err);
            record_finish(COLL_PLANS, &after);
        }
        record_finish(COLL_PLANS, &theirs);
    }
    job->outcome = kept ? ANSWER_SAVED : ANSWER_WRONG;
    free(key);
}

static void done_keeping(struct job *base, struct app *app)
{
    struct answer_job *job = (struct answer_job *)base;

    app_dirty(app);
    if (job->kept && job->outcome == ANSWER_SAVED)
        job->kept(base->owner);
}

void answer_keep(struct app *app, struct answer_change *c, struct screen *owner,
                 void (*kept)(struct screen *owner))
{
    struct answer_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = work_keep,
                             .done = done_keeping,
                             .discard = discard,
                             .owner = owner,
                             .flags = JOB_MUST};
    job->kept = kept;
    job->change = *c;
    *c = (struct answer_change){0};
    app_submit(app, &job->base);
}
