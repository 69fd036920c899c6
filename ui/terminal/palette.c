/* palette.c - styles as ncurses has them: attributes, and pairs of colours made on first use. */
#include "terminal/palette.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool says_truecolor(void)
{
    const char *value = getenv("COLORTERM");

    return value && (strcasecmp(value, "truecolor") == 0 || strcasecmp(value, "24bit") == 0);
}

enum color_depth palette_wanted(const char *color)
{
    const char *no_color = getenv("NO_COLOR");

    if (strcmp(color, "never") == 0)
        return DEPTH_NONE;
    if (strcmp(color, "16") == 0)
        return DEPTH_16;
    if (strcmp(color, "256") == 0)
        return DEPTH_256;
    if (strcmp(color, "true") == 0)
        return DEPTH_TRUE;
    if (no_color && *no_color)
        return DEPTH_NONE;
    return says_truecolor() ? DEPTH_TRUE : DEPTH_256;
}

void palette_init(struct palette *p, enum color_depth want)
{
    enum color_depth can = DEPTH_NONE;
    struct theme theme;

    if (want != DEPTH_NONE && has_colors()) {
        start_color();
        use_default_colors();
        can = COLORS > 256 ? DEPTH_TRUE : COLORS >= 256 ? DEPTH_256 : DEPTH_16;
    }
    p->depth = want < can ? want : can;
    theme_default(&theme);
    palette_set_theme(p, &theme);
}

void palette_set_theme(struct palette *p, const struct theme *theme)
{
    int pair;

    p->theme = *theme;
    p->pair_count = 0;
    palette_attributes(p, ROLE_TEXT, &pair); /* the first pair: that of what is blank */
    bkgdset((chtype)COLOR_PAIR(pair) | ' ');
}

/* A theme's colour as ncurses wants it; may add A_BOLD where there are only eight. */
static int curses_color(const struct palette *p, int color, bool ground, attr_t *attrs)
{
    if (color == COLOR_DEFAULT)
        return -1;
    if (p->depth == DEPTH_TRUE)
        return color; /* below 8 they are the terminal's own, which only the default theme uses */
    if (color >= 8 && color < 16 && COLORS < 16) {
        if (!ground)
            *attrs |= A_BOLD;
        return color - 8;
    }
    return color < COLORS ? color : -1;
}

/* The pair of two colours, made on first use: a theme needs few, and some terminals have few. Without
 * one left it is the terminal's own pair. */
static int pair_of(struct palette *p, int fg, int bg)
{
    int i = 0;

    while (i < p->pair_count && (p->pairs[i].fg != fg || p->pairs[i].bg != bg))
        i++;
    if (i < p->pair_count)
        return i + 1;
    if (i == PALETTE_PAIRS || i + 1 >= COLOR_PAIRS || init_extended_pair(i + 1, fg, bg) != OK)
        return 0;
    p->pairs[p->pair_count].fg = fg;
    p->pairs[p->pair_count++].bg = bg;
    return i + 1;
}

static attr_t curses_attrs(unsigned bits)
{
    return ((bits & STYLE_BOLD) ? A_BOLD : 0) | ((bits & STYLE_ITALIC) ? A_ITALIC : 0) |
           ((bits & STYLE_UNDERLINE) ? A_UNDERLINE : 0) | ((bits & STYLE_REVERSE) ? A_REVERSE : 0) |
           ((bits & (STYLE_DIM | STYLE_STRIKE)) ? A_DIM : 0);
}

/* How a style looks. On another role's ground a look keeps its colour, unless that ground is made by
 * reversal, where a colour would end up behind the letters. */
static struct look look_of(const struct palette *p, unsigned style)
{
    const struct look *looks = p->theme.looks[p->depth];
    unsigned role = style & STYLE_ROLE, ground = (style & STYLE_GROUND) >> 16;
    struct look look = looks[role];

    look.attrs |= style & (STYLE_BOLD | STYLE_ITALIC | STYLE_UNDERLINE | STYLE_STRIKE |
                           STYLE_REVERSE | STYLE_DIM);
    if (ground) {
        const struct look *under = &looks[ground - 1];

        look.bg = under->bg;
        look.attrs |= under->attrs & (STYLE_REVERSE | STYLE_UNDERLINE);
        if (role == ROLE_TEXT || (under->attrs & STYLE_REVERSE))
            look.fg = under->fg;
        if (role == ROLE_TEXT)
            look.attrs |= under->attrs;
    }
    if (look.attrs & STYLE_REVERSE)
        look.attrs &= ~(unsigned)STYLE_DIM; /* faint on reversed ground cannot be read */
    return look;
}

attr_t palette_attributes(struct palette *p, unsigned style, int *pair)
{
    struct look look = look_of(p, style);
    attr_t attrs = curses_attrs(look.attrs);
    int fg, bg;

    *pair = 0;
    if (p->depth == DEPTH_NONE)
        return attrs;
    fg = curses_color(p, look.fg, false, &attrs);
    bg = curses_color(p, look.bg, true, &attrs);
    *pair = pair_of(p, fg, bg);
    return attrs;
}
