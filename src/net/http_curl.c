/* http_curl.c - http.h on libcurl's multi interface: the module http.so. Every call owns an easy
 * handle and three clocks of its own, for which libcurl has none: the first byte, silence, the
 * whole. What a server sends is counted before it is kept, unpacked, so that neither a flood nor
 * a small archive of a large one fills memory.
 *
 * A plain http:// request is only for machines near by. Which machine a name is, is known when
 * the connection is made: open_socket() looks at the address and refuses it there, whatever the
 * name. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "strattio/clock.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "net/address.h"
#include "net/http_ops.h"
#include "net/http_url.h"

enum {
    ERROR_BODY_LIMIT = 64 * 1024,
    LIMIT_FALLBACK = 16 * 1024 * 1024,
    LONGEST_WAIT_MS = 3600 * 1000
};

struct call {
    struct http_call base;
    struct call *next;
    CURL *easy;
    struct curl_slist *headers;
    char *body_out;
    char host[URL_HOST_SIZE]; /* for messages */
    bool plain_anywhere, refused_plain, cancelled;
    int first_byte_ms, silence_ms, total_ms;
    int64_t began, heard; /* clock_mono_ms(); heard is 0 before the first byte */
    const char *overdue;  /* what took too long, or NULL */
    size_t taken, limit;
    struct strbuf body;
    bool (*data)(void *arg, const char *bytes, size_t len);
    void (*done)(void *arg, const struct http_response *response, const struct err *err);
    void *arg;
};

struct curl_http {
    struct http base;
    CURLM *multi;
    struct call *calls;
    char *user_agent, *ca_file;
    bool plain_anywhere;
};

extern const struct http_ops http_module_ops; /* as the program looks it up */

/* ---- what libcurl calls ---------------------------------------------------------------------- */

static bool success(const struct call *c)
{
    long status = 0;

    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
}

static size_t take(char *bytes, size_t size, size_t count, void *arg)
{
    struct call *c = arg;
    size_t len = size * count;

    c->heard = clock_mono_ms();
    if (!success(c)) { /* an error's text is for a sentence: its beginning will do */
        size_t room = c->body.len < ERROR_BODY_LIMIT ? ERROR_BODY_LIMIT - c->body.len : 0;

        strbuf_add(&c->body, bytes, len < room ? len : room);
        return len;
    }
    c->taken += len;
    if (c->taken > c->limit)
        return 0;
    if (!c->data)
        strbuf_add(&c->body, bytes, len);
    else if (!c->data(c->arg, bytes, len))
        c->cancelled = true;
    return c->cancelled ? 0 : len;
}

