/* field.c - one line being typed. */
#include "widget/field.h"

#include <stdio.h>
#include <string.h>

#include "strattio/markdown.h"

#include "edit.h"

void field_init(struct field *f, const char *placeholder)
{
    *f = (struct field){.placeholder = placeholder};
    strbuf_init(&f->text, FIELD_MAX_BYTES);
}

static void wipe(struct field *f)
{
    if (f->secret && f->text.cap)
        explicit_bzero(f->text.data, f->text.cap);
}

void field_finish(struct field *f)
{
    wipe(f);
    strbuf_finish(&f->text);
}

void field_set(struct field *f, const char *text)
{
    wipe(f);
    strbuf_clear(&f->text);
    edit_clean(text, strnlen(text, FIELD_MAX_BYTES), false, &f->text);
    f->cursor = f->text.len;
    f->scroll = 0;
    f->changed = false;
    f->error[0] = '\0';
}

const char *field_text(const struct field *f)
{
    return f->text.data;
}

void field_set_error(struct field *f, const char *message)
{
    snprintf(f->error, sizeof f->error, "%s", message ? message : "");
}

/* --- editing ------------------------------------------------------------------------------------- */

static void replace(struct field *f, size_t from, size_t to, const char *with, size_t len)
{
    if (from == to && len == 0)
        return;
    if (!edit_splice(&f->text, from, to, with, len)) {
        field_set_error(f, "That is too long for this field.");
        return;
    }
    /* What was typed may have joined its neighbours into one cluster. */
    f->cursor = edit_boundary(f->text.data, f->text.len, from + len);
    if (f->cursor < from + len)
        f->cursor = edit_next(f->text.data, f->text.len, f->cursor);
    f->changed = true;
    f->error[0] = '\0';
}

static void insert(struct field *f, const char *text, size_t len)
{
    struct strbuf clean;

    strbuf_init(&clean, FIELD_MAX_BYTES);
    edit_clean(text, len, false, &clean);
    if (clean.full)
        field_set_error(f, "That is too long for this field.");
    else
        replace(f, f->cursor, f->cursor, clean.data, clean.len);
    if (f->secret && clean.cap)
        explicit_bzero(clean.data, clean.cap);
    strbuf_finish(&clean);
}

static bool field_act(struct field *f, enum action a)
{
    const char *text = f->text.data;
    size_t len = f->text.len, at = f->cursor;

    switch (a) {
    case ACTION_FIELD_LEFT:
        f->cursor = edit_prev(text, len, at);
        return true;
    case ACTION_FIELD_RIGHT:
        f->cursor = edit_next(text, len, at);
        return true;
    case ACTION_FIELD_WORD_LEFT:
        f->cursor = edit_prev_word(text, len, at);
        return true;
    case ACTION_FIELD_WORD_RIGHT:
        f->cursor = edit_next_word(text, len, at);
        return true;
    case ACTION_FIELD_START:
        f->cursor = 0;
        return true;
    case ACTION_FIELD_END:
        f->cursor = len;
        return true;
    case ACTION_FIELD_ERASE:
        replace(f, edit_prev(text, len, at), at, "", 0);
        return true;
    case ACTION_FIELD_DELETE:
        replace(f, at, edit_next(text, len, at), "", 0);
        return true;
    case ACTION_FIELD_ERASE_WORD:
        replace(f, edit_prev_word(text, len, at), at, "", 0);
        return true;
    case ACTION_FIELD_CLEAR:
        replace(f, 0, at, "", 0);
        return true;
    case ACTION_FIELD_CUT_END:
        replace(f, at, len, "", 0);
        return true;
    default:
        return false;
    }
}

/* A click puts the cursor there. */
static bool click(struct field *f, const struct input_event *ev)
{
    int x = ev->mouse.x - f->area.x;
    int cells = -f->scroll;

    if (ev->mouse.kind != MOUSE_PRESS || ev->mouse.y != f->area.y || x < 0 ||
        x >= f->area.cols || f->area.rows < 1)
        return false;
    for (f->cursor = 0; f->cursor < f->text.len;) {
        int width;
        size_t bytes = text_cluster(f->text.data + f->cursor, f->text.len - f->cursor, &width);

        if (cells + (f->secret ? 1 : width) > x)
            break;
        cells += f->secret ? 1 : width;
        f->cursor += bytes;
    }
    return true;
}

bool field_input(struct field *f, const struct keymap *keys, const struct input_event *ev)
{
    struct contexts cs = {.count = 0};

    if (ev->kind == INPUT_PASTE) {
        insert(f, ev->text, ev->len);
        return true;
    }
    if (ev->kind == INPUT_MOUSE)
        return click(f, ev);
    if (ev->kind != INPUT_KEY)
        return false;
    if (ev->len) {
        insert(f, ev->text, ev->len);
        return true;
    }
    contexts_add(&cs, CONTEXT_FIELD);
    return field_act(f, keymap_find(keys, &cs, ev->key));
}

/* --- drawing ------------------------------------------------------------------------------------- */

/* Cells of the first `bytes` bytes as shown. */
static int shown_cells(const struct field *f, size_t bytes)
{
    int cells = 0;

    if (!f->secret)
        return text_width(f->text.data, bytes);
    for (size_t at = 0; at < bytes; cells++) {
        int ignored;

        at += text_cluster(f->text.data + at, f->text.len - at, &ignored);
    }
    return cells;
}

static void draw_text(const struct field *f, const struct canvas *line, unsigned style)
{
    int x = -f->scroll;

    if (!f->secret) {
        canvas_putn(line, 0, x, style, f->text.data, f->text.len);
        return;
    }
    for (int i = shown_cells(f, f->text.len); i > 0; i--)
        x = canvas_put(line, 0, x, style, canvas_symbol(line, SYMBOL_BULLET));
}

void field_draw(struct field *f, const struct canvas *c, bool focus)
{
    struct canvas line = canvas_part(c, 0, 0, 1, c->cols);
    unsigned style = focus ? ROLE_FOCUS : ROLE_FIELD;
    int at = shown_cells(f, f->cursor);

    f->area = line;
    if (line.rows == 0 || line.cols == 0)
        return;
    if (!focus || at < f->scroll)
        f->scroll = focus ? at : 0;
    if (at - f->scroll >= line.cols)
        f->scroll = at - line.cols + 1;
    canvas_fill(&line, 0, 0, 1, line.cols, style);
    if (f->text.len == 0 && f->placeholder)
        canvas_fit(&line, 0, 0, line.cols, ROLE_DIM | STYLE_ON(style), ALIGN_LEFT, f->placeholder);
    draw_text(f, &line, style);
    if (!focus && shown_cells(f, f->text.len) > line.cols)
        canvas_put(&line, 0, line.cols - 1, ROLE_DIM | STYLE_ON(style),
                   canvas_symbol(c, SYMBOL_ELLIPSIS));
    if (f->error[0] && c->rows > 1) {
        canvas_put(c, 1, 0, ROLE_BAD, canvas_symbol(c, SYMBOL_BANG));
        canvas_fit(c, 1, 2, c->cols - 2, ROLE_BAD, ALIGN_LEFT, f->error);
    }
    if (focus)
        canvas_cursor(&line, 0, at - f->scroll, true);
}
