/* editor.c - what keys, pastes and the mouse do to an edited text. Every change is one splice of the text and
 * one change of the rows; afterwards the cursor is put back between graphemes, because what was typed may
 * have joined what was there. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "edit.h"
#include "editor_figures.h"
#include "editor_move.h"

enum { WHEEL_ROWS = 3 };

/* --- life ---------------------------------------------------------------------------------------- */

static const struct editor_figure *look_up(const struct editor *e, const char *source, size_t len)
{
    return editor_figures_get(e->known, source, len, e->figure_text, e->arg);
}

static int figure_width(void *arg, const char *source, size_t len, bool *known)
{
    const struct editor_figure *figure = look_up(arg, source, len);

    *known = figure->known;
    return figure->width;
}

void editor_init(struct editor *e, struct strbuf *clip)
{
    *e = (struct editor){.column = -1, .clip = clip, .known = editor_figures_create()};
    e->rows.figure_width = figure_width;
    e->rows.arg = e;
    editor_set(e, "", 0);
}

void editor_finish(struct editor *e)
{
    editor_rows_finish(&e->rows);
    editor_figures_destroy(e->known);
    text_destroy(e->text);
    *e = (struct editor){.column = -1};
}

static void break_all(struct editor *e)
{
    int width = e->rows.width ? e->rows.width : 79;

    editor_rows_set(&e->rows, text_bytes(e->text), text_len(e->text), width);
}

void editor_set(struct editor *e, const char *text, size_t len)
{
    text_destroy(e->text);
    e->text = text_create(text, len);
    e->cursor = e->anchor = e->top = 0;
    e->selecting = e->marking = false;
    e->column = -1;
    break_all(e);
}

void editor_refresh(struct editor *e)
{
    editor_figures_forget(e->known);
    break_all(e);
    e->cursor = editor_rows_snap(&e->rows, e->cursor);
}

/* --- cursor and selection ------------------------------------------------------------------------ */

static void end_selection(struct editor *e)
{
    e->selecting = e->marking = false;
}

void editor_move_to(struct editor *e, size_t at)
{
    e->cursor = editor_rows_snap(&e->rows, at < e->rows.len ? at : e->rows.len);
    e->column = -1;
    end_selection(e);
    text_break(e->text);
}

void editor_select(struct editor *e, size_t from, size_t to)
{
    editor_move_to(e, to);
    e->anchor = editor_rows_snap(&e->rows, from < e->rows.len ? from : e->rows.len);
    e->selecting = true;
}

bool editor_selection(const struct editor *e, size_t *from, size_t *to)
{
    *from = e->anchor < e->cursor ? e->anchor : e->cursor;
    *to = e->anchor < e->cursor ? e->cursor : e->anchor;
    return e->selecting && *from < *to;
}

const struct md_mark *editor_figure(const struct editor *e)
{
    return editor_rows_figure_at(&e->rows, e->cursor);
}

/* --- changes ------------------------------------------------------------------------------------- */

bool editor_replace(struct editor *e, size_t from, size_t to, const char *with, size_t len,
                    enum text_unit unit)
{
    if (from == to && len == 0)
        return true;
    if (!text_splice(e->text, from, to - from, with, len, unit, clock_mono_ms(), &e->err))
        return false;
    editor_rows_change(&e->rows, text_bytes(e->text), text_len(e->text), from, to, from + len);
    e->cursor = editor_rows_snap(&e->rows, from + len);
    e->column = -1;
    end_selection(e);
    return true;
}

/* Everything from `from` on is different. */
void editor_changed(struct editor *e, size_t from)
{
    size_t old = e->rows.len, len = text_len(e->text);

    editor_rows_change(&e->rows, text_bytes(e->text), len, from < len ? from : len,
                       from < old ? old : from, len);
    if (e->top >= e->rows.count)
        e->top = e->rows.count - 1;
    e->cursor = editor_rows_snap(&e->rows, e->cursor < len ? e->cursor : len);
    e->column = -1;
    end_selection(e);
}

static bool step(struct editor *e, bool (*go)(struct text *t, struct text_step *out),
                 struct text_step *out)
{
    uint64_t before = text_version(e->text);
    size_t from, old = e->rows.len, len, gone, came;

