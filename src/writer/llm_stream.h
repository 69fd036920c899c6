/* llm_stream.h - what a language model sends back, piece by piece, in any of the protocols: text,
 * the reason it ended, what it cost, or what went wrong inside a 200. Pure: bytes in, text out. */
#ifndef STRATTIO_WRITER_LLM_STREAM_H
#define STRATTIO_WRITER_LLM_STREAM_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/err.h"

#include "net/sse.h"

struct strbuf;

enum llm_protocol_id { LLM_OPENAI, LLM_ANTHROPIC, LLM_OLLAMA, LLM_PROTOCOL_COUNT };

enum llm_end {
    LLM_OPEN,     /* not at its end */
    LLM_COMPLETE, /* the model said that it is done */
    LLM_LENGTH,   /* it had no room for more: the text is kept, but ends in the middle */
    LLM_REFUSED,  /* it will not write this: what came is no text of the plan */
    LLM_CUT,      /* the stream ended without a word: the text is kept, but ends in the middle */
    LLM_FAILED,   /* an error, before or inside the answer */
};

struct llm_usage {
    bool known;      /* else the provider did not say, which is not 0 */
    int64_t in, out; /* tokens, as they are billed; `in` with what came from a cache */
};

struct llm_prompt { /* borrowed */
    const char *system, *user;
    int max_tokens; /* of the answer */
};

struct llm_stream {
    const struct llm_protocol *protocol;
    /* Gets valid UTF-8 without control characters but newline and tab. */
    void (*delta)(void *arg, const char *text, size_t len);
    void *arg;
    enum llm_end end;
    struct llm_usage usage;
    struct err err;     /* of LLM_FAILED */
    size_t text_len;    /* bytes of text so far */
    char reason[48];    /* why the model stopped, in the protocol's word; "" if it did not say */
    bool closed;        /* the protocol's own end mark came */
    uint64_t signs;     /* pieces that were more than a ping: that the model is alive */
    struct sse events;  /* private from here on */
    struct strbuf body; /* of a plain JSON answer where a stream was asked for */
    bool plain, begun;
};

enum { LLM_TEXT_LIMIT = 1024 * 1024 };

void llm_stream_init(struct llm_stream *s, enum llm_protocol_id protocol,
                     void (*delta)(void *arg, const char *text, size_t len), void *arg);
void llm_stream_finish(struct llm_stream *s);

/* False once the stream is of no more use: `s->err` says why. */
bool llm_stream_feed(struct llm_stream *s, const char *bytes, size_t len);

/* No more bytes will come: `s->end` is what it amounts to. */
void llm_stream_end(struct llm_stream *s);

/* What to send: the URL under `base`, the headers but the key's ("Name: value" lines), the body. */
struct llm_request {
    char *url, *body;
    char *headers[4]; /* ends in NULL; the last may hold the key */
};
void llm_request_make(enum llm_protocol_id protocol, const char *base, const char *model,
                      const char *key, const struct llm_prompt *prompt, struct llm_request *out);
void llm_request_finish(struct llm_request *r); /* wipes the key */

/* Fills `err` from an answer with another status than 2xx, in one sentence without control
 * characters or `key` in it: ERR_DENIED for a key that will not do, ERR_NOT_FOUND for an unknown
 * model or a wrong URL, ERR_QUOTA for a used-up account, ERR_BUSY for what a later try may mend,
 * ERR_LIMIT for a prompt the model has no room for, with both numbers if the server names them,
 * else ERR_IO. */
void llm_error_of(int status, const char *content_type, const char *body, size_t len,
                  const char *key, struct err *err);

const char *llm_protocol_name(enum llm_protocol_id id); /* "openai" */

#endif
