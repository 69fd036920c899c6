/* journal.c - a file of records that only grows. Bytes are always written at the end of what is
 * known to be whole, so that a write that failed half way is written over by the next. A file
 * another process has just deleted can still be opened and locked, which would keep nothing:
 * after locking, the name must lead to the very file that was locked. */
#include "base/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { FRAME = 8, SMALLEST_BSON = 5, TRIES = 20 };

struct journal {
    char *path;
    int fd;
    size_t end;         /* bytes that are whole */
    bool folder_synced; /* the name itself is on the disk */
};

static bool fail(const struct journal *j, const char *doing, struct err *err)
{
    return err_set(err, ERR_IO, errno, "Cannot %s %s: %s", doing, j->path, strerror(errno));
}

/* CRC-32 as in zlib, four bits at a time. */
static uint32_t crc32_of(const char *data, size_t len)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < len; i++) {
        crc ^= (unsigned char)data[i];
        crc = (crc >> 4) ^ table[crc & 15];
        crc = (crc >> 4) ^ table[crc & 15];
    }
    return crc ^ 0xffffffff;
}

static void put_u32(char out[4], uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (char)(value >> (8 * i) & 0xff);
}

static uint32_t get_u32(const char *data)
{
    uint32_t value = 0;

    for (int i = 3; i >= 0; i--)
        value = value << 8 | (unsigned char)data[i];
    return value;
}

void journal_frame(struct strbuf *out, const bson_t *record)
{
    const char *data = (const char *)bson_get_data(record);
    char head[FRAME];

    put_u32(head, record->len);
    put_u32(head + 4, crc32_of(data, record->len));
    if (out->limit - out->len < FRAME + (size_t)record->len)
        out->full = true; /* a head without its record would be a hole */
    strbuf_add(out, head, sizeof head);
    strbuf_add(out, data, record->len);
}

bool journal_next(const char *data, size_t len, size_t *at, bson_t *record)
{
    const char *body = data + *at + FRAME;
    size_t left = len - *at, size;

    if (left < FRAME + SMALLEST_BSON)
        return false;
    size = get_u32(data + *at);
    if (size < SMALLEST_BSON || size > left - FRAME || crc32_of(body, size) != get_u32(body - 4))
        return false;
    if (!bson_init_static(record, (const uint8_t *)body, size) ||
        !bson_validate(record, BSON_VALIDATE_UTF8, NULL))
        return false;
    *at += FRAME + size;
    return true;
}

/* Is what was opened, now `here`, still what the name leads to? */
static bool is_named(const struct journal *j, struct stat *here)
{
    struct stat there;

    return fstat(j->fd, here) == 0 && stat(j->path, &there) == 0 && here->st_ino == there.st_ino &&
           here->st_dev == there.st_dev;
}

static bool open_locked(struct journal *j, struct err *err)
{
    struct stat st;

    for (int i = 0; i < TRIES; i++) {
        j->fd = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
        if (j->fd < 0 || fstat(j->fd, &st) != 0)
            return fail(j, "open", err);
        if (!S_ISREG(st.st_mode))
            return err_set(err, ERR_IO, 0, "%s is not a file", j->path);
        if (flock(j->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) /* not every disk locks */
            break;
        if (is_named(j, &st)) {
            j->end = (size_t)st.st_size;
            j->folder_synced = st.st_size > 0;
            return true;
        }
        close(j->fd);
        j->fd = -1;
    }
    return err_set(err, ERR_BUSY, 0, "This is being edited in another terminal");
}

static void release(struct journal *j)
{
    if (j->fd >= 0)
        close(j->fd);
    free(j->path);
    free(j);
}

struct journal *journal_open(const char *path, struct err *err)
{
    struct journal *j = mem_zero(1, sizeof *j);

    j->path = mem_str(path);
    j->fd = -1;
    if (open_locked(j, err))
        return j;
    release(j);
    return NULL;
}

void journal_close(struct journal *j)
{
    struct stat st;

    if (!j)
        return;
    if (!j->end && is_named(j, &st))
        unlink(j->path);
    release(j);
}

void journal_remove(struct journal *j)
{
    struct stat st;

    if (is_named(j, &st))
        unlink(j->path);
    release(j);
}

char *journal_read(struct journal *j, size_t *len, struct err *err)
{
    struct strbuf text;
    char piece[16384];
    ssize_t got = 1;

    strbuf_init(&text, JOURNAL_LIMIT_BYTES);
    while (got > 0 && !text.full) {
        got = pread(j->fd, piece, sizeof piece, (off_t)text.len);
        if (got > 0)
            strbuf_add(&text, piece, (size_t)got);
        else if (got < 0 && errno == EINTR)
            got = 1;
    }
    if (got < 0 ? fail(j, "read", err) : strbuf_check(&text, j->path, err)) {
        *len = text.len;
        return strbuf_take(&text);
    }
    strbuf_finish(&text);
    return NULL;
}

bool journal_cut(struct journal *j, size_t len, struct err *err)
{
    if (ftruncate(j->fd, (off_t)len) != 0)
        return fail(j, "shorten", err);
    j->end = len;
    return true;
}

/* Makes the name of a new file durable; a file system that cannot is no reason to fail. */
static void sync_folder(struct journal *j)
{
    char *folder = mem_str(j->path), *slash = strrchr(folder, '/');
    int fd;

    if (slash)
        slash[slash == folder] = '\0';
    fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    j->folder_synced = true;
    free(folder);
}

bool journal_write(struct journal *j, const void *data, size_t len, bool sync, struct err *err)
{
    const char *from = data;
    size_t done = 0;

    if (len > JOURNAL_LIMIT_BYTES - j->end)
        return err_set(err, ERR_LIMIT, 0, "%s is full; save, and it begins anew", j->path);
    while (done < len) {
        ssize_t put = pwrite(j->fd, from + done, len - done, (off_t)(j->end + done));

        if (put < 0 && errno != EINTR)
            return fail(j, "write", err);
        if (put > 0)
            done += (size_t)put;
    }
    if (sync && fdatasync(j->fd) != 0)
        return fail(j, "write", err);
    if (sync && !j->folder_synced)
        sync_folder(j);
    j->end += len;
    return true;
}

bool journal_set_aside(struct journal *j, struct err *err)
{
    char *to = mem_printf("%s.aside", j->path);
    bool ok;

    for (int number = 2; access(to, F_OK) == 0; number++) { /* never over an earlier one */
        free(to);
        to = mem_printf("%s.aside-%d", j->path, number);
    }
    ok = rename(j->path, to) == 0 || fail(j, "set aside", err);
    free(to);
    if (!ok)
        return false;
    close(j->fd);
    return open_locked(j, err);
}
