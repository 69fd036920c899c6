/* terminal.c - frames through ncurses.
 *
 * ncurses is good at one thing we want: finding the few bytes that turn one screen into the next. But
 * it writes each row on its own, and its own handling of keys, signals and modes loses work. So it
 * is given a file in memory for its terminal: it computes a frame into that, and we send the frame,
 * between the marks of a synchronised update where the terminal knows them, with one write. It never
 * touches the device, so modes, size and signals are ours alone.
 *
 * A frame is drawn into cells first (surface.h). Only rows that differ from the frame before go on to
 * ncurses. While the terminal has not taken the frame before, no new one is made. */
#include "terminal/terminal.h"

#include <curses.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "strattio/clock.h"
#include "strattio/err.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "terminal/carry.h"
#include "terminal/hyperlink.h"
#include "terminal/input.h"
#include "terminal/palette.h"
#include "terminal/reply.h"
#include "terminal/surface.h"
#include "terminal/term_type.h"
#include "terminal/tty.h"

enum {
    FRAME_LIMIT = 64 * 1024 * 1024,
    COPY_MAX = 74994, /* bytes before encoding: what xterm takes */
    DRAIN_MS = 100,   /* for replies under way when we leave */
    LEAVE_MS = 200,   /* for a terminal that does not read */
    SYNC_BYTES = 64,  /* a frame of fewer has nothing to tear: a letter typed, a cursor moved */
};

struct terminal {
    SCREEN *screen;
    FILE *memory;     /* what ncurses writes to */
    int memory_fd;    /* -1: it writes to a descriptor of the terminal itself */
    struct screen_surface now, shown; /* being drawn, and what ncurses has */
    bool all;         /* every cell is to be sent again */
    bool caret_shown;
    struct palette palette;
    bool modern;      /* takes private modes and questions it does not know without a trace */
    bool remote;
    bool mouse;
    bool hyperlinks;  /* it is known to show them */
    bool *changed;    /* by row: sent with this frame */
    bool sync;  /* has said that it knows synchronised updates */
    bool asked; /* questions are out and the last one is not answered */
    enum ground ground;
    char *title;
    struct strbuf enter; /* sent before the first frame and after every return */
    struct strbuf frame; /* being put together */
    struct strbuf made;  /* what ncurses wrote of it */
    struct carry carry;
    uint64_t frames, bytes, writes;
};

/* --- text of the locale -------------------------------------------------------------------------- */

