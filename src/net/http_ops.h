/* http_ops.h - what the module exports: a row of the functions of http.h. */
#ifndef STRATTIO_NET_HTTP_OPS_H
#define STRATTIO_NET_HTTP_OPS_H

#include "net/http.h"

struct http_ops {
    struct http *(*open)(const struct http_options *options, struct err *err);
    void (*close)(struct http *h);
    struct http_call *(*start)(struct http *h, const struct http_request *request, struct err *err);
    void (*cancel)(struct http_call *call);
    bool (*work)(struct http *h, int timeout_ms, struct err *err);
    size_t (*active)(const struct http *h);
    void (*wake)(struct http *h);
    bool (*url_check)(const char *url, bool plain_anywhere, struct err *err);
};

struct http { /* first member of the module's own struct */
    const struct http_ops *ops;
};

struct http_call {
    struct http *http;
};

#define HTTP_MODULE_SYMBOL "http_module_ops"

#endif
