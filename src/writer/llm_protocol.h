/* llm_protocol.h - one row a protocol. Private to the files that speak them. */
#ifndef STRATTIO_WRITER_LLM_PROTOCOL_H
#define STRATTIO_WRITER_LLM_PROTOCOL_H

#include "writer/llm_stream.h"

struct llm_protocol {
    const char *name;
    const char *path; /* after the base URL */
    enum sse_kind kind;
    const char *done;       /* data that is no JSON and ends the stream, or NULL */
    const char *key_header; /* "Authorization: Bearer " */
    const char *header;     /* another one, or NULL */
    void (*body)(const char *model, const struct llm_prompt *prompt, bson_t *out);
    void (*event)(struct llm_stream *s, const bson_t *json); /* one event of a stream */
    void (*whole)(struct llm_stream *s, const bson_t *json); /* a plain answer */
    /* What a reason for stopping amounts to. */
    const struct llm_reason {
        const char *word;
        enum llm_end end;
    } * reasons;
    bool needs_close; /* without its end mark an answer is cut, whatever reason it gave */
};

extern const struct llm_protocol llm_openai, llm_anthropic, llm_ollama;

/* For the protocols: text that came, why it stopped, an error inside the stream. */
void llm_stream_text(struct llm_stream *s, const char *text);
void llm_stream_reason(struct llm_stream *s, const char *word); /* NULL: none yet */
void llm_stream_error(struct llm_stream *s, const bson_t *json, const char *field);

/* Adds "messages": what the system says, what the user says. */
void llm_messages(const struct llm_prompt *prompt, bson_t *out);

#endif
