/* http_url.c - judges a URL with libcurl's own parser, so that what is judged is what is asked. */
#include "net/http_url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "strattio/err.h"

#include "net/address.h"

/* One part of the URL in `out`; false if it has none. */
static bool part(CURLU *url, CURLUPart what, char *out, size_t size)
{
    char *text = NULL;
    bool there = curl_url_get(url, what, &text, 0) == CURLUE_OK;

    if (there)
        snprintf(out, size, "%s", text);
    curl_free(text);
    return there;
}

/* Is the host an address, and one that is not near by? A name is judged when it is connected to. */
static bool is_far_address(const char *host)
{
    struct sockaddr_in in4 = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    char bare[URL_HOST_SIZE];

    if (inet_pton(AF_INET, host, &in4.sin_addr) == 1)
        return !address_is_private((const struct sockaddr *)&in4);
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(host + (*host == '['), "]"),
             host + (*host == '['));
    if (inet_pton(AF_INET6, bare, &in6.sin6_addr) == 1)
        return !address_is_private((const struct sockaddr *)&in6);
    return false;
}

static bool judge(CURLU *url, bool plain_anywhere, struct url *out, struct err *err)
{
    char scheme[16] = "", other[2];

    if (!part(url, CURLUPART_SCHEME, scheme, sizeof scheme) ||
        !part(url, CURLUPART_HOST, out->host, sizeof out->host))
        return err_set(err, ERR_INVALID, 0, "that is no URL; write https://HOST/PATH");
    out->plain = strcasecmp(scheme, "http") == 0;
    if (!out->plain && strcasecmp(scheme, "https") != 0)
        return err_set(err, ERR_INVALID, 0,
                       "%s: the URL must begin with https://, or http:// for "
                       "a machine near by",
                       out->host);
    if (part(url, CURLUPART_USER, other, sizeof other) ||
        part(url, CURLUPART_PASSWORD, other, sizeof other))
        return err_set(
            err, ERR_INVALID, 0,
            "%s: no user or password may stand in the URL; there is a setting for the key",
            out->host);
    if (part(url, CURLUPART_FRAGMENT, other, sizeof other))
        return err_set(err, ERR_INVALID, 0, "%s: the URL must end before its #", out->host);
    if (out->plain && !plain_anywhere && is_far_address(out->host))
        return err_set(err, ERR_INVALID, 0,
                       "%s: is no machine near by, so write https://, or set plain_http to on",
                       out->host);
    return true;
}

bool url_read(const char *text, bool plain_anywhere, struct url *out, struct err *err)
{
    CURLU *url = curl_url();
    bool ok;

    *out = (struct url){0};
    if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
        ok = err_set(err, ERR_INVALID, 0, "that is no URL; write https://HOST/PATH");
    else
        ok = judge(url, plain_anywhere, out, err);
    curl_url_cleanup(url);
    return ok;
}
