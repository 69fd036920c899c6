/* llm_openai.c - Chat Completions as OpenAI, llama.cpp, vLLM, Ollama, OpenRouter, Groq and
 * DeepSeek serve them. Only fields that all of them take are sent. What a model thinks aloud
 * comes in fields of its own (`reasoning`, `reasoning_content`) and is no text of the plan, so
 * that only `content` counts. `choices` may be empty or absent: usage then comes alone. */
#include "strattio/doc.h"

#include "writer/llm_protocol.h"

static void openai_body(const char *model, const struct llm_prompt *prompt, bson_t *out)
{
    bson_t part;

    BSON_APPEND_UTF8(out, "model", model);
    llm_messages(prompt, out);
    BSON_APPEND_BOOL(out, "stream", true);
    bson_append_document_begin(out, "stream_options", -1, &part);
    BSON_APPEND_BOOL(&part, "include_usage", true);
    bson_append_document_end(out, &part);
    BSON_APPEND_INT32(out, "max_tokens", prompt->max_tokens);
}

static void take_usage(struct llm_stream *s, const bson_t *json)
{
    if (!doc_has(json, "usage.prompt_tokens") && !doc_has(json, "usage.completion_tokens"))
        return;
    s->usage = (struct llm_usage){.known = true,
                                  .in = doc_int(json, "usage.prompt_tokens", 0),
                                  .out = doc_int(json, "usage.completion_tokens", 0)};
}

/* `part` is where the text is: "delta" of a stream, "message" of a whole answer. */
static void take_choice(struct llm_stream *s, const bson_t *json, const char *content,
                        const char *refusal)
{
    llm_stream_text(s, doc_str(json, content, ""));
    if (*doc_str(json, refusal, ""))
        llm_stream_reason(s, "refusal");
    llm_stream_reason(s, doc_str(json, "choices.0.finish_reason", NULL));
    take_usage(s, json);
}

static void openai_event(struct llm_stream *s, const bson_t *json)
{
    llm_stream_error(s, json, "error");
    take_choice(s, json, "choices.0.delta.content", "choices.0.delta.refusal");
}

static void openai_whole(struct llm_stream *s, const bson_t *json)
{
    llm_stream_error(s, json, "error");
    take_choice(s, json, "choices.0.message.content", "choices.0.message.refusal");
    s->closed = true;
}

static const struct llm_reason reasons[] = {
    {"stop", LLM_COMPLETE},          {"eos", LLM_COMPLETE},    {"length", LLM_LENGTH},
    {"content_filter", LLM_REFUSED}, {"refusal", LLM_REFUSED}, {"tool_calls", LLM_REFUSED},
    {"function_call", LLM_REFUSED},  {NULL, LLM_COMPLETE},
};

const struct llm_protocol llm_openai = {
    .name = "openai",
    .path = "/chat/completions",
    .kind = SSE_EVENTS,
    .done = "[DONE]",
    .key_header = "Authorization: Bearer ",
    .body = openai_body,
    .event = openai_event,
    .whole = openai_whole,
    .reasons = reasons,
};
