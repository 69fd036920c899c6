/* test_difference.c - however narrow it is drawn, a difference loses no letter of either text,
 * and no row is wider than it may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/markdown.h"

#include "support/random_splice.h"
#include "terminal/surface.h"
#include "widget/difference.h"

#define START                                                                                      \
    "# Caf\xc3\xa9\n\nBread is \xf0\x9f\x8d\x9e of {{a.b}} it, as everybody knows.\n\n- one\n"

static const char *run_text(const struct difference *d, size_t run)
{
    return (d->diff.runs[run].kind == DIFF_REMOVED ? d->old : d->now) + d->diff.runs[run].at;
}

/* From one place to the other there is nothing but blanks and at most one newline. */
static void expect_blank(const struct difference *d, struct difference_place p,
                         struct difference_place to)
{
    int newlines = 0;

    while (p.run < to.run || (p.run == to.run && p.at < to.at)) {
        if (p.run == d->diff.count)
            return;
        if (p.at == d->diff.runs[p.run].len) {
            p = (struct difference_place){p.run + 1, 0};
            continue;
        }
        assert_non_null(strchr(" \n", run_text(d, p.run)[p.at]));
        newlines += run_text(d, p.run)[p.at++] == '\n';
    }
    assert_true(newlines <= 1);
}

static int row_cells(const struct difference *d, const struct difference_row *row)
{
    int cells = 0;

    for (size_t i = row->from.run; i <= row->to.run && i < d->diff.count; i++) {
        size_t from = i == row->from.run ? row->from.at : 0;
        size_t to = i == row->to.run ? row->to.at : d->diff.runs[i].len;

        assert_null(memchr(run_text(d, i) + from, '\n', to - from));
        cells += text_width(run_text(d, i) + from, to - from);
    }
    return cells;
}

static void expect_whole(struct difference *d, int cols)
{
    struct difference_place at = {0, 0}, end = {d->diff.count, 0};
    struct screen_surface surface;
    struct canvas c;

    surface_init(&surface, true);
    surface_resize(&surface, 10, cols);
    c = surface_canvas(&surface);
    difference_draw(d, &c, 60);
    for (size_t i = 0; i < d->count; i++) {
        expect_blank(d, at, d->rows[i].from);
        assert_true(row_cells(d, &d->rows[i]) <= (d->width > 2 ? d->width : 2));
        at = d->rows[i].to;
    }
    expect_blank(d, at, end);
    difference_act(d, ACTION_LIST_BOTTOM);
    difference_draw(d, &c, 60);
    difference_next(d, false);
    difference_next(d, true);
    difference_draw(d, &c, 60);
    surface_finish(&surface);
}

static void no_letter_is_lost_at_any_width(void **state)
{
    static const int widths[] = {3, 4, 7, 12, 33, 62, 100};

    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct random_splice r = {.state = seed};
        struct text *t = text_create(START, strlen(START));
        struct difference d;

        for (size_t i = random_splice_below(&r, 20); i; i--)
            random_splice_one(&r, t);
        difference_init(&d);
        difference_set(&d, START, text_bytes(t));
        for (size_t i = 0; i < ARRAY_LEN(widths); i++)
            expect_whole(&d, widths[i]);
        difference_set(&d, text_bytes(t), "");
        expect_whole(&d, 20);
        difference_finish(&d);
        text_destroy(t);
    }
}

static void nothing_can_be_drawn_and_moved_through(void **state)
{
    struct difference d;

    (void)state;
    difference_init(&d);
    difference_next(&d, false);
    assert_true(difference_act(&d, ACTION_LIST_DOWN));
    difference_set(&d, "", "");
    expect_whole(&d, 20);
    difference_finish(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_letter_is_lost_at_any_width),
        cmocka_unit_test(nothing_can_be_drawn_and_moved_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
