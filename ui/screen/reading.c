/* reading.c - the text of a section and the keys that work on it. Everything that can be opened is a
 * spot of the page: a figure leads to its formula, a link to its address, the number of a note to
 * what stands behind a claim. */
#include "screen/reading.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/section.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/copying.h"
#include "screen/following.h"
#include "screen/loaded.h"
#include "screen/trace.h"

enum { MEASURE = 80, TEXT_LIMIT = 256 * 1024 };

/* ---- the text ------------------------------------------------------------------------------ */

void reading_init(struct reading *r, struct app *app)
{
    *r = (struct reading){.app = app};
    page_init(&r->page);
    field_init(&r->search, "words to look for");
}

void reading_finish(struct reading *r)
{
    section_view_finish(&r->view);
    page_finish(&r->page);
    field_finish(&r->search);
    free(r->copied);
}

char *reading_text(const struct section_view *view, const char *title, size_t *shift)
{
    char *text = mem_printf("# %s\n\n%s", title, view->text);

    *shift = strlen(text) - view->len;
    return text;
}

/* The text under its title. */
static void set_page(struct reading *r)
{
    struct md_mark *marks = mem_zero(r->view.count + 1, sizeof *marks);
    char *text = reading_text(&r->view, r->section->title, &r->shift);

    for (size_t i = 0; i < r->view.count; i++) {
        const struct section_figure *f = &r->view.figures[i];

        marks[i] = (struct md_mark){.start = f->start + r->shift,
                                    .end = f->end + r->shift,
                                    .style = f->name && !f->advice ? MD_FIGURE : MD_UNBOUND};
    }
    page_set(&r->page, text, r->shift + r->view.len, marks, r->view.count);
    free(text);
    free(marks);
}

bool reading_set(struct reading *r, struct loaded *l, const struct section *section, bool other,
                 struct err *err)
{
    char search[sizeof r->page.search];

    section_view_finish(&r->view);
    r->l = l;
    r->section = NULL;
    if (!section_view(section, l->model, &r->view, err))
        return false;
    r->section = section;
    if (other) {
        memcpy(search, r->page.search, sizeof search);
        page_finish(&r->page);
        page_init(&r->page);
        r->away = false;
    }
    set_page(r);
    if (other && search[0])
        page_search(&r->page, search); /* goes on in the next section */
    return true;
}

/* ---- the head ------------------------------------------------------------------------------ */

/* One sentence on what is wrong with the whole text, with the key that helps. Returns its rows. */
static int draw_warning(const struct reading *r, const struct canvas *c, const char *before,
                        const char *after)
{
    struct strbuf text;
    int rows;

    strbuf_init(&text, TEXT_LIMIT);
    strbuf_str(&text, before);
    keymap_keys(r->app->keys, ACTION_PLAN_WRITE, canvas_utf8(c), &text);
    strbuf_str(&text, after);
    canvas_put(c, 0, 0, ROLE_WARN, canvas_symbol(c, SYMBOL_BANG));
    rows = canvas_wrap(c, 0, 2, c->rows, c->cols - 2, ROLE_WARN, text.data, true);
    strbuf_finish(&text);
    return rows + 1;
}

/* Above the text, as wide as it. Returns the rows it takes, which are none if all is well. */
static int draw_head(const struct reading *r, const struct canvas *c)
{
    int cols = c->cols - 3 < MEASURE ? c->cols - 3 : MEASURE;
    struct canvas head = canvas_part(c, 0, (c->cols - cols) / 2, c->rows / 2, cols);

    if (head.rows < 2)
        return 0;
    if (r->view.outside)
        return draw_warning(r, &head,
                            "Another program changed this text; its figures are bound to nothing. "
                            "",
                            " writes it anew.");
    if (doc_bool(r->section->metadata, "stale", false))
        return draw_warning(r, &head,
                            "Answers this was written from have changed since. The figures are up "
                            "to date; ",
                            " writes the words again.");
    return 0;
}