static size_t hear_header(char *bytes, size_t size, size_t count, void *arg)
{
    struct call *c = arg;

    (void)bytes;
    c->heard = clock_mono_ms();
    return size * count;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct call *c = arg;

    (void)purpose;
    if (!c->plain_anywhere && !address_is_private(&address->addr)) {
        c->refused_plain = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- opening and closing --------------------------------------------------------------------- */

static struct http *curl_open(const struct http_options *options, struct err *err)
{
    struct curl_http *h;

    if (options->ca_file && access(options->ca_file, R_OK) != 0) {
        err_set(err, ERR_IO, 0, "the file of certificates %s cannot be read", options->ca_file);
        return NULL;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        err_set(err, ERR_IO, 0, "the HTTP library does not start");
        return NULL;
    }
    h = mem_zero(1, sizeof *h);
    h->base.ops = &http_module_ops;
    h->multi = curl_multi_init();
    h->user_agent = mem_str(options->user_agent);
    h->ca_file = mem_str(options->ca_file);
    h->plain_anywhere = options->plain_anywhere;
    return &h->base;
}

static void free_call(struct curl_http *h, struct call *c)
{
    for (struct call **link = &h->calls; *link; link = &(*link)->next)
        if (*link == c) {
            *link = c->next;
            break;
        }
    if (c->easy)
        curl_multi_remove_handle(h->multi, c->easy);
    curl_easy_cleanup(c->easy);
    curl_slist_free_all(c->headers);
    if (c->body_out)
        explicit_bzero(c->body_out, strlen(c->body_out));
    free(c->body_out);
    strbuf_finish(&c->body);
    free(c);
}

static void curl_close(struct http *base)
{
    struct curl_http *h = (struct curl_http *)base;

    while (h->calls)
        free_call(h, h->calls);
    curl_multi_cleanup(h->multi);
    free(h->user_agent);
    free(h->ca_file);
    free(h);
    curl_global_cleanup();
}

/* ---- beginning a request --------------------------------------------------------------------- */

static void set_method(struct call *c, const struct http_request *r)
{
    if (strcmp(r->method, "GET") == 0)
        return;
    curl_easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, r->method);
    if (!r->body)
        return;
    curl_easy_setopt(c->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
    c->body_out = mem_strn(r->body, r->body_len);
    curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, c->body_out);
}

static void set_headers(struct call *c, const struct http_request *r)
{
    for (size_t i = 0; r->headers && r->headers[i]; i++)
        c->headers = curl_slist_append(c->headers, r->headers[i]);
    c->headers = curl_slist_append(c->headers, "Expect:"); /* no pause before a long body */
    curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
    if (r->user) {
        curl_easy_setopt(c->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(c->easy, CURLOPT_USERNAME, r->user);
        curl_easy_setopt(c->easy, CURLOPT_PASSWORD, "");
    }
}

/* A plain request goes straight to its machine: by a proxy its address would not be seen. */
static void set_route(struct call *c, const struct http_request *r, bool plain)
{
    curl_easy_setopt(c->easy, CURLOPT_URL, r->url);
    curl_easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    curl_easy_setopt(c->easy, CURLOPT_REDIR_PROTOCOLS_STR, plain ? "http" : "https");
    if (plain) {
        curl_easy_setopt(c->easy, CURLOPT_NOPROXY, "*");
        curl_easy_setopt(c->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
        curl_easy_setopt(c->easy, CURLOPT_OPENSOCKETDATA, c);
    }
    if (r->redirects > 0 && !r->headers && !r->user) {
        curl_easy_setopt(c->easy, CURLOPT_FOLLOWLOCATION, 1L);
        curl_easy_setopt(c->easy, CURLOPT_MAXREDIRS, (long)r->redirects);
    }
}

static void set_manners(struct curl_http *h, struct call *c, const struct http_request *r)
{
    curl_easy_setopt(c->easy, CURLOPT_PRIVATE, c);
    curl_easy_setopt(c->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c->easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(c->easy, CURLOPT_USERAGENT, h->user_agent);
    if (h->ca_file)
        curl_easy_setopt(c->easy, CURLOPT_CAINFO, h->ca_file);
    if (r->connect_ms)
        curl_easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)r->connect_ms);
    curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
    curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, hear_header);
    curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
}

static struct http_call *curl_start(struct http *base, const struct http_request *r,
                                    struct err *err)
{
    struct curl_http *h = (struct curl_http *)base;
    struct call *c;
    struct url url;

    if (!url_read(r->url, h->plain_anywhere, &url, err))
        return NULL;
    c = mem_zero(1, sizeof *c);
    c->base.http = base;
    memcpy(c->host, url.host, sizeof c->host);
    c->plain_anywhere = h->plain_anywhere;
    c->first_byte_ms = r->first_byte_ms;
    c->silence_ms = r->silence_ms;
    c->total_ms = r->total_ms;
    c->limit = r->body_limit ? r->body_limit : LIMIT_FALLBACK;
    strbuf_init(&c->body, c->limit > ERROR_BODY_LIMIT ? c->limit : ERROR_BODY_LIMIT);
    c->data = r->data;
    c->done = r->done;
    c->arg = r->arg;
    c->easy = curl_easy_init();
    set_manners(h, c, r);
    set_route(c, r, url.plain);
    set_method(c, r);
    set_headers(c, r);
    c->began = clock_mono_ms();
    curl_multi_add_handle(h->multi, c->easy);
    c->next = h->calls;
    h->calls = c;
    return &c->base;
}

static void curl_cancel(struct http_call *base)
{
    struct call *c = (struct call *)base;

    c->cancelled = true;
    curl_multi_wakeup(((struct curl_http *)base->http)->multi);
}

/* ---- ending ---------------------------------------------------------------------------------- */

static const struct {
    CURLcode code;
    enum err_code err;
    const char *says; /* after the host's name */
} failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ERR_OFFLINE, "there is no machine of that name, or no network"},
    {CURLE_COULDNT_RESOLVE_PROXY, ERR_OFFLINE, "the proxy's name is not known"},
    {CURLE_COULDNT_CONNECT, ERR_OFFLINE, "takes no connection on that port"},
    {CURLE_OPERATION_TIMEDOUT, ERR_OFFLINE, "does not answer"},
    {CURLE_GOT_NOTHING, ERR_OFFLINE, "closed the connection without an answer"},
    {CURLE_PARTIAL_FILE, ERR_OFFLINE, "closed the connection in the middle of its answer"},
    {CURLE_RECV_ERROR, ERR_OFFLINE, "the connection broke in the middle of its answer"},
    {CURLE_SEND_ERROR, ERR_OFFLINE, "the connection broke in the middle of the question"},
    {CURLE_HTTP2, ERR_OFFLINE, "the connection broke in the middle of its answer"},
    {CURLE_HTTP2_STREAM, ERR_OFFLINE, "the connection broke in the middle of its answer"},
    {CURLE_PEER_FAILED_VERIFICATION, ERR_DENIED,
     "its certificate cannot be trusted: signed by nobody known here, expired, or made for another "
     "name"},
    {CURLE_SSL_CONNECT_ERROR, ERR_DENIED, "does not speak TLS on that port"},
    {CURLE_TOO_MANY_REDIRECTS, ERR_IO, "sends on from one address to the next without end"},
    {CURLE_UNSUPPORTED_PROTOCOL, ERR_IO, "does not speak HTTP there, or sends on to what does not"},
    {CURLE_WEIRD_SERVER_REPLY, ERR_IO, "does not speak HTTP on that port"},
    {CURLE_BAD_CONTENT_ENCODING, ERR_IO, "what it sends cannot be unpacked"},
};

