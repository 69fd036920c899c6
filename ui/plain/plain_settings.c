/* plain_settings.c - the settings with where each value comes from, the keys of the screens, and the account
 * on a shared store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/config.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/setting_jobs.h"
#include "screen/setting_words.h"

enum { PASSWORD_SIZE = 512 };

static const char *name_of(struct room *r, size_t i)
{
    (void)r;
    return setting_at(i)->key;
}

static size_t setting_count(void)
{
    size_t count = 0;

    while (setting_at(count))
        count++;
    return count;
}

static void tell(struct room *r)
{
    struct plain *p = r->p;
    const struct user *user = p->bench.actor ? actor_user(p->bench.actor) : NULL;
    struct strbuf value;

    talk_gap(p->talk);
    talk_say(p->talk, "Settings.");
    if (user)
        talk_say(p->talk, "%s, %s, %s, %s tier, on %s.", user->name, user->email,
                 role_name(user->role), tier_name(actor_tier(p->bench.actor)), p->session.store);
    strbuf_init(&value, 64 * 1024);
    for (size_t i = 0; i < r->things; i++) {
        const struct setting *s = setting_at(i);

        strbuf_clear(&value);
        setting_value(p->config, s, &value);
        talk_say(p->talk, "%zu. %s (%s): %s; from %s.", i + 1, setting_label(s), s->key,
                 strcmp(value.data, "-") == 0 ? "not set" : value.data,
                 setting_origin(p->config, s));
    }
    strbuf_finish(&value);
    talk_say(p->talk, "A number explains one, \"set KEY VALUE\" changes one.");
}

static void choose(struct room *r, size_t i)
{
    const struct setting *s = setting_at(i);
    struct strbuf text;

    strbuf_init(&text, 4096);
    setting_explain(r->p->config, s, &text);
    talk_say(r->p->talk, "%s: %s%s%s%s %s", s->key, s->help, s->allowed ? " One of " : "",
             s->allowed ? s->allowed : "", s->allowed ? "." : "", text.data);
    strbuf_finish(&text);
}

void plain_settings_explain(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Which setting?", &i))
        choose(r, i);
}

/* Writes it into config.ini; what the file says then holds, where nothing is stronger. */
static void save(struct plain *p, const struct setting *s, const char *value)
{
    struct config *fresh = NULL;
    struct err err = {0};
    const char *origin;

    if (config_save(s->key, value, &err))
        fresh = config_reload(p->config, &err);
    if (!fresh) {
        plain_error(p, &err);
        return;
    }
    config_free(p->fresh);
    p->config = p->fresh = fresh;
    origin = config_origin(p->config, s->key);
    if (strcmp(origin, "flag") == 0 || strcmp(origin, "environment") == 0)
        talk_say(p->talk, "Saved in config.ini, but %s is stronger for this run.",
                 setting_origin(p->config, s));
    else
        talk_say(p->talk, value ? "%s is saved in config.ini." : "%s is back at the default.",
                 s->key);
}

/* "theme light", "theme = light" */
void plain_settings_set(struct room *r, const char *operand)
{
    size_t len = strcspn(operand, " \t="), i;
    char *key = mem_strn(operand, len), *rest = mem_str(operand + len), *value = plain_trim(rest);

    if (*value == '=')
        value = plain_trim(value + 1);
    if (room_thing(r, key, "Which setting?", &i)) {
        char *asked = *value ? NULL
                             : talk_ask(r->p->talk,
                                        "New value of %s (empty: leave it): ", setting_at(i)->key);

        if (asked)
            value = plain_trim(asked);
        if (*value)
            save(r->p, setting_at(i), value);
        free(asked);
    }
    free(rest);
    free(key);
}

void plain_settings_reset(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Which setting?", &i))
        save(r->p, setting_at(i), NULL);
}

void plain_settings_test(struct room *r, const char *operand)
{
    const char *set = config_get(r->p->config, "store");
    struct store_trial trial;

    (void)operand;
    store_try_now(set ? set : "sqlite:", &trial);
    if (!trial.ok) {
        plain_error(r->p, &trial.err);
        return;
    }
    talk_say(r->p->talk,
             "The store answers after %lld milliseconds: %s, %s, version %s, %s transactions.",
             (long long)trial.took_ms, trial.uri, trial.kind, trial.version,
             trial.transactions ? "with" : "without");
    talk_say(r->p->talk, "%lld plans, %lld documents.", trial.plans, trial.documents);
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
    struct room room = {.p = p,
                        .place = PLAIN_SETTINGS,
                        .prompt = "Settings",
                        .tell = tell,
                        .choose = choose,
                        .name = name_of,
                        .things = setting_count()};

    room_stay(&room);
}
