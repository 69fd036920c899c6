/* plain_history.c - the texts a section has had, newest first, or those of the whole plan. A number tells what
 * a save changed, word by word, and "restore" puts an earlier text back; nothing is lost by it, since that is
 * a save like any other. */
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/section_history.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/loaded.h"

enum { PAGE = 50 };

struct history {
    struct room room;
    const char *plan_id;
    enum section_type type; /* SECTION_COUNT for all */
    struct loaded *l;
    struct section_entry *entries;
    size_t count, cap;
    char *next; /* cursor, NULL after the last page */
};

static const struct section *section_of(const struct history *self, enum section_type type)
{
    return type < SECTION_COUNT && self->l->present[type] ? &self->l->sections[type] : NULL;
}

/* ---- reading ------------------------------------------------------------------------------- */

static void drop(struct history *self)
{
    struct section_history h = {.entries = self->entries, .count = self->count, .next = self->next};

    section_history_finish(&h);
    loaded_let_go(self->l);
    self->entries = NULL;
    self->next = NULL;
    self->l = NULL;
    self->count = self->cap = self->room.things = 0;
}

/* The next page that is not empty. False, having said why, if that fails. */
static bool read_page(struct history *self)
{
    struct plain *p = self->room.p;
    size_t before = self->count;

    do {
        struct section_history page = {0};
        struct err err = {0};

        if (!section_history_read(p->bench.actor, self->plan_id, section_of(self, self->type),
                                  self->next, PAGE, &page, &err)) {
            plain_error(p, &err);
            return false;
        }
        self->entries = mem_grow(self->entries, &self->cap, self->count + page.count + 1,
                                 sizeof *self->entries);
        if (page.count)
            memcpy(self->entries + self->count, page.entries, page.count * sizeof *self->entries);
        self->count += page.count;
        free(self->next);
        self->next = page.next;
        free(page.entries); /* what it held is ours now */
    } while (self->next && self->count == before);
    self->room.things = self->count;
    return true;
}

static void read_history(struct room *r)
{
    struct history *self = (struct history *)r;
    struct err err = {0};

    drop(self);
    self->l = loaded_now(&r->p->bench, self->plan_id, LOAD_SECTIONS | LOAD_MODEL, &err);
    if (!self->l)
        plain_error(r->p, &err);
    r->left = !self->l || !read_page(self);
}

/* ---- telling ------------------------------------------------------------------------------- */

static void tell_entry(struct history *self, size_t i)
{
    static const char *const words[] = {"as it was drafted", "edited", "restored", "written again",
                                        "a new draft, not yet taken"};
    const struct section_entry *e = &self->entries[i];
    char at[CLOCK_ISO_SIZE] = "", ago[CLOCK_ISO_SIZE] = "";

    if (e->at != RECORD_NONE) {
        clock_iso_date(e->at, at);
        clock_ago(e->at, clock_now_ms(), ago);
    }
    talk_say(self->room.p->talk, "%zu. %s%s%s%s%s%s%s%s%s, %lld words.", i + 1,
             self->type == SECTION_COUNT ? section_type_title(e->type) : "",
             self->type == SECTION_COUNT ? ", " : "", words[e->change], *at ? ", " : "", at,
             *ago ? ", " : "", ago, e->who ? ", by " : "", e->who ? e->who : "",
             (long long)e->words);
}

static void tell(struct room *r)
{
    struct history *self = (struct history *)r;

    talk_gap(r->p->talk);
    talk_say(r->p->talk, "History of %s%s%s, newest first.",
             self->type < SECTION_COUNT ? section_type_title(self->type) : "",
             self->type < SECTION_COUNT ? " of " : "", self->l->plan.name);
    if (!self->count)
        talk_say(r->p->talk, "Nothing has been changed since it was written.");
    for (size_t i = 0; i < self->count; i++)
        tell_entry(self, i);
    if (self->next)
        talk_say(r->p->talk, "\"more\" tells earlier ones.");
}

void plain_history_more(struct room *r, const char *operand)
{
    struct history *self = (struct history *)r;
    size_t before = self->count;

    (void)operand;
    if (!self->next)
        talk_say(r->p->talk, "That is all there is.");
    else if (read_page(self))
        for (size_t i = before; i < self->count; i++)
            tell_entry(self, i);
}

static void choose(struct room *r, size_t i)
{
    struct history *self = (struct history *)r;
    const struct section_entry *e = &self->entries[i];
    char *now = section_history_text(e->after, self->l->model);
    char *old = e->before ? section_history_text(e->before, self->l->model) : NULL;

    tell_entry(self, i);
    if (old)
        plain_tell_changes(r->p, "the text before", old, now);
    talk_say(r->p->talk, "\"text %zu\" tells the whole text, \"restore %zu\" puts it back.", i + 1,
             i + 1);
    free(old);
    free(now);
}

void plain_history_changes(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Of which? A number:", &i))
        choose(r, i);
}

void plain_history_text(struct room *r, const char *operand)
{
    struct history *self = (struct history *)r;
    char *text;
    size_t i;

    if (!room_thing(r, operand, "Which text? A number:", &i))
        return;
    text = section_history_text(self->entries[i].after, self->l->model);
    plain_tell_text(r->p, text, strlen(text));
    free(text);
}

void plain_history_restore(struct room *r, const char *operand)
{
    struct history *self = (struct history *)r;
    const struct section_entry *e;
    struct err err = {0};
    size_t i;

    if (!room_thing(r, operand, "Which text is to be put back? A number:", &i))
        return;
    e = &self->entries[i];
    if (e->change == SECTION_CHANGE_OFFERED)
        talk_say(r->p->talk,
                 "That draft waits to be taken: \"accept\", where the section is read, takes it.");
    else if (section_restore(r->p->bench.actor, r->p->bench.house, self->plan_id, e->type, e->after,
                             doc_int(section_of(self, e->type)->metadata, "rev", 0), &err))
        talk_say(r->p->talk, "%s reads as it did then; the text before is in the history.",
                 section_type_title(e->type));
    else
        plain_error(r->p, &err);
    room_back(r);
}

void plain_history_enter(struct plain *p, const char *plan_id, enum section_type type)
{
    struct history self = {.room = {.p = p,
                                    .place = PLAIN_HISTORY,
                                    .prompt = "History",
                                    .read = read_history,
                                    .tell = tell,
                                    .choose = choose},
                           .plan_id = plan_id,
                           .type = type};

    room_stay(&self.room);
    drop(&self);
}
