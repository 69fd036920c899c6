/* session.c - the actor belongs to the worker; the screens work with this copy of a few of its
 * words. */
#include "screen/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/ids.h"
#include "strattio/mem.h"

#include "screen/screens.h"

static void put(char *out, size_t size, const char *text)
{
    bson_strncpy(out, text ? text : "", size);
}

static void make_key(const struct actor *actor, char out[33])
{
    char *both = mem_printf("%s\n%s", actor_store_uri(actor), actor_user(actor)->id);
    char hex[SHA_HEX_LEN + 1];

    sha256_hex(both, strlen(both), hex);
    snprintf(out, 33, "%.32s", hex);
    free(both);
}

void session_note(struct session *out, const struct actor *actor)
{
    static const enum capability all[] = {CAN_EXPORT_PDF, CAN_EXPORT_ALL, CAN_SEE_FINANCIALS,
                                          CAN_SEE_COMPLIANCE, CAN_USE_TEAM};
    const struct user *user;

    *out = (struct session){0};
    if (!actor)
        return;
    out->open = true;
    out->shared = actor_store_shared(actor);
    out->signed_in = actor_state(actor) == ACTOR_SIGNED_IN;
    put(out->store, sizeof out->store, actor_store_label(actor));
    user = actor_user(actor);
    if (!user)
        return;
    put(out->name, sizeof out->name, user->name);
    make_key(actor, out->key);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (actor_can(actor, all[i]))
            out->can |= 1u << all[i];
    }
}

const struct screen_ops *session_screen(const struct session *s)
{
    if (s->signed_in)
        return &screen_plans;
    return s->shared ? &screen_sign_in : &screen_welcome;
}

bool session_can_see_months(const struct session *s)
{
    return s->can & 1u << CAN_SEE_FINANCIALS;
}

bool session_can_see_checklist(const struct session *s)
{
    return s->can & 1u << CAN_SEE_COMPLIANCE;
}
