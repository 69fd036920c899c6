/* sheet_edit.c - the ways to answer: a line, lines, one of a list, several of a list. Lists
 * open over the sheet and close with the answer; the letter that opens one is the first of its
 * filter. */
#include "screen/sheet_edit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "screen/box.h"

enum { TEXT_LIMIT = 1024 * 1024, LIST_ROWS = 12, LIST_COLS = 64 };

static const struct choice yes_no[] = {{"yes", "Yes", NULL}, {"no", "No", NULL}};
static const struct choice currencies[] = {
    {"GBP", "Pound sterling", "GBP"}, {"USD", "US dollar", "USD"}, {"EUR", "Euro", "EUR"}};

static bool is_line(const struct question *q)
{
    switch (q->type) {
    case QUESTION_TEXT:
    case QUESTION_MONEY:
    case QUESTION_NUMBER:
    case QUESTION_WHOLE:
    case QUESTION_PERCENT:
    case QUESTION_DATE:
    case QUESTION_LIST:
    case QUESTION_MONTHS:
        return true;
    default:
        return false;
    }
}

bool sheet_edit_is_box(const struct question *q)
{
    return q->type == QUESTION_LONG_TEXT;
}

static bool is_picked(const struct question *q)
{
    return q->type == QUESTION_CHOICE || q->type == QUESTION_YES_NO ||
           q->type == QUESTION_COUNTRY || q->type == QUESTION_CURRENCY ||
           q->type == QUESTION_INDUSTRY;
}

static const struct question *question(const struct sheet *s)
{
    const struct sheet_row *row = sheet_row(s);

    return row && row->kind == SHEET_QUESTION ? row->question : NULL;
}

/* ---- text ---------------------------------------------------------------------------------- */

void sheet_edit_load(struct sheet *s)
{
    const struct question *q = question(s);
    const char *kept;
    struct strbuf typed;

    if (!q || (!is_line(q) && !sheet_edit_is_box(q)))
        return;
    strbuf_init(&typed, TEXT_LIMIT);
    kept = draft_typed(s->draft, s->rows[s->focus].path);
    if (kept)
        strbuf_str(&typed, kept);
    else
        draft_text(s->draft, s->rows[s->focus].path, &typed);
    if (is_line(q)) {
        field_set(&s->field, typed.data);
        s->field.placeholder = q->example;
        s->field.changed = false;
    } else {
        textbox_set(&s->box, typed.data);
        s->box.changed = false;
    }
    strbuf_finish(&typed);
}

const char *sheet_edit_text(const struct sheet *s)
{
    const struct question *q = question(s);

    if (q && is_line(q))
        return field_text(&s->field);
    return q && sheet_edit_is_box(q) ? textbox_text(&s->box) : NULL;
}

bool sheet_edit_changed(const struct sheet *s)
{
    const struct question *q = question(s);

    return q && (is_line(q) ? s->field.changed : sheet_edit_is_box(q) && s->box.changed);
}

/* ---- one of a list ------------------------------------------------------------------------- */

static size_t find_choice(void *arg, const char *filter, struct choice *out, size_t max)
{
    const struct sheet *s = arg;
    const struct question *q = question(s);
    struct choice_array array = {.items = yes_no, .count = ARRAY_LEN(yes_no)};

    switch (q->type) {
    case QUESTION_COUNTRY:
        return intake_find_countries(s->draft->questions, filter, out, max);
    case QUESTION_INDUSTRY:
        return intake_find_industries(s->draft->questions, filter, out, max);
    case QUESTION_CURRENCY:
        array = (struct choice_array){.items = currencies, .count = ARRAY_LEN(currencies)};
        break;
    case QUESTION_CHOICE:
        array = (struct choice_array){.items = q->choices, .count = q->choice_count};
        break;
    default:
        break;
    }
    return picker_find_in_array(&array, filter, out, max);
}

/* Takes `typed` as the answer and goes on with the rows. */
static void answer(struct sheet *s, const char *typed)
{
    char *path = mem_str(s->rows[s->focus].path);
    struct err err = {0};

    if (draft_set(s->draft, path, typed, &err))
        draft_save(s->draft);
    sheet_edit_close(s);
    sheet_rebuild(s);
    free(path);
}

/* ---- several of a list --------------------------------------------------------------------- */

static void draw_mark(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    const struct sheet *s = arg;
    const struct choice *choice = &question(s)->choices[i];
    int x;

    canvas_printf(line, 0, 2, ROLE_ACCENT | style, "[%s]",
                  s->marked[i] ? canvas_symbol(line, SYMBOL_CHECK) : " ");
    x = canvas_put(line, 0, 6, ROLE_TEXT | style, choice->label);
    if (choice->note)
        canvas_put(line, 0, x + 2, ROLE_DIM | style, choice->note);
}

static void open_marks(struct sheet *s)
{
    const struct question *q = question(s);
    bson_iter_t it, item;

    s->marked = mem_zero(q->choice_count + 1, sizeof *s->marked);
    if (doc_find(s->draft->plan.intake_data, s->rows[s->focus].path, &it) &&
        bson_iter_recurse(&it, &item)) {
        while (bson_iter_next(&item)) {
            for (size_t i = 0; BSON_ITER_HOLDS_UTF8(&item) && i < q->choice_count; i++) {
                if (strcmp(bson_iter_utf8(&item, NULL), q->choices[i].key) == 0)
                    s->marked[i] = true;
            }
        }
    }
    list_init(&s->marks, draw_mark, s);
    list_set_count(&s->marks, q->choice_count);
    s->mode = SHEET_MARKING;
}