void reading_draw(struct reading *r, const struct canvas *c)
{
    struct canvas text = canvas_part(c, 0, 1, c->rows - (r->searching ? 1 : 0), c->cols - 2);
    struct canvas line = canvas_part(c, c->rows - 1, 0, 1, c->cols);
    struct canvas field = canvas_part(&line, 0, 3, 1, c->cols - 5);
    int head = draw_head(r, &text);
    struct err err = {0};

    text = canvas_part(&text, head, 0, text.rows - head, text.cols);
    if (!page_draw(&r->page, &text, MEASURE, &err))
        canvas_wrap(c, 1, 2, 3, c->cols - 4, ROLE_BAD, err.msg, true);
    if (!r->searching)
        return;
    canvas_fill(&line, 0, 0, 1, line.cols, ROLE_TEXT);
    canvas_put(&line, 0, 1, ROLE_ACCENT, "/");
    field_draw(&r->search, &field, true);
}

void reading_state(const struct reading *r, struct strbuf *out)
{
    if (r->page.search[0])
        strbuf_printf(out, "match %zu of %zu · ", r->page.hit_count ? r->page.hit + 1 : 0,
                      r->page.hit_count);
}

/* ---- links and notes ----------------------------------------------------------------------- */

/* The rows of a note as one text, without its number. */
static void note_text(const struct md_layout *l, const struct md_note *note, struct strbuf *out)
{
    for (size_t row = note->first_row; row < note->end_row; row++) {
        const struct md_row *at = &l->rows[row];

        for (size_t i = at->margin_runs; i < at->run_count; i++)
            strbuf_add(out, at->runs[i].text, at->runs[i].len);
        if (at->end != MD_END_WORD && row + 1 < note->end_row)
            strbuf_char(out, ' ');
    }
}

/* The first address in a note; "" for none. */
static const char *note_url(const struct md_layout *l, const struct md_note *note)
{
    for (size_t row = note->first_row; row < note->end_row; row++)
        for (size_t i = 0; i < l->rows[row].run_count; i++) {
            int link = l->rows[row].runs[i].link;

            if (link >= 0 && *l->links[link].url)
                return l->links[link].url;
        }
    return "";
}

/* The citation of the section that a note tells: by its address, else by its source's name. */
static bool find_citation(const struct section *s, const char *url, const char *text, bson_t *out)
{
    bson_iter_t it;

    for (int by_name = 0; by_name < 2; by_name++) {
        if (!s->data_citations || !bson_iter_init(&it, s->data_citations))
            return false;
        while (bson_iter_next(&it)) {
            const char *name;

            if (!doc_view(s->data_citations, bson_iter_key(&it), out))
                continue;
            name = doc_str(out, "source_name", "");
            if (by_name ? *name && strstr(text, name)
                        : *url && strcmp(doc_str(out, "source_url", ""), url) == 0)
                return true;
        }
    }
    return false;
}

/* Each reference to the note shows the same text; going there leaves the way back. */
static void go_to_note(void *arg)
{
    struct reading *r = arg;
    const struct page_spot *spot = page_spot(&r->page);
    const struct md_link *link = spot ? &r->page.layout->links[spot->index] : NULL;

    if (!link || link->kind != MD_LINK_NOTE || (size_t)link->number > r->page.layout->note_count)
        return;
    r->back = r->page.top;
    r->away = true;
    page_to_row(&r->page, r->page.layout->notes[link->number - 1].first_row);
}

static void show_note(struct reading *r, const struct md_link *link)
{
    const struct md_layout *l = r->page.layout;
    const struct md_note *note = &l->notes[link->number - 1];
    char *title = mem_printf("Note %d", link->number);
    struct following f = {.title = title, .url = note_url(l, note), .go = go_to_note, .arg = r};
    struct strbuf text;
    bson_t citation;

    strbuf_init(&text, TEXT_LIMIT);
    note_text(l, note, &text);
    f.copy = text.data;
    following_add(&f, "Note", text.data);
    if (find_citation(r->section, f.url, text.data, &citation)) {
        following_add(&f, "Source", doc_str(&citation, "source_name", ""));
        following_add(&f, "Date", doc_str(&citation, "source_date", ""));
        following_add(&f, "It says", doc_str(&citation, "data_value", ""));
        following_add(&f, "Cited for", doc_str(&citation, "cited_text", ""));
    }
    following_add(&f, "Address", f.url);
    following_show(r->app, &f);
    strbuf_finish(&text);
    free(title);
}

