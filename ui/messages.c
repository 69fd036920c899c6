/* messages.c - a ring of fixed size: the newest takes the place of the oldest. */
#include "messages.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/mem.h"

enum { KEPT = 200 };

struct messages {
    struct message items[KEPT];
    size_t said; /* ever; the newest is items[(said - 1) % KEPT] */
};

struct messages *messages_create(void)
{
    return mem_zero(1, sizeof(struct messages));
}

void messages_destroy(struct messages *m)
{
    for (size_t i = 0; m && i < KEPT; i++)
        free(m->items[i].text);
    free(m);
}

void messages_add(struct messages *m, unsigned style, const char *text)
{
    struct message *last = m->said ? &m->items[(m->said - 1) % KEPT] : NULL;
    struct message *next = &m->items[m->said % KEPT];

    if (last && last->style == style && strcmp(last->text, text) == 0) {
        last->at_ms = clock_now_ms();
        last->times++;
        return;
    }
    free(next->text);
    *next = (struct message){
        .at_ms = clock_now_ms(), .style = style, .times = 1, .text = mem_str(text)};
    m->said++;
}

size_t messages_count(const struct messages *m)
{
    return m->said < KEPT ? m->said : KEPT;
}

const struct message *messages_at(const struct messages *m, size_t i)
{
    return i < messages_count(m) ? &m->items[(m->said - 1 - i) % KEPT] : NULL;
}
