/* llm.c - a question is a list of tries. Between two of them it waits for a moment of the steady
 * clock; while one is under way it watches for signs of life, since a server's pings keep a line
 * open on which no answer will ever come. */
#include "writer/llm.h"

#include <stdlib.h>
#include <string.h>

#include "net/http.h"
#include "strattio/clock.h"
#include "strattio/mem.h"

enum {
    CONNECT_MS = 10 * 1000,
    FIRST_MS = 120 * 1000,
    SILENCE_MS = 60 * 1000,
    TRIES = 3,
    TRIES_NOT_READY = 8, /* a server that still loads its model says 503 for some seconds */
    NOT_READY = 503,
    BACK_OFF_MS = 500, /* doubled with every try */
    BACK_OFF_MAX_MS = 8 * 1000,
    RETRY_AFTER_MAX_MS = 120 * 1000,
    ANSWER_LIMIT = 64 * 1024 * 1024,
};

struct question {
    struct question *next;
    struct llm *llm;
    struct llm_listener listener;
    char *system, *user;
    int max_tokens;
    struct http_call *call; /* NULL while it waits, and once it is over */
    struct llm_stream stream;
    bool streaming; /* `stream` is in use */
    struct llm_answer answer;
    int64_t due;    /* clock_mono_ms() of the next try */
    int64_t began;  /* this try */
    int64_t sign;   /* the last sign of life; 0: none yet */
    uint64_t signs; /* of the stream, when last looked at */
    const char *overdue;
};

struct llm {
    struct http *http;
    enum llm_protocol_id protocol;
    char *url, *model, *key;
    int connect_ms, first_ms, silence_ms;
    struct question *questions;
    uint32_t dice;
};

static int or_else(int given, int fallback)
{
    return given ? given : fallback;
}

static bool check_server(const struct llm_server *server, bool plain_anywhere, struct err *err)
{
    if (!server->model || !*server->model)
        return err_set(err, ERR_INVALID, 0, "no model is named: set llm_model");
    if (!server->url || !*server->url)
        return err_set(err, ERR_INVALID, 0, "no server is named: set llm_url");
    return http_url_check(server->url, plain_anywhere, err) || err_wrap(err, "llm_url");
}

struct llm *llm_open(const struct llm_server *server, const struct http_options *options,
                     struct err *err)
{
    struct http *http;
    struct llm *l;

    if (!check_server(server, options->plain_anywhere, err))
        return NULL;
    http = http_open(options, err);
    if (!http)
        return NULL;
    l = mem_zero(1, sizeof *l);
    l->http = http;
    l->protocol = server->protocol;
    l->url = mem_str(server->url);
    l->model = mem_str(server->model);
    l->key = mem_str(server->key ? server->key : "");
    l->connect_ms = or_else(server->connect_ms, CONNECT_MS);
    l->first_ms = or_else(server->first_ms, FIRST_MS);
    l->silence_ms = or_else(server->silence_ms, SILENCE_MS);
    l->dice = (uint32_t)clock_mono_ms() | 1;
    return l;
}

static void free_question(struct question *q)
{
    for (struct question **link = &q->llm->questions; *link; link = &(*link)->next)
        if (*link == q) {
            *link = q->next;
            break;
        }
    if (q->streaming)
        llm_stream_finish(&q->stream);
    free(q->system);
    free(q->user);
    free(q);
}

void llm_close(struct llm *l)
{
    if (!l)
        return;
    http_close(l->http);
    while (l->questions)
        free_question(l->questions);
    explicit_bzero(l->key, strlen(l->key));
    free(l->key);
    free(l->model);
    free(l->url);
    free(l);
}

/* ---- one try ---------------------------------------------------------------------------------- */

static void on_text(void *arg, const char *text, size_t len)
{
    struct question *q = arg;

    if (q->answer.first_ms < 0)
        q->answer.first_ms = clock_mono_ms() - q->began;
    q->listener.text(q->listener.arg, text, len);
}

static bool on_data(void *arg, const char *bytes, size_t len)
{
    struct question *q = arg;
    bool go_on = llm_stream_feed(&q->stream, bytes, len);

    if (q->stream.signs != q->signs) {
        q->signs = q->stream.signs;
        q->sign = clock_mono_ms();
    }
    return go_on;
}

static void add_usage(struct llm_usage *sum, const struct llm_usage *more)
{
    sum->known = sum->known || more->known;
    sum->in += more->in;
    sum->out += more->out;
}

static void finish(struct question *q)
{
    q->listener.done(q->listener.arg, &q->answer);
    free_question(q);
}

/* What this try came to, of what HTTP says and what the stream held. */
static void judge(struct question *q, const struct http_response *response, const struct err *err)
{
    struct llm_answer *a = &q->answer;

    a->err = (struct err){0};
    if (q->overdue) {
        a->end = q->stream.text_len ? LLM_CUT : LLM_FAILED;
        err_set(&a->err, ERR_OFFLINE, 0, "%s", q->overdue);
    } else if (q->stream.end == LLM_FAILED) { /* it stopped the call itself */
        a->end = LLM_FAILED;
        a->err = q->stream.err;
    } else if (err) {
        a->end = q->stream.text_len && err->code != ERR_CANCELLED ? LLM_CUT : LLM_FAILED;
        a->err = *err;
    } else if (response->status < 200 || response->status > 299) {
        a->end = LLM_FAILED;
        llm_error_of(response->status, response->content_type, response->body, response->len,
                     q->llm->key, &a->err);
    } else {
        llm_stream_end(&q->stream);
        a->end = q->stream.end;
        a->err = q->stream.err;
    }
}

