/* plan_order.c - every order is one of numbers: each row gives 64 bits that order as it does, turned
 * round by inverting them, and the numbers are sorted byte by byte from the last one on, which keeps
 * ties as they were. A name gives its first eight bytes; where those are alike the next eight are
 * taken, and so on to its end. No pair of rows is compared, so that a hundred thousand cost a few
 * passes over an array. */
#include "screen/plan_order.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "screen/plan_rows.h"

enum { KEY_BYTES = 8, BYTE_VALUES = 256, FEW = 48 };

static const struct {
    const char *ahead, *back;
} order_words[PLAN_ORDER_COUNT] = {
    [PLAN_ORDER_NEWEST] = {"newest first", "oldest first"},
    [PLAN_ORDER_ATTENTION] = {"what needs you first", "what needs you last"},
    [PLAN_ORDER_UPDATED] = {"last changed first", "last changed last"},
    [PLAN_ORDER_NAME] = {"by name, A to Z", "by name, Z to A"},
    [PLAN_ORDER_SCORE] = {"highest score first", "lowest score first"},
    [PLAN_ORDER_STATUS] = {"by status, drafts first", "by status, archived first"},
};

const char *plan_order_words(enum plan_order order, bool reverse)
{
    return reverse ? order_words[order].back : order_words[order].ahead;
}

/* ---- a row as a number --------------------------------------------------------------------- */

/* Eight bytes of a name that reaches so far; zeros past its end. */
static uint64_t name_key(const char *folded)
{
    uint64_t key = 0;

    for (int i = 0; i < KEY_BYTES; i++) {
        bool ended = *folded == '\n' || *folded == '\0';

        key = key << 8 | (ended ? 0 : (unsigned char)*folded);
        folded += !ended;
    }
    return key;
}

void plan_order_name_keys(const char *folded, uint64_t keys[2])
{
    keys[0] = name_key(folded);
    keys[1] = keys[0] & 0xff ? name_key(folded + KEY_BYTES) : 0;
}

/* Refused, broken off, unfinished or with open points, fine, put away. */
static uint64_t attention(const struct plan_row *row)
{
    switch (row->facts.status) {
    case PLAN_STATUS_FAILED:
    case PLAN_STATUS_GENERATING:
        return 0;
    case PLAN_STATUS_DRAFT:
        return 2;
    case PLAN_STATUS_COMPLETE:
        return row->facts.blockers ? 1 : row->facts.failed || row->facts.stale ? 2 : 3;
    case PLAN_STATUS_ARCHIVED:
    case PLAN_STATUS_COUNT:
        break;
    }
    return 4;
}

static uint64_t signed_key(int64_t x)
{
    return (uint64_t)x ^ UINT64_C(1) << 63;
}

/* The bits of a double order as it does, but for those below zero. */
static uint64_t double_key(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

/* Without a score comes last whichever way the list is turned. */
static uint64_t score_key(double score, bool reverse)
{
    if (isnan(score))
        return UINT64_MAX;
    return reverse ? double_key(score) : ~double_key(score);
}

static uint64_t key_of(const struct plan_rows *r, size_t i)
{
    const struct plan_row *row = &r->items[i];
    uint64_t key = 0;

    switch (r->order) {
    case PLAN_ORDER_NEWEST:
        key = i;
        break;
    case PLAN_ORDER_ATTENTION:
        key = attention(row);
        break;
    case PLAN_ORDER_UPDATED:
        key = ~signed_key(row->updated_at);
        break;
    case PLAN_ORDER_NAME:
        key = row->name_keys[0];
        break;
    case PLAN_ORDER_SCORE:
        return score_key(row->facts.score, r->reverse);
    case PLAN_ORDER_STATUS:
        key = (uint64_t)row->facts.status;
        break;
    case PLAN_ORDER_COUNT:
        break;
    }
    return r->reverse ? ~key : key;
}

/* ---- sorting ------------------------------------------------------------------------------- */

struct keyed {
    uint64_t key;
    size_t row;
};

static void sort_few(struct keyed *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct keyed item = items[i];
        size_t k = i;

        for (; k && items[k - 1].key > item.key; k--)
            items[k] = items[k - 1];
        items[k] = item;
    }
}

/* By one byte of the keys; what is counted is how many have each value of it. */
static void sort_by_byte(const struct keyed *from, struct keyed *to, size_t count, int byte,
                         const size_t counted[BYTE_VALUES])
{
    size_t places[BYTE_VALUES], place = 0;

    for (int i = 0; i < BYTE_VALUES; i++) {
        places[i] = place;
        place += counted[i];
    }
    for (size_t i = 0; i < count; i++)
        to[places[from[i].key >> byte * 8 & 0xff]++] = from[i];
}

