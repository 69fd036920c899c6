/* plain_editing.c - a section's text, paragraph by paragraph: each has a number, is typed anew, put in or
 * taken out, and every change can be taken back. What is edited is the bound source, as on screen: a figure is
 * typed as its name in double braces. Every change is in the crash journal of the section at once, the same
 * one the screen keeps, so that a text begun there goes on here; leaving saves. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/clock.h"
#include "strattio/config.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/md_edit.h"
#include "strattio/model.h"
#include "strattio/outside.h"
#include "strattio/paths.h"
#include "strattio/plan_run.h"
#include "strattio/section_history.h"
#include "strattio/section_view.h"
#include "strattio/spell.h"
#include "strattio/strbuf.h"
#include "strattio/text.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/editing.h"
#include "screen/loaded.h"

enum { FIGURES_TOLD = 20, OTHERS_TOLD = 5, WORDS_TOLD = 100 };

struct edited {
    struct room room;
    const char *plan_id;
    enum section_type type;
    struct loaded *l;
    struct text *text;
    char *saved; /* the source as the store has it */
    int64_t rev; /* the text was read at */
};

/* ---- paragraphs ---------------------------------------------------------------------------- */

static size_t line_len(const char *at)
{
    return strcspn(at, "\n");
}

static bool is_blank(const char *line)
{
    return strspn(line, " \t\r") >= line_len(line);
}

/* Lines that follow each other without an empty one between: the i-th of them, its bytes in the text. False
 * past the last. */
static bool paragraph(const struct edited *self, size_t i, size_t *start, size_t *end)
{
    const char *text = text_bytes(self->text), *at = text;

    while (*at) {
        while (*at && is_blank(at))
            at += line_len(at) + (at[line_len(at)] == '\n');
        if (!*at)
            break;
        *start = (size_t)(at - text);
        while (*at && !is_blank(at)) {
            at += line_len(at);
            *end = (size_t)(at - text);
            at += *at == '\n';
        }
        if (i-- == 0)
            return true;
    }
    return false;
}

static void count_paragraphs(struct edited *self)
{
    size_t start, end;

    self->room.things = 0;
    while (paragraph(self, self->room.things, &start, &end))
        self->room.things++;
}

/* A copy of the i-th; the caller frees it. */
static char *paragraph_text(const struct edited *self, size_t i)
{
    size_t start = 0, end = 0;

    return paragraph(self, i, &start, &end) ? mem_strn(text_bytes(self->text) + start, end - start)
                                            : mem_str("");
}

/* ---- telling ------------------------------------------------------------------------------- */

/* The text as it would read with its figures; the caller frees it. */
static char *rendered(const struct edited *self, const char *source)
{
    bson_t value = BSON_INITIALIZER;
    char *text;

    BSON_APPEND_UTF8(&value, "content", source);
    BSON_APPEND_UTF8(&value, "source", source);
    text = section_history_text(&value, self->l->model);
    bson_destroy(&value);
    return text;
}

static void tell_paragraph(struct edited *self, size_t i)
{
    char *source = paragraph_text(self, i), *text = rendered(self, source);
    char *lines = source;

    talk_say(self->room.p->talk, "%zu. %.*s", i + 1, (int)line_len(lines), lines);
    lines += line_len(lines);
    if (*lines)
        talk_text(self->room.p->talk, lines + 1);
    if (strcmp(text, source) != 0 && strstr(source, "{{"))
        talk_say(self->room.p->talk, "Which reads: %s", text);
    free(text);
    free(source);
}

static void tell(struct room *r)
{
    struct edited *self = (struct edited *)r;

    count_paragraphs(self);
    talk_gap(r->p->talk);
    talk_say(r->p->talk, "Editing %s of %s, %zu paragraph%s%s.", section_type_title(self->type),
             self->l->plan.name, r->things, r->things == 1 ? "" : "s",
             text_changed(self->text) ? ", changed and not saved" : "");
    for (size_t i = 0; i < r->things; i++)
        tell_paragraph(self, i);
    talk_say(r->p->talk,
             "A number types that paragraph anew. What stands in double braces is a figure; "
             "\"figure WORDS\" finds the name of one. Leaving saves.");
}

