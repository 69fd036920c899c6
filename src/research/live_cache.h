/* live_cache.h - answers of sources, kept in the cache folder: a file a request, named by its hash.
 * A key is never part of a request here. What cannot be read or written is as if it were not there.
 */
#ifndef STRATTIO_RESEARCH_LIVE_CACHE_H
#define STRATTIO_RESEARCH_LIVE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct live_copy {
    char *body; /* NUL-terminated; the caller frees it */
    size_t len;
    int64_t fetched_at; /* ms since 1970 UTC */
};

/* `request` is the URL and, after a newline, what is posted. */
bool live_cache_get(const char *request, struct live_copy *out);
void live_cache_put(const char *request, const char *body, size_t len, int64_t fetched_at);

#endif