/* `spare` has room for as many. */
static void sort_keyed(struct keyed *items, size_t count, struct keyed *spare)
{
    size_t counted[KEY_BYTES][BYTE_VALUES];
    struct keyed *from = items, *to = spare;

    if (count <= FEW) {
        sort_few(items, count);
        return;
    }
    memset(counted, 0, sizeof counted);
    for (size_t i = 0; i < count; i++)
        for (int byte = 0; byte < KEY_BYTES; byte++)
            counted[byte][items[i].key >> byte * 8 & 0xff]++;
    for (int byte = 0; byte < KEY_BYTES; byte++) {
        struct keyed *done = to;

        if (counted[byte][items[0].key >> byte * 8 & 0xff] == count)
            continue; /* the same in all */
        sort_by_byte(from, to, count, byte, counted[byte]);
        to = from;
        from = done;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}

/* Names that are alike so far, `depth` bytes of them in the keys already. */
static void sort_names(const struct plan_rows *r, struct keyed *items, size_t count,
                       struct keyed *spare, size_t depth)
{
    uint64_t turn = r->reverse ? UINT64_MAX : 0;

    sort_keyed(items, count, spare);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && items[to].key == items[from].key;)
            to++;
        if (to - from < 2 || ((items[from].key ^ turn) & 0xff) == 0)
            continue; /* alone, or at the end of the name */
        for (size_t i = from; i < to; i++) {
            const struct plan_row *row = &r->items[items[i].row];

            items[i].key =
                turn ^ (depth == KEY_BYTES ? row->name_keys[1] : name_key(row->folded + depth));
        }
        sort_names(r, items + from, to - from, spare, depth + KEY_BYTES);
    }
}

void plan_order_sort(const struct plan_rows *r, size_t *shown, size_t count)
{
    struct keyed *items, *spare;

    if (r->order == PLAN_ORDER_NEWEST && !r->reverse)
        return;
    items = mem_zero(2 * count + 1, sizeof *items);
    spare = items + count;
    for (size_t i = 0; i < count; i++)
        items[i] = (struct keyed){key_of(r, shown[i]), shown[i]};
    if (r->order == PLAN_ORDER_NAME)
        sort_names(r, items, count, spare, KEY_BYTES);
    else
        sort_keyed(items, count, spare);
    for (size_t i = 0; i < count; i++)
        shown[i] = items[i].row;
    free(items);
}

/* ---- merging ------------------------------------------------------------------------------- */

static int by_name(const struct plan_row *a, const struct plan_row *b)
{
    size_t len_a = strcspn(a->folded, "\n"), len_b = strcspn(b->folded, "\n");
    int order = memcmp(a->folded, b->folded, len_a < len_b ? len_a : len_b);

    return order ? order : (len_a > len_b) - (len_a < len_b);
}

static bool comes_after(const struct plan_rows *r, size_t i, size_t j)
{
    uint64_t a = key_of(r, i), b = key_of(r, j);
    int order = (a > b) - (a < b);

    if (!order && r->order == PLAN_ORDER_NAME)
        order = (r->reverse ? -1 : 1) * by_name(&r->items[i], &r->items[j]);
    return order ? order > 0 : i > j;
}

/* How many of `shown[0..count)` do not come after `row`. */
static size_t place_of(const struct plan_rows *r, const size_t *shown, size_t count, size_t row)
{
    size_t from = 0, to = count;

    while (from < to) {
        size_t mid = (from + to) / 2;

        if (comes_after(r, shown[mid], row))
            to = mid;
        else
            from = mid + 1;
    }
    return from;
}

/* From the end: each of the rest finds its place, and what comes after it moves there at once. */
void plan_order_merge(const struct plan_rows *r, size_t *shown, size_t sorted, size_t count)
{
    size_t rest = count - sorted;
    size_t *tail;

    if (!sorted || !rest || !comes_after(r, shown[sorted - 1], shown[sorted]))
        return;
    tail = mem_copy(shown + sorted, rest * sizeof *tail);
    for (; rest; rest--) {
        size_t place = place_of(r, shown, sorted, tail[rest - 1]);

        memmove(shown + place + rest, shown + place, (sorted - place) * sizeof *shown);
        shown[place + rest - 1] = tail[rest - 1];
        sorted = place;
    }
    free(tail);
}