/* A locale that was never set is no reason to do without letters: C.UTF-8 is always there. */
static bool set_locale(void)
{
    const char *name = setlocale(LC_CTYPE, "");

    if (!name || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void terminal_set_theme(struct terminal *t, const struct theme *theme)
{
    palette_set_theme(&t->palette, theme);
    t->all = true;
}

void terminal_set_color(struct terminal *t, const char *color)
{
    struct theme theme = t->palette.theme;

    palette_init(&t->palette, palette_wanted(color));
    terminal_set_theme(t, &theme);
}

/* --- entering and leaving ------------------------------------------------------------------------ */

/* A string capability; "" if the terminal has none. */
static const char *capability(const char *name)
{
    const char *value = tigetstr(name);

    return value && value != (const char *)-1 ? value : "";
}

/* Appends a string of the terminal's description without the delays noted in it. */
static void add_unpadded(struct strbuf *out, const char *at)
{
    while (*at) {
        const char *pad = strstr(at, "$<");
        const char *end = pad ? strchr(pad, '>') : NULL;

        strbuf_add(out, at, end ? (size_t)(pad - at) : strlen(at));
        at = end ? end + 1 : at + strlen(at);
    }
}

static void add_capability(struct strbuf *out, const char *name)
{
    add_unpadded(out, capability(name));
}

static const char mouse_on[] = "\033[?1002h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1002l";

/* What takes the screen over, beyond what ncurses sends by itself at its start. */
static void make_enter(struct terminal *t)
{
    struct strbuf *out = &t->enter;

    strbuf_clear(out);
    if (!t->modern)
        return;
    strbuf_str(out, "\033[?2004h\033[?2031h"); /* pastes marked; told when it goes dark or light */
    if (t->mouse)
        strbuf_str(out, mouse_on);
    if (t->title)
        strbuf_printf(out, "\033[22;0t\033]0;%s\a", t->title);
}

static void make_leave(struct terminal *t)
{
    struct strbuf out;
    const char *cup = capability("cup");

    strbuf_init(&out, 1024);
    if (t->sync)
        strbuf_str(&out, "\033[?2026l");
    if (t->modern && t->mouse)
        strbuf_str(&out, mouse_off);
    if (t->modern)
        strbuf_str(&out, "\033[?2031l\033[?2004l");
    if (t->modern && t->title)
        strbuf_str(&out, "\033[23;0t");
    add_capability(&out, "sgr0");
    add_capability(&out, "op");
    if (*capability("csr")) /* a frame broken off may have left a part of the screen to scroll */
        add_unpadded(&out, tiparm(capability("csr"), 0, t->now.rows - 1));
    if (*capability("rmcup")) {
        add_capability(&out, "rmcup");
    } else { /* no second screen: leave ours where it is and go below it */
        add_unpadded(&out, tiparm(cup, t->now.rows - 1, 0));
        add_capability(&out, "el");
        strbuf_str(&out, "\r\n");
    }
    add_capability(&out, "cnorm");
    tty_set_leave(out.data, out.len);
    strbuf_finish(&out);
}

void terminal_set_mouse(struct terminal *t, bool on)
{
    if (on == t->mouse)
        return;
    t->mouse = on;
    make_enter(t);
    make_leave(t);
    if (t->modern)
        strbuf_str(&t->frame, on ? mouse_on : mouse_off); /* with the next frame */
}

/* Asks what the terminal can do. Nothing waits for the answers; the last one marks their end. */
static void ask(struct terminal *t)
{
    static const char questions[] = "\033[?2026$p\033]11;?\033\\\033[c";

    if (!t->modern || t->asked)
        return;
    strbuf_add(&t->frame, questions, sizeof questions - 1);
    t->asked = true;
}

void terminal_reply(struct terminal *t, const struct input_event *ev)
{
    if (ev->kind != INPUT_REPLY)
        return;
    if (ev->reply.kind == REPLY_DA1) {
        t->asked = false;
    } else if (ev->reply.kind == REPLY_MODE && ev->reply.a == 2026) {
        t->sync = ev->reply.b == 1 || ev->reply.b == 2;
        make_leave(t);
    } else if (ev->reply.kind == REPLY_BACKGROUND) {
        bool light = ev->reply.a * 299 + ev->reply.b * 587 + ev->reply.c * 114 > 128 * 1000;

        t->ground = light ? GROUND_LIGHT : GROUND_DARK;
    } else if (ev->reply.kind == REPLY_SCHEME && (ev->reply.a == 1 || ev->reply.a == 2)) {
        t->ground = ev->reply.a == 2 ? GROUND_LIGHT : GROUND_DARK;
    }
}

/* "15;0", "0;default;15": the numbers of text and ground, as some terminals leave them in the
 * environment. 7 and the bright ones are light. */
static enum ground ground_by_environment(void)
{
    const char *value = getenv("COLORFGBG");
    const char *last = value ? strrchr(value, ';') : NULL;
    char *end;
    long number;

    if (!last)
        return GROUND_UNKNOWN;
    number = strtol(last + 1, &end, 10);
    if (end == last + 1 || *end || number < 0 || number > 15)
        return GROUND_UNKNOWN;
    return number == 7 || number > 8 ? GROUND_LIGHT : GROUND_DARK;
}

void terminal_redraw(struct terminal *t)
{
    t->all = true;
    clearok(curscr, TRUE);
}

static void adopt_size(struct terminal *t)
{
    int rows, cols;

    tty_size(&rows, &cols);
    surface_resize(&t->now, rows, cols);
    surface_resize(&t->shown, rows, cols);
    free(t->changed);
    t->changed = mem_zero((size_t)rows + 1, sizeof *t->changed);
    resize_term(rows, cols);
    /* What was under way for the old size has been drawn into the new one: trust no cell of it. */
    terminal_redraw(t);
    make_leave(t);
}

void terminal_resize(struct terminal *t)
{
    int rows, cols;

    tty_size(&rows, &cols);
    if (rows != t->now.rows || cols != t->now.cols)
        adopt_size(t);
}

/* --- open and close ------------------------------------------------------------------------------ */

static struct terminal *only; /* for the hook that runs when memory is gone */

static void put_back(void)
{
    if (only)
        tty_leave(LEAVE_MS);
}

/* Gives ncurses something to write to: a file in memory, else the terminal itself (then a frame
 * takes several writes). STRATTIO_FRAMES=plain asks for the latter, to compare the two. */
static bool open_memory(struct terminal *t, struct err *err)
{
    const char *plain = getenv("STRATTIO_FRAMES");

    t->memory_fd = plain && strcmp(plain, "plain") == 0 ? -1 : memfd_create("frame", MFD_CLOEXEC);
    if (t->memory_fd >= 0) {
        t->memory = fdopen(t->memory_fd, "w");
    } else {
        int fd = dup(STDOUT_FILENO);

        t->memory = fd >= 0 ? fdopen(fd, "w") : NULL;
    }
    if (t->memory)
        return true;
    return err_set(err, ERR_UNSUPPORTED, 0, "the terminal cannot be written to");
}

static void free_terminal(struct terminal *t)
{
    if (t->screen)
        delscreen(t->screen);
    if (t->memory)
        fclose(t->memory);
    surface_finish(&t->now);
    surface_finish(&t->shown);
    strbuf_finish(&t->enter);
    strbuf_finish(&t->frame);
    strbuf_finish(&t->made);
    free(t->title);
    free(t->changed);
    free(t);
}

static bool begin(struct terminal *t, const struct terminal_options *options, struct err *err)
{
    enum color_depth want = palette_wanted(options->color ? options->color : "auto");

    use_env(FALSE); /* the size comes from the device, not from LINES and COLUMNS */
    if (!open_memory(t, err))
        return false;
    t->screen = term_type_start(t->memory, want == DEPTH_TRUE, &t->modern, err);
    if (!t->screen)
        return false;
    typeahead(-1);
    nonl();
    palette_init(&t->palette, want);
    return true;
}

struct terminal *terminal_open(const struct terminal_options *options, struct err *err)
{
    struct terminal *t;
    bool utf8 = set_locale();

    if (!tty_open(err)) /* and its handlers, which must be there before ncurses */
        return NULL;
    t = mem_zero(1, sizeof *t);
    strbuf_init(&t->enter, 4096);
    strbuf_init(&t->frame, FRAME_LIMIT);
    strbuf_init(&t->made, FRAME_LIMIT);
    surface_init(&t->now, utf8);
    surface_init(&t->shown, utf8);
    t->mouse = options->mouse;
    t->hyperlinks = hyperlink_wanted(options->hyperlinks ? options->hyperlinks : "auto");
    t->caret_shown = true;
    t->title = mem_str(options->title);
    t->ground = ground_by_environment();
    t->remote = getenv("SSH_TTY") || getenv("SSH_CONNECTION");
    if (!begin(t, options, err)) {
        free_terminal(t);
        tty_close();
        return NULL;
    }
    make_enter(t);
    carry_init(&t->carry, t->modern ? capability("sgr0") : "");
    adopt_size(t);
    t->all = true;
    tty_raw();
    only = t;
    mem_on_exhausted(put_back);
    strbuf_add(&t->frame, t->enter.data, t->enter.len);
    ask(t);
    return t;
}

/* Takes in what the terminal still answers, so that it does not end up as typing in the shell. */
static void drain_replies(struct terminal *t)
{
    int64_t until = clock_mono_ms() + DRAIN_MS;
    char bytes[256];

    while (t->asked && !tty_gone() && clock_mono_ms() < until) {
        ssize_t n = tty_read(bytes, sizeof bytes);

        if (n > 0 && memchr(bytes, 'c', (size_t)n))
            break;
        if (n <= 0)
            tty_wait(until - clock_mono_ms());
    }
}

void terminal_close(struct terminal *t)
{
    if (!t)
        return;
    drain_replies(t);
    tty_leave(tty_gone() ? 0 : LEAVE_MS);
    log_line(LOG_LEVEL_INFO, "screen: %llu frames, %llu bytes, %llu writes",
             (unsigned long long)t->frames, (unsigned long long)t->bytes,
             (unsigned long long)t->writes);
    mem_on_exhausted(NULL);
    only = NULL;
    free_terminal(t);
    tty_close();
}

void terminal_leave(struct terminal *t)
{
    (void)t;
    tty_leave(LEAVE_MS);
}

void terminal_return(struct terminal *t)
{
    if (!tty_raw())
        tty_set_gone();
    strbuf_clear(&t->frame);
    carry_forget(&t->carry); /* leaving has set the style back */
    add_capability(&t->frame, "smcup");
    strbuf_add(&t->frame, t->enter.data, t->enter.len);
    terminal_resize(t);
    terminal_redraw(t);
    t->caret_shown = true; /* as leaving left it */
    curs_set(1);
}

void terminal_suspend(struct terminal *t)
{
    terminal_leave(t);
    tty_stop_here();
    terminal_return(t);
}

/* --- frames -------------------------------------------------------------------------------------- */

struct canvas terminal_begin(struct terminal *t)
{
    surface_blank(&t->now);
    return surface_canvas(&t->now);
}

/* The cell's characters, if libc draws them as wide as we counted; else something that is. */
static void cell_text(const struct cell *cell, wchar_t text[CCHARW_MAX + 1])
{
    int count = 0, width = 0;

    for (; count < CELL_CODES && cell->codes[count]; count++) {
        int w = wcwidth((wchar_t)cell->codes[count]);

        if (w < 0 || (count && w))
            break;
        width += w;
        text[count] = (wchar_t)cell->codes[count];
    }
    text[count] = 0;
    if (count == 0 || (uint32_t)width != cell->width) {
        text[0] = MB_CUR_MAX > 1 ? 0xfffd : L'?';
        text[1] = 0;
    }
}

static void show_row(struct terminal *t, int y, cchar_t *line)
{
    const struct cell *row = surface_row(&t->now, y);
    unsigned style = ~0u;
    attr_t attrs = 0;
    int pair = 0, count = 0;

    for (int x = 0; x < t->now.cols; x++) {
        wchar_t text[CCHARW_MAX + 1];

        if (row[x].width == 0)
            continue; /* ncurses makes the right half itself */
        if (x > 0 && row[x].width == 1 && memcmp(&row[x], &row[x - 1], sizeof row[x]) == 0) {
            line[count] = line[count - 1]; /* blanks, mostly */
            count++;
            continue;
        }
        if (row[x].style != style) {
            style = row[x].style;
            attrs = palette_attributes(&t->palette, style, &pair);
        }
        cell_text(&row[x], text);
        setcchar(&line[count++], text, attrs, 0, &pair);
        if (row[x].width == 2 && text[0] == 0xfffd) {
            text[0] = L' ';
            setcchar(&line[count++], text, attrs, 0, &pair);
        }
    }
    mvadd_wchnstr(y, 0, line, count);
}

/* Hands the rows that changed to ncurses. */
static void show_rows(struct terminal *t)
{
    size_t bytes = (size_t)t->now.cols * sizeof(struct cell);
    cchar_t *line = mem_zero((size_t)t->now.cols + 1, sizeof *line);

    if (t->all)
        erase();
    for (int y = 0; y < t->now.rows; y++) {
        t->changed[y] =
            t->all || memcmp(surface_row(&t->now, y), surface_row(&t->shown, y), bytes) != 0;
        if (!t->changed[y])
            continue;
        show_row(t, y, line);
        memcpy(surface_row(&t->shown, y), surface_row(&t->now, y), bytes);
    }
    free(line);
    t->all = false;
}

/* Appends what ncurses wrote to the frame. */
static void take_frame(struct terminal *t, off_t len)
{
    off_t at = 0;
    char block[16384];

    while (at < len) {
        size_t want = (size_t)(len - at) < sizeof block ? (size_t)(len - at) : sizeof block;
        ssize_t n = pread(t->memory_fd, block, want, at);

        if (n <= 0)
            break;
        strbuf_add(&t->made, block, (size_t)n);
        at += n;
    }
    lseek(t->memory_fd, 0, SEEK_SET);
    carry_frame(&t->carry, t->made.data, t->made.len, &t->frame);
    strbuf_clear(&t->made);
}

/* --- links --------------------------------------------------------------------------------------- */

static struct strbuf *styles_to; /* where put_style() writes, which ncurses gives no argument */

static int put_style(int c)
{
    strbuf_char(styles_to, (char)c);
    return c;
}

static void set_style(struct terminal *t, attr_t attrs, int pair)
{
    styles_to = &t->frame;
    vid_puts(attrs, 0, &pair, put_style);
}

/* The cells of a link once more, as they are. ncurses sets the style to normal with its frame. */
static void put_cells(struct terminal *t, int y, int x, int cols)
{
    const struct cell *row = surface_row(&t->now, y);
    unsigned style = ~0u;

    add_unpadded(&t->frame, tiparm(capability("cup"), y, x));
    for (int i = x; i < x + cols; i++) {
        wchar_t text[CCHARW_MAX + 1];
        int pair;

        if (row[i].width == 0)
            continue;
        if (row[i].style != style) {
            attr_t attrs = palette_attributes(&t->palette, row[i].style, &pair);

            style = row[i].style;
            set_style(t, attrs, pair);
        }
        cell_text(&row[i], text);
        for (int k = 0; text[k]; k++) {
            char bytes[MB_LEN_MAX];
            int n = wctomb(bytes, text[k]);

            if (n > 0)
                strbuf_add(&t->frame, bytes, (size_t)n);
        }
    }
    set_style(t, A_NORMAL, 0);
}

static bool has_link(const struct screen_surface *s, const struct surface_link *link)
{
    for (size_t i = 0; i < s->link_count; i++) {
        const struct surface_link *other = &s->links[i];

        if (other->y == link->y && other->x == link->x && other->cols == link->cols &&
            other->id == link->id && strcmp(other->url, link->url) == 0)
            return true;
    }
    return false;
}

/* One link of the frame before that is gone, or of this one that is new or was drawn over. */
static void put_link(struct terminal *t, const struct surface_link *link, bool gone, size_t *count)
{
    if (link->y >= t->now.rows || link->x + link->cols > t->now.cols)
        return;
    if ((*count)++ == 0)
        strbuf_str(&t->frame, "\0337\033[m"); /* as long as it knows OSC 8, it knows these */
    if (!gone)
        hyperlink_begin(link->url, link->id, &t->frame);
    put_cells(t, link->y, link->x, link->cols);
    if (!gone)
        hyperlink_end(&t->frame);
}

/* Behind the frame: cells that lead somewhere are drawn again, as links. ncurses knows nothing of it;
 * style and cursor are as before. */
static void put_links(struct terminal *t)
{
    struct screen_surface *now = &t->now, *shown = &t->shown;
    struct surface_link *links = shown->links;
    size_t count = 0, links_count = shown->link_count, links_cap = shown->link_cap;

    for (size_t i = 0; i < shown->link_count; i++)
        if (!t->changed[shown->links[i].y < now->rows ? shown->links[i].y : 0] &&
            !has_link(now, &shown->links[i]))
            put_link(t, &shown->links[i], true, &count);
    for (size_t i = 0; i < now->link_count; i++)
        if (t->changed[now->links[i].y] || !has_link(shown, &now->links[i]))
            put_link(t, &now->links[i], false, &count);
    if (count)
        strbuf_str(&t->frame, "\0338");
    shown->links = now->links; /* change places: the next frame empties what was shown before */
    shown->link_count = now->link_count;
    shown->link_cap = now->link_cap;
    now->links = links;
    now->link_count = links_count;
    now->link_cap = links_cap;
}

static void compute(struct terminal *t)
{
    if (t->now.caret != t->caret_shown) {
        curs_set(t->now.caret ? 1 : 0);
        t->caret_shown = t->now.caret;
    }
    show_rows(t);
    move(t->now.cursor_y, t->now.cursor_x);
    wnoutrefresh(stdscr);
    doupdate();
}

void terminal_end(struct terminal *t)
{
    static const char begin_sync[] = "\033[?2026h", end_sync[] = "\033[?2026l";
    bool sync;
    off_t len;

    if (tty_gone() || tty_pending())
        return; /* the loop draws again when the terminal has taken what it got */
    if (t->memory_fd < 0) {
        tty_send(t->frame.data, t->frame.len);
        strbuf_clear(&t->frame);
        compute(t);
        t->frames++;
        return;
    }
    compute(t);
    len = lseek(t->memory_fd, 0, SEEK_CUR);
    sync = t->sync && len >= SYNC_BYTES;
    if (sync)
        strbuf_str(&t->frame, begin_sync);
    take_frame(t, len);
    if (t->hyperlinks && t->modern)
        put_links(t);
    if (sync)
        strbuf_str(&t->frame, end_sync);
    if (t->frame.len) {
        tty_send(t->frame.data, t->frame.len);
        t->frames++;
        t->writes++;
        t->bytes += t->frame.len;
    }
    strbuf_clear(&t->frame);
}

/* --- the rest ------------------------------------------------------------------------------------ */

int terminal_rows(const struct terminal *t)
{
    return t->now.rows;
}

int terminal_cols(const struct terminal *t)
{
    return t->now.cols;
}

enum color_depth terminal_depth(const struct terminal *t)
{
    return t->palette.depth;
}

bool terminal_utf8(const struct terminal *t)
{
    return t->now.utf8;
}

enum ground terminal_ground(const struct terminal *t)
{
    return t->ground;
}

bool terminal_remote(const struct terminal *t)
{
    return t->remote;
}

bool terminal_copy(struct terminal *t, const char *text, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct strbuf out;

    if (len > COPY_MAX || !t->modern)
        return false;
    strbuf_init(&out, 2 * COPY_MAX);
    strbuf_str(&out, "\033]52;c;");
    for (size_t i = 0; i < len; i += 3) {
        unsigned a = (unsigned char)text[i];
        unsigned b = i + 1 < len ? (unsigned char)text[i + 1] : 0;
        unsigned c = i + 2 < len ? (unsigned char)text[i + 2] : 0;

        strbuf_char(&out, digits[a >> 2]);
        strbuf_char(&out, digits[(a & 3) << 4 | b >> 4]);
        strbuf_char(&out, i + 1 < len ? digits[(b & 15) << 2 | c >> 6] : '=');
        strbuf_char(&out, i + 2 < len ? digits[c & 63] : '=');
    }
    strbuf_char(&out, '\a');
    tty_send(out.data, out.len);
    strbuf_finish(&out);
    return true;
}
