/* plain_section.c - a section as text to be listened to, with its figures on request. Its figures are the
 * things of this room: a number opens one. */
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/plan_run.h"
#include "strattio/section_history.h"
#include "strattio/section_view.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/loaded.h"

enum { TEXT_LIMIT = 64 * 1024 * 1024 };

struct reading {
    struct room room;
    const char *plan_id;
    struct loaded *l;
    enum section_type type;
    struct section_view view;
};

static const struct section *section(const struct reading *self)
{
    return &self->l->sections[self->type];
}

/* Leaves, having said why, if the section cannot be read. */
static void read_section(struct room *r)
{
    struct reading *self = (struct reading *)r;
    struct plain *p = r->p;
    struct err err = {0};
    struct loaded *l = loaded_now(&p->bench, self->plan_id, LOAD_SECTIONS | LOAD_MODEL, &err);

    section_view_finish(&self->view);
    self->view = (struct section_view){0};
    r->things = 0;
    if (l) {
        loaded_let_go(self->l);
        self->l = l;
        if (!l->present[self->type])
            err_set(&err, ERR_NOT_FOUND, 0, "%s is not written yet.",
                    section_type_title(self->type));
        else if (section_view(section(self), l->model, &self->view, &err))
            r->things = self->view.count;
    }
    if (err.code != ERR_NONE)
        plain_error(p, &err);
    r->left = err.code != ERR_NONE;
}

static size_t unbound(const struct reading *self)
{
    size_t count = 0;

    for (size_t i = 0; i < self->view.count; i++)
        count += self->view.figures[i].name == NULL;
    return count;
}

static void tell(struct room *r)
{
    struct reading *self = (struct reading *)r;
    struct talk *t = r->p->talk;

    talk_gap(t);
    talk_say(
        t, "%s of %s. Section %d of %d, %lld words%s%s.", section(self)->title, self->l->plan.name,
        (int)self->type + 1, (int)SECTION_COUNT, (long long)section(self)->word_count,
        section(self)->edited_by_user ? ", edited by you" : "",
        doc_bool(section(self)->metadata, "stale", false) ? ", stale: answers changed since" : "");
    if (section_history_offered(section(self)))
        talk_say(t, "A new draft waits beside your text: \"offered\" tells it, \"accept\" takes "
                    "it, \"decline\" "
                    "leaves it.");
    if (unbound(self))
        talk_say(t, "%zu number%s in it with nothing behind: \"figures\" names them.",
                 unbound(self), unbound(self) == 1 ? " is" : "s are");
    talk_gap(t);
    plain_tell_text(r->p, self->view.text, self->view.len);
    talk_gap(t);
    talk_say(t, "End of %s.", section(self)->title);
}

/* ---- other sections ------------------------------------------------------------------------ */

static void turn(struct reading *self, int step)
{
    for (int i = 0; i < SECTION_COUNT; i++) {
        self->type = (enum section_type)(((int)self->type + step) % SECTION_COUNT);
        if (self->l && self->l->present[self->type])
            break;
    }
    plain_everywhere_again(&self->room, "");
}

void plain_section_next(struct room *r, const char *operand)
{
    (void)operand;
    turn((struct reading *)r, 1);
}

void plain_section_previous(struct room *r, const char *operand)
{
    (void)operand;
    turn((struct reading *)r, SECTION_COUNT - 1);
}

/* ---- search -------------------------------------------------------------------------------- */

/* The lines that hold `what`, numbered by paragraph. */
static size_t tell_matches(struct reading *self, const char *text, const char *what)
{
    size_t line = 0, found = 0;

    while (*text) {
        size_t len = strcspn(text, "\n");
        char *copy = mem_strn(text, len);

        line += len > 0;
        if (strcasestr(copy, what)) {
            talk_say(self->room.p->talk, "Line %zu: %s", line, copy);
            found++;
        }
        free(copy);
        text += len + (text[len] == '\n');
    }
    return found;
}

void plain_section_search(struct room *r, const char *operand)
{
    struct reading *self = (struct reading *)r;
    char *asked = *operand ? mem_str(operand) : talk_ask(r->p->talk, "Search for: ");
    const char *what = asked ? plain_trim(asked) : "";
    struct strbuf lines;
    struct err err = {0};
    size_t found;

    strbuf_init(&lines, TEXT_LIMIT);
    if (*what && md_linear(self->view.text, self->view.len, &lines, &err)) {
        found = tell_matches(self, lines.data, what);
        if (found)
            talk_say(r->p->talk, "%zu line%s with \"%s\".", found, found == 1 ? "" : "s", what);
        else
            talk_say(r->p->talk, "\"%s\" is not in this section.", what);
    }
    strbuf_finish(&lines);
    free(asked);
}

