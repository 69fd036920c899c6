/* history.c - the texts a section has had, newest first, and what changed in each: against the
 * text before it, or against the text as it is now. A new draft that waits beside the author's
 * text comes first. Texts are shown with the figures of today, so that what differs is what
 * somebody wrote. */
#include "screen/screens.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/event.h"
#include "strattio/mem.h"
#include "strattio/record.h"
#include "strattio/section_view.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/crumb.h"
#include "screen/loaded.h"
#include "screen/past.h"
#include "widget/difference.h"
#include "widget/list.h"

enum { WIDE = 100, SIDE_COLS = 46, HEAD_ROWS = 3, MEASURE = 80, NEAR_END = 10 };

struct history {
    struct screen base;
    char *plan_id, *name;
    enum section_type type; /* SECTION_COUNT: of all sections */
    struct loaded *l;       /* the plan as it is now; NULL until it is read */
    struct err err;
    struct section_history past; /* the pages read so far; `next` is where the rest begins */
    size_t cap;
    bool fetching; /* the next page is on its way */
    struct list list;
    struct difference difference;
    size_t shown;     /* entry the difference is of; SIZE_MAX for none */
    bool against_now; /* else against the text before */
    bool is_now;      /* the entry's text is what stands in the section now */
    bool reading;     /* the difference has the focus */
};

static const struct change_look {
    enum symbol symbol;
    unsigned style;
    const char *word;
} looks[] = {
    [SECTION_CHANGE_DRAFTED] = {SYMBOL_RING, ROLE_DIM, "first draft"},
    [SECTION_CHANGE_EDITED] = {SYMBOL_DOT, ROLE_TEXT, "edited"},
    [SECTION_CHANGE_RESTORED] = {SYMBOL_LEFT, ROLE_ACCENT, "put back"},
    [SECTION_CHANGE_REGENERATED] = {SYMBOL_CHECK, ROLE_OK, "draft taken"},
    [SECTION_CHANGE_OFFERED] = {SYMBOL_BANG, ROLE_WARN, "new draft"},
};

/* The entry under the cursor, or NULL. */
static const struct section_entry *current(const struct history *self)
{
    return self->l && self->list.cursor < self->past.count ? &self->past.entries[self->list.cursor]
                                                           : NULL;
}

static bool is_offer(const struct section_entry *e)
{
    return e && e->change == SECTION_CHANGE_OFFERED;
}

/* ---- the difference shown ------------------------------------------------------------------ */

/* The section's text as it is now; "" if it is gone. The caller frees it. */
static char *text_now(const struct history *self, enum section_type type)
{
    struct section_view view = {0};
    struct err ignored = {0}; /* shown as it was stored then */
    char *text;

    if (type >= SECTION_COUNT || !self->l->present[type])
        return mem_str("");
    if (!section_view(&self->l->sections[type], self->l->model, &view, &ignored))
        return mem_str(self->l->sections[type].content);
    text = view.text;
    view.text = NULL;
    section_view_finish(&view);
    return text;
}

static void show_entry(struct history *self)
{
    const struct section_entry *e = current(self);
    char *now, *then, *before;

    self->shown = self->list.cursor;
    difference_finish(&self->difference);
    if (!e)
        return;
    now = text_now(self, e->type);
    then = section_history_text(e->after, self->l->model);
    before = e->before ? section_history_text(e->before, self->l->model) : mem_str(then);
    self->is_now = !is_offer(e) && strcmp(now, then) == 0;
    if (self->against_now && !is_offer(e))
        difference_set(&self->difference, then, now);
    else
        difference_set(&self->difference, before, then);
    free(now);
    free(then);
    free(before);
}

/* ---- life ---------------------------------------------------------------------------------- */

static void got_page(struct screen *s, struct loaded *l, struct section_history *page,
                     const struct err *err)
{
    struct history *self = (struct history *)s;

    app_dirty(s->app);
    if (!l && self->l)
        app_error(s->app, err);
    else if (!l)
        self->err = *err;
    if (!l)
        return;
    loaded_let_go(self->l);
    self->l = l;
    if (!self->fetching)
        section_history_finish(&self->past);
    if (!self->past.entries)
        self->cap = 0;
    self->past.entries = mem_grow(self->past.entries, &self->cap,
                                  self->past.count + page->count + 1, sizeof *page->entries);
    if (page->count)
        memcpy(self->past.entries + self->past.count, page->entries,
               page->count * sizeof *page->entries);
    self->past.count += page->count;
    free(self->past.next);
    self->past.next = page->next;
    free(page->entries); /* what they own is ours now */
    *page = (struct section_history){0};
    self->fetching = false;
    list_set_count(&self->list, self->past.count);
    show_entry(self);
}

