/* spell_hunspell.c - Hunspell behind five functions. A module: its C++ runtime would cost every start. */
#include <hunspell/hunspell.h>

#include "strattio/mem.h"

#include "spell/spell_ops.h"

extern const struct spell_ops spell_hunspell_ops;

static void *open_dictionary(const char *aff_path, const char *dic_path)
{
    return Hunspell_create(aff_path, dic_path);
}

static void close_dictionary(void *dictionary)
{
    Hunspell_destroy(dictionary);
}

static bool right(void *dictionary, const char *word)
{
    return Hunspell_spell(dictionary, word) != 0;
}

static size_t suggest(void *dictionary, const char *word, char **out, size_t max)
{
    char **list = NULL;
    int count = Hunspell_suggest(dictionary, &list, word);
    size_t taken = 0;

    for (int i = 0; i < count && taken < max; i++)
        out[taken++] = mem_str(list[i]);
    Hunspell_free_list(dictionary, &list, count);
    return taken;
}

static void add(void *dictionary, const char *word)
{
    Hunspell_add(dictionary, word);
}

const struct spell_ops spell_hunspell_ops = {
    .open = open_dictionary,
    .close = close_dictionary,
    .right = right,
    .suggest = suggest,
    .add = add,
};
