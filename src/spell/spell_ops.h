/* spell_ops.h - what the module that knows the spelling library exports. */
#ifndef STRATTIO_SPELL_OPS_H
#define STRATTIO_SPELL_OPS_H

#include <stdbool.h>
#include <stddef.h>

#define SPELL_MODULE        "spell_hunspell"
#define SPELL_MODULE_SYMBOL "spell_hunspell_ops"

struct spell_ops {
    void *(*open)(const char *aff_path, const char *dic_path); /* NULL if they cannot be read */
    void (*close)(void *dictionary);
    bool (*right)(void *dictionary, const char *word);
    size_t (*suggest)(void *dictionary, const char *word, char **out, size_t max);
    void (*add)(void *dictionary, const char *word);
};

#endif
