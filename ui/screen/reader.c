/* reader.c - a plan: its contents, and a section of it to read. In a wide window both stand
 * side by side; in a narrow one the contents come first, with how the plan stands, and a
 * section takes the whole width. The text is bound to the model as it is now, and each figure
 * in it can be opened. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/section_history.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "runs.h"
#include "screen/contents.h"
#include "screen/loaded.h"
#include "screen/outline.h"
#include "screen/reading.h"
#include "widget/list.h"

enum { WIDE = 100, SIDE_COLS = 32 };

struct reader {
    struct screen base;
    char *plan_id, *name;
    char *place; /* section to open once it is read; NULL for none */
    struct loaded *l;
    struct err err;
    bool reading;  /* a section has the focus, not the contents */
    int section;   /* shown; -1 for none */
    struct contents contents;
    struct reading text;
};

static const struct section *section_at(const struct reader *self, int i)
{
    return contents_section(&self->contents, i);
}

/* ---- the section shown --------------------------------------------------------------------- */

static void show_section(struct reader *self, int i)
{
    const struct section *section = section_at(self, i);
    bool other = i != self->section;

    if (!section)
        return;
    self->section = i;
    if (reading_set(&self->text, self->l, section, other, &self->err))
        list_move_to(&self->contents.list, (size_t)i);
}

