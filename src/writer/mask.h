/* mask.h - words that never leave this machine: e-mail addresses, telephone numbers, and those the
 * settings name. In what is sent each stands as [[1]], [[2]], ...; in what comes back it is itself
 * again. */
#ifndef STRATTIO_WRITER_MASK_H
#define STRATTIO_WRITER_MASK_H

#include <stddef.h>

struct strbuf;

struct mask {
    char **words;
    size_t count, cap;
};

/* Finds what to mask in `text`, beside the `words` of the settings (separated by commas). */
void mask_init(struct mask *m, const char *words, const char *text);
void mask_finish(struct mask *m);

void mask_apply(const struct mask *m, const char *text, struct strbuf *out);
void mask_undo(const struct mask *m, const char *text, struct strbuf *out);

#endif
