/* What http.h promises, against a server on this machine that answers as told: whole answers,
 * pieces, errors, silence, floods, broken connections, redirects, certificates of nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/address.h"
#include "net/http.h"
#include "strattio/attr.h"
#include "strattio/clock.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "net/loopback.h"
#include "support/temp_dir.h"

struct heard { /* what one call brought */
    bool done, failed;
    int status;
    struct err err;
    struct strbuf body, pieces;
    int64_t retry_after_ms;
    size_t stop_at; /* data() refuses from here on; 0: never */
    struct loopback_answer answer;
    struct loopback *server;
    struct http *http;
};

static void answer(void *arg, const struct loopback_request *request, struct loopback_answer *out)
{
    const struct heard *h = arg;

    (void)request;
    *out = h->answer;
}

static void on_done(void *arg, const struct http_response *response, const struct err *err)
{
    struct heard *h = arg;

    assert_false(h->done);
    h->done = true;
    h->failed = err != NULL;
    if (err)
        h->err = *err;
    h->status = response->status;
    h->retry_after_ms = response->retry_after_ms;
    strbuf_add(&h->body, response->body, response->len);
}

static bool on_data(void *arg, const char *bytes, size_t len)
{
    struct heard *h = arg;

    strbuf_add(&h->pieces, bytes, len);
    return !h->stop_at || h->pieces.len < h->stop_at;
}

static int set_up(void **state)
{
    struct heard *h = mem_zero(1, sizeof *h);
    struct http_options options = {.user_agent = "strattio-test"};
    struct err err = {0};

    strbuf_init(&h->body, 64 * 1024 * 1024);
    strbuf_init(&h->pieces, 64 * 1024 * 1024);
    h->server = loopback_start(answer, h);
    h->http = http_open(&options, &err);
    if (!h->http)
        print_error("%s\n", err.msg);
    *state = h;
    return h->http ? 0 : -1;
}

static int tear_down(void **state)
{
    struct heard *h = *state;

    http_close(h->http);
    loopback_stop(h->server);
    strbuf_finish(&h->body);
    strbuf_finish(&h->pieces);
    free(h);
    return 0;
}

static struct http_request request_to(struct heard *h)
{
    return (struct http_request){
        .method = "GET", .url = loopback_url(h->server), .done = on_done, .arg = h};
}

static void work_until_done(struct heard *h)
{
    struct err err = {0};

    while (!h->done)
        assert_true(http_work(h->http, 30000, &err));
    assert_int_equal(http_active(h->http), 0);
}

static void ask(struct heard *h, const struct http_request *request)
{
    struct err err = {0};

    assert_non_null(http_start(h->http, request, &err));
    work_until_done(h);
}

static void an_answer_comes_whole(void **state)
{
    struct heard *h = *state;
    struct http_request request = request_to(h);
    const char *const headers[] = {"X-Key: secret", NULL};
    char *text;

    request.method = "POST";
    request.headers = headers;
    request.body = "{\"a\":1}";
    request.body_len = 7;
    h->answer = (struct loopback_answer){.status = 200, .bytes = "hello", .piece = 1};
    ask(h, &request);
    assert_false(h->failed);
    assert_int_equal(h->status, 200);
    assert_string_equal(h->body.data, "hello");
    text = loopback_text(h->server, 0);
    assert_non_null(strstr(text, "POST / HTTP/1.1\r\n"));
    assert_non_null(strstr(text, "X-Key: secret\r\n"));
    assert_non_null(strstr(text, "User-Agent: strattio-test\r\n"));
    assert_null(strstr(text, "Expect:"));
    assert_non_null(strstr(text, "\r\n\r\n{\"a\":1}"));
    free(text);
}

static void pieces_come_as_they_are_sent(void **state)
{
    struct heard *h = *state;
    struct http_request request = request_to(h);

    request.data = on_data;
    h->answer = (struct loopback_answer){.status = 200, .bytes = "one two three", .piece = 2};
    ask(h, &request);
    assert_string_equal(h->pieces.data, "one two three");
    assert_int_equal(h->body.len, 0);
}

static void an_error_keeps_its_text_and_its_hint(void **state)
{
    struct heard *h = *state;
    struct http_request request = request_to(h);

    request.data = on_data;
    h->answer = (struct loopback_answer){
        .status = 429, .headers = "Retry-After: 7\r\n", .bytes = "{\"error\":\"slow down\"}"};
    ask(h, &request);
    assert_false(h->failed);
    assert_int_equal(h->status, 429);
    assert_string_equal(h->body.data, "{\"error\":\"slow down\"}");
    assert_int_equal(h->pieces.len, 0);
    assert_int_equal(h->retry_after_ms, 7000);
}