/* Tries that may follow a failure of this kind. */
static int tries_for(const struct err *err)
{
    if (err->code == ERR_BUSY && err->native == NOT_READY)
        return TRIES_NOT_READY;
    return err->code == ERR_BUSY || err->code == ERR_OFFLINE ? TRIES : 1;
}

/* Doubled with every try and up to a quarter shorter by chance, so that many do not come back at
 * once. */
static int64_t back_off(struct llm *l, int tries)
{
    int64_t ms = BACK_OFF_MS;

    for (int i = 1; i < tries && ms < BACK_OFF_MAX_MS; i++)
        ms *= 2;
    l->dice ^= l->dice << 13; /* xorshift32, Marsaglia 2003 */
    l->dice ^= l->dice >> 17;
    l->dice ^= l->dice << 5;
    return ms - ms * (l->dice % 256) / 1024;
}

static bool try_again(struct question *q, int64_t retry_after_ms)
{
    struct llm_answer *a = &q->answer;
    int64_t wait = retry_after_ms >= 0 ? retry_after_ms : back_off(q->llm, a->tries);

    if (a->end != LLM_FAILED || q->stream.text_len || a->tries >= tries_for(&a->err) ||
        wait > RETRY_AFTER_MAX_MS)
        return false;
    q->due = clock_mono_ms() + wait;
    if (q->listener.retry)
        q->listener.retry(q->listener.arg, wait, &a->err);
    return true;
}

static void on_done(void *arg, const struct http_response *response, const struct err *err)
{
    struct question *q = arg;
    bool again;

    q->call = NULL;
    q->answer.ms = clock_mono_ms() - q->began;
    judge(q, response, err);
    add_usage(&q->answer.usage, &q->stream.usage);
    again = try_again(q, response->retry_after_ms);
    llm_stream_finish(&q->stream);
    q->streaming = false;
    if (!again)
        finish(q);
}

static bool begin_try(struct question *q, struct err *err)
{
    const struct llm_prompt prompt = {q->system, q->user, q->max_tokens};
    struct llm *l = q->llm;
    struct llm_request made;
    struct http_request request = {.method = "POST",
                                   .body_limit = ANSWER_LIMIT,
                                   .connect_ms = l->connect_ms,
                                   .data = on_data,
                                   .done = on_done,
                                   .arg = q};

    llm_request_make(l->protocol, l->url, l->model, l->key, &prompt, &made);
    request.url = made.url;
    request.headers = (const char *const *)made.headers;
    request.body = made.body;
    request.body_len = strlen(made.body);
    llm_stream_init(&q->stream, l->protocol, on_text, q);
    q->streaming = true;
    q->answer.tries++;
    q->answer.first_ms = -1;
    q->began = clock_mono_ms();
    q->sign = 0;
    q->signs = 0;
    q->overdue = NULL;
    q->call = http_start(l->http, &request, err);
    llm_request_finish(&made);
    return q->call != NULL;
}

bool llm_ask(struct llm *l, const struct llm_prompt *prompt, const struct llm_listener *listener,
             struct err *err)
{
    struct question *q = mem_zero(1, sizeof *q);

    q->llm = l;
    q->listener = *listener;
    q->system = mem_str(prompt->system);
    q->user = mem_str(prompt->user);
    q->max_tokens = prompt->max_tokens;
    q->next = l->questions;
    l->questions = q;
    if (begin_try(q, err))
        return true;
    free_question(q);
    return false;
}

/* ---- all of them ------------------------------------------------------------------------------ */

void llm_cancel(struct llm *l)
{
    for (struct question *q = l->questions; q; q = q->next) {
        q->answer.end = LLM_FAILED;
        err_set(&q->answer.err, ERR_CANCELLED, 0, "Cancelled");
        if (q->call)
            http_cancel(q->call);
        else
            q->due = 0; /* with ERR_CANCELLED: over at the next look */
    }
}

/* When something is due to happen with `q`, on the steady clock. */
static int64_t next_moment(const struct question *q)
{
    if (!q->call)
        return q->due;
    if (!q->sign)
        return q->began + q->llm->first_ms;
    return q->sign + q->llm->silence_ms;
}

static bool start_again(struct question *q)
{
    struct err err = {0};

    if (q->answer.err.code == ERR_CANCELLED || !begin_try(q, &err)) {
        if (err.code != ERR_NONE)
            q->answer.err = err;
        finish(q);
    }
    return true;
}

/* Begins what is due and stops what is overdue; true if something happened. */
static bool look(struct llm *l, int *wait_ms)
{
    int64_t now = clock_mono_ms();
    struct question *next;
    bool any = false;

    for (struct question *q = l->questions; q; q = next) {
        int64_t left = next_moment(q) - now;

        next = q->next;
        if (left > 0) {
            if (*wait_ms < 0 || left < *wait_ms)
                *wait_ms = (int)left;
        } else if (!q->call) {
            any = start_again(q);
        } else if (!q->overdue) {
            q->overdue = q->sign ? "the model fell silent in the middle of its answer"
                                 : "the model does not begin to answer";
            http_cancel(q->call);
        }
    }
    return any;
}

bool llm_work(struct llm *l, int timeout_ms, struct err *err)
{
    int wait_ms = timeout_ms;

    return look(l, &wait_ms) || http_work(l->http, wait_ms, err);
}

size_t llm_active(const struct llm *l)
{
    size_t count = 0;

    for (const struct question *q = l->questions; q; q = q->next)
        count++;
    return count;
}
