/* editing_keep.c - where what is typed goes. The journal gets it at a second of rest or every two seconds of typing,
 * and at once when the screen goes or the terminal is gone; the store gets it on a save, which the worker
 * does. A revision that moved is told from a text that did: new figures change the one without the
 * other, and then the save is simply made again. */
#include "screen/editing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strattio/child_repo.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/section_view.h"

#include "app.h"
#include "screen/loaded.h"

enum { REST_MS = 1000, BUSY_MS = 2000, FOLDER_MODE = 0700, RETRIES = 3 };

struct save_job {
    struct job base;
    char *plan_id, *source, *journal;
    enum section_type type;
    int64_t rev;      /* read at; after the save the new one, or theirs after a conflict */
    uint64_t version; /* of the text */
    char *theirs;     /* what is stored, if somebody saved first */
    char unknown[64]; /* the first figure there is not; "" */
    size_t unknowns;
    bool ok, left; /* `left`: the screen went meanwhile, with nothing typed since */
    int tries;
    struct err err;
};

/* ---- the journal --------------------------------------------------------------------------- */

char *editing_journal(const char *plan_id, enum section_type type, bool make)
{
    struct err err = {0};
    char *state = paths_dir(PATHS_STATE, make, &err), *folder, *path;

    if (!state)
        return NULL;
    folder = mem_printf("%s/unsaved", state);
    if (make)
        mkdir(folder, FOLDER_MODE);
    path = mem_printf("%s/%s.%s", folder, plan_id, section_type_name(type));
    free(folder);
    free(state);
    return path;
}

bool editing_kept(const char *plan_id, enum section_type type)
{
    char *path = editing_journal(plan_id, type, false);
    struct stat file;
    bool kept = path && stat(path, &file) == 0 && file.st_size > 0;

    free(path);
    return kept;
}

static void write_due(void *arg)
{
    editing_flush(arg);
    app_dirty(((struct editing *)arg)->base.app);
}

void editing_flush(struct editing *self)
{
    struct err err = {0};

    loop_timer(self->base.app->loop, -1, write_due, self);
    self->waiting_since = 0;
    if (!text_waiting(self->editor.text) || text_flush(self->editor.text, false, &err))
        return;
    log_err("keeping unsaved text", &err);
    if (self->kept)
        app_toast(self->base.app, ROLE_BAD, "What you type cannot be kept: %.120s. Save it soon.",
                  err.msg);
    self->kept = false;
}

void editing_typed(struct editing *self)
{
    int64_t now = clock_mono_ms(), due;

    if (!self->waiting_since)
        self->waiting_since = now;
    due = self->waiting_since + BUSY_MS - now;
    loop_timer(self->base.app->loop, due < REST_MS ? due < 0 ? 0 : (int)due : REST_MS, write_due,
               self);
}

static void note_keys(struct editing *self, size_t splices, int64_t at_ms)
{
    static const struct {
        enum action action;
        const char *words;
    } ways[] = {
        {ACTION_EDITOR_SAVE, "saves"},
        {ACTION_EDITOR_DIFF, "compares"},
        {ACTION_EDITOR_DISCARD, "throws away"},
    };
    char ago[CLOCK_ISO_SIZE];
    struct strbuf note;
    struct key key;
    char label[KEY_NAME_SIZE];

    clock_ago(at_ms, clock_now_ms(), ago);
    strbuf_init(&note, EDITING_NOTE);
    strbuf_printf(&note, "Unsaved text from %s, %zu change%s:", ago, splices,
                  splices == 1 ? "" : "s");
    for (size_t i = 0; i < ARRAY_LEN(ways); i++)
        if (keymap_key(self->base.app->keys, ways[i].action, 0, &key)) {
            key_label(key, terminal_utf8(self->base.app->term), label);
            strbuf_printf(&note, "%s %s %s", i ? "," : "", label, ways[i].words);
        }
    snprintf(self->note, sizeof self->note, "%s", note.data);
    strbuf_finish(&note);
}

