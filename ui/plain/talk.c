/* talk.c - a line is cleaned first, then wrapped, then turned into the bytes of the locale, and written when
 * something is asked or enough has gathered. Signals are blocked except while waiting for input, so that
 * none can fall between a look at the flag and the wait, and none breaks a save in the middle. */
#include "plain/talk.h"

#include <errno.h>
#include <iconv.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "strattio/markdown.h" /* text_width */
#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum {
    WIDTH = 80,
    WIDTH_LEAST = 20,
    FLUSH_AT = 16 * 1024,
    SAID_MAX = 64 * 1024 * 1024,
    READ_SIZE = 4096,
};

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};

struct talk {
    struct strbuf out;
    bool after_gap;      /* the last line was empty, or there was none yet */
    int width;           /* cells; 0: nothing is wrapped */
    iconv_t to_locale;   /* (iconv_t)-1 where the locale is UTF-8 */
    struct strbuf in;    /* read and not yet taken */
    bool skipping;       /* the beginning of the line in `in` was too much to keep */
    bool in_ended, gone; /* the end of input; nobody reads what we write */
    bool in_tty;
    struct sigaction before[ARRAY_LEN(endings)];
    sigset_t mask_before; /* what holds while it waits, too */
    struct sigaction pipe_before;
};

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
    caught = sig;
}

/* ---- cleaning ------------------------------------------------------------------------------ */

/* Reads one character; its bytes, 0 if there is no valid one at `text`. */
static size_t read_char(const char *text, size_t len, uint32_t *out)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t size = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t c = size == 1 ? p[0] : p[0] & (0xffu >> (size + 1));

    if (size > len || (p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    if (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    *out = c;
    return size;
}

/* C0 and C1 controls, and what turns the direction of text around. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

static void clean(const char *text, size_t len, struct strbuf *out)
{
    for (size_t i = 0; i < len;) {
        uint32_t c = 0;
        size_t size = read_char(text + i, len - i, &c);

        if (!size)
            strbuf_str(out, "\xef\xbf\xbd");
        else if (!is_control(c))
            strbuf_add(out, text + i, size);
        else if (c == '\n' || c == '\t' || c == '\r')
            strbuf_char(out, ' ');
        i += size ? size : 1;
    }
}

static bool is_text(const char *text, size_t len)
{
    uint32_t c;

    for (size_t i = 0, size; i < len; i += size) {
        size = read_char(text + i, len - i, &c);
        if (!size || !c)
            return false;
    }
    return true;
}

/* ---- out ----------------------------------------------------------------------------------- */

static void write_out(struct talk *t)
{
    size_t at = 0;

    while (at < t->out.len && !t->gone) {
        ssize_t n = write(STDOUT_FILENO, t->out.data + at, t->out.len - at);

        if (n > 0)
            at += (size_t)n;
        else if (n < 0 && errno != EINTR)
            t->gone = true;
    }
    strbuf_clear(&t->out);
}

/* What the C library knows no letters for in a locale without them. */
static const char *near(const char *letter)
{
    static const struct {
        const char *letter, *instead;
    } letters[] = {
        {"£", "GBP "}, {"€", "EUR "}, {"–", "-"},   {"—", "-"}, {"‘", "'"}, {"’", "'"},
        {"“", "\""},   {"”", "\""},   {"…", "..."}, {"·", "-"}, {"•", "-"}, {"×", "x"},
    };

    for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
        if (strncmp(letter, letters[i].letter, strlen(letters[i].letter)) == 0)
            return letters[i].instead;
    }
    return "?";
}

/* Puts UTF-8 in the bytes of the locale: what it cannot show comes as near as it has it, or as "?". */
static void put(struct talk *t, const char *text, size_t len)
{
    char *from = mem_strn(text, len), *at = from;
    char buf[256];

    while (t->to_locale != (iconv_t)-1 && len) {
        char *to = buf;
        size_t room = sizeof buf;
        bool stuck = iconv(t->to_locale, &at, &len, &to, &room) == (size_t)-1 && errno != E2BIG;

        strbuf_add(&t->out, buf, (size_t)(to - buf));
        if (stuck) { /* no letter of the locale comes near it */
            size_t size = 1;

            while (size < len && ((unsigned char)at[size] & 0xc0) == 0x80)
                size++;
            strbuf_str(&t->out, near(at));
            at += size;
            len -= size;
        }
    }
    strbuf_add(&t->out, at, len);
    free(from);
}

/* Bytes of the row that begins at `text`: as many words as fit, at least one. */
static size_t row_len(const char *text, size_t len, int width)
{
    size_t fit = 0, at = 0;

    if (!width || text_width(text, len) < width)
        return len;
    while (at < len) {
        size_t end = at + strspn(text + at, " ");

        end += strcspn(text + end, " ");
        end = end > len ? len : end;
        if (fit && text_width(text, end) >= width)
            break;
        fit = at = end;
    }
    return fit;
}

static void put_line(struct talk *t, const char *text, size_t len)
{
    struct strbuf line;
    const char *at;
    size_t left;

    strbuf_init(&line, SAID_MAX);
    clean(text, len, &line);
    at = line.data;
    left = line.len;
    t->after_gap = left == 0;
    do {
        size_t n = row_len(at, left, t->width), blanks;

        put(t, at, n);
        strbuf_char(&t->out, '\n');
        at += n;
        left -= n;
        blanks = strspn(at, " ");
        at += blanks > left ? left : blanks;
        left -= blanks > left ? left : blanks;
    } while (left);
    strbuf_finish(&line);
    if (t->out.len >= FLUSH_AT)
        write_out(t);
}

void talk_say(struct talk *t, const char *fmt, ...)
{
    struct strbuf line;
    va_list args;

    strbuf_init(&line, SAID_MAX);
    va_start(args, fmt);
    strbuf_vprintf(&line, fmt, args);
    va_end(args);
    put_line(t, line.data, line.len);
    strbuf_finish(&line);
}

void talk_text(struct talk *t, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        if (len)
            put_line(t, text, len);
        else
            talk_gap(t);
        text += len + (text[len] == '\n');
    }
}