    if (!go(e->text, out))
        return false;
    from = text_changed_from(e->text, before);
    from = from == SIZE_MAX ? 0 : from;
    len = text_len(e->text);
    gone = go == text_undo ? out->inserted : out->removed;
    came = go == text_undo ? out->removed : out->inserted;
    if (out->unit != TEXT_REPLACED && out->at + gone <= old &&
        old - gone + came == len) /* in one stretch: what follows only moved */
        editor_rows_change(&e->rows, text_bytes(e->text), len, out->at, out->at + gone,
                           out->at + came);
    else
        editor_changed(e, from);
    e->column = -1;
    end_selection(e);
    e->cursor = editor_rows_snap(&e->rows, out->cursor);
    return true;
}

bool editor_undo(struct editor *e, struct text_step *out)
{
    return step(e, text_undo, out);
}

bool editor_redo(struct editor *e, struct text_step *out)
{
    return step(e, text_redo, out);
}

/* What was typed or pasted, in the place of the selection. */
static void insert(struct editor *e, const char *text, size_t len, enum text_unit unit)
{
    size_t from = e->cursor, to = e->cursor;
    struct strbuf clean;

    editor_selection(e, &from, &to);
    if (!e->selecting)
        from = to = e->cursor;
    strbuf_init(&clean, TEXT_LIMIT_BYTES);
    edit_clean(text, len, true, &clean);
    if (unit != TEXT_TYPED)
        text_break(e->text);
    if (strbuf_check(&clean, "what was pasted", &e->err))
        editor_replace(e, from, to, clean.data, clean.len, unit);
    if (unit != TEXT_TYPED)
        text_break(e->text);
    strbuf_finish(&clean);
}

static void erase(struct editor *e, size_t from, size_t to)
{
    size_t low, high;

    if (editor_selection(e, &low, &high))
        editor_replace(e, low, high, "", 0, TEXT_ERASED);
    else
        editor_replace(e, from, to, "", 0, TEXT_ERASED);
}

static void newline(struct editor *e)
{
    size_t from, to, erased = 0;
    struct strbuf with;

    if (!editor_selection(e, &from, &to))
        from = to = e->cursor;
    strbuf_init(&with, TEXT_LIMIT_BYTES);
    md_edit_enter(e->rows.text, e->rows.len, from,
                  e->rows.rows[editor_rows_of(&e->rows, from)].state, &with, &erased);
    editor_replace(e, from - erased, to, with.data, with.len, TEXT_NEWLINE);
    strbuf_finish(&with);
}

/* The selection, or the line of the cursor with its newline. */
static void take(struct editor *e, bool cut)
{
    size_t from, to;

    if (!editor_selection(e, &from, &to)) {
        const char *nl = memchr(e->rows.text + e->cursor, '\n', e->rows.len - e->cursor);

        from = editor_rows_line_start(&e->rows, e->cursor);
        to = nl ? (size_t)(nl - e->rows.text) + 1 : e->rows.len;
    }
    strbuf_clear(e->clip);
    strbuf_add(e->clip, e->rows.text + from, to - from);
    if (!cut)
        return;
    text_break(e->text);
    editor_replace(e, from, to, "", 0, TEXT_CUT);
    text_break(e->text);
}

/* To the end of the line; at its end, the newline. */
static void cut_end(struct editor *e)
{
    const char *nl = memchr(e->rows.text + e->cursor, '\n', e->rows.len - e->cursor);
    size_t end = nl ? (size_t)(nl - e->rows.text) : e->rows.len;

    if (end == e->cursor && nl)
        end++;
    strbuf_clear(e->clip);
    strbuf_add(e->clip, e->rows.text + e->cursor, end - e->cursor);
    editor_replace(e, e->cursor, end, "", 0, TEXT_CUT);
}

static int table_width(void *arg, const char *source, size_t len)
{
    return look_up(arg, source, len)->width;
}

bool editor_align_table(struct editor *e)
{
    size_t start, end, cursor = e->cursor;
    struct strbuf out;
    bool ok;

    strbuf_init(&out, TEXT_LIMIT_BYTES);
    ok = md_edit_table(e->rows.text, e->rows.len, e->cursor, table_width, e, &start, &end, &out) &&
         !out.full;
    if (ok && (out.len != end - start || memcmp(out.data, e->rows.text + start, out.len) != 0)) {
        text_break(e->text);
        editor_replace(e, start, end, out.data, out.len, TEXT_ALIGNED);
        text_break(e->text);
        editor_move_to(e, cursor < start + out.len ? cursor : start + out.len);
    }
    strbuf_finish(&out);
    return ok;
}

/* --- keys ---------------------------------------------------------------------------------------- */

static void move(struct editor *e, size_t at, bool extend)
{
    if (extend && !e->selecting) {
        e->anchor = e->cursor;
        e->selecting = true;
    } else if (!extend && !e->marking) {
        e->selecting = false;
    }
    e->cursor = at;
    text_break(e->text);
}

