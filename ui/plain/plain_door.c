/* plain_door.c - to the store and into it. A store that does not answer, a first start on this computer and
 * the door of a shared store are one room each; what is asked there is asked one line after the other, and
 * an empty line gives up. A password is never echoed and never kept longer than the call that needs it. */
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/config.h"
#include "strattio/log.h"
#include "strattio/mem.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/joining.h"

enum { OPEN_TIMEOUT_MS = 5000, PASSWORD_SIZE = 512 };

struct door {
    struct room room;
    char *uri;      /* of the store that could not be opened */
    struct err err; /* why */
};

/* Opens `uri` in place of what is open; with `keep` it becomes the setting. */
static bool open_store(struct plain *p, const char *uri, bool keep, struct err *err)
{
    struct actor *actor = actor_open(uri, OPEN_TIMEOUT_MS, err);
    struct err ignored = {0};

    if (!actor)
        return false;
    actor_close(p->bench.actor);
    p->bench.actor = actor;
    session_note(&p->session, actor);
    if (keep && !config_save("store", uri, &ignored))
        log_err("keeping the store in the settings", &ignored);
    return true;
}

/* One line, trimmed, or `usual` if it is empty; NULL if there is no more input. The caller frees it. */
static char *ask(struct plain *p, const char *question, const char *usual)
{
    char *line = usual ? talk_ask(p->talk, "%s [%s]: ", question, usual)
                       : talk_ask(p->talk, "%s: ", question);
    char *answer = line ? mem_str(*plain_trim(line) || !usual ? plain_trim(line) : usual) : NULL;

    free(line);
    return answer;
}

/* ---- a store that does not answer ---------------------------------------------------------- */

static void tell_store(struct room *r)
{
    struct door *self = (struct door *)r;

    talk_say(r->p->talk, "The store could not be opened. %s", self->err.msg);
}

static void try_store(struct door *self, const char *uri)
{
    self->err = (struct err){0};
    if (open_store(self->room.p, uri, false, &self->err))
        self->room.left = true;
    else
        tell_store(&self->room);
}

void plain_door_again(struct room *r, const char *operand)
{
    (void)operand;
    try_store((struct door *)r, ((struct door *)r)->uri);
}

void plain_door_here(struct room *r, const char *operand)
{
    (void)operand;
    talk_say(r->p->talk,
             "The store on this computer, for this time only; the setting stays as it is.");
    try_store((struct door *)r, "sqlite:");
}

/* ---- the first start on this computer ------------------------------------------------------ */

static void tell_welcome(struct room *r)
{
    talk_say(r->p->talk, "Welcome. A business plan you can defend.");
    talk_say(r->p->talk,
             "A wizard asks, one question after the other; every answer is saved as you give it.");
    talk_say(
        r->p->talk,
        "Strattio computes 60 months, writes nine sections and checks them against the rules.");
    talk_say(r->p->talk, "Every figure can be opened: its formula, its inputs, its source.");
    talk_say(r->p->talk,
             "Who are you? \"begin\" asks your name and e-mail; they are kept on this computer "
             "and sent nowhere. \"share\" uses a store of your office instead.");
}

/* Puts what is typed in the place of *value, which an empty line leaves as it is. False if the person goes
 * back, or input ends. */
static bool ask_again(struct plain *p, const char *question, char **value)
{
    char *answer = ask(p, question, *value);
    bool ok = answer && strcasecmp(answer, "back") != 0;

    if (ok) {
        free(*value);
        *value = answer;
    } else {
        free(answer);
    }
    return ok;
}

void plain_door_begin(struct room *r, const char *operand)
{
    struct plain *p = r->p;
    const char *wrong = NULL; /* the field to ask for again; NULL for both */
    char *name = NULL, *email = NULL;
    bool asked = true;

    (void)operand;
    actor_default_identity(&name, &email);
    talk_say(p->talk, "An empty line takes what stands in brackets; back goes back.");
    while (asked && !r->left) {
        struct err err = {0};

        if (!wrong || strcmp(wrong, "email") != 0)
            asked = ask_again(p, "Your name, as it stands on the plans you write", &name);
        if (asked && (!wrong || strcmp(wrong, "name") != 0))
            asked = ask_again(p, "Your e-mail", &email);
        if (asked && actor_begin(p->bench.actor, name, email, &err)) {
            session_note(&p->session, p->bench.actor);
            r->left = true;
        } else if (asked) {
            plain_error(p, &err);
            wrong = join_wrong_field(&err);
            asked = err.code == ERR_INVALID;
        }
    }
    free(name);
    free(email);
}

