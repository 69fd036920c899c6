/* config.h - the settings: one table says each one's key, flag, environment variable, default and
 * help; flags win over the environment, the environment over config.ini, that over the default. */
#ifndef STRATTIO_CONFIG_H
#define STRATTIO_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;
struct strbuf;
struct config; /* the values in force; immutable after start, then any thread may read it */

enum setting_flags {
    SETTING_SECRET = 1u << 0, /* no flag, never printed */
    SETTING_SWITCH = 1u << 1, /* on or off: --mouse and --no-mouse */
};

struct setting {
    const char *key;      /* in config.ini, e.g. "store" */
    const char *flag;     /* "--store"; NULL for secrets */
    const char *env;      /* "STRATTIO_STORE" */
    const char *fallback; /* default; NULL for none */
    const char *allowed;  /* "on|off", or NULL for anything */
    const char *help;     /* one sentence */
    unsigned flags;
};

extern const struct setting config_settings[]; /* the table; ends in a row whose key is NULL */

/* Reads config.ini and the environment, then takes the settings' flags out of argv (updating *argc)
 * wherever they stand, so that no sub-command may have a flag of the same name; what it does not
 * know stays for the caller. Nothing after "--" is looked at. ERR_INVALID names file and line,
 * variable or flag, and what is allowed. */
MUST_USE struct config *config_load(int *argc, char **argv, struct err *err);
void config_free(struct config *cfg); /* accepts NULL */

const char *config_get(const struct config *cfg, const char *key); /* NULL if unset without default */
bool config_on(const struct config *cfg, const char *key);
/* "flag", "environment", "config.ini" or "default" */
const char *config_origin(const struct config *cfg, const char *key);

/* What config.ini says, also where a flag or the environment is stronger; NULL if nothing. */
const char *config_saved(const struct config *cfg, const char *key);

/* Reads config.ini again, under the environment and the flags `now` has. Fails as config_load() does. */
MUST_USE struct config *config_reload(const struct config *now, struct err *err);

/* Writes `key = value` into config.ini (0600), keeping its other lines and comments; NULL takes the
 * line out. ERR_INVALID if there is no such key or it cannot have that value. */
MUST_USE bool config_save(const char *key, const char *value, struct err *err);

#endif
