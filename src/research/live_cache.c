/* live_cache.c - one BSON document a file: {request, fetched_at, body}. The request is compared on
 * reading, so that a file that is not what its name says counts for nothing; files are written by
 * rename and two runs that write the same one do no harm. */
#include "research/live_cache.h"

#include <bson/bson.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

enum { FILE_LIMIT = 12 * 1024 * 1024 };

static char *path_of(const char *request, bool make)
{
    struct err ignored;
    char *folder = paths_dir(PATHS_CACHE, make, &ignored), *path;
    char hash[SHA_HEX_LEN + 1];

    if (!folder)
        return NULL;
    sha256_hex(request, strlen(request), hash);
    path = mem_printf("%s/research-%s", folder, hash);
    free(folder);
    return path;
}

static bool take(const char *data, size_t len, const char *request, struct live_copy *out)
{
    bson_subtype_t type;
    const uint8_t *body;
    uint32_t body_len;
    bson_iter_t it;
    bson_t doc;

    if (!bson_init_static(&doc, (const uint8_t *)data, len) ||
        !bson_validate(&doc, BSON_VALIDATE_UTF8, NULL) ||
        strcmp(doc_str(&doc, "request", ""), request) != 0 || !doc_find(&doc, "body", &it) ||
        !BSON_ITER_HOLDS_BINARY(&it))
        return false;
    bson_iter_binary(&it, &type, &body_len, &body);
    out->body = mem_zero(1, (size_t)body_len + 1);
    memcpy(out->body, body, body_len);
    out->len = body_len;
    out->fetched_at = doc_date(&doc, "fetched_at", 0);
    return true;
}

bool live_cache_get(const char *request, struct live_copy *out)
{
    char *path = path_of(request, false), *data;
    struct err ignored;
    size_t len = 0;
    bool ok;

    if (!path)
        return false;
    data = paths_read_file(path, FILE_LIMIT, &len, &ignored);
    ok = data && take(data, len, request, out);
    free(data);
    free(path);
    return ok;
}

void live_cache_put(const char *request, const char *body, size_t len, int64_t fetched_at)
{
    char *path = path_of(request, true);
    bson_t doc = BSON_INITIALIZER;
    struct err err;

    BSON_APPEND_UTF8(&doc, "request", request);
    BSON_APPEND_DATE_TIME(&doc, "fetched_at", fetched_at);
    BSON_APPEND_BINARY(&doc, "body", BSON_SUBTYPE_BINARY, (const uint8_t *)body, (uint32_t)len);
    if (path && !paths_write_file(path, bson_get_data(&doc), doc.len, 0600, &err))
        log_err("keeping an answer for later", &err);
    bson_destroy(&doc);
    free(path);
}
