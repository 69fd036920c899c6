/* editing.c - the screen of a section being edited. Typing goes to the widget; what does not is an action of the
 * mode the screen is in. In a wide window the text as it will be read stands beside it, brought up to
 * date when the hands rest, so that a key never waits for it. */
#include "screen/editing.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/mem.h"

#include "app.h"
#include "screen/editing_spell.h"
#include "screen/loaded.h"
#include "screen/plan_words.h"
#include "screen/screens.h"

enum { WIDE = 100, MEASURE = 84, REST_MS = 400 };

static struct editing *of(struct screen *s)
{
    return (struct editing *)s;
}

static const struct editing *seen(const struct screen *s)
{
    return (const struct editing *)s;
}

/* ---- life ---------------------------------------------------------------------------------- */

/* The hands rest: what is too slow for every key is done now. */
static void rested(void *arg)
{
    struct editing *self = arg;

    self->words = md_edit_words(text_bytes(self->editor.text), text_len(self->editor.text));
    self->shown_at = 0;
    app_dirty(self->base.app);
}

static void loaded(struct screen *s, struct loaded *l, const struct err *err)
{
    struct editing *self = of(s);

    app_dirty(s->app);
    if (!l) {
        if (self->ready)
            app_error(s->app, err);
        else
            self->err = *err;
        return;
    }
    loaded_let_go(self->l);
    self->l = l;
    self->shown_at = 0;
    self->editor.figure_text = l->model ? editing_figure_text : NULL;
    if (!l->present[self->type]) {
        err_set(&self->err, ERR_NOT_FOUND, 0, "%s has not been written yet: write the plan first.",
                section_type_title(self->type));
        return;
    }
    editing_open(self);
    editor_refresh(&self->editor);
    editing_spell_begin(self);
    rested(self);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct editing *self = of(s);
    const struct plan_place *at = arg;

    self->type = section_type_by_name(at->place ? at->place : "");
    if (self->type == SECTION_COUNT)
        return err_set(err, ERR_NOT_FOUND, 0, "There is no section of that name.");
    self->plan_id = mem_str(at->plan_id);
    self->name = mem_str(at->name);
    editor_init(&self->editor, &s->app->clip);
    self->editor.arg = self;
    field_init(&self->find, "words to find");
    field_init(&self->with, "what to put in their place");
    page_init(&self->page);
    loaded_read(s, self->plan_id, LOAD_SECTIONS | LOAD_MODEL, loaded);
    return true;
}

static void leave(struct screen *s)
{
    struct editing *self = of(s);

    loop_timer(s->app->loop, -1, rested, self);
    editing_leave(self);
    if (self->mode == EDITING_PICK || self->mode == EDITING_SUGGEST)
        picker_finish(&self->picker);
    editing_look_finish(self);
    editing_figures_finish(self);
    editing_spell_finish(self);
    page_finish(&self->page);
    field_finish(&self->find);
    field_finish(&self->with);
    editor_finish(&self->editor);
    loaded_let_go(self->l);
    free(self->plan_id);
    free(self->name);
    free(self->saved);
    free(self->theirs);
}

/* What lay above may have changed answers, and with them every figure. */
static void shown(struct screen *s)
{
    loaded_read(s, of(s)->plan_id, LOAD_SECTIONS | LOAD_MODEL, loaded);
}

static void rescue(struct screen *s)
{
    if (of(s)->ready)
        editing_flush(of(s));
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    const struct editing *self = seen(s);

    switch (self->ready ? self->mode : EDITING_PREVIEW) {
    case EDITING_FIND:
    case EDITING_WITH:
        contexts_add(cs, CONTEXT_FINDING);
        contexts_add(cs, CONTEXT_FIELD);
        return;
    case EDITING_REPLACE:
        contexts_add(cs, CONTEXT_REPLACING);
        return;
    case EDITING_PICK:
    case EDITING_SUGGEST:
        contexts_add(cs, CONTEXT_PICKER);
        contexts_add(cs, CONTEXT_FIELD);
        return;
    case EDITING_CHOOSE:
        contexts_add(cs, CONTEXT_CHOICE);
        contexts_add(cs, CONTEXT_LIST);
        return;
    case EDITING_PREVIEW:
    case EDITING_DIFF:
        if (self->ready)
            contexts_add(cs, CONTEXT_LOOKING);
        contexts_add(cs, CONTEXT_LIST);
        return;
    case EDITING_TEXT:
        break;
    }
    if (editor_figure(&self->editor))
        contexts_add(cs, CONTEXT_CHIP);
    contexts_add(cs, CONTEXT_EDITOR);
    contexts_add(cs, CONTEXT_TEXT);
    contexts_add(cs, CONTEXT_FIELD);
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct editing *self = seen(s);

    switch (a) {
    case ACTION_EDITOR_DIFF:
    case ACTION_EDITOR_DISCARD:
        return text_changed(self->editor.text);
    case ACTION_EDITOR_PASTE:
        return self->base.app->clip.len > 0;
    default:
        return true;
    }
}

