/* key_conflict.c - two tables: which contexts hold together, and which action may take a key from which.
 * Every two actions that can hold together are then compared. */
#include "terminal/key_conflict.h"

#include <stdlib.h>

#include "strattio/mem.h"

#include "terminal/key_file.h"

/* What the screens hold at once, innermost first, each with CONTEXT_APP behind it. A screen that holds a
 * part of a row, in its order, needs none of its own. */
static const struct contexts together[] = {
/* clang-format off */
#define SET(count, ...) {{__VA_ARGS__, CONTEXT_APP}, (count) + 1}
    SET(2, CONTEXT_PLANS, CONTEXT_LIST),
    SET(2, CONTEXT_SEARCH, CONTEXT_FIELD),
    SET(2, CONTEXT_LINE, CONTEXT_FIELD),
    SET(3, CONTEXT_FIELD, CONTEXT_FORM, CONTEXT_WELCOME),
    SET(4, CONTEXT_TEXT, CONTEXT_FIELD, CONTEXT_FORM, CONTEXT_WIZARD),
    SET(2, CONTEXT_PICKER, CONTEXT_FIELD),
    SET(2, CONTEXT_MARKS, CONTEXT_LIST),
    SET(2, CONTEXT_ROWS, CONTEXT_LIST),
    SET(2, CONTEXT_GENERATING, CONTEXT_LIST),
    SET(3, CONTEXT_CONTENTS, CONTEXT_PLAN, CONTEXT_LIST),
    SET(3, CONTEXT_READER, CONTEXT_PLAN, CONTEXT_LIST),
    SET(3, CONTEXT_FINANCIALS, CONTEXT_TABLE, CONTEXT_LIST),
    SET(2, CONTEXT_INPUTS, CONTEXT_LIST),
    SET(3, CONTEXT_CHARTS, CONTEXT_TABLE, CONTEXT_LIST),
    SET(2, CONTEXT_CHECKLIST, CONTEXT_LIST),
    SET(2, CONTEXT_EXPORTS, CONTEXT_LIST),
    SET(2, CONTEXT_HISTORY, CONTEXT_LIST),
    SET(4, CONTEXT_CHIP, CONTEXT_EDITOR, CONTEXT_TEXT, CONTEXT_FIELD),
    SET(2, CONTEXT_FINDING, CONTEXT_FIELD),
    SET(1, CONTEXT_REPLACING),
    SET(2, CONTEXT_CHOICE, CONTEXT_LIST),
    SET(2, CONTEXT_LOOKING, CONTEXT_LIST),
    SET(1, CONTEXT_LINK),
    SET(2, CONTEXT_TRACE, CONTEXT_LIST),
    SET(2, CONTEXT_SETTINGS, CONTEXT_LIST),
    SET(2, CONTEXT_KEYS, CONTEXT_LIST),
    SET(2, CONTEXT_MESSAGES, CONTEXT_LIST),
    SET(2, CONTEXT_HELP, CONTEXT_LIST),
    SET(1, CONTEXT_CONFIRM),
#undef SET
};

