/* cli_account.c - accounts. A password comes from the terminal without echo or from standard input,
 * never from the command line, and is wiped after use. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "strattio/actor.h"
#include "strattio/strbuf.h"

#include "command.h"

enum { PASSWORD_SIZE = 512 };

/* One line from `fd` into buf, byte by byte so that nothing after it is taken. False at the end of
 * input with nothing read, on a NUL, or if it does not fit. */
static bool read_password_line(int fd, char *buf, size_t size)
{
    size_t len = 0;
    char ch;

    for (;;) {
        ssize_t n = read(fd, &ch, 1);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || ch == '\n')
            break;
        if (ch == '\0' || len + 1 >= size)
            return false;
        buf[len++] = ch;
    }
    if (len > 0 && buf[len - 1] == '\r')
        len--;
    buf[len] = '\0';
    return len > 0;
}

/* Asks on the terminal with the echo off; signals that would leave it off wait until it is on
 * again. */
static bool ask(const char *prompt, char *buf, size_t size)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios saved, quiet;
    sigset_t block, before;
    bool ok;

    if (tty < 0 || tcgetattr(tty, &saved) != 0) {
        if (tty >= 0)
            close(tty);
        return false;
    }
    sigemptyset(&block);
    sigaddset(&block, SIGINT);
    sigaddset(&block, SIGTERM);
    sigaddset(&block, SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &block, &before);
    quiet = saved;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(tty, TCSAFLUSH, &quiet);
    dprintf(tty, "%s: ", prompt);
    ok = read_password_line(tty, buf, size);
    tcsetattr(tty, TCSAFLUSH, &saved);
    dprintf(tty, "\n");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(tty);
    return ok;
}

/* `twice`: on a terminal a new password is typed two times. */
static bool get_password(const struct cli *c, bool twice, char buf[PASSWORD_SIZE], struct err *err)
{
    char again[PASSWORD_SIZE];
    bool same;

    if (cli_option(c, "--password-stdin"))
        return read_password_line(STDIN_FILENO, buf, PASSWORD_SIZE) ||
               err_set(err, ERR_INVALID, 0,
                       "Standard input holds no password: give it as one line of at most %d bytes.",
                       PASSWORD_SIZE - 1);
    if (!ask("Password", buf, PASSWORD_SIZE))
        return err_set(err, ERR_INVALID, 0,
                       "No password was read: type it on a terminal, or use --password-stdin.");
    if (!twice)
        return true;
    same = ask("Password again", again, PASSWORD_SIZE) && strcmp(buf, again) == 0;
    explicit_bzero(again, sizeof(again));
    return same || err_set(err, ERR_INVALID, 0, "The two passwords differ; nothing was stored.");
}

static bool need_shared(const struct cli *c, struct err *err)
{
    return actor_store_shared(c->actor) ||
           err_set(err, ERR_INVALID, 0,
                   "The store on this computer needs no sign-in: it belongs to whoever owns the "
                   "file. Name a shared one with --store mongodb://...");
}

int cli_register(struct cli *c, struct err *err)
{
    const char *email = cli_option(c, "--email"), *name = cli_option(c, "--name");
    char password[PASSWORD_SIZE];
    bool ok;

    ok = need_shared(c, err) && get_password(c, true, password, err) &&
         actor_register(c->actor, email, name, password, err);
    explicit_bzero(password, sizeof(password));
    if (ok)
        strbuf_printf(c->out, "Registered and signed in as %s.\n", actor_user(c->actor)->email);
    return ok ? EXIT_OK : EXIT_FAILED;
}

int cli_login(struct cli *c, struct err *err)
{
    const char *email = cli_option(c, "--email");
    char password[PASSWORD_SIZE];
    bool ok;

    ok = need_shared(c, err) && get_password(c, false, password, err) &&
         actor_login(c->actor, email, password, err);
    explicit_bzero(password, sizeof(password));
    if (ok)
        strbuf_printf(c->out, "Signed in as %s.\n", actor_user(c->actor)->email);
    return ok ? EXIT_OK : EXIT_FAILED;
}

int cli_logout(struct cli *c, struct err *err)
{
    if (!need_shared(c, err) || !actor_logout(c->actor, err))
        return EXIT_FAILED;
    strbuf_str(c->out, "Signed out.\n");
    return EXIT_OK;
}

int cli_whoami(struct cli *c, struct err *err)
{
    const struct user *user = actor_user(c->actor);
    bson_t doc = BSON_INITIALIZER;

    (void)err;
    if (cli_json(c)) {
        BSON_APPEND_UTF8(&doc, "id", user->id);
        BSON_APPEND_UTF8(&doc, "email", user->email);
        BSON_APPEND_UTF8(&doc, "name", user->name);
        BSON_APPEND_UTF8(&doc, "role", role_name(user->role));
        BSON_APPEND_UTF8(&doc, "tier", tier_name(actor_tier(c->actor)));
        BSON_APPEND_UTF8(&doc, "store", actor_store_uri(c->actor));
        cli_put_json(c, &doc);
    } else {
        strbuf_printf(c->out, "%s <%s>, %s, %s tier, on %s\n", user->name, user->email,
                      role_name(user->role), tier_name(actor_tier(c->actor)),
                      actor_store_label(c->actor));
    }
    bson_destroy(&doc);
    return EXIT_OK;
}

int cli_grant(struct cli *c, struct err *err)
{
    const char *tier = cli_option(c, "--tier"), *role = cli_option(c, "--role");

    if (!actor_grant(c->actor, c->line.operands[0],
                     tier ? tier_by_name(tier) : (enum tier)ACTOR_KEEP_TIER,
                     role ? role_by_name(role) : (enum user_role)ACTOR_KEEP_ROLE, err))
        return EXIT_FAILED;
    strbuf_printf(c->out, "%s now has%s%s%s%s.\n", c->line.operands[0], tier ? " tier " : "",
                  tier ? tier : "", role ? " role " : "", role ? role : "");
    return EXIT_OK;
}
