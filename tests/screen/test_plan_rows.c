/* test_plan_rows.c - the plans of a list without a store or a screen: what a filter finds, how they
 * are ordered, and that pages which come one after the other end up as if they had come at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "screen/plan_rows.h"

static const struct sample {
    const char *name, *client;
    enum plan_status status;
    enum plan_purpose purpose;
    int score, failed, blockers; /* a score of -1 is none */
    int64_t updated_at;
} samples[] = {
    /* in the store's order */
    {"Quayside Bikes", "Ferry Ltd", PLAN_STATUS_DRAFT, PURPOSE_LOAN, -1, 0, 0, 50},
    {"Harbour Bakery", "", PLAN_STATUS_COMPLETE, PURPOSE_LOAN, 92, 0, 0, 70},
    {"apple orchard", "Client & Sons", PLAN_STATUS_COMPLETE, PURPOSE_INVESTOR, 71, 3, 1, 10},
    {"Old Mill", "Ferry Ltd", PLAN_STATUS_ARCHIVED, PURPOSE_GENERIC, 40, 0, 0, 90},
    {"Zebra Prints", "", PLAN_STATUS_FAILED, PURPOSE_INVESTOR, -1, 0, 0, 30},
    {"Bakehouse", "", PLAN_STATUS_COMPLETE, PURPOSE_GENERIC, 88, 2, 0, 60},
};

static void make_row(const struct sample *s, size_t number, struct plan_row *out)
{
    struct plan plan;

    record_init(COLL_PLANS, &plan);
    free(plan.id);
    plan.id = mem_printf("%024zx", number);
    plan.name = mem_str(s->name);
    plan.status = s->status;
    plan.plan_purpose = s->purpose;
    plan.updated_at = s->updated_at;
    if (*s->client)
        doc_set_str(plan.metadata, "client", s->client);
    if (s->score >= 0)
        doc_set_num(plan.metadata, "summary.score", s->score);
    doc_set_int(plan.metadata, "summary.failed", s->failed);
    doc_set_int(plan.metadata, "summary.blockers", s->blockers);
    plan_row_make(&plan, out);
    record_finish(COLL_PLANS, &plan);
}

static void add(struct plan_rows *r, size_t from, size_t count)
{
    struct plan_row rows[ARRAY_LEN(samples)];

    for (size_t i = 0; i < count; i++)
        make_row(&samples[from + i], from + i, &rows[i]);
    plan_rows_add(r, rows, count);
}

static void start(struct plan_rows *r)
{
    plan_rows_init(r);
    add(r, 0, ARRAY_LEN(samples));
}

/* The first letters of what is shown, in order: "QHZ". */
static void expect_shown(const struct plan_rows *r, const char *what, const char *letters)
{
    char got[ARRAY_LEN(samples) + 1] = "";

    for (size_t i = 0; i < r->shown_count; i++)
        got[i] = plan_rows_at(r, i)->name[0];
    if (strcmp(got, letters) != 0)
        fail_msg("%s: shown is %s, not %s", what, got, letters);
}

static void filters_look_where_they_are_told(void **state)
{
    static const struct {
        const char *filter, *shown;
    } filters[] = {
        {"", "QHaZB"},
        {"bak", "HB"},
        {"BAK", "HB"},
        {"loan", "QH"},
        {"ferry", "Q"},
        {"status:draft", "Q"},
        {"status:complete", "HaB"},
        {"status:fix", "aB"},
        {"status:archived", "O"},
        {"status:a", "QOZ"}, /* draft, archived, failed: a part will do */
        {"purpose:investor", "aZ"},
        {"client:ferry", "Q"},
        {"client:sons investor", "a"},
        {"bak status:fix", "B"},
        {"client", "a"}, /* the word itself, not the name of the column */
        {"purpose", ""},
        {"bak nowhere", ""},
    };
    struct plan_rows r;

    (void)state;
    start(&r);
    for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
        snprintf(r.filter, sizeof r.filter, "%s", filters[i].filter);
        plan_rows_sift(&r);
        expect_shown(&r, filters[i].filter, filters[i].shown);
    }
    plan_rows_finish(&r);
}

static const struct {
    enum plan_order order;
    bool reverse;
    const char *shown;
} orders[] = {
    {PLAN_ORDER_NEWEST, false, "QHaOZB"},    {PLAN_ORDER_NEWEST, true, "BZOaHQ"},
    {PLAN_ORDER_ATTENTION, false, "ZaQBHO"}, {PLAN_ORDER_ATTENTION, true, "OHQBaZ"},
    {PLAN_ORDER_UPDATED, false, "OHBQZa"},   {PLAN_ORDER_UPDATED, true, "aZQBHO"},
    {PLAN_ORDER_NAME, false, "aBHOQZ"},      {PLAN_ORDER_NAME, true, "ZQOHBa"},
    {PLAN_ORDER_SCORE, false, "HBaOQZ"},     {PLAN_ORDER_SCORE, true, "OaBHQZ"},
    {PLAN_ORDER_STATUS, false, "QHaBZO"},    {PLAN_ORDER_STATUS, true, "OZHaBQ"},
};

static void orders_settle_ties_by_the_newest(void **state)
{
    struct plan_rows r;

    (void)state;
    start(&r);
    r.archived = true;
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        r.order = orders[i].order;
        r.reverse = orders[i].reverse;
        plan_rows_sift(&r);
        expect_shown(&r, plan_order_words(r.order, r.reverse), orders[i].shown);
    }
    plan_rows_finish(&r);
}

