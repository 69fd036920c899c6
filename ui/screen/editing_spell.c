/* editing_spell.c - the dictionary is read by the worker while the first page is already there; from then on words in
 * sight are looked up as they are drawn. Without a dictionary nothing is marked, and the key says why. */
#include "screen/editing_spell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/config.h"
#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/spell.h"

#include "app.h"
#include "screen/editing.h"
#include "screen/loaded.h"

enum { SUGGESTIONS = 8 };

static const char learn_key[] = "\x01learn"; /* of the choice that takes the word as right */

struct spelling {
    struct spell *spell;
    struct choice items[SUGGESTIONS + 1];
    char *texts[SUGGESTIONS + 1]; /* what the choices show */
    size_t count;
};

struct spell_job {
    struct job base;
    char *setting, *country;
    struct spell *spell;
    struct err err;
};

/* ---- the dictionary ------------------------------------------------------------------------ */

static bool spelt(void *arg, const char *word, size_t len)
{
    const struct editing *self = arg;

    return spell_right(self->spelling->spell, word, len);
}

static void work(struct job *base, struct bench *bench)
{
    struct spell_job *job = (struct spell_job *)base;

    (void)bench;
    job->spell = spell_open(job->setting, job->country, &job->err);
}

static void done(struct job *base, struct app *app)
{
    struct spell_job *job = (struct spell_job *)base;
    struct editing *self = (struct editing *)base->owner;

    self->spell_err = job->err;
    if (!job->spell)
        return;
    self->spelling = mem_zero(1, sizeof *self->spelling);
    self->spelling->spell = job->spell;
    job->spell = NULL;
    self->editor.spelt = spelt;
    app_dirty(app);
}

static void discard(struct job *base)
{
    struct spell_job *job = (struct spell_job *)base;

    spell_close(job->spell);
    free(job->setting);
    free(job->country);
    free(job);
}

void editing_spell_begin(struct editing *self)
{
    const char *setting = config_get(self->base.app->config, "spell");
    struct spell_job *job;

    if (self->spelling_asked)
        return;
    self->spelling_asked = true;
    if (setting && strcmp(setting, "off") == 0) {
        err_set(&self->spell_err, ERR_UNSUPPORTED, 0,
                "Spelling is not checked: the setting spell is off.");
        return;
    }
    job = mem_zero(1, sizeof *job);
    job->base = (struct job){.work = work, .done = done, .discard = discard, .owner = &self->base};
    job->setting = mem_str(setting ? setting : "auto");
    job->country = mem_str(doc_str(self->l->plan.intake_data, "location_country", NULL));
    app_submit(self->base.app, &job->base);
}

static void forget_choices(struct spelling *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->texts[i]);
    s->count = 0;
}

void editing_spell_finish(struct editing *self)
{
    if (!self->spelling)
        return;
    forget_choices(self->spelling);
    spell_close(self->spelling->spell);
    free(self->spelling);
    self->spelling = NULL;
}

/* ---- suggestions --------------------------------------------------------------------------- */

static size_t find(void *arg, const char *filter, struct choice *out, size_t max)
{
    const struct spelling *s = arg;
    struct choice_array all = {.items = s->items, .count = s->count};

    return picker_find_in_array(&all, filter, out, max);
}

static void offer(struct editing *self, size_t start, size_t end)
{
    struct spelling *s = self->spelling;
    const char *word = self->editor.rows.text + start;

    forget_choices(s);
    s->count = spell_suggest(s->spell, word, end - start, s->texts, SUGGESTIONS);
    for (size_t i = 0; i < s->count; i++)
        s->items[i] = (struct choice){.key = s->texts[i], .label = s->texts[i]};
    s->texts[s->count] =
        mem_printf("“%.*s” is right: add it to my words", (int)(end - start), word);
    s->items[s->count] = (struct choice){.key = learn_key, .label = s->texts[s->count]};
    s->count++;
    self->pick_from = start;
    self->pick_to = end;
    editor_select(&self->editor, start, end);
    picker_init(&self->picker, find, s);
    self->mode = EDITING_SUGGEST;
}

void editing_spell_next(struct editing *self)
{
    size_t start, end;

    if (!self->spelling) {
        if (self->spell_err.code != ERR_NONE)
            app_error(self->base.app, &self->spell_err);
        else
            app_toast(self->base.app, ROLE_TEXT,
                      "The dictionary is being read: again in a moment.");
        return;
    }
    if (editor_misspelt(&self->editor, self->editor.cursor, &start, &end))
        offer(self, start, end);
    else
        app_toast(self->base.app, ROLE_OK, "Every word is spelt right (%s).",
                  spell_language(self->spelling->spell));
}

void editing_spell_take(struct editing *self, const char *choice)
{
    struct editor *e = &self->editor;
    struct err err = {0};

    if (strcmp(choice, learn_key) != 0) {
        editor_replace(e, self->pick_from, self->pick_to, choice, strlen(choice), TEXT_REPLACED);
        text_break(e->text);
        return;
    }
    if (!spell_learn(self->spelling->spell, e->rows.text + self->pick_from,
                     self->pick_to - self->pick_from, &err))
        app_error(self->base.app, &err);
    editor_move_to(e, self->pick_to);
}
