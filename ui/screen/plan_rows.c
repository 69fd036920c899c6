/* plan_rows.c - rows stay in the store's order; what is shown is an index over them. A page that
 * comes in is sifted and ordered by itself and then merged, so that reading on costs the same at
 * the end as at the beginning. Ties are settled by the store's order: the newest first. */
#include "screen/plan_rows.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "screen/plan_order.h"

enum { FOLDED_MAX = 4096, TERMS_MAX = 16 };
enum { CLIENT_TAG = 1, PURPOSE_TAG, STATUS_TAG };

void plan_rows_init(struct plan_rows *r)
{
    *r = (struct plan_rows){0};
}

void plan_row_finish(struct plan_row *row)
{
    free(row->name);
    *row = (struct plan_row){0};
}

static void drop_rows(struct plan_rows *r)
{
    for (size_t i = 0; i < r->count; i++)
        plan_row_finish(&r->items[i]);
    r->count = r->shown_count = r->sifted = r->clients = r->needing = 0;
}

void plan_rows_finish(struct plan_rows *r)
{
    drop_rows(r);
    free(r->items);
    free(r->shown);
    free(r->marks);
    plan_rows_init(r);
}

/* ---- one row ------------------------------------------------------------------------------- */

/* ASCII alone: what is written otherwise is found as it is written. */
static void fold(char *text)
{
    for (; *text; text++)
        *text = (char)tolower((unsigned char)*text);
}

void plan_row_make(const struct plan *plan, struct plan_row *out)
{
    const char *client = doc_str(plan->metadata, "client", "");
    size_t name = strlen(plan->name) + 1, end;
    struct standing standing;
    struct strbuf text;

    *out = (struct plan_row){.purpose = plan->plan_purpose,
                             .facts = plan_facts(plan),
                             .created_at = plan->created_at,
                             .updated_at = plan->updated_at};
    standing = facts_standing(&out->facts);
    snprintf(out->id, sizeof out->id, "%s", plan->id);
    strbuf_init(&text, FOLDED_MAX + 2 * (name + strlen(client)));
    strbuf_add(&text, plan->name, name);
    strbuf_add(&text, client, strlen(client) + 1);
    end = text.len;
    strbuf_printf(&text, "%s\n%c%s\n%c%s %s\n%c%s %s", plan->name, CLIENT_TAG, client, PURPOSE_TAG,
                  plan_purpose_name(plan->plan_purpose), plan_purpose_short(plan->plan_purpose),
                  STATUS_TAG, plan_status_name(plan->status), standing.word);
    fold(text.data + end);
    out->name = strbuf_take(&text);
    out->client = out->name + name;
    out->folded = out->name + end;
    plan_order_name_keys(out->folded, out->name_keys);
}

/* ---- the filter ---------------------------------------------------------------------------- */

static const struct field_word {
    const char *word; /* before what is looked for */
    char tag;         /* that begins the line of it */
} field_words[] = {{"client:", CLIENT_TAG}, {"purpose:", PURPOSE_TAG}, {"status:", STATUS_TAG}};

struct terms {
    char text[256];
    struct term {
        const char *word;
        char tag; /* of the line within which it is looked for; 0 for anywhere */
    } items[TERMS_MAX];
    size_t count;
};

static struct term term_of(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(field_words); i++) {
        size_t len = strlen(field_words[i].word);

        if (strncmp(word, field_words[i].word, len) == 0)
            return (struct term){word + len, field_words[i].tag};
    }
    return (struct term){word, 0};
}

static void read_terms(const char *filter, struct terms *t)
{
    char *save = NULL;

    t->count = 0;
    snprintf(t->text, sizeof t->text, "%s", filter);
    fold(t->text);
    for (char *word = strtok_r(t->text, " \t", &save); word && t->count < TERMS_MAX;
         word = strtok_r(NULL, " \t", &save))
        t->items[t->count++] = term_of(word);
}

static bool holds(const struct plan_row *row, const struct term *term)
{
    const char *from = term->tag ? strchr(row->folded, term->tag) : row->folded;
    const char *found = from ? strstr(from, term->word) : NULL;

    return found && (!term->tag || found <= from + strcspn(from, "\n"));
}

static bool matches(const struct plan_rows *r, const struct terms *t, const struct plan_row *row)
{
    bool archived = row->facts.status == PLAN_STATUS_ARCHIVED, asked = r->archived;

    for (size_t i = 0; i < t->count; i++) {
        if (!holds(row, &t->items[i]))
            return false;
        asked = asked || t->items[i].tag == STATUS_TAG;
    }
    return !archived || asked;
}