static void a_taker_can_stop_the_call(void **state)
{
    struct heard *h = *state;
    struct http_request request = request_to(h);

    request.data = on_data;
    h->stop_at = 4;
    h->answer = (struct loopback_answer){
        .status = 200, .bytes = "abcdefgh", .piece = 4, .end = LOOPBACK_STALL};
    ask(h, &request);
    assert_int_equal(h->err.code, ERR_CANCELLED);
    assert_memory_equal(h->pieces.data, "abcd", 4);
}

static void a_call_is_cancelled_at_once(void **state)
{
    struct heard *h = *state;
    struct http_request request = request_to(h);
    struct http_call *call;
    struct err err = {0};

    request.data = on_data;
    h->answer = (struct loopback_answer){.status = 200, .bytes = "begun", .end = LOOPBACK_STALL};
    call = http_start(h->http, &request, &err);
    while (!h->pieces.len)
        assert_true(http_work(h->http, 30000, &err));
    http_cancel(call);
    work_until_done(h);
    assert_int_equal(h->err.code, ERR_CANCELLED);
}

/* Silence, a flood and a broken line: each with its own words, none without an end. */
static const struct {
    const char *name;
    struct loopback_answer answer;
    struct http_request request; /* only the limits */
    enum err_code code;
    const char *says;
} troubles[] = {
    {"no answer", {.end = LOOPBACK_STALL}, {.first_byte_ms = 50}, ERR_OFFLINE, "does not answer"},
    {"silence in the middle",
     {.status = 200, .bytes = "abc", .end = LOOPBACK_STALL},
     {.silence_ms = 50},
     ERR_OFFLINE,
     "fell silent"},
    {"no end",
     {.status = 200,
      .bytes = "aaaaaaaaaaaaaaaaaaaa",
      .piece = 1,
      .pause_ms = 10,
      .end = LOOPBACK_STALL},
     {.total_ms = 80},
     ERR_OFFLINE,
     "takes too long"},
    {"a flood",
     {.status = 200, .end = LOOPBACK_FLOOD},
     {.body_limit = 1024 * 1024},
     ERR_LIMIT,
     "longer than 1024 KB"},
    {"cut off",
     {.status = 200, .headers = "Content-Length: 100\r\n", .bytes = "short"},
     {.total_ms = 0},
     ERR_OFFLINE,
     "in the middle of its answer"},
    {"broken",
     {.status = 200, .headers = "Content-Length: 100\r\n", .bytes = "short", .end = LOOPBACK_RESET},
     {.total_ms = 0},
     ERR_OFFLINE,
     "in the middle of its answer"},
    {"nothing at all", {.bytes = ""}, {.total_ms = 0}, ERR_OFFLINE, "without an answer"},
    {"no HTTP", {.bytes = "SSH-2.0-OpenSSH_9\r\n"}, {.total_ms = 0}, ERR_IO, "does not speak HTTP"},
};

static void trouble_is_told_apart(void **state)
{
    struct heard *h = *state;

    for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
        struct http_request request = request_to(h);

        h->answer = troubles[i].answer;
        h->done = false;
        h->err = (struct err){0};
        request.first_byte_ms = troubles[i].request.first_byte_ms;
        request.silence_ms = troubles[i].request.silence_ms;
        request.total_ms = troubles[i].request.total_ms;
        request.body_limit = troubles[i].request.body_limit;
        ask(h, &request);
        if (h->err.code != troubles[i].code || !strstr(h->err.msg, troubles[i].says))
            fail_msg("%s: %d \"%s\"", troubles[i].name, (int)h->err.code, h->err.msg);
    }
}

static void a_closed_port_and_an_unknown_name_are_offline(void **state)
{
    static const struct {
        const char *url, *says;
    } urls[] = {{"http://127.0.0.1:1/x?key=secret", "takes no connection"},
                {"https://nowhere.invalid/x?key=secret", "no machine of that name"}};
    struct heard *h = *state;

    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        struct http_request request = request_to(h);

        request.url = urls[i].url;
        h->done = false;
        ask(h, &request);
        assert_int_equal(h->err.code, ERR_OFFLINE);
        assert_non_null(strstr(h->err.msg, urls[i].says));
        assert_null(strstr(h->err.msg, "secret"));
    }
}

static void redirects_are_followed_only_when_asked(void **state)
{
    struct heard *h = *state;
    struct http_request request = request_to(h);
    char location[128];

    snprintf(location, sizeof location, "Location: %s/elsewhere\r\n", loopback_url(h->server));
    h->answer = (struct loopback_answer){.status = 302, .headers = location, .bytes = "moved"};
    ask(h, &request);
    assert_int_equal(h->status, 302);
    assert_int_equal(loopback_count(h->server), 1);
    request.redirects = 3;
    h->done = false;
    ask(h, &request);
    assert_int_equal(h->err.code, ERR_IO);
    assert_int_equal(loopback_count(h->server), 5);
}

