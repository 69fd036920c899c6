/* store_sqlite.c - the embedded store: one file, no server. This part opens and closes it, keeps
 * its statements and puts its failures into words. Several programs may have the file open:
 * write-ahead logging lets them read while one writes, and every write begins IMMEDIATE, so that
 * it waits for the one before instead of failing half way. `synchronous=FULL` means that what a
 * call acknowledged survives a power cut. */
#include "store/store_sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

enum {
    DEFAULT_WAIT_MS = 5000, /* for another program's write, if the caller names no time */
    LEAST_BYTES = 512,      /* of a database; SQLite takes less for an empty one and writes over it */
};

/* ---- failures ------------------------------------------------------------------------------- */

static bool is_disk_full(const struct sqlite_store *self, int code)
{
    int errnum = sqlite3_system_errno(self->db);

    return code == SQLITE_FULL ||
           (code == SQLITE_IOERR && (errnum == ENOSPC || errnum == EDQUOT));
}

bool sqlite_fail(const struct sqlite_store *self, struct err *err)
{
    int native = sqlite3_extended_errcode(self->db), code = native & 0xff;

    if (is_disk_full(self, code))
        return err_set(err, ERR_IO, native,
                       "the disk is full, so nothing was saved to %s; free some space and try again",
                       self->path);
    switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, ERR_BUSY, native,
                       "another program is writing to %s and does not finish; try again",
                       self->path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return err_set(err, ERR_IO, native,
                       "%s cannot be opened for writing; make the file and its folder writable, or "
                       "name another with --store sqlite:FILE",
                       self->path);
    case SQLITE_NOTADB:
        return err_set(err, ERR_IO, native,
                       "%s is not a store of Strattio; name another with --store sqlite:FILE",
                       self->path);
    case SQLITE_CORRUPT:
        return err_set(err, ERR_IO, native, "%s is damaged (%s); put back a copy of it",
                       self->path, sqlite3_errmsg(self->db));
    case SQLITE_IOERR:
        return err_set(err, ERR_IO, native,
                       "%s could not be read or written (%s); nothing was saved: check the disk it "
                       "is on",
                       self->path, sqlite3_errmsg(self->db));
    case SQLITE_TOOBIG:
        return err_set(err, ERR_LIMIT, native, "a document is too large for %s", self->path);
    default:
        return err_set(err, ERR_IO, native, "%s: %s", self->path, sqlite3_errmsg(self->db));
    }
}

/* ---- statements ----------------------------------------------------------------------------- */

static struct sqlite_cached *find_cached(struct sqlite_store *self, const char *sql)
{
    for (size_t i = 0; i < SQLITE_STATEMENTS; i++) {
        struct sqlite_cached *c = &self->cache[i];

        if (c->sql && !c->busy && strcmp(c->sql, sql) == 0)
            return c;
    }
    return NULL;
}

/* The place that waits longest; at most a few are lent out at a time. */
static struct sqlite_cached *free_place(struct sqlite_store *self)
{
    struct sqlite_cached *c;

    do {
        c = &self->cache[self->next];
        self->next = (self->next + 1) % SQLITE_STATEMENTS;
    } while (c->busy);
    sqlite3_finalize(c->stmt);
    free(c->sql);
    *c = (struct sqlite_cached){0};
    return c;
}

sqlite3_stmt *sqlite_prepare(struct sqlite_store *self, const char *sql, struct err *err)
{
    struct sqlite_cached *c = find_cached(self, sql);

    if (!c) {
        c = free_place(self);
        if (sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &c->stmt, NULL) !=
            SQLITE_OK) {
            sqlite_fail(self, err);
            return NULL;
        }
        c->sql = mem_str(sql);
    }
    c->busy = true;
    return c->stmt;
}

void sqlite_release(struct sqlite_store *self, sqlite3_stmt *stmt)
{
    for (size_t i = 0; stmt && i < SQLITE_STATEMENTS; i++)
        if (self->cache[i].stmt == stmt) {
            sqlite3_reset(stmt);
            sqlite3_clear_bindings(stmt);
            self->cache[i].busy = false;
            return;
        }
}

bool sqlite_exec(struct sqlite_store *self, const char *sql, struct err *err)
{
    return sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK || sqlite_fail(self, err);
}

/* ---- the file ------------------------------------------------------------------------------- */

