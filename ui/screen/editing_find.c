/* editing_find.c - searching while one types, and replacing one by one or all at once. The line at the foot says how
 * many there are; where the cursor was is where Esc before the first match leads back to. */
#include "screen/editing.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "app.h"

enum { COUNT_MAX = 99999 };

static void count(struct editing *self)
{
    const char *what = field_text(&self->find);
    size_t at = 0, len;

    self->matches = 0;
    while (*what && self->matches < COUNT_MAX &&
           (at = text_find(self->editor.text, what, at, false, &len)) != SIZE_MAX) {
        self->matches++;
        at += len ? len : 1;
    }
}

/* Selects the match at or after `from`, or before, going round; false if there is none. */
static bool go(struct editing *self, size_t from, bool backwards)
{
    struct editor *e = &self->editor;
    const char *what = field_text(&self->find);
    size_t len = 0, at = text_find(e->text, what, from, backwards, &len);

    if (at == SIZE_MAX)
        at = text_find(e->text, what, backwards ? text_len(e->text) : 0, backwards, &len);
    if (at == SIZE_MAX || !*what)
        return false;
    editor_select(e, at, at + len);
    e->cursor = editor_rows_snap(&e->rows, at + len);
    return true;
}

static size_t selection_start(const struct editing *self)
{
    size_t from, to;

    return editor_selection(&self->editor, &from, &to) ? from : self->editor.cursor;
}

void editing_find(struct editing *self, bool replace)
{
    struct editor *e = &self->editor;

    if (!replace && e->match && *e->match) { /* again: the next one */
        go(self, e->cursor, false);
        return;
    }
    self->from = selection_start(self);
    self->replaced = 0;
    self->round = false;
    self->mode = EDITING_FIND;
    self->replacing = replace;
    e->match = field_text(&self->find);
    count(self);
}

bool editing_find_input(struct editing *self, const struct input_event *ev)
{
    struct field *f = self->mode == EDITING_FIND ? &self->find : &self->with;

    if (ev->kind == INPUT_MOUSE)
        return false;
    self->find.changed = false;
    if (!field_input(f, self->base.app->keys, ev))
        return false;
    if (self->find.changed) {
        self->editor.match = field_text(&self->find);
        count(self);
        if (!go(self, self->from, false))
            editor_move_to(&self->editor, self->from);
    }
    return true;
}

/* ---- replacing ----------------------------------------------------------------------------- */

static void stop(struct editing *self)
{
    self->mode = EDITING_TEXT;
    if (self->replaced)
        app_toast(self->base.app, ROLE_OK, "Replaced %zu.", self->replaced);
    else if (!self->matches && *field_text(&self->find))
        app_toast(self->base.app, ROLE_WARN, "“%s” is not in the text.", field_text(&self->find));
    if (!self->matches || self->replaced)
        self->editor.match = NULL;
}

/* The next match at or after `at`: to the end of the text, then from its beginning to where the replacing began.
 * SIZE_MAX after the last. */
static size_t next_match(struct editing *self, size_t at, size_t *len)
{
    const char *what = field_text(&self->find);

    at = text_find(self->editor.text, what, at, false, len);
    if (at == SIZE_MAX && !self->round) {
        self->round = true;
        at = text_find(self->editor.text, what, 0, false, len);
    }
    return self->round && at != SIZE_MAX && at + *len > self->from ? SIZE_MAX : at;
}

/* Once round, what is replaced moves the place where it began. */
static void replaced(struct editing *self, size_t removed, size_t inserted)
{
    self->replaced++;
    self->matches -= self->matches > 0;
    if (self->round)
        self->from = self->from + inserted - removed;
}

/* The match that is selected gets the other words. */
static bool replace_one(struct editing *self)
{
    const char *with = field_text(&self->with);
    size_t from, to;

    if (!editor_selection(&self->editor, &from, &to) ||
        !editor_replace(&self->editor, from, to, with, strlen(with), TEXT_REPLACED))
        return false;
    replaced(self, to - from, strlen(with));
    return true;
}

