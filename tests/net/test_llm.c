/* Questions to a model on a server that misbehaves as told: what is tried again and what never
 * is, what is kept, and that nothing waits for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "net/http.h"
#include "strattio/attr.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"
#include "writer/llm.h"

#include "net/loopback.h"

#define SAY(text)                                                                                  \
    "data: {\"choices\":[{\"delta\":{\"content\":\"" text "\"},\"finish_reason\":null}]}\n\n"
#define STOP                                                                                       \
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"                          \
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\ndata: "     \
    "[DONE]\n\n"

enum { SCRIPT_MAX = 10 };

struct talk { /* what the server says, one answer a request, and what came of one question */
    struct loopback_answer script[SCRIPT_MAX];
    size_t script_count;
    struct loopback *server;
    struct llm *llm;
    struct strbuf text;
    struct llm_answer answer;
    bool done;
    int retries;
    int64_t waited;
};

static void play(void *arg, const struct loopback_request *request, struct loopback_answer *out)
{
    const struct talk *t = arg;
    size_t last = t->script_count - 1;

    *out = t->script[request->number < last ? request->number : last];
}

static void on_text(void *arg, const char *text, size_t len)
{
    strbuf_add(&((struct talk *)arg)->text, text, len);
}

static void on_retry(void *arg, int64_t wait_ms, const struct err *why)
{
    struct talk *t = arg;

    assert_int_not_equal(why->code, ERR_NONE);
    t->retries++;
    t->waited += wait_ms;
}

static void on_done(void *arg, const struct llm_answer *answer)
{
    struct talk *t = arg;

    assert_false(t->done);
    t->done = true;
    t->answer = *answer;
}

static struct llm *open_llm(const struct talk *t, struct llm_server server)
{
    const struct http_options options = {.user_agent = "strattio-test"};
    struct err err = {0};
    struct llm *llm;

    server.protocol = LLM_OPENAI;
    server.url = loopback_url(t->server);
    server.model = "m";
    server.key = "sk-secret";
    llm = llm_open(&server, &options, &err);
    if (!llm)
        fail_msg("%s", err.msg);
    return llm;
}

static struct talk *begin(const struct loopback_answer *script, size_t count,
                          struct llm_server server)
{
    struct talk *t = mem_zero(1, sizeof *t);

    memcpy(t->script, script, count * sizeof *script);
    t->script_count = count;
    strbuf_init(&t->text, 1 << 20);
    t->server = loopback_start(play, t);
    t->llm = open_llm(t, server);
    return t;
}

static void ask(struct talk *t)
{
    const struct llm_prompt prompt = {.system = "be brief", .user = "write", .max_tokens = 100};
    const struct llm_listener to = {on_text, on_retry, on_done, t};
    struct err err = {0};

    assert_true(llm_ask(t->llm, &prompt, &to, &err));
}

static void work(struct talk *t)
{
    struct err err = {0};

    while (!t->done)
        assert_true(llm_work(t->llm, 30000, &err));
    assert_int_equal(llm_active(t->llm), 0);
}

static void end(struct talk *t)
{
    llm_close(t->llm);
    loopback_stop(t->server);
    strbuf_finish(&t->text);
    free(t);
}

/* The whole of one question against one script. */
static struct talk *converse(const struct loopback_answer *script, size_t count)
{
    struct talk *t = begin(script, count, (struct llm_server){0});

    ask(t);
    work(t);
    return t;
}

#define EVENTS .status = 200, .type = "text/event-stream"

static void an_answer_is_streamed(void **state)
{
    const struct loopback_answer script[] = {
        {EVENTS, .bytes = SAY("Hel") SAY("lo") STOP, .piece = 7}};
    struct talk *t = converse(script, 1);
    char *request = loopback_text(t->server, 0);

    (void)state;
    assert_int_equal(t->answer.end, LLM_COMPLETE);
    assert_string_equal(t->text.data, "Hello");
    assert_true(t->answer.usage.known && t->answer.usage.in == 5 && t->answer.usage.out == 2);
    assert_int_equal(t->answer.tries, 1);
    assert_true(t->answer.first_ms >= 0 && t->answer.first_ms <= t->answer.ms);
    assert_non_null(strstr(request, "POST /chat/completions HTTP/1.1"));
    assert_non_null(strstr(request, "Authorization: Bearer sk-secret\r\n"));
    free(request);
    end(t);
}

