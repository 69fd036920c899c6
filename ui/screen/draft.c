/* draft.c - three documents make a save: what we started from, what is on screen, and what the
 * store has by now. Fields that we changed go over theirs, all others are theirs: so two people,
 * or two terminals, do not undo each other's work. The same merge brings the draft up to date
 * once a save is through, since more may have been typed while it was under way.
 *
 * The screen may leave while a save is under way; what the job needs after that lives in a
 * keeper that outlasts both. */
#include "screen/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/intake.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/draft_journal.h"
#include "screen/loaded.h"
#include "screen/plan_fields.h"
#include "screen/plan_words.h"

enum { TRIES = 4, RETRY_MS = 5000, TEXT_LIMIT = 1024 * 1024 };

struct draft_keeper {
    int holders;
    struct draft *draft; /* NULL once it has finished */
};

static void keeper_let_go(struct draft_keeper *k)
{
    if (--k->holders == 0)
        free(k);
}

static void copy_plan(const struct plan *from, struct plan *to)
{
    struct err err = {0};
    bson_t doc;

    record_write(COLL_PLANS, from, &doc);
    if (!record_read(COLL_PLANS, &doc, to, &err)) { /* what we wrote ourselves can be read */
        log_err("copying a plan", &err);
        record_init(COLL_PLANS, to);
    }
    bson_destroy(&doc);
}

/* ---- merging ------------------------------------------------------------------------------- */

static bool same_at(const bson_t *a, const bson_t *b, const char *key)
{
    bson_t one = BSON_INITIALIZER, other = BSON_INITIALIZER;
    bson_iter_t it;
    bool same;

    if (bson_iter_init_find(&it, a, key))
        bson_append_iter(&one, "v", 1, &it);
    if (bson_iter_init_find(&it, b, key))
        bson_append_iter(&other, "v", 1, &it);
    same = doc_equal(&one, &other);
    bson_destroy(&one);
    bson_destroy(&other);
    return same;
}

/* Puts what `ours` changed against `base` into `theirs`, field by field. */
static void merge_doc(const bson_t *base, const bson_t *ours, bson_t *theirs)
{
    bson_iter_t it;

    bson_iter_init(&it, ours);
    while (bson_iter_next(&it)) {
        if (!same_at(base, ours, bson_iter_key(&it)))
            doc_set(theirs, bson_iter_key(&it), bson_iter_value(&it));
    }
    bson_iter_init(&it, base);
    while (bson_iter_next(&it)) {
        if (!bson_has_field(ours, bson_iter_key(&it)))
            doc_unset(theirs, bson_iter_key(&it));
    }
}

static void merge_kept(const bson_t *base, const bson_t *ours, bson_t *theirs)
{
    bson_t base_typed, our_typed, theirs_typed, merged;

    doc_view(base, "typed", &base_typed);
    doc_view(ours, "typed", &our_typed);
    doc_view(theirs, "typed", &theirs_typed);
    bson_copy_to(&theirs_typed, &merged);
    merge_doc(&base_typed, &our_typed, &merged);
    if (bson_empty(&merged))
        doc_unset(theirs, "typed");
    else
        doc_set_doc(theirs, "typed", &merged, false);
    bson_destroy(&merged);
    if (doc_has(ours, "place"))
        doc_set_str(theirs, "place", doc_str(ours, "place", NULL));
}

static void merge_plan(const struct plan *base, const struct plan *ours, struct plan *theirs)
{
    if (strcmp(ours->name, base->name) != 0) {
        free(theirs->name);
        theirs->name = mem_str(ours->name);
    }
    if (ours->plan_purpose != base->plan_purpose)
        theirs->plan_purpose = ours->plan_purpose;
    merge_doc(base->intake_data, ours->intake_data, theirs->intake_data);
    merge_kept(base->metadata, ours->metadata, theirs->metadata);
}

/* ---- the save ------------------------------------------------------------------------------ */

struct save_job {
    struct job base;
    struct draft_keeper *keeper;
    struct plan before; /* as the store had it when the draft last knew */
    struct plan ours;   /* what the draft was when it was sent */
    struct plan after;  /* what the store has now, if it worked */
    bool ok;
    struct err err;
};

static bool save_once(struct save_job *job, struct bench *bench, const struct plan *before)
{
    copy_plan(before, &job->after);
    merge_plan(&job->before, &job->ours, &job->after);
    job->ok = plan_save(bench->actor, bench->house, before, &job->after, &job->err);
    if (!job->ok)
        record_finish(COLL_PLANS, &job->after);
    return job->ok;
}