static char *default_path(struct err *err)
{
    char *folder = paths_dir(PATHS_DATA, true, err);
    char *path;

    if (!folder)
        return NULL;
    path = mem_printf("%s/strattio.db", folder);
    free(folder);
    return path;
}

/* The file a URI names. "sqlite:///x" is read as people mean it, and "~/" as a shell would. */
static char *path_of(const char *uri, struct err *err)
{
    const char *path = strchr(uri, ':') + 1;
    const char *home = getenv("HOME");

    if (strncmp(path, "//", 2) == 0 && path[2] != '/') {
        err_set(err, ERR_INVALID, 0,
                "a sqlite: store is a file on this computer; write sqlite:/path/file.db");
        return NULL;
    }
    if (strncmp(path, "//", 2) == 0)
        path += 2;
    if (!*path)
        return default_path(err);
    if (strncmp(path, "~/", 2) == 0 && home)
        return mem_printf("%s%s", home, path + 1);
    return mem_str(path);
}

/* Makes the folders above `path` that are not there, for their owner alone. */
static bool make_folders(const char *path, struct err *err)
{
    char *folder = mem_str(path);

    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST && errno != EISDIR && errno != EROFS) {
            err_set(err, ERR_IO, errno,
                    "the folder %s cannot be made: %s; name another file with --store sqlite:FILE",
                    folder, strerror(errno));
            free(folder);
            return false;
        }
        *slash = '/';
    }
    free(folder);
    return true;
}

/* Makes an empty file that only its owner may read. mknod, not open: closing a descriptor would
 * drop the locks another store of this process may just have taken on the new file. */
static bool make_file(const char *path, struct err *err)
{
    struct stat st;

    if (mknod(path, S_IFREG | 0600, 0) == 0)
        return true;
    if (errno == EEXIST && stat(path, &st) == 0 && st.st_size > 0 && st.st_size < LEAST_BYTES)
        return err_set(err, ERR_IO, 0,
                       "%s is not a store of Strattio; name another with --store sqlite:FILE", path);
    if (errno == EEXIST)
        return true;
    return err_set(err, ERR_IO, errno,
                   "the file %s cannot be made: %s; make its folder writable, or name another "
                   "with --store sqlite:FILE",
                   path, strerror(errno));
}

static bool open_file(struct sqlite_store *self, int timeout_ms, struct err *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

    if (!make_folders(self->path, err) || !make_file(self->path, err))
        return false;
    if (sqlite3_open_v2(self->path, &self->db, flags, NULL) != SQLITE_OK)
        return sqlite_fail(self, err);
    sqlite3_busy_timeout(self->db, timeout_ms > 0 ? timeout_ms : DEFAULT_WAIT_MS);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (sqlite3_db_readonly(self->db, "main") == 1)
        return err_set(err, ERR_IO, EACCES,
                       "%s is read-only; make it writable, or name another with --store "
                       "sqlite:FILE",
                       self->path);
    return sqlite_exec(self,
                       "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
                       "PRAGMA trusted_schema=OFF",
                       err);
}

static void sqlite_close(struct store *s)
{
    struct sqlite_store *self = (struct sqlite_store *)s;

    if (!self)
        return;
    for (size_t i = 0; i < SQLITE_STATEMENTS; i++) {
        sqlite3_finalize(self->cache[i].stmt);
        free(self->cache[i].sql);
    }
    sqlite3_close(self->db);
    free(self->path);
    free(self);
}

static struct store *sqlite_open(const char *uri, int timeout_ms, struct err *err)
{
    struct sqlite_store *self = mem_zero(1, sizeof *self);

    self->base = (struct store){.ops = &store_sqlite_ops, .transactions = true};
    self->path = path_of(uri, err);
    if (self->path && open_file(self, timeout_ms, err) && sqlite_add_functions(self, err) &&
        sqlite_prepare_schema(self, err))
        return &self->base;
    sqlite_close(&self->base);
    return NULL;
}

static bool sqlite_info(struct store *s, bson_t *out, struct err *err)
{
    return sqlite_describe((struct sqlite_store *)s, out, err);
}

const struct store_ops store_sqlite_ops = {
    .scheme = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .insert_many = sqlite_insert_many,
    .find = sqlite_find,
    .count = sqlite_count,
    .patch = sqlite_patch,
    .find_and_patch = sqlite_find_and_patch,
    .remove = sqlite_remove,
    .atomically = sqlite_atomically,
    .info = sqlite_info,
    .explain = sqlite_explain,
};