void plain_door_share(struct room *r, const char *operand)
{
    struct err err = {0};
    char *uri = *operand ? mem_str(operand)
                         : ask(r->p, "Address of the store, as its keeper gave it to you", NULL);

    if (uri && *uri && strncmp(uri, "mongodb", 7) != 0)
        talk_say(r->p->talk, "An address of a store begins with mongodb:// or mongodb+srv://");
    else if (uri && *uri && open_store(r->p, uri, true, &err))
        r->left = true;
    else if (uri && *uri)
        plain_error(r->p, &err);
    free(uri);
}

/* ---- the door of a shared store ------------------------------------------------------------ */

static void tell_sign_in(struct room *r)
{
    talk_say(r->p->talk, "Sign in to %s.", r->p->session.store);
    talk_say(r->p->talk,
             "Your plans live there; nobody else sees them. \"sign-in\" if you have an account, "
             "\"register\" if not.");
}

/* One try. False if something else has to be given: then why is told and `err` has it. */
static bool try_password(struct room *r, const char *email, const char *name, const char *password,
                         struct err *err)
{
    struct plain *p = r->p;
    bool ok = name ? actor_register(p->bench.actor, email, name, password, err)
                   : actor_login(p->bench.actor, email, password, err);

    if (ok) {
        session_note(&p->session, p->bench.actor);
        r->left = true;
    } else {
        plain_error(p, err);
    }
    return ok;
}

/* Asks for the password until one will do, and again for an address that will not; an empty line gives up.
 * `name` is NULL for signing in. */
static void enter_shared(struct room *r, char **email, const char *name)
{
    const char *prompt = name ? "Password, eight characters or more" : "Password";
    char password[PASSWORD_SIZE];
    bool asked = true;

    while (asked && !r->left) {
        struct err err = {0};
        const char *field;

        asked = talk_ask_secret(r->p->talk, prompt, password, sizeof password) && *password;
        if (!asked || try_password(r, *email, name, password, &err))
            break;
        field = join_wrong_field(&err);
        if (name && field && strcmp(field, "email") == 0)
            asked = ask_again(r->p, "E-mail", email);
        else
            asked = err.code == ERR_DENIED || err.code == ERR_INVALID;
    }
    explicit_bzero(password, sizeof password);
}

void plain_door_sign_in(struct room *r, const char *operand)
{
    char *email = *operand ? mem_str(operand) : ask(r->p, "E-mail", NULL);

    if (email && *email)
        enter_shared(r, &email, NULL);
    free(email);
}

void plain_door_register(struct room *r, const char *operand)
{
    char *email = *operand ? mem_str(operand) : ask(r->p, "E-mail", NULL);
    char *name = email && *email ? ask(r->p, "Your name", NULL) : NULL;

    if (name && *name)
        enter_shared(r, &email, name);
    free(name);
    free(email);
}

/* ---- through the doors --------------------------------------------------------------------- */

static void stay_at(struct door *self, enum plain_place place)
{
    static const struct {
        const char *prompt;
        void (*tell)(struct room *r);
    } doors[] = {
        [PLAIN_STORE] = {"Store", tell_store},
        [PLAIN_WELCOME] = {"Welcome", tell_welcome},
        [PLAIN_SIGN_IN] = {"Sign in", tell_sign_in},
    };

    self->room.place = place;
    self->room.prompt = doors[place].prompt;
    self->room.tell = doors[place].tell;
    self->room.left = false;
    room_stay(&self->room);
}

bool plain_door_enter(struct plain *p)
{
    struct door self = {.room = {.p = p}};
    const char *set = config_get(p->config, "store");
    struct session *now = &p->session;

    self.uri = mem_str(set ? set : "sqlite:");
    if (!open_store(p, self.uri, false, &self.err))
        stay_at(&self, PLAIN_STORE);
    while (now->open && !now->signed_in && !plain_over(p)) {
        bool shared = now->shared;

        stay_at(&self, shared ? PLAIN_SIGN_IN : PLAIN_WELCOME);
        if (!now->signed_in && now->shared == shared)
            break; /* left by "back": there is nowhere to go but out */
    }
    free(self.uri);
    return now->signed_in;
}
