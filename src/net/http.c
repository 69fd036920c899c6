/* http.c - the front of the module: opens it on first use and hands on. */
#include "net/http.h"

#include <string.h>

#include "strattio/strbuf.h"

#include "base/module.h"
#include "net/http_ops.h"

static const struct http_ops *load(struct err *err)
{
    return module_open("http", HTTP_MODULE_SYMBOL, "requests to other machines", err);
}

struct http *http_open(const struct http_options *options, struct err *err)
{
    const struct http_ops *ops = load(err);

    return ops ? ops->open(options, err) : NULL;
}

void http_close(struct http *h)
{
    if (h)
        h->ops->close(h);
}

struct http_call *http_start(struct http *h, const struct http_request *request, struct err *err)
{
    return h->ops->start(h, request, err);
}

void http_cancel(struct http_call *call)
{
    call->http->ops->cancel(call);
}

bool http_work(struct http *h, int timeout_ms, struct err *err)
{
    return h->ops->work(h, timeout_ms, err);
}

size_t http_active(const struct http *h)
{
    return h->ops->active(h);
}

void http_wake(struct http *h)
{
    h->ops->wake(h);
}

bool http_url_check(const char *url, bool plain_anywhere, struct err *err)
{
    const struct http_ops *ops = load(err);

    return ops && ops->url_check(url, plain_anywhere, err);
}

void http_escape(const char *text, struct strbuf *out)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    for (; *text; text++) {
        if (strchr(plain, *text))
            strbuf_char(out, *text);
        else
            strbuf_printf(out, "%%%02X", (unsigned char)*text);
    }
}
