/* key_conflict.h - keys that do two things at once. Actions of different contexts may share a key as long
 * as no screen holds both; where one does, the inner context wins, and that is right only for the pairs
 * that are meant so. */
#ifndef STRATTIO_UI_KEY_CONFLICT_H
#define STRATTIO_UI_KEY_CONFLICT_H

#include <stdbool.h>
#include <stddef.h>

#include "terminal/action.h"

struct key_problems;

/* Adds a sentence for each key that two actions have which can hold together, unless the pair is meant so,
 * and for each that takes the place of the key that leads back. */
void key_conflicts(const struct keymap *km, struct key_problems *out);

/* Can these hold on one screen, by the table of key_conflict.c? */
bool key_contexts_known(const struct contexts *cs);

#endif
