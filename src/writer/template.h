/* template.h - the language of assets/sections: Markdown with conditions, loops, answers and
 * citations, expanded once, when a section is drafted. What is left is flat Markdown with
 * figures.
 *
 *     {# a comment #}
 *     {% if known(loan.amount) %} ... {% elif purpose = "loan" %} ... {% else %} ... {% end %}
 *     {% for p in products %} {= p.name | cell =} {{p.price:money}} {% end %}
 *     {% for m in months(12) %} {= m =} {{cash.closing[m]:money0}} {% end %}
 *     {% for a in assumptions %} {{a.figure}} {% end %}   what the model assumes; also its notes
 *     {= business_description | sentence =}      an answer, escaped; nothing if it is absent
 *     {% if cited("tam") %}, published("tam")     has the evidence a source; one to look up
 *     {% cite market_size %}                     [^market_size], if the evidence has a source
 *     {% cite competitor c %}                    [^competitor_3] in the third round of a loop
 *     {{pnl.revenue[y1]:money0 ?? "not known"}}  a figure; stays as it is, loop variables resolved
 */
#ifndef STRATTIO_WRITER_TEMPLATE_H
#define STRATTIO_WRITER_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct draft_input;
struct err;
struct expr;
struct strbuf;
struct template_file;

enum {
    TEMPLATE_LIMIT = 256 * 1024, /* bytes of a file */
    TEMPLATE_DEPTH = 16,
    TEMPLATE_FILTERS = 4,
    TEMPLATE_STEPS = 200000, /* parts put down for one section, loops within loops included */
};

/* Stands in texts for the end of a line that held nothing but tags: white, but no line break. */
#define TEMPLATE_NO_BREAK '\v'

enum node_kind { NODE_TEXT, NODE_FIGURE, NODE_ANSWER, NODE_CITE, NODE_IF, NODE_FOR };
enum loop_kind { LOOP_ROWS, LOOP_MONTHS, LOOP_YEARS };

struct node {
    enum node_kind kind;
    /* A text or figure; the path of an answer; the id of a citation; the table of a loop. */
    const char *text;
    size_t len;
    const char *name; /* of a loop's variable; of the one a citation is numbered by, or NULL */
    enum loop_kind loop;
    int times;                                 /* of a loop over months or years */
    const char *filters[TEMPLATE_FILTERS + 1]; /* of an answer; ends in NULL */
    struct expr *test;                         /* of an if */
    struct node *body, *otherwise; /* of an if or a loop; an elif is an if inside `otherwise` */
    struct node *next;
};

/* Parses a template; `name` is used in messages, "NAME:LINE:COLUMN: ...". ERR_INVALID, or
 * ERR_LIMIT past TEMPLATE_LIMIT bytes or TEMPLATE_DEPTH levels. */
MUST_USE struct template_file *template_parse(const char *name, const char *text, size_t len,
                                              struct err *err);
void template_free(struct template_file *t);
const struct node *template_root(const struct template_file *t);

/* Expands `t` for `in`, appending to `out`; the result is still untidy (tidy.h). ERR_INVALID
 * for a test that does not fit its values or a name nobody declared, ERR_LIMIT for a text that
 * does not fit or takes more than TEMPLATE_STEPS. */
MUST_USE bool template_expand(const struct template_file *t, const struct draft_input *in,
                              struct strbuf *out, struct err *err);

#endif
