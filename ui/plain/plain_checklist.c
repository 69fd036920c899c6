/* plain_checklist.c - what a lender, endorser or investor will check: what is open first, each with what to
 * do, and the way to the answer that settles it. */
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/section.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/checks.h"
#include "screen/loaded.h"
#include "screen/plan_fields.h"
#include "screen/remedying.h"

struct checklist {
    struct room room;
    const char *plan_id;
    struct loaded *l;
    struct check *checks;
    size_t count;
};

static void drop(struct checklist *self)
{
    loaded_let_go(self->l);
    free(self->checks);
    self->l = NULL;
    self->checks = NULL;
    self->count = self->room.things = 0;
}

/* Leaves, having said why, if there is none. */
static void read_report(struct room *r)
{
    struct checklist *self = (struct checklist *)r;
    struct plain *p = r->p;
    struct err err = {0};

    drop(self);
    self->l = loaded_now(&p->bench, self->plan_id, LOAD_REPORT, &err);
    if (self->l && !self->l->report)
        err = self->l->report_err;
    if (err.code != ERR_NONE) {
        plain_error(p, &err);
        r->left = true;
        return;
    }
    if (session_can_see_checklist(&p->session))
        self->checks = checks_read(self->l->report, &self->count);
    r->things = self->count;
}

static void tell_check(struct checklist *self, size_t i)
{
    const struct check *c = &self->checks[i];
    struct talk *t = self->room.p->talk;

    talk_say(t, "%zu. %s, %s: %s. %s", i + 1, outcome_word(c->outcome), c->severity, c->name,
             c->message);
    if (c->suggestion)
        talk_say(t, "What to do: %s", c->suggestion);
    if (c->source)
        talk_say(t, "Source: %s%s%s%s%s.", c->source, c->source_date ? ", " : "",
                 c->source_date ? c->source_date : "", c->source_url ? ", " : "",
                 c->source_url ? c->source_url : "");
}

static size_t open_count(const struct checklist *self)
{
    size_t open = 0;

    while (open < self->count && self->checks[open].outcome != OUTCOME_PASS)
        open++;
    return open;
}

/* "4 to fix, 24 met"; in the preview what the report itself counts. */
static void tell_counts(struct checklist *self)
{
    size_t counts[OUTCOME_COUNT] = {0};
    struct strbuf line;

    strbuf_init(&line, 1024);
    for (size_t i = 0; i < self->count; i++)
        counts[self->checks[i].outcome]++;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (counts[i])
            strbuf_printf(&line, "%s%zu %s", line.len ? ", " : "", counts[i],
                          outcome_word((enum outcome)i));
    if (!line.len)
        strbuf_printf(&line, "%lld met, %lld open",
                      (long long)doc_int(self->l->report, "passed_count", 0),
                      (long long)doc_int(self->l->report, "failed_count", 0));
    talk_say(self->room.p->talk, "%s.", line.data);
    strbuf_finish(&line);
}

static void tell(struct room *r)
{
    struct checklist *self = (struct checklist *)r;
    struct talk *t = r->p->talk;
    size_t open;

    talk_gap(t);
    talk_say(t, "Checklist of %s.", self->l->plan.name);
    talk_say(t, "%s: %s, %.0f of 100.", doc_str(self->l->report, "title", ""),
             overall_word(doc_str(self->l->report, "overall_status", "")),
             doc_num(self->l->report, "score", 0));
    tell_counts(self);
    talk_say(t, "By the rules of %s.", doc_str(self->l->report, "as_of", "today"));
    if (!self->l->report_stored)
        talk_say(t, "Not written yet: checked as it is now.");
    if (!session_can_see_checklist(&r->p->session)) {
        talk_say(t, "Each rule with what settles it comes with the professional tier. Status, "
                    "score and counts "
                    "are told in every tier.");
        return;
    }
    open = open_count(self);
    for (size_t i = 0; i < open; i++)
        tell_check(self, i);
    if (open < self->count)
        talk_say(t, "%zu more are met; \"all\" tells them, too.", self->count - open);
    if (open)
        talk_say(t, "A number leads to what settles that point; \"how NUMBER\" says what would "
                    "make it pass.");
}

void plain_checklist_how(struct room *r, const char *operand)
{
    struct checklist *self = (struct checklist *)r;
    struct strbuf text;
    size_t i;

    if (!room_thing(r, operand, "What would make which point pass? A number:", &i))
        return;
    strbuf_init(&text, 64 * 1024);
    remedying_now(&r->p->bench, self->plan_id, self->checks[i].id, &text);
    talk_say(r->p->talk, "%s.", self->checks[i].name);
    talk_text(r->p->talk, text.data);
    strbuf_finish(&text);
}

void plain_checklist_all(struct room *r, const char *operand)
{
    struct checklist *self = (struct checklist *)r;

    (void)operand;
    for (size_t i = 0; i < self->count; i++)
        tell_check(self, i);
    if (self->l && self->l->report && doc_has(self->l->report, "disclaimer"))
        talk_say(r->p->talk, "%s", doc_str(self->l->report, "disclaimer", ""));
}

static void choose(struct room *r, size_t i)
{
    struct checklist *self = (struct checklist *)r;
    const struct check *c = &self->checks[i];
    struct err err = {0};
    const struct intake *questions = house_intake(r->p->bench.house, &err);
    enum section_type section = c->fix ? section_type_by_name(c->fix) : SECTION_COUNT;

    tell_check(self, i);
    if (c->fix && (plan_field(c->fix) || (questions && intake_question(questions, c->fix)))) {
        char *place = mem_str(c->fix);

        plain_answers_enter(r->p, self->plan_id, place);
        free(place);
    } else if (section != SECTION_COUNT) {
        plain_section_enter(r->p, self->plan_id, section);
    } else {
        talk_say(r->p->talk, "No one answer settles this.");
        return;
    }
    room_back(r);
}

void plain_checklist_fix(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Which point? A number:", &i))
        choose(r, i);
}

static const char *name_of(struct room *r, size_t i)
{
    return ((struct checklist *)r)->checks[i].name;
}

void plain_checklist_enter(struct plain *p, const char *plan_id)
{
    struct checklist self = {.room = {.p = p,
                                      .place = PLAIN_CHECKLIST,
                                      .prompt = "Checklist",
                                      .read = read_report,
                                      .tell = tell,
                                      .choose = choose,
                                      .name = name_of},
                             .plan_id = plan_id};

    room_stay(&self.room);
    drop(&self);
}