void plain_editing_changes(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;

    (void)operand;
    plain_tell_changes(r->p, "the saved text", self->saved, text_bytes(self->text));
}

void plain_editing_preview(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;
    char *text = rendered(self, text_bytes(self->text));

    (void)operand;
    plain_tell_text(r->p, text, strlen(text));
    free(text);
}

/* ---- changing ------------------------------------------------------------------------------ */

/* Puts `with` in the place of those bytes; in the journal at once. */
static bool put_text(struct edited *self, size_t start, size_t end, const char *with,
                     enum text_unit unit)
{
    struct err err = {0};
    bool ok = text_splice(self->text, start, end - start, with, strlen(with), unit, clock_mono_ms(),
                          &err);

    text_break(self->text);
    if (!ok)
        plain_error(self->room.p, &err);
    if (text_waiting(self->text) && !text_flush(self->text, false, &err))
        log_err("keeping unsaved text", &err);
    count_paragraphs(self);
    return ok;
}

/* Lines up to one with a full stop alone or the end of input; NULL if the first is empty. */
static char *read_paragraph(struct plain *p)
{
    struct strbuf text;
    char *line = talk_ask(p->talk, "Text (empty: leave it; a full stop alone ends it): ");

    if (!line || !*line) {
        free(line);
        return NULL;
    }
    strbuf_init(&text, TEXT_LIMIT_BYTES);
    while (line && strcmp(line, ".") != 0) {
        strbuf_printf(&text, "%s%s", text.len ? "\n" : "", line);
        free(line);
        line = talk_ask(p->talk, "more: ");
    }
    free(line);
    return strbuf_take(&text);
}

static void choose(struct room *r, size_t i)
{
    struct edited *self = (struct edited *)r;
    size_t start = 0, end = 0;
    char *text;

    tell_paragraph(self, i);
    text = read_paragraph(r->p);
    if (text && paragraph(self, i, &start, &end) && put_text(self, start, end, text, TEXT_REPLACED))
        talk_say(r->p->talk, "Paragraph %zu is changed.", i + 1);
    free(text);
}

void plain_editing_retype(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Which paragraph? A number:", &i))
        choose(r, i);
}

void plain_editing_append(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;
    size_t end = text_len(self->text);
    const char *bytes = text_bytes(self->text);
    char *text = read_paragraph(r->p), *with;

    (void)operand;
    while (end && bytes[end - 1] == '\n')
        end--;
    with = text ? mem_printf("%s%s", end ? "\n\n" : "", text) : NULL;
    if (with && put_text(self, end, end, with, TEXT_PASTED))
        talk_say(r->p->talk, "It is paragraph %zu.", r->things);
    free(with);
    free(text);
}

void plain_editing_insert(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;
    size_t i, start, end;
    char *text, *with;

    if (!room_thing(r, operand, "Before which paragraph? A number:", &i))
        return;
    text = read_paragraph(r->p);
    with = text ? mem_printf("%s\n\n", text) : NULL;
    if (with && paragraph(self, i, &start, &end) && put_text(self, start, start, with, TEXT_PASTED))
        talk_say(r->p->talk, "It is paragraph %zu.", i + 1);
    free(with);
    free(text);
}

void plain_editing_delete(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;
    size_t i, start, end, next, ignored;

    if (!room_thing(r, operand, "Which paragraph? A number:", &i) ||
        !paragraph(self, i, &start, &end))
        return;
    if (paragraph(self, i + 1, &next, &ignored))
        end = next;
    if (put_text(self, start, end, "", TEXT_CUT))
        talk_say(r->p->talk, "Paragraph %zu is taken out; \"undo\" brings it back.", i + 1);
}

/* Every place where `what` stands gets `with`; how many. */
static size_t replace_all(struct edited *self, const char *what, const char *with)
{
    size_t at = 0, found, len, count = 0;

    text_group(self->text);
    while ((found = text_find(self->text, what, at, false, &len)) != SIZE_MAX && len) {
        if (!put_text(self, found, found + len, with, TEXT_REPLACED))
            break;
        at = found + strlen(with);
        count++;
    }
    text_group_end(self->text);
    return count;
}

