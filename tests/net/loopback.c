/* Threads stand in an array that only grows, so that they can all be waited for. A stalled
 * connection waits on the eventfd that loopback_stop() makes readable. */
#include "net/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 4096, REQUEST_MAX = 4 * 1024 * 1024 };

struct loopback {
    int listener, port, over; /* `over`: readable once it stops */
    char url[64];
    void (*answer)(void *arg, const struct loopback_request *request, struct loopback_answer *out);
    void *arg;
    pthread_t acceptor;
    pthread_mutex_t lock; /* of what follows */
    pthread_t threads[CONNECTIONS_MAX];
    char *texts[CONNECTIONS_MAX];
    size_t thread_count, text_count;
};

struct connection {
    struct loopback *server;
    int fd;
};

/* ---- reading ---- */

static size_t body_length(const char *head)
{
    const char *line = strcasestr(head, "\r\ncontent-length:");

    return line ? (size_t)strtoul(line + 17, NULL, 10) : 0;
}

/* The request, NUL-terminated, or NULL if the other side went away first. */
static char *read_request(int fd, size_t *head_len, size_t *body_len)
{
    char *text = malloc(REQUEST_MAX + 1);
    size_t len = 0;

    for (;;) {
        ssize_t got = recv(fd, text + len, REQUEST_MAX - len, 0);
        const char *end;

        if (got <= 0)
            break;
        len += (size_t)got;
        text[len] = '\0';
        end = strstr(text, "\r\n\r\n");
        if (!end)
            continue;
        *head_len = (size_t)(end - text) + 4;
        *body_len = body_length(text);
        if (len >= *head_len + *body_len)
            return text;
    }
    free(text);
    return NULL;
}

/* ---- answering ---- */

static bool stopping(const struct loopback *l, int wait_ms)
{
    struct pollfd over = {.fd = l->over, .events = POLLIN};

    return poll(&over, 1, wait_ms) > 0;
}

static bool send_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

static bool send_pieces(const struct loopback *l, int fd, const struct loopback_answer *a)
{
    size_t len = a->len     ? a->len
                 : a->bytes ? strlen(a->bytes)
                            : 0,
           piece = a->piece ? a->piece : len;

    for (size_t at = 0; at < len; at += piece) {
        if (at && stopping(l, a->pause_ms))
            return false;
        if (!send_all(fd, a->bytes + at, len - at < piece ? len - at : piece))
            return false;
    }
    return true;
}

static bool send_head(int fd, const struct loopback_answer *a)
{
    char head[1024];
    int len;

    if (!a->status)
        return true;
    len = snprintf(head, sizeof head,
                   "HTTP/1.1 %d Said\r\nConnection: close\r\nContent-Type: %s\r\n%s\r\n", a->status,
                   a->type ? a->type : "text/plain", a->headers ? a->headers : "");
    return send_all(fd, head, (size_t)len);
}

static void flood(const struct loopback *l, int fd)
{
    char some[65536];

    memset(some, 'x', sizeof some);
    while (!stopping(l, 0) && send_all(fd, some, sizeof some))
        ;
}

static void play(const struct loopback *l, int fd, const struct loopback_answer *a)
{
    struct linger at_once = {.l_onoff = 1};

    if (!send_head(fd, a) || !send_pieces(l, fd, a))
        return;
    if (a->end == LOOPBACK_STALL)
        stopping(l, -1);
    else if (a->end == LOOPBACK_FLOOD)
        flood(l, fd);
    else if (a->end == LOOPBACK_RESET)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

static size_t note(struct loopback *l, const char *text)
{
    size_t number;

    pthread_mutex_lock(&l->lock);
    number = l->text_count++;
    l->texts[number] = strdup(text);
    pthread_mutex_unlock(&l->lock);
    return number;
}

static void *serve(void *arg)
{
    struct connection c = *(struct connection *)arg;
    size_t head_len = 0, body_len = 0;
    char *text = read_request(c.fd, &head_len, &body_len);

    free(arg);
    if (text) {
        struct loopback_request request = {.number = note(c.server, text)};
        struct loopback_answer answer = {0};
        char *head = strndup(text, head_len), *path = strdup(strchr(text, ' ') + 1);

        path[strcspn(path, " ")] = '\0';
        request.text = head;
        request.path = path;
        request.body = text + head_len;
        request.body_len = body_len;
        c.server->answer(c.server->arg, &request, &answer);
        play(c.server, c.fd, &answer);
        free(head);
        free(path);
    }
    free(text);
    close(c.fd);
    return NULL;
}

/* ---- the server ---- */

static void *accept_all(void *arg)
{
    struct loopback *l = arg;

    for (;;) {
        struct pollfd fds[] = {{.fd = l->listener, .events = POLLIN},
                               {.fd = l->over, .events = POLLIN}};
        struct connection *c;
        int yes = 1, fd;

        poll(fds, 2, -1);
        if (fds[1].revents)
            return NULL;
        fd = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        c = malloc(sizeof *c);
        *c = (struct connection){l, fd};
        if (l->thread_count == CONNECTIONS_MAX ||
            pthread_create(&l->threads[l->thread_count], NULL, serve, c) != 0)
            abort();
        l->thread_count++;
    }
}

struct loopback *loopback_start(void (*answer)(void *arg, const struct loopback_request *request,
                                               struct loopback_answer *out),
                                void *arg)
{
    struct loopback *l = calloc(1, sizeof *l);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    l->answer = answer;
    l->arg = arg;
    l->over = eventfd(0, EFD_CLOEXEC);
    l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    pthread_mutex_init(&l->lock, NULL);
    if (bind(l->listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(l->listener, 64) != 0 ||
        getsockname(l->listener, (struct sockaddr *)&at, &len) != 0)
        abort();
    l->port = ntohs(at.sin_port);
    snprintf(l->url, sizeof l->url, "http://127.0.0.1:%d", l->port);
    if (pthread_create(&l->acceptor, NULL, accept_all, l) != 0)
        abort();
    return l;
}

void loopback_stop(struct loopback *l)
{
    eventfd_write(l->over, 1);
    pthread_join(l->acceptor, NULL);
    for (size_t i = 0; i < l->thread_count; i++)
        pthread_join(l->threads[i], NULL);
    for (size_t i = 0; i < l->text_count; i++)
        free(l->texts[i]);
    close(l->listener);
    close(l->over);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

int loopback_port(const struct loopback *l)
{
    return l->port;
}

const char *loopback_url(const struct loopback *l)
{
    return l->url;
}

size_t loopback_count(struct loopback *l)
{
    size_t count;

    pthread_mutex_lock(&l->lock);
    count = l->text_count;
    pthread_mutex_unlock(&l->lock);
    return count;
}

char *loopback_text(struct loopback *l, size_t number)
{
    char *text;

    pthread_mutex_lock(&l->lock);
    text = number < l->text_count ? strdup(l->texts[number]) : NULL;
    pthread_mutex_unlock(&l->lock);
    return text;
}
