/* myers.c - E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, in linear space:
 * the shortest way from one corner of the grid a x b to the other is looked for from both ends
 * at once; where the two meet, the grid is cut into two smaller ones. `reach[k]` is how far
 * along a the furthest way on diagonal k (place in a less place in b) has come, -1 for none. */
#include "text/myers.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

struct grid {
    const uint32_t *a, *b; /* the whole lists */
    bool *a_only, *b_only;
    int64_t *ahead, *back; /* reach from either end; index 0 is diagonal -middle */
    int64_t middle;
    size_t *budget;
};

struct part { /* of the grid */
    int64_t a, a_end, b, b_end;
};

struct walk {       /* from one end */
    int64_t *reach; /* at diagonal 0 */
    bool back;
};

static bool same_at(const struct grid *g, const struct part *p, bool back, int64_t x, int64_t y)
{
    if (back)
        return g->a[p->a_end - 1 - x] == g->b[p->b_end - 1 - y];
    return g->a[p->a + x] == g->b[p->b + y];
}

/* The furthest on diagonal k with one edit more than its neighbours; -1 if it leaves the grid. */
static int64_t step(const struct grid *g, const struct part *p, const struct walk *w, int64_t k)
{
    int64_t n = p->a_end - p->a, m = p->b_end - p->b;
    int64_t down = w->reach[k + 1], right = w->reach[k - 1], x = -1;

    if (down >= 0 && down - k <= m)
        x = down;
    if (right >= 0 && right < n && right + 1 > x)
        x = right + 1;
    if (x < 0)
        return -1;
    while (x < n && x - k < m && same_at(g, p, w->back, x, x - k)) {
        x++;
        if (*g->budget)
            --*g->budget;
    }
    return x;
}

/* Extends one walk to `edits` and sees whether it has met the other, which has come to `others`.
 * *x and *y then say where, from the walk's own end. */
static bool extend(const struct grid *g, const struct part *p, const struct walk *w,
                   const struct walk *other, int64_t edits, int64_t others, int64_t *x, int64_t *y)
{
    int64_t n = p->a_end - p->a, delta = n - (p->b_end - p->b);

    for (int64_t k = -edits; k <= edits; k += 2) {
        int64_t at = edits ? step(g, p, w, k) : w->reach[0], there = delta - k;

        w->reach[k] = at;
        if (*g->budget)
            --*g->budget;
        if (at < 0 || there < -others || there > others || (there + others) % 2)
            continue;
        if (other->reach[there] >= 0 && at + other->reach[there] >= n) {
            *x = at;
            *y = at - k;
            return true;
        }
    }
    return false;
}

/* Where a shortest way through `p` can be cut in two; false if the budget is used up before. */
static bool find_cut(const struct grid *g, const struct part *p, int64_t *x, int64_t *y)
{
    int64_t n = p->a_end - p->a, m = p->b_end - p->b, most = (n + m + 1) / 2;
    struct walk ahead = {g->ahead + g->middle, false}, back = {g->back + g->middle, true};
    bool odd = (n - m) % 2 != 0;

    for (int64_t k = -most - 1; k <= most + 1; k++)
        ahead.reach[k] = back.reach[k] = -1;
    ahead.reach[0] = back.reach[0] = 0;
    for (int64_t edits = 0; edits <= most && *g->budget; edits++) {
        if (extend(g, p, &ahead, &back, edits, odd ? edits - 1 : -1, x, y)) {
            *x += p->a;
            *y += p->b;
            return true;
        }
        if (extend(g, p, &back, &ahead, edits, odd ? -1 : edits, x, y)) {
            *x = p->a_end - *x;
            *y = p->b_end - *y;
            return true;
        }
    }
    return false;
}

static void take_off_common(const struct grid *g, struct part *p)
{
    while (p->a < p->a_end && p->b < p->b_end && g->a[p->a] == g->b[p->b]) {
        p->a++;
        p->b++;
    }
    while (p->a < p->a_end && p->b < p->b_end && g->a[p->a_end - 1] == g->b[p->b_end - 1]) {
        p->a_end--;
        p->b_end--;
    }
}

/* Without a common end or beginning a way has two edits or more, so both halves are smaller. */
static bool compare(const struct grid *g, struct part p)
{
    struct part first, second;
    int64_t x, y;
    bool whole;

    take_off_common(g, &p);
    if (p.a < p.a_end && p.b < p.b_end && find_cut(g, &p, &x, &y)) {
        first = (struct part){p.a, x, p.b, y};
        second = (struct part){x, p.a_end, y, p.b_end};
        whole = compare(g, first);
        return compare(g, second) && whole;
    }
    memset(g->a_only + p.a, true, (size_t)(p.a_end - p.a));
    memset(g->b_only + p.b, true, (size_t)(p.b_end - p.b));
    return p.a == p.a_end || p.b == p.b_end;
}

bool myers_diff(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, bool *a_only,
                bool *b_only, size_t *budget)
{
    struct grid g = {.a = a, .b = b, .a_only = a_only, .b_only = b_only, .budget = budget};
    struct part all = {0, (int64_t)a_count, 0, (int64_t)b_count};
    size_t diagonals = a_count + b_count + 5;
    bool whole;

    g.middle = (int64_t)(diagonals / 2);
    g.ahead = mem_zero(diagonals, sizeof *g.ahead);
    g.back = mem_zero(diagonals, sizeof *g.back);
    whole = compare(&g, all);
    free(g.ahead);
    free(g.back);
    return whole;
}
