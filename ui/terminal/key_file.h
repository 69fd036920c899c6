/* key_file.h - the user's own keys: keys.ini in the config folder. A line is `action = key key`, which gives
 * the action these keys in place of those it comes with, `action = + key` adds to them and `action = none`
 * takes them away. Lines that begin with # or ; are comments. */
#ifndef STRATTIO_UI_KEY_FILE_H
#define STRATTIO_UI_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "terminal/action.h"

struct err;

/* What is wrong with the keys, one sentence each. */
struct key_problems {
    char **items;
    size_t count, cap;
};
void key_problems_add(struct key_problems *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
void key_problems_finish(struct key_problems *p); /* accepts all zero */

/* Applies the lines of `text`. Those that are wrong change nothing and are told in `out`: file and line,
 * what is allowed, the nearest action. */
void key_file_parse(struct keymap *km, const char *file, const char *text,
                    struct key_problems *out);

/* The keys of the table with those of keys.ini over them. What is wrong with the file, and every conflict
 * (key_conflict.h), is told in `out`. Without the file nothing is. */
struct keymap *key_file_load(struct key_problems *out);

/* Writes the keys of `a` into keys.ini (0600), keeping its other lines and comments: "n C-n", "" for none;
 * NULL takes the line out, so that `a` has the keys it comes with. ERR_INVALID for what key_file_parse()
 * would not take. Touches the disk: for the worker; the keymap in force is the caller's to change, with
 * keymap_set(). */
MUST_USE bool key_file_save(enum action a, const char *keys, struct err *err);

#endif
