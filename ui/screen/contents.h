/* contents.h - the contents of a plan: its sections and what else there is of it, under how
 * the plan stands. A list for the whole width of a narrow window or a column of a wide one. */
#ifndef STRATTIO_UI_CONTENTS_H
#define STRATTIO_UI_CONTENTS_H

#include <stddef.h>

#include "strattio/section.h"

#include "terminal/canvas.h"
#include "widget/list.h"

struct app;
struct loaded;

enum { /* the rows: a section each, and then */
    CONTENTS_FINANCIALS = SECTION_COUNT,
    CONTENTS_CHECKLIST,
    CONTENTS_INTAKE,
    CONTENTS_COUNT,
};

enum { CONTENTS_FIGURES = 4 };

struct contents {
    struct app *app;
    const struct loaded *l; /* borrowed; NULL until it is read */
    char figures[CONTENTS_FIGURES][40];
    struct list list;
};

void contents_init(struct contents *c, struct app *app);
void contents_set(struct contents *c, const struct loaded *l); /* takes note of its figures */

/* The section of row `i`, if it is written; NULL if not, and for every other number. */
const struct section *contents_section(const struct contents *c, int i);
/* How a section stands: "written", "edits not saved". */
const char *contents_word(const struct loaded *l, enum section_type type);
size_t contents_written(const struct contents *c); /* how many are */

void contents_draw(struct contents *c, const struct canvas *body);      /* the whole width */
void contents_draw_side(struct contents *c, const struct canvas *side); /* a column, with its edge */

#endif