bool editor_act(struct editor *e, enum action a, bool extend)
{
    size_t at = e->cursor;

    if (editor_motion(e, a, &at)) {
        move(e, at, extend);
        return true;
    }
    switch (a) {
    case ACTION_EDITOR_MARK:
        e->marking = e->selecting = !e->marking;
        e->anchor = e->cursor;
        return true;
    case ACTION_EDITOR_ALL:
        e->anchor = 0;
        e->cursor = e->rows.len;
        e->selecting = true;
        return true;
    case ACTION_EDITOR_CUT:
    case ACTION_EDITOR_COPY:
        take(e, a == ACTION_EDITOR_CUT);
        return true;
    case ACTION_EDITOR_PASTE:
        insert(e, e->clip->data, e->clip->len, TEXT_PASTED);
        return true;
    case ACTION_EDITOR_NEWLINE:
        newline(e);
        return true;
    case ACTION_TEXT_NEWLINE:
        insert(e, "\n", 1, TEXT_TYPED);
        return true;
    case ACTION_FIELD_ERASE:
        erase(e, editor_prev(e, at), at);
        return true;
    case ACTION_FIELD_DELETE:
        erase(e, at, editor_next(e, at));
        return true;
    case ACTION_FIELD_ERASE_WORD:
        erase(e, editor_prev_word(e, at), at);
        return true;
    case ACTION_FIELD_CLEAR:
        erase(e, editor_rows_line_start(&e->rows, at), at);
        return true;
    case ACTION_FIELD_CUT_END:
        cut_end(e);
        return true;
    default:
        return false;
    }
}

/* --- input --------------------------------------------------------------------------------------- */

static void scroll(struct editor *e, long rows)
{
    size_t row;

    if (rows < 0)
        e->top = e->top > (size_t)-rows ? e->top - (size_t)-rows : 0;
    else
        e->top = e->top + (size_t)rows < e->rows.count ? e->top + (size_t)rows : e->rows.count - 1;
    row = editor_rows_of(&e->rows, e->cursor); /* the cursor stays in sight */
    if (row < e->top)
        e->cursor = e->rows.rows[e->top].start;
    else if (e->area.rows > 0 && row >= e->top + (size_t)e->area.rows)
        e->cursor = e->rows.rows[e->top + (size_t)e->area.rows - 1].start;
    end_selection(e);
}

static bool mouse(struct editor *e, const struct input_event *ev)
{
    int y = ev->mouse.y - e->area.y, x = ev->mouse.x - e->area.x;
    size_t row, at;

    if (y < 0 || x < 0 || y >= e->area.rows || x >= e->area.cols)
        return false;
    if (ev->mouse.kind == MOUSE_WHEEL_UP || ev->mouse.kind == MOUSE_WHEEL_DOWN) {
        scroll(e, ev->mouse.kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
        return true;
    }
    if (ev->mouse.kind == MOUSE_RELEASE)
        return true;
    row = e->top + (size_t)y;
    at = row < e->rows.count ? editor_at_cell(e, row, x) : e->rows.len;
    if (ev->mouse.kind == MOUSE_DRAG)
        move(e, at, true);
    else
        editor_move_to(e, at);
    e->column = -1;
    return true;
}

bool editor_input(struct editor *e, const struct keymap *keys, const struct input_event *ev)
{
    struct contexts cs = {.count = 0};
    struct key key = ev->key;
    enum action a;
    size_t ignored;

    if (ev->kind == INPUT_PASTE) {
        insert(e, ev->text, ev->len, TEXT_PASTED);
        return true;
    }
    if (ev->kind == INPUT_MOUSE)
        return mouse(e, ev);
    if (ev->kind != INPUT_KEY)
        return false;
    if (ev->len) {
        insert(e, ev->text, ev->len, TEXT_TYPED);
        return true;
    }
    contexts_add(&cs, CONTEXT_EDITOR);
    contexts_add(&cs, CONTEXT_TEXT);
    contexts_add(&cs, CONTEXT_FIELD);
    a = keymap_find(keys, &cs, key);
    if (a != ACTION_NONE || !(key.mods & INPUT_SHIFT))
        return editor_act(e, a, false);
    key.mods &= ~(unsigned)INPUT_SHIFT; /* Shift with a motion selects */
    a = keymap_find(keys, &cs, key);
    return editor_motion(e, a, &ignored) && editor_act(e, a, true);
}
