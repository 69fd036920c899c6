/* plain_plan.c - a plan: how it stands, its nine sections and what else there is of it, all numbered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/section_view.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/contents.h"
#include "screen/figure_text.h"
#include "screen/loaded.h"
#include "screen/plan_words.h"

enum { FINANCIALS = SECTION_COUNT, CHECKLIST, ANSWERS, THINGS };

struct opened {
    struct room room;
    const char *plan_id;
    struct loaded *l;
};

static void read_plan(struct room *r)
{
    struct opened *self = (struct opened *)r;
    struct err err = {0};
    struct loaded *l = loaded_now(&r->p->bench, self->plan_id, LOAD_SECTIONS | LOAD_MODEL, &err);

    if (!l) { /* what was read before still holds */
        plain_error(r->p, &err);
        r->left = !self->l;
        return;
    }
    loaded_let_go(self->l);
    self->l = l;
}

static size_t written(const struct loaded *l)
{
    size_t count = 0;

    for (int i = 0; i < SECTION_COUNT; i++)
        count += l->present[i];
    return count;
}

/* ---- telling ------------------------------------------------------------------------------- */

static void tell_section(const struct opened *self, int i)
{
    const struct section *s = self->l->present[i] ? &self->l->sections[i] : NULL;
    const char *word = contents_word(self->l, (enum section_type)i);
    const char *title = section_type_title((enum section_type)i);

    if (s)
        talk_say(self->room.p->talk, "%d. %s: %s, %lld words.", i + 1, title, word,
                 (long long)s->word_count);
    else
        talk_say(self->room.p->talk, "%d. %s: %s.", i + 1, title, word);
}

static void tell_figures(const struct opened *self)
{
    static const struct {
        const char *label, *figure;
    } lines[] = {
        {"Revenue, year 1", FIGURE_REVENUE_Y1},
        {"Net profit, year 1", FIGURE_NET_Y1},
        {"Break-even sales a month", FIGURE_BREAK_EVEN_SALES},
        {"Break-even units", FIGURE_BREAK_EVEN_UNITS},
    };
    struct strbuf value;

    if (!self->l->model) {
        talk_say(self->room.p->talk, "%s", self->l->model_err.msg);
        return;
    }
    strbuf_init(&value, 256);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        strbuf_clear(&value);
        figure_text_of(self->l->model, lines[i].figure, &value);
        talk_say(self->room.p->talk, "%s: %s.", lines[i].label,
                 strcmp(value.data, "–") == 0 ? "no figure" : value.data);
    }
    strbuf_finish(&value);
}

static void tell(struct room *r)
{
    struct opened *self = (struct opened *)r;
    struct talk *t = r->p->talk;
    const struct plan *plan = &self->l->plan;
    char score[16];

    talk_gap(t);
    talk_say(t, "%s: %s. %s.", plan->name, plan_standing(plan, NULL).word,
             plan_purpose_label(plan->plan_purpose));
    if (plan->error && plan->status == PLAN_STATUS_FAILED)
        talk_say(t, "%s: %zu of %d sections are kept; \"write\" goes on from there.", plan->error,
                 written(self->l), (int)SECTION_COUNT);
    if (plan->status == PLAN_STATUS_GENERATING)
        talk_say(t,
                 "This plan was not finished, or is being written elsewhere: %zu of %d sections "
                 "are there "
                 "and kept. \"write\" goes on from there.",
                 written(self->l), (int)SECTION_COUNT);
    tell_figures(self);
    for (int i = 0; i < SECTION_COUNT; i++)
        tell_section(self, i);
    plan_score(plan, score, sizeof score);
    talk_say(t, "%d. Financial tables.", FINANCIALS + 1);
    talk_say(
        t, doc_has(plan->metadata, "summary.score") ? "%d. Checklist: score %s." : "%d. Checklist.",
        CHECKLIST + 1, score);
    talk_say(t, "%d. Answers.", ANSWERS + 1);
}

/* ---- going on ------------------------------------------------------------------------------ */

static void choose(struct room *r, size_t i)
{
    struct opened *self = (struct opened *)r;

    if (i == FINANCIALS)
        plain_statements_enter(r->p, self->plan_id);
    else if (i == CHECKLIST)
        plain_checklist_enter(r->p, self->plan_id);
    else if (i == ANSWERS)
        plain_answers_enter(r->p, self->plan_id, NULL);
    else if (self->l->present[i])
        plain_section_enter(r->p, self->plan_id, (enum section_type)i);
    else
        talk_say(r->p->talk, "%s is not written yet; \"write\" writes the plan from the answers.",
                 section_type_title((enum section_type)i));
    room_back(r);
}

static const char *name_of(struct room *r, size_t i)
{
    static const char *const others[] = {"Financial tables", "Checklist", "Answers"};

    (void)r;
    return i < SECTION_COUNT ? section_type_title((enum section_type)i) : others[i - SECTION_COUNT];
}

