/* Answers of language models in every shape seen from real servers: text, reason, usage and error
 * come out the same however the bytes are split. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "writer/llm_stream.h"

static void add_text(void *arg, const char *text, size_t len)
{
    strbuf_add(arg, text, len);
}

/* Feeds `bytes` in pieces of `piece`, the first of `first`; the text goes to `text`. */
static void feed(struct llm_stream *s, enum llm_protocol_id protocol, const char *bytes, size_t len,
                 size_t first, size_t piece, struct strbuf *text)
{
    size_t at = first < len ? first : len;

    llm_stream_init(s, protocol, add_text, text);
    if (llm_stream_feed(s, bytes, at))
        for (; at < len; at += piece)
            if (!llm_stream_feed(s, bytes + at, len - at < piece ? len - at : piece))
                break;
    llm_stream_end(s);
}

#define CHUNK(delta, finish)                                                                       \
    "data: "                                                                                       \
    "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"                \
    "\"delta\":" delta ",\"finish_reason\":" finish "}]}\n\n"

static const struct {
    const char *name;
    enum llm_protocol_id protocol;
    const char *bytes, *text;
    enum llm_end end;
    int64_t in, out;  /* -1: not known */
    const char *says; /* part of the error */
} answers[] = {
    {"plain", LLM_OPENAI,
     CHUNK("{\"role\":\"assistant\",\"content\":\"\"}", "null")
         CHUNK("{\"content\":\"Hel\"}", "null") CHUNK("{\"content\":\"lo \xc2\xa3\"}", "null")
             CHUNK("{}", "\"stop\"") "data: "
                                     "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_"
                                     "tokens\":3}}\n\ndata: [DONE]\n\n",
     "Hello \xc2\xa3", LLM_COMPLETE, 9, 3, NULL},
    {"null content, comments, usage beside a choice, CRLF", LLM_OPENAI,
     ": OPENROUTER PROCESSING\r\n\r\n:\r\n\r\n"
     "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\r\n\r\n"
     "data: {\"choices\":[{\"delta\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}],\"usage\":{"
     "\"prompt_tokens\":1,\"completion_tokens\":1}}\r\n\r\ndata: [DONE]\r\n\r\n",
     "A", LLM_COMPLETE, 1, 1, NULL},
    {"thinking aloud is no text", LLM_OPENAI,
     CHUNK("{\"reasoning_content\":\"hmm\"}", "null") CHUNK("{\"reasoning\":\"hmm\"}", "null")
         CHUNK("{\"content\":\"A\"}", "\"stop\"") "data: [DONE]\n\n",
     "A", LLM_COMPLETE, -1, -1, NULL},
    {"usage with an empty delta after the end, timings", LLM_OPENAI,
     CHUNK("{\"content\":\"A\"}",
           "\"stop\"") "data: "
                       "{\"choices\":[{\"index\":0,\"delta\":{}}],\"timings\":{\"n\":1.5},"
                       "\"usage\":{\"prompt_tokens\":"
                       "5,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n",
     "A", LLM_COMPLETE, 5, 2, NULL},
    {"no end mark but a reason", LLM_OPENAI, CHUNK("{\"content\":\"A\"}", "\"stop\""), "A",
     LLM_COMPLETE, -1, -1, NULL},
    {"a clean end in mid-sentence is cut", LLM_OPENAI, CHUNK("{\"content\":\"A\"}", "null"), "A",
     LLM_CUT, -1, -1, NULL},
    {"no room left", LLM_OPENAI, CHUNK("{\"content\":\"A\"}", "\"length\"") "data: [DONE]\n\n", "A",
     LLM_LENGTH, -1, -1, NULL},
    {"refused by a filter", LLM_OPENAI, CHUNK("{\"content\":\"\"}", "\"content_filter\""), "",
     LLM_REFUSED, -1, -1, NULL},
    {"refused in a field of its own", LLM_OPENAI,
     CHUNK("{\"refusal\":\"I cannot\"}", "null") CHUNK("{}", "\"stop\""), "", LLM_REFUSED, -1, -1,
     NULL},
    {"an error inside a 200, beside choices", LLM_OPENAI,
     CHUNK("{\"content\":\"A\"}",
           "null") "data: {\"error\":{\"code\":502,\"message\":\"Upstream "
                   "gone\"},\"choices\":[{\"delta\":{\"content\":"
                   "\"\"},\"finish_reason\":\"error\"}]}\n\ndata: [DONE]\n\n",
     "A", LLM_FAILED, -1, -1, "Upstream gone"},
    {"an error event with no end mark", LLM_OPENAI,
     "event: error\ndata: {\"error\":{\"message\":\"over\\u001b[31m\",\"code\":null}}\n\n", "",
     LLM_FAILED, -1, -1, "over [31m"},
    {"an error that is a text", LLM_OPENAI, "data: {\"error\":\"model busy\"}\n\n", "", LLM_FAILED,
     -1, -1, "model busy"},
    {"a plain document where a stream was asked for", LLM_OPENAI,
     " {\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"All at "
     "once\"},\"finish_reason\":"
     "\"stop\"}],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":3}}",
     "All at once", LLM_COMPLETE, 4, 3, NULL},
    {"a page of HTML", LLM_OPENAI, "<html><body>Sign in</body></html>", "", LLM_FAILED, -1, -1,
     "page of HTML"},
    {"no JSON in the data", LLM_OPENAI, "data: {\"choices\":\n\n", "", LLM_FAILED, -1, -1,
     "no JSON"},
    {"bytes that are no UTF-8", LLM_OPENAI,
     "data: {\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}\n\n", "", LLM_FAILED, -1, -1,
     "no JSON"},
    {"nothing", LLM_OPENAI, "", "", LLM_CUT, -1, -1, NULL},
    {"no text at all", LLM_OPENAI, CHUNK("{}", "\"stop\""), "", LLM_FAILED, -1, -1, "no text"},
    {"escape sequences are taken out", LLM_OPENAI,
     CHUNK("{\"content\":\"a\\u001b[31mb\\nc\\u0007\"}", "\"stop\""), "a[31mb\nc", LLM_COMPLETE, -1,
     -1, NULL},

    {"blocks", LLM_ANTHROPIC,
     "event: message_start\ndata: "
     "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":11,"
     "\"cache_read_input_tokens\":4,\"output_tokens\":1}}}   \n\n"
     "event: content_block_start\ndata: "
     "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{"
     "\"type\":\"thinking\",\"thinking\":\"\"}}\n\n"
     "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\","
     "\"thinking\":\"hmm\"}}\n\nevent: ping\ndata: {\"type\": \"ping\"}\n\n"
     "data: "
     "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":"
     "\"Hi\"}}\n\ndata: {\"type\":\"of_tomorrow\"}\n\n"
     "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{"
     "\"output_tokens\":6}}\n\ndata: {\"type\":\"message_stop\"}\n\n",
     "Hi", LLM_COMPLETE, 15, 6, NULL},
    {"input tokens told at the end", LLM_ANTHROPIC,
     "data: "
     "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}}"
     "\n\n"
     "data: "
     "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n"
     "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\"},\"usage\":{"
     "\"input_tokens\":30,\"output_tokens\":2}}\n\ndata: {\"type\":\"message_stop\"}\n\n",
     "Hi", LLM_LENGTH, 30, 2, NULL},
    {"a refusal is no text", LLM_ANTHROPIC,
     "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"},\"usage\":{"
     "\"output_tokens\":0}}\n\ndata: {\"type\":\"message_stop\"}\n\n",
     "", LLM_REFUSED, 0, 0, NULL},
    {"no message_stop is cut", LLM_ANTHROPIC,
     "data: "
     "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n"
     "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n",
     "Hi", LLM_CUT, -1, -1, NULL},
    {"overloaded after a 200", LLM_ANTHROPIC,
     "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":"
     "\"Overloaded\"}}\n\n",
     "", LLM_FAILED, -1, -1, "overloaded"},
    {"a whole message", LLM_ANTHROPIC,
     "{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"x\"},{\"type\":"
     "\"text\","
     "\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":2,\"output_"
     "tokens\":1}}",
     "Hi", LLM_COMPLETE, 2, 1, NULL},

    {"lines, the last without an end", LLM_OLLAMA,
     "{\"message\":{\"role\":\"assistant\",\"content\":\"H\"},\"done\":false}\n"
     "{\"message\":{\"content\":\"i\",\"thinking\":\"x\"},\"done\":false}\n"
     "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"total_duration\":"
     "4883583458,"
     "\"prompt_eval_count\":17,\"eval_count\":2}",
     "Hi", LLM_COMPLETE, 17, 2, NULL},
    {"an error line", LLM_OLLAMA,
     "{\"message\":{\"content\":\"H\"},\"done\":false}\n{\"error\":\"model runner has stopped\"}\n",
     "H", LLM_FAILED, -1, -1, "runner has stopped"},
    {"never done is cut", LLM_OLLAMA, "{\"message\":{\"content\":\"H\"},\"done\":false}\n", "H",
     LLM_CUT, -1, -1, NULL},
    {"out of room", LLM_OLLAMA,
     "{\"message\":{\"content\":\"H\"},\"done\":true,\"done_reason\":\"length\",\"eval_count\":1}"
     "\n",
     "H", LLM_LENGTH, 0, 1, NULL},
};