static void show_link(struct reading *r, const struct md_link *link)
{
    struct following f = {.title = link->kind == MD_LINK_IMAGE ? "A picture" : "A link",
                          .url = link->url,
                          .copy = link->url};

    following_add(&f, link->kind == MD_LINK_IMAGE ? "Shows" : "Text", link->label);
    following_add(&f, "Title", link->title);
    following_add(&f, "Address", link->url);
    following_show(r->app, &f);
}

static void open_figure(struct reading *r, const struct section_figure *figure)
{
    char *shown = mem_strn(r->view.text + figure->start, figure->end - figure->start);

    if (figure->advice)
        app_toast(r->app, ROLE_WARN, "“%s”: %s", shown, figure->advice);
    else
        trace_open(r->app, r->l, figure->name, shown);
    free(shown);
}

static void open_spot(struct reading *r)
{
    const struct page_spot *spot = page_spot(&r->page);
    const struct md_link *link;

    if (!spot)
        return;
    if (spot->kind == SPOT_MARK) {
        open_figure(r, &r->view.figures[spot->index]);
        return;
    }
    link = &r->page.layout->links[spot->index];
    if (link->kind != MD_LINK_NOTE)
        show_link(r, link);
    else if ((size_t)link->number <= r->page.layout->note_count)
        show_note(r, link);
}

/* To the next spot that is wrong, and what to do there. */
static void walk_wrong(struct reading *r)
{
    const struct page_spot *spot;

    if (!page_walk(&r->page, false, MD_UNBOUND))
        return;
    spot = page_spot(&r->page);
    if (spot->kind == SPOT_MARK && r->view.figures[spot->index].advice)
        app_toast(r->app, ROLE_WARN, "%s", r->view.figures[spot->index].advice);
}

/* ---- copying ------------------------------------------------------------------------------- */

static void copy(struct reading *r, const char *text, size_t len, const char *what)
{
    free(r->copied);
    r->copied = mem_strn(text, len);
    copying_send(r->app, r->copied, strlen(r->copied), what, ACTION_READER_FILE);
}

static void copy_block(struct reading *r)
{
    const struct md_block *block = page_block(&r->page);
    size_t len;

    if (!block)
        return;
    len = block->end - block->start;
    while (len > 1 && r->page.text[block->start + len - 1] == '\n' &&
           r->page.text[block->start + len - 2] == '\n')
        len--; /* blank lines below it */
    copy(r, r->page.text + block->start, len, block->heading ? "The heading" : "This block");
}

/* ---- keys ---------------------------------------------------------------------------------- */

void reading_contexts(const struct reading *r, struct contexts *cs)
{
    if (r->searching) {
        contexts_add(cs, CONTEXT_SEARCH);
        contexts_add(cs, CONTEXT_FIELD);
    } else {
        contexts_add(cs, CONTEXT_READER);
    }
}

bool reading_allowed(const struct reading *r, enum action a)
{
    switch (a) {
    case ACTION_READER_FIGURE:
        return page_spot(&r->page) != NULL;
    case ACTION_READER_NEXT_FIGURE:
    case ACTION_READER_PREV_FIGURE:
        return r->view.count > 0 || r->page.spot_count > 0;
    case ACTION_READER_NEXT_WRONG:
        for (size_t i = 0; i < r->view.count; i++)
            if (!r->view.figures[i].name || r->view.figures[i].advice)
                return true;
        return false;
    case ACTION_READER_NEXT_MATCH:
    case ACTION_READER_PREV_MATCH:
        return r->page.hit_count > 0;
    case ACTION_READER_LEFT:
    case ACTION_READER_RIGHT:
        return page_has_side(&r->page);
    case ACTION_READER_COPY:
    case ACTION_READER_COPY_ALL:
        return r->section != NULL;
    case ACTION_READER_FILE:
        return r->copied != NULL;
    default:
        return true;
    }
}