static void work(struct job *base, struct bench *bench)
{
    struct save_job *job = (struct save_job *)base;
    struct plan theirs;

    save_once(job, bench, &job->before);
    for (int i = 0; i < TRIES && !job->ok && job->err.code == ERR_CONFLICT; i++) {
        if (!plan_repo_find(bench->actor, job->before.id, &theirs, &job->err))
            break;
        save_once(job, bench, &theirs);
        record_finish(COLL_PLANS, &theirs);
    }
    if (job->ok)
        draft_journal_drop(job->before.id);
    else
        draft_journal_put(&job->before, &job->ours);
}

static void retry(void *arg)
{
    struct draft *d = arg;

    draft_save(d);
}

/* Brings the draft up to what a save came to; false if it failed. */
static bool take_saved(struct draft *d, struct save_job *job)
{
    struct plan next;

    d->saving = false;
    if (!job->ok) {
        d->err = job->err;
        d->changed = true;
        return false;
    }
    d->err = (struct err){0};
    d->saved_at = clock_now_ms();
    copy_plan(&job->after, &next);
    merge_plan(&job->ours, &d->plan, &next);
    record_finish(COLL_PLANS, &d->plan);
    record_finish(COLL_PLANS, &d->saved);
    d->plan = next;
    d->saved = job->after;
    job->after = (struct plan){0};
    job->ok = false; /* nothing of it is left to free */
    return true;
}

static void done(struct job *base, struct app *app)
{
    struct save_job *job = (struct save_job *)base;
    struct draft *d = job->keeper->draft;

    app_dirty(app);
    if (!d)
        return;
    if (!take_saved(d, job)) {
        if (job->err.code != ERR_INVALID)
            loop_timer(app->loop, RETRY_MS, retry, d);
        return;
    }
    draft_save(d);
    if (!d->saving && d->settled)
        d->settled(d->arg);
}

static void discard(struct job *base)
{
    struct save_job *job = (struct save_job *)base;

    keeper_let_go(job->keeper);
    record_finish(COLL_PLANS, &job->before);
    record_finish(COLL_PLANS, &job->ours);
    if (job->ok)
        record_finish(COLL_PLANS, &job->after);
    free(job);
}

/* What the draft is now, as a job. */
static struct save_job *make_job(struct draft *d)
{
    struct save_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = work, .done = done, .discard = discard, .flags = JOB_MUST};
    job->keeper = d->keeper;
    job->keeper->holders++;
    copy_plan(&d->saved, &job->before);
    copy_plan(&d->plan, &job->ours);
    d->saving = true;
    d->changed = false;
    return job;
}

void draft_save(struct draft *d)
{
    if (d->app && d->open && d->changed && !d->saving)
        app_submit(d->app, &make_job(d)->base);
}

bool draft_save_now(struct draft *d, struct bench *bench, struct err *err)
{
    struct save_job *job;
    bool ok;

    if (!d->open || !d->changed)
        return true;
    job = make_job(d);
    work(&job->base, bench);
    ok = take_saved(d, job);
    if (!ok)
        *err = d->err;
    discard(&job->base);
    return ok;
}

/* ---- life ---------------------------------------------------------------------------------- */

void draft_init(struct draft *d, struct app *app, const struct intake *questions)
{
    *d = (struct draft){.app = app, .questions = questions};
    d->keeper = mem_zero(1, sizeof *d->keeper);
    *d->keeper = (struct draft_keeper){.holders = 1, .draft = d};
}

void draft_open(struct draft *d, const struct loaded *l)
{
    copy_plan(&l->plan, &d->saved);
    copy_plan(&l->plan, &d->plan);
    d->open = true;
    if (!l->has_unsaved)
        return;
    merge_plan(&l->unsaved_before, &l->unsaved_ours, &d->plan);
    d->changed = true;
    draft_save(d);
}

void draft_finish(struct draft *d)
{
    if (!d->keeper)
        return;
    d->saving = false; /* one on its way may meet a newer one: the revision sorts them out */
    draft_save(d);
    if (d->app)
        loop_timer(d->app->loop, -1, retry, d);
    d->keeper->draft = NULL;
    keeper_let_go(d->keeper);
    if (d->open) {
        record_finish(COLL_PLANS, &d->plan);
        record_finish(COLL_PLANS, &d->saved);
    }
    *d = (struct draft){0};
}

