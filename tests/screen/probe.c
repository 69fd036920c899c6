/* probe.c - a program of the widgets, to try the terminal with. It has the app, the loop and the worker
 * but no store. Each page is reached by its letter from the first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/config.h"
#include "strattio/err.h"
#include "strattio/house.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "widget/field.h"
#include "widget/list.h"
#include "widget/picker.h"
#include "widget/table.h"
#include "widget/textbox.h"

enum { PAGE_LIST, PAGE_FORM, PAGE_TABLE, PAGE_PICKER, PAGE_COUNT };

struct probe {
    struct screen screen;
    int page;
    struct list list;
    struct field name, secret;
    struct textbox text;
    struct table table;
    struct picker picker;
    int focus;
    char last[64]; /* the last thing that happened */
};

static const struct choice fruits[] = {
    {"apple", "Apple", "keeps well"}, {"pear", "Pear", NULL}, {"plum", "Plum", "late summer"}};
static struct choice_array fruit_array = {fruits, ARRAY_LEN(fruits)};

static void draw_row(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    static const unsigned roles[] = {ROLE_TEXT, ROLE_OK, ROLE_WARN, ROLE_BAD, ROLE_DIM};

    (void)arg;
    canvas_printf(line, 0, 2, roles[i % 5] | style, "row %zu", i);
    canvas_put(line, 0, 14, ROLE_TEXT | style, i % 3 ? "plain" : "日本 é👍🏽👨‍👩‍👧");
    canvas_put(line, 0, 30, ROLE_DIM | style, "|");
}

static unsigned head(void *arg, size_t col, struct strbuf *out)
{
    (void)arg;
    strbuf_printf(out, "Y%zu", col + 1);
    return ROLE_TITLE;
}

static unsigned label(void *arg, size_t row, struct strbuf *out)
{
    (void)arg;
    strbuf_printf(out, "Line %zu", row);
    return ROLE_TEXT;
}

static unsigned cell(void *arg, size_t row, size_t col, struct strbuf *out)
{
    (void)arg;
    strbuf_printf(out, "%zu", row * 100 + col);
    return ROLE_FIGURE;
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct probe *p = (struct probe *)s;

    (void)err;
    p->page = arg ? *(const int *)arg : PAGE_LIST;
    list_init(&p->list, draw_row, p);
    list_set_count(&p->list, 1000);
    field_init(&p->name, "your name");
    field_init(&p->secret, NULL);
    p->secret.secret = true;
    textbox_init(&p->text);
    p->table = (struct table){
        .label_cols = 14, .cell_cols = 10, .head = head, .label = label, .cell = cell};
    table_init(&p->table);
    table_set_size(&p->table, 40, 60);
    picker_init(&p->picker, picker_find_in_array, &fruit_array);
    return true;
}

static void leave(struct screen *s)
{
    struct probe *p = (struct probe *)s;

    field_finish(&p->name);
    field_finish(&p->secret);
    textbox_finish(&p->text);
    picker_finish(&p->picker);
}

static void rescue(struct screen *s)
{
    const char *path = getenv("PROBE_RESCUE");
    FILE *f = path ? fopen(path, "a") : NULL;

    (void)s;
    if (!f)
        return;
    fputs("rescued\n", f);
    fclose(f);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    const struct probe *p = (const struct probe *)s;

    if (p->page == PAGE_TABLE)
        contexts_add(cs, CONTEXT_TABLE);
    if (p->page == PAGE_LIST || p->page == PAGE_TABLE)
        contexts_add(cs, CONTEXT_LIST);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    static const char *const names[] = {"List", "Form", "Table", "Picker"};

    strbuf_str(out, names[((const struct probe *)s)->page]);
}

static void state(const struct screen *s, struct strbuf *out)
{
    strbuf_str(out, ((const struct probe *)s)->last);
}

