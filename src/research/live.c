/* live.c - many questions at once over one http. A question is a job that passes through requests
 * until it has ended:
 *
 *     READY ──► (kept answer) ──────────────────────┐
 *       │ ▲                                         ▼
 *       │ └── it names what to ask next ──── the source reads it ──► ENDED
 *       ▼                                           ▲
 *     ASKED ──► ANSWERED ─ a full answer ───────────┘
 *       ▲          │ not one: once more if the server says when, else the kept answer, however
 *       └─ WAITING ┘ old, with a note; else a line in errors
 *
 * The callback of a request only keeps what came; all else is done between two calls of
 * http_work(). A key goes into the request that is sent and nowhere else: what is kept, shown or
 * stored is made without it, and it is struck out of whatever a server sends back. */
#include "research/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "net/http.h"
#include "research/live_cache.h"
#include "research/source.h"

enum {
    JOBS = 32,
    STEPS = 4, /* requests of one question */
    TRIES = 3,
    TICK_MS = 100, /* how soon a cancelled run is seen */
    AGAIN_MS = 500,
    BODY_LIMIT = 8 * 1024 * 1024,
    URL_LIMIT = 4000,
    EXCERPT = 400,
    OLD_YEARS = 3,
};

enum job_state { JOB_READY, JOB_WAITING, JOB_ASKED, JOB_ANSWERED, JOB_ENDED };

struct job {
    struct live *live;
    struct source_ask ask;
    const char *key; /* NULL for none */
    enum job_state state;
    char *follow;  /* owned; ask.follow */
    char *url;     /* as shown */
    char *request; /* what the answer is kept under */
    int64_t at_ms; /* when WAITING ends */
    int tries, steps;
    bson_t facts, errors, missing, stale; /* its part of the result */
    struct {                              /* what came */
        int status;
        char *body;
        size_t len;
        bool data; /* JSON as far as can be seen */
        int64_t retry_after_ms;
        struct err err;
    } came;
};

struct live {
    const struct live_settings *settings;
    enum live_mode mode;
    int start_year;
    bool (*go_on)(void *arg, struct err *err);
    void *arg;
    int64_t now_ms, deadline_ms; /* wall clock; monotonic */
    struct http *http;           /* NULL until a request is made */
    struct job jobs[JOBS];
    size_t count;
    struct live_result *out;
};

/* --- results ---------------------------------------------------------------------------------- */

static void append_text(bson_t *array, const char *text)
{
    char key[16];

    snprintf(key, sizeof key, "%u", bson_count_keys(array));
    BSON_APPEND_UTF8(array, key, text);
}

static void append_once(bson_t *array, const char *text)
{
    bson_iter_t it;

    bson_iter_init(&it, array);
    while (bson_iter_next(&it))
        if (strcmp(bson_iter_utf8(&it, NULL), text) == 0)
            return;
    append_text(array, text);
}

static void note_missing(struct job *job, const char *why)
{
    char *line = mem_printf("%s (%s): %s", job->ask.question->what, job->ask.source->title, why);

    append_text(&job->missing, line);
    free(line);
}

static void note_stale(struct job *job, const char *why)
{
    char *line = mem_printf("%s (%s): %s", job->ask.question->what, job->ask.source->title, why);

    append_text(&job->stale, line);
    free(line);
}

/* `text` with every occurrence of `secret` struck out. */
static char *strike(const char *text, size_t len, const char *secret, size_t *out_len)
{
    size_t width = secret ? strlen(secret) : 0;
    struct strbuf out;

    strbuf_init(&out, 4 * BODY_LIMIT);
    for (size_t i = 0; i < len; i++) {
        if (width && len - i >= width && memcmp(text + i, secret, width) == 0) {
            strbuf_str(&out, "***");
            i += width - 1;
        } else {
            strbuf_char(&out, text[i]);
        }
    }
    *out_len = out.len;
    return strbuf_take(&out);
}

static void note_error(struct job *job, const struct err *err, const char *instead)
{
    bson_t *errors = &job->errors, item;
    size_t len;
    char key[16], *message = strike(err->msg, strlen(err->msg), job->key, &len);
    struct strbuf clean;

    strbuf_init(&clean, STRBUF_DOC_LIMIT);
    source_clean(message, 240, &clean);
    strbuf_str(&clean, instead);
    snprintf(key, sizeof key, "%u", bson_count_keys(errors));
    BSON_APPEND_DOCUMENT_BEGIN(errors, key, &item);
    BSON_APPEND_UTF8(&item, "source", job->ask.source->title);
    BSON_APPEND_UTF8(&item, "question", job->ask.question->what);
    BSON_APPEND_UTF8(&item, "url", job->url ? job->url : "");
    BSON_APPEND_UTF8(&item, "message", clean.data);
    bson_append_document_end(errors, &item);
    strbuf_finish(&clean);
    free(message);
}

