/* ids.h - document ids (24 hex digits of an ObjectId) and SHA-256. */
#ifndef STRATTIO_IDS_H
#define STRATTIO_IDS_H

#include <stdbool.h>
#include <stddef.h>

enum { ID_LEN = 24, SHA_HEX_LEN = 64 };

void id_new(char out[ID_LEN + 1]); /* any thread */
bool id_valid(const char *text);   /* 24 hex digits, lower or upper case */

/* The id of the one document of `kind` that belongs to `parent_id`: the first 12 bytes of
 * SHA-256("parent_id:kind"), so that two writers can never make two. */
void id_derive(const char *parent_id, const char *kind, char out[ID_LEN + 1]);

void sha256_hex(const void *data, size_t len, char out[SHA_HEX_LEN + 1]);

/* `len` bytes from the system's random source. */
void random_bytes(void *out, size_t len);

#endif