/* Begins the journal, and takes up the one of an earlier session. */
static void keep(struct editing *self)
{
    char *path = editing_journal(self->plan_id, self->type, true);
    char *document = mem_printf("%s/%s", self->plan_id, section_type_name(self->type));
    struct text_found found = {0};
    struct err err = {0}, ignored = {0};
    size_t len;
    char *typed = path ? text_journal_end(path, document, &len, &ignored) : NULL;

    self->kept = path && text_keep(self->editor.text, path, document, self->rev, &found, &err);
    if (!self->kept) {
        log_err("keeping unsaved text", &err);
        snprintf(self->note, sizeof self->note, "%s",
                 err.code == ERR_BUSY
                     ? "Another window edits this section, too: what you type here is kept only "
                       "once you save it."
                     : "What you type cannot be kept here until you save it: see the log.");
    }
    if (found.splices) {
        note_keys(self, found.splices, found.at_ms);
        editor_changed(&self->editor, 0);
    } else if (found.set_aside && typed && editing_rewrite(self, typed)) {
        editor_move_to(&self->editor, 0);
        snprintf(self->note, sizeof self->note,
                 "Your unsaved text was made on an earlier version of this section; undo shows "
                 "what is stored.");
    }
    free(typed);
    free(document);
    free(path);
}

void editing_open(struct editing *self)
{
    const struct section *section = &self->l->sections[self->type];
    char *source = section_source(section);
    int64_t rev = doc_int(section->metadata, "rev", 0);

    if (!self->ready) {
        self->rev = rev;
        self->saved = source;
        editor_set(&self->editor, source, strlen(source));
        self->ready = true;
        keep(self);
        return;
    }
    if (strcmp(source, self->saved) == 0)
        self->rev = rev; /* only its figures moved */
    free(source);
}

void editing_leave(struct editing *self)
{
    loop_timer(self->base.app->loop, -1, write_due, self);
    if (!self->ready)
        return;
    if (self->saving) {
        self->saving->left = self->saving->version == text_version(self->editor.text);
        editing_flush(self);
    } else if (text_changed(self->editor.text)) {
        editing_flush(self);
    } else {
        text_keep_drop(self->editor.text);
    }
}

/* ---- saving -------------------------------------------------------------------------------- */

static void read_findings(struct save_job *job, const struct section *s)
{
    char path[40];

    for (size_t i = 0; i < doc_count(s->metadata, "findings"); i++) {
        bson_t finding;

        snprintf(path, sizeof path, "findings.%zu", i);
        if (doc_view(s->metadata, path, &finding) &&
            strcmp(doc_str(&finding, "kind", ""), "unknown_figure") == 0 && job->unknowns++ == 0)
            snprintf(job->unknown, sizeof job->unknown, "%s", doc_str(&finding, "text", ""));
    }
}

static void work(struct job *base, struct bench *bench)
{
    struct save_job *job = (struct save_job *)base;
    struct section now;
    struct err err = {0};

    job->ok = section_save(bench->actor, bench->house, job->plan_id, job->type, job->source,
                           job->rev, &job->err);
    if ((!job->ok && job->err.code != ERR_CONFLICT) ||
        !section_repo_find(bench->actor, job->plan_id, job->type, &now, &err))
        return;
    job->rev = doc_int(now.metadata, "rev", 0);
    if (job->ok)
        read_findings(job, &now);
    else
        job->theirs = section_source(&now);
    record_finish(COLL_SECTIONS, &now);
}

static void discard(struct job *base)
{
    struct save_job *job = (struct save_job *)base;

    if (job->ok && job->left && job->journal)
        unlink(job->journal); /* nothing is unsaved after all */
    free(job->plan_id);
    free(job->source);
    free(job->journal);
    free(job->theirs);
    free(job);
}

static void submit(struct editing *self, int tries);

static void saved(struct editing *self, struct save_job *job)
{
    struct app *app = self->base.app;
    struct err err = {0};

    self->rev = job->rev;
    free(self->saved);
    self->saved = mem_str(job->source);
    self->saved_at = clock_now_ms();
    self->note[0] = '\0';
    if (job->version != text_version(self->editor.text)) {
        submit(self, 0); /* something was typed meanwhile */
        return;
    }
    text_saved(self->editor.text);
    text_break(self->editor.text);
    if (self->kept && !text_keep_from(self->editor.text, self->rev, &err))
        log_err("keeping unsaved text", &err);
    if (job->unknowns)
        app_toast(app, ROLE_WARN, "Saved. %s is no figure there is%s.", job->unknown,
                  job->unknowns > 1 ? ", and there are more" : "");
    else
        app_toast(app, ROLE_OK, "Saved: tables, figures and checklist have followed.");
    if (self->leave_after)
        app_pop(app, &self->base);
}