static bool is_utf8_start(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

/* The part of the answer around the value, so that it can be held against the text. */
static void put_excerpt(bson_t *item, const char *body, size_t len, const char *raw)
{
    const char *at = *raw ? strstr(body, raw) : NULL;
    size_t middle = at ? (size_t)(at - body) : 0;
    size_t from = middle > EXCERPT / 2 ? middle - EXCERPT / 2 : 0;
    struct strbuf clean;

    while (from < len && !is_utf8_start(body[from]))
        from++;
    strbuf_init(&clean, STRBUF_DOC_LIMIT);
    source_clean(body + from, EXCERPT, &clean);
    BSON_APPEND_UTF8(item, "excerpt", clean.data);
    strbuf_finish(&clean);
}

/* The year a period begins with; 0 for one that does not, such as "Mar-26". */
static int year_of(const char *period)
{
    int year = 0;

    return sscanf(period, "%4d", &year) == 1 && year > 1900 ? year : 0;
}

static void add_fact(struct job *job, const bson_t *fact, const char *body, size_t len,
                     int64_t fetched_at)
{
    bson_t *facts = &job->facts, item;
    const struct source *s = job->ask.source;
    int year = year_of(doc_str(fact, "period", ""));
    char key[16], at[CLOCK_ISO_SIZE];

    clock_iso(fetched_at, at);
    snprintf(key, sizeof key, "%u", bson_count_keys(facts));
    BSON_APPEND_DOCUMENT_BEGIN(facts, key, &item);
    bson_concat(&item, fact);
    BSON_APPEND_UTF8(&item, "source", s->title);
    BSON_APPEND_UTF8(&item, "url", job->url);
    BSON_APPEND_UTF8(&item, "fetched_at", at);
    put_excerpt(&item, body, len, doc_str(fact, "raw", ""));
    BSON_APPEND_UTF8(&item, "attribution", s->attribution);
    BSON_APPEND_UTF8(&item, "licence", s->licence);
    bson_append_document_end(facts, &item);
    if (year && job->live->start_year - year >= OLD_YEARS) {
        char *why = mem_printf("the newest figure is of %d", year);

        note_stale(job, why);
        free(why);
    }
}

static void note_expiry(struct job *job, int64_t fetched_at)
{
    int64_t at = fetched_at + (int64_t)job->ask.question->fresh_days * 86400000;
    struct live_result *out = job->live->out;

    if (out->expires_at == RECORD_NONE || at < out->expires_at)
        out->expires_at = at;
}

/* --- jobs ------------------------------------------------------------------------------------- */

static void forget_answer(struct job *job)
{
    free(job->came.body);
    memset(&job->came, 0, sizeof job->came);
}

static void follow_on(struct job *job, const char *follow)
{
    free(job->follow);
    job->follow = mem_str(follow);
    job->ask.follow = job->follow;
    job->tries = 0;
    job->steps++;
    job->state = JOB_READY;
}

/* Lets the source read an answer; false if it is not a full one, and nothing has been noted. */
static bool take_answer(struct job *job, const char *bytes, size_t bytes_len, int64_t fetched_at,
                        struct err *err)
{
    struct source_find find;
    struct source_answer answer;
    char *body = strike(bytes, bytes_len, job->key, &answer.len);
    enum source_end end;
    bson_iter_t it;
    bson_t fact;

    answer.body = body;
    bson_init(&find.facts);
    strbuf_init(&find.follow, URL_LIMIT);
    end = job->ask.question->read(&job->ask, &answer, &find, err);
    bson_iter_init(&it, &find.facts);
    while (end == SOURCE_FACTS && bson_iter_next(&it))
        if (doc_view(&find.facts, bson_iter_key(&it), &fact))
            add_fact(job, &fact, body, answer.len, fetched_at);
    if (end == SOURCE_MORE && job->steps == STEPS)
        end = source_wrong(err, "it sends from one answer to the next without an end");
    if (end == SOURCE_MORE)
        follow_on(job, find.follow.data);
    else if (end != SOURCE_WRONG)
        job->state = JOB_ENDED;
    if (end == SOURCE_NOTHING)
        note_missing(job, "the source has no figure");
    if (end != SOURCE_WRONG)
        note_expiry(job, fetched_at);
    strbuf_finish(&find.follow);
    bson_destroy(&find.facts);
    free(body);
    return end != SOURCE_WRONG;
}

/* The kept answer, whatever its age, and the note that it is one; else the failure. */
static void fall_back(struct job *job, const struct err *why)
{
    struct live_copy copy;
    struct err ignored;
    char day[CLOCK_ISO_SIZE], *instead;
    bool used;

    if (!job->request || !live_cache_get(job->request, &copy)) {
        note_error(job, why, "");
        note_missing(job, "the source gave no answer that can be used");
        job->state = JOB_ENDED;
        return;
    }
    clock_iso_date(copy.fetched_at, day);
    used = take_answer(job, copy.body, copy.len, copy.fetched_at, &ignored);
    instead = used ? mem_printf("; the answer of %s is used instead", day) : mem_str("");
    note_error(job, why, instead);
    if (used)
        note_stale(job, "an earlier answer is used, since the source could not be asked");
    else
        job->state = JOB_ENDED;
    free(instead);
    free(copy.body);
}

static void keep_response(void *arg, const struct http_response *response, const struct err *err)
{
    struct job *job = arg;
    const char *type = response->content_type;
    size_t blank = response->body ? strspn(response->body, " \t\r\n") : 0;

    job->came.status = response->status;
    job->came.retry_after_ms = response->retry_after_ms;
    job->came.len = response->body ? response->len : 0;
    job->came.body = mem_zero(1, job->came.len + 1);
    if (job->came.len)
        memcpy(job->came.body, response->body, job->came.len);
    job->came.data = !job->came.len || (job->came.body[blank] != '<' && !strstr(type, "html"));
    if (err)
        job->came.err = *err;
    job->state = JOB_ANSWERED;
}

/* The request as it is sent, with the key. */
static bool send_request(struct job *job, const struct source_request *request, struct err *err)
{
    static const char *const posts[] = {"Content-Type: application/json",
                                        "Accept: application/json", NULL};
    static const char *const gets[] = {"Accept: application/json", NULL};
    const struct source *s = job->ask.source;
    struct live *live = job->live;
    struct strbuf url, body;
    int64_t left = live->deadline_ms - clock_mono_ms();
    bool ok;

    strbuf_init(&url, URL_LIMIT + 1000);
    strbuf_init(&body, URL_LIMIT + 1000);
    strbuf_str(&url, request->url.data);
    strbuf_str(&body, request->body.data);
    if (job->key && s->key == KEY_QUERY) {
        strbuf_printf(&url, "%c%s=", strchr(url.data, '?') ? '&' : '?', s->key_name);
        http_escape(job->key, &url);
    } else if (job->key && s->key == KEY_BODY) {
        strbuf_truncate(&body, body.len - 1);
        strbuf_printf(&body, ",\"%s\":", s->key_name);
        json_write_string(job->key, &body);
        strbuf_char(&body, '}');
    }
    ok = strbuf_check(&url, "the address", err) &&
         http_start(live->http,
                    &(struct http_request){
                        .method = body.len ? "POST" : "GET",
                        .url = url.data,
                        .headers = body.len ? posts : gets,
                        .body = body.data,
                        .body_len = body.len,
                        .user = s->key == KEY_USER ? job->key : NULL,
                        .body_limit = BODY_LIMIT,
                        .connect_ms = 8000,
                        .total_ms = left > 0 ? (int)left : 1,
                        .done = keep_response,
                        .arg = job,
                    },
                    err) != NULL;
    strbuf_finish(&body);
    strbuf_finish(&url);
    return ok;
}

static bool open_http(struct live *live, struct err *err)
{
    struct http_options options = {.user_agent = HTTP_USER_AGENT,
                                   .ca_file = live->settings->ca_file,
                                   .plain_anywhere = live->settings->plain_http};

    if (!live->http)
        live->http = http_open(&options, err);
    return live->http != NULL;
}

static void ask_server(struct job *job, const struct source_request *request)
{
    struct err err = {0};

    job->tries++;
    job->state = JOB_ASKED;
    if (open_http(job->live, &err) && send_request(job, request, &err))
        job->live->out->requests++;
    else
        fall_back(job, &err);
}

/* A kept answer that will do; false if there is none. */
static bool use_kept(struct job *job)
{
    enum live_mode mode = job->live->mode;
    struct live_copy copy;
    struct err ignored;
    int64_t age;
    bool ok;

    if (mode == LIVE_REFRESH || !live_cache_get(job->request, &copy))
        return false;
    age = job->live->now_ms - copy.fetched_at;
    ok = (mode == LIVE_CACHED ||
          (age >= 0 && age < (int64_t)job->ask.question->fresh_days * 86400000)) &&
         take_answer(job, copy.body, copy.len, copy.fetched_at, &ignored);
    free(copy.body);
    return ok;
}

static void begin(struct job *job)
{
    struct source_request request;
    const char *lacks = NULL;
    char *why;

    forget_answer(job);
    strbuf_init(&request.url, URL_LIMIT);
    strbuf_init(&request.body, URL_LIMIT);
    if (!job->ask.question->ask(&job->ask, &request, &lacks)) {
        why = mem_printf("not asked, the plan does not give %s", lacks);
        note_missing(job, why);
        free(why);
        job->state = JOB_ENDED;
    } else {
        free(job->url);
        free(job->request);
        job->url = mem_str(request.url.data);
        job->request = mem_printf("%s\n%s", request.url.data, request.body.data);
        if (job->tries || !use_kept(job)) {
            if (job->live->mode == LIVE_CACHED) {
                note_missing(job, "not asked yet");
                job->state = JOB_ENDED;
            } else {
                ask_server(job, &request);
            }
        }
    }
    strbuf_finish(&request.body);
    strbuf_finish(&request.url);
}

/* Why what came is no answer; true if it is one. */
static bool is_answer(const struct job *job, struct err *err)
{
    int status = job->came.status;

    if (job->came.err.code) {
        *err = job->came.err;
        return false;
    }
    if (status == 404 && job->ask.source->none)
        return !job->came.len || err_set(err, ERR_IO, 0, "it answered with status 404");
    if (status == 429)
        return err_set(err, ERR_BUSY, 0, "too many requests: it asks to wait");
    if (status == 401 || status == 403)
        return err_set(err, ERR_DENIED, 0, "it refuses the key (status %d)", status);
    if (status >= 300 && status < 400)
        return err_set(err, ERR_IO, 0, "it sends on to another address, which is not followed");
    if (status < 200 || status >= 300)
        return err_set(err, ERR_IO, 0, "it answered with status %d", status);
    return job->came.data ||
           err_set(err, ERR_INVALID, 0, "it answered with a web page or XML instead of data");
}

/* When to ask once more, -1 for never. */
static int64_t again_at(const struct job *job)
{
    int status = job->came.status;
    bool passing = status == 429 || status == 502 || status == 503 || status == 504 ||
                   (!status && job->came.err.code == ERR_OFFLINE);
    int64_t wait =
        job->came.retry_after_ms >= 0 && status ? job->came.retry_after_ms : AGAIN_MS * job->tries;
    int64_t at = clock_mono_ms() + wait;

    return passing && job->tries < TRIES && at < job->live->deadline_ms ? at : -1;
}

static void judge(struct job *job)
{
    struct err err = {0};
    size_t len;
    char *kept;

    if (!is_answer(job, &err)) {
        job->at_ms = again_at(job);
        job->state = JOB_WAITING;
        if (job->at_ms < 0)
            fall_back(job, &err);
        return;
    }
    if (job->came.status == 204) {
        note_missing(job, "the source has no figure");
        job->state = JOB_ENDED;
        return;
    }
    if (job->came.status == 404) {
        free(job->came.body);
        job->came.body = mem_str(job->ask.source->none);
        job->came.len = strlen(job->came.body);
    }
    kept = mem_str(job->request); /* of this answer: reading it may go on to the next request */
    if (take_answer(job, job->came.body, job->came.len, job->live->now_ms, &err)) {
        char *body = strike(job->came.body, job->came.len, job->key, &len);

        live_cache_put(kept, body, len, job->live->now_ms);
        free(body);
    } else {
        fall_back(job, &err);
    }
    free(kept);
}

/* One pass over all jobs; how many have not ended. */
static size_t pass(struct live *live)
{
    size_t open = 0;

    for (size_t i = 0; i < live->count; i++) {
        struct job *job = &live->jobs[i];

        if (job->state == JOB_WAITING && clock_mono_ms() >= job->at_ms)
            job->state = JOB_READY;
        while (job->state == JOB_READY || job->state == JOB_ANSWERED)
            if (job->state == JOB_READY)
                begin(job);
            else
                judge(job);
        open += job->state != JOB_ENDED;
    }
    return open;
}

static void end_late_jobs(struct live *live)
{
    struct err err = {0};

    err_set(&err, ERR_OFFLINE, 0, "no answer within %d seconds",
            (live->settings->deadline_ms + 999) / 1000);
    for (size_t i = 0; i < live->count; i++) {
        struct job *job = &live->jobs[i];

        live->mode = LIVE_CACHED; /* what a kept answer leads to is not asked for any more */
        if (job->state == JOB_ASKED || job->state == JOB_WAITING)
            fall_back(job, &err);
        while (job->state == JOB_READY)
            begin(job);
    }
}

static bool work(struct live *live, struct err *err)
{
    struct err why = {0};

    while (pass(live) > 0) {
        int64_t left = live->deadline_ms - clock_mono_ms();

        if (live->go_on && !live->go_on(live->arg, err))
            return false;
        if (left <= 0 || !http_work(live->http, left < TICK_MS ? (int)left : TICK_MS, &why)) {
            http_close(live->http); /* no callback comes any more */
            live->http = NULL;
            end_late_jobs(live);
            return true;
        }
    }
    return true;
}

static void append_all(bson_t *array, const bson_t *more)
{
    char key[16];
    bson_iter_t it;

    bson_iter_init(&it, more);
    while (bson_iter_next(&it)) {
        snprintf(key, sizeof key, "%u", bson_count_keys(array));
        bson_append_iter(array, key, -1, &it);
    }
}

/* Puts the parts together in the order of the questions, whichever came first, so that the same
 * answers give the same result. */
static void gather(struct live *live)
{
    for (size_t i = 0; i < live->count; i++) {
        struct job *job = &live->jobs[i];

        append_all(&live->out->facts, &job->facts);
        append_all(&live->out->errors, &job->errors);
        append_all(&live->out->missing, &job->missing);
        append_all(&live->out->stale, &job->stale);
        if (!bson_empty(&job->facts))
            append_once(&live->out->names, job->ask.source->title);
    }
}

static void job_finish(struct job *job)
{
    forget_answer(job);
    free(job->follow);
    free(job->url);
    free(job->request);
    bson_destroy(&job->facts);
    bson_destroy(&job->errors);
    bson_destroy(&job->missing);
    bson_destroy(&job->stale);
}

/* A job for each question of source `i` that is on and for the plan's country. */
static void add_jobs(struct live *live, size_t i, const struct source_plan *plan)
{
    const struct source *s = sources[i];
    const char *url = live->settings->sources[i].url, *key = live->settings->sources[i].key;

    if (!live->settings->sources[i].on || !source_is_for(s, plan))
        return;
    for (const struct source_question *q = s->questions; q->id && live->count < JOBS; q++) {
        struct job *job = &live->jobs[live->count++];

        *job = (struct job){.live = live, .key = s->key == KEY_NONE ? NULL : key};
        job->ask = (struct source_ask){.source = s,
                                       .question = q,
                                       .plan = plan,
                                       .base = url ? url : s->base,
                                       .keyed = job->key != NULL};
        bson_init(&job->facts);
        bson_init(&job->errors);
        bson_init(&job->missing);
        bson_init(&job->stale);
        if (s->key_needed && !key) {
            char *why = mem_printf("not asked, source_%s_key is not set", s->name);

            note_missing(job, why);
            free(why);
            job->state = JOB_ENDED;
        }
    }
}

bool live_research(const struct live_settings *settings, const struct source_plan *plan,
                   enum live_mode mode, int start_year, bool (*go_on)(void *arg, struct err *err),
                   void *arg, struct live_result *out, struct err *err)
{
    struct live *live = mem_zero(1, sizeof *live);
    bool ok;

    memset(out, 0, sizeof *out);
    out->expires_at = RECORD_NONE;
    bson_init(&out->facts);
    bson_init(&out->errors);
    bson_init(&out->missing);
    bson_init(&out->stale);
    bson_init(&out->names);
    live->settings = settings;
    live->mode = mode;
    live->start_year = start_year;
    live->go_on = go_on;
    live->arg = arg;
    live->now_ms = clock_now_ms();
    live->deadline_ms = clock_mono_ms() + settings->deadline_ms;
    live->out = out;
    for (size_t i = 0; sources[i]; i++)
        add_jobs(live, i, plan);
    ok = work(live, err);
    http_close(live->http);
    gather(live);
    for (size_t i = 0; i < live->count; i++)
        job_finish(&live->jobs[i]);
    free(live);
    return ok;
}

void live_result_finish(struct live_result *r)
{
    bson_destroy(&r->facts);
    bson_destroy(&r->errors);
    bson_destroy(&r->missing);
    bson_destroy(&r->stale);
    bson_destroy(&r->names);
}
