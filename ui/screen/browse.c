/* browse.c - the address is the last argument of a program that is started without a shell, in a
 * session of its own, with nothing of our terminal. The programs started before are reaped when
 * the next one is. */
#include "screen/browse.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "terminal/hyperlink.h"

extern char **environ;

/* The first program of $BROWSER, which may name several with colons between; NULL for none. */
static char *browser(void)
{
    const char *set = getenv("BROWSER");
    size_t len = set ? strcspn(set, ": ") : 0;

    if (len)
        return mem_strn(set, len);
    return getenv("DISPLAY") || getenv("WAYLAND_DISPLAY") ? mem_str("xdg-open") : NULL;
}

static int start(const char *program, const char *url)
{
    char *argv[] = {mem_str(program), mem_str(url), NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    pid_t pid;
    int code;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    code = posix_spawnp(&pid, program, &files, &how, argv, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    free(argv[0]);
    free(argv[1]);
    return code == 0 ? (int)pid : -code;
}

bool browse_open(const char *url, struct err *err)
{
    static pid_t started;
    char *program;
    int result;

    if (!hyperlink_is_address(url))
        return err_set(err, ERR_INVALID, 0,
                       "Only web and mail addresses are opened; this one can be copied.");
    program = browser();
    if (!program)
        return err_set(err, ERR_UNSUPPORTED, 0,
                       "There is no display here to open it on; copy it, or set BROWSER to a "
                       "program for it.");
    if (started > 0)
        waitpid(started, NULL, WNOHANG);
    result = start(program, url);
    if (result > 0)
        started = (pid_t)result;
    else
        err_set(err, ERR_UNSUPPORTED, -result,
                "%s cannot be started: %s; the address can be copied.", program, strerror(-result));
    free(program);
    return result > 0;
}