void plain_editing_replace(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;
    char *what = *operand ? mem_str(operand) : talk_ask(r->p->talk, "Replace what: ");
    char *with = what && *what ? talk_ask(r->p->talk, "With (may be empty): ") : NULL;
    size_t count = with ? replace_all(self, what, with) : 0;

    if (with)
        talk_say(r->p->talk, "%zu place%s changed; \"undo\" takes it back.", count,
                 count == 1 ? "" : "s");
    free(with);
    free(what);
}

void plain_editing_find(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;
    char *asked = *operand ? mem_str(operand) : talk_ask(r->p->talk, "Find what: ");
    size_t count = 0;

    for (size_t i = 0; asked && *asked && i < r->things; i++) {
        char *text = paragraph_text(self, i);

        if (strcasestr(text, asked)) {
            tell_paragraph(self, i);
            count++;
        }
        free(text);
    }
    if (asked && *asked && !count)
        talk_say(r->p->talk, "\"%s\" is not in this text.", asked);
    free(asked);
}

static void step(struct edited *self, bool back)
{
    static const char *const words[TEXT_UNIT_COUNT] = {
        [TEXT_CUT] = "a paragraph taken out",
        [TEXT_PASTED] = "a paragraph put in",
        [TEXT_REPLACED] = "text replaced",
        [TEXT_REWRITTEN] = "the text from your editor",
        [TEXT_ALIGNED] = "a table put straight",
        [TEXT_FIGURE] = "a figure put in",
        [TEXT_TYPED] = "typing",
        [TEXT_ERASED] = "erasing",
        [TEXT_NEWLINE] = "a new line",
    };
    struct text_step did;
    struct err err = {0};

    if (!(back ? text_undo(self->text, &did) : text_redo(self->text, &did))) {
        talk_say(self->room.p->talk,
                 back ? "There is nothing to take back." : "There is nothing to do again.");
        return;
    }
    talk_say(self->room.p->talk, "%s: %s.", back ? "Taken back" : "Done again", words[did.unit]);
    if (text_waiting(self->text) && !text_flush(self->text, false, &err))
        log_err("keeping unsaved text", &err);
    count_paragraphs(self);
}

void plain_editing_undo(struct room *r, const char *operand)
{
    (void)operand;
    step((struct edited *)r, true);
}

void plain_editing_redo(struct room *r, const char *operand)
{
    (void)operand;
    step((struct edited *)r, false);
}

/* ---- the person's own editor --------------------------------------------------------------- */

/* The file's text, ending in the newlines ours ends in; the caller frees it. */
static char *read_back(const char *path, const char *ours, struct err *err)
{
    size_t len;
    char *text = paths_read_file(path, SECTION_SOURCE_MAX, &len, err), *out = NULL;

    if (text && section_source_check(text, len, err))
        out = mem_printf("%.*s%s", (int)outside_body(text), text, ours + outside_body(ours));
    free(text);
    return out;
}

void plain_editing_outside(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;
    char *ours = mem_str(text_bytes(self->text)), *path = NULL, *text = NULL;
    struct err err = {0};
    bool ok;

    (void)operand;
    talk_lend(r->p->talk);
    ok = outside_edit(ours, &path, &err);
    talk_take_back(r->p->talk);
    if (ok)
        text = read_back(path, ours, &err);
    ok = text && (strcmp(text, ours) == 0 || put_text(self, 0, strlen(ours), text, TEXT_REWRITTEN));
    if (!ok && err.code != ERR_NONE)
        plain_error(r->p, &err);
    if (path && !ok && outside_differs(path, ours))
        talk_say(r->p->talk, "Your text is kept in %s", path);
    else if (path)
        unlink(path);
    if (ok)
        talk_say(r->p->talk, strcmp(text, ours) == 0 ? "Nothing was changed."
                                                     : "Your text is back, not saved yet.");
    free(path);
    free(text);
    free(ours);
}

