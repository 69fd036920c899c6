/* action.h - what a person can do, by name. One table (action_list.h) feeds the dispatch of keys, the
 * hint line, the help screen and the manual; no key is named anywhere else. */
#ifndef STRATTIO_UI_ACTION_H
#define STRATTIO_UI_ACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "terminal/action_list.h"
#include "terminal/input.h"

struct err;
struct strbuf;

enum action {
    ACTION_NONE,
#define ACTION_ROW(id, context, name, keys, hint, help) ACTION_##id,
    ACTION_LIST(ACTION_ROW)
#undef ACTION_ROW
    ACTION_COUNT,
};

/* Where a key means something. A screen says which contexts hold, innermost first. */
enum context {
#define CONTEXT_ROW(id, name, title) CONTEXT_##id,
    CONTEXT_LIST(CONTEXT_ROW)
#undef CONTEXT_ROW
    CONTEXT_COUNT,
};

struct action_info {
    const char *name;    /* "plans.open": in the key file and the palette */
    enum context context;
    const char *keys;    /* the keys it comes with, separated by spaces; "" for none */
    const char *hint;    /* one or two words for the hint line; NULL to leave it out */
    const char *help;    /* one sentence */
};
const struct action_info *action_info(enum action a);
enum action action_by_name(const char *name, size_t len); /* ACTION_NONE if there is none */
const char *context_name(enum context c);  /* "plans" */
const char *context_title(enum context c); /* "Plans" */

/* The contexts that hold at a moment, innermost first. */
enum { CONTEXT_DEPTH = 6 };
struct contexts {
    enum context items[CONTEXT_DEPTH];
    size_t count;
};
void contexts_add(struct contexts *cs, enum context c);

struct keymap; /* which keys do what */

/* The keys of the table. */
struct keymap *keymap_create(void);
void keymap_destroy(struct keymap *km); /* accepts NULL */

/* Gives `a` these keys in place of those it has; none if `count` is 0. Of two actions of one context that
 * have the same key, the one that was given it last wins. */
void keymap_set(struct keymap *km, enum action a, const struct key *keys, size_t count);

/* What `key` does here, or ACTION_NONE. */
enum action keymap_find(const struct keymap *km, const struct contexts *cs, struct key key);

/* The i-th key of `a`; false past the last. */
bool keymap_key(const struct keymap *km, enum action a, size_t i, struct key *out);

/* The first key of `a` that means `a` in these contexts, since an inner one may have taken it or text
 * may be typed there; false if none does. */
bool keymap_reach(const struct keymap *km, const struct contexts *cs, enum action a,
                  struct key *out);

/* "Enter l", as the key file has it; nothing for no keys. */
void keymap_spell(const struct keymap *km, enum action a, struct strbuf *out);

/* "↵, l" */
void keymap_keys(const struct keymap *km, enum action a, bool utf8, struct strbuf *out);

struct hint {
    char key[KEY_NAME_SIZE];
    const char *word;
    bool last; /* shown at the end whatever else has room: the way to the help */
};
/* The hints of these contexts, most useful first; `allowed` (may be NULL) says which actions work now.
 * Returns how many were written to out[max]. An action that is out of reach, because an inner context
 * took its key, is left out. */
size_t keymap_hints(const struct keymap *km, const struct contexts *cs,
                    bool (*allowed)(void *arg, enum action a), void *arg, bool utf8,
                    struct hint *out, size_t max);

#endif
