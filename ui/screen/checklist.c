/* checklist.c - what a lender, endorser or investor will check, worst first, and the way to
 * what settles it. The checks come from the stored report, or, for a draft, from one made on
 * the spot. Whoever comes back from an answer stands on the rule they left, or, if that is met now,
 * on the next one. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/section.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/checks.h"
#include "screen/crumb.h"
#include "screen/loaded.h"
#include "screen/plan_fields.h"
#include "screen/remedying.h"
#include "screen/session.h"
#include "widget/list.h"

enum { HEAD_ROWS = 3, FOOT_ROWS = 8, WIDE = 110, SIDE_COLS = 48, BAR_COLS = 24 };

struct checklist {
    struct screen base;
    char *plan_id, *name;
    struct loaded *l;
    struct err err;
    struct check *checks; /* those that are open come first */
    size_t count, open;
    bool open_only;
    bool how;     /* what would make it pass, where there is room for one thing alone */
    char *how_id; /* the rule `how_text` is about; NULL for none */
    char *how_text;
    bool how_asked; /* the worker is at it */
    char *keep;     /* rule to stand on again */
    struct list list;
};

/* ---- how a check stands -------------------------------------------------------------------- */

static const struct outcome_look {
    enum symbol symbol;
    unsigned style;
} looks[] = {
    [OUTCOME_FAIL] = {SYMBOL_CROSS, ROLE_BAD},
    [OUTCOME_UNKNOWN] = {SYMBOL_RING, ROLE_WARN},
    [OUTCOME_NEEDS_EVIDENCE] = {SYMBOL_BANG, ROLE_WARN},
    [OUTCOME_PASS] = {SYMBOL_CHECK, ROLE_OK},
};

static const struct check *current(const struct checklist *self)
{
    return self->list.cursor < self->count && session_can_see_checklist(&self->base.app->session)
               ? &self->checks[self->list.cursor]
               : NULL;
}

/* ---- what would make it pass --------------------------------------------------------------- */

static bool is_wide(const struct checklist *self)
{
    return terminal_cols(self->base.app->term) >= WIDE;
}

static void ask_how(struct checklist *self);

static void got_how(struct screen *s, const char *rule_id, const char *text)
{
    struct checklist *self = (struct checklist *)s;

    free(self->how_id);
    free(self->how_text);
    self->how_id = mem_str(rule_id);
    self->how_text = mem_str(text);
    self->how_asked = false;
    ask_how(self); /* the cursor may be elsewhere by now */
}

/* Of the rule under the cursor, if it is to be seen and is not there yet. */
static void ask_how(struct checklist *self)
{
    const struct check *check = current(self);

    if (self->how_asked || !check || (!self->how && !is_wide(self)) ||
        (self->how_id && strcmp(self->how_id, check->id) == 0))
        return;
    self->how_asked = true;
    remedying_start(&self->base, self->plan_id, check->id, got_how);
}

static const char *how_text(const struct checklist *self, const struct check *check)
{
    bool there = self->how_id && strcmp(self->how_id, check->id) == 0;

    return there ? self->how_text : "Working it out.";
}

/* ---- life ---------------------------------------------------------------------------------- */

static void draw_check(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    struct checklist *self = arg;
    const struct check *check = &self->checks[i];
    const struct outcome_look *look = &looks[check->outcome];
    int severity = line->cols - 9;

    canvas_put(line, 0, 2, look->style | style, canvas_symbol(line, look->symbol));
    canvas_fit(line, 0, 4, 10, look->style | style, ALIGN_LEFT, outcome_word(check->outcome));
    canvas_fit(line, 0, 15, severity - 17, ROLE_TEXT | style, ALIGN_LEFT, check->name);
    canvas_fit(line, 0, severity, 8, ROLE_DIM | style, ALIGN_LEFT, check->severity);
}

static void show_rows(struct checklist *self)
{
    list_set_count(&self->list, self->open_only ? self->open : self->count);
}

/* The cursor goes to the rule it was on, unless that is met now: then the next one has its place. */
static void stand_again(struct checklist *self)
{
    for (size_t i = 0; self->keep && i < self->count; i++) {
        const struct check *check = &self->checks[i];

        if (strcmp(check->id, self->keep) != 0)
            continue;
        if (check->outcome == OUTCOME_PASS)
            app_toast(self->base.app, ROLE_OK, "Met now: %s", check->name);
        else
            list_move_to(&self->list, i);
    }
    free(self->keep);
    self->keep = NULL;
}