/* What is wrong in the text as the checks of the text found it, each with what to do. */
void plain_section_marks(struct room *r, const char *operand)
{
    const struct section *s = section((struct reading *)r);
    size_t count = doc_count(s->metadata, "findings");

    (void)operand;
    for (size_t i = 0; i < count; i++) {
        char *path = mem_printf("findings.%zu", i);
        bson_t finding;

        if (doc_view(s->metadata, path, &finding))
            talk_say(r->p->talk, "%zu. %s %s", i + 1, doc_str(&finding, "text", ""),
                     doc_str(&finding, "advice", ""));
        free(path);
    }
    if (doc_bool(s->metadata, "stale", false))
        talk_say(r->p->talk,
                 "Answers changed since it was written: \"write-again\" brings it up to date.");
    else if (!count)
        talk_say(r->p->talk, "Nothing in this section is marked.");
}

/* ---- figures ------------------------------------------------------------------------------- */

/* As the text shows it; the caller frees it. */
static char *shown(const struct reading *self, size_t i)
{
    const struct section_figure *f = &self->view.figures[i];

    return mem_strn(self->view.text + f->start, f->end - f->start);
}

void plain_section_figures(struct room *r, const char *operand)
{
    struct reading *self = (struct reading *)r;

    (void)operand;
    if (!self->view.count)
        talk_say(r->p->talk, "There are no figures in this section.");
    for (size_t i = 0; i < self->view.count; i++) {
        char *text = shown(self, i);

        if (self->view.figures[i].name)
            talk_say(r->p->talk, "Figure %zu: %s, from %s", i + 1, text,
                     self->view.figures[i].name);
        else
            talk_say(r->p->talk, "Figure %zu: %s, typed into the text, nothing behind it.", i + 1,
                     text);
        free(text);
    }
}

static void choose(struct room *r, size_t i)
{
    struct reading *self = (struct reading *)r;
    char *text = shown(self, i);

    plain_figure_enter(r->p, self->l, self->view.figures[i].name, text);
    free(text);
    room_back(r);
}

void plain_section_figure(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Which figure? A number; \"figures\" lists them:", &i))
        choose(r, i);
}

/* ---- changing it --------------------------------------------------------------------------- */

void plain_section_edit(struct room *r, const char *operand)
{
    struct reading *self = (struct reading *)r;

    (void)operand;
    plain_editing_enter(r->p, self->plan_id, self->type);
    room_back(r);
}

void plain_section_history(struct room *r, const char *operand)
{
    struct reading *self = (struct reading *)r;

    (void)operand;
    plain_history_enter(r->p, self->plan_id, self->type);
    room_back(r);
}

void plain_section_rewrite(struct room *r, const char *operand)
{
    struct reading *self = (struct reading *)r;

    (void)operand;
    plain_writing_run(r->p, self->plan_id,
                      &(struct run_redo){.stage = STAGE_WRITING, .section = self->type});
    room_back(r);
}

static void settle_offer(struct reading *self, bool take)
{
    struct plain *p = self->room.p;
    int64_t rev = doc_int(section(self)->metadata, "rev", 0);
    struct err err = {0};
    bool ok = take ? section_offer_take(p->bench.actor, p->bench.house, self->plan_id, self->type,
                                        rev, &err)
                   : section_offer_leave(p->bench.actor, p->bench.house, self->plan_id, self->type,
                                         rev, &err);

    if (ok)
        talk_say(p->talk, take
                              ? "The new draft is the text now; what stood there is in the history."
                              : "Your text stays, and the new draft is gone.");
    else
        plain_error(p, &err);
    room_back(&self->room);
}

void plain_section_accept(struct room *r, const char *operand)
{
    (void)operand;
    settle_offer((struct reading *)r, true);
}

void plain_section_decline(struct room *r, const char *operand)
{
    (void)operand;
    settle_offer((struct reading *)r, false);
}

/* The draft that waits, as it would read. */
void plain_section_offered(struct room *r, const char *operand)
{
    struct reading *self = (struct reading *)r;
    bson_t value;
    char *text;

    (void)operand;
    if (!section_history_offered(section(self))) {
        talk_say(r->p->talk, "No new draft waits beside this text.");
        return;
    }
    doc_view(section(self)->metadata, "offered", &value);
    text = section_history_text(&value, self->l->model);
    plain_tell_text(r->p, text, strlen(text));
    free(text);
}

void plain_section_enter(struct plain *p, const char *plan_id, enum section_type type)
{
    struct reading self = {.room = {.p = p,
                                    .place = PLAIN_SECTION,
                                    .prompt = "Section",
                                    .read = read_section,
                                    .tell = tell,
                                    .choose = choose},
                           .plan_id = plan_id,
                           .type = type};

    room_stay(&self.room);
    section_view_finish(&self.view);
    loaded_let_go(self.l);
}
