/* plan_pages.c - one page under way at a time. What is read again goes into rows of its own and takes
 * the place of the old ones when there is as much of it, so that a list never shrinks under its
 * reader. */
#include "screen/plan_pages.h"

#include <stdlib.h>

#include "strattio/mem.h"
#include "strattio/plan_repo.h"

#include "app.h"

enum { LARGE_PAGE = 2000 };

struct page_job {
    struct job base;
    struct plan_pages *pages;
    char *after;
    int64_t limit;
    bool first;
    int64_t total;
    struct plan_row *rows;
    size_t count;
    char *next;
    bool ok;
    struct err err;
};

static void page_work(struct job *base, struct bench *bench)
{
    struct page_job *job = (struct page_job *)base;
    struct plan_filter filter = {
        .status = PLAN_STATUS_COUNT, .limit = job->limit, .after = job->after};
    struct plan_page page = {0};

    job->ok = plan_repo_list(bench->actor, &filter, &page, &job->err);
    if (!job->ok)
        return;
    job->rows = mem_zero(page.count + 1, sizeof *job->rows);
    for (; job->count < page.count; job->count++)
        plan_row_make(&page.plans[job->count], &job->rows[job->count]);
    job->next = page.next;
    page.next = NULL;
    plan_page_finish(&page);
    if (job->first && job->next && /* else what is read is all there is */
        !plan_repo_count(bench->actor, PLAN_STATUS_COUNT, &job->total, &job->err))
        job->total = 0;
}

static void page_discard(struct job *base)
{
    struct page_job *job = (struct page_job *)base;

    for (size_t i = 0; i < job->count; i++)
        plan_row_finish(&job->rows[i]);
    free(job->rows);
    free(job->next);
    free(job->after);
    free(job);
}

static void take_page(struct plan_pages *p, struct page_job *job)
{
    plan_rows_add(p->again_reading ? &p->fresh : p->rows, job->rows, job->count);
    job->count = 0; /* they are ours now */
    free(p->next);
    p->next = job->next;
    job->next = NULL;
    if (job->first)
        p->total = job->total;
}

static void page_failed(struct plan_pages *p, const struct err *err)
{
    plan_rows_finish(&p->fresh);
    p->again_reading = false;
    p->err = *err;
    if (p->rows->count) /* what was read before stays in sight */
        app_error(p->owner->app, err);
}

static void ask(struct plan_pages *p, bool first, int64_t limit);

static void page_done(struct job *base, struct app *app)
{
    struct page_job *job = (struct page_job *)base;
    struct plan_pages *p = job->pages;

    p->asked = false;
    p->read = true;
    app_dirty(app);
    if (!job->ok) {
        page_failed(p, &job->err);
        return;
    }
    p->err = (struct err){0};
    p->changing(p->owner);
    take_page(p, job);
    if (p->again_reading && p->next && p->fresh.count < p->rows->count) {
        ask(p, false, LARGE_PAGE);
        return;
    }
    if (p->again_reading)
        plan_rows_replace(p->rows, &p->fresh);
    p->again_reading = false;
    if (p->again)
        plan_pages_again(p);
    p->changed(p->owner);
}

static void ask(struct plan_pages *p, bool first, int64_t limit)
{
    struct page_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){
        .work = page_work, .done = page_done, .discard = page_discard, .owner = p->owner};
    job->pages = p;
    job->after = first ? NULL : mem_str(p->next);
    job->first = first;
    job->limit = limit;
    p->asked = true;
    app_submit(p->owner->app, &job->base);
}

void plan_pages_begin(struct plan_pages *p, struct screen *owner, struct plan_rows *rows,
                      void (*changing)(struct screen *), void (*changed)(struct screen *))
{
    *p =
        (struct plan_pages){.owner = owner, .rows = rows, .changing = changing, .changed = changed};
    plan_rows_init(&p->fresh);
    ask(p, true, PLAN_PAGE);
}

void plan_pages_finish(struct plan_pages *p)
{
    plan_rows_finish(&p->fresh);
    free(p->next);
    *p = (struct plan_pages){0};
}

void plan_pages_more(struct plan_pages *p, bool all)
{
    if (!p->asked && p->next)
        ask(p, false, all ? LARGE_PAGE : PLAN_PAGE);
}

void plan_pages_again(struct plan_pages *p)
{
    p->again = p->asked;
    if (p->asked)
        return;
    plan_rows_finish(&p->fresh);
    p->again_reading = p->rows->count > 0;
    ask(p, true, PLAN_PAGE);
}
