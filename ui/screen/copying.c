/* copying.c - OSC 52 is a message without an answer: terminals may take it, ask or drop it. So nothing
 * here claims that something was copied, and there is always the way by a file. */
#include "screen/copying.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"

enum { NAMES = 99 };

void copying_send(struct app *app, const char *text, size_t len, const char *what,
                  enum action to_file)
{
    struct strbuf key;

    strbuf_init(&key, 64);
    keymap_keys(app->keys, to_file, terminal_utf8(app->term), &key);
    if (terminal_copy(app->term, text, len))
        app_toast(app, ROLE_OK,
                  "%s was sent to your terminal (OSC 52); if nothing arrived, press %s to write a "
                  "file.",
                  what, key.data);
    else
        app_toast(app, ROLE_WARN, "This terminal does not take that; press %s to write a file.",
                  key.data);
    strbuf_finish(&key);
}

struct write_job {
    struct job base;
    char *text, *path;
    size_t len;
    bool ok;
    struct err err;
};

/* "strattio-copy.md", or with a number if there is one: never over a file that is there. */
static int open_new(struct write_job *job)
{
    int fd = -1;

    for (int i = 1; fd < 0 && i <= NAMES; i++) {
        free(job->path);
        job->path = i == 1 ? mem_str("strattio-copy.md") : mem_printf("strattio-copy-%d.md", i);
        fd = open(job->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    return fd;
}

static void work(struct job *base, struct bench *bench)
{
    struct write_job *job = (struct write_job *)base;
    int fd = open_new(job);
    size_t at = 0;
    ssize_t n = 0;

    (void)bench;
    while (fd >= 0 && at < job->len && (n = write(fd, job->text + at, job->len - at)) > 0)
        at += (size_t)n;
    job->ok = fd >= 0 && at == job->len;
    if (!job->ok)
        err_set(&job->err, ERR_IO, errno, "%s cannot be written: %s", job->path, strerror(errno));
    if (fd >= 0 && close(fd) != 0 && job->ok)
        job->ok = err_set(&job->err, ERR_IO, errno, "%s: %s", job->path, strerror(errno));
}

static void done(struct job *base, struct app *app)
{
    struct write_job *job = (struct write_job *)base;

    if (job->ok)
        app_toast(app, ROLE_OK, "Written to %s", job->path);
    else
        app_error(app, &job->err);
}

static void discard(struct job *base)
{
    struct write_job *job = (struct write_job *)base;

    free(job->text);
    free(job->path);
    free(job);
}

void copying_write(struct app *app, const char *text, size_t len)
{
    struct write_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = work, .done = done, .discard = discard, .flags = JOB_MUST};
    job->text = mem_copy(text, len);
    job->len = len;
    app_submit(app, &job->base);
}