static const char *why_not(const struct screen *s, enum action a)
{
    (void)s;
    if (a == ACTION_EDITOR_PASTE)
        return "Nothing was cut or copied here yet.";
    return a == ACTION_EDITOR_DIFF || a == ACTION_EDITOR_DISCARD
               ? "Everything is saved: there is no difference."
               : NULL;
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    const struct editing *self = seen(s);

    if (!s->below || s->below->ops != &screen_reader)
        strbuf_printf(out, "%s%s%s",
                      self->l      ? self->l->plan.name
                      : self->name ? self->name
                                   : "Plan",
                      terminal_utf8(s->app->term) ? " › " : " > ", section_type_title(self->type));
    else
        strbuf_str(out, "Editing");
}

static void state(const struct screen *s, struct strbuf *out)
{
    const struct editing *self = seen(s);
    char time[TIME_SIZE];

    if (!self->ready)
        return;
    strbuf_printf(out, "%zu words · ", self->words);
    if (self->saving) {
        strbuf_str(out, "saving");
    } else if (text_changed(self->editor.text)) {
        strbuf_str(out, self->kept ? "not saved yet" : "not saved, not kept");
    } else if (self->saved_at) {
        local_time(self->saved_at, time);
        strbuf_printf(out, "saved %s", time);
    } else {
        strbuf_str(out, "saved");
    }
}

/* ---- drawing ------------------------------------------------------------------------------- */

/* One quiet line over the text, or at its foot what is typed to find. */
static struct canvas draw_lines(struct editing *self, const struct canvas *body)
{
    bool foot =
        self->mode == EDITING_FIND || self->mode == EDITING_WITH || self->mode == EDITING_REPLACE;
    int head = self->note[0] && body->rows > 4 ? 1 : 0;
    struct canvas line = canvas_part(body, body->rows - 1, 0, 1, body->cols);

    if (head) {
        canvas_put(body, 0, 2, ROLE_WARN, canvas_symbol(body, SYMBOL_BANG));
        canvas_fit(body, 0, 4, body->cols - 6, ROLE_WARN, ALIGN_LEFT, self->note);
    }
    if (foot)
        editing_find_draw(self, &line);
    return canvas_part(body, head, 0, body->rows - head - (foot ? 1 : 0), body->cols);
}

static void draw_text(struct editing *self, const struct canvas *c)
{
    int width = c->cols - 3 < MEASURE ? c->cols - 3 : MEASURE;
    struct canvas text = canvas_part(c, 0, 2, c->rows, width);

    editor_draw(&self->editor, &text, self->mode == EDITING_TEXT || self->mode == EDITING_REPLACE);
}

static void draw_beside(struct editing *self, const struct canvas *c)
{
    int left = c->cols / 2;
    struct canvas text = canvas_part(c, 0, 0, c->rows, left);
    struct canvas read = canvas_part(c, 0, left + 2, c->rows, c->cols - left - 3);

    canvas_vline(c, 0, left, c->rows, ROLE_BORDER);
    editing_preview_draw(self, &read);
    draw_text(self, &text); /* last: the cursor rests here */
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct editing *self = of(s);
    struct canvas c;

    canvas_cursor(body, 0, 0, false);
    if (self->err.code != ERR_NONE) {
        canvas_wrap(body, 1, 2, 4, body->cols - 4, ROLE_BAD, self->err.msg, true);
        return;
    }
    if (!self->ready)
        return;
    if (self->mode == EDITING_DIFF) {
        editing_diff_draw(self, body);
        return;
    }
    if (self->mode == EDITING_PREVIEW) {
        editing_preview_draw(self, body);
        return;
    }
    c = draw_lines(self, body);
    if (c.cols >= WIDE)
        draw_beside(self, &c);
    else
        draw_text(self, &c);
    if (self->mode == EDITING_FIND || self->mode == EDITING_WITH)
        draw_lines(self, body); /* again: the cursor rests there */
    if (self->mode == EDITING_PICK || self->mode == EDITING_SUGGEST || self->mode == EDITING_CHOOSE)
        editing_pick_draw(self, body);
}

/* ---- keys ---------------------------------------------------------------------------------- */