/* ---- answers ------------------------------------------------------------------------------- */

static void typed_path(const char *path, struct strbuf *out)
{
    strbuf_init(out, 512);
    strbuf_printf(out, "typed.%s", path);
}

static void forget_typed(struct draft *d, const char *path)
{
    struct strbuf key;
    bson_iter_t it;

    typed_path(path, &key);
    if (doc_find(d->plan.metadata, key.data, &it)) {
        doc_unset(d->plan.metadata, key.data);
        d->changed = true;
    }
    strbuf_finish(&key);
}

void draft_keep(struct draft *d, const char *path, const char *typed)
{
    const char *kept = draft_typed(d, path);
    struct strbuf key;

    if (kept && strcmp(kept, typed) == 0)
        return;
    typed_path(path, &key);
    doc_set_str(d->plan.metadata, key.data, typed);
    strbuf_finish(&key);
    d->changed = true;
}

const char *draft_typed(const struct draft *d, const char *path)
{
    struct strbuf key;
    const char *text;

    typed_path(path, &key);
    text = doc_str(d->plan.metadata, key.data, NULL);
    strbuf_finish(&key);
    return text;
}

/* Documents on the way to a text stay behind when it goes, so that only a text counts. */
static bool holds_text(const bson_iter_t *at)
{
    bson_iter_t it;
    bool has = BSON_ITER_HOLDS_UTF8(at);

    if (has || !BSON_ITER_HOLDS_DOCUMENT(at) || !bson_iter_recurse(at, &it))
        return has;
    while (!has && bson_iter_next(&it))
        has = holds_text(&it);
    return has;
}

bool draft_has_typed(const struct draft *d, const char *path)
{
    struct strbuf key;
    bson_iter_t it;
    bool has;

    typed_path(path ? path : "", &key);
    if (!path)
        strbuf_truncate(&key, strlen("typed"));
    has = doc_find(d->plan.metadata, key.data, &it) && holds_text(&it);
    strbuf_finish(&key);
    return has;
}

bool draft_set(struct draft *d, const char *path, const char *typed, struct err *err)
{
    char *whole = mem_strn(path, strcspn(path, ".")); /* one cell may fill others */
    struct strbuf before, after;
    bool ok;

    strbuf_init(&before, TEXT_LIMIT);
    strbuf_init(&after, TEXT_LIMIT);
    draft_text(d, whole, &before);
    ok = plan_field(path) ? plan_field_set(&d->plan, path, typed, err)
                          : intake_set(d->questions, path, typed, d->plan.intake_data, err);
    draft_text(d, whole, &after);
    if (ok)
        forget_typed(d, path);
    else
        draft_keep(d, path, typed);
    d->changed = d->changed || strcmp(before.data, after.data) != 0;
    strbuf_finish(&before);
    strbuf_finish(&after);
    free(whole);
    return ok;
}

bool draft_judge(const struct draft *d, const char *path, const char *typed, struct err *err)
{
    bson_t scratch;
    bool ok;

    if (plan_field(path))
        return plan_field_set(NULL, path, typed, err);
    bson_copy_to(d->plan.intake_data, &scratch);
    ok = intake_set(d->questions, path, typed, &scratch, err);
    bson_destroy(&scratch);
    return ok;
}

void draft_text(const struct draft *d, const char *path, struct strbuf *out)
{
    if (plan_field(path))
        plan_field_typed(&d->plan, path, out);
    else
        intake_typed(d->questions, d->plan.intake_data, path, out);
}

void draft_shown(const struct draft *d, const char *path, struct strbuf *out)
{
    if (plan_field(path))
        plan_field_shown(&d->plan, path, out);
    else
        intake_shown(d->questions, d->plan.intake_data, path, out);
}

bool draft_answered(const struct draft *d, const char *path)
{
    return plan_field(path) || doc_has(d->plan.intake_data, path);
}

bool draft_locked(const struct draft *d, const struct question *q, const char *path)
{
    struct strbuf typed;
    struct err err = {0};
    bool locked;

    if (q->type == QUESTION_TABLE || !draft_answered(d, path))
        return false;
    strbuf_init(&typed, TEXT_LIMIT);
    draft_text(d, path, &typed);
    locked = !draft_judge(d, path, typed.data, &err) && !draft_judge(d, path, "", &err);
    strbuf_finish(&typed);
    return locked;
}