const char *reading_why_not(enum action a)
{
    switch (a) {
    case ACTION_READER_FIGURE:
        return "Nothing is chosen: go to a figure, link or note first.";
    case ACTION_READER_NEXT_FIGURE:
    case ACTION_READER_PREV_FIGURE:
        return "There is no figure, link or note in this section.";
    case ACTION_READER_NEXT_WRONG:
        return "Nothing is marked in this section.";
    case ACTION_READER_NEXT_MATCH:
    case ACTION_READER_PREV_MATCH:
        return "Nothing was searched for, or it is not here.";
    case ACTION_READER_LEFT:
    case ACTION_READER_RIGHT:
        return "No code here is wider than the page.";
    case ACTION_READER_COPY:
    case ACTION_READER_COPY_ALL:
        return "Nothing is written yet.";
    case ACTION_READER_FILE:
        return "Nothing has been copied yet.";
    default:
        return NULL;
    }
}

static bool act_on_search(struct reading *r, enum action a)
{
    switch (a) {
    case ACTION_READER_SEARCH:
        r->searching = true;
        return true;
    case ACTION_SEARCH_DONE:
        r->searching = false;
        if (page_search(&r->page, field_text(&r->search)) == 0 && *field_text(&r->search))
            app_toast(r->app, ROLE_WARN, "“%s” is not in this section.", field_text(&r->search));
        return true;
    case ACTION_SEARCH_CANCEL:
        r->searching = false;
        field_set(&r->search, "");
        page_search(&r->page, "");
        return true;
    case ACTION_READER_NEXT_MATCH:
    case ACTION_READER_PREV_MATCH:
        page_next_match(&r->page, a == ACTION_READER_PREV_MATCH);
        return true;
    default:
        return false;
    }
}

bool reading_back(struct reading *r)
{
    if (r->page.search[0]) {
        act_on_search(r, ACTION_SEARCH_CANCEL);
    } else if (r->away) {
        r->away = false;
        page_to_row(&r->page, r->back);
    } else if (r->page.spot >= 0) {
        r->page.spot = -1;
    } else {
        return false;
    }
    return true;
}

bool reading_input(struct reading *r, const struct input_event *ev)
{
    bool clicked;

    if (r->searching) {
        if (!field_input(&r->search, r->app->keys, ev))
            return false;
        page_search(&r->page, field_text(&r->search)); /* as one types */
        return true;
    }
    if (!page_mouse(&r->page, ev, &clicked))
        return false;
    if (clicked && input_double(ev))
        open_spot(r);
    return true;
}

bool reading_act(struct reading *r, enum action a)
{
    switch (a) {
    case ACTION_READER_NEXT_FIGURE:
    case ACTION_READER_PREV_FIGURE:
        page_walk(&r->page, a == ACTION_READER_PREV_FIGURE, 0);
        return true;
    case ACTION_READER_FIGURE:
        open_spot(r);
        return true;
    case ACTION_READER_NEXT_WRONG:
        walk_wrong(r);
        return true;
    case ACTION_READER_LEFT:
    case ACTION_READER_RIGHT:
        page_move_side(&r->page, a == ACTION_READER_LEFT);
        return true;
    case ACTION_READER_COPY:
        copy_block(r);
        return true;
    case ACTION_READER_COPY_ALL:
        copy(r, r->page.text, r->page.len, "The section");
        return true;
    case ACTION_READER_FILE:
        copying_write(r->app, r->copied, strlen(r->copied));
        return true;
    default:
        return act_on_search(r, a) || page_act(&r->page, a);
    }
}