static void refused(struct editing *self, struct save_job *job)
{
    self->leave_after = false;
    if (!job->theirs) {
        app_error(self->base.app, &job->err);
        return;
    }
    if (strcmp(job->theirs, self->saved) == 0 && job->tries < RETRIES) {
        self->rev = job->rev; /* only its figures moved */
        submit(self, job->tries + 1);
        return;
    }
    free(self->theirs);
    self->theirs = mem_str(job->theirs);
    self->their_rev = job->rev;
    self->mode = EDITING_CHOOSE;
    list_set_count(&self->choices, EDITING_CHOICES);
    list_move_to(&self->choices, 0);
}

static void done(struct job *base, struct app *app)
{
    struct save_job *job = (struct save_job *)base;
    struct editing *self = (struct editing *)base->owner;

    self->saving = NULL;
    if (job->ok)
        saved(self, job);
    else
        refused(self, job);
    app_dirty(app);
}

static void submit(struct editing *self, int tries)
{
    struct save_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){
        .work = work, .done = done, .discard = discard, .owner = &self->base, .flags = JOB_MUST};
    job->plan_id = mem_str(self->plan_id);
    job->type = self->type;
    job->source = mem_str(text_bytes(self->editor.text));
    job->journal = editing_journal(self->plan_id, self->type, false);
    job->rev = self->rev;
    job->version = text_version(self->editor.text);
    job->tries = tries;
    self->saving = job;
    app_submit(self->base.app, &job->base);
}

void editing_save(struct editing *self)
{
    const struct text *t = self->editor.text;
    struct err err = {0};

    if (self->saving)
        return;
    if (!text_changed(t)) {
        app_toast(self->base.app, ROLE_OK, "Everything is saved.");
        return;
    }
    if (!section_source_check(text_bytes(t), text_len(t), &err)) {
        app_error(self->base.app, &err);
        return;
    }
    editing_flush(self);
    submit(self, 0);
}

/* ---- other ways on ------------------------------------------------------------------------- */

const char *const editing_choice_words[EDITING_CHOICES] = {
    "Look at the difference first",
    "Keep mine: theirs stays in the history",
    "Take theirs: undo brings mine back",
    "Decide later: mine stays unsaved",
};

bool editing_rewrite(struct editing *self, const char *text)
{
    struct editor *e = &self->editor;
    const char *now = text_bytes(e->text);
    size_t len = strlen(text), old = text_len(e->text), same = 0, tail = 0;
    bool ok;

    while (same < len && same < old && text[same] == now[same])
        same++;
    while (same > 0 && ((unsigned char)text[same] & 0xc0) == 0x80)
        same--;
    while (tail < len - same && tail < old - same && text[len - 1 - tail] == now[old - 1 - tail])
        tail++;
    while (tail > 0 && ((unsigned char)text[len - tail] & 0xc0) == 0x80)
        tail--;
    text_break(e->text);
    ok = editor_replace(e, same, old - tail, text + same, len - tail - same, TEXT_REWRITTEN);
    text_break(e->text);
    editing_typed(self);
    return ok;
}

/* The text is what the store has at self->rev. */
static void now_saved(struct editing *self)
{
    struct err err = {0};

    self->note[0] = '\0';
    text_saved(self->editor.text);
    if (self->kept && !text_keep_from(self->editor.text, self->rev, &err))
        log_err("keeping unsaved text", &err);
}

static void throw_away(void *arg)
{
    struct editing *self = arg;

    if (editing_rewrite(self, self->saved))
        now_saved(self);
}

void editing_discard(struct editing *self)
{
    struct confirm confirm = {
        .question = "Throw away what is not saved?",
        .detail = "The text goes back to what was saved last; undo brings yours back as long as "
                  "you stay here.",
        .verb = "throw it away",
        .yes = throw_away,
        .arg = self,
    };

    app_confirm(self->base.app, &confirm);
}

void editing_choose(struct editing *self, size_t choice)
{
    self->mode = EDITING_TEXT;
    if (choice == 0) {
        editing_diff(self, self->theirs);
        return;
    }
    if (choice == EDITING_CHOICES - 1)
        return;
    free(self->saved);
    self->saved = self->theirs;
    self->theirs = NULL;
    self->rev = self->their_rev;
    if (choice == 1)
        submit(self, 0);
    else if (editing_rewrite(self, self->saved))
        now_saved(self);
}
