/* messages.h - what was said in this session: a ring of the last messages, so that none is gone because it
 * was shown for some seconds only. Main thread. */
#ifndef STRATTIO_UI_MESSAGES_H
#define STRATTIO_UI_MESSAGES_H

#include <stddef.h>
#include <stdint.h>

struct messages;

struct message {
    int64_t at_ms; /* of the last time */
    unsigned style; /* whose role is its severity */
    int times; /* it was said in a row */
    char *text; /* whole, however long */
};

struct messages *messages_create(void);
void messages_destroy(struct messages *m); /* accepts NULL */

void messages_add(struct messages *m, unsigned style, const char *text);
size_t messages_count(const struct messages *m);
const struct message *messages_at(const struct messages *m, size_t i); /* 0 is the newest; NULL past the end */

#endif
