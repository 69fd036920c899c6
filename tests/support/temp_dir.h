/* temp_dir.h - a folder of its own for each test, gone with all its content afterwards. */
#ifndef TESTS_TEMP_DIR_H
#define TESTS_TEMP_DIR_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

/* The path of a new folder; temp_dir_remove() frees it. */
static inline char *temp_dir_make(void)
{
    const char *base = getenv("TMPDIR");
    char *path = NULL;

    if (asprintf(&path, "%s/strattio-test-XXXXXX", base && *base ? base : "/tmp") < 0)
        abort();
    if (!mkdtemp(path)) {
        perror(path);
        abort();
    }
    return path;
}

static inline int temp_dir_remove_one(const char *path, const struct stat *st, int type,
                                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline void temp_dir_remove(char *path)
{
    nftw(path, temp_dir_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(path);
}

#endif
