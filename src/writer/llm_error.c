/* llm_error.c - what a server says when it will not answer, as one sentence. Shapes differ:
 * `error` is an object or a text, `code` a number, a text or null, and a proxy on the way answers
 * in HTML. So the status decides first, words in the message second, and the server's own words
 * are only quoted: cut, without control characters, without the key. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/doc.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "writer/llm_stream.h"

enum { QUOTE_MAX = 150, TOKENS_LEAST = 256 };

/* ---- the server's words ----------------------------------------------------------------------- */

struct said { /* caller frees the texts */
    char *message, *type;
    int64_t needs, has; /* tokens; 0 if it does not name them */
};

static const char *first_of(const bson_t *json, const char *const *paths)
{
    const char *text = "";

    for (; *paths && !*text; paths++)
        text = doc_str(json, *paths, "");
    return text;
}

static void read_said(const bson_t *json, struct said *out)
{
    static const char *const messages[] = {"error.message",    "error", "message", "detail",
                                           "errors.0.message", NULL};
    static const char *const types[] = {"error.code", "error.type", "code", "type", NULL};

    out->message = mem_str(first_of(json, messages));
    out->type = mem_str(first_of(json, types));
    out->needs = doc_int(json, "error.n_prompt_tokens", 0);
    out->has = doc_int(json, "error.n_ctx", 0);
}

/* Control characters and markup that a terminal or a reader could take for more than words. */
static void clean(char *text, const char *key)
{
    char *at, *to = text;

    while (key && *key && (at = strstr(text, key)))
        memset(at, '*', strlen(key));
    for (at = text; *at; at++)
        if ((unsigned char)*at >= ' ' && *at != 0x7f)
            *to++ = *at;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    *to = '\0';
}

static void take_words(const char *content_type, const char *body, size_t len, const char *key,
                       struct said *out)
{
    struct err unread = {0};
    bson_t json;

    *out = (struct said){0};
    if (json_read(body, len, &json, &unread)) {
        read_said(&json, out);
        bson_destroy(&json);
    } else {
        bool html = strcasestr(content_type, "html") || (len && body[0] == '<');

        out->message = html ? mem_str("a page of HTML, so it is no such server or a proxy stands "
                                      "before it")
                            : mem_strn(body, len);
        out->type = mem_str("");
    }
    clean(out->message, key);
    clean(out->type, key);
}

/* ---- what it means ---------------------------------------------------------------------------- */

static bool mentions(const struct said *said, const char *word)
{
    return strcasestr(said->type, word) || strcasestr(said->message, word);
}

/* The two numbers of "maximum context length is 8192 tokens ... resulted in 9120 tokens" or of
 * "210000 tokens > 200000 maximum": the larger one is what is needed. */
static void find_tokens(struct said *said)
{
    int64_t found[2] = {0};
    size_t count = 0;

    for (const char *at = said->message; *at && count < 2;) {
        char *end;
        int64_t number;

        if (!isdigit((unsigned char)*at)) {
            at++;
            continue;
        }
        number = strtoll(at, &end, 10);
        if (number >= TOKENS_LEAST)
            found[count++] = number;
        at = end;
    }
    if (said->needs || said->has || count < 2)
        return;
    said->needs = found[0] > found[1] ? found[0] : found[1];
    said->has = found[0] > found[1] ? found[1] : found[0];
}

static const struct {
    int status;       /* 0: any */
    const char *word; /* in the type or message; NULL: whatever it says */
    enum err_code code;
    const char *says;
} meanings[] = {
    {0, "exceed_context_size", ERR_LIMIT, "the brief is too long for the model"},
    {0, "context_length_exceeded", ERR_LIMIT, "the brief is too long for the model"},
    {0, "maximum context length", ERR_LIMIT, "the brief is too long for the model"},
    {0, "prompt is too long", ERR_LIMIT, "the brief is too long for the model"},
    {0, "exceeds the available context", ERR_LIMIT, "the brief is too long for the model"},
    {413, NULL, ERR_LIMIT, "the brief is too long for the server"},
    {401, NULL, ERR_DENIED, "the server does not accept the key"},
    {403, NULL, ERR_DENIED, "the key may not be used for this"},
    {0, "invalid_api_key", ERR_DENIED, "the server does not accept the key"},
    {0, "invalid api key", ERR_DENIED, "the server does not accept the key"},
    {0, "incorrect api key", ERR_DENIED, "the server does not accept the key"},
    {0, "authentication_error", ERR_DENIED, "the server does not accept the key"},
    {402, NULL, ERR_QUOTA, "the account has no credit left"},
    {0, "insufficient_quota", ERR_QUOTA, "the account has no credit left"},
    {0, "billing", ERR_QUOTA, "the account has no credit left"},
    {404, NULL, ERR_NOT_FOUND,
     "there is no such model, or llm_url is not the address of its server"},
    {405, NULL, ERR_NOT_FOUND, "llm_url is not the address of such a server"},
    {0, "model_not_found", ERR_NOT_FOUND, "there is no such model on the server"},
    {0, "not_found_error", ERR_NOT_FOUND, "there is no such model on the server"},
    {429, NULL, ERR_BUSY, "too many requests for now"},
    {0, "rate_limit", ERR_BUSY, "too many requests for now"},
    {0, "loading model", ERR_BUSY, "the model is still being loaded"},
    {0, "overloaded", ERR_BUSY, "the server is overloaded"},
    {529, NULL, ERR_BUSY, "the server is overloaded"},
    {408, NULL, ERR_BUSY, "the server gave up waiting"},
    {409, NULL, ERR_BUSY, "the server is busy with another request"},
    {500, NULL, ERR_BUSY, "the server has an error of its own"},
    {502, NULL, ERR_BUSY, "the server behind the address does not answer"},
    {503, NULL, ERR_BUSY, "the server is not ready"},
    {504, NULL, ERR_BUSY, "the server behind the address does not answer in time"},
};

static const char *meaning(int status, const struct said *said, enum err_code *code)
{
    for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
        if ((meanings[i].status && meanings[i].status != status) ||
            (meanings[i].word && !mentions(said, meanings[i].word)))
            continue;
        *code = meanings[i].code;
        return meanings[i].says;
    }
    *code = status >= 500 ? ERR_BUSY : ERR_IO;
    return status >= 300 && status < 400 ? "the server sends on to another address; write that one"
                                         : "the server refuses the request";
}

/* As many bytes of `text` as are quoted: whole characters. */
static int quoted(const char *text)
{
    size_t len = strnlen(text, QUOTE_MAX);

    while (len == QUOTE_MAX && len && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--;
    return (int)len;
}

void llm_error_of(int status, const char *content_type, const char *body, size_t len,
                  const char *key, struct err *err)
{
    struct said said;
    enum err_code code;
    const char *says;

    take_words(content_type, body, len, key, &said);
    says = meaning(status, &said, &code);
    if (code == ERR_LIMIT)
        find_tokens(&said);
    if (code == ERR_LIMIT && said.needs && said.has)
        err_set(err, code, status, "%s: it has %lld tokens, the model takes %lld", says,
                (long long)said.needs, (long long)said.has);
    else if (*said.message)
        err_set(err, code, status, "%s (%d: \"%.*s\")", says, status, quoted(said.message),
                said.message);
    else
        err_set(err, code, status, "%s (%d)", says, status);
    free(said.message);
    free(said.type);
}