static void what_a_later_try_may_mend_is_tried_again(void **state)
{
    const struct loopback_answer script[] = {
        {.status = 503, .bytes = "{\"error\":{\"message\":\"Loading model\"}}"},
        {.end = LOOPBACK_RESET},
        {EVENTS, .bytes = SAY("Hi") STOP},
    };
    struct talk *t = converse(script, 3);

    (void)state;
    assert_int_equal(t->answer.end, LLM_COMPLETE);
    assert_string_equal(t->text.data, "Hi");
    assert_int_equal(t->answer.tries, 3);
    assert_int_equal(t->retries, 2);
    end(t);
}

static void the_server_says_how_long_to_wait(void **state)
{
    const struct loopback_answer script[] = {
        {.status = 429,
         .headers = "Retry-After: 1\r\n",
         .bytes = "{\"error\":{\"message\":\"slow\"}}"},
        {EVENTS, .bytes = SAY("Hi") STOP},
    };
    const struct loopback_answer too_long[] = {
        {.status = 429, .headers = "Retry-After: 3600\r\n", .bytes = "{}"},
    };
    struct talk *t = converse(script, 2);

    (void)state;
    assert_int_equal(t->answer.end, LLM_COMPLETE);
    assert_int_equal(t->waited, 1000);
    end(t);
    t = converse(too_long, 1);
    assert_int_equal(t->answer.err.code, ERR_BUSY);
    assert_int_equal(t->answer.tries, 1);
    end(t);
}

static const struct {
    const char *name;
    struct loopback_answer answer;
    enum llm_end end;
    enum err_code code;
    const char *text;
} once[] = {
    {"a wrong key",
     {.status = 401,
      .type = "application/json",
      .bytes = "{\"error\":{\"message\":\"Bad key sk-secret\"}}"},
     LLM_FAILED,
     ERR_DENIED,
     ""},
    {"an empty account",
     {.status = 429, .bytes = "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}}"},
     LLM_FAILED,
     ERR_QUOTA,
     ""},
    {"no room for the brief",
     {.status = 400,
      .bytes = "{\"error\":{\"code\":400,\"type\":\"exceed_context_size_error\",\"message\":"
               "\"x\",\"n_prompt_tokens\":9000,\"n_ctx\":8192}}"},
     LLM_FAILED,
     ERR_LIMIT,
     ""},
    {"text that was seen is not asked for again",
     {EVENTS, .bytes = SAY("Half")},
     LLM_CUT,
     ERR_NONE,
     "Half"},
    {"nor when the line breaks",
     {EVENTS, .headers = "Content-Length: 9999\r\n", .bytes = SAY("Half"), .end = LOOPBACK_RESET},
     LLM_CUT,
     ERR_OFFLINE,
     "Half"},
    {"an error after text",
     {EVENTS, .bytes = SAY("Half") "data: {\"error\":{\"message\":\"gone\"}}\n\n"},
     LLM_FAILED,
     ERR_IO,
     "Half"},
    {"a redirect is not followed, the key would go along",
     {.status = 307, .headers = "Location: http://127.0.0.1:1/\r\n", .bytes = ""},
     LLM_FAILED,
     ERR_IO,
     ""},
    {"a flood without a newline",
     {EVENTS, .bytes = SAY("Half"), .end = LOOPBACK_FLOOD},
     LLM_FAILED,
     ERR_LIMIT,
     "Half"},
};

static void the_rest_is_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(once); i++) {
        struct talk *t = converse(&once[i].answer, 1);

        if (t->answer.end != once[i].end || t->answer.err.code != once[i].code ||
            t->answer.tries != 1 || strcmp(t->text.data, once[i].text) != 0)
            fail_msg("%s: end %d, %d \"%s\", %d tries, \"%s\"", once[i].name, (int)t->answer.end,
                     (int)t->answer.err.code, t->answer.err.msg, t->answer.tries, t->text.data);
        assert_null(strstr(t->answer.err.msg, "sk-secret"));
        end(t);
    }
}

