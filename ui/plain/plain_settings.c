/* plain_settings.c - the settings with where each value comes from, the keys of the screens, and the account
 * on a shared store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/config.h"
#include "strattio/mem.h"

#include "plain/places.h"
#include "plain/room.h"

enum { PASSWORD_SIZE = 512 };

static void tell(struct room *r)
{
    struct plain *p = r->p;
    const struct user *user = actor_user(p->bench.actor);

    talk_gap(p->talk);
    talk_say(p->talk, "Settings.");
    talk_say(p->talk, "%s, %s, %s, %s tier, on %s.", user ? user->name : "Nobody",
             user ? user->email : "", user ? role_name(user->role) : "",
             tier_name(actor_tier(p->bench.actor)), p->session.store);
    for (const struct setting *s = config_settings; s->key; s++) {
        const char *value = config_get(p->config, s->key);
        bool secret = s->flags & SETTING_SECRET || strcmp(s->key, "store") == 0;

        talk_say(p->talk, "%s: %s, from the %s. %s%s%s%s", s->key,
                 !value                         ? "not set"
                 : secret && strchr(value, '@') ? "set, not shown"
                                                : value,
                 config_origin(p->config, s->key), s->help, s->allowed ? " One of " : "",
                 s->allowed ? s->allowed : "", s->allowed ? "." : "");
    }
    talk_say(p->talk,
             "\"set KEY VALUE\" changes one for the next start; without a value it takes it out.");
}

void plain_settings_set(struct room *r, const char *operand)
{
    size_t len = strcspn(operand, " \t=");
    char *key = mem_strn(operand, len), *rest = mem_str(operand + len), *value;
    struct err err = {0};

    value = plain_trim(rest);
    if (*value == '=')
        value = plain_trim(value + 1);
    if (!*key)
        talk_say(r->p->talk, "Give a key and a value, as in: set theme light");
    else if (config_save(key, *value ? value : NULL, &err))
        talk_say(r->p->talk,
                 *value ? "%s is set, from the next start on." : "%s is taken out of the file.",
                 key);
    else
        plain_error(r->p, &err);
    free(rest);
    free(key);
}

void plain_settings_keys(struct room *r, const char *operand)
{
    enum context last = CONTEXT_COUNT;

    (void)operand;
    talk_say(r->p->talk, "The keys of the screens, and the words that do the same here.");
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const struct action_info *info = action_info((enum action)a);
        const struct plain_command *c = plain_command_of((enum action)a);

        if (info->context != last)
            talk_say(r->p->talk, "%s.", context_title(info->context));
        last = info->context;
        talk_say(r->p->talk, "%s: %s Keys %s. Here: %s", info->name, info->help,
                 *info->keys ? info->keys : "none", c ? c->name : plain_reason((enum action)a));
    }
}

void plain_settings_password(struct room *r, const char *operand)
{
    char old[PASSWORD_SIZE] = "", password[PASSWORD_SIZE] = "";
    struct err err = {0};

    (void)operand;
    if (!r->p->session.shared) {
        talk_say(
            r->p->talk,
            "The store on this computer has no password: it belongs to whoever owns the file.");
        return;
    }
    if (talk_ask_secret(r->p->talk, "Password as it is", old, sizeof old) &&
        talk_ask_secret(r->p->talk, "New password, eight characters or more", password,
                        sizeof password)) {
        if (actor_set_password(r->p->bench.actor, old, password, &err))
            talk_say(r->p->talk, "The password is changed; other sessions have ended.");
        else
            plain_error(r->p, &err);
    }
    explicit_bzero(old, sizeof old);
    explicit_bzero(password, sizeof password);
}

void plain_settings_sign_out(struct room *r, const char *operand)
{
    struct err err = {0};

    (void)operand;
    if (!r->p->session.shared) {
        talk_say(
            r->p->talk,
            "The store on this computer needs no sign-in: it belongs to whoever owns the file.");
    } else if (actor_logout(r->p->bench.actor, &err)) {
        talk_say(r->p->talk, "Signed out.");
        r->p->leaving = true;
    } else {
        plain_error(r->p, &err);
    }
}

void plain_settings_enter(struct plain *p)
{
    struct room room = {.p = p, .place = PLAIN_SETTINGS, .prompt = "Settings", .tell = tell};

    room_stay(&room);
}
