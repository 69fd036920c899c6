/* new_plan.c - two questions make a draft: its name and what it is for. The purpose decides
 * which questions the wizard asks and which rules are checked; it can be changed later, so
 * nothing here is final. */
#include "screen/screens.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/form.h"
#include "screen/listing.h"
#include "screen/plan_fields.h"

struct new_plan {
    struct screen base;
    struct form form;
    size_t name, purpose, begin;
    char error[248];
};

struct create_job {
    struct job base;
    char *name;
    enum plan_purpose purpose;
    struct plan plan;
    bool ok;
    struct err err;
};

static void work(struct job *base, struct bench *bench)
{
    struct create_job *job = (struct create_job *)base;
    bson_t answers = BSON_INITIALIZER;

    job->ok = plan_new(bench->actor, bench->house, job->name, job->purpose, &answers, &job->plan,
                       &job->err);
    bson_destroy(&answers);
}

static void done(struct job *base, struct app *app)
{
    struct create_job *job = (struct create_job *)base;
    struct new_plan *self = (struct new_plan *)base->owner;
    struct plan_place place;

    self->form.busy = false;
    app_dirty(app);
    if (job->ok) {
        place = (struct plan_place){.plan_id = job->plan.id, .name = job->plan.name};
        app_replace(app, base->owner, &screen_wizard, &place);
    } else if (job->err.code == ERR_INVALID) {
        form_set_error(&self->form, self->name, job->err.msg);
    } else {
        bson_strncpy(self->error, job->err.msg, sizeof self->error);
    }
}

static void discard(struct job *base)
{
    struct create_job *job = (struct create_job *)base;

    if (job->ok)
        record_finish(COLL_PLANS, &job->plan);
    free(job->name);
    free(job);
}

static void create(struct new_plan *self)
{
    const char *name = form_value(&self->form, self->name);
    struct create_job *job;
    struct err err = {0};

    self->error[0] = '\0';
    if (!plan_field_set(NULL, plan_fields[0].field, name, &err)) {
        form_set_error(&self->form, self->name, err.msg);
        return;
    }
    job = mem_zero(1, sizeof *job);
    job->base = (struct job){.work = work, .done = done, .discard = discard, .owner = &self->base};
    job->name = mem_str(name);
    job->purpose = (enum plan_purpose)self->form.items[self->purpose].chosen;
    self->form.busy = true;
    app_submit(self->base.app, &job->base);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct new_plan *self = (struct new_plan *)s;

    (void)arg;
    (void)err;
    form_init(&self->form);
    self->name = form_text(&self->form, plan_fields[0].label, plan_fields[0].help, "");
    self->form.items[self->name].field.placeholder = plan_fields[0].example;
    self->purpose = form_choice(&self->form, plan_fields[1].label, plan_fields[1].choices,
                                plan_fields[1].choice_count);
    self->begin = form_button(&self->form, "Begin with the first question", NULL);
    return true;
}

static void leave(struct screen *s)
{
    form_finish(&((struct new_plan *)s)->form);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    form_contexts(&((const struct new_plan *)s)->form, cs);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    (void)s;
    strbuf_str(out, "New plan");
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct new_plan *self = (struct new_plan *)s;
    struct canvas form;
    int y = 3;

    canvas_put(body, 1, 2, ROLE_TITLE, "A new plan");
    if (self->error[0])
        y += listing_trouble(body, y, self->error) + 1;
    form = canvas_part(body, y, 0, body->rows - y, body->cols);
    form_draw(&self->form, &form);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    return form_input(&((struct new_plan *)s)->form, s->app, ev);
}

static bool act(struct screen *s, enum action a)
{
    struct new_plan *self = (struct new_plan *)s;
    enum form_result result = form_act(&self->form, a);

    if (result == FORM_PRESSED)
        create(self);
    return result != FORM_NOT_MINE;
}

const struct screen_ops screen_new_plan = {
    .name = "new",
    .size = sizeof(struct new_plan),
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
};