static void read_first(struct history *self)
{
    self->fetching = false;
    past_read(&self->base, self->plan_id, self->type, NULL, got_page);
}

/* Reads on before the cursor comes to the end of what is there. */
static void read_on(struct history *self)
{
    if (self->fetching || !self->past.next || self->list.cursor + NEAR_END < self->past.count)
        return;
    self->fetching = true;
    past_read(&self->base, self->plan_id, self->type, self->past.next, got_page);
}

static void draw_entry(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    const struct history *self = arg;
    const struct section_entry *e = &self->past.entries[i];
    const struct change_look *look = &looks[e->change];
    char when[CLOCK_ISO_SIZE] = "";

    if (e->at != RECORD_NONE)
        clock_ago(e->at, clock_now_ms(), when);
    canvas_put(line, 0, 2, look->style | style, canvas_symbol(line, look->symbol));
    canvas_fit(line, 0, 4, 12, look->style | style, ALIGN_LEFT, look->word);
    canvas_fit(line, 0, 17, 11, ROLE_DIM | style, ALIGN_LEFT, when);
    canvas_printf(line, 0, 28, ROLE_TEXT | style, "%5lld", (long long)e->words);
    canvas_fit(line, 0, 35, line->cols - 36, ROLE_DIM | style, ALIGN_LEFT,
               self->type == SECTION_COUNT && e->type < SECTION_COUNT ? section_type_title(e->type)
               : e->who                                               ? e->who
                                                                      : "");
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct history *self = (struct history *)s;
    const struct plan_place *at = arg;

    (void)err;
    self->plan_id = mem_str(at->plan_id);
    self->name = mem_str(at->name);
    self->type = at->place ? section_type_by_name(at->place) : SECTION_COUNT;
    self->shown = SIZE_MAX;
    list_init(&self->list, draw_entry, self);
    difference_init(&self->difference);
    read_first(self);
    return true;
}

static void leave(struct screen *s)
{
    struct history *self = (struct history *)s;

    difference_finish(&self->difference);
    section_history_finish(&self->past);
    loaded_let_go(self->l);
    free(self->plan_id);
    free(self->name);
}

static void event(struct screen *s, const struct event *e)
{
    struct history *self = (struct history *)s;

    if (strcmp(e->plan_id, self->plan_id) == 0 && e->stage == STAGE_RUN)
        read_first(self);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_HISTORY);
    contexts_add(cs, CONTEXT_LIST);
}

/* Does the screen below name the section already, as the reader does while it is read? */
static bool is_named_below(const struct screen *s, const char *title)
{
    struct strbuf below;
    size_t len = strlen(title);
    bool named;

    strbuf_init(&below, 1024);
    if (s->below && s->below->ops->crumb)
        s->below->ops->crumb(s->below, &below);
    named = below.len >= len && strcmp(below.data + below.len - len, title) == 0;
    strbuf_finish(&below);
    return named;
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    const struct history *self = (const struct history *)s;
    const char *title = self->type < SECTION_COUNT ? section_type_title(self->type) : "";
    struct strbuf word;

    strbuf_init(&word, 256);
    if (*title && !is_named_below(s, title))
        crumb_join(s, title, "History", &word);
    else
        strbuf_str(&word, "History");
    crumb_join(s, self->name, word.data, out);
    strbuf_finish(&word);
}