/* The first takes its key from the second, and is meant to. */
static const struct {
    enum action inner, outer;
} meant[] = {
    {ACTION_PLANS_MARK, ACTION_LIST_PAGE_DOWN},
    {ACTION_MARKS_TOGGLE, ACTION_LIST_PAGE_DOWN},
    {ACTION_GENERATING_FOLLOW, ACTION_LIST_BOTTOM},
    {ACTION_SEARCH_CANCEL, ACTION_BACK},
    {ACTION_LINE_CANCEL, ACTION_BACK},
    {ACTION_TRACE_BACK, ACTION_BACK},
    {ACTION_CHIP_OPEN, ACTION_EDITOR_NEWLINE},
    {ACTION_CHIP_OPEN, ACTION_TEXT_NEWLINE},
    {ACTION_EDITOR_NEWLINE, ACTION_TEXT_NEWLINE},
    {ACTION_EDITOR_FIND, ACTION_FIELD_RIGHT},
    {ACTION_EDITOR_COPY, ACTION_STOP},
    {ACTION_FINDING_STOP, ACTION_BACK},
    {ACTION_REPLACING_STOP, ACTION_BACK},
    {ACTION_REPLACING_STOP, ACTION_QUIT},
    {ACTION_LOOKING_DONE, ACTION_BACK},
    {ACTION_LOOKING_DONE, ACTION_QUIT},
    {ACTION_CONFIRM_NO, ACTION_BACK},
    {ACTION_CONFIRM_NO, ACTION_QUIT},
    {ACTION_MESSAGES_CLOSE, ACTION_QUIT},
    {ACTION_HELP_CLOSE, ACTION_HELP},
    {ACTION_HELP_CLOSE, ACTION_QUIT},
    {ACTION_TEXT_UP, ACTION_FORM_PREV},
    {ACTION_TEXT_DOWN, ACTION_FORM_NEXT},
    {ACTION_TEXT_NEWLINE, ACTION_FORM_ENTER},
    {ACTION_TEXT_UP, ACTION_COMMANDS},
    {ACTION_PICKER_UP, ACTION_COMMANDS},
    {ACTION_FIELD_ERASE, ACTION_FORM_CLEAR},
    {ACTION_FIELD_DELETE, ACTION_FORM_CLEAR},
    {ACTION_TABLE_FIRST, ACTION_LIST_TOP},
    {ACTION_TABLE_LAST, ACTION_LIST_BOTTOM},
};
/* clang-format on */

enum { SETS = sizeof together / sizeof together[0], MEANT = sizeof meant / sizeof meant[0] };

static size_t place_in(const struct contexts *set, enum context c)
{
    size_t i = 0;

    while (i < set->count && set->items[i] != c)
        i++;
    return i;
}

bool key_contexts_known(const struct contexts *cs)
{
    for (size_t s = 0; s < SETS; s++) {
        size_t at = 0, i = 0;

        for (; i < cs->count; i++) {
            size_t place = place_in(&together[s], cs->items[i]);

            if (place < at || place == together[s].count)
                break;
            at = place + 1;
        }
        if (i == cs->count)
            return true;
    }
    return false;
}

/* Is the context of `a` inside that of `b` on any screen? */
static bool hold_together(enum action a, enum action b)
{
    struct contexts both = {{action_info(a)->context, action_info(b)->context}, 2};

    return both.items[0] == both.items[1] ? a < b : key_contexts_known(&both);
}

static bool is_meant(enum action inner, enum action outer)
{
    for (size_t i = 0; i < MEANT; i++)
        if (meant[i].inner == inner && meant[i].outer == outer)
            return true;
    return false;
}

/* Of two actions of one context the keymap knows the winner; of two contexts it is the inner one. */
static void tell(const struct keymap *km, enum action inner, enum action outer, struct key key,
                 struct key_problems *out)
{
    struct contexts cs = {{action_info(inner)->context}, 1};
    enum action wins = keymap_find(km, &cs, key), loses = wins == inner ? outer : inner;
    char name[KEY_NAME_SIZE];

    key_spell(key, name);
    if (loses == ACTION_BACK)
        key_problems_add(out,
                         "%s does %s, so that it does not lead back there; give %s another key.",
                         name, action_info(wins)->name, action_info(wins)->name);
    else
        key_problems_add(out, "%s is bound to %s and %s at once; %s has it.", name,
                         action_info(inner)->name, action_info(outer)->name,
                         action_info(wins)->name);
}

struct bound_key {
    enum action action;
    struct key key;
};

/* Every key there is, in the order of the table of actions; the caller frees it. */
static struct bound_key *all_keys(const struct keymap *km, size_t *count)
{
    struct bound_key *all = NULL, one;
    size_t cap = 0;

    *count = 0;
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        one.action = (enum action)a;
        for (size_t i = 0; keymap_key(km, one.action, i, &one.key); i++) {
            all = mem_grow(all, &cap, *count + 1, sizeof *all);
            all[(*count)++] = one;
        }
    }
    return all;
}

void key_conflicts(const struct keymap *km, struct key_problems *out)
{
    size_t count;
    struct bound_key *all = all_keys(km, &count);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            enum action a = all[i].action, b = all[k].action;

            if (a != b && key_equal(all[i].key, all[k].key) && hold_together(a, b) &&
                !is_meant(a, b))
                tell(km, a, b, all[i].key, out);
        }
    free(all);
}
