/* house.c - one slot for each kind of asset, filled by its loader on first use under one lock. A
 * loader that failed is tried again at the next call, so that a mended file needs no restart. */
#include "strattio/house.h"

#include <pthread.h>
#include <stdlib.h>

#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/writing.h"

#include "compliance/compliance.h"
#include "pipeline/house_parts.h"
#include "research/live.h"
#include "writer/prompts.h"
#include "writer/wording.h"
#include "writer/writer.h"

struct house {
    pthread_mutex_t lock;
    struct intake *intake;
    struct model_def *model_def;
    struct packs *packs;
    struct templates *templates;
    struct prompts *prompts;
    struct wording *wording;
    const struct config *config; /* borrowed; NULL for none */
};

struct house *house_create(void)
{
    struct house *h = mem_zero(1, sizeof(*h));

    pthread_mutex_init(&h->lock, NULL);
    return h;
}

void house_free(struct house *h)
{
    if (!h)
        return;
    wording_free(h->wording);
    prompts_free(h->prompts);
    templates_free(h->templates);
    packs_free(h->packs);
    model_def_free(h->model_def);
    intake_free(h->intake);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

const struct intake *house_intake(struct house *h, struct err *err)
{
    const struct intake *part;

    pthread_mutex_lock(&h->lock);
    if (!h->intake)
        h->intake = intake_load(err);
    part = h->intake;
    pthread_mutex_unlock(&h->lock);
    return part;
}

const struct model_def *house_model_def(struct house *h, struct err *err)
{
    const struct model_def *part;

    pthread_mutex_lock(&h->lock);
    if (!h->model_def)
        h->model_def = model_def_load(err);
    part = h->model_def;
    pthread_mutex_unlock(&h->lock);
    return part;
}

const struct packs *house_packs(struct house *h, struct err *err)
{
    const struct packs *part;

    pthread_mutex_lock(&h->lock);
    if (!h->packs)
        h->packs = packs_load(err);
    part = h->packs;
    pthread_mutex_unlock(&h->lock);
    return part;
}

const struct templates *house_templates(struct house *h, struct err *err)
{
    const struct templates *part;

    pthread_mutex_lock(&h->lock);
    if (!h->templates)
        h->templates = templates_load(err);
    part = h->templates;
    pthread_mutex_unlock(&h->lock);
    return part;
}

const struct prompts *house_prompts(struct house *h, struct err *err)
{
    const struct prompts *part;

    pthread_mutex_lock(&h->lock);
    if (!h->prompts)
        h->prompts = prompts_load(err);
    part = h->prompts;
    pthread_mutex_unlock(&h->lock);
    return part;
}

const struct wording *house_wording(struct house *h, struct err *err)
{
    const struct wording *part;

    pthread_mutex_lock(&h->lock);
    if (!h->wording)
        h->wording = wording_load(err);
    part = h->wording;
    pthread_mutex_unlock(&h->lock);
    return part;
}

void house_use_config(struct house *h, const struct config *cfg)
{
    if (!h)
        return;
    pthread_mutex_lock(&h->lock);
    h->config = cfg;
    pthread_mutex_unlock(&h->lock);
}

struct writing *house_writing(struct house *h, struct err *err)
{
    struct writing *w;

    pthread_mutex_lock(&h->lock);
    w = writing_create(h->config, err);
    pthread_mutex_unlock(&h->lock);
    return w;
}

bool house_live(struct house *h, struct live_settings *out, struct err *err)
{
    bool ok;

    pthread_mutex_lock(&h->lock);
    ok = live_settings_init(out, h->config, err);
    pthread_mutex_unlock(&h->lock);
    return ok;
}
