/* llm_anthropic.c - Anthropic's Messages. Text comes in blocks of type "text", in the order of
 * their index; blocks of thinking are none of the plan's. Output tokens are cumulative; input
 * tokens are the sum of three counts. Event types that are not known mean nothing here, as the
 * protocol asks. */
#include <string.h>

#include "strattio/doc.h"
#include "strattio/mem.h"

#include "writer/llm_protocol.h"

static void anthropic_body(const char *model, const struct llm_prompt *prompt, bson_t *out)
{
    bson_t list, message;

    BSON_APPEND_UTF8(out, "model", model);
    BSON_APPEND_INT32(out, "max_tokens", prompt->max_tokens);
    BSON_APPEND_UTF8(out, "system", prompt->system);
    bson_append_array_begin(out, "messages", -1, &list);
    bson_append_document_begin(&list, "0", -1, &message);
    BSON_APPEND_UTF8(&message, "role", "user");
    BSON_APPEND_UTF8(&message, "content", prompt->user);
    bson_append_document_end(&list, &message);
    bson_append_array_end(out, &list);
    BSON_APPEND_BOOL(out, "stream", true);
}

/* A server may say 0 at the start and the right number at the end: the larger one holds. */
static void take_usage(struct llm_stream *s, const bson_t *json, const char *under)
{
    static const char *const inputs[] = {"input_tokens", "cache_creation_input_tokens",
                                         "cache_read_input_tokens"};
    bson_t usage;
    int64_t in = 0, out;

    if (!doc_view(json, under, &usage))
        return;
    for (size_t i = 0; i < ARRAY_LEN(inputs); i++)
        in += doc_int(&usage, inputs[i], 0);
    out = doc_int(&usage, "output_tokens", 0);
    s->usage.known = true;
    s->usage.in = in > s->usage.in ? in : s->usage.in;
    s->usage.out = out > s->usage.out ? out : s->usage.out;
}

static void anthropic_event(struct llm_stream *s, const bson_t *json)
{
    const char *type = doc_str(json, "type", "");

    if (strcmp(type, "error") == 0 || doc_has(json, "error"))
        llm_stream_error(s, json, "error");
    else if (strcmp(type, "message_start") == 0)
        take_usage(s, json, "message.usage");
    else if (strcmp(type, "content_block_start") == 0 &&
             strcmp(doc_str(json, "content_block.type", ""), "text") == 0)
        llm_stream_text(s, doc_str(json, "content_block.text", ""));
    else if (strcmp(type, "content_block_delta") == 0 &&
             strcmp(doc_str(json, "delta.type", ""), "text_delta") == 0)
        llm_stream_text(s, doc_str(json, "delta.text", ""));
    else if (strcmp(type, "message_delta") == 0) {
        llm_stream_reason(s, doc_str(json, "delta.stop_reason", NULL));
        take_usage(s, json, "usage");
    } else if (strcmp(type, "message_stop") == 0) {
        s->closed = true;
    }
}

static void anthropic_whole(struct llm_stream *s, const bson_t *json)
{
    llm_stream_error(s, json, "error");
    for (size_t i = 0; i < doc_count(json, "content"); i++) {
        char *type = mem_printf("content.%zu.type", i), *text = mem_printf("content.%zu.text", i);

        if (strcmp(doc_str(json, type, ""), "text") == 0)
            llm_stream_text(s, doc_str(json, text, ""));
        free(type);
        free(text);
    }
    llm_stream_reason(s, doc_str(json, "stop_reason", NULL));
    take_usage(s, json, "usage");
    s->closed = true;
}

static const struct llm_reason reasons[] = {
    {"end_turn", LLM_COMPLETE}, {"stop_sequence", LLM_COMPLETE},
    {"max_tokens", LLM_LENGTH}, {"model_context_window_exceeded", LLM_LENGTH},
    {"refusal", LLM_REFUSED},   {"tool_use", LLM_REFUSED},
    {"pause_turn", LLM_CUT},    {NULL, LLM_COMPLETE},
};

const struct llm_protocol llm_anthropic = {
    .name = "anthropic",
    .path = "/v1/messages",
    .kind = SSE_EVENTS,
    .key_header = "x-api-key: ",
    .header = "anthropic-version: 2023-06-01",
    .body = anthropic_body,
    .event = anthropic_event,
    .whole = anthropic_whole,
    .reasons = reasons,
    .needs_close = true,
};
