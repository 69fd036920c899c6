/* paths.h - where files live (XDG), and where assets are found. */
#ifndef STRATTIO_PATHS_H
#define STRATTIO_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;

enum paths_kind { PATHS_CONFIG, PATHS_DATA, PATHS_STATE, PATHS_CACHE };

/* The folder of `kind`, e.g. ~/.config/strattio, made (0700) if absent when `make` is set. The
 * caller frees it. ERR_IO, naming the folder, if it cannot be made. */
MUST_USE char *paths_dir(enum paths_kind kind, bool make, struct err *err);

/* A path below the prefix the program is installed under ("share/strattio/assets"), by where it
 * runs from: PREFIX/bin/strattio. The caller frees it. */
MUST_USE char *paths_installed(const char *below);

/* The path of asset `name` ("finance/plan.model"), looked for in $STRATTIO_ASSETS, the user's data
 * folder, the installed folder and the source tree, in that order. The caller frees it.
 * ERR_NOT_FOUND says where was looked. */
MUST_USE char *paths_asset(const char *name, struct err *err);

/* The names of the asset files in folder `dir` ("compliance") that end in `suffix`, each once and
 * sorted. The caller frees the array with paths_names_free(). */
MUST_USE char **paths_asset_names(const char *dir, const char *suffix, size_t *count);
void paths_names_free(char **names, size_t count);

/* The whole file, NUL-terminated, at most `limit` bytes; the caller frees it. ERR_NOT_FOUND,
 * ERR_LIMIT, ERR_IO. "-" reads standard input. */
MUST_USE char *paths_read_file(const char *path, size_t limit, size_t *len, struct err *err);

/* Writes by temporary file, fsync, rename, fsync of the folder: after a crash the old or the new
 * content is there, never a part. `mode` as in open(2). A pipe or device is written into. */
MUST_USE bool paths_write_file(const char *path, const void *data, size_t len, unsigned mode,
                               struct err *err);

#endif