static void pings_do_not_count_as_life(void **state)
{
    const struct loopback_answer pings[] = {
        {EVENTS, .bytes = ":\n\n:\n\n:\n\n:\n\n:\n\n:\n\n:\n\n:\n\n:\n\n", .piece = 3,
         .pause_ms = 20, .end = LOOPBACK_STALL}};
    const struct loopback_answer falls_silent[] = {
        {EVENTS, .bytes = SAY("Half"), .end = LOOPBACK_STALL}};
    struct talk *t = begin(falls_silent, 1, (struct llm_server){.silence_ms = 60});

    (void)state;
    ask(t);
    work(t);
    assert_int_equal(t->answer.end, LLM_CUT);
    assert_non_null(strstr(t->answer.err.msg, "fell silent"));
    assert_string_equal(t->text.data, "Half");
    end(t);

    t = begin(pings, 1, (struct llm_server){.first_ms = 60});
    ask(t);
    work(t);
    assert_int_equal(t->answer.end, LLM_FAILED);
    assert_int_equal(t->answer.tries, 3);
    assert_non_null(strstr(t->answer.err.msg, "does not begin"));
    end(t);
}

static void all_is_cancelled_at_once(void **state)
{
    const struct loopback_answer script[] = {{EVENTS, .bytes = SAY("Half"), .end = LOOPBACK_STALL}};
    const struct loopback_answer busy[] = {
        {.status = 503, .headers = "Retry-After: 60\r\n", .bytes = "{}"}};
    struct talk *t = begin(script, 1, (struct llm_server){0});
    struct err err = {0};

    (void)state;
    ask(t);
    while (!t->text.len)
        assert_true(llm_work(t->llm, 30000, &err));
    llm_cancel(t->llm);
    work(t);
    assert_int_equal(t->answer.err.code, ERR_CANCELLED);
    assert_string_equal(t->text.data, "Half");
    end(t);

    t = begin(busy, 1, (struct llm_server){0});
    ask(t);
    while (!t->retries)
        assert_true(llm_work(t->llm, 30000, &err));
    llm_cancel(t->llm); /* while it waits for the next try */
    work(t);
    assert_int_equal(t->answer.err.code, ERR_CANCELLED);
    end(t);
}

static void nine_are_written_at_once(void **state)
{
    const struct loopback_answer script[] = {
        {EVENTS, .bytes = SAY("a") SAY("b") SAY("c") STOP, .piece = 11, .pause_ms = 1}};
    struct talk *t = begin(script, 1, (struct llm_server){0}), *each[9];
    const struct llm_prompt prompt = {.system = "s", .user = "u", .max_tokens = 100};
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(each); i++) {
        each[i] = mem_zero(1, sizeof **each);
        strbuf_init(&each[i]->text, 100);
        assert_true(llm_ask(t->llm, &prompt,
                            &(struct llm_listener){on_text, on_retry, on_done, each[i]}, &err));
    }
    while (llm_active(t->llm))
        assert_true(llm_work(t->llm, 30000, &err));
    for (size_t i = 0; i < ARRAY_LEN(each); i++) {
        assert_string_equal(each[i]->text.data, "abc");
        assert_int_equal(each[i]->answer.end, LLM_COMPLETE);
        strbuf_finish(&each[i]->text);
        free(each[i]);
    }
    end(t);
}

static void a_server_must_be_named(void **state)
{
    static const struct {
        const char *url, *model, *says;
    } servers[] = {{"", "m", "set llm_url"},
                   {"http://127.0.0.1:1", "", "set llm_model"},
                   {"http://8.8.8.8/v1", "m", "llm_url: 8.8.8.8"},
                   {"example.com", "m", "llm_url: that is no URL"}};
    const struct http_options options = {.user_agent = "strattio-test"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(servers); i++) {
        const struct llm_server server = {.url = servers[i].url, .model = servers[i].model};
        struct err err = {0};

        assert_null(llm_open(&server, &options, &err));
        assert_int_equal(err.code, ERR_INVALID);
        if (!strstr(err.msg, servers[i].says))
            fail_msg("%s: %s", servers[i].url, err.msg);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_streamed),
        cmocka_unit_test(what_a_later_try_may_mend_is_tried_again),
        cmocka_unit_test(the_server_says_how_long_to_wait),
        cmocka_unit_test(the_rest_is_not),
        cmocka_unit_test(pings_do_not_count_as_life),
        cmocka_unit_test(all_is_cancelled_at_once),
        cmocka_unit_test(nine_are_written_at_once),
        cmocka_unit_test(a_server_must_be_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