static void many_calls_go_on_at_once(void **state)
{
    struct heard *h = *state, each[9] = {0};
    struct err err = {0};

    h->answer =
        (struct loopback_answer){.status = 200, .bytes = "abcdef", .piece = 1, .pause_ms = 2};
    for (size_t i = 0; i < ARRAY_LEN(each); i++) {
        struct http_request request = request_to(h);

        strbuf_init(&each[i].body, 100);
        request.arg = &each[i];
        assert_non_null(http_start(h->http, &request, &err));
    }
    while (http_active(h->http))
        assert_true(http_work(h->http, 30000, &err));
    for (size_t i = 0; i < ARRAY_LEN(each); i++) {
        assert_string_equal(each[i].body.data, "abcdef");
        strbuf_finish(&each[i].body);
    }
}

static void urls_are_judged(void **state)
{
    static const struct {
        const char *url;
        bool good;
    } urls[] = {
        {"https://api.example.com/v1", true},
        {"http://localhost:11434", true},
        {"http://127.0.0.1:8080/v1", true},
        {"http://[::1]:8080/v1", true},
        {"http://192.168.1.20:8080/v1", true},
        {"http://ollama:11434", true}, /* judged by the address it has */
        {"http://8.8.8.8/v1", false},
        {"http://[2001:4860:4860::8888]/v1", false},
        {"http://[::ffff:8.8.8.8]/v1", false},
        {"ftp://example.com/", false},
        {"https://user:hunter2@example.com/", false},
        {"https://example.com/#part", false},
        {"example.com/v1", false},
        {"https://", false},
        {"", false},
        {"https://exa mple.com/", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        struct err err = {0};

        if (http_url_check(urls[i].url, false, &err) != urls[i].good)
            fail_msg("\"%s\": %s", urls[i].url, err.msg);
        assert_null(strstr(err.msg, "hunter2"));
    }
    assert_true(http_url_check("http://8.8.8.8/v1", true, &(struct err){0}));
}

/* ---- a certificate that nobody signed ---- */

static pid_t start_tls_server(const char *folder, int *port)
{
    char line[128] = "", *key = mem_printf("%s/key.pem", folder),
         *cert = mem_printf("%s/cert.pem", folder);
    char *make =
        mem_printf("openssl req -x509 -newkey rsa:2048 -nodes -keyout %s -out %s -days 2 -subj "
                   "/CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null",
                   key, cert);
    int out[2];
    pid_t pid;
    FILE *said;

    assert_int_equal(system(make), 0);
    assert_int_equal(pipe(out), 0);
    pid = fork();
    if (pid == 0) {
        dup2(out[1], 1);
        dup2(open("/dev/null", O_WRONLY), 2);
        execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert",
               cert, "-www", (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    said = fdopen(out[0], "r");
    while (!strstr(line, "ACCEPT 127.0.0.1:"))
        assert_non_null(fgets(line, sizeof line, said));
    *port = atoi(strrchr(line, ':') + 1);
    fclose(said);
    free(make);
    free(key);
    free(cert);
    return pid;
}

static void a_certificate_counts_only_if_it_is_trusted(void **state)
{
    struct heard *h = *state;
    char url[64], *cert, *folder = temp_dir_make();
    struct http_options options = {.user_agent = "strattio-test"};
    struct err err = {0};
    int port = 0;
    pid_t pid;

    pid = start_tls_server(folder, &port);
    snprintf(url, sizeof url, "https://localhost:%d/", port);
    struct http_request request = request_to(h);
    request.url = url;
    ask(h, &request);
    assert_int_equal(h->err.code, ERR_DENIED);
    assert_non_null(strstr(h->err.msg, "certificate cannot be trusted"));

    cert = mem_printf("%s/cert.pem", folder);
    options.ca_file = cert;
    http_close(h->http);
    h->http = http_open(&options, &err);
    h->done = false;
    h->failed = false;
    ask(h, &request);
    assert_false(h->failed);
    assert_int_equal(h->status, 200);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    temp_dir_remove(folder);
    free(cert);
}

static void text_is_escaped_for_a_query(void **state)
{
    struct strbuf out;

    (void)state;
    strbuf_init(&out, 100);
    http_escape("a b&c=£~.-_9", &out);
    assert_string_equal(out.data, "a%20b%26c%3D%C2%A3~.-_9");
    strbuf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answer_comes_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pieces_come_as_they_are_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_error_keeps_its_text_and_its_hint, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_taker_can_stop_the_call, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_call_is_cancelled_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(trouble_is_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_closed_port_and_an_unknown_name_are_offline, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(redirects_are_followed_only_when_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_calls_go_on_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_certificate_counts_only_if_it_is_trusted, set_up,
                                        tear_down),
        cmocka_unit_test(urls_are_judged),
        cmocka_unit_test(text_is_escaped_for_a_query),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
