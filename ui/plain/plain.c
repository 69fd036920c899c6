/* plain.c - opens the store, goes where the person asked to begin, and then to the list of plans: the same
 * way as the screens, one after the other. Everything runs in this thread; a run has a thread of its own. */
#include "plain/plain.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/config.h"
#include "strattio/err.h"
#include "strattio/plan.h"
#include "strattio/section.h"

#include "plain/places.h"
#include "plain/room.h"

enum { SIGNALLED = 128 };

void plain_everywhere_again(struct room *r, const char *operand)
{
    (void)operand;
    if (r->read)
        r->read(r);
    if (!r->left)
        r->tell(r);
}

void plain_everywhere_back(struct room *r, const char *operand)
{
    (void)operand;
    r->left = true;
}

void plain_everywhere_settings(struct room *r, const char *operand)
{
    (void)operand;
    if (r->place == PLAIN_SETTINGS)
        return;
    plain_settings_enter(r->p);
    room_back(r);
}

void plain_everywhere_quit(struct room *r, const char *operand)
{
    (void)operand;
    r->p->leaving = true;
}

static void go_to_place(struct plain *p, const struct cli_place *at)
{
    const char *place = at->place ? at->place : "";
    bool answers = strcmp(place, "intake") == 0 || (!at->place && at->status == PLAN_STATUS_DRAFT);

    if (answers && !plain_answers_enter(p, at->plan_id, NULL))
        return;
    if (strcmp(place, "financials") == 0)
        plain_statements_enter(p, at->plan_id);
    else if (strcmp(place, "inputs") == 0)
        plain_inputs_enter(p, at->plan_id, NULL);
    else if (strcmp(place, "checklist") == 0)
        plain_checklist_enter(p, at->plan_id);
    else if (strcmp(place, "history") == 0)
        plain_history_enter(p, at->plan_id, SECTION_COUNT);
    else
        plain_plan_enter(p, at->plan_id, section_type_by_name(place));
}

int plain_run(const struct config *config, struct house *house, const struct cli_place *place,
              const char *why)
{
    struct plain p = {.config = config, .bench = {.house = house}, .talk = talk_create()};
    int code;

    if (why)
        talk_say(p.talk, "%s", why);
    talk_say(
        p.talk,
        "Strattio, business plans you can defend. A ? at any question says what can be answered.");
    if (plain_door_enter(&p)) {
        if (place)
            go_to_place(&p, place);
        plain_plans_enter(&p);
    }
    code = talk_signal(p.talk) ? SIGNALLED + talk_signal(p.talk) : EXIT_OK;
    if (!talk_over(p.talk))
        talk_say(p.talk, "Goodbye. Everything is saved.");
    actor_close(p.bench.actor);
    config_free(p.fresh);
    talk_destroy(p.talk);
    return code;
}
