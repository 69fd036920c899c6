/* plain_plans.c - the list of plans: the rows, orders and filter of the screen's list, told as lines. Numbers
 * are places in what was told last. Pages of the store are read as they are wanted, all of them as soon as an
 * order or a filter has to look at all. What can be done to one plan can be done to several, by their
 * numbers, or to those that are marked. */
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/plan_changes.h"
#include "screen/plan_fields.h"
#include "screen/plan_rows.h"
#include "screen/plan_words.h"

enum { PAGE = 50, BIG_PAGE = 1000, UNDOS_MAX = 50 };

struct undo { /* one plan's change, to be taken back */
    enum plan_change change;
    char id[ID_LEN + 1];
    char *name, *new_name;
};

struct plans {
    struct room room;
    struct plan_rows rows;
    char *next;                /* cursor of the page after, NULL if all are read */
    int64_t total;             /* plans there are in all, while there is a `next` */
    bool ordered;              /* the person chose an order, or the default one was taken up */
    size_t told;               /* of what is shown, how many have been told: room.things */
    char key[SHA_HEX_LEN + 1]; /* of the ids of those, in order: do the numbers still hold? */
    struct undo undos[UNDOS_MAX];
    size_t undo_count;
};

static const struct plan_row *row_at(const struct plans *self, size_t i)
{
    return plan_rows_at(&self->rows, i);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* The next page into `rows`. False, having said why, if that fails. */
static bool read_page(struct plans *self, struct plan_rows *rows, int64_t limit)
{
    struct plan_filter filter = {.status = PLAN_STATUS_COUNT, .limit = limit, .after = self->next};
    struct actor *actor = self->room.p->bench.actor;
    struct plan_page page = {0};
    struct plan_row *made;
    struct err err = {0};

    if (!plan_repo_list(actor, &filter, &page, &err)) {
        plain_error(self->room.p, &err);
        return false;
    }
    made = mem_zero(page.count + 1, sizeof *made);
    for (size_t i = 0; i < page.count; i++)
        plan_row_make(&page.plans[i], &made[i]);
    plan_rows_add(rows, made, page.count);
    free(made);
    free(self->next);
    self->next = page.next;
    page.next = NULL;
    plan_page_finish(&page);
    if (self->next && !self->total &&
        !plan_repo_count(actor, PLAN_STATUS_COUNT, &self->total, &err))
        self->total = 0;
    return true;
}

/* An order or a filter is right only over all there are. */
static void read_what_is_wanted(struct plans *self)
{
    while (self->next && (self->rows.filter[0] || self->rows.order != PLAN_ORDER_NEWEST) &&
           !plain_over(self->room.p) && read_page(self, &self->rows, BIG_PAGE))
        ;
}

static void read_again(struct plans *self)
{
    size_t limit = self->rows.count > PAGE ? self->rows.count : PAGE;
    struct plan_rows fresh;

    plan_rows_init(&fresh);
    free(self->next);
    self->next = NULL;
    self->total = 0;
    if (read_page(self, &fresh, (int64_t)limit))
        plan_rows_replace(&self->rows, &fresh);
    plan_rows_finish(&fresh);
    if (!self->ordered &&
        !self->next) { /* as on screen: what needs somebody first, if all are read */
        self->rows.order = PLAN_ORDER_ATTENTION;
        plan_rows_sift(&self->rows);
    }
    self->ordered = true;
    read_what_is_wanted(self);
    if (self->told > self->rows.shown_count)
        self->told = self->rows.shown_count;
    self->room.things = self->told;
}

/* Stands for which plan has which number. */
static void numbers_key(const struct plans *self, char out[SHA_HEX_LEN + 1])
{
    struct strbuf ids;

    strbuf_init(&ids, STRBUF_DOC_LIMIT);
    for (size_t i = 0; i < self->told; i++)
        strbuf_str(&ids, row_at(self, i)->id);
    sha256_hex(ids.data, ids.len, out);
    strbuf_finish(&ids);
}

/* ---- telling ------------------------------------------------------------------------------- */

static void tell_plan(struct plans *self, size_t i)
{
    const struct plan_row *row = row_at(self, i);
    char score[16], words[40] = "", ago[CLOCK_ISO_SIZE];
    bool scored = row->facts.score >= 0;

    score_text(row->facts.score, score, sizeof score);
    clock_ago(row->updated_at, clock_now_ms(), ago);
    if (row->facts.words)
        snprintf(words, sizeof words, "%lld words; ", (long long)row->facts.words);
    talk_say(self->room.p->talk, "%zu. %s%s%s; %s%s; %s; %s%s; %supdated %s.", i + 1, row->name,
             *row->client ? "; client " : "", row->client, plan_purpose_short(row->purpose),
             plan_rows_marked(&self->rows, row->id) ? "; marked" : "",
             facts_standing(&row->facts).word, scored ? "score " : "no score yet",
             scored ? score : "", words, ago);
}

/* The next rows of what is shown, at most `count`. */
static void tell_more(struct plans *self, size_t count)
{
    size_t end = self->told + count;

    for (end = end < self->rows.shown_count ? end : self->rows.shown_count; self->told < end;
         self->told++)
        tell_plan(self, self->told);
    self->room.things = self->told;
    numbers_key(self, self->key);
}

static void tell_count(struct plans *self)
{
    const struct plan_rows *rows = &self->rows;
    struct talk *t = self->room.p->talk;

    if (rows->filter[0])
        talk_say(t, "%zu of %zu plans match \"%s\"; \"filter\" with nothing after it tells all.",
                 rows->shown_count, rows->count, rows->filter);
    else if (self->next)
        talk_say(t, "%zu of %lld plans read; \"more\" reads on.", rows->count,
                 (long long)self->total);
    else
        talk_say(t, "%zu plan%s%s.", rows->shown_count, rows->shown_count == 1 ? "" : "s",
                 rows->archived ? ", the archive included" : "");
    if (rows->needing)
        talk_say(t, "%zu need%s you.", rows->needing, rows->needing == 1 ? "s" : "");
    if (rows->mark_count)
        talk_say(t, "%zu marked.", rows->mark_count);
    if (self->told < rows->shown_count)
        talk_say(t, "%zu more are not told yet: \"more\" tells them.",
                 rows->shown_count - self->told);
}

static void tell(struct room *r)
{
    struct plans *self = (struct plans *)r;
    struct talk *t = r->p->talk;

    talk_gap(t);
    talk_say(t, "Plans of %s, on %s, %s.", r->p->session.name, r->p->session.store,
             plan_order_words(self->rows.order, self->rows.reverse));
    if (!self->rows.count) {
        talk_say(t,
                 "No plans yet. Type new to begin your first one: a name and a purpose, then one "
                 "question after the other. You can stop anywhere.");
        return;
    }
    self->told = 0;
    tell_more(self, PAGE);
    tell_count(self);
}

static void read_room(struct room *r)
{
    read_again((struct plans *)r);
}

/* Something may be different now: where a number means another plan than was told, all are told again. */
static void come_back(struct plans *self)
{
    char key[SHA_HEX_LEN + 1];
    size_t told = self->told;

    if (plain_over(self->room.p))
        return;
    read_again(self);
    numbers_key(self, key);
    if (told != self->told || strcmp(key, self->key) != 0)
        tell(&self->room);
    else
        talk_say(self->room.p->talk, "Plans. \"again\" tells them.");
}

void plain_plans_more(struct room *r, const char *operand)
{
    struct plans *self = (struct plans *)r;

    (void)operand;
    if (self->told == self->rows.shown_count && self->next)
        read_page(self, &self->rows, PAGE);
    if (self->told == self->rows.shown_count)
        talk_say(r->p->talk, "That is all there is.");
    tell_more(self, PAGE);
    tell_count(self);
}

/* ---- one of them --------------------------------------------------------------------------- */

static const char *name_of(struct room *r, size_t i)
{
    return row_at((struct plans *)r, i)->name;
}

static const struct plan_row *chosen(struct room *r, const char *operand)
{
    size_t i;

    return room_thing(r, operand, "Which plan? A number or the beginning of a name:", &i)
               ? row_at((struct plans *)r, i)
               : NULL;
}

static void open_plan(struct room *r, const struct plan_row *row)
{
    char *id = mem_str(row->id); /* the list may be read anew meanwhile */

    if (row->facts.status != PLAN_STATUS_DRAFT || plain_answers_enter(r->p, id, NULL))
        plain_plan_enter(r->p, id, SECTION_COUNT);
    free(id);
    come_back((struct plans *)r);
}

static void choose(struct room *r, size_t i)
{
    open_plan(r, row_at((struct plans *)r, i));
}

void plain_plans_open(struct room *r, const char *operand)
{
    const struct plan_row *row = chosen(r, operand);

    if (row)
        open_plan(r, row);
}

void plain_plans_answers(struct room *r, const char *operand)
{
    const struct plan_row *row = chosen(r, operand);
    char *id;

    if (!row)
        return;
    id = mem_str(row->id);
    if (plain_answers_enter(r->p, id, NULL))
        plain_plan_enter(r->p, id, SECTION_COUNT);
    free(id);
    come_back((struct plans *)r);
}

/* ---- a new one ----------------------------------------------------------------------------- */

/* Asks for the name until one will do; NULL if the person gives up. The caller frees it. */
static char *ask_name(struct plain *p)
{
    talk_say(p->talk, "%s %s For example: %s.", plan_fields[0].help, plan_fields[0].why,
             plan_fields[0].example);
    for (;;) {
        char *line = talk_ask(p->talk, "%s (empty: leave it): ", plan_fields[0].label);
        struct err err = {0};

        if (!line || !*plain_trim(line)) {
            free(line);
            return NULL;
        }
        if (plan_field_set(NULL, plan_fields[0].field, line, &err))
            return line;
        talk_say(p->talk, "%s", err.msg);
        free(line);
    }
}

/* The purpose that was chosen; PURPOSE_COUNT if the person gives up. */
static enum plan_purpose ask_purpose(struct plain *p)
{
    const struct question *q = &plan_fields[1];

    talk_say(p->talk, "%s. %s %s", q->label, q->help, q->why);
    for (size_t i = 0; i < q->choice_count; i++)
        talk_say(p->talk, "%zu. %s: %s.", i + 1, q->choices[i].label, q->choices[i].note);
    for (;;) {
        char *line = talk_ask(p->talk, "Number (empty: leave it): ");
        const char *word = line ? plain_trim(line) : "";
        unsigned long number = strtoul(word, NULL, 10);
        enum plan_purpose named = plan_purpose_by_name(word);
        bool empty = !*word;

        free(line);
        if (empty)
            return PURPOSE_COUNT;
        if (named != PURPOSE_COUNT)
            return named;
        if (number >= 1 && number <= q->choice_count)
            return plan_purpose_by_name(q->choices[number - 1].key);
        talk_say(p->talk, "Give a number from 1 to %zu.", q->choice_count);
    }
}

void plain_plans_new(struct room *r, const char *operand)
{
    struct plain *p = r->p;
    char *name = *operand ? mem_str(operand) : ask_name(p);
    enum plan_purpose purpose = name ? ask_purpose(p) : PURPOSE_COUNT;
    bson_t answers = BSON_INITIALIZER;
    struct err err = {0};
    struct plan plan;

    if (purpose == PURPOSE_COUNT) {
        if (!plain_over(p))
            talk_say(p->talk, "No plan was made.");
    } else if (plan_new(p->bench.actor, p->bench.house, plain_trim(name), purpose, &answers, &plan,
                        &err)) {
        talk_say(p->talk, "%s is begun.", plan.name);
        if (plain_answers_enter(p, plan.id, NULL))
            plain_plan_enter(p, plan.id, SECTION_COUNT);
        record_finish(COLL_PLANS, &plan);
        come_back((struct plans *)r);
    } else {
        plain_error(p, &err);
    }
    bson_destroy(&answers);
    free(name);
}

/* ---- filter and order ---------------------------------------------------------------------- */

static void sift(struct plans *self)
{
    read_what_is_wanted(self);
    plan_rows_sift(&self->rows);
    tell(&self->room);
}

void plain_plans_filter(struct room *r, const char *operand)
{
    struct plans *self = (struct plans *)r;

    bson_strncpy(self->rows.filter, operand, sizeof self->rows.filter);
    sift(self);
}

void plain_plans_order(struct room *r, const char *operand)
{
    static const char *const names[PLAN_ORDER_COUNT] = {"newest", "attention", "updated",
                                                        "name",   "score",     "status"};
    struct plans *self = (struct plans *)r;

    for (size_t i = 0; *operand && i < PLAN_ORDER_COUNT; i++) {
        if (strncasecmp(names[i], operand, strlen(operand)) != 0)
            continue;
        self->rows.order = (enum plan_order)i;
        self->rows.reverse = false;
        sift(self);
        return;
    }
    talk_say(r->p->talk,
             "Order by one of: newest, attention (what needs you first), updated, name, score, "
             "status.");
}

void plain_plans_turn(struct room *r, const char *operand)
{
    struct plans *self = (struct plans *)r;

    (void)operand;
    self->rows.reverse = !self->rows.reverse;
    sift(self);
}

void plain_plans_archived(struct room *r, const char *operand)
{
    struct plans *self = (struct plans *)r;

    (void)operand;
    self->rows.archived = !self->rows.archived;
    sift(self);
}

/* ---- which plans --------------------------------------------------------------------------- */

struct chosen {
    struct plan_target *items; /* texts are borrowed from the rows */
    const struct plan_row **rows;
    size_t count;
};

static void add_target(struct chosen *c, const struct plan_row *row)
{
    for (size_t i = 0; i < c->count; i++) {
        if (strcmp(c->items[i].id, row->id) == 0)
            return;
    }
    c->rows[c->count] = row;
    c->items[c->count++] = (struct plan_target){.id = row->id, .name = row->name};
}

/* "1, 3 7": those numbers and nothing else. False if it is no list of several. */
static bool add_numbers(struct plans *self, const char *text, struct chosen *c)
{
    if (text[strspn(text, "0123456789, ")] || !strpbrk(text, ", "))
        return false;
    while (*text) {
        char *end;
        unsigned long number = strtoul(text, &end, 10);

        if (end > text && number >= 1 && number <= self->told)
            add_target(c, row_at(self, number - 1));
        text = end > text ? end : text + 1;
    }
    return c->count > 0;
}

/* The plans of a number, a name, several numbers or, without either, the marks. False, having asked and said
 * why, if there are none. chosen_finish() frees them. */
static bool find_chosen(struct room *r, const char *operand, struct chosen *c)
{
    struct plans *self = (struct plans *)r;
    const struct plan_row *row;

    *c = (struct chosen){.items = mem_zero(self->rows.shown_count + 1, sizeof *c->items),
                         .rows = mem_zero(self->rows.shown_count + 1, sizeof *c->rows)};
    if (!*operand && self->rows.mark_count) {
        for (size_t i = 0; i < self->rows.shown_count; i++) {
            if (plan_rows_marked(&self->rows, row_at(self, i)->id))
                add_target(c, row_at(self, i));
        }
    } else if (!add_numbers(self, operand, c)) {
        row = chosen(r, operand);
        if (row)
            add_target(c, row);
    }
    return c->count > 0;
}

static void chosen_finish(struct chosen *c)
{
    free(c->items);
    free(c->rows);
}

void plain_plans_mark(struct room *r, const char *operand)
{
    struct plans *self = (struct plans *)r;
    struct chosen c;

    if (!*operand)
        talk_say(r->p->talk, "Mark which? Numbers, as in: mark 1 3");
    else if (find_chosen(r, operand, &c)) {
        for (size_t i = 0; i < c.count; i++) {
            bool on = !plan_rows_marked(&self->rows, c.items[i].id);

            plan_rows_mark(&self->rows, c.items[i].id, on);
            talk_say(r->p->talk, on ? "%s is marked." : "%s is no longer marked.", c.items[i].name);
        }
        chosen_finish(&c);
    }
}

void plain_plans_mark_all(struct room *r, const char *operand)
{
    struct plans *self = (struct plans *)r;

    (void)operand;
    plan_rows_mark_shown(&self->rows, self->rows.mark_count == 0);
    talk_say(r->p->talk, self->rows.mark_count ? "%zu plans are marked." : "No plan is marked.",
             self->rows.mark_count);
}

/* ---- changing ------------------------------------------------------------------------------ */

static void drop_undo(struct plans *self, size_t i)
{
    free(self->undos[i].name);
    free(self->undos[i].new_name);
    self->undo_count--;
    memmove(self->undos + i, self->undos + i + 1, (self->undo_count - i) * sizeof *self->undos);
}

static void keep_undo(struct plans *self, enum plan_change change, const struct plan_target *t)
{
    enum plan_change inverse;
    struct undo *u;

    if (!plan_change_undone(change, &inverse))
        return;
    if (self->undo_count == UNDOS_MAX)
        drop_undo(self, 0);
    u = &self->undos[self->undo_count++];
    *u =
        (struct undo){.change = change, .name = mem_str(t->name), .new_name = mem_str(t->new_name)};
    bson_strncpy(u->id, t->id, sizeof u->id);
}

static bool change_one(struct plans *self, enum plan_change change, const struct plan_target *t)
{
    struct plain *p = self->room.p;
    char *written = NULL;
    struct err err = {0};
    bool ok = plan_change_now(&p->bench, change, t, &written, &err);

    if (ok)
        talk_say(p->talk, "%s %s%s%s.", t->new_name ? t->new_name : t->name,
                 plan_change_told(change), written ? " " : "", written ? written : "");
    else
        plain_error(p, &err);
    free(written);
    return ok;
}

/* Does it to all of them, after a question if it cannot be taken back or there are many. */
static void change(struct room *r, const char *operand, enum plan_change change)
{
    struct plans *self = (struct plans *)r;
    struct chosen c;

    if (find_chosen(r, operand, &c)) {
        enum plan_change each = change;
        bool sure = change != PLAN_CHANGE_DELETE && c.count == 1;

        if (!sure) {
            char *what = plan_changes_question(change, c.items, c.count);
            char *detail = plan_changes_detail(change, c.items, c.count);
            char *question = mem_printf("%s %s", what, detail);

            sure = plain_confirm(r->p, question, change == PLAN_CHANGE_DELETE ? "delete" : "yes");
            free(question);
            free(detail);
            free(what);
        }
        for (size_t i = 0; sure && i < c.count && !plain_over(r->p); i++) {
            if (change == PLAN_CHANGE_ARCHIVE && c.rows[i]->facts.status == PLAN_STATUS_ARCHIVED)
                each = PLAN_CHANGE_RESTORE;
            if (change_one(self, each, &c.items[i]))
                keep_undo(self, each, &c.items[i]);
        }
        if (sure && change == PLAN_CHANGE_DELETE)
            plan_rows_mark_shown(&self->rows, false);
    }
    chosen_finish(&c);
    come_back(self);
}

void plain_plans_archive(struct room *r, const char *operand)
{
    change(r, operand, PLAN_CHANGE_ARCHIVE);
}

void plain_plans_duplicate(struct room *r, const char *operand)
{
    change(r, operand, PLAN_CHANGE_DUPLICATE);
}

void plain_plans_export(struct room *r, const char *operand)
{
    change(r, operand, PLAN_CHANGE_EXPORT);
}

void plain_plans_delete(struct room *r, const char *operand)
{
    change(r, operand, PLAN_CHANGE_DELETE);
}

void plain_plans_rename(struct room *r, const char *operand)
{
    struct plans *self = (struct plans *)r;
    const struct plan_row *row = chosen(r, operand);
    char *name = row ? talk_ask(r->p->talk, "New name of %s (empty: leave it): ", row->name) : NULL;

    if (name && *plain_trim(name)) {
        struct plan_target t = {.id = row->id, .name = row->name, .new_name = plain_trim(name)};

        if (change_one(self, PLAN_CHANGE_RENAME, &t))
            keep_undo(self, PLAN_CHANGE_RENAME, &t);
        come_back(self);
    }
    free(name);
}

void plain_plans_undo(struct room *r, const char *operand)
{
    struct plans *self = (struct plans *)r;
    struct undo *u;
    enum plan_change inverse;
    const char *told;

    (void)operand;
    if (!self->undo_count) {
        talk_say(r->p->talk, "There is nothing to take back.");
        return;
    }
    u = &self->undos[self->undo_count - 1];
    told = plan_change_undone(u->change, &inverse);
    talk_say(r->p->talk, "Taking back: %s %s.", told, u->new_name ? u->new_name : u->name);
    change_one(self, inverse,
               &(struct plan_target){.id = u->id,
                                     .name = u->new_name ? u->new_name : u->name,
                                     .new_name = u->new_name ? u->name : NULL});
    drop_undo(self, self->undo_count - 1);
    come_back(self);
}

void plain_plans_enter(struct plain *p)
{
    struct plans self = {.room = {.p = p,
                                  .place = PLAIN_PLANS,
                                  .prompt = "Plans",
                                  .read = read_room,
                                  .tell = tell,
                                  .choose = choose,
                                  .name = name_of}};

    plan_rows_init(&self.rows);
    room_stay(&self.room);
    while (self.undo_count)
        drop_undo(&self, self.undo_count - 1);
    plan_rows_finish(&self.rows);
    free(self.next);
}
