/* bench_plans.c - the list of a user who has very many plans: `bench_plans FILE COUNT` fills the store FILE,
 * unless it is there, and then opens it and pages through it as the list does. The plans go in past
 * the repositories, in large groups: what is measured is reading them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"
#include "strattio/actor.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/record.h"

enum { GROUP = 5000, PAGE = 200, PAGES = 200, OPENS = 21, TIMEOUT_MS = 5000, ANSWERS = 20 };

static const int64_t first_ms = 1767225600000; /* 2026-01-01 */

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void print_times(const char *name, double *times, size_t count)
{
    qsort(times, count, sizeof *times, by_value);
    printf("%s_ms %.4f\n%s_p99_ms %.4f\n", name, times[count / 2], name, times[count * 99 / 100]);
}

/* ---- filling ----------------------------------------------------------------------------------- */

static void make_plan(const char *user_id, long number, bson_t *out)
{
    struct plan plan;

    record_init(COLL_PLANS, &plan);
    free(plan.id);
    plan.id = mem_zero(ID_LEN + 1, 1);
    id_new(plan.id);
    plan.user_id = mem_str(user_id);
    plan.name = mem_printf("Plan %06ld of a consultant", number);
    plan.created_at = plan.updated_at = first_ms + number * 60000;
    for (int i = 0; i < ANSWERS; i++) { /* a kilobyte and a half of answers */
        char *field = mem_printf("answer_%d", i);

        doc_set_str(plan.intake_data, field, "Families within 1.5 km buy bread three times a week.");
        free(field);
    }
    record_write(COLL_PLANS, &plan, out);
    record_finish(COLL_PLANS, &plan);
}

static bool insert_group(struct store *s, const char *user_id, long from, long count, struct err *err)
{
    bson_t *docs = mem_zero((size_t)count, sizeof *docs);
    const bson_t **list = mem_zero((size_t)count, sizeof *list);
    bool ok;

    for (long i = 0; i < count; i++) {
        make_plan(user_id, from + i, &docs[i]);
        list[i] = &docs[i];
    }
    ok = store_insert_many(s, COLL_PLANS, list, (size_t)count, err);
    for (long i = 0; i < count; i++)
        bson_destroy(&docs[i]);
    free(list);
    free(docs);
    return ok;
}

static bool fill(const char *uri, long count, struct err *err)
{
    struct actor *a = actor_open(uri, TIMEOUT_MS, err);
    struct store *s = NULL;
    bool ok = a && actor_begin(a, "Ada Marsh", "ada@strattio.example", err);

    if (ok)
        s = store_open(uri, TIMEOUT_MS, err);
    ok = s != NULL;
    for (long from = 0; ok && from < count; from += GROUP)
        ok = insert_group(s, actor_user(a)->id, from, count - from < GROUP ? count - from : GROUP, err);
    store_close(s);
    actor_close(a);
    return ok;
}

/* ---- reading ----------------------------------------------------------------------------------- */

/* From nothing to the first page. */
static bool open_once(const char *uri, double *ms, struct err *err)
{
    struct plan_filter filter = {.status = PLAN_STATUS_COUNT, .limit = PAGE};
    double begin = now_ms();
    struct actor *a = actor_open(uri, TIMEOUT_MS, err);
    struct plan_page page;
    bool ok = a && plan_repo_list(a, &filter, &page, err);

    *ms = now_ms() - begin;
    if (ok)
        plan_page_finish(&page);
    actor_close(a);
    return ok;
}

/* Page after page; how many there were in *pages. */
static bool page_through(const char *uri, double times[PAGES], size_t *pages, struct err *err)
{
    struct plan_filter filter = {.status = PLAN_STATUS_COUNT, .limit = PAGE};
    struct actor *a = actor_open(uri, TIMEOUT_MS, err);
    char *after = NULL;
    bool ok = a != NULL, more = ok;

    for (*pages = 0; ok && more && *pages < PAGES; (*pages)++) {
        struct plan_page page;
        double begin = now_ms();

        filter.after = after;
        ok = plan_repo_list(a, &filter, &page, err);
        if (!ok)
            break;
        times[*pages] = now_ms() - begin;
        free(after);
        after = mem_str(page.next);
        more = after != NULL;
        plan_page_finish(&page);
    }
    free(after);
    actor_close(a);
    return ok;
}

static bool measure(const char *uri, struct err *err)
{
    double opens[OPENS], pages[PAGES];
    size_t count;

    for (size_t i = 0; i < OPENS; i++)
        if (!open_once(uri, &opens[i], err))
            return false;
    if (!page_through(uri, pages, &count, err))
        return false;
    print_times("open", opens, OPENS);
    print_times("page", pages, count);
    return true;
}

int main(int argc, char **argv)
{
    long count = argc == 3 ? atol(argv[2]) : 0;
    struct err err = {0};
    char *uri;
    bool ok;

    if (count < 1) {
        fprintf(stderr, "usage: bench_plans FILE COUNT\n");
        return 2;
    }
    uri = mem_printf("sqlite:%s", argv[1]);
    ok = (access(argv[1], F_OK) == 0 || fill(uri, count, &err)) && measure(uri, &err);
    if (!ok)
        fprintf(stderr, "%s\n", err.msg);
    free(uri);
    return ok ? 0 : 1;
}