/* The next section that is there, going round; -1 if there is none. */
static int next_section(const struct reader *self, int from, int step)
{
    for (int i = 1; i <= SECTION_COUNT; i++) {
        int at = (from + step * i % SECTION_COUNT + SECTION_COUNT) % SECTION_COUNT;

        if (section_at(self, at))
            return at;
    }
    return -1;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void loaded(struct screen *s, struct loaded *l, const struct err *err)
{
    struct reader *self = (struct reader *)s;
    int section = self->section;

    app_dirty(s->app);
    if (!l && self->l) { /* what was read before stays in sight */
        app_error(s->app, err);
        return;
    }
    if (!l) {
        self->err = *err;
        return;
    }
    loaded_let_go(self->l);
    self->l = l;
    self->err = (struct err){0};
    contents_set(&self->contents, l);
    if (self->place) {
        section = (int)section_type_by_name(self->place);
        self->reading = section_at(self, section) != NULL;
    }
    free(self->place);
    self->place = NULL;
    if (!section_at(self, section)) {
        section = next_section(self, SECTION_COUNT - 1, 1);
        self->reading = false;
    }
    show_section(self, section);
}

static void read_plan(struct reader *self)
{
    loaded_read(&self->base, self->plan_id, LOAD_SECTIONS | LOAD_MODEL, loaded);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct reader *self = (struct reader *)s;
    const struct plan_place *at = arg;

    (void)err;
    self->plan_id = mem_str(at->plan_id);
    self->name = mem_str(at->name);
    self->place = mem_str(at->place);
    self->section = -1;
    reading_init(&self->text, s->app);
    contents_init(&self->contents, s->app);
    read_plan(self);
    return true;
}

static void leave(struct screen *s)
{
    struct reader *self = (struct reader *)s;

    reading_finish(&self->text);
    loaded_let_go(self->l);
    free(self->plan_id);
    free(self->name);
    free(self->place);
}

static void shown(struct screen *s)
{
    read_plan((struct reader *)s);
}

static void event(struct screen *s, const struct event *e)
{
    struct reader *self = (struct reader *)s;

    if (strcmp(e->plan_id, self->plan_id) == 0 && e->stage == STAGE_RUN)
        read_plan(self);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    const struct reader *self = (const struct reader *)s;

    if (self->reading)
        reading_contexts(&self->text, cs);
    else
        contexts_add(cs, CONTEXT_CONTENTS);
    if (self->text.searching)
        return;
    contexts_add(cs, CONTEXT_PLAN);
    contexts_add(cs, CONTEXT_LIST);
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct reader *self = (const struct reader *)s;

    switch (a) {
    case ACTION_CONTENTS_OPEN:
        return self->contents.list.cursor >= SECTION_COUNT ||
               section_at(self, (int)self->contents.list.cursor);
    case ACTION_CONTENTS_EDIT:
        return section_at(self, (int)self->contents.list.cursor) != NULL;
    case ACTION_PLAN_WRITE:
        return self->l != NULL;
    case ACTION_PLAN_EXPORT:
        return contents_written(&self->contents) > 0;
    case ACTION_READER_SEARCH_ALL:
        return self->text.page.search[0] != '\0';
    default:
        return reading_allowed(&self->text, a);
    }
}

static const char *why_not(const struct screen *s, enum action a)
{
    (void)s;
    switch (a) {
    case ACTION_CONTENTS_OPEN:
    case ACTION_CONTENTS_EDIT:
        return "This section is not written yet.";
    case ACTION_PLAN_WRITE:
        return "The plan is still being read.";
    case ACTION_PLAN_EXPORT:
        return "Nothing is written yet.";
    case ACTION_READER_SEARCH_ALL:
        return "Search for something in this section first.";
    default:
        return reading_why_not(a);
    }
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    const struct reader *self = (const struct reader *)s;

    strbuf_str(out, self->l ? self->l->plan.name : self->name ? self->name : "Plan");
    if (self->reading && section_at(self, self->section))
        strbuf_printf(out, "%s%s", terminal_utf8(s->app->term) ? " › " : " > ",
                      section_at(self, self->section)->title);
}

static void state(const struct screen *s, struct strbuf *out)
{
    const struct reader *self = (const struct reader *)s;
    const struct section *section = section_at(self, self->section);

    if (!self->reading || !section)
        return;
    reading_state(&self->text, out);
    strbuf_printf(out, "%d of %d · %lld words", self->section + 1, SECTION_COUNT,
                  (long long)section->word_count);
    if (section_history_offered(section))
        strbuf_str(out, " · a new draft waits");
    else if (doc_bool(section->metadata, "stale", false))
        strbuf_str(out, " · stale");
}

/* ---- drawing the text ---------------------------------------------------------------------- */

static void draw_nothing(const struct reader *self, const struct canvas *c)
{
    struct strbuf key;
    int x;

    strbuf_init(&key, 64);
    keymap_keys(self->base.app->keys, ACTION_PLAN_WRITE, canvas_utf8(c), &key);
    canvas_put(c, 1, 3, ROLE_TEXT, "Nothing is written yet.");
    x = canvas_put(c, 3, 3, ROLE_TEXT, "Press ");
    x = canvas_put(c, 3, x, ROLE_ACCENT, key.data);
    canvas_put(c, 3, x, ROLE_TEXT, " to write it from the answers.");
    strbuf_finish(&key);
}

static void draw_text(struct reader *self, const struct canvas *c)
{
    if (section_at(self, self->section) && self->text.section)
        reading_draw(&self->text, c);
    else
        draw_nothing(self, c);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct reader *self = (struct reader *)s;
    struct canvas side = canvas_part(body, 0, 0, body->rows, SIDE_COLS);
    struct canvas text = canvas_part(body, 0, SIDE_COLS, body->rows, body->cols - SIDE_COLS);

    canvas_cursor(body, 0, 0, false);
    if (self->err.code != ERR_NONE)
        canvas_wrap(body, 1, 2, 4, body->cols - 4, ROLE_BAD, self->err.msg, true);
    if (!self->l)
        return;
    if (body->cols < WIDE) {
        if (self->reading)
            draw_text(self, body);
        else
            contents_draw(&self->contents, body);
        return;
    }
    if (self->reading) { /* last, whatever has the focus: the cursor rests there */
        contents_draw_side(&self->contents, &side);
        draw_text(self, &text);
    } else {
        draw_text(self, &text);
        contents_draw_side(&self->contents, &side);
    }
}

/* ---- keys ---------------------------------------------------------------------------------- */

static size_t open_points(const struct reader *self)
{
    struct err err = {0};
    const struct intake *questions = house_intake(self->base.app->house, &err);
    struct problems open = {0};
    size_t count;

    if (!questions)
        return 0;
    intake_check(questions, self->l->plan.plan_purpose, self->l->plan.intake_data, true, &open);
    count = open.count;
    problems_finish(&open);
    return count;
}

static void write_plan(struct reader *self)
{
    struct plan_place at = {.plan_id = self->plan_id};
    const struct run_view *run = runs_find(self->base.app->runs, self->plan_id);
    size_t open = open_points(self);

    if (open && !(run && run->progress == PROGRESS_WORKING)) {
        app_toast(self->base.app, ROLE_WARN,
                  "%zu answer%s missing or wrong: the last step of the answers lists them.", open,
                  open == 1 ? " is" : "s are");
        return;
    }
    runs_start(self->base.app, self->plan_id);
    app_push(self->base.app, &screen_generating, &at);
}

static void open_entry(struct reader *self, size_t row)
{
    struct plan_place at = {.plan_id = self->plan_id};

    switch (row) {
    case CONTENTS_FINANCIALS:
        app_push(self->base.app, &screen_financials, &at);
        break;
    case CONTENTS_CHECKLIST:
        app_push(self->base.app, &screen_checklist, &at);
        break;
    case CONTENTS_INTAKE:
        app_push(self->base.app, &screen_wizard, &at);
        break;
    default:
        show_section(self, (int)row);
        self->reading = section_at(self, (int)row) != NULL;
        break;
    }
}

/* Of the section that is read or under the cursor; else of all. */
static void open_history(struct reader *self)
{
    int section = self->reading ? self->section : (int)self->contents.list.cursor;
    struct plan_place at = {.plan_id = self->plan_id};

    if (section_at(self, section))
        at.place = section_type_name((enum section_type)section);
    app_push(self->base.app, &screen_history, &at);
}

static bool act_on_plan(struct reader *self, enum action a)
{
    switch (a) {
    case ACTION_PLAN_WRITE:
        write_plan(self);
        return true;
    case ACTION_PLAN_FINANCIALS:
        open_entry(self, CONTENTS_FINANCIALS);
        return true;
    case ACTION_PLAN_CHECKLIST:
        open_entry(self, CONTENTS_CHECKLIST);
        return true;
    case ACTION_PLAN_INTAKE:
        open_entry(self, CONTENTS_INTAKE);
        return true;
    case ACTION_PLAN_HISTORY:
        open_history(self);
        return true;
    case ACTION_PLAN_EXPORT:
        app_push(self->base.app, &screen_exports,
                 &(struct plan_place){.plan_id = self->plan_id});
        return true;
    default:
        return false;
    }
}

/* Esc takes back one thing at a time: the search, the way to a note, what is chosen, the section. */
static bool back(struct reader *self)
{
    if (!self->reading)
        return false;
    if (!reading_back(&self->text))
        self->reading = false;
    return true;
}

static void go_to(void *arg, const struct choose_item *item)
{
    struct reader *self = arg;

    show_section(self, item->section);
    self->reading = true;
    page_to_heading(&self->text.page, item->row);
}

static void go_to_match(void *arg, const struct choose_item *item)
{
    struct reader *self = arg;

    show_section(self, item->section);
    self->reading = true;
}

static void edit(struct reader *self, int section)
{
    struct plan_place at = {.plan_id = self->plan_id,
                            .place = section_type_name((enum section_type)section)};

    if (section_at(self, section))
        app_push(self->base.app, &screen_editing, &at);
}

static bool act_on_text(struct reader *self, enum action a)
{
    switch (a) {
    case ACTION_READER_EDIT:
        edit(self, self->section);
        return true;
    case ACTION_READER_NEXT:
    case ACTION_READER_PREV:
        show_section(self, next_section(self, self->section, a == ACTION_READER_NEXT ? 1 : -1));
        return true;
    case ACTION_READER_OUTLINE:
        outline_show(self->base.app, self->l, self->section, page_heading(&self->text.page), go_to,
                     self);
        return true;
    case ACTION_READER_SEARCH_ALL:
        outline_search(self->base.app, self->l, self->section, self->text.page.search, go_to_match,
                       self);
        return true;
    default:
        return reading_act(&self->text, a);
    }
}

/* The section under the cursor of the contents, where there is room for both. */
static void show_beside(struct reader *self)
{
    if (terminal_cols(self->base.app->term) >= WIDE && self->contents.list.cursor < SECTION_COUNT)
        show_section(self, (int)self->contents.list.cursor);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct reader *self = (struct reader *)s;
    bool clicked = false;

    if (self->reading && reading_input(&self->text, ev))
        return true;
    if (self->text.searching)
        return false;
    if (!list_mouse(&self->contents.list, ev, &clicked))
        return false;
    if (clicked && input_double(ev))
        open_entry(self, self->contents.list.cursor);
    else if (clicked)
        show_beside(self);
    return true;
}

static bool act(struct screen *s, enum action a)
{
    struct reader *self = (struct reader *)s;

    if (a == ACTION_BACK)
        return back(self);
    if (act_on_plan(self, a))
        return true;
    if (!self->l)
        return false;
    if (self->reading)
        return act_on_text(self, a);
    if (a == ACTION_CONTENTS_EDIT) {
        edit(self, (int)self->contents.list.cursor);
        return true;
    }
    if (a == ACTION_CONTENTS_OPEN) {
        open_entry(self, self->contents.list.cursor);
        return true;
    }
    if (!list_act(&self->contents.list, a))
        return false;
    show_beside(self);
    return true;
}

static void places(const struct screen *s, struct places *out)
{
    const struct reader *self = (const struct reader *)s;

    for (int i = 0; i < SECTION_COUNT; i++)
        if (section_at(self, i))
            places_add(out, section_type_title((enum section_type)i), "Read this section.",
                       section_type_name((enum section_type)i));
}

static void go(struct screen *s, const char *place)
{
    open_entry((struct reader *)s, (size_t)section_type_by_name(place));
}

static void where(const struct screen *s, struct strbuf *plan_id, struct strbuf *place)
{
    const struct reader *self = (const struct reader *)s;

    strbuf_str(plan_id, self->plan_id);
    if (self->reading)
        strbuf_str(place, section_type_name((enum section_type)self->section));
}

const struct screen_ops screen_reader = {
    .name = "plan",
    .size = sizeof(struct reader),
    .enter = enter,
    .leave = leave,
    .shown = shown,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .state = state,
    .draw = draw,
    .input = input,
    .act = act,
    .event = event,
    .places = places,
    .go = go,
    .where = where,
};
