/* outside.c - $EDITOR as a program of its own. The shell takes the words of the setting apart; the path is never
 * part of them. ^C and ^\ are for the editor and not for us meanwhile. */
#include "strattio/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

static const char *editor(void)
{
    const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");

    if (visual && *visual)
        return visual;
    return plain && *plain ? plain : NULL;
}

static char *write_draft(const char *text, struct err *err)
{
    char *folder = paths_dir(PATHS_STATE, true, err), *path, id[ID_LEN + 1];
    size_t len = strlen(text);
    bool ok;
    int fd;

    if (!folder)
        return NULL;
    id_new(id);
    path = mem_printf("%s/edit-%s.md", folder, id);
    free(folder);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ok = fd >= 0 && write(fd, text, len) == (ssize_t)len;
    if (!ok)
        err_set(err, ERR_IO, errno, "%.120s could not be written: %s", path, strerror(errno));
    if (fd >= 0 && close(fd) < 0 && ok)
        ok = err_set(err, ERR_IO, errno, "%.120s could not be written: %s", path, strerror(errno));
    if (ok)
        return path;
    if (fd >= 0)
        unlink(path);
    free(path);
    return NULL;
}

static _Noreturn void become_editor(const char *command, const char *path)
{
    char *line = mem_printf("%s \"$@\"", command);

    execl("/bin/sh", "sh", "-c", line, command, path, (char *)NULL);
    _exit(127);
}

static bool run_editor(const char *command, const char *path, struct err *err)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
    int status = 0;
    pid_t child;

    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    child = fork();
    if (child == 0) {
        sigaction(SIGINT, &interrupt, NULL);
        sigaction(SIGQUIT, &quit, NULL);
        become_editor(command, path);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    if (child < 0)
        return err_set(err, ERR_IO, errno, "The editor could not be started: %s", strerror(errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(err, ERR_IO, 0, "The editor \"%.80s\" failed, so nothing was saved.",
                       command);
    return true;
}

bool outside_edit(const char *text, char **path, struct err *err)
{
    const char *command = editor();

    *path = NULL;
    if (!command)
        return err_set(err, ERR_INVALID, 0,
                       "No editor is set: put its name into VISUAL or EDITOR, or use --from FILE.");
    *path = write_draft(text, err);
    return *path && run_editor(command, *path, err);
}

size_t outside_body(const char *text)
{
    size_t len = strlen(text);

    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    return len;
}

bool outside_differs(const char *path, const char *text)
{
    struct err ignored = {0};
    size_t len, body;
    char *now = paths_read_file(path, STRBUF_DOC_LIMIT, &len, &ignored);
    bool same = !now && ignored.code == ERR_NOT_FOUND;

    if (now) {
        body = outside_body(now);
        same = strlen(now) == len && body == outside_body(text) && memcmp(now, text, body) == 0;
    }
    free(now);
    return !same;
}
