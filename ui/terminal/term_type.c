/* term_type.c - the type of terminal ncurses is started on: the one the environment names, or a richer
 * one that fits it, or, where this computer's terminfo does not know it, the nearest it does. */
#include "terminal/term_type.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

#include "terminal/tty.h"

/* Types whose terminals do all that xterm does. */
static bool xterm_like(const char *type)
{
    static const char *const parts[] = {"xterm", "kitty",  "alacritty", "foot",    "wezterm",
                                        "rxvt",  "ghostty", "konsole",  "contour", "vte",
                                        "gnome", "iterm",   "rio",      "mlterm",  "st-256"};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (strcasestr(type, parts[i]))
            return true;
    return strcmp(type, "st") == 0;
}

/* What is known of a terminal type. Asked before newterm(), which cannot tell the two failures apart
 * and loses memory at each. */
enum knowledge { TYPE_UNKNOWN, TYPE_WITHOUT_CURSOR, TYPE_FIT };

static enum knowledge look_up(const char *type)
{
    int status;
    const char *cup;
    enum knowledge known = TYPE_UNKNOWN;

    if (setupterm(type, STDOUT_FILENO, &status) != OK)
        return status == 0 || status == -1 ? TYPE_UNKNOWN : TYPE_WITHOUT_CURSOR;
    cup = tigetstr("cup");
    known = cup && cup != (const char *)-1 ? TYPE_FIT : TYPE_WITHOUT_CURSOR;
    del_curterm(cur_term);
    return known;
}

/* ncurses writes to a file, which has no size, so it would take that of the type, mostly 24 rows, and set
 * the terminal's region of scrolling to them, for us and for the shell after us. For the moment of its
 * start it finds the real size in the environment. */
static SCREEN *start_sized(FILE *out, const char *type, int rows, int cols)
{
    static const char *const names[] = {"LINES", "COLUMNS"};
    int sizes[] = {rows, cols};
    char *before[2];
    SCREEN *screen;

    for (int i = 0; i < 2; i++) {
        char *text = mem_printf("%d", sizes[i]);

        before[i] = mem_str(getenv(names[i]));
        setenv(names[i], text, 1);
        free(text);
    }
    use_env(TRUE);
    screen = newterm(type, out, stdin);
    use_env(FALSE);
    for (int i = 0; i < 2; i++) {
        if (before[i])
            setenv(names[i], before[i], 1);
        else
            unsetenv(names[i]);
        free(before[i]);
    }
    return screen;
}

/* Starts ncurses on `type`, with our own terminfo entries in reach; NULL if it does not know it. */
static SCREEN *try_type(FILE *out, const char *type, bool ours)
{
    int rows, cols;
    char *before = mem_str(getenv("TERMINFO_DIRS"));
    SCREEN *screen = NULL;

    if (ours) {
        char *installed = paths_installed(STRATTIO_DATADIR "/terminfo");
        char *dirs = mem_printf("%s:%s:%s", STRATTIO_BUILT_TERMINFO, installed,
                                before ? before : "");

        setenv("TERMINFO_DIRS", dirs, 1);
        free(installed);
        free(dirs);
    }
    tty_size(&rows, &cols);
    if (look_up(type) == TYPE_FIT)
        screen = start_sized(out, type, rows, cols);
    if (ours && before)
        setenv("TERMINFO_DIRS", before, 1);
    else if (ours)
        unsetenv("TERMINFO_DIRS");
    free(before);
    return screen;
}

SCREEN *term_type_start(FILE *out, bool true_color, bool *modern, struct err *err)
{
    static const char *const plainest[] = {"vt100", "ansi", "linux"};
    const char *type = getenv("TERM");
    const char *richer, *usual;
    bool like_xterm, like_tmux;
    SCREEN *screen = NULL;

    type = type && *type ? type : "unknown";
    like_xterm = xterm_like(type);
    like_tmux = strncmp(type, "tmux", 4) == 0;
    *modern = like_xterm || like_tmux || strncmp(type, "screen", 6) == 0;
    richer = like_xterm ? "strattio-xterm" : like_tmux ? "strattio-tmux" : NULL;
    usual = like_xterm ? "xterm-256color" : like_tmux ? "screen-256color" : NULL;
    if (true_color && richer)
        screen = try_type(out, richer, true);
    if (!screen)
        screen = try_type(out, type, false);
    if (!screen && look_up(type) == TYPE_WITHOUT_CURSOR) {
        err_set(err, ERR_UNSUPPORTED, 0, "this terminal (TERM is \"%s\") cannot place the cursor",
                type);
        return NULL;
    }
    if (!screen && usual)
        screen = try_type(out, usual, false);
    for (size_t i = 0; !screen && i < ARRAY_LEN(plainest); i++)
        screen = try_type(out, plainest[i], false);
    if (!screen)
        err_set(err, ERR_UNSUPPORTED, 0,
                "TERM is \"%s\", which this computer knows nothing about; set TERM to what your "
                "terminal is, for example xterm-256color",
                type);
    return screen;
}
