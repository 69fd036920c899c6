/* exporting.h - a plan as a file, made by the worker; a message says where it went. */
#ifndef STRATTIO_UI_EXPORTING_H
#define STRATTIO_UI_EXPORTING_H

struct app;

/* To "NAME.md" in the folder the program was started in. */
void exporting_markdown(struct app *app, const char *plan_id);

#endif
