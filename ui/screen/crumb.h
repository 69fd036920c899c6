/* crumb.h - a screen's part of the breadcrumb when it stands for a plan and a place in it. */
#ifndef STRATTIO_UI_CRUMB_H
#define STRATTIO_UI_CRUMB_H

struct screen;
struct strbuf;

/* "Harbour Bakery › Intake", or "Intake" when the screen below shows the plan already (`name`
 * NULL). */
void crumb_join(const struct screen *s, const char *name, const char *word, struct strbuf *out);

#endif