/* ---- what is shown -------------------------------------------------------------------------- */

static bool needs_somebody(const struct plan_facts *facts)
{
    return facts->status == PLAN_STATUS_FAILED ||
           (facts->status == PLAN_STATUS_COMPLETE && (facts->failed || facts->stale));
}

static void sift_rest(struct plan_rows *r)
{
    size_t sorted = r->shown_count;
    struct terms terms;

    read_terms(r->filter, &terms);
    r->shown = mem_grow(r->shown, &r->shown_cap, r->count + 1, sizeof *r->shown);
    for (; r->sifted < r->count; r->sifted++) {
        if (!matches(r, &terms, &r->items[r->sifted]))
            continue;
        r->shown[r->shown_count++] = r->sifted;
        r->needing += needs_somebody(&r->items[r->sifted].facts);
    }
    plan_order_sort(r, r->shown + sorted, r->shown_count - sorted);
    plan_order_merge(r, r->shown, sorted, r->shown_count);
}

void plan_rows_sift(struct plan_rows *r)
{
    r->shown_count = r->sifted = r->needing = 0;
    sift_rest(r);
}

void plan_rows_add(struct plan_rows *r, struct plan_row *rows, size_t count)
{
    r->items = mem_grow(r->items, &r->cap, r->count + count + 1, sizeof *r->items);
    if (count)
        memcpy(r->items + r->count, rows, count * sizeof *rows);
    r->count += count;
    for (size_t i = 0; i < count; i++)
        r->clients += *rows[i].client != '\0';
    sift_rest(r);
}

void plan_rows_replace(struct plan_rows *r, struct plan_rows *fresh)
{
    drop_rows(r);
    free(r->items);
    r->items = fresh->items;
    r->count = fresh->count;
    r->cap = fresh->cap;
    r->clients = fresh->clients;
    fresh->items = NULL;
    fresh->count = fresh->cap = 0;
    plan_rows_finish(fresh);
    plan_rows_sift(r);
}

const struct plan_row *plan_rows_at(const struct plan_rows *r, size_t shown)
{
    return shown < r->shown_count ? &r->items[r->shown[shown]] : NULL;
}

size_t plan_rows_find(const struct plan_rows *r, const char *id, size_t fallback)
{
    for (size_t i = 0; *id && i < r->shown_count; i++)
        if (strcmp(r->items[r->shown[i]].id, id) == 0)
            return i;
    return fallback;
}

/* ---- marks --------------------------------------------------------------------------------- */

static size_t mark_place(const struct plan_rows *r, const char *id)
{
    size_t from = 0, to = r->mark_count;

    while (from < to) {
        size_t mid = (from + to) / 2;

        if (strcmp(r->marks[mid], id) < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

bool plan_rows_marked(const struct plan_rows *r, const char *id)
{
    size_t at = mark_place(r, id);

    return at < r->mark_count && strcmp(r->marks[at], id) == 0;
}

void plan_rows_mark(struct plan_rows *r, const char *id, bool on)
{
    size_t at = mark_place(r, id), size = sizeof *r->marks;

    if (plan_rows_marked(r, id) == on)
        return;
    if (on) {
        r->marks = mem_grow(r->marks, &r->mark_cap, r->mark_count + 1, size);
        memmove(r->marks + at + 1, r->marks + at, (r->mark_count - at) * size);
        snprintf(r->marks[at], size, "%s", id);
        r->mark_count++;
    } else {
        memmove(r->marks + at, r->marks + at + 1, (r->mark_count - at - 1) * size);
        r->mark_count--;
    }
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* From the store's last to its first, the newest, whose ids are the largest: as a rule they are then
 * in order as they come. */
void plan_rows_mark_shown(struct plan_rows *r, bool on)
{
    bool *shown = mem_zero(r->count + 1, sizeof *shown), sorted = true;

    r->mark_count = 0;
    r->marks = mem_grow(r->marks, &r->mark_cap, r->shown_count + 1, sizeof *r->marks);
    for (size_t i = 0; on && i < r->shown_count; i++)
        shown[r->shown[i]] = true;
    for (size_t i = r->count; on && i-- > 0;) {
        size_t at = r->mark_count;

        if (!shown[i])
            continue;
        memcpy(r->marks[at], r->items[i].id, sizeof *r->marks);
        sorted = sorted && (!at || strcmp(r->marks[at - 1], r->marks[at]) <= 0);
        r->mark_count++;
    }
    if (!sorted)
        qsort(r->marks, r->mark_count, sizeof *r->marks, compare_ids);
    free(shown);
}
