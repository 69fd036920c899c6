/* One thread, one poll loop. A trap (cut or stall) counts bytes to one side; the piece that
 * would go past it is passed on in part, so that a message is broken in its middle. */
#include "store/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAIRS_MAX = 64, PIECE = 16384 };
enum trap { TRAP_NONE, TRAP_CUT, TRAP_STALL };

struct pair {
    int fd[2]; /* by the side bytes go to: the server's, the client's; -1 when free */
    bool stalled;
};

struct relay {
    int target_port, port, listener, wake;
    pthread_t thread;
    struct pair pairs[PAIRS_MAX];
    pthread_mutex_t lock; /* of what follows */
    enum trap trap;
    enum relay_side side;
    size_t left, piece;
    bool gone, drop_all, stop;
};

static struct sockaddr_in local(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void drop(struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        if (p->fd[i] >= 0)
            close(p->fd[i]);
        p->fd[i] = -1;
    }
    p->stalled = false;
}

static void accept_one(struct relay *r, bool gone)
{
    struct sockaddr_in to = local(r->target_port);
    int client = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC), server = -1, yes = 1;
    struct pair *p = r->pairs;

    while (p < r->pairs + PAIRS_MAX && p->fd[0] >= 0)
        p++;
    if (client >= 0 && !gone && p < r->pairs + PAIRS_MAX)
        server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server < 0 || connect(server, (struct sockaddr *)&to, sizeof to) != 0) {
        if (client >= 0)
            close(client);
        if (server >= 0)
            close(server);
        return;
    }
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    p->fd[RELAY_TO_SERVER] = server;
    p->fd[RELAY_TO_CLIENT] = client;
}

static bool send_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

/* Decides under the lock how much of `len` may pass and what happens then. */
static size_t allow(struct relay *r, enum relay_side side, size_t len, enum trap *sprung)
{
    size_t pass = len;

    *sprung = TRAP_NONE;
    pthread_mutex_lock(&r->lock);
    if (r->trap != TRAP_NONE && r->side == side) {
        if (len < r->left) {
            r->left -= len;
        } else {
            pass = r->left;
            *sprung = r->trap;
            r->trap = TRAP_NONE;
        }
    }
    pthread_mutex_unlock(&r->lock);
    return pass;
}

static void pass_on(struct relay *r, struct pair *p, enum relay_side side, size_t piece)
{
    char data[PIECE];
    enum trap sprung;
    ssize_t n = recv(p->fd[!side], data, piece && piece < PIECE ? piece : PIECE, 0);
    size_t pass;

    if (n <= 0) {
        drop(p);
        return;
    }
    pass = allow(r, side, (size_t)n, &sprung);
    if (!send_all(p->fd[side], data, pass) || sprung == TRAP_CUT)
        drop(p);
    else if (sprung == TRAP_STALL)
        p->stalled = true;
}

static bool wait_and_serve(struct relay *r)
{
    struct pollfd fds[2 + 2 * PAIRS_MAX];
    bool gone, drop_all, stop;
    uint64_t woken;
    size_t piece;

    fds[0] = (struct pollfd){.fd = r->listener, .events = POLLIN};
    fds[1] = (struct pollfd){.fd = r->wake, .events = POLLIN};
    for (size_t i = 0; i < 2 * PAIRS_MAX; i++) {
        const struct pair *p = &r->pairs[i / 2];

        fds[2 + i] = (struct pollfd){.fd = p->stalled ? -1 : p->fd[i % 2], .events = POLLIN};
    }
    poll(fds, 2 + 2 * PAIRS_MAX, -1);
    pthread_mutex_lock(&r->lock);
    gone = r->gone;
    drop_all = r->drop_all;
    r->drop_all = false;
    stop = r->stop;
    piece = r->piece;
    pthread_mutex_unlock(&r->lock);
    if (fds[1].revents && read(r->wake, &woken, sizeof woken) < 0)
        perror("relay");
    for (size_t i = 0; i < PAIRS_MAX; i++) {
        if (drop_all || stop)
            drop(&r->pairs[i]);
        for (int k = 0; k < 2; k++)
            if (fds[2 + 2 * i + (size_t)k].revents && r->pairs[i].fd[k] >= 0)
                pass_on(r, &r->pairs[i], k == 0 ? RELAY_TO_CLIENT : RELAY_TO_SERVER, piece);
    }
    if (fds[0].revents && !stop)
        accept_one(r, gone);
    return !stop;
}

static void *run(void *arg)
{
    while (wait_and_serve(arg))
        continue;
    return NULL;
}

struct relay *relay_open(int target_port)
{
    struct relay *r = calloc(1, sizeof *r);
    struct sockaddr_in a = local(0);
    socklen_t len = sizeof a;

    if (!r)
        abort();
    r->target_port = target_port;
    for (size_t i = 0; i < PAIRS_MAX; i++)
        r->pairs[i].fd[0] = r->pairs[i].fd[1] = -1;
    pthread_mutex_init(&r->lock, NULL);
    r->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    r->wake = eventfd(0, EFD_CLOEXEC);
    if (r->listener < 0 || r->wake < 0 || bind(r->listener, (struct sockaddr *)&a, len) != 0 ||
        listen(r->listener, 64) != 0 ||
        getsockname(r->listener, (struct sockaddr *)&a, &len) != 0 ||
        pthread_create(&r->thread, NULL, run, r) != 0) {
        perror("relay");
        abort();
    }
    r->port = ntohs(a.sin_port);
    return r;
}

static void wake_up(struct relay *r)
{
    uint64_t one = 1;

    if (write(r->wake, &one, sizeof one) < 0)
        perror("relay");
}

void relay_close(struct relay *r)
{
    pthread_mutex_lock(&r->lock);
    r->stop = true;
    pthread_mutex_unlock(&r->lock);
    wake_up(r);
    pthread_join(r->thread, NULL);
    pthread_mutex_destroy(&r->lock);
    close(r->listener);
    close(r->wake);
    free(r);
}

int relay_port(const struct relay *r)
{
    return r->port;
}

static void set_trap(struct relay *r, enum trap trap, enum relay_side side, size_t bytes)
{
    pthread_mutex_lock(&r->lock);
    r->trap = trap;
    r->side = side;
    r->left = bytes;
    pthread_mutex_unlock(&r->lock);
}

void relay_cut_after(struct relay *r, enum relay_side side, size_t bytes)
{
    set_trap(r, TRAP_CUT, side, bytes);
}

void relay_stall_after(struct relay *r, enum relay_side side, size_t bytes)
{
    set_trap(r, TRAP_STALL, side, bytes);
}

void relay_pass(struct relay *r)
{
    set_trap(r, TRAP_NONE, RELAY_TO_SERVER, 0);
}

void relay_halve(struct relay *r, size_t bytes)
{
    pthread_mutex_lock(&r->lock);
    r->piece = bytes;
    pthread_mutex_unlock(&r->lock);
}

void relay_gone(struct relay *r, bool gone)
{
    pthread_mutex_lock(&r->lock);
    r->gone = gone;
    r->drop_all = true;
    pthread_mutex_unlock(&r->lock);
    wake_up(r);
}
