/* llm_ollama.c - Ollama's own chat: lines of JSON. Its context is small unless told, and older
 * text then falls out without a word; so num_ctx asks for what prompt and answer need, by a rough
 * count of three bytes a token, rounded up to the steps models are made for. */
#include <string.h>

#include "strattio/doc.h"

#include "writer/llm_protocol.h"

enum { BYTES_A_TOKEN = 3, CONTEXT_STEP = 2048, CONTEXT_LEAST = 8192 };

static int32_t context_for(const struct llm_prompt *prompt)
{
    size_t need = (strlen(prompt->system) + strlen(prompt->user)) / BYTES_A_TOKEN +
                  (size_t)prompt->max_tokens;

    need = (need + CONTEXT_STEP - 1) / CONTEXT_STEP * CONTEXT_STEP;
    return need < CONTEXT_LEAST ? CONTEXT_LEAST : (int32_t)need;
}

static void ollama_body(const char *model, const struct llm_prompt *prompt, bson_t *out)
{
    bson_t part;

    BSON_APPEND_UTF8(out, "model", model);
    llm_messages(prompt, out);
    BSON_APPEND_BOOL(out, "stream", true);
    bson_append_document_begin(out, "options", -1, &part);
    BSON_APPEND_INT32(&part, "num_ctx", context_for(prompt));
    BSON_APPEND_INT32(&part, "num_predict", prompt->max_tokens);
    bson_append_document_end(out, &part);
}

static void ollama_event(struct llm_stream *s, const bson_t *json)
{
    llm_stream_error(s, json, "error");
    llm_stream_text(s, doc_str(json, "message.content", ""));
    if (!doc_bool(json, "done", false))
        return;
    s->closed = true;
    llm_stream_reason(s, doc_str(json, "done_reason", "stop"));
    s->usage.known = doc_has(json, "eval_count");
    s->usage.in = doc_int(json, "prompt_eval_count", 0);
    s->usage.out = doc_int(json, "eval_count", 0);
}

static const struct llm_reason reasons[] = {
    {"stop", LLM_COMPLETE}, {"length", LLM_LENGTH}, {"load", LLM_CUT},
    {"unload", LLM_CUT},    {NULL, LLM_COMPLETE},
};

const struct llm_protocol llm_ollama = {
    .name = "ollama",
    .path = "/api/chat",
    .kind = SSE_LINES,
    .key_header = "Authorization: Bearer ",
    .body = ollama_body,
    .event = ollama_event,
    .whole = ollama_event,
    .reasons = reasons,
    .needs_close = true,
};
