/* uri.c - taking store addresses apart as text. A password in them ends at the last "@" of all, not
 * of the authority: people forget to escape "/" and "?" in passwords, and showing half of one is
 * worse than showing too little of the address. */
#include "account/uri.h"

#include <string.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { URI_LIMIT = 65536 };

/* Where the parts of SCHEME://USER:PASSWORD@HOSTS/DB?OPTIONS begin; `hosts` is the start of what
 * follows the user, `end` of hosts and database the "?" or the NUL. */
struct parts {
    const char *rest;  /* after "://", or NULL for a URI without it */
    const char *colon; /* between user and password, or NULL */
    const char *at;    /* the last "@", or NULL */
    const char *hosts;
    const char *end;
};

static struct parts take_apart(const char *uri)
{
    struct parts p = {0};
    const char *rest = strstr(uri, "://");

    if (!rest)
        return p;
    p.rest = rest + 3;
    p.at = strrchr(p.rest, '@');
    p.hosts = p.at ? p.at + 1 : p.rest;
    if (p.at)
        p.colon = memchr(p.rest, ':', (size_t)(p.at - p.rest));
    p.end = p.hosts + strcspn(p.hosts, "?");
    return p;
}

static bool is_secret(const char *option, size_t len)
{
    static const char *const words[] = {"password", "authmechanismproperties", "secret", "token"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t word = strlen(words[i]);

        for (size_t at = 0; at + word <= len; at++)
            if (strncasecmp(option + at, words[i], word) == 0)
                return true;
    }
    return false;
}

/* Appends "?a=b&c=d" with the values of secret options left out. */
static void add_options(struct strbuf *sb, const char *options)
{
    while (*options) {
        size_t len = 1 + strcspn(options + 1, "&;");
        const char *equals = memchr(options, '=', len);

        if (equals && is_secret(options, (size_t)(equals - options)))
            strbuf_add(sb, options, (size_t)(equals + 1 - options));
        else
            strbuf_add(sb, options, len);
        options += len;
    }
}

char *uri_without_password(const char *uri)
{
    struct parts p = take_apart(uri);
    struct strbuf sb;

    if (!p.rest)
        return mem_str(uri);
    strbuf_init(&sb, URI_LIMIT);
    strbuf_add(&sb, uri, (size_t)((p.colon ? p.colon : p.at ? p.at : p.hosts) - uri));
    if (p.at)
        strbuf_char(&sb, '@');
    strbuf_add(&sb, p.hosts, (size_t)(p.end - p.hosts));
    add_options(&sb, p.end);
    return strbuf_take(&sb);
}

char *uri_key(const char *uri)
{
    struct parts p = take_apart(uri);

    if (!p.rest)
        return mem_str(uri);
    return mem_printf("%.*s%.*s", (int)(p.rest - uri), uri, (int)(p.end - p.hosts), p.hosts);
}

char *uri_label(const char *uri, bool shared)
{
    struct parts p = take_apart(uri);
    size_t len;

    if (!shared)
        return mem_str("this computer");
    if (!p.rest)
        return mem_str(uri);
    len = p.hosts[0] == '[' ? strcspn(p.hosts, "]") + 1 : strcspn(p.hosts, ":,/?");
    if (len > strlen(p.hosts))
        len = strlen(p.hosts);
    return mem_strn(p.hosts, len);
}
