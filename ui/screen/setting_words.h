/* setting_words.h - what is said about a setting on screen. The table of settings (config.h) has its
 * key, its flag and a sentence; this adds a name for people and what may be shown. */
#ifndef STRATTIO_UI_SETTING_WORDS_H
#define STRATTIO_UI_SETTING_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct config;
struct setting;
struct strbuf;

/* "Theme"; the key of one that has no name yet. */
const char *setting_label(const struct setting *setting);

/* Settings in the order in which people look for them; those the table has besides come last. NULL
 * past the end. */
const struct setting *setting_at(size_t i);

bool setting_is_store(const struct setting *setting);
bool setting_is_address(const char *value); /* of a store */

/* False for a secret, and for an address with a password in it. */
bool setting_may_be_shown(const struct setting *setting, const char *value);

/* Its value as it may be shown: "dark", "-", "(set)", an address without its password. */
void setting_value(const struct config *cfg, const struct setting *setting, struct strbuf *out);

/* "--theme", "STRATTIO_THEME", "config.ini", "default": where its value comes from. */
const char *setting_origin(const struct config *cfg, const struct setting *setting);

/* One or two sentences: where the value comes from, what config.ini has where that is weaker, and when a
 * change counts. */
void setting_explain(const struct config *cfg, const struct setting *setting, struct strbuf *out);

#endif
