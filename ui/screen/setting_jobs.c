/* setting_jobs.c - the settings in force are never changed: a saved one makes a new set, read from
 * the file as the next start would, which the app then adopts. */
#include "screen/setting_jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"
#include "strattio/writing.h"

#include "app.h"

enum { OPEN_TIMEOUT_MS = 5000 };

/* ---- saving -------------------------------------------------------------------------------- */

struct save_job {
    struct job base;
    const struct setting *setting;
    char *value; /* NULL: take it out */
    const struct config *now;
    struct config *fresh;
    struct err err;
};

static void save(struct job *base, struct bench *bench)
{
    struct save_job *job = (struct save_job *)base;

    (void)bench;
    if (config_save(job->setting->key, job->value, &job->err))
        job->fresh = config_reload(job->now, &job->err);
}

static void saved(struct job *base, struct app *app)
{
    struct save_job *job = (struct save_job *)base;
    const char *key = job->setting->key;
    const char *origin;

    if (!job->fresh) {
        app_show_theme(app, NULL); /* what was tried is taken back */
        app_error(app, &job->err);
        return;
    }
    app_adopt(app, job->fresh);
    job->fresh = NULL;
    origin = config_origin(app->config, key);
    if (strcmp(origin, "flag") == 0 || strcmp(origin, "environment") == 0)
        app_toast(app, ROLE_WARN, "Saved in config.ini, but %s is stronger for this run.",
                  *origin == 'f' ? job->setting->flag : job->setting->env);
    else
        app_toast(app, ROLE_OK, job->value ? "Saved in config.ini." : "Back at the default.");
}

static void discard_save(struct job *base)
{
    struct save_job *job = (struct save_job *)base;

    config_free(job->fresh);
    free(job->value);
    free(job);
}

void setting_save(struct app *app, const struct setting *setting, const char *value)
{
    struct save_job *job = mem_zero(1, sizeof *job);

    job->base =
        (struct job){.work = save, .done = saved, .discard = discard_save, .flags = JOB_MUST};
    job->setting = setting;
    job->value = mem_str(value);
    job->now = app->config;
    app_submit(app, &job->base);
}

/* ---- trying a store ------------------------------------------------------------------------- */

struct try_job {
    struct job base;
    char *uri;
    struct store_trial trial;
    void (*got)(struct screen *owner, const struct store_trial *trial);
};

static void read_facts(const bson_t *info, struct store_trial *out)
{
    size_t count = doc_count(info, "collections");

    snprintf(out->uri, sizeof out->uri, "%s", doc_str(info, "uri", ""));
    snprintf(out->kind, sizeof out->kind, "%s", doc_str(info, "kind", ""));
    snprintf(out->version, sizeof out->version, "%s", doc_str(info, "version", ""));
    out->transactions = doc_bool(info, "transactions", false);
    for (size_t i = 0; i < count; i++) {
        char path[64];
        long long documents;

        snprintf(path, sizeof path, "collections.%zu.documents", i);
        documents = doc_int(info, path, 0);
        out->documents += documents;
        snprintf(path, sizeof path, "collections.%zu.name", i);
        if (strcmp(doc_str(info, path, ""), "plans") == 0)
            out->plans = documents;
    }
}

void store_try_now(const char *uri, struct store_trial *trial)
{
    int64_t began = clock_mono_ms();
    struct actor *actor;
    bson_t info;

    *trial = (struct store_trial){0};
    actor = actor_open(uri, OPEN_TIMEOUT_MS, &trial->err);
    if (actor && actor_store_info(actor, false, &info, &trial->err)) {
        trial->ok = true;
        read_facts(&info, trial);
        bson_destroy(&info);
    }
    actor_close(actor);
    trial->took_ms = clock_mono_ms() - began;
}

static void try_store(struct job *base, struct bench *bench)
{
    struct try_job *job = (struct try_job *)base;

    (void)bench;
    store_try_now(job->uri, &job->trial);
}

static void tried(struct job *base, struct app *app)
{
    struct try_job *job = (struct try_job *)base;

    (void)app;
    job->got(base->owner, &job->trial);
}

static void discard_try(struct job *base)
{
    struct try_job *job = (struct try_job *)base;

    free(job->uri);
    free(job);
}

void store_try(struct screen *owner, const char *uri,
               void (*got)(struct screen *owner, const struct store_trial *trial))
{
    struct try_job *job = mem_zero(1, sizeof *job);

    job->base =
        (struct job){.work = try_store, .done = tried, .discard = discard_try, .owner = owner};
    job->uri = mem_str(uri);
    job->got = got;
    app_submit(owner->app, &job->base);
}

/* ---- trying the writer ---------------------------------------------------------------------- */

enum { SENTENCE_LIMIT = 1024 };

struct writer_job {
    struct job base;
    bool works;
    struct strbuf sentence;
    void (*got)(struct screen *owner, bool works, const char *sentence);
};

static void try_writer(struct job *base, struct bench *bench)
{
    struct writer_job *job = (struct writer_job *)base;
    struct err err = {0};
    struct writing *writing = house_writing(bench->house, &err);

    job->works = writing && writing_test(writing, &bench->stop, &job->sentence, &err);
    if (!job->works)
        strbuf_str(&job->sentence, err.msg);
    writing_free(writing);
}

static void tried_writer(struct job *base, struct app *app)
{
    struct writer_job *job = (struct writer_job *)base;

    (void)app;
    job->got(base->owner, job->works, job->sentence.data);
}

static void discard_writer(struct job *base)
{
    strbuf_finish(&((struct writer_job *)base)->sentence);
    free(base);
}

void writer_try(struct screen *owner,
                void (*got)(struct screen *owner, bool works, const char *sentence))
{
    struct writer_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = try_writer,
                             .done = tried_writer,
                             .discard = discard_writer,
                             .owner = owner,
                             .flags = JOB_FAR};
    job->got = got;
    strbuf_init(&job->sentence, SENTENCE_LIMIT);
    app_submit(owner->app, &job->base);
}