void talk_gap(struct talk *t)
{
    if (!t->after_gap)
        put_line(t, "", 0);
}

/* ---- in ------------------------------------------------------------------------------------ */

bool talk_over(const struct talk *t)
{
    return talk_cut(t) || (t->in_ended && !t->in.len);
}

bool talk_cut(const struct talk *t)
{
    return caught || t->gone;
}

int talk_signal(const struct talk *t)
{
    (void)t;
    return caught;
}

bool talk_interrupted(struct talk *t)
{
    (void)t;
    if (caught != SIGINT)
        return false;
    caught = 0;
    return true;
}

/* Waits for one of the two; `fd` may be -1. True if there is input to read. */
static bool wait_for(struct talk *t, int fd, bool input)
{
    struct pollfd fds[2] = {{.fd = input ? STDIN_FILENO : -1, .events = POLLIN},
                            {.fd = fd, .events = POLLIN}};

    if (caught || ppoll(fds, ARRAY_LEN(fds), NULL, &t->mask_before) < 0)
        return false;
    return fds[0].revents != 0;
}

static void read_more(struct talk *t)
{
    char buf[READ_SIZE];
    ssize_t n = read(STDIN_FILENO, buf, sizeof buf);

    if (n > 0 && t->in.len + (size_t)n > TALK_LINE_MAX) {
        strbuf_clear(&t->in);
        t->skipping = true;
    }
    if (n > 0)
        strbuf_add(&t->in, buf, (size_t)n);
    else if (n == 0 || errno != EINTR)
        t->in_ended = true;
}

/* The next whole line that has been read, or what is left at the end of input; NULL if there is none yet. */
static char *take_line(struct talk *t, bool *good)
{
    const char *end = memchr(t->in.data, '\n', t->in.len);
    size_t len = end ? (size_t)(end - t->in.data) : t->in.len;
    size_t used = end ? len + 1 : len;
    char *line;

    if (!end && !(t->in_ended && len))
        return NULL;
    *good = !t->skipping && is_text(t->in.data, len);
    if (len && t->in.data[len - 1] == '\r')
        len--;
    line = mem_strn(t->in.data, *good ? len : 0);
    memmove(t->in.data, t->in.data + used, t->in.len - used + 1);
    strbuf_truncate(&t->in, t->in.len - used);
    t->skipping = false;
    return line;
}

static char *read_line(struct talk *t, bool *good)
{
    char *line;

    while (!(line = take_line(t, good)) && !t->in_ended && !caught && !t->gone) {
        if (wait_for(t, -1, true))
            read_more(t);
    }
    return line;
}

char *talk_ask(struct talk *t, const char *fmt, ...)
{
    struct strbuf prompt, cleaned;
    bool good = false;
    char *line = NULL;
    va_list args;

    strbuf_init(&prompt, SAID_MAX);
    strbuf_init(&cleaned, SAID_MAX);
    va_start(args, fmt);
    strbuf_vprintf(&prompt, fmt, args);
    va_end(args);
    clean(prompt.data, prompt.len, &cleaned);
    while (!talk_over(t) && !good) {
        put(t, cleaned.data, cleaned.len);
        t->after_gap = false;
        if (!t->in_tty) /* nobody's Enter ends the line */
            strbuf_char(&t->out, '\n');
        write_out(t);
        line = read_line(t, &good);
        if (!line)
            break;
        if (!good) {
            talk_say(t, "That line is not UTF-8 text, or it is too long: nothing of it was taken.");
            free(line);
            line = NULL;
        }
    }
    strbuf_finish(&prompt);
    strbuf_finish(&cleaned);
    return line;
}

