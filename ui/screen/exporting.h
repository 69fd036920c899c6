/* exporting.h - a plan as a file, made by the worker; a message says where it went. */
#ifndef STRATTIO_UI_EXPORTING_H
#define STRATTIO_UI_EXPORTING_H

#include "strattio/export_job.h"

struct screen;

/* Into the folder the program was started in. `done` is called then, unless `owner` has left; who
 * asked may leave, and is told all the same. */
void exporting_start(struct screen *owner, const char *plan_id, enum export_format format,
                     void (*done)(struct screen *owner));

#endif
