/* journal.h - a file of records that only grows: what is not yet in the store, and must outlive
 * this process. A record is its length, a CRC-32 of its bytes (both four bytes, little-endian)
 * and a BSON document; what the documents mean is the caller's affair. */
#ifndef STRATTIO_BASE_JOURNAL_H
#define STRATTIO_BASE_JOURNAL_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;
struct strbuf;

enum { JOURNAL_LIMIT_BYTES = 128 * 1024 * 1024 }; /* of a file; past it journal_write() refuses */

/* Appends `record`, framed, to `out`. */
void journal_frame(struct strbuf *out, const bson_t *record);

/* Makes `record` a borrowed view of the record at *at and moves *at behind it. False, with *at
 * where it was, at the end and at the first record that is torn, damaged or no BSON. */
bool journal_next(const char *data, size_t len, size_t *at, bson_t *record);

/* A journal that is open and this process's alone, by a lock that ends with the process. */
struct journal;

/* Opens the file at `path`, made (0600) if absent. ERR_BUSY if another process has it open,
 * ERR_IO. */
MUST_USE struct journal *journal_open(const char *path, struct err *err);

/* Closes it; a file with nothing in it is deleted. Accepts NULL. */
void journal_close(struct journal *j);

/* Its whole content, the caller's to free(). ERR_LIMIT, ERR_IO. */
MUST_USE char *journal_read(struct journal *j, size_t *len, struct err *err);

/* Keeps the first `len` bytes: the rest is damaged, or all of it is done with. ERR_IO. */
MUST_USE bool journal_cut(struct journal *j, size_t len, struct err *err);

/* Appends framed records; `sync` asks the disk, too. On ERR_IO or ERR_LIMIT the journal is as it
 * was, and the same bytes may be written again. */
MUST_USE bool journal_write(struct journal *j, const void *data, size_t len, bool sync,
                            struct err *err);

/* Renames the file to "PATH.aside" ("PATH.aside-2" if that is taken, ...) and begins an empty
 * one. ERR_IO. */
MUST_USE bool journal_set_aside(struct journal *j, struct err *err);

/* Deletes the file and closes it. */
void journal_remove(struct journal *j);

#endif