/* ---- spelling ------------------------------------------------------------------------------ */

static void tell_word(struct edited *self, struct spell *spell, const char *word, size_t len)
{
    char *others[OTHERS_TOLD] = {0};
    size_t count = spell_suggest(spell, word, len, others, OTHERS_TOLD);
    struct strbuf line;

    strbuf_init(&line, 4096);
    for (size_t i = 0; i < count; i++) {
        strbuf_printf(&line, "%s%s", i ? ", " : "; perhaps ", others[i]);
        free(others[i]);
    }
    talk_say(self->room.p->talk, "%.*s%s.", (int)len, word, line.data);
    strbuf_finish(&line);
}

/* Is the byte inside of a figure? Names of figures are no words. */
static bool in_figure(const char *text, size_t at)
{
    for (size_t i = at; i-- > 0 && text[i] != '\n';) {
        if (strncmp(text + i, "}}", 2) == 0)
            return false;
        if (strncmp(text + i, "{{", 2) == 0)
            return true;
    }
    return false;
}

void plain_editing_spelling(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;
    const char *text = text_bytes(self->text), *setting = config_get(r->p->config, "spell");
    const char *country = doc_str(self->l->plan.intake_data, "location_country", NULL);
    size_t start, end = 0, wrong = 0;
    struct err err = {0};
    struct spell *spell = spell_open(setting ? setting : "auto", country, &err);

    (void)operand;
    if (!spell) {
        plain_error(r->p, &err);
        return;
    }
    while (wrong < WORDS_TOLD && md_edit_next_word(text, text_len(self->text), end, &start, &end)) {
        if (in_figure(text, start) || spell_right(spell, text + start, end - start))
            continue;
        tell_word(self, spell, text + start, end - start);
        wrong++;
    }
    talk_say(r->p->talk,
             "%zu word%s the dictionary does not know; \"replace\" changes one, \"learn WORD\" "
             "adds one to the dictionary.",
             wrong, wrong == 1 ? "" : "s");
    spell_close(spell);
}

void plain_editing_learn(struct room *r, const char *operand)
{
    const char *setting = config_get(r->p->config, "spell");
    struct err err = {0};
    struct spell *spell = spell_open(setting ? setting : "auto", NULL, &err);

    if (spell && *operand && spell_learn(spell, operand, strlen(operand), &err))
        talk_say(r->p->talk, "\"%s\" is right from now on.", operand);
    else if (spell && !*operand)
        talk_say(r->p->talk, "Give the word, as in: learn croissant");
    else
        plain_error(r->p, &err);
    spell_close(spell);
}

/* ---- figures ------------------------------------------------------------------------------- */

static bool has_words(const char *text, const char *words)
{
    while (*words) {
        size_t len = strcspn(words, " ");
        char *word = mem_strn(words, len);
        bool has = !len || strcasestr(text, word);

        free(word);
        if (!has)
            return false;
        words += len + strspn(words + len, " ");
    }
    return true;
}

/* The figures whose name or label holds every word, with what they say for year 1 and how they are typed. */
void plain_editing_figure(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;
    struct err err = {0};
    const struct model_def *def = house_model_def(r->p->bench.house, &err);
    size_t told = 0;

    for (size_t i = 0; def && self->l->model && i < model_line_count(def) && told < FIGURES_TOLD;
         i++) {
        const char *line = model_line_name(def, i);
        char *name = mem_printf("%s[y1]", line);
        struct figure f = {0};
        bool found = model_figure(self->l->model, name, &f, &err) ||
                     model_figure(self->l->model, line, &f, &err);
        char *both = found ? mem_printf("%s %s", line, f.label) : NULL;

        if (found && has_words(both, operand)) {
            talk_say(r->p->talk, "{{%s}}: %s, %s.", f.name, f.label,
                     f.plain ? f.value : "no figure");
            told++;
        }
        free(both);
        figure_finish(&f);
        free(name);
    }
    if (!told)
        talk_say(r->p->talk, "No figure has \"%s\" in its name.", operand);
    else if (told == FIGURES_TOLD)
        talk_say(r->p->talk, "There are more: give more words.");
}

