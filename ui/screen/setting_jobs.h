/* setting_jobs.h - what the screen of settings leaves to the worker: writing config.ini, and trying a
 * store out. */
#ifndef STRATTIO_UI_SETTING_JOBS_H
#define STRATTIO_UI_SETTING_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/config.h"
#include "strattio/err.h"

struct app;
struct screen;

/* Writes `key = value` into config.ini, or takes the line out (value NULL); then what the file says is in
 * force, and the person reads so. Done even if the screen that asked is left. */
void setting_save(struct app *app, const struct setting *setting, const char *value);

struct store_trial {
    bool ok;
    struct err err;  /* why not */
    int64_t took_ms; /* to open it and read its description, or to fail */
    char uri[256];   /* without its password */
    char kind[32], version[32];
    bool transactions;
    long long plans, documents;
};

/* Opens the store at `uri` anew and reads what it is; `got` unless `owner` has left. */
void store_try(struct screen *owner, const char *uri,
               void (*got)(struct screen *owner, const struct store_trial *trial));

/* The same in the calling thread. */
void store_try_now(const char *uri, struct store_trial *trial);

/* Asks the writer of the settings for a word; `got` with one sentence unless `owner` has left. */
void writer_try(struct screen *owner,
                void (*got)(struct screen *owner, bool works, const char *sentence));

#endif