/* To the next match; the replacing ends with the last one. */
static void ask_next(struct editing *self)
{
    size_t len = 0, at = next_match(self, self->editor.cursor, &len);

    if (at == SIZE_MAX)
        stop(self);
    else
        editor_select(&self->editor, at, at + len);
}

static void replace_all(struct editing *self)
{
    struct editor *e = &self->editor;
    const char *with = field_text(&self->with);
    size_t with_len = strlen(with), len = 0, at = next_match(self, selection_start(self), &len);
    struct err err = {0};

    text_group(e->text);
    while (at != SIZE_MAX &&
           text_splice(e->text, at, len, with, with_len, TEXT_REPLACED, 0, &err)) {
        replaced(self, len, with_len);
        at = next_match(self, at + with_len, &len);
    }
    text_group_end(e->text);
    editor_changed(e, 0);
    e->err = err;
    stop(self);
}

/* ---- actions ------------------------------------------------------------------------------- */

static bool act_on_find(struct editing *self, enum action a)
{
    switch (a) {
    case ACTION_FINDING_NEXT:
        if (self->replacing && self->matches) {
            self->mode = EDITING_WITH;
        } else if (self->replacing || !self->matches) {
            stop(self);
        } else {
            self->mode = EDITING_TEXT;
        }
        return true;
    case ACTION_FINDING_PREV:
        go(self, selection_start(self) ? selection_start(self) - 1 : 0, true);
        return true;
    default:
        self->mode = EDITING_TEXT;
        self->editor.match = NULL;
        editor_move_to(&self->editor, self->from);
        return true;
    }
}

static bool act_on_with(struct editing *self, enum action a)
{
    if (a != ACTION_FINDING_NEXT) {
        self->mode = EDITING_TEXT;
        self->editor.match = NULL;
        return true;
    }
    self->mode = EDITING_REPLACE;
    if (!go(self, self->from, false))
        stop(self);
    return true;
}

static bool act_on_replace(struct editing *self, enum action a)
{
    switch (a) {
    case ACTION_REPLACING_YES:
        if (replace_one(self))
            ask_next(self);
        else
            stop(self);
        return true;
    case ACTION_REPLACING_NO:
        ask_next(self);
        return true;
    case ACTION_REPLACING_ALL:
        replace_all(self);
        return true;
    case ACTION_REPLACING_STOP:
    case ACTION_BACK:
        stop(self);
        return true;
    default:
        return false;
    }
}

bool editing_find_act(struct editing *self, enum action a)
{
    bool typing = a == ACTION_FINDING_NEXT || a == ACTION_FINDING_PREV ||
                  a == ACTION_FINDING_STOP || a == ACTION_BACK;

    if (self->mode == EDITING_REPLACE)
        return act_on_replace(self, a);
    if (!typing)
        return false;
    return self->mode == EDITING_FIND ? act_on_find(self, a) : act_on_with(self, a);
}

/* ---- drawing ------------------------------------------------------------------------------- */

void editing_find_draw(struct editing *self, const struct canvas *line)
{
    static const char *const words[] = {[EDITING_FIND] = "Find",
                                        [EDITING_WITH] = "Replace with",
                                        [EDITING_REPLACE] = "Replace this one?"};
    struct canvas field;
    char found[40];
    int x;

    canvas_fill(line, 0, 0, 1, line->cols, ROLE_TEXT);
    snprintf(found, sizeof found, "%zu%s match%s", self->matches,
             self->matches == COUNT_MAX ? " or more" : "", self->matches == 1 ? "" : "es");
    x = canvas_put(line, 0, 2, ROLE_ACCENT, words[self->mode]) + 1;
    canvas_fit(line, 0, line->cols - 18, 16, self->matches ? ROLE_DIM : ROLE_WARN, ALIGN_RIGHT,
               *field_text(&self->find) ? found : "");
    if (self->mode == EDITING_REPLACE) {
        canvas_printf(line, 0, x, ROLE_TEXT, "“%s” by “%s”", field_text(&self->find),
                      field_text(&self->with));
        return;
    }
    field = canvas_part(line, 0, x, 1, line->cols - x - 19);
    field_draw(self->mode == EDITING_FIND ? &self->find : &self->with, &field, true);
}
