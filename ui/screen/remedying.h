/* remedying.h - what would make a rule pass, worked out by the worker: it computes many models. */
#ifndef STRATTIO_UI_REMEDYING_H
#define STRATTIO_UI_REMEDYING_H

struct bench;
struct screen;
struct strbuf;

/* `got` is called in the main thread unless `owner` has left, with the lines of remedy_text(), or a
 * sentence that says why there are none; borrowed for the call. */
void remedying_start(struct screen *owner, const char *plan_id, const char *rule_id,
                     void (*got)(struct screen *owner, const char *rule_id, const char *text));

/* The same text, appended in the calling thread, which must be the one the bench belongs to. */
void remedying_now(const struct bench *bench, const char *plan_id, const char *rule_id,
                   struct strbuf *out);

#endif
