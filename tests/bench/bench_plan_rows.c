/* bench_plan_rows.c - the list of plans on screen when it is very long: `bench_plan_rows COUNT` orders, filters and
 * marks COUNT plans as a key does, and takes in pages of them while the list is by name. No store: what is
 * measured is what a key waits for. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "strattio/mem.h"
#include "strattio/record.h"

#include "screen/plan_rows.h"

enum { PAGE = 2000, ROUNDS = 21 };

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

/* Two shapes of names: alike but for a number, and unlike from the first letter on. */
static void make_row(size_t number, struct plan_row *out)
{
    size_t mixed = number * 48271 % 100003;
    struct plan plan;

    record_init(COLL_PLANS, &plan);
    free(plan.id);
    plan.id = mem_printf("%024zx", 1000000 - number);
    plan.name = number % 2 ? mem_printf("Plan %06zu of a consultant", mixed)
                           : mem_printf("%c%c%c%c and Daughters", (int)('A' + mixed % 26),
                                        (int)('a' + mixed / 26 % 26), (int)('a' + mixed / 676 % 26),
                                        (int)('a' + mixed / 17576));
    plan.updated_at = (int64_t)mixed;
    plan.status = (enum plan_status)(mixed % PLAN_STATUS_COUNT);
    plan_row_make(&plan, out);
    record_finish(COLL_PLANS, &plan);
}

/* The slowest page. */
static void add_pages(struct plan_rows *r, size_t count)
{
    struct plan_row *rows = mem_zero(PAGE, sizeof *rows);
    double worst = 0;

    for (size_t from = 0; from < count; from += PAGE) {
        size_t page = from + PAGE < count ? PAGE : count - from;
        double begin, ms;

        for (size_t i = 0; i < page; i++)
            make_row(from + i, &rows[i]);
        begin = now_ms();
        plan_rows_add(r, rows, page);
        ms = now_ms() - begin;
        worst = ms > worst ? ms : worst;
    }
    free(rows);
    printf("page_by_name_worst_ms %.4f\n", worst);
}

static void print_sift(const char *name, struct plan_rows *r)
{
    double times[ROUNDS];

    for (size_t i = 0; i < ROUNDS; i++) {
        double begin = now_ms();

        plan_rows_sift(r);
        times[i] = now_ms() - begin;
    }
    qsort(times, ROUNDS, sizeof *times, by_value);
    printf("%s_ms %.4f\n%s_worst_ms %.4f\n", name, times[ROUNDS / 2], name, times[ROUNDS - 1]);
}

static void print_marks(struct plan_rows *r)
{
    double begin = now_ms();

    plan_rows_mark_shown(r, true);
    printf("mark_all_ms %.4f\n", now_ms() - begin);
}

int main(int argc, char **argv)
{
    static const char *const orders[PLAN_ORDER_COUNT] = {"newest",  "attention", "updated",
                                                         "by_name", "score",     "status"};
    long count = argc == 2 ? atol(argv[1]) : 0;
    struct plan_rows rows;

    if (count < 1) {
        fprintf(stderr, "usage: bench_plan_rows COUNT\n");
        return 2;
    }
    plan_rows_init(&rows);
    rows.archived = true;
    rows.order = PLAN_ORDER_NAME;
    add_pages(&rows, (size_t)count);
    for (rows.order = 0; rows.order < PLAN_ORDER_COUNT; rows.order++)
        print_sift(orders[rows.order], &rows);
    rows.order = PLAN_ORDER_NAME;
    snprintf(rows.filter, sizeof rows.filter, "daughters status:draft");
    print_sift("filter_by_name", &rows);
    rows.filter[0] = '\0';
    plan_rows_sift(&rows);
    print_marks(&rows);
    plan_rows_finish(&rows);
    return 0;
}
