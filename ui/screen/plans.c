/* plans.c - the list of plans. Pages come in the store's order, newest first (plan_pages.h); the
 * next one is asked for when the cursor comes near the end, or as long as a filter or another order
 * is on, since what belongs at the top may lie further down. Until all are read the screen says of
 * how many. What is on screen is plan_rows.h, what is done to plans plan_changes.h. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "runs.h"
#include "screen/plan_changes.h"
#include "screen/plan_columns.h"
#include "screen/plan_fields.h"
#include "screen/plan_pages.h"
#include "screen/plan_rows.h"
#include "widget/field.h"
#include "widget/list.h"

enum { NEAR_END = 50 };

enum typing { TYPING_NONE, TYPING_FILTER, TYPING_NAME };

struct plans {
    struct screen base;
    struct plan_rows rows;
    struct plan_pages pages; /* that `rows` come from */
    bool to_end;             /* on the way to the last plan of all, page by page */
    bool ordered;            /* the person chose an order, or the default one was taken up */
    bool at_top;             /* the cursor stays on the first row, whichever plan that is */
    struct list list;
    struct field filter;
    struct field name; /* the new one of plan `target` */
    enum typing typing;
    char keep[ID_LEN + 1]; /* the plan to put the cursor on again */
    char target[ID_LEN + 1];
    enum plan_change asked_for; /* what a confirmation is about: to the marked plans or `target` */
    struct plan_changes changes;
};

/* ---- what is shown ------------------------------------------------------------------------- */

static const struct plan_row *current(const struct plans *self)
{
    return plan_rows_at(&self->rows, self->list.cursor);
}

static void remember(struct plans *self)
{
    const struct plan_row *row = current(self);

    snprintf(self->keep, sizeof self->keep, "%s", row ? row->id : "");
}

/* The rows have changed: the cursor stays on its plan, and the plan on its line of the screen. */
static void place_cursor(struct plans *self)
{
    size_t line = self->list.cursor - self->list.top;
    size_t at = self->at_top ? 0 : plan_rows_find(&self->rows, self->keep, self->list.cursor);

    self->list.top = at > line ? at - line : 0;
    self->list.cursor = at;
    list_set_count(&self->list, self->rows.shown_count);
}