/* What is kept of the rows of a table goes by their numbers. */
static void forget_row(bson_t *doc, const char *path, size_t row)
{
    bson_t rows, left = BSON_INITIALIZER;
    bson_iter_t it;

    if (!doc_view(doc, path, &rows))
        return;
    bson_iter_init(&it, &rows);
    while (bson_iter_next(&it)) {
        size_t i = strtoul(bson_iter_key(&it), NULL, 10);
        char key[24];

        if (i == row)
            continue;
        snprintf(key, sizeof key, "%zu", i > row ? i - 1 : i);
        bson_append_iter(&left, key, -1, &it);
    }
    if (bson_empty(&left))
        doc_unset(doc, path);
    else
        doc_set_doc(doc, path, &left, false);
    bson_destroy(&left);
}

void draft_remove_row(struct draft *d, const char *table, size_t row)
{
    struct strbuf key;

    intake_remove_row(table, row, d->plan.intake_data);
    typed_path(table, &key);
    forget_row(d->plan.metadata, key.data, row);
    strbuf_finish(&key);
    d->changed = true;
}

bool draft_copy_row(struct draft *d, const char *table, size_t row, struct err *err)
{
    size_t copy = doc_count(d->plan.intake_data, table);
    char *from = mem_printf("typed.%s.%zu", table, row);
    char *to = mem_printf("typed.%s.%zu", table, copy);
    bool ok = intake_copy_row(d->questions, table, row, d->plan.intake_data, err);
    bson_iter_t it;

    if (ok && doc_find(d->plan.metadata, from, &it)) {
        bson_t kept = BSON_INITIALIZER;

        bson_append_iter(&kept, "v", 1, &it);
        if (bson_iter_init_find(&it, &kept, "v"))
            doc_set(d->plan.metadata, to, bson_iter_value(&it));
        bson_destroy(&kept);
    }
    d->changed = d->changed || ok;
    free(from);
    free(to);
    return ok;
}

/* Moves what is kept of one row to another, which has none. */
static void rename_typed(struct draft *d, const char *table, const char *from, const char *to)
{
    char *old = mem_printf("typed.%s.%s", table, from);
    char *now = mem_printf("typed.%s.%s", table, to);
    bson_t kept;

    if (doc_view(d->plan.metadata, old, &kept)) {
        bson_t copy;

        bson_copy_to(&kept, &copy);
        doc_unset(d->plan.metadata, old);
        doc_set_doc(d->plan.metadata, now, &copy, false);
        bson_destroy(&copy);
    }
    free(old);
    free(now);
}

void draft_move_row(struct draft *d, const char *table, size_t row, bool down)
{
    char one[24], other[24];

    snprintf(one, sizeof one, "%zu", row);
    snprintf(other, sizeof other, "%zu", down ? row + 1 : row - 1);
    intake_move_row(table, row, down, d->plan.intake_data);
    rename_typed(d, table, one, "moved");
    rename_typed(d, table, other, one);
    rename_typed(d, table, "moved", other);
    d->changed = true;
}

bool draft_paste(struct draft *d, const struct question *table, const char *text,
                 struct pasted *out, struct err *err)
{
    if (!intake_paste(d->questions, table, text, d->plan.intake_data, out, err))
        return false;
    for (size_t i = 0; i < out->wrong_count; i++) {
        char *path =
            mem_printf("%s.%zu.%s", table->field, out->wrong[i].row, out->wrong[i].column->field);

        draft_keep(d, path, out->wrong[i].text);
        free(path);
    }
    d->changed = true;
    return true;
}

void draft_set_place(struct draft *d, const char *path)
{
    const char *place = draft_place(d);

    if (place && strcmp(place, path) == 0)
        return;
    doc_set_str(d->plan.metadata, "place", path); /* not worth a save of its own */
}

const char *draft_place(const struct draft *d)
{
    return doc_str(d->plan.metadata, "place", NULL);
}

void draft_state(const struct draft *d, struct strbuf *out)
{
    char time[TIME_SIZE];

    if (d->err.code != ERR_NONE) {
        strbuf_str(out, "not saved");
    } else if (d->saving || d->changed) {
        strbuf_str(out, "saving");
    } else if (d->saved_at) {
        local_time(d->saved_at, time);
        strbuf_printf(out, "draft saved %s", time);
    } else {
        strbuf_str(out, "saved");
    }
}