static void state(const struct screen *s, struct strbuf *out)
{
    const struct history *self = (const struct history *)s;

    if (self->l && self->past.count)
        strbuf_printf(out, "%zu%s text%s", self->past.count, self->past.next ? "+" : "",
                      self->past.count == 1 ? "" : "s");
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_titles(const struct history *self, const struct canvas *c)
{
    canvas_put(c, 0, 4, ROLE_DIM, "What");
    canvas_put(c, 0, 17, ROLE_DIM, "When");
    canvas_put(c, 0, 28, ROLE_DIM, "Words");
    canvas_put(c, 0, 35, ROLE_DIM, self->type == SECTION_COUNT ? "Section" : "Who");
}

static void draw_list(struct history *self, const struct canvas *c)
{
    struct canvas rows = canvas_part(c, 1, 0, c->rows - 1, c->cols);

    if (self->past.count) {
        draw_titles(self, c);
        list_draw(&self->list, &rows);
        return;
    }
    canvas_wrap(
        c, 1, 2, c->rows - 1, c->cols - 4, ROLE_TEXT,
        "Nobody has changed a text yet: what stands there is the first draft. Each save will "
        "be listed here and can be put back.",
        true);
}

/* What the difference is between, and its size in words; how many rows that takes. */
static int draw_head(const struct history *self, const struct section_entry *e,
                     const struct canvas *c)
{
    struct strbuf words;
    int rows;

    strbuf_init(&words, 400);
    if (is_offer(e))
        strbuf_str(&words, "If you take the new draft: ");
    else if (self->is_now && (self->against_now || !e->before))
        strbuf_str(&words, "This is the text as it is now");
    else if (self->against_now)
        strbuf_str(&words, "From this text to the one now: ");
    else if (!e->before)
        strbuf_str(&words, "The text as it was first drafted");
    else
        strbuf_str(&words, "From the text before to this one: ");
    if (words.data[words.len - 1] == ' ')
        diff_summary(&self->difference.diff, &words);
    if (self->difference.diff.coarse)
        strbuf_str(&words, "; long stretches are shown as replaced whole");
    rows = canvas_wrap(c, 0, 0, HEAD_ROWS, c->cols, ROLE_TITLE, words.data, true);
    strbuf_finish(&words);
    return rows < HEAD_ROWS ? rows : HEAD_ROWS;
}

static void draw_difference(struct history *self, const struct canvas *c)
{
    const struct section_entry *e = current(self);
    struct canvas text = canvas_part(c, 0, 2, c->rows, c->cols - 3);
    int head;

    if (!e)
        return;
    head = draw_head(self, e, &text) + 1;
    text = canvas_part(c, head, 2, c->rows - head, c->cols - 3);
    difference_draw(&self->difference, &text, MEASURE);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct history *self = (struct history *)s;
    struct canvas side = canvas_part(body, 0, 0, body->rows, SIDE_COLS);
    struct canvas rest =
        canvas_part(body, 0, SIDE_COLS + 1, body->rows, body->cols - SIDE_COLS - 1);

    canvas_cursor(body, 0, 0, false);
    if (self->err.code != ERR_NONE)
        canvas_wrap(body, 1, 2, 4, body->cols - 4, ROLE_BAD, self->err.msg, true);
    if (!self->l)
        return;
    if (body->cols < WIDE) {
        if (self->reading)
            draw_difference(self, body);
        else
            draw_list(self, body);
        return;
    }
    canvas_vline(body, 0, SIDE_COLS, body->rows, ROLE_BORDER);
    if (self->reading) { /* last, whatever has the focus: the cursor rests there */
        draw_list(self, &side);
        draw_difference(self, &rest);
    } else {
        draw_difference(self, &rest);
        draw_list(self, &side);
    }
}

/* ---- putting back -------------------------------------------------------------------------- */

static void changed(struct screen *s, enum past_change change, const struct err *err)
{
    static const char *const said[] = {
        [PAST_RESTORE] = "The text is put back; what stood there is in the history.",
        [PAST_TAKE] = "The new draft is the text now; yours is in the history.",
        [PAST_LEAVE] = "Your text stays; the new draft is thrown away.",
    };
    struct history *self = (struct history *)s;

    if (err) {
        app_error(s->app, err);
    } else {
        app_toast(s->app, ROLE_OK, "%s", said[change]);
        list_move_to(&self->list, 0);
        self->reading = false;
    }
    read_first(self);
}

static void change_text(struct history *self, enum past_change change)
{
    const struct section_entry *e = current(self);

    if (e && e->type < SECTION_COUNT)
        past_change(&self->base, self->plan_id, e->type,
                    doc_int(self->l->sections[e->type].metadata, "rev", 0), change, e->after,
                    changed);
}

static void restore(void *arg)
{
    struct history *self = arg;

    change_text(self, is_offer(current(self)) ? PAST_TAKE : PAST_RESTORE);
}

static void leave_draft(void *arg)
{
    change_text(arg, PAST_LEAVE);
}

static void ask_restore(struct history *self, const struct section_entry *e)
{
    const char *title = section_type_title(e->type);
    long long words = (long long)self->l->sections[e->type].word_count;
    char when[CLOCK_ISO_SIZE] = "";
    char *question, *detail;

    if (e->at != RECORD_NONE)
        clock_ago(e->at, clock_now_ms(), when);
    if (is_offer(e)) {
        question = mem_printf("Take the new draft of %s?", title);
        detail = mem_printf("It takes the place of your %lld words, which stay in the history: "
                            "putting them back undoes it.",
                            words);
    } else {
        question = mem_printf("Put back the text of %s %s%s?", title, *when ? "from " : "as first",
                              *when ? when : " drafted");
        detail = mem_printf("It takes the place of the %lld words there now, which stay in the "
                            "history: putting them back undoes it.",
                            words);
    }
    app_confirm(self->base.app, &(struct confirm){.question = question,
                                                  .detail = detail,
                                                  .verb = is_offer(e) ? "take it" : "put it back",
                                                  .yes = restore,
                                                  .arg = self});
    free(question);
    free(detail);
}

static void ask_leave(struct history *self, const struct section_entry *e)
{
    char *question = mem_printf("Throw the new draft of %s away?", section_type_title(e->type));

    app_confirm(self->base.app,
                &(struct confirm){.question = question,
                                  .detail = "Your text stays as it is. The draft is lost; when the "
                                            "answers change again, another is offered.",
                                  .verb = "throw it away",
                                  .yes = leave_draft,
                                  .arg = self});
    free(question);
}

/* ---- keys ---------------------------------------------------------------------------------- */

static bool allowed(const struct screen *s, enum action a)
{
    const struct history *self = (const struct history *)s;
    const struct section_entry *e = current(self);

    switch (a) {
    case ACTION_HISTORY_READ:
        return e && !self->reading;
    case ACTION_HISTORY_AGAINST:
        return e && !is_offer(e);
    case ACTION_HISTORY_RESTORE:
        return e && e->type < SECTION_COUNT && self->l->present[e->type] && !self->is_now;
    case ACTION_HISTORY_LEAVE:
        return is_offer(e);
    case ACTION_HISTORY_NEXT:
    case ACTION_HISTORY_PREV:
        return self->difference.diff.count > 1;
    default:
        return true;
    }
}

static const char *why_not(const struct screen *s, enum action a)
{
    const struct history *self = (const struct history *)s;

    switch (a) {
    case ACTION_HISTORY_READ:
    case ACTION_HISTORY_RESTORE:
        if (!current(self))
            return "Nobody has changed a text yet.";
        return a == ACTION_HISTORY_READ ? "You are reading it." : "This is the text as it is now.";
    case ACTION_HISTORY_AGAINST:
        return "A new draft is compared with the text as it is now.";
    case ACTION_HISTORY_LEAVE:
        return "Only a new draft that waits can be thrown away.";
    case ACTION_HISTORY_NEXT:
    case ACTION_HISTORY_PREV:
        return "Nothing differs here.";
    default:
        return NULL;
    }
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct history *self = (struct history *)s;
    bool clicked = false;

    if (difference_mouse(&self->difference, ev))
        return true;
    if (!list_mouse(&self->list, ev, &clicked))
        return false;
    if (self->shown != self->list.cursor)
        show_entry(self);
    if (clicked && input_double(ev))
        app_act(s->app, ACTION_HISTORY_READ);
    return true;
}

static bool move(struct history *self, enum action a)
{
    if (self->reading)
        return difference_act(&self->difference, a);
    if (!list_act(&self->list, a))
        return false;
    if (self->shown != self->list.cursor)
        show_entry(self);
    read_on(self);
    return true;
}

static bool act(struct screen *s, enum action a)
{
    struct history *self = (struct history *)s;

    switch (a) {
    case ACTION_BACK:
        if (!self->reading)
            return false;
        self->reading = false;
        return true;
    case ACTION_HISTORY_READ:
        self->reading = true;
        return true;
    case ACTION_HISTORY_AGAINST:
        self->against_now = !self->against_now;
        show_entry(self);
        return true;
    case ACTION_HISTORY_RESTORE:
        ask_restore(self, current(self));
        return true;
    case ACTION_HISTORY_LEAVE:
        ask_leave(self, current(self));
        return true;
    case ACTION_HISTORY_NEXT:
    case ACTION_HISTORY_PREV:
        difference_next(&self->difference, a == ACTION_HISTORY_PREV);
        return true;
    default:
        return move(self, a);
    }
}

const struct screen_ops screen_history = {
    .name = "history",
    .size = sizeof(struct history),
    .enter = enter,
    .leave = leave,
    .event = event,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .state = state,
    .draw = draw,
    .input = input,
    .act = act,
};
