/* joining.c - the jobs that change who acts on which store. The actor that was there stays
 * until the new one is open, so that a store that does not answer costs nothing. */
#include "screen/joining.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/actor.h"
#include "strattio/config.h"
#include "strattio/log.h"
#include "strattio/mem.h"

#include "app.h"
#include "screen/session.h"

enum { OPEN_TIMEOUT_MS = 5000 };

struct join_job {
    struct job base;
    enum joining what;
    bool keep;
    char *uri, *name, *email, *password;
    void (*got)(struct screen *owner, const struct err *err);
    bool ok;
    struct err err;
    struct session session;
};

static bool open_store(struct join_job *job, struct bench *bench)
{
    struct actor *actor = actor_open(job->uri, OPEN_TIMEOUT_MS, &job->err);
    struct err err = {0};

    if (!actor)
        return false;
    actor_close(bench->actor);
    bench->actor = actor;
    if (job->keep && !config_save("store", job->uri, &err))
        log_err("keeping the store in the settings", &err);
    return true;
}

static void work(struct job *base, struct bench *bench)
{
    struct join_job *job = (struct join_job *)base;

    switch (job->what) {
    case JOIN_OPEN:
        job->ok = open_store(job, bench);
        break;
    case JOIN_BEGIN:
        job->ok = actor_begin(bench->actor, job->name, job->email, &job->err);
        break;
    case JOIN_REGISTER:
        job->ok = actor_register(bench->actor, job->email, job->name, job->password, &job->err);
        break;
    case JOIN_LOGIN:
        job->ok = actor_login(bench->actor, job->email, job->password, &job->err);
        break;
    }
    session_note(&job->session, bench->actor);
}

static void done(struct job *base, struct app *app)
{
    struct join_job *job = (struct join_job *)base;

    app->session = job->session;
    job->got(base->owner, job->ok ? NULL : &job->err);
}

static void discard(struct job *base)
{
    struct join_job *job = (struct join_job *)base;

    if (job->password)
        explicit_bzero(job->password, strlen(job->password));
    free(job->uri);
    free(job->name);
    free(job->email);
    free(job->password);
    free(job);
}

void join_start(struct screen *owner, const struct join *join,
                void (*got)(struct screen *owner, const struct err *err))
{
    struct join_job *job = mem_zero(1, sizeof *job);
    const char *uri = join->uri ? join->uri : config_get(owner->app->config, "store");

    job->base = (struct job){.work = work, .done = done, .discard = discard, .owner = owner};
    job->what = join->what;
    job->keep = join->keep;
    job->uri = mem_str(uri ? uri : "sqlite:");
    job->name = mem_str(join->name);
    job->email = mem_str(join->email);
    job->password = mem_str(join->password);
    job->got = got;
    app_submit(owner->app, &job->base);
}

const char *join_wrong_field(const struct err *err)
{
    if (err->code == ERR_DUPLICATE || strcasestr(err->msg, "e-mail") ||
        strcasestr(err->msg, "email"))
        return "email";
    if (strcasestr(err->msg, "password"))
        return "password";
    return strcasestr(err->msg, "name") ? "name" : NULL;
}
