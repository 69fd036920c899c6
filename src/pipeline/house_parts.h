/* house_parts.h - the parts of the house only the core may touch. */
#ifndef STRATTIO_PIPELINE_HOUSE_PARTS_H
#define STRATTIO_PIPELINE_HOUSE_PARTS_H

#include <stdbool.h>

#include "strattio/house.h"

struct live_settings;
struct packs;
struct prompts;
struct templates;
struct wording;

/* As house_intake(): loaded on first use, lent, any thread. */
MUST_USE const struct packs *house_packs(struct house *h, struct err *err);
MUST_USE const struct prompts *house_prompts(struct house *h, struct err *err);
MUST_USE const struct templates *house_templates(struct house *h, struct err *err);
MUST_USE const struct wording *house_wording(struct house *h, struct err *err);

/* Which sources live research asks, as the settings have it now: live_settings_init(). */
MUST_USE bool house_live(struct house *h, struct live_settings *out, struct err *err);

#endif