/* Our own reasons come first: to libcurl they are all the same "write error" or "no connection". */
static void say_failure(const struct call *c, CURLcode code, struct err *err)
{
    if (c->cancelled) {
        err_set(err, ERR_CANCELLED, 0, "Cancelled");
        return;
    }
    if (c->overdue) {
        err_set(err, ERR_OFFLINE, 0, "%s: %s", c->host, c->overdue);
        return;
    }
    if (c->taken > c->limit) {
        err_set(err, ERR_LIMIT, 0, "%s: its answer is longer than %zu KB", c->host,
                c->limit / 1024);
        return;
    }
    if (c->refused_plain) {
        err_set(err, ERR_DENIED, 0,
                "%s: is no machine near by, so write https://, or set plain_http to on", c->host);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(failures); i++)
        if (failures[i].code == code) {
            err_set(err, failures[i].err, (int)code, "%s: %s", c->host, failures[i].says);
            return;
        }
    err_set(err, ERR_IO, (int)code, "%s: the request failed (%s)", c->host,
            curl_easy_strerror(code));
}

static void end_call(struct curl_http *h, struct call *c, CURLcode code)
{
    struct http_response response = {.content_type = "", .location = "", .retry_after_ms = -1};
    const char *type = NULL, *location = NULL;
    struct err err = {0};
    curl_off_t retry_s = 0;
    long status = 0;

    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c->easy, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(c->easy, CURLINFO_REDIRECT_URL, &location);
    if (curl_easy_getinfo(c->easy, CURLINFO_RETRY_AFTER, &retry_s) == CURLE_OK && retry_s > 0)
        response.retry_after_ms = retry_s < INT32_MAX ? (int64_t)retry_s * 1000 : INT32_MAX;
    response.status = (int)status;
    response.content_type = type ? type : "";
    response.location = location ? location : "";
    response.body = c->body.data;
    response.len = c->body.len;
    if (code != CURLE_OK || c->cancelled)
        say_failure(c, code, &err);
    c->done(c->arg, &response, err.code == ERR_NONE ? NULL : &err);
    free_call(h, c);
}