static void sift(struct plans *self)
{
    snprintf(self->rows.filter, sizeof self->rows.filter, "%s", field_text(&self->filter));
    plan_rows_sift(&self->rows);
    place_cursor(self);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* What needs somebody comes first, if all plans fit on one page; of very many the newest are shown
 * at once, and they are read through only when that is asked for. */
static void choose_order(struct plans *self)
{
    if (self->ordered)
        return;
    self->ordered = true;
    self->rows.order = self->pages.next ? PLAN_ORDER_NEWEST : PLAN_ORDER_ATTENTION;
    plan_rows_sift(&self->rows);
}

/* The next page, if the cursor is near the end of what was read or the rows of all are needed. */
static void ask_more(struct plans *self)
{
    bool all = self->to_end || self->rows.order != PLAN_ORDER_NEWEST || self->rows.reverse ||
               *self->rows.filter;

    if (all || self->list.cursor + NEAR_END >= self->list.count)
        plan_pages_more(&self->pages, all);
}

static void rows_changing(struct screen *s)
{
    remember((struct plans *)s);
}

static void rows_changed(struct screen *s)
{
    struct plans *self = (struct plans *)s;

    choose_order(self);
    place_cursor(self);
    if (self->to_end)
        list_move_to(&self->list, self->list.count);
    ask_more(self);
}

static void changed(struct screen *s)
{
    plan_pages_again(&((struct plans *)s)->pages);
}

/* ---- changing ------------------------------------------------------------------------------ */

/* What is marked, else the plan under the cursor: a list the caller frees. Marked plans that are
 * not read yet have no name here and are left out. */
static struct plan_target *targets(const struct plans *self, size_t *count)
{
    const struct plan_row *row = current(self);
    struct plan_target *list = mem_zero(self->rows.mark_count + 1, sizeof *list);

    *count = 0;
    for (size_t i = 0; i < self->rows.count && self->rows.mark_count; i++) {
        row = &self->rows.items[i];
        if (plan_rows_marked(&self->rows, row->id))
            list[(*count)++] = (struct plan_target){.id = row->id, .name = row->name};
    }
    if (!self->rows.mark_count && row)
        list[(*count)++] = (struct plan_target){.id = row->id, .name = row->name};
    return list;
}

static void start_change(struct plans *self, enum plan_change change)
{
    size_t count;
    struct plan_target *list = targets(self, &count);

    plan_changes_do(&self->changes, change, list, count);
    plan_rows_mark_shown(&self->rows, false);
    free(list);
}

static void do_asked(void *arg)
{
    struct plans *self = arg;

    if (!self->rows.mark_count) { /* the list may have moved since: it is the plan that counts */
        snprintf(self->keep, sizeof self->keep, "%s", self->target);
        self->list.cursor = plan_rows_find(&self->rows, self->target, self->list.count);
    }
    start_change(self, self->asked_for);
    place_cursor(self);
}

static void ask_before(struct plans *self, enum plan_change change)
{
    size_t count;
    struct plan_target *list = targets(self, &count);
    char *question = NULL, *detail = NULL;

    if (count) {
        snprintf(self->target, sizeof self->target, "%s", list[0].id);
        self->asked_for = change;
        question = plan_changes_question(change, list, count);
        detail = plan_changes_detail(change, list, count);
        app_confirm(self->base.app, &(struct confirm){.question = question,
                                                      .detail = detail,
                                                      .verb = plan_changes_verb(change),
                                                      .yes = do_asked,
                                                      .arg = self});
    }
    free(question);
    free(detail);
    free(list);
}

/* One plan at a time is changed at once, if that can be taken back or costs nothing. */
static void change(struct plans *self, enum plan_change what)
{
    if (self->rows.mark_count || what == PLAN_CHANGE_DELETE)
        ask_before(self, what);
    else
        start_change(self, what);
}

/* Marked plans go out of the archive only if all of them are in it. */
static enum plan_change archive_or_restore(const struct plans *self)
{
    size_t archived = 0;

    for (size_t i = 0; i < self->rows.count && self->rows.mark_count; i++)
        archived += self->rows.items[i].facts.status == PLAN_STATUS_ARCHIVED &&
                    plan_rows_marked(&self->rows, self->rows.items[i].id);
    if (!self->rows.mark_count)
        archived = current(self)->facts.status == PLAN_STATUS_ARCHIVED;
    return archived && archived >= self->rows.mark_count ? PLAN_CHANGE_RESTORE
                                                         : PLAN_CHANGE_ARCHIVE;
}

static void begin_rename(struct plans *self)
{
    const struct plan_row *row = current(self);

    snprintf(self->target, sizeof self->target, "%s", row->id);
    field_set(&self->name, row->name);
    self->typing = TYPING_NAME;
}

static void end_rename(struct plans *self)
{
    size_t at = plan_rows_find(&self->rows, self->target, self->list.count);
    const struct plan_row *row = plan_rows_at(&self->rows, at);
    struct err err = {0};

    self->typing = TYPING_NONE;
    if (!row || strcmp(row->name, field_text(&self->name)) == 0)
        return;
    if (!plan_field_set(NULL, plan_fields[0].field, field_text(&self->name), &err)) {
        app_error(self->base.app, &err);
        return;
    }
    plan_changes_do(&self->changes, PLAN_CHANGE_RENAME,
                    &(struct plan_target){
                        .id = row->id, .name = row->name, .new_name = field_text(&self->name)},
                    1);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_plan(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    struct plans *self = arg;
    const struct plan_row *row = plan_rows_at(&self->rows, i);

    plan_columns_draw(&self->rows, row, runs_find(self->base.app->runs, row->id), line, style);
}

/* "12 plans · 2 need you", "3 of 12 plans", "2200 of 100000 plans read", "3 marked" */
static void count_text(const struct plans *self, struct strbuf *out)
{
    const struct plan_rows *r = &self->rows;

    if (r->mark_count)
        strbuf_printf(out, "%zu marked · ", r->mark_count);
    if (*r->filter && self->pages.next)
        strbuf_printf(out, "%zu match · ", r->shown_count);
    if (self->pages.next && self->pages.total)
        strbuf_printf(out, "%zu of %lld plans read", r->count, (long long)self->pages.total);
    else if (*r->filter)
        strbuf_printf(out, "%zu of %zu plan%s", r->shown_count, r->count, r->count == 1 ? "" : "s");
    else
        strbuf_printf(out, "%zu plan%s%s", r->shown_count, r->shown_count == 1 ? "" : "s",
                      self->pages.next ? " read" : "");
    if (r->needing)
        strbuf_printf(out, " · %zu need%s you", r->needing, r->needing == 1 ? "s" : "");
}

static void draw_filter(struct plans *self, const struct canvas *line)
{
    int half = line->cols / 2;
    struct canvas field = canvas_part(line, 0, 3, 1, half - 4);
    struct strbuf text;

    strbuf_init(&text, 256);
    count_text(self, &text);
    if (self->typing == TYPING_NAME) {
        int x = canvas_put(line, 0, 1, ROLE_ACCENT, "New name: ");

        field = canvas_part(line, 0, x, 1, line->cols - x - 1);
        field_draw(&self->name, &field, true);
        strbuf_clear(&text);
    } else if (self->typing == TYPING_FILTER || *field_text(&self->filter)) {
        canvas_put(line, 0, 1, ROLE_ACCENT, "/");
        field_draw(&self->filter, &field, self->typing == TYPING_FILTER);
    } else {
        canvas_fit(line, 0, 3, half - 4, ROLE_DIM, ALIGN_LEFT,
                   plan_order_words(self->rows.order, self->rows.reverse));
    }
    if (text.len)
        canvas_fit(line, 0, half, line->cols - half - 1, ROLE_DIM, ALIGN_RIGHT, text.data);
    strbuf_finish(&text);
}

static void draw_empty(const struct plans *self, const struct canvas *c)
{
    struct strbuf key;
    int x;

    canvas_cursor(c, 1, 3, false);
    if (self->pages.err.code != ERR_NONE) {
        canvas_put(c, 1, 3, ROLE_BAD, canvas_symbol(c, SYMBOL_CROSS));
        canvas_wrap(c, 1, 5, 4, c->cols - 8, ROLE_BAD, self->pages.err.msg, true);
        return;
    }
    if (self->rows.count) {
        canvas_put(c, 1, 3, ROLE_TEXT,
                   self->pages.next ? "No plan read so far matches." : "No plan matches.");
        canvas_wrap(c, 3, 3, 4, c->cols - 8 < 70 ? c->cols - 8 : 70, ROLE_DIM,
                    "Every word has to be there, in name, client, purpose or status. "
                    "status:draft, purpose:loan or client:NAME look there alone.",
                    true);
        return;
    }
    strbuf_init(&key, 64);
    keymap_keys(self->base.app->keys, ACTION_PLANS_NEW, canvas_utf8(c), &key);
    canvas_put(c, 1, 3, ROLE_TITLE, "No plans yet.");
    x = canvas_put(c, 3, 3, ROLE_TEXT, "Press ");
    x = canvas_put(c, 3, x, ROLE_ACCENT, key.data);
    canvas_put(c, 3, x, ROLE_TEXT, " to begin your first one.");
    canvas_wrap(c, 5, 3, 4, c->cols - 8 < 70 ? c->cols - 8 : 70, ROLE_DIM,
                "A name and a purpose, then one question after the other. You can stop "
                "anywhere: every answer is saved as you leave it.",
                true);
    strbuf_finish(&key);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct plans *self = (struct plans *)s;
    struct canvas filter = canvas_part(body, 0, 0, 1, body->cols);
    struct canvas head = canvas_part(body, 1, 0, 1, body->cols);
    struct canvas rows = canvas_part(body, 2, 0, body->rows - 2, body->cols);

    if (!self->pages.read) {
        canvas_cursor(body, 0, 0, false);
        return;
    }
    if (self->list.count == 0) {
        draw_empty(self, &rows);
        if (self->rows.count)
            draw_filter(self, &filter);
        return;
    }
    plan_columns_head(&self->rows, &head);
    list_draw(&self->list, &rows);
    draw_filter(self, &filter); /* last: the caret is there while one types */
}

/* ---- life ---------------------------------------------------------------------------------- */

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct plans *self = (struct plans *)s;

    (void)arg;
    (void)err;
    list_init(&self->list, draw_plan, self);
    field_init(&self->filter, "part of a name, or status:draft");
    field_init(&self->name, NULL);
    plan_rows_init(&self->rows);
    plan_changes_init(&self->changes, s, changed);
    plan_pages_begin(&self->pages, s, &self->rows, rows_changing, rows_changed);
    return true;
}

static void leave(struct screen *s)
{
    struct plans *self = (struct plans *)s;

    plan_rows_finish(&self->rows);
    plan_pages_finish(&self->pages);
    plan_changes_finish(&self->changes);
    field_finish(&self->filter);
    field_finish(&self->name);
}

static void shown(struct screen *s)
{
    changed(s);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    const struct plans *self = (const struct plans *)s;

    switch (self->typing) {
    case TYPING_FILTER:
        contexts_add(cs, CONTEXT_SEARCH);
        contexts_add(cs, CONTEXT_FIELD);
        break;
    case TYPING_NAME:
        contexts_add(cs, CONTEXT_LINE);
        contexts_add(cs, CONTEXT_FIELD);
        break;
    case TYPING_NONE:
        contexts_add(cs, CONTEXT_PLANS);
        contexts_add(cs, CONTEXT_LIST);
        break;
    }
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct plans *self = (const struct plans *)s;

    switch (a) {
    case ACTION_PLANS_OPEN:
    case ACTION_PLANS_INTAKE:
    case ACTION_PLANS_MARK:
    case ACTION_PLANS_RENAME:
        return current(self) != NULL;
    case ACTION_PLANS_ARCHIVE:
    case ACTION_PLANS_DUPLICATE:
    case ACTION_PLANS_EXPORT:
    case ACTION_PLANS_DELETE:
        return current(self) != NULL || self->rows.mark_count;
    case ACTION_PLANS_UNDO:
        return plan_changes_can_undo(&self->changes);
    case ACTION_PLANS_FILTER:
    case ACTION_PLANS_ARCHIVED:
    case ACTION_PLANS_ORDER:
    case ACTION_PLANS_TURN:
    case ACTION_PLANS_MARK_ALL:
        return self->rows.count > 0;
    default:
        return true;
    }
}

static const char *why_not(const struct screen *s, enum action a)
{
    (void)s;
    switch (a) {
    case ACTION_PLANS_OPEN:
    case ACTION_PLANS_INTAKE:
    case ACTION_PLANS_MARK:
    case ACTION_PLANS_RENAME:
    case ACTION_PLANS_ARCHIVE:
    case ACTION_PLANS_DUPLICATE:
    case ACTION_PLANS_EXPORT:
    case ACTION_PLANS_DELETE:
        return "No plan is under the cursor.";
    case ACTION_PLANS_UNDO:
        return "Nothing was done that could be taken back.";
    case ACTION_PLANS_FILTER:
    case ACTION_PLANS_ARCHIVED:
    case ACTION_PLANS_ORDER:
    case ACTION_PLANS_TURN:
    case ACTION_PLANS_MARK_ALL:
        return "There are no plans yet.";
    default:
        return NULL;
    }
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    (void)s;
    strbuf_str(out, "Plans");
}

/* ---- keys ---------------------------------------------------------------------------------- */

static void open_plan(struct plans *self, const struct plan_row *row)
{
    const struct run_view *run = runs_find(self->base.app->runs, row->id);
    struct plan_place place = {.plan_id = row->id, .name = row->name};
    const struct screen_ops *ops = &screen_reader;

    if ((run && run->progress == PROGRESS_WORKING) || row->facts.status == PLAN_STATUS_GENERATING)
        ops = &screen_generating;
    else if (row->facts.status == PLAN_STATUS_DRAFT)
        ops = &screen_wizard;
    app_push(self->base.app, ops, &place);
}

static void end_filter(struct plans *self, bool clear)
{
    self->typing = TYPING_NONE;
    self->at_top = false;
    if (!clear)
        return;
    remember(self);
    field_set(&self->filter, "");
    sift(self);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct plans *self = (struct plans *)s;
    bool clicked = false;

    if (list_mouse(&self->list, ev, &clicked)) {
        self->at_top = false;
        ask_more(self);
        if (clicked && input_double(ev))
            app_act(s->app, ACTION_PLANS_OPEN);
        return true;
    }
    if (self->typing == TYPING_NAME)
        return field_input(&self->name, s->app->keys, ev);
    if (self->typing != TYPING_FILTER || !field_input(&self->filter, s->app->keys, ev))
        return false;
    remember(self);
    sift(self);
    ask_more(self);
    return true;
}

/* The next order, or the same one turned round: from its beginning, since that is what is asked. */
static void order(struct plans *self, bool turn)
{
    struct plan_rows *r = &self->rows;

    self->ordered = true;
    if (turn) {
        r->reverse = !r->reverse;
    } else {
        r->order = (r->order + 1) % PLAN_ORDER_COUNT;
        r->reverse = false;
    }
    self->at_top = true;
    sift(self);
    ask_more(self);
}

static void mark(struct plans *self)
{
    const struct plan_row *row = current(self);

    plan_rows_mark(&self->rows, row->id, !plan_rows_marked(&self->rows, row->id));
    if (self->list.cursor + 1 < self->list.count)
        list_move_to(&self->list, self->list.cursor + 1);
    self->at_top = false;
}

static bool act_on_list(struct plans *self, enum action a)
{
    switch (a) {
    case ACTION_PLANS_FILTER:
        self->typing = TYPING_FILTER;
        return true;
    case ACTION_PLANS_ORDER:
    case ACTION_PLANS_TURN:
        order(self, a == ACTION_PLANS_TURN);
        return true;
    case ACTION_PLANS_MARK:
        mark(self);
        return true;
    case ACTION_PLANS_MARK_ALL:
        plan_rows_mark_shown(&self->rows, self->rows.mark_count == 0);
        return true;
    case ACTION_PLANS_ARCHIVED:
        self->rows.archived = !self->rows.archived;
        remember(self);
        sift(self);
        return true;
    case ACTION_PLANS_UNDO:
        plan_changes_undo(&self->changes);
        return true;
    default:
        return false;
    }
}

/* What is done with the marked plans, or the one under the cursor. */
static bool act_on_plans(struct plans *self, enum action a)
{
    switch (a) {
    case ACTION_PLANS_ARCHIVE:
        change(self, archive_or_restore(self));
        return true;
    case ACTION_PLANS_DUPLICATE:
        change(self, PLAN_CHANGE_DUPLICATE);
        return true;
    case ACTION_PLANS_EXPORT:
        change(self, PLAN_CHANGE_EXPORT);
        return true;
    case ACTION_PLANS_DELETE:
        change(self, PLAN_CHANGE_DELETE);
        return true;
    default:
        return false;
    }
}

static bool act_on_plan(struct plans *self, enum action a)
{
    const struct plan_row *row = current(self);

    if (!row)
        return false;
    switch (a) {
    case ACTION_PLANS_OPEN:
        open_plan(self, row);
        return true;
    case ACTION_PLANS_INTAKE:
        app_push(self->base.app, &screen_wizard,
                 &(struct plan_place){.plan_id = row->id, .name = row->name});
        return true;
    case ACTION_PLANS_RENAME:
        begin_rename(self);
        return true;
    default:
        return false;
    }
}

/* Esc takes back one thing after the other: the marks, then the filter. */
static bool back(struct plans *self)
{
    if (self->rows.mark_count) {
        plan_rows_mark_shown(&self->rows, false);
        return true;
    }
    if (!*field_text(&self->filter))
        return false;
    end_filter(self, true);
    return true;
}

static bool act(struct screen *s, enum action a)
{
    struct plans *self = (struct plans *)s;

    switch (a) {
    case ACTION_PLANS_NEW:
        return app_push(s->app, &screen_new_plan, NULL);
    case ACTION_SEARCH_DONE:
    case ACTION_SEARCH_CANCEL:
        end_filter(self, a == ACTION_SEARCH_CANCEL);
        return true;
    case ACTION_LINE_DONE:
        end_rename(self);
        return true;
    case ACTION_LINE_CANCEL:
        self->typing = TYPING_NONE;
        return true;
    case ACTION_BACK:
        return back(self);
    default:
        break;
    }
    if (list_act(&self->list, a)) {
        self->at_top = false;
        self->to_end = a == ACTION_LIST_BOTTOM;
        ask_more(self);
        return true;
    }
    return act_on_list(self, a) || act_on_plans(self, a) || act_on_plan(self, a);
}

static void event(struct screen *s, const struct event *e)
{
    if (e->stage == STAGE_RUN)
        changed(s);
}

static void places(const struct screen *s, struct places *out)
{
    const struct plans *self = (const struct plans *)s;

    for (size_t i = 0; i < self->rows.shown_count && i < PLAN_PAGE; i++) {
        const struct plan_row *row = plan_rows_at(&self->rows, i);

        places_add(out, row->name, "Open this plan.", row->id);
    }
}

static void go(struct screen *s, const char *place)
{
    struct plans *self = (struct plans *)s;
    const struct plan_row *row =
        plan_rows_at(&self->rows, plan_rows_find(&self->rows, place, self->rows.shown_count));

    if (row)
        open_plan(self, row);
}

const struct screen_ops screen_plans = {
    .name = "plans",
    .size = sizeof(struct plans),
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
    .event = event,
    .places = places,
    .go = go,
};
