/* theme.h - what things on the screen mean, and how each looks. Screens and widgets name a role and
 * never a colour; a theme gives each role a value for four colour depths. */
#ifndef STRATTIO_UI_THEME_H
#define STRATTIO_UI_THEME_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;

enum role {
    ROLE_TEXT,
    ROLE_DIM,     /* beside the point: notes, units, times */
    ROLE_ACCENT,  /* what the eye should find first; keys in hints */
    ROLE_TITLE,   /* of a screen, a column, a dialog */
    ROLE_OK,      /* done, saved, passed */
    ROLE_WARN,    /* needs attention, stale */
    ROLE_BAD,     /* failed, wrong */
    ROLE_FIGURE,  /* a figure bound to the model */
    ROLE_UNBOUND, /* a figure nothing stands behind */
    ROLE_SELECTION, /* the row or choice under the cursor */
    ROLE_STATUS,  /* the header line */
    ROLE_HINT,    /* the words of the hint line */
    ROLE_BORDER,  /* rules and frames */
    ROLE_HEADING, /* of a document */
    ROLE_CODE,
    ROLE_LINK,
    ROLE_QUOTE,
    ROLE_FIELD,   /* a form field without the focus */
    ROLE_FOCUS,   /* the field that has it */
    ROLE_MATCH,   /* what a search found */
    ROLE_COUNT,
};

/* A style is a role with bits added: `ROLE_OK | STYLE_BOLD | STYLE_ON(ROLE_STATUS)`, which is the first
 * role's colour on the other's ground. One ground at a time. */
#define STYLE_ON(role) (((unsigned)(role) + 1) << 16)
enum {
    STYLE_ROLE = 0xff,       /* mask */
    STYLE_GROUND = 0xff0000, /* mask */
    STYLE_SELECTED = STYLE_ON(ROLE_SELECTION),
    STYLE_BOLD = 1u << 9,
    STYLE_ITALIC = 1u << 10,
    STYLE_UNDERLINE = 1u << 11,
    STYLE_STRIKE = 1u << 12, /* shown faint where the terminal cannot strike */
    STYLE_REVERSE = 1u << 13,
    STYLE_DIM = 1u << 14,
};

enum color_depth { DEPTH_NONE, DEPTH_16, DEPTH_256, DEPTH_TRUE, DEPTH_COUNT };

enum { COLOR_DEFAULT = -1 }; /* the terminal's own */

struct look {       /* of one role at one depth */
    int fg, bg;     /* COLOR_DEFAULT; 0-15; 0-255; or 0xRRGGBB at DEPTH_TRUE */
    unsigned attrs; /* STYLE_BOLD ... STYLE_DIM */
};

struct theme {
    char name[32];
    bool light; /* made for a light background */
    struct look looks[DEPTH_COUNT][ROLE_COUNT];
};

/* The terminal's own sixteen colours on its own background: needs no file. */
void theme_default(struct theme *out);

/* Reads themes/NAME.ini over the default: a role or a whole depth it leaves out is derived from the
 * richest depth it has. "terminal" is the default. ERR_NOT_FOUND lists the names there are;
 * ERR_INVALID names file and line. On failure `out` is the default theme. */
MUST_USE bool theme_load(const char *name, struct theme *out, struct err *err);

/* The same from text; `file` is for messages. */
MUST_USE bool theme_parse(const char *file, const char *text, struct theme *out, struct err *err);

/* The names of all themes, sorted; free with paths_names_free(). */
MUST_USE char **theme_names(size_t *count);

const char *role_word(enum role role); /* "text", "ok": the name in a theme file */

/* Style bits for MD_... bits of a laid out document (markdown.h). */
unsigned style_of_md(unsigned md_style);

#endif