static void take_checks(struct checklist *self)
{
    free(self->checks);
    self->checks = checks_read(self->l->report, &self->count);
    for (self->open = 0; self->open < self->count; self->open++)
        if (self->checks[self->open].outcome == OUTCOME_PASS)
            break;
    show_rows(self);
    stand_again(self);
    free(self->how_id);
    self->how_id = NULL;
    ask_how(self);
}

static void loaded(struct screen *s, struct loaded *l, const struct err *err)
{
    struct checklist *self = (struct checklist *)s;

    app_dirty(s->app);
    if (!l && self->l) { /* what was read before stays in sight */
        app_error(s->app, err);
        return;
    }
    loaded_let_go(self->l);
    self->count = 0;
    self->l = l;
    self->err = l ? l->report_err : *err;
    if (l && l->report)
        take_checks(self);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct checklist *self = (struct checklist *)s;
    const struct plan_place *at = arg;

    (void)err;
    self->plan_id = mem_str(at->plan_id);
    self->name = mem_str(at->name);
    list_init(&self->list, draw_check, self);
    loaded_read(s, self->plan_id, LOAD_REPORT, loaded);
    return true;
}

static void leave(struct screen *s)
{
    struct checklist *self = (struct checklist *)s;

    loaded_let_go(self->l);
    free(self->checks);
    free(self->how_id);
    free(self->how_text);
    free(self->keep);
    free(self->plan_id);
    free(self->name);
}

static void shown(struct screen *s)
{
    struct checklist *self = (struct checklist *)s;

    if (current(self) && !self->keep)
        self->keep = mem_str(current(self)->id);
    loaded_read(s, self->plan_id, LOAD_REPORT, loaded);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_CHECKLIST);
    contexts_add(cs, CONTEXT_LIST);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    crumb_join(s, ((const struct checklist *)s)->name, "Checklist", out);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_status(const struct checklist *self, const struct canvas *c, int y)
{
    const char *status = doc_str(self->l->report, "overall_status", "");
    double score = doc_num(self->l->report, "score", 0);
    struct outcome_look look = {SYMBOL_BANG, ROLE_WARN};
    int x;

    if (strcmp(status, "compliant") == 0)
        look = looks[OUTCOME_PASS];
    else if (strcmp(status, "non_compliant") == 0)
        look = looks[OUTCOME_FAIL];
    x = canvas_printf(c, y, 2, look.style, "%s %s", canvas_symbol(c, look.symbol),
                      overall_word(status));
    x = canvas_printf(c, y, x + 3, ROLE_TITLE, "%.0f", score);
    x = canvas_put(c, y, x, ROLE_DIM, " of 100  ");
    canvas_bar(c, y, x, BAR_COLS, ROLE_ACCENT, score / 100);
    canvas_fit(c, y, x + BAR_COLS + 2, c->cols - x - BAR_COLS - 3, ROLE_DIM, ALIGN_RIGHT,
               doc_str(self->l->report, "title", ""));
}

static void draw_head(const struct checklist *self, const struct canvas *c)
{
    const char *as_of = doc_str(self->l->report, "as_of", NULL);
    size_t counts[OUTCOME_COUNT] = {0};
    int x = 2;

    draw_status(self, c, 0);
    for (size_t i = 0; i < self->count; i++)
        counts[self->checks[i].outcome]++;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (counts[i])
            x = 2 + canvas_printf(c, 1, x, looks[i].style, "%zu %s", counts[i],
                                  outcome_word((enum outcome)i));
    if (self->open_only)
        x = 2 + canvas_put(c, 1, x, ROLE_ACCENT, "open only");
    if (as_of && x + 30 < c->cols) /* else the rules themselves say it */
        x = canvas_printf(c, 1, x, ROLE_DIM, "by the rules of %s", as_of);
    if (!self->l->report_stored)
        canvas_put(c, 1, x, ROLE_DIM, "; not written yet");
}

static void draw_source(const struct check *check, const struct canvas *c, int y)
{
    char *source = check->source_date ? mem_printf("%s, %s", check->source, check->source_date)
                                      : mem_str(check->source);

    if (source)
        y += canvas_wrap(c, y, 0, 2, c->cols, ROLE_DIM, source, true);
    free(source);
    if (check->source_url && y < c->rows)
        canvas_wrap(c, y, 0, c->rows - y, c->cols, ROLE_LINK, check->source_url, true);
}

