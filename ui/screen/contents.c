/* contents.c - each section with what is to be known of it before one opens it: written or
 * not, stale, edited by hand, how long. Keys are named by what they are set to. */
#include "screen/contents.h"

#include <stdio.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/markdown.h" /* text_width */
#include "strattio/strbuf.h"

#include "app.h"
#include "runs.h"
#include "screen/figure_text.h"
#include "screen/loaded.h"
#include "screen/plan_words.h"

enum { HEAD_ROWS = 7 };

const struct section *contents_section(const struct contents *c, int i)
{
    return i >= 0 && i < SECTION_COUNT && c->l && c->l->present[i] ? &c->l->sections[i] : NULL;
}

size_t contents_written(const struct contents *c)
{
    size_t count = 0;

    for (int i = 0; i < SECTION_COUNT; i++)
        count += contents_section(c, i) != NULL;
    return count;
}

const char *contents_word(const struct loaded *l, enum section_type type)
{
    if (!l->present[type])
        return "not written";
    if (l->typed[type])
        return "edits not saved";
    if (doc_bool(l->sections[type].metadata, "stale", false))
        return "answers changed since";
    return l->sections[type].edited_by_user ? "edited by you" : "written";
}

static void draw_section_entry(const struct contents *self, const struct canvas *line, int i,
                               unsigned style)
{
    const struct section *section = contents_section(self, i);
    bool stale = section && doc_bool(section->metadata, "stale", false);
    bool typed = section && self->l->typed[i];
    bool wide = line->cols > 50;
    enum symbol symbol = !section ? SYMBOL_RING : stale || typed ? SYMBOL_BANG : SYMBOL_CHECK;
    unsigned role = !section ? ROLE_DIM : stale || typed ? ROLE_WARN : ROLE_OK;
    const char *word = self->l ? contents_word(self->l, (enum section_type)i) : "not written";

    canvas_printf(line, 0, 2, ROLE_DIM | style, "%d", i + 1);
    canvas_fit(line, 0, 4, wide ? 30 : line->cols - 7, (section ? ROLE_TEXT : ROLE_DIM) | style,
               ALIGN_LEFT, section_type_title((enum section_type)i));
    if (!wide) {
        canvas_put(line, 0, line->cols - 2, role | style, canvas_symbol(line, symbol));
        return;
    }
    canvas_put(line, 0, 36, role | style, canvas_symbol(line, symbol));
    canvas_put(line, 0, 38, role | style, word);
    if (section)
        canvas_printf(line, 0, line->cols - 12, ROLE_DIM | style, "%5lld words",
                      (long long)section->word_count);
}

static void draw_entry(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    static const struct {
        enum action action;
        const char *word;
    } others[] = {
        {ACTION_PLAN_FINANCIALS, "Financial tables"},
        {ACTION_PLAN_CHECKLIST, "Checklist"},
        {ACTION_PLAN_INTAKE, "Answers"},
    };
    struct contents *self = arg;
    char score[16];
    struct key key;
    char label[KEY_NAME_SIZE] = "";

    if (i < SECTION_COUNT) {
        draw_section_entry(self, line, (int)i, style);
        return;
    }
    if (keymap_key(self->app->keys, others[i - SECTION_COUNT].action, 0, &key))
        key_label(key, canvas_utf8(line), label);
    canvas_put(line, 0, 2, ROLE_ACCENT | style, label);
    canvas_put(line, 0, 4, ROLE_TEXT | style, others[i - SECTION_COUNT].word);
    if (i != CONTENTS_CHECKLIST || !self->l)
        return;
    plan_score(&self->l->plan, score, sizeof score);
    canvas_fit(line, 0, line->cols > 50 ? 36 : line->cols - 5, 3, ROLE_TEXT | style,
               line->cols > 50 ? ALIGN_LEFT : ALIGN_RIGHT, score);
}

void contents_init(struct contents *c, struct app *app)
{
    *c = (struct contents){.app = app};
    list_init(&c->list, draw_entry, c);
    list_set_count(&c->list, CONTENTS_COUNT);
}