bool talk_ask_secret(struct talk *t, const char *prompt, char *buf, size_t size)
{
    struct termios saved, quiet;
    bool hidden = t->in_tty && tcgetattr(STDIN_FILENO, &saved) == 0, ok;
    sigset_t stop, before;
    char *line;

    if (hidden) { /* a stop would leave the shell without echo */
        sigemptyset(&stop);
        sigaddset(&stop, SIGTSTP);
        pthread_sigmask(SIG_BLOCK, &stop, &before);
        sigaddset(&t->mask_before, SIGTSTP);
        quiet = saved;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSADRAIN, &quiet);
    }
    line = talk_ask(t, "%s: ", prompt);
    if (hidden) {
        tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
        sigdelset(&t->mask_before, SIGTSTP);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        strbuf_char(&t->out, '\n'); /* the one that was not echoed */
    }
    ok = line && strlen(line) < size;
    buf[0] = '\0';
    if (ok)
        memcpy(buf, line, strlen(line) + 1);
    else if (line)
        talk_say(t, "That is too long for a password.");
    if (line)
        explicit_bzero(line, strlen(line));
    free(line);
    return ok || !talk_over(t);
}

char *talk_wait(struct talk *t, int fd)
{
    bool good = false;
    char *line = t->in_tty ? take_line(t, &good) : NULL;

    write_out(t);
    if (line || talk_over(t))
        return line;
    if (wait_for(t, fd, t->in_tty && !t->in_ended))
        read_more(t);
    return t->in_tty ? take_line(t, &good) : NULL;
}

void talk_lend(struct talk *t)
{
    write_out(t);
    pthread_sigmask(SIG_SETMASK, &t->mask_before, NULL);
}

void talk_take_back(struct talk *t)
{
    sigset_t block;

    sigemptyset(&block);
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        if (t->before[i].sa_handler != SIG_IGN)
            sigaddset(&block, endings[i]);
    }
    pthread_sigmask(SIG_BLOCK, &block, NULL);
}

/* ---- life ---------------------------------------------------------------------------------- */

static int find_width(void)
{
    const char *columns = getenv("COLUMNS");
    long width = columns ? strtol(columns, NULL, 10) : 0;
    struct winsize size = {0};

    if (!isatty(STDOUT_FILENO))
        return 0;
    if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        return WIDTH;
    return width < WIDTH_LEAST ? WIDTH_LEAST : width > 10000 ? 10000 : (int)width;
}

static void catch_signals(struct talk *t)
{
    struct sigaction sa = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigset_t block;

    sigemptyset(&sa.sa_mask);
    sigemptyset(&block);
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        sigaction(endings[i], NULL, &t->before[i]);
        if (t->before[i].sa_handler == SIG_IGN)
            continue;
        sigaction(endings[i], &sa, NULL);
        sigaddset(&block, endings[i]);
    }
    sigaction(SIGPIPE, &ignore, &t->pipe_before);
    pthread_sigmask(SIG_BLOCK, &block, &t->mask_before);
    for (size_t i = 0; i < ARRAY_LEN(endings); i++)
        sigdelset(&t->mask_before, endings[i]);
}

struct talk *talk_create(void)
{
    struct talk *t = mem_zero(1, sizeof *t);
    const char *codeset;

    setlocale(LC_CTYPE, "");
    codeset = nl_langinfo(CODESET);
    t->to_locale = (iconv_t)-1;
    if (strcmp(codeset, "UTF-8") != 0)
        t->to_locale = iconv_open(codeset, "UTF-8");
    strbuf_init(&t->out, SAID_MAX);
    strbuf_init(&t->in, TALK_LINE_MAX);
    t->after_gap = true;
    t->width = find_width();
    t->in_tty = isatty(STDIN_FILENO);
    caught = 0;
    catch_signals(t);
    return t;
}

void talk_destroy(struct talk *t)
{
    if (!t)
        return;
    write_out(t);
    for (size_t i = 0; i < ARRAY_LEN(endings); i++)
        sigaction(endings[i], &t->before[i], NULL);
    sigaction(SIGPIPE, &t->pipe_before, NULL);
    pthread_sigmask(SIG_SETMASK, &t->mask_before, NULL);
    if (t->to_locale != (iconv_t)-1)
        iconv_close(t->to_locale);
    explicit_bzero(t->in.data, t->in.len);
    strbuf_finish(&t->in);
    strbuf_finish(&t->out);
    free(t);
}