/* Where there is room for one thing alone, `w` says which. */
static void draw_detail(const struct checklist *self, const struct check *check,
                        const struct canvas *c)
{
    bool wide = is_wide(self);
    int y = canvas_wrap(c, 0, 0, 2, c->cols, ROLE_TITLE, check->name, true);

    if (self->how && !wide) {
        canvas_wrap(c, y, 0, c->rows - y, c->cols, ROLE_TEXT, how_text(self, check), true);
        return;
    }

    y += canvas_wrap(c, y, 0, 3, c->cols, ROLE_TEXT, check->message, true);
    if (check->suggestion)
        y += canvas_wrap(c, y, 0, 3, c->cols, ROLE_ACCENT, check->suggestion, true);
    if (wide && check->outcome != OUTCOME_PASS)
        y += 2 + canvas_wrap(c, y + 1, 0, 14, c->cols, ROLE_TEXT, how_text(self, check), true);
    draw_source(check, c, y);
}

static void draw_preview(const struct canvas *c)
{
    canvas_wrap(c, 1, 2, 4, c->cols - 4, ROLE_TEXT,
                "Each rule with what settles it comes with the professional tier. Status, score "
                "and counts above are shown in every tier.",
                true);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct checklist *self = (struct checklist *)s;
    bool wide = body->cols >= WIDE;
    int foot = wide ? 0 : body->rows >= 18 ? FOOT_ROWS : FOOT_ROWS - 3;
    struct canvas list = canvas_part(body, HEAD_ROWS, 0, body->rows - HEAD_ROWS - foot,
                                     body->cols - (wide ? SIDE_COLS : 0));
    struct canvas detail =
        wide ? canvas_part(body, HEAD_ROWS, body->cols - SIDE_COLS + 2, body->rows - HEAD_ROWS,
                           SIDE_COLS - 4)
             : canvas_part(body, body->rows - foot + 1, 2, foot - 1, body->cols - 4);

    canvas_cursor(body, 0, 0, false);
    if (self->err.code != ERR_NONE && !(self->l && self->l->report))
        canvas_wrap(body, 1, 2, 4, body->cols - 4, ROLE_BAD, self->err.msg, true);
    if (!self->l || !self->l->report)
        return;
    draw_head(self, body);
    if (!session_can_see_checklist(&s->app->session)) {
        draw_preview(&list);
        return;
    }
    if (wide)
        canvas_vline(body, HEAD_ROWS, body->cols - SIDE_COLS, body->rows - HEAD_ROWS, ROLE_BORDER);
    else
        canvas_hline(body, body->rows - foot, 0, body->cols, ROLE_BORDER);
    if (current(self))
        draw_detail(self, current(self), &detail);
    list_draw(&self->list, &list);
}

/* ---- keys ---------------------------------------------------------------------------------- */

static bool is_question(const struct checklist *self, const char *field)
{
    struct err err = {0};
    const struct intake *questions = house_intake(self->base.app->house, &err);

    return plan_field(field) || (questions && intake_question(questions, field));
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct checklist *self = (const struct checklist *)s;
    const struct check *check = current(self);

    if (a == ACTION_CHECKLIST_HOW)
        return check && !is_wide(self);
    if (a != ACTION_CHECKLIST_FIX)
        return true;
    return check && check->fix &&
           (is_question(self, check->fix) || section_type_by_name(check->fix) != SECTION_COUNT);
}

static const char *why_not(const struct screen *s, enum action a)
{
    (void)s;
    return a == ACTION_CHECKLIST_FIX ? "No answer or section settles this one." : NULL;
}

static void fix(struct checklist *self, const struct check *check)
{
    struct plan_place at = {.plan_id = self->plan_id, .place = check->fix};

    app_push(self->base.app, is_question(self, check->fix) ? &screen_wizard : &screen_reader, &at);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct checklist *self = (struct checklist *)s;
    bool clicked;

    if (!list_mouse(&self->list, ev, &clicked))
        return false;
    ask_how(self);
    if (clicked && input_double(ev))
        app_act(s->app, ACTION_CHECKLIST_FIX);
    return true;
}

static bool act(struct screen *s, enum action a)
{
    struct checklist *self = (struct checklist *)s;

    switch (a) {
    case ACTION_CHECKLIST_FIX:
        fix(self, current(self));
        return true;
    case ACTION_CHECKLIST_HOW:
        self->how = !self->how;
        ask_how(self);
        return true;
    case ACTION_CHECKLIST_OPEN:
        self->open_only = !self->open_only;
        show_rows(self);
        ask_how(self);
        return true;
    default:
        break;
    }
    if (!list_act(&self->list, a))
        return false;
    ask_how(self);
    return true;
}

static void where(const struct screen *s, struct strbuf *plan_id, struct strbuf *place)
{
    (void)place;
    strbuf_str(plan_id, ((const struct checklist *)s)->plan_id);
}

const struct screen_ops screen_checklist = {
    .name = "checklist",
    .size = sizeof(struct checklist),
    .enter = enter,
    .leave = leave,
    .shown = shown,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
    .where = where,
};