static void pages_end_up_as_if_they_had_come_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        for (size_t page = 1; page < ARRAY_LEN(samples); page++) {
            struct plan_rows r;

            plan_rows_init(&r);
            r.archived = true;
            r.order = orders[i].order;
            r.reverse = orders[i].reverse;
            for (size_t at = 0; at < ARRAY_LEN(samples); at += page)
                add(&r, at, at + page < ARRAY_LEN(samples) ? page : ARRAY_LEN(samples) - at);
            expect_shown(&r, "page by page", orders[i].shown);
            plan_rows_finish(&r);
        }
    }
}

static void marks_outlive_a_fresh_reading(void **state)
{
    struct plan_rows r, fresh;
    char id[ID_LEN + 1];

    (void)state;
    start(&r);
    snprintf(id, sizeof id, "%024x", 2u);
    plan_rows_mark(&r, id, true);
    plan_rows_mark(&r, id, true);
    assert_int_equal(r.mark_count, 1);
    start(&fresh);
    plan_rows_replace(&r, &fresh);
    assert_true(plan_rows_marked(&r, id));
    assert_int_equal(plan_rows_find(&r, id, 99), 2);
    plan_rows_mark_shown(&r, true);
    assert_int_equal(r.mark_count, r.shown_count);
    plan_rows_mark(&r, id, false);
    assert_false(plan_rows_marked(&r, id));
    assert_int_equal(r.mark_count, r.shown_count - 1);
    assert_int_equal(r.needing, 3);
    plan_rows_finish(&r);
}

enum { MANY = 2000, MANY_PAGE = 300 };

/* Names that differ early, late, by case, by length, or not at all; number `i` of them. */
static void make_many(size_t i, struct plan_row *out)
{
    static const char *const shapes[] = {"Plan %03zu of a consultant",
                                         "plan",
                                         "A long name that is the same in many plans: %zu",
                                         "%zu",
                                         "Élan %zu",
                                         "Plan %03zu"};
    static const enum plan_status statuses[] = {PLAN_STATUS_DRAFT, PLAN_STATUS_COMPLETE,
                                                PLAN_STATUS_FAILED, PLAN_STATUS_ARCHIVED};
    size_t mixed = i * 7919 % 1009;
    char name[100];

    snprintf(name, sizeof name, shapes[i % ARRAY_LEN(shapes)], mixed % 400);
    make_row(&(struct sample){.name = name,
                              .client = "",
                              .status = statuses[mixed % ARRAY_LEN(statuses)],
                              .score = (int)(mixed % 90) - 20,
                              .failed = (int)(mixed % 3),
                              .updated_at = (int64_t)(mixed % 50) - 25},
             i, out);
}

static int by_folded_name(const struct plan_row *a, const struct plan_row *b)
{
    unsigned char x = 1, y = 1;

    for (size_t i = 0; x && x == y; i++) {
        x = (unsigned char)a->name[i];
        y = (unsigned char)b->name[i];
        x += x >= 'A' && x <= 'Z' ? 'a' - 'A' : 0;
        y += y >= 'A' && y <= 'Z' ? 'a' - 'A' : 0;
    }
    return x - y;
}

static void read_many(struct plan_rows *r, size_t page)
{
    struct plan_row rows[MANY];

    for (size_t from = 0; from < MANY; from += page) {
        size_t count = from + page < MANY ? page : MANY - from;

        for (size_t i = 0; i < count; i++)
            make_many(from + i, &rows[i]);
        plan_rows_add(r, rows, count);
    }
}

static void many_names_are_in_order(void **state)
{
    (void)state;
    for (int reverse = 0; reverse < 2; reverse++) {
        struct plan_rows r;

        plan_rows_init(&r);
        r.archived = true;
        r.order = PLAN_ORDER_NAME;
        r.reverse = reverse;
        read_many(&r, MANY);
        assert_int_equal(r.shown_count, MANY);
        for (size_t i = 1; i < MANY; i++) {
            int order = by_folded_name(plan_rows_at(&r, i - 1), plan_rows_at(&r, i));

            if (order == 0)
                assert_true(r.shown[i - 1] < r.shown[i]);
            else
                assert_true((order > 0) == reverse);
        }
        plan_rows_finish(&r);
    }
}

static void many_pages_end_up_as_if_they_had_come_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        struct plan_rows at_once, paged;

        plan_rows_init(&at_once);
        at_once.archived = true;
        at_once.order = orders[i].order;
        at_once.reverse = orders[i].reverse;
        paged = at_once;
        read_many(&at_once, MANY);
        read_many(&paged, MANY_PAGE);
        assert_int_equal(paged.shown_count, MANY);
        assert_memory_equal(paged.shown, at_once.shown, MANY * sizeof *paged.shown);
        plan_rows_finish(&at_once);
        plan_rows_finish(&paged);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_look_where_they_are_told),
        cmocka_unit_test(orders_settle_ties_by_the_newest),
        cmocka_unit_test(pages_end_up_as_if_they_had_come_at_once),
        cmocka_unit_test(many_names_are_in_order),
        cmocka_unit_test(many_pages_end_up_as_if_they_had_come_at_once),
        cmocka_unit_test(marks_outlive_a_fresh_reading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