void contents_set(struct contents *c, const struct loaded *l)
{
    static const char *const names[CONTENTS_FIGURES] = {FIGURE_REVENUE_Y1, FIGURE_NET_Y1,
                                                        FIGURE_BREAK_EVEN_UNITS,
                                                        FIGURE_BREAK_EVEN_SALES};
    struct strbuf value;

    c->l = l;
    strbuf_init(&value, 256);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        strbuf_clear(&value);
        figure_text_of(l->model, names[i], &value);
        snprintf(c->figures[i], sizeof c->figures[i], "%s", value.data);
    }
    strbuf_finish(&value);
}

/* Label and value if there is room for both; where the next one goes. */
static int draw_figure(const struct canvas *c, int y, int x, const char *label, const char *value)
{
    if (x + text_width(label, strlen(label)) + 1 + text_width(value, strlen(value)) >= c->cols)
        return c->cols;
    x = canvas_put(c, y, x, ROLE_DIM, label);
    return canvas_put(c, y, x + 1, ROLE_TITLE, value) + 3;
}

/* Why the last run ended early, what there is, and how to go on. */
static void draw_stopped(const struct contents *self, const struct canvas *c)
{
    struct strbuf key;
    int x;

    strbuf_init(&key, 64);
    keymap_keys(self->app->keys, ACTION_PLAN_WRITE, canvas_utf8(c), &key);
    x = canvas_printf(c, 5, 2, ROLE_BAD, "%s", self->l->plan.error);
    x = canvas_printf(c, 5, x, ROLE_TEXT, ": %zu of %d sections are kept, ",
                      contents_written(self), (int)SECTION_COUNT);
    x = canvas_put(c, 5, x, ROLE_ACCENT, key.data);
    canvas_put(c, 5, x, ROLE_TEXT, " goes on from there.");
    strbuf_finish(&key);
}

/* How the plan stands: name, status, purpose, three figures. */
static void draw_overview(const struct contents *self, const struct canvas *c)
{
    const struct run_view *run = runs_find(self->app->runs, self->l->plan.id);
    struct standing s = plan_standing(&self->l->plan, run);
    int x = canvas_put(c, 1, 2, ROLE_TITLE, self->l->plan.name);

    x = canvas_put(c, 1, x + 3, s.style, canvas_symbol(c, s.symbol));
    canvas_put(c, 1, x + 1, s.style, s.word);
    canvas_put(c, 2, 2, ROLE_DIM, plan_purpose_label(self->l->plan.plan_purpose));
    x = draw_figure(c, 4, 2, "Revenue, year 1", self->figures[0]);
    x = draw_figure(c, 4, x, "Net profit", self->figures[1]);
    draw_figure(c, 4, x, "Break-even a month", self->figures[3]);
    if (self->l->plan.error && self->l->plan.status == PLAN_STATUS_FAILED)
        draw_stopped(self, c);
}

void contents_draw(struct contents *self, const struct canvas *body)
{
    struct canvas list = canvas_part(body, HEAD_ROWS, 0, body->rows - HEAD_ROWS, body->cols);

    draw_overview(self, body);
    list_draw(&self->list, &list);
}

void contents_draw_side(struct contents *self, const struct canvas *c)
{
    static const char *const labels[] = {"Revenue, year 1", "Net profit, year 1",
                                         "Break-even units", "Break-even sales"};
    const struct run_view *run = runs_find(self->app->runs, self->l->plan.id);
    struct standing s = plan_standing(&self->l->plan, run);
    struct canvas list = canvas_part(c, 2, 0, CONTENTS_COUNT, c->cols - 1);
    int y = CONTENTS_COUNT + 3;

    canvas_vline(c, 0, c->cols - 1, c->rows, ROLE_BORDER);
    canvas_put(c, 0, 2, s.style, canvas_symbol(c, s.symbol));
    canvas_fit(c, 0, 4, c->cols - 6, s.style, ALIGN_LEFT, s.word);
    for (size_t i = 0; i < ARRAY_LEN(labels) && y < c->rows; i++, y++) {
        canvas_put(c, y, 2, ROLE_DIM, labels[i]);
        canvas_fit(c, y, 21, c->cols - 23, ROLE_TEXT, ALIGN_RIGHT, self->figures[i]);
    }
    list_draw(&self->list, &list);
}