static void expect(size_t i, size_t first, size_t piece)
{
    struct llm_stream s;
    struct strbuf text;

    strbuf_init(&text, 1 << 20);
    feed(&s, answers[i].protocol, answers[i].bytes, strlen(answers[i].bytes), first, piece, &text);
    if (s.end != answers[i].end || strcmp(text.data, answers[i].text) != 0 ||
        s.usage.known != (answers[i].in >= 0) ||
        (s.usage.known && (s.usage.in != answers[i].in || s.usage.out != answers[i].out)) ||
        (answers[i].says && !strstr(s.err.msg, answers[i].says)))
        fail_msg("%s (%zu, %zu): end %d, \"%s\", usage %d %lld %lld, error \"%s\"", answers[i].name,
                 first, piece, (int)s.end, text.data, s.usage.known, (long long)s.usage.in,
                 (long long)s.usage.out, s.err.msg);
    llm_stream_finish(&s);
    strbuf_finish(&text);
}

static void every_split_gives_the_same_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        size_t len = strlen(answers[i].bytes);

        for (size_t first = 0; first <= len; first++)
            expect(i, first, len + 1);
        for (size_t piece = 1; piece <= 9; piece++)
            expect(i, 0, piece);
    }
}

static void a_model_without_end_is_stopped(void **state)
{
    static const char line[] =
        "{\"message\":{\"content\":\"0123456789012345678901234567890123456789\"}}\n";
    struct llm_stream s;
    struct strbuf text;

    (void)state;
    strbuf_init(&text, 2 << 20);
    llm_stream_init(&s, LLM_OLLAMA, add_text, &text);
    while (llm_stream_feed(&s, line, sizeof line - 1))
        assert_true(text.len <= LLM_TEXT_LIMIT);
    assert_int_equal(s.err.code, ERR_LIMIT);
    llm_stream_finish(&s);
    strbuf_finish(&text);
}

