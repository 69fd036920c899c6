/* process.h - who holds a lease, told so that the same machine can see whether it still runs. */
#ifndef STRATTIO_ACCOUNT_PROCESS_H
#define STRATTIO_ACCOUNT_PROCESS_H

#include <bson/bson.h>
#include <stdbool.h>

/* Appends {machine, pid, started} of this process to `lease`. */
void process_append(bson_t *lease);

/* True only if the process that `lease` names was on this machine and is surely gone: killed, or
 * its number given to another since. */
bool process_gone(const bson_t *lease);

/* "ada@thinkpad"; the caller frees it. */
char *process_owner(void);

#endif