static void draw_form(struct probe *p, const struct canvas *body)
{
    struct canvas name = canvas_part(body, 1, 10, 2, 30);
    struct canvas secret = canvas_part(body, 3, 10, 2, 30);
    struct canvas text = canvas_part(body, 6, 10, 8, 30);

    canvas_put(body, 1, 1, ROLE_TITLE, "Name");
    canvas_put(body, 3, 1, ROLE_TITLE, "Secret");
    canvas_put(body, 6, 1, ROLE_TITLE, "Text");
    field_draw(&p->name, &name, p->focus == 0);
    field_draw(&p->secret, &secret, p->focus == 1);
    textbox_draw(&p->text, &text, p->focus == 2);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct probe *p = (struct probe *)s;

    if (p->page == PAGE_LIST)
        list_draw(&p->list, body);
    else if (p->page == PAGE_FORM)
        draw_form(p, body);
    else if (p->page == PAGE_TABLE)
        table_draw(&p->table, body);
    else
        picker_draw(&p->picker, body);
}

static bool form_input(struct probe *p, const struct input_event *ev)
{
    if (ev->kind == INPUT_KEY && ev->key.code == INPUT_KEY_TAB) {
        p->focus = (p->focus + 1) % 3;
        return true;
    }
    if (ev->kind == INPUT_PASTE)
        snprintf(p->last, sizeof p->last, "pasted %zu", ev->len);
    if (p->focus == 2)
        return textbox_input(&p->text, p->screen.app->keys, ev);
    return field_input(p->focus ? &p->secret : &p->name, p->screen.app->keys, ev);
}

static void open_page(struct probe *p, int page);

__attribute__((no_sanitize("undefined", "address"))) static void crash(const char *kind)
{
    volatile int *nowhere = NULL;

    if (*kind == 'a')
        abort();
    *nowhere = 1;
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct probe *p = (struct probe *)s;
    bool clicked;

    if (p->page == PAGE_FORM)
        return form_input(p, ev);
    if (p->page == PAGE_PICKER) {
        enum picker_result r = picker_input(&p->picker, s->app->keys, ev);

        if (r == PICKER_TAKEN)
            snprintf(p->last, sizeof p->last, "took %.20s", picker_choice(&p->picker)->key);
        return r != PICKER_NOT_MINE;
    }
    if (ev->kind == INPUT_MOUSE)
        return p->page == PAGE_LIST && list_mouse(&p->list, ev, &clicked);
    if (p->page != PAGE_LIST || ev->len != 1)
        return false;
    switch (*ev->text) {
    case 'F':
        open_page(p, PAGE_FORM);
        return true;
    case 'T':
        open_page(p, PAGE_TABLE);
        return true;
    case 'P':
        open_page(p, PAGE_PICKER);
        return true;
    case 'm':
        app_toast(s->app, ROLE_OK, "%c[31ma message%c", 27, 7);
        return true;
    case 'c':
        terminal_copy(s->app->term, "copied", 6);
        return true;
    case 'x':
        crash(getenv("PROBE_CRASH") ? getenv("PROBE_CRASH") : "segv");
        return true;
    default:
        return false;
    }
}

static bool act(struct screen *s, enum action a)
{
    struct probe *p = (struct probe *)s;

    if (p->page == PAGE_LIST)
        return list_act(&p->list, a);
    return p->page == PAGE_TABLE && table_act(&p->table, a);
}

static const struct screen_ops probe_screen = {
    .name = "probe",
    .size = sizeof(struct probe),
    .enter = enter,
    .leave = leave,
    .rescue = rescue,
    .contexts = contexts,
    .crumb = crumb,
    .state = state,
    .draw = draw,
    .input = input,
    .act = act,
};

static void open_page(struct probe *p, int page)
{
    app_push(p->screen.app, &probe_screen, &page);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct config *cfg = config_load(&argc, argv, &err);
    struct house *house = house_create();
    struct app *app;
    int code = 1;

    if (cfg) {
        log_open(getenv("PROBE_LOG"));
        app = app_create(cfg, house, NULL, &err);
        if (app)
            code = app_run(app, &probe_screen, NULL, &err);
        app_destroy(app);
    }
    if (err.code != ERR_NONE)
        fprintf(stderr, "probe: %s\n", err.msg);
    house_free(house);
    config_free(cfg);
    log_open(NULL);
    return code;
}