/* ---- errors ---- */

static const struct {
    int status;
    const char *type, *body;
    enum err_code code;
    const char *says;
} errors[] = {
    {401, "application/json", "{\"error\":{\"message\":\"Incorrect API key provided: sk-hidden\"}}",
     ERR_DENIED, "does not accept the key"},
    {400, "application/json", "{\"error\":{\"message\":\"API key\",\"code\":\"invalid_api_key\"}}",
     ERR_DENIED, "does not accept the key"},
    {404, "text/plain", "404 page not found", ERR_NOT_FOUND, "llm_url"},
    {404, "application/json",
     "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model: x\"}}",
     ERR_NOT_FOUND, "no such model"},
    {400, "application/json",
     "{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context "
     "size\",\"type\":"
     "\"exceed_context_size_error\",\"n_prompt_tokens\":9120,\"n_ctx\":8192}}",
     ERR_LIMIT, "it has 9120 tokens, the model takes 8192"},
    {400, "application/json",
     "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens. However, your "
     "messages "
     "resulted in 9120 tokens.\",\"code\":\"context_length_exceeded\"}}",
     ERR_LIMIT, "it has 9120 tokens, the model takes 8192"},
    {400, "application/json",
     "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is "
     "too long: "
     "210000 tokens > 200000 maximum\"}}",
     ERR_LIMIT, "it has 210000 tokens, the model takes 200000"},
    {429, "application/json", "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}}",
     ERR_QUOTA, "no credit"},
    {429, "application/json", "{\"error\":{\"message\":\"slow\"}}", ERR_BUSY, "too many requests"},
    {529, "", "", ERR_BUSY, "overloaded (529)"},
    {503, "application/json", "{\"error\":{\"code\":503,\"message\":\"Loading model\"}}", ERR_BUSY,
     "being loaded"},
    {502, "text/html", "<html>\x1b[31m</html>", ERR_BUSY, "page of HTML"},
    {418, "application/json", "{\"detail\":\"teapot\"}", ERR_IO, "teapot"},
};

static void errors_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        struct err err = {0};

        llm_error_of(errors[i].status, errors[i].type, errors[i].body, strlen(errors[i].body),
                     "sk-hidden", &err);
        if (err.code != errors[i].code || !strstr(err.msg, errors[i].says))
            fail_msg("%d %s: %d \"%s\"", errors[i].status, errors[i].body, (int)err.code, err.msg);
        assert_null(strstr(err.msg, "sk-hidden"));
        assert_null(strchr(err.msg, 0x1b));
    }
}

