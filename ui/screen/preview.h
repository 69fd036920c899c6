/* preview.h - what the answers come to so far: a few figures of the model, computed anew when
 * an answer changed. */
#ifndef STRATTIO_UI_PREVIEW_H
#define STRATTIO_UI_PREVIEW_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

struct canvas;
struct house;
struct plan;

enum { PREVIEW_LINES = 5 };

struct preview {
    bson_t *of; /* the answers it was computed from; NULL at first */
    char values[PREVIEW_LINES][40];
    char note[250]; /* why there is nothing, or what a "–" means */
};

void preview_update(struct preview *p, struct house *house, const struct plan *plan);
void preview_finish(struct preview *p); /* accepts all zero */
const char *preview_label(size_t i); /* of values[i] */
void preview_draw(const struct preview *p, const struct canvas *c);

#endif
