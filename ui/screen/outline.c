/* outline.c - every section is bound and laid out once, which takes a millisecond or two for a plan. */
#include "screen/outline.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/section_view.h"

#include "app.h"
#include "screen/loaded.h"
#include "screen/reading.h"

enum { WIDTH = 80 };

struct items {
    struct choose_item *items;
    size_t count, cap;
};

static void add_item(struct items *list, char *label, char *note, int section, size_t row)
{
    list->items = mem_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
    list->items[list->count++] = (struct choose_item){label, note, section, row};
}

/* Section `i` as it is read, laid out; NULL if it is not written. */
static struct md_layout *lay_out(const struct loaded *l, int i)
{
    struct section_view view = {0};
    struct md_layout *layout = NULL;
    struct err err = {0};
    size_t shift;

    if (l->present[i] && section_view(&l->sections[i], l->model, &view, &err)) {
        char *text = reading_text(&view, l->sections[i].title, &shift);

        layout = md_layout_create(text, strlen(text), WIDTH, NULL, 0, &err);
        free(text);
    }
    section_view_finish(&view);
    return layout;
}

static void add_headings(struct items *list, const struct md_layout *layout, int section)
{
    for (size_t i = 0; i < layout->heading_count; i++) {
        const struct md_heading *h = &layout->headings[i];
        char *label = i == 0 ? mem_printf("%d  %s", section + 1, h->text)
                             : mem_printf("%*s%s", 1 + 2 * h->level, "", h->text);

        add_item(list, label, NULL, section, i);
    }
}

void outline_show(struct app *app, struct loaded *l, int section, size_t heading,
                  outline_take *take, void *arg)
{
    struct choose c = {.title = "Outline", .take = take, .arg = arg};
    struct items list = {0};

    for (int i = 0; i < SECTION_COUNT; i++) {
        struct md_layout *layout = lay_out(l, i);

        if (!layout)
            continue;
        if (i == section)
            c.start = list.count + heading;
        add_headings(&list, layout, i);
        md_layout_free(layout);
    }
    c.items = list.items;
    c.count = list.count;
    choose_show(app, &c);
}

void outline_search(struct app *app, struct loaded *l, int section, const char *search,
                    outline_take *take, void *arg)
{
    char *title = mem_printf("“%s” in the plan", search);
    struct choose c = {.title = title, .take = take, .arg = arg};
    struct items list = {0};

    for (int i = 0; i < SECTION_COUNT; i++) {
        struct md_layout *layout = lay_out(l, i);
        struct md_hit *hits = NULL;
        size_t count = layout ? md_find(layout, search, &hits) : 0;

        if (count && i == section)
            c.start = list.count;
        if (count)
            add_item(&list, mem_printf("%d  %s", i + 1, l->sections[i].title),
                     mem_printf("%zu", count), i, 0);
        free(hits);
        md_layout_free(layout);
    }
    c.items = list.items;
    c.count = list.count;
    if (list.count)
        choose_show(app, &c);
    else
        app_toast(app, ROLE_WARN, "“%s” is in no section of this plan.", search);
    free(title);
}