/* ---- requests ---- */

static const struct {
    enum llm_protocol_id protocol;
    const char *base, *url, *key;
} urls[] = {
    {LLM_OPENAI, "http://h:8080/v1", "http://h:8080/v1/chat/completions",
     "Authorization: Bearer k"},
    {LLM_OPENAI, "https://h/api/v1/", "https://h/api/v1/chat/completions",
     "Authorization: Bearer k"},
    {LLM_ANTHROPIC, "https://h", "https://h/v1/messages", "x-api-key: k"},
    {LLM_ANTHROPIC, "https://h/v1/", "https://h/v1/messages", "x-api-key: k"},
    {LLM_OLLAMA, "http://h:11434/", "http://h:11434/api/chat", "Authorization: Bearer k"},
};

static void a_request_goes_where_users_expect(void **state)
{
    const struct llm_prompt prompt = {.system = "s", .user = "u \"q\"", .max_tokens = 700};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        struct llm_request r;
        struct err err = {0};
        size_t last = 0;
        bson_t body;

        llm_request_make(urls[i].protocol, urls[i].base, "m", "k", &prompt, &r);
        assert_string_equal(r.url, urls[i].url);
        while (r.headers[last + 1])
            last++;
        assert_string_equal(r.headers[last], urls[i].key);
        assert_null(strstr(r.body, "\"k\""));
        assert_true(json_read(r.body, strlen(r.body), &body, &err));
        assert_string_equal(doc_str(&body, "model", ""), "m");
        assert_true(doc_bool(&body, "stream", false));
        bson_destroy(&body);
        llm_request_finish(&r);
    }
}

/* ---- recordings of real services, where they are at hand ---- */

static const struct {
    const char *file;
    enum llm_protocol_id protocol;
    enum llm_end end;
} recordings[] = {
    {"anthropic_sdk_basic_response.sse", LLM_ANTHROPIC, LLM_COMPLETE},
    {"anthropic_sdk_refusal_response.sse", LLM_ANTHROPIC, LLM_REFUSED},
    {"anthropic_text.0.sse", LLM_ANTHROPIC, LLM_COMPLETE},
    {"anthropic_thinking.0.sse", LLM_ANTHROPIC, LLM_COMPLETE},
    {"ollama_chat.0.json", LLM_OLLAMA, LLM_COMPLETE},
    {"ollama_streaming_chat.0.ndjson", LLM_OLLAMA, LLM_COMPLETE},
    {"openai_chat_basic.0.sse", LLM_OPENAI, LLM_COMPLETE},
    {"openai_chat_usage_obfuscation.0.sse", LLM_OPENAI, LLM_REFUSED}, /* calls a tool */
    {"openai_chat_usage_obfuscation.1.sse", LLM_OPENAI, LLM_COMPLETE},
    {"openrouter_midstream_error.0.sse", LLM_OPENAI, LLM_FAILED},
};

static void recordings_are_read(void **state)
{
    const char *set = getenv("STRATTIO_FIXTURES");
    char *folder = mem_str(set ? set : SOURCE_DIR "/../shared/fixtures");
    DIR *there = opendir(folder);

    (void)state;
    if (!there) {
        free(folder);
        skip();
    }
    closedir(there);
    for (size_t i = 0; i < ARRAY_LEN(recordings); i++) {
        char *path = mem_printf("%s/llm/%s", folder, recordings[i].file), *bytes;
        struct llm_stream s;
        struct strbuf text;
        struct err err = {0};
        size_t len = 0;

        bytes = paths_read_file(path, 1 << 20, &len, &err);
        assert_non_null(bytes);
        strbuf_init(&text, 1 << 20);
        feed(&s, recordings[i].protocol, bytes, len, 1, 3, &text);
        if (s.end != recordings[i].end)
            fail_msg("%s: end %d, \"%s\"", path, (int)s.end, s.err.msg);
        if (s.end == LLM_COMPLETE)
            assert_true(text.len > 0 && (s.usage.known || recordings[i].protocol == LLM_OPENAI));
        llm_stream_finish(&s);
        strbuf_finish(&text);
        free(bytes);
        free(path);
    }
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_split_gives_the_same_answer),
        cmocka_unit_test(a_model_without_end_is_stopped),
        cmocka_unit_test(errors_are_told_apart),
        cmocka_unit_test(a_request_goes_where_users_expect),
        cmocka_unit_test(recordings_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
