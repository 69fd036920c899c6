/* module.h - loadable modules: heavy libraries that are opened on first use, because linking them would
 * slow down every start. A module resolves the core's own symbols from the program that opens it. */
#ifndef STRATTIO_BASE_MODULE_H
#define STRATTIO_BASE_MODULE_H

#include "strattio/attr.h"

struct err;

/* What the module NAME.so exports as `symbol`. It is looked for in $STRATTIO_MODULES, then beside the
 * program as built, then as installed; once open it stays, since its library may have started
 * threads. ERR_UNSUPPORTED, saying what `use` needs it for ("mongodb: stores"), if there is none. */
MUST_USE const void *module_open(const char *name, const char *symbol, const char *use,
                                 struct err *err);

#endif
