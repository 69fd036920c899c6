/* ids.c - document ids, SHA-256 and random bytes: nettle, libbson and the kernel behind four small
 * functions, so that no other file decides how an id is made. */
#include "strattio/ids.h"

#include <bson/bson.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void to_hex(const uint8_t *bytes, size_t count, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < count; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * count] = '\0';
}

void id_new(char out[ID_LEN + 1])
{
    bson_oid_t oid;

    bson_oid_init(&oid, NULL);
    bson_oid_to_string(&oid, out);
}

bool id_valid(const char *text)
{
    return text && strlen(text) == ID_LEN && bson_oid_is_valid(text, ID_LEN);
}

void id_derive(const char *parent_id, const char *kind, char out[ID_LEN + 1])
{
    struct sha256_ctx ctx;
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_init(&ctx);
    sha256_update(&ctx, strlen(parent_id), (const uint8_t *)parent_id);
    sha256_update(&ctx, 1, (const uint8_t *)":");
    sha256_update(&ctx, strlen(kind), (const uint8_t *)kind);
    sha256_digest(&ctx, sizeof digest, digest);
    to_hex(digest, ID_LEN / 2, out);
}

void sha256_hex(const void *data, size_t len, char out[SHA_HEX_LEN + 1])
{
    struct sha256_ctx ctx;
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_init(&ctx);
    sha256_update(&ctx, len, data);
    sha256_digest(&ctx, sizeof digest, digest);
    to_hex(digest, sizeof digest, out);
}

void random_bytes(void *out, size_t len)
{
    uint8_t *at = out;

    while (len) {
        ssize_t got = getrandom(at, len, 0);

        if (got < 0 && errno != EINTR)
            abort(); /* a kernel without it; a guessable token would be worse */
        if (got > 0) {
            at += got;
            len -= (size_t)got;
        }
    }
}
