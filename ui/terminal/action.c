/* action.c - the table of actions and the keys bound to them. A keymap is one flat array of bindings in the
 * order of the table, those given later before it; finding a key walks it once per context, innermost first. */
#include "terminal/action.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

static const struct action_info actions[ACTION_COUNT] = {
    [ACTION_NONE] = {"", CONTEXT_APP, "", NULL, ""},
#define ACTION_ROW(id, in, name, keys, hint, help)                                                 \
    [ACTION_##id] = {name, CONTEXT_##in, keys, hint, help},
    ACTION_LIST(ACTION_ROW)
#undef ACTION_ROW
};

static const struct {
    const char *name, *title;
} contexts[CONTEXT_COUNT] = {
#define CONTEXT_ROW(id, name, title) [CONTEXT_##id] = {name, title},
    CONTEXT_LIST(CONTEXT_ROW)
#undef CONTEXT_ROW
};

struct binding {
    enum action action;
    struct key key;
};

struct keymap {
    struct binding *items;
    size_t count, cap;
};

const struct action_info *action_info(enum action a)
{
    return &actions[a];
}

enum action action_by_name(const char *name, size_t len)
{
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        if (strlen(actions[a].name) == len && memcmp(actions[a].name, name, len) == 0)
            return (enum action)a;
    return ACTION_NONE;
}

const char *context_name(enum context c)
{
    return contexts[c].name;
}

const char *context_title(enum context c)
{
    return contexts[c].title;
}

void contexts_add(struct contexts *cs, enum context c)
{
    if (cs->count < CONTEXT_DEPTH)
        cs->items[cs->count++] = c;
}

static void bind(struct keymap *km, enum action a, struct key key)
{
    km->items = mem_grow(km->items, &km->cap, km->count + 1, sizeof *km->items);
    km->items[km->count++] = (struct binding){a, key};
}

struct keymap *keymap_create(void)
{
    struct keymap *km = mem_zero(1, sizeof *km);

    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const char *at = actions[a].keys;

        while (*at) {
            size_t len = strcspn(at, " ");
            struct key key;

            if (key_parse(at, len, &key)) /* a test proves that all of the table do */
                bind(km, (enum action)a, key);
            at += len;
            at += strspn(at, " ");
        }
    }
    return km;
}

void keymap_set(struct keymap *km, enum action a, const struct key *keys, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < km->count; i++)
        if (km->items[i].action != a)
            km->items[kept++] = km->items[i];
    km->items = mem_grow(km->items, &km->cap, kept + count, sizeof *km->items);
    memmove(km->items + count, km->items, kept * sizeof *km->items);
    for (size_t i = 0; i < count; i++)
        km->items[i] = (struct binding){a, keys[i]};
    km->count = kept + count;
}

void keymap_destroy(struct keymap *km)
{
    if (!km)
        return;
    free(km->items);
    free(km);
}

enum action keymap_find(const struct keymap *km, const struct contexts *cs, struct key key)
{
    for (size_t c = 0; c < cs->count; c++)
        for (size_t i = 0; i < km->count; i++)
            if (actions[km->items[i].action].context == cs->items[c] &&
                key_equal(km->items[i].key, key))
                return km->items[i].action;
    return ACTION_NONE;
}

bool keymap_key(const struct keymap *km, enum action a, size_t i, struct key *out)
{
    for (size_t b = 0; b < km->count; b++)
        if (km->items[b].action == a && i-- == 0) {
            *out = km->items[b].key;
            return true;
        }
    return false;
}

void keymap_spell(const struct keymap *km, enum action a, struct strbuf *out)
{
    struct key key;
    char name[KEY_NAME_SIZE];

    for (size_t i = 0; keymap_key(km, a, i, &key); i++) {
        key_spell(key, name);
        strbuf_printf(out, "%s%s", i ? " " : "", name);
    }
}

void keymap_keys(const struct keymap *km, enum action a, bool utf8, struct strbuf *out)
{
    struct key key;
    char label[KEY_NAME_SIZE];

    for (size_t i = 0; keymap_key(km, a, i, &key); i++) {
        key_label(key, utf8, label);
        strbuf_printf(out, "%s%s", i ? ", " : "", label);
    }
}

/* Where text is typed, a plain character is text and nothing else. */
static bool is_typed(const struct contexts *cs, struct key key)
{
    bool typing = false;

    for (size_t i = 0; i < cs->count; i++)
        typing = typing || cs->items[i] == CONTEXT_FIELD || cs->items[i] == CONTEXT_TEXT;
    return typing && key.code < INPUT_KEY_ENTER && !(key.mods & (INPUT_CTRL | INPUT_ALT));
}

bool keymap_reach(const struct keymap *km, const struct contexts *cs, enum action a,
                  struct key *out)
{
    for (size_t i = 0; keymap_key(km, a, i, out); i++)
        if (keymap_find(km, cs, *out) == a && !is_typed(cs, *out))
            return true;
    return false;
}

size_t keymap_hints(const struct keymap *km, const struct contexts *cs,
                    bool (*allowed)(void *arg, enum action a), void *arg, bool utf8,
                    struct hint *out, size_t max)
{
    size_t count = 0;

    for (size_t c = 0; c < cs->count; c++)
        for (int a = ACTION_NONE + 1; a < ACTION_COUNT && count < max; a++) {
            struct key key;

            if (actions[a].context != cs->items[c] || !actions[a].hint ||
                (allowed && !allowed(arg, (enum action)a)) ||
                !keymap_reach(km, cs, (enum action)a, &key))
                continue;
            key_label(key, utf8, out[count].key);
            out[count].last = a == ACTION_HELP;
            out[count++].word = actions[a].hint;
        }
    return count;
}
