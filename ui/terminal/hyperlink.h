/* hyperlink.h - addresses behind text of the screen (OSC 8): which, and whether the terminal is one that
 * knows them. Private to ui/terminal, but for hyperlink_is_address(). */
#ifndef STRATTIO_UI_HYPERLINK_H
#define STRATTIO_UI_HYPERLINK_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

/* Is it a web or mail address, without blanks or control characters in it? */
bool hyperlink_is_address(const char *url);

/* Should they be sent? `setting` is "always", "never" or "auto", which looks at what the environment
 * says of the terminal: unknown ones, and tmux before 3.4, get none. */
bool hyperlink_wanted(const char *setting);

/* Appends what begins a link: cells with the same `id` are one link. What is not plain ASCII in the
 * address is written as %XX. */
void hyperlink_begin(const char *url, unsigned id, struct strbuf *out);
void hyperlink_end(struct strbuf *out);

#endif
