/* expr_token.h - the words of an expression, one at a time. */
#ifndef STRATTIO_EXPR_EXPR_TOKEN_H
#define STRATTIO_EXPR_EXPR_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"

#include "expr/num.h"
#include "expr/value.h"

enum token_kind { TOKEN_END, TOKEN_NUM, TOKEN_TEXT, TOKEN_DATE, TOKEN_NAME, TOKEN_SIGN };

struct token {
    enum token_kind kind;
    const char *start; /* in the source */
    size_t len;
    struct num num;
    enum unit unit;
    int32_t day;
    int line, column;
};

struct token_reader {
    const char *at;
    int line, column;
};

/* Reads the next token. False if there is none to read: `problem` then says why, and `token`
 * where. */
MUST_USE bool token_next(struct token_reader *r, struct token *token, const char **problem);
bool token_is(const struct token *t, const char *sign); /* a sign or a word */

#endif