void plain_plan_read(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Which section? A number or the beginning of its title:", &i))
        choose(r, i);
}

void plain_plan_financials(struct room *r, const char *operand)
{
    (void)operand;
    choose(r, FINANCIALS);
}

void plain_plan_checklist(struct room *r, const char *operand)
{
    (void)operand;
    choose(r, CHECKLIST);
}

void plain_plan_answers(struct room *r, const char *operand)
{
    (void)operand;
    choose(r, ANSWERS);
}

/* Answers that keep the plan from being written; told, if there are any. */
static size_t open_points(struct opened *self)
{
    struct err err = {0};
    const struct intake *questions = house_intake(self->room.p->bench.house, &err);
    struct problems open = {0};
    size_t count;

    if (!questions)
        return 0;
    intake_check(questions, self->l->plan.plan_purpose, self->l->plan.intake_data, true, &open);
    count = open.count;
    for (size_t i = 0; i < count; i++)
        talk_say(self->room.p->talk, "%s", open.items[i].message);
    problems_finish(&open);
    return count;
}

void plain_plan_write(struct room *r, const char *operand)
{
    struct opened *self = (struct opened *)r;
    size_t open;

    (void)operand;
    read_plan(r);
    open = open_points(self);
    if (open) {
        talk_say(r->p->talk, "%zu answer%s missing or wrong; \"answers\" leads to them.", open,
                 open == 1 ? " is" : "s are");
        return;
    }
    plain_writing_run(r->p, self->plan_id, NULL);
    room_back(r);
}

/* ---- all sections at once ------------------------------------------------------------------ */

/* The lines of a section that hold `what`, or begin with it; how many were told. */
static size_t tell_lines(struct opened *self, int i, const char *what, bool begins)
{
    const struct section *s = &self->l->sections[i];
    struct section_view view = {0};
    struct strbuf lines;
    struct err err = {0};
    size_t told = 0;

    strbuf_init(&lines, STRBUF_DOC_LIMIT);
    if (section_view(s, self->l->model, &view, &err) &&
        md_linear(view.text, view.len, &lines, &err)) {
        for (const char *at = lines.data; *at;
             at += strcspn(at, "\n") + (at[strcspn(at, "\n")] != '\0')) {
            char *line = mem_strn(at, strcspn(at, "\n"));
            const char *found = strcasestr(line, what);

            if (begins ? found == line : found != NULL) {
                talk_say(self->room.p->talk, "%s: %s", s->title,
                         begins ? line + strlen(what) : line);
                told++;
            }
            free(line);
        }
    }
    if (err.code != ERR_NONE)
        plain_error(self->room.p, &err);
    strbuf_finish(&lines);
    section_view_finish(&view);
    return told;
}

static size_t tell_all_lines(struct opened *self, const char *what, bool begins)
{
    size_t told = 0;

    for (int i = 0; i < SECTION_COUNT; i++)
        told += self->l->present[i] ? tell_lines(self, i, what, begins) : 0;
    return told;
}

void plain_plan_search(struct room *r, const char *operand)
{
    char *asked = *operand ? mem_str(operand) : talk_ask(r->p->talk, "Search for: ");
    const char *what = asked ? plain_trim(asked) : "";
    size_t told = *what ? tell_all_lines((struct opened *)r, what, false) : 0;

    if (told)
        talk_say(r->p->talk, "%zu line%s with \"%s\".", told, told == 1 ? "" : "s", what);
    else if (*what)
        talk_say(r->p->talk, "\"%s\" is in none of the sections.", what);
    free(asked);
}

void plain_plan_outline(struct room *r, const char *operand)
{
    (void)operand;
    if (!tell_all_lines((struct opened *)r, "Heading: ", true))
        talk_say(r->p->talk, "There are no headings yet.");
}

void plain_plan_history(struct room *r, const char *operand)
{
    (void)operand;
    plain_history_enter(r->p, ((struct opened *)r)->plan_id, SECTION_COUNT);
    room_back(r);
}

void plain_plan_export(struct room *r, const char *operand)
{
    struct opened *self = (struct opened *)r;
    char *name = mem_str(self->l->plan.name);

    (void)operand;
    plain_exports_enter(r->p, self->plan_id, name);
    free(name);
    room_back(r);
}

void plain_plan_enter(struct plain *p, const char *plan_id, enum section_type section)
{
    struct opened self = {.room = {.p = p,
                                   .place = PLAIN_PLAN,
                                   .prompt = "Plan",
                                   .things = THINGS,
                                   .read = read_plan,
                                   .tell = tell,
                                   .choose = choose,
                                   .name = name_of},
                          .plan_id = plan_id};

    if (section != SECTION_COUNT)
        plain_section_enter(p, plan_id, section);
    room_stay(&self.room);
    loaded_let_go(self.l);
}