/* Characters, not bytes: what a person counts. */
static size_t characters(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static const char *unit_words(enum text_unit unit)
{
    static const char *const words[TEXT_UNIT_COUNT] = {
        [TEXT_TYPED] = "typing",
        [TEXT_ERASED] = "erasing",
        [TEXT_NEWLINE] = "a new line",
        [TEXT_CUT] = "cutting",
        [TEXT_PASTED] = "a paste",
        [TEXT_REPLACED] = "replacing",
        [TEXT_ALIGNED] = "a table put straight",
        [TEXT_FIGURE] = "a figure",
        [TEXT_REWRITTEN] = "a rewriting",
    };

    return words[unit];
}

static void step(struct editing *self, bool undo)
{
    struct editor *e = &self->editor;
    size_t before = characters(text_bytes(e->text), text_len(e->text)), after, count;
    struct text_step done;
    struct strbuf key;

    if (!(undo ? editor_undo(e, &done) : editor_redo(e, &done))) {
        app_toast(self->base.app, ROLE_WARN,
                  undo ? "Nothing is left to take back." : "Nothing was taken back.");
        return;
    }
    editing_typed(self);
    after = characters(text_bytes(e->text), text_len(e->text));
    count = after > before ? after - before : before - after;
    strbuf_init(&key, 64);
    keymap_keys(self->base.app->keys, undo ? ACTION_EDITOR_REDO : ACTION_EDITOR_UNDO,
                terminal_utf8(self->base.app->term), &key);
    if (count)
        app_toast(self->base.app, ROLE_TEXT, "%s: %s of %zu character%s. %s: %s",
                  undo ? "Undid" : "Did again", unit_words(done.unit), count, count == 1 ? "" : "s",
                  undo ? "Redo" : "Undo", key.data);
    else
        app_toast(self->base.app, ROLE_TEXT, "%s: %s. %s: %s", undo ? "Undid" : "Did again",
                  unit_words(done.unit), undo ? "Redo" : "Undo", key.data);
    strbuf_finish(&key);
}

/* Here for sure, and perhaps in the terminal: the toast says which. */
static void tell_copied(struct editing *self, bool cut)
{
    struct app *app = self->base.app;
    size_t count = characters(app->clip.data, app->clip.len);
    bool sent = terminal_copy(app->term, app->clip.data, app->clip.len);

    app_toast(app, ROLE_OK, "%s %zu character%s. %s", cut ? "Cut" : "Copied", count,
              count == 1 ? "" : "s",
              sent ? "Sent to your terminal's clipboard, too; whether it took them is not known."
                   : "Your terminal's clipboard does not take them; they can be put in here.");
}

/* "{{" was typed in prose: a figure is wanted. */
static void offer_figure(struct editing *self, const struct input_event *ev)
{
    const struct editor *e = &self->editor;
    size_t at = e->cursor;

    if (ev->kind != INPUT_KEY || ev->len != 1 || ev->text[0] != '{' || at < 2 || !self->l->model ||
        memcmp(e->rows.text + at - 2, "{{", 2) != 0 ||
        (at > 2 && strchr("\\{", e->rows.text[at - 3])) ||
        e->rows.rows[editor_rows_of(&e->rows, at)].state)
        return;
    editing_pick(self, at - 2, at);
}

static bool changes(const struct editing *self, uint64_t version)
{
    return text_version(self->editor.text) != version;
}

/* After a key: tell what was refused, keep what changed. */
static void settle(struct editing *self, uint64_t version)
{
    if (self->editor.err.code != ERR_NONE) {
        app_error(self->base.app, &self->editor.err);
        self->editor.err = (struct err){0};
    }
    if (changes(self, version)) {
        editing_typed(self);
        loop_timer(self->base.app->loop, REST_MS, rested, self);
    }
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct editing *self = of(s);
    uint64_t version = text_version(self->editor.text);
    bool used, clicked = false;

    if (!self->ready)
        return false;
    switch (self->mode) {
    case EDITING_FIND:
    case EDITING_WITH:
        used = editing_find_input(self, ev);
        break;
    case EDITING_PICK:
    case EDITING_SUGGEST:
        used = editing_pick_input(self, ev);
        break;
    case EDITING_TEXT:
        if (ev->kind == INPUT_KEY && !ev->len && !(ev->key.mods & INPUT_SHIFT))
            return false; /* the app looks for its action, with the figure's before the text's */
        used = editor_input(&self->editor, s->app->keys, ev);
        if (used)
            offer_figure(self, ev);
        break;
    case EDITING_PREVIEW:
        return page_mouse(&self->page, ev, &clicked);
    case EDITING_CHOOSE:
        if (!list_mouse(&self->choices, ev, &clicked))
            return ev->kind == INPUT_PASTE;
        if (clicked && input_double(ev))
            app_act(s->app, ACTION_CHOICE_TAKE);
        return true;
    default:
        return ev->kind == INPUT_PASTE;
    }
    if (used)
        settle(self, version);
    return used;
}

static bool act_on_text(struct editing *self, enum action a)
{
    struct app *app = self->base.app;

    switch (a) {
    case ACTION_CHIP_OPEN:
        editing_open_figure(self);
        return true;
    case ACTION_EDITOR_SAVE:
        editing_save(self);
        return true;
    case ACTION_EDITOR_UNDO:
    case ACTION_EDITOR_REDO:
        step(self, a == ACTION_EDITOR_UNDO);
        return true;
    case ACTION_EDITOR_FIND:
    case ACTION_EDITOR_REPLACE:
        editing_find(self, a == ACTION_EDITOR_REPLACE);
        return true;
    case ACTION_EDITOR_FIGURE: {
        const struct md_mark *here = editor_figure(&self->editor);

        editing_pick(self, self->editor.cursor, here ? here->end : self->editor.cursor);
        return true;
    }
    case ACTION_EDITOR_PREVIEW:
        self->mode = EDITING_PREVIEW;
        self->shown_at = 0;
        return true;
    case ACTION_EDITOR_TABLE:
        if (!editor_align_table(&self->editor))
            app_toast(app, ROLE_WARN,
                      "The cursor is in no table: rows of | a | b | with a line "
                      "of dashes under the first.");
        return true;
    case ACTION_EDITOR_RAW:
        self->editor.rows.plain = !self->editor.rows.plain;
        editor_refresh(&self->editor);
        return true;
    case ACTION_EDITOR_OUTSIDE:
        editing_outside(self);
        return true;
    case ACTION_EDITOR_SPELL:
        editing_spell_next(self);
        return true;
    case ACTION_EDITOR_DIFF:
        editing_diff(self, self->saved);
        return true;
    case ACTION_EDITOR_DISCARD:
        editing_discard(self);
        return true;
    case ACTION_EDITOR_COPY:
    case ACTION_EDITOR_CUT:
        editor_act(&self->editor, a, false);
        tell_copied(self, a == ACTION_EDITOR_CUT);
        return true;
    default:
        return editor_act(&self->editor, a, false);
    }
}

/* Esc takes back one thing at a time: a selection, what was found, then the screen. */
static bool back(struct editing *self)
{
    struct app *app = self->base.app;

    if (!self->ready)
        return false;
    if (self->editor.selecting) {
        self->editor.selecting = self->editor.marking = false;
        return true;
    }
    if (self->editor.match) {
        self->editor.match = NULL;
        return true;
    }
    if (self->saving) {
        self->leave_after = true;
        return true;
    }
    if (!text_changed(self->editor.text))
        return false;
    editing_flush(self);
    app_pop(app, &self->base);
    if (self->kept)
        app_toast(app, ROLE_WARN,
                  "Not saved yet: your text is kept as it is, and comes back when "
                  "you edit the section again.");
    return true;
}

static bool act_on_look(struct editing *self, enum action a)
{
    if (a == ACTION_LOOKING_DONE || a == ACTION_BACK) {
        self->mode = self->theirs ? EDITING_CHOOSE : EDITING_TEXT;
        return true;
    }
    return self->mode == EDITING_DIFF ? list_act(&self->lines, a) : page_act(&self->page, a);
}

static bool act_on_choices(struct editing *self, enum action a)
{
    if (a == ACTION_CHOICE_TAKE)
        editing_choose(self, self->choices.cursor);
    else if (a == ACTION_BACK)
        self->mode = EDITING_TEXT;
    else
        return list_act(&self->choices, a);
    return true;
}

static bool act(struct screen *s, enum action a)
{
    struct editing *self = of(s);
    uint64_t version = text_version(self->editor.text);
    bool used = false;

    if (!self->ready)
        return false;
    switch (self->mode) {
    case EDITING_TEXT:
        used = a == ACTION_BACK ? back(self) : act_on_text(self, a);
        break;
    case EDITING_FIND:
    case EDITING_WITH:
    case EDITING_REPLACE:
        used = editing_find_act(self, a);
        break;
    case EDITING_PREVIEW:
    case EDITING_DIFF:
        used = act_on_look(self, a);
        break;
    case EDITING_CHOOSE:
        used = act_on_choices(self, a);
        break;
    case EDITING_PICK:
    case EDITING_SUGGEST:
        if (a == ACTION_BACK) {
            picker_finish(&self->picker);
            self->mode = EDITING_TEXT;
            used = true;
        }
        break;
    }
    settle(self, version);
    return used;
}

static void where(const struct screen *s, struct strbuf *plan_id, struct strbuf *place)
{
    strbuf_str(plan_id, seen(s)->plan_id);
    strbuf_str(place, section_type_name(seen(s)->type));
}

const struct screen_ops screen_editing = {
    .name = "edit",
    .size = sizeof(struct editing),
    .enter = enter,
    .leave = leave,
    .shown = shown,
    .rescue = rescue,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .state = state,
    .draw = draw,
    .input = input,
    .act = act,
    .where = where,
};
