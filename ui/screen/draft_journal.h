/* draft_journal.h - answers the store did not take, kept in the state folder until it does:
 * what was typed outlives the program even while the store is away. Any thread; one file a
 * plan. */
#ifndef STRATTIO_UI_DRAFT_JOURNAL_H
#define STRATTIO_UI_DRAFT_JOURNAL_H

#include <stdbool.h>

struct plan;

void draft_journal_put(const struct plan *before, const struct plan *ours);
void draft_journal_drop(const char *plan_id);

/* What is kept of `plan`, as put; false if there is nothing. Both are the caller's to finish. */
bool draft_journal_get(const struct plan *plan, struct plan *before, struct plan *ours);

#endif
