/* log.c - the log file. Each line goes out in one write() to a file opened for appending, so that
 * lines of two programs on one log do not mix. A log that cannot be written is no reason to stop:
 * every failure here is silent. */
#include "strattio/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strattio/clock.h"
#include "strattio/err.h"
#include "strattio/mem.h"

enum { ROTATE_BYTES = 1024 * 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static int log_fd = -1;
static char *open_path;

static void move_if_large(const char *path)
{
    struct stat st;
    char *older;

    if (stat(path, &st) != 0 || st.st_size <= ROTATE_BYTES)
        return;
    older = mem_printf("%s.1", path);
    if (rename(path, older) != 0)
        unlink(older); /* the next start tries again */
    free(older);
}

void log_open(const char *path)
{
    pthread_mutex_lock(&lock);
    if (log_fd >= 0)
        close(log_fd);
    log_fd = -1;
    free(open_path);
    open_path = NULL;
    if (path) {
        move_if_large(path);
        log_fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    }
    if (log_fd >= 0)
        open_path = mem_str(path);
    pthread_mutex_unlock(&lock);
}

char *log_path(void)
{
    char *path;

    pthread_mutex_lock(&lock);
    path = mem_str(open_path);
    pthread_mutex_unlock(&lock);
    return path;
}

void log_line(enum log_level level, const char *fmt, ...)
{
    static const char *const names[] = {"info", "warn", "error"};
    char line[1024], now[CLOCK_ISO_SIZE];
    size_t start, len;
    va_list args;
    int added;

    clock_iso(clock_now_ms(), now);
    start = (size_t)snprintf(line, sizeof line, "%s %-5s ", now, names[level]);
    va_start(args, fmt);
    added = vsnprintf(line + start, sizeof line - start, fmt, args);
    va_end(args);
    if (added < 0)
        return;
    len = start + (size_t)added;
    if (len > sizeof line - 2)
        len = sizeof line - 2;
    for (size_t i = start; i < len; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = ' ';
    line[len] = '\n';
    pthread_mutex_lock(&lock);
    if (log_fd >= 0 && write(log_fd, line, len + 1) < 0)
        added = 0; /* nothing to be done */
    pthread_mutex_unlock(&lock);
}

void log_err(const char *what, const struct err *err)
{
    log_line(LOG_LEVEL_ERROR, "%s: %s (code %d, native %d)", what, err->msg, (int)err->code,
             err->native);
}