static void take_marks(struct sheet *s)
{
    const struct question *q = question(s);
    struct strbuf typed;

    strbuf_init(&typed, TEXT_LIMIT);
    for (size_t i = 0; i < q->choice_count; i++) {
        if (s->marked[i])
            strbuf_printf(&typed, "%s%s", typed.len ? "; " : "", q->choices[i].key);
    }
    answer(s, typed.data);
    strbuf_finish(&typed);
}

/* ---- open and close ------------------------------------------------------------------------ */

void sheet_edit_open(struct sheet *s, const char *filter)
{
    const struct question *q = question(s);
    const char *stored;
    struct strbuf key;

    if (q && q->type == QUESTION_CHOICES) {
        open_marks(s);
        return;
    }
    if (!q || !is_picked(q))
        return;
    picker_init(&s->picker, find_choice, s);
    if (q->type == QUESTION_INDUSTRY)
        s->picker.nothing = "None fits: Enter takes your own words.";
    s->mode = SHEET_PICKING;
    strbuf_init(&key, TEXT_LIMIT);
    stored = doc_str(s->draft->plan.intake_data, s->rows[s->focus].path, NULL);
    if (!stored)
        draft_text(s->draft, s->rows[s->focus].path, &key);
    picker_select(&s->picker, stored ? stored : key.data);
    strbuf_finish(&key);
    if (filter)
        picker_input(&s->picker, s->keys,
                     &(struct input_event){.kind = INPUT_PASTE, .text = filter,
                                           .len = strlen(filter)});
}

void sheet_edit_close(struct sheet *s)
{
    if (s->mode == SHEET_PICKING)
        picker_finish(&s->picker);
    free(s->marked);
    s->marked = NULL;
    s->mode = SHEET_ROWS;
}

bool sheet_edit_act(struct sheet *s, enum action a)
{
    if (a == ACTION_BACK) {
        sheet_edit_close(s);
        return true;
    }
    if (s->mode == SHEET_PICKING) { /* an industry in the person's own words */
        if (a == ACTION_PICKER_TAKE && question(s)->type == QUESTION_INDUSTRY &&
            *field_text(&s->picker.filter)) {
            char *words = mem_str(field_text(&s->picker.filter));

            answer(s, words);
            free(words);
            return true;
        }
        return false;
    }
    if (a == ACTION_MARKS_TOGGLE && s->marks.count)
        s->marked[s->marks.cursor] = !s->marked[s->marks.cursor];
    else if (a == ACTION_MARKS_DONE)
        take_marks(s);
    else
        return list_act(&s->marks, a);
    return true;
}

/* ---- input --------------------------------------------------------------------------------- */

static bool pick_input(struct sheet *s, const struct input_event *ev)
{
    bool own_words = question(s)->type == QUESTION_INDUSTRY && !picker_choice(&s->picker) &&
                     ev->kind == INPUT_KEY && ev->key.code == INPUT_KEY_ENTER;

    if (own_words)
        return sheet_edit_act(s, ACTION_PICKER_TAKE);
    switch (picker_input(&s->picker, s->keys, ev)) {
    case PICKER_TAKEN: {
        char *key = mem_str(picker_choice(&s->picker)->key);

        answer(s, key);
        free(key);
        return true;
    }
    case PICKER_GOES_ON:
        return true;
    case PICKER_NOT_MINE:
        break;
    }
    return false;
}

/* A letter, digit or space: what must not become a command of the app on a row that is not
 * typed into. */
static bool is_letter(const struct input_event *ev)
{
    return ev->kind == INPUT_KEY && ev->len &&
           (isalnum((unsigned char)ev->text[0]) || ev->text[0] == ' ' ||
            (unsigned char)ev->text[0] >= 0x80);
}

/* Letters on a row that is picked open its list; y and n answer yes and no. */
static bool letter_input(struct sheet *s, const struct input_event *ev)
{
    const struct question *q = question(s);

    if (!is_letter(ev))
        return false;
    if (q->type == QUESTION_YES_NO && (ev->text[0] == 'y' || ev->text[0] == 'n'))
        answer(s, ev->text[0] == 'y' ? "yes" : "no");
    else if (ev->text[0] == ' ' || q->type == QUESTION_YES_NO || q->type == QUESTION_CHOICES)
        sheet_edit_open(s, NULL);
    else
        sheet_edit_open(s, ev->text);
    return true;
}

bool sheet_edit_input(struct sheet *s, const struct input_event *ev)
{
    const struct question *q = question(s);
    bool clicked;

    if (!q)
        return ev->kind == INPUT_PASTE || is_letter(ev);
    if (s->mode == SHEET_PICKING)
        return pick_input(s, ev);
    if (s->mode == SHEET_MARKING) {
        if (!list_mouse(&s->marks, ev, &clicked))
            return false;
        return !clicked || !input_double(ev) || sheet_edit_act(s, ACTION_MARKS_TOGGLE);
    }
    if (is_line(q))
        return field_input(&s->field, s->keys, ev);
    if (sheet_edit_is_box(q))
        return textbox_input(&s->box, s->keys, ev);
    if (q->type == QUESTION_TABLE)
        return ev->kind == INPUT_PASTE || is_letter(ev);
    return letter_input(s, ev);
}

void sheet_edit_draw(struct sheet *s, const struct canvas *c)
{
    const struct question *q = question(s);
    struct canvas box;
    int rows;

    if (s->mode == SHEET_ROWS || !q)
        return;
    rows = s->mode == SHEET_MARKING ? (int)s->marks.count : (int)s->picker.list.count + 1;
    if (q->type == QUESTION_COUNTRY || q->type == QUESTION_INDUSTRY || rows > LIST_ROWS)
        rows = LIST_ROWS;
    box = box_draw(c, rows < 3 ? 3 : rows, LIST_COLS, q->label);
    if (s->mode == SHEET_PICKING)
        picker_draw(&s->picker, &box);
    else
        list_draw(&s->marks, &box);
}
