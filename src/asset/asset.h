/* asset.h - the block grammar of every asset that holds rules: models, packs, questions, rates,
 * section templates. A file is a tree of blocks; a block is one line, and the deeper-indented lines
 * under it are its children:
 *
 *     # a comment
 *     rule SUL-05 blocker "Amount"
 *         test  loan.amount <= 25000
 *         fail  "You ask for {{loan.amount:money0}}; the most is £25,000."
 *
 * The first word of a line is its `word`; the rest is kept as written (`rest`), to be read as words
 * and strings (asset_words) or handed whole to the expression parser. A # at the beginning of a
 * line or after a blank, outside a string, begins a comment. A line that ends in \ goes on in the
 * next; the rest keeps the line end, so that positions in it stay right, and asset_text() makes it
 * a blank. A rest of """ begins a text of several lines, ended by """ alone; it is given without
 * the common indentation. */
#ifndef STRATTIO_ASSET_ASSET_H
#define STRATTIO_ASSET_ASSET_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;
struct asset; /* owns the tree and the name */

struct asset_node {
    const char *word;
    const char *rest;               /* without surrounding blanks or comment; "" if none */
    int line;                       /* 1-based */
    int column;                     /* of `word`, 1-based, in characters */
    int rest_column;                /* of `rest` */
    bool is_text;                   /* `rest` came from between two """ */
    const struct asset_node *child; /* first */
    const struct asset_node *next;  /* sibling */
};

/* `name` is used in messages: "NAME:LINE:COLUMN: ...". ERR_INVALID for tabs mixed with spaces,
 * an unclosed string or text, invalid UTF-8, a NUL; ERR_LIMIT past 4 MiB or 32 levels. */
MUST_USE struct asset *asset_parse(const char *name, const char *text, size_t len, struct err *err);

/* Who hears of a mistake, and wants to hear of the next one too. */
typedef void asset_tell(void *context, const struct err *mistake);

/* The same, but a line that is wrong is told to `tell` and left out or taken as it stands, and the
 * rest is read. NULL only for what has no lines at all: ERR_INVALID bytes that are no text,
 * ERR_LIMIT. */
MUST_USE struct asset *asset_parse_on(const char *name, const char *text, size_t len,
                                      asset_tell *tell, void *context, struct err *err);
/* The asset `name` ("finance/plan.model") as paths_asset() finds it. */
MUST_USE struct asset *asset_load(const char *name, struct err *err);
void asset_free(struct asset *a);

const char *asset_name(const struct asset *a);
const struct asset_node *asset_root(const struct asset *a); /* first top-level block or NULL */

/* Splits `rest` into bare words and "quoted strings" (\" \\ \n known). `words` holds up to `max`;
 * returns how many there are, or -1 with err. The strings belong to the asset. */
int asset_words(struct asset *a, const struct asset_node *n, const char **words, int max,
                struct err *err);

/* The first child called `word`, or NULL; and its rest as one string (quotes taken off), or
 * fallback. */
const struct asset_node *asset_child(const struct asset_node *n, const char *word);
const char *asset_text(struct asset *a, const struct asset_node *n, const char *word,
                       const char *fallback);

/* False with ERR_INVALID "NAME:LINE:COLUMN: ..." for a caller that found a mistake at `n`. */
bool asset_fail(const struct asset *a, const struct asset_node *n, struct err *err, const char *fmt,
                ...) PRINTF_LIKE(4, 5);

#endif