/* ---- saving -------------------------------------------------------------------------------- */

/* What the journal keeps begins anew from what is saved. */
static void was_saved(struct edited *self)
{
    struct section *s = &self->l->sections[self->type];
    struct err err = {0};
    struct loaded *l =
        loaded_now(&self->room.p->bench, self->plan_id, LOAD_SECTIONS | LOAD_MODEL, &err);

    text_saved(self->text);
    free(self->saved);
    self->saved = mem_str(text_bytes(self->text));
    if (l && l->present[self->type]) {
        loaded_let_go(self->l);
        self->l = l;
        s = &l->sections[self->type];
    } else {
        loaded_let_go(l);
    }
    self->rev = doc_int(s->metadata, "rev", 0);
    if (!text_keep_from(self->text, self->rev, &err))
        log_err("keeping unsaved text", &err);
}

static bool save(struct edited *self)
{
    struct plain *p = self->room.p;
    struct err err = {0};

    if (!text_changed(self->text))
        return true;
    if (!section_save(p->bench.actor, p->bench.house, self->plan_id, self->type,
                      text_bytes(self->text), self->rev, &err)) {
        plain_error(p, &err);
        talk_say(p->talk,
                 "Your text is kept as unsaved and comes back when you edit this section again.");
        return false;
    }
    was_saved(self);
    talk_say(p->talk, "Saved; figures, tables and checklist follow.");
    return true;
}

void plain_editing_save(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;

    (void)operand;
    if (!text_changed(self->text))
        talk_say(r->p->talk, "Nothing was changed.");
    else
        save(self);
}

void plain_editing_discard(struct room *r, const char *operand)
{
    struct edited *self = (struct edited *)r;

    (void)operand;
    if (!text_changed(self->text)) {
        talk_say(r->p->talk, "Nothing was changed.");
    } else if (plain_confirm(r->p, "Throw away what is not saved?", "discard")) {
        put_text(self, 0, text_len(self->text), self->saved, TEXT_REWRITTEN);
        text_saved(self->text);
        talk_say(r->p->talk, "The text is as it was saved.");
    }
}

/* ---- life ---------------------------------------------------------------------------------- */

/* Begins the journal, and takes up the one of an earlier session. */
static void keep(struct edited *self)
{
    char *path = editing_journal(self->plan_id, self->type, true), *document;
    struct text_found found = {0};
    struct err err = {0};

    document = mem_printf("%s/%s", self->plan_id, section_type_name(self->type));
    if (path && !text_keep(self->text, path, document, self->rev, &found, &err))
        log_err("keeping unsaved text", &err);
    if (found.splices)
        talk_say(self->room.p->talk,
                 "Unsaved text of an earlier session is back, with %zu change%s.", found.splices,
                 found.splices == 1 ? "" : "s");
    if (found.set_aside)
        talk_say(self->room.p->talk,
                 "Unsaved text of another version of this section is kept in %s.aside", path);
    free(document);
    free(path);
}

void plain_editing_enter(struct plain *p, const char *plan_id, enum section_type type)
{
    struct edited self = {
        .room = {.p = p, .place = PLAIN_EDITING, .prompt = "Edit", .tell = tell, .choose = choose},
        .plan_id = plan_id,
        .type = type};
    struct err err = {0};

    self.l = loaded_now(&p->bench, plan_id, LOAD_SECTIONS | LOAD_MODEL, &err);
    if (self.l && !self.l->present[type])
        err_set(&err, ERR_NOT_FOUND, 0, "%s is not written yet.", section_type_title(type));
    if (err.code != ERR_NONE) {
        plain_error(p, &err);
        loaded_let_go(self.l);
        return;
    }
    self.saved = section_source(&self.l->sections[type]);
    self.rev = doc_int(self.l->sections[type].metadata, "rev", 0);
    self.text = text_create(self.saved, strlen(self.saved));
    keep(&self);
    room_stay(&self.room);
    if (save(&self))
        text_keep_drop(self.text);
    text_destroy(self.text);
    free(self.saved);
    loaded_let_go(self.l);
}