static bool past(int limit_ms, int64_t since, int64_t now, int *wait_ms)
{
    int64_t left = since + limit_ms - now;

    if (limit_ms == 0)
        return false;
    if (left <= 0)
        return true;
    if (*wait_ms < 0 || left < *wait_ms)
        *wait_ms = (int)left;
    return false;
}

/* What took too long, or NULL; *wait_ms shrinks to the next moment at which something could. */
static const char *overdue(const struct call *c, int64_t now, int *wait_ms)
{
    if (past(c->total_ms, c->began, now, wait_ms))
        return "its answer takes too long";
    if (!c->heard && past(c->first_byte_ms, c->began, now, wait_ms))
        return "does not answer";
    if (c->heard && past(c->silence_ms, c->heard, now, wait_ms))
        return "fell silent in the middle of its answer";
    return NULL;
}

/* Ends what is cancelled or overdue. Returns whether something ended. */
static bool reap(struct curl_http *h, int *wait_ms)
{
    int64_t now = clock_mono_ms();
    struct call *next;
    bool any = false;

    for (struct call *c = h->calls; c; c = next) {
        next = c->next;
        c->overdue = c->cancelled ? NULL : overdue(c, now, wait_ms);
        if (!c->cancelled && !c->overdue)
            continue;
        end_call(h, c, CURLE_ABORTED_BY_CALLBACK);
        any = true;
    }
    return any;
}

static bool deliver(struct curl_http *h)
{
    const CURLMsg *message;
    bool any = false;
    int left;

    while ((message = curl_multi_info_read(h->multi, &left))) {
        struct call *c = NULL;

        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&c);
        end_call(h, c, message->data.result);
        any = true;
    }
    return any;
}

static bool curl_work(struct http *base, int timeout_ms, struct err *err)
{
    struct curl_http *h = (struct curl_http *)base;
    int running = 0, wait_ms = timeout_ms;
    CURLMcode code;

    code = curl_multi_perform(h->multi, &running);
    if (code == CURLM_OK && !deliver(h) && !reap(h, &wait_ms)) {
        code = curl_multi_poll(h->multi, NULL, 0, wait_ms < 0 ? LONGEST_WAIT_MS : wait_ms, NULL);
        if (code == CURLM_OK)
            code = curl_multi_perform(h->multi, &running);
        wait_ms = -1;
        if (code == CURLM_OK && !deliver(h))
            reap(h, &wait_ms);
    }
    if (code != CURLM_OK)
        return err_set(err, ERR_IO, (int)code, "the HTTP library failed: %s",
                       curl_multi_strerror(code));
    return true;
}

static size_t curl_active(const struct http *base)
{
    size_t count = 0;

    for (const struct call *c = ((const struct curl_http *)base)->calls; c; c = c->next)
        count++;
    return count;
}

static void curl_wake(struct http *base)
{
    curl_multi_wakeup(((struct curl_http *)base)->multi);
}

static bool curl_url_check(const char *text, bool plain_anywhere, struct err *err)
{
    struct url url;

    return url_read(text, plain_anywhere, &url, err);
}

const struct http_ops http_module_ops = {
    .open = curl_open,
    .close = curl_close,
    .start = curl_start,
    .cancel = curl_cancel,
    .work = curl_work,
    .active = curl_active,
    .wake = curl_wake,
    .url_check = curl_url_check,
};
