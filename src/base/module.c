/* module.c - finds a module and opens it. dlopen() counts for itself: a second call for the same file
 * gives the same handle, so nothing is remembered here. */
#include "base/module.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

static char *find_module(const char *name)
{
    char *installed = paths_installed(STRATTIO_MODULEDIR), *path = NULL;
    const char *const folders[] = {getenv("STRATTIO_MODULES"), STRATTIO_BUILT_MODULES, installed};

    for (size_t i = 0; i < ARRAY_LEN(folders) && !path; i++) {
        if (!folders[i] || !folders[i][0])
            continue;
        path = mem_printf("%s/%s.so", folders[i], name);
        if (access(path, R_OK) != 0) {
            free(path);
            path = NULL;
        }
    }
    free(installed);
    return path;
}

const void *module_open(const char *name, const char *symbol, const char *use, struct err *err)
{
    const void *found = NULL;
    char *path = find_module(name);
    void *handle;

    if (!path) {
        err_set(err, ERR_UNSUPPORTED, 0,
                "%s need the module %s.so, which is not installed; looked in $STRATTIO_MODULES and "
                "PREFIX/%s",
                use, name, STRATTIO_MODULEDIR);
        return NULL;
    }
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle)
        found = dlsym(handle, symbol);
    if (!found)
        err_set(err, ERR_UNSUPPORTED, 0, "the module %s cannot be opened: %s", path, dlerror());
    free(path);
    return found;
}
