/* theme.c - themes from text. A line of a depth's section says `role = FG [on BG] [attributes]`; a
 * colour is "default", "#rrggbb", or a number of the palette. What a file leaves out comes from the
 * next richer depth it has, brought down to the nearest colour; sixteen colours and none come from
 * the default theme, whose looks need no particular background. */
#include "terminal/theme.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "terminal/color.h"

enum {
    THEME_MAX_BYTES = 64 * 1024,
    OWN_COLORS = 8, /* at every depth the values below are the terminal's own, so that black is 0x000008 */
};

static const char *const role_words[ROLE_COUNT] = {
    [ROLE_TEXT] = "text",           [ROLE_DIM] = "dim",         [ROLE_ACCENT] = "accent",
    [ROLE_TITLE] = "title",         [ROLE_OK] = "ok",           [ROLE_WARN] = "warn",
    [ROLE_BAD] = "bad",             [ROLE_FIGURE] = "figure",   [ROLE_UNBOUND] = "unbound",
    [ROLE_SELECTION] = "selection", [ROLE_STATUS] = "status",   [ROLE_HINT] = "hint",
    [ROLE_BORDER] = "border",       [ROLE_HEADING] = "heading", [ROLE_CODE] = "code",
    [ROLE_LINK] = "link",           [ROLE_QUOTE] = "quote",     [ROLE_FIELD] = "field",
    [ROLE_FOCUS] = "focus",         [ROLE_MATCH] = "match",
};

static const struct {
    const char *word;
    unsigned bit;
} attributes[] = {
    {"bold", STYLE_BOLD},           {"italic", STYLE_ITALIC},   {"underline", STYLE_UNDERLINE},
    {"reverse", STYLE_REVERSE},     {"dim", STYLE_DIM},         {"strike", STYLE_STRIKE},
};

static const char *const depth_words[DEPTH_COUNT] = {
    [DEPTH_NONE] = "none", [DEPTH_16] = "16", [DEPTH_256] = "256", [DEPTH_TRUE] = "true",
};

#define LOOK(color, bits) {.fg = (color), .bg = COLOR_DEFAULT, .attrs = (bits)}

/* The terminal's own colours. Nothing but red, green, yellow, blue, magenta and cyan on the default
 * ground: those are legible in every palette made for people, light or dark. */
static const struct look own_16[ROLE_COUNT] = {
    [ROLE_TEXT] = LOOK(COLOR_DEFAULT, 0),
    [ROLE_DIM] = LOOK(COLOR_DEFAULT, STYLE_DIM),
    [ROLE_ACCENT] = LOOK(6, 0),
    [ROLE_TITLE] = LOOK(COLOR_DEFAULT, STYLE_BOLD),
    [ROLE_OK] = LOOK(2, 0),
    [ROLE_WARN] = LOOK(3, 0),
    [ROLE_BAD] = LOOK(1, STYLE_BOLD),
    [ROLE_FIGURE] = LOOK(4, STYLE_UNDERLINE),
    [ROLE_UNBOUND] = LOOK(3, STYLE_UNDERLINE),
    [ROLE_SELECTION] = LOOK(COLOR_DEFAULT, STYLE_REVERSE),
    [ROLE_STATUS] = LOOK(COLOR_DEFAULT, STYLE_BOLD),
    [ROLE_HINT] = LOOK(COLOR_DEFAULT, STYLE_DIM),
    [ROLE_BORDER] = LOOK(COLOR_DEFAULT, STYLE_DIM),
    [ROLE_HEADING] = LOOK(6, STYLE_BOLD),
    [ROLE_CODE] = LOOK(5, 0),
    [ROLE_LINK] = LOOK(4, STYLE_UNDERLINE),
    [ROLE_QUOTE] = LOOK(COLOR_DEFAULT, STYLE_ITALIC),
    [ROLE_FIELD] = LOOK(COLOR_DEFAULT, 0),
    [ROLE_FOCUS] = LOOK(COLOR_DEFAULT, STYLE_UNDERLINE),
    [ROLE_MATCH] = {.fg = 0, .bg = 3},
};

/* Where there are only sixteen, on the Linux console above all, blue on black is as good as not there. */
static const struct look figure_16 = LOOK(COLOR_DEFAULT, STYLE_UNDERLINE);
static const struct look link_16 = LOOK(6, STYLE_UNDERLINE);

/* Without colours: weight, line and reversal say the same. */
static const unsigned own_none[ROLE_COUNT] = {
    [ROLE_DIM] = STYLE_DIM,        [ROLE_ACCENT] = STYLE_BOLD,       [ROLE_TITLE] = STYLE_BOLD,
    [ROLE_WARN] = STYLE_BOLD,      [ROLE_BAD] = STYLE_BOLD,          [ROLE_FIGURE] = STYLE_UNDERLINE,
    [ROLE_UNBOUND] = STYLE_BOLD | STYLE_UNDERLINE,
    [ROLE_SELECTION] = STYLE_REVERSE, [ROLE_STATUS] = STYLE_BOLD,    [ROLE_HINT] = STYLE_DIM,
    [ROLE_BORDER] = STYLE_DIM,     [ROLE_HEADING] = STYLE_BOLD,      [ROLE_LINK] = STYLE_UNDERLINE,
    [ROLE_QUOTE] = STYLE_ITALIC,   [ROLE_FOCUS] = STYLE_UNDERLINE,   [ROLE_MATCH] = STYLE_REVERSE,
};

const char *role_word(enum role role)
{
    return role_words[role];
}

void theme_default(struct theme *out)
{
    memset(out, 0, sizeof *out);
    snprintf(out->name, sizeof out->name, "terminal");
    for (int r = 0; r < ROLE_COUNT; r++) {
        out->looks[DEPTH_16][r] = own_16[r];
        out->looks[DEPTH_256][r] = own_16[r];
        out->looks[DEPTH_TRUE][r] = own_16[r];
        out->looks[DEPTH_NONE][r] =
            (struct look){.fg = COLOR_DEFAULT, .bg = COLOR_DEFAULT, .attrs = own_none[r]};
    }
    out->looks[DEPTH_16][ROLE_FIGURE] = figure_16;
    out->looks[DEPTH_16][ROLE_LINK] = link_16;
}

/* --- reading ----------------------------------------------------------------------------------- */

struct reading {
    struct theme *theme;
    const char *file;
    bool given[DEPTH_COUNT][ROLE_COUNT];
    bool depth_given[DEPTH_COUNT];
    struct err *err;
    bool failed;
};

static int find_word(const char *word, const char *const *words, int count)
{
    int i = 0;

    while (i < count && strcmp(words[i], word) != 0)
        i++;
    return i;
}

/* A colour of `depth`; false if the word is none. */
static bool read_color(const char *word, enum color_depth depth, int *color)
{
    char *end;
    long value;

    if (strcmp(word, "default") == 0) {
        *color = COLOR_DEFAULT;
        return true;
    }
    if (*word == '#') {
        value = strtol(word + 1, &end, 16);
        if (*end || strlen(word) != 7 || depth != DEPTH_TRUE)
            return false;
        *color = value < OWN_COLORS ? OWN_COLORS : (int)value;
        return true;
    }
    value = strtol(word, &end, 10);
    if (end == word || *end || value < 0 || depth == DEPTH_NONE ||
        value > (depth == DEPTH_16 ? 15 : 255))
        return false;
    *color = depth == DEPTH_TRUE ? color_of_256((int)value) : (int)value;
    return true;
}

static bool read_attribute(const char *word, unsigned *attrs)
{
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
        if (strcmp(attributes[i].word, word) == 0) {
            *attrs |= attributes[i].bit;
            return true;
        }
    return false;
}

/* "#c0caf5 on #1a1b26 bold"; false if a word means nothing. */
static bool read_look(const char *value, enum color_depth depth, struct look *look)
{
    char copy[128];
    char *rest = NULL;
    bool ground = false;

    *look = (struct look){.fg = COLOR_DEFAULT, .bg = COLOR_DEFAULT};
    if (strlen(value) >= sizeof copy)
        return false;
    memcpy(copy, value, strlen(value) + 1);
    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
        if (strcmp(w, "on") == 0) {
            ground = true;
        } else if (!read_attribute(w, &look->attrs)) {
            if (!read_color(w, depth, ground ? &look->bg : &look->fg))
                return false;
            ground = false;
        }
    }
    return !ground;
}

static int read_general(struct reading *r, const char *key, const char *value)
{
    if (strcmp(key, "name") == 0) {
        snprintf(r->theme->name, sizeof r->theme->name, "%.31s", value);
    } else if (strcmp(key, "background") == 0) {
        r->theme->light = strcmp(value, "light") == 0;
    } else {
        err_set(r->err, ERR_INVALID, 0, "\"%s\" is no key of [theme]; it has name and background",
                key);
        return 0;
    }
    return 1;
}

static int read_entry(void *arg, const char *section, const char *key, const char *value)
{
    struct reading *r = arg;
    int depth, role;

    if (strcmp(section, "theme") == 0)
        return read_general(r, key, value);
    depth = find_word(section, depth_words, DEPTH_COUNT);
    role = find_word(key, role_words, ROLE_COUNT);
    if (depth == DEPTH_COUNT || role == ROLE_COUNT) {
        err_set(r->err, ERR_INVALID, 0,
                "[%s] %s: a section is theme, true, 256, 16 or none, and a key one of the roles",
                section, key);
        return 0;
    }
    if (!read_look(value, (enum color_depth)depth, &r->theme->looks[depth][role])) {
        err_set(r->err, ERR_INVALID, 0,
                "[%s] %s = %s: a look is COLOUR, \"on\" COLOUR and attributes; a colour is default, "
                "a number or, under [true], #rrggbb",
                section, key, value);
        return 0;
    }
    r->given[depth][role] = true;
    r->depth_given[depth] = true;
    return 1;
}

/* Within a depth a role that was left out has the colours of text, told apart without them. */
static void fill_depth(struct reading *r, int depth)
{
    bool derived = depth == DEPTH_256 && r->depth_given[DEPTH_TRUE];
    const struct look *text = &r->theme->looks[depth][ROLE_TEXT];

    for (int role = 0; role < ROLE_COUNT; role++) {
        struct look *look = &r->theme->looks[depth][role];

        if (!r->given[depth][role] && !derived)
            *look = (struct look){.fg = text->fg, .bg = text->bg, .attrs = own_none[role]};
        if (look->bg == COLOR_DEFAULT && role != ROLE_SELECTION)
            look->bg = text->bg;
        if (look->fg == COLOR_DEFAULT)
            look->fg = text->fg;
    }
}

static int ground_256(int color)
{
    return color == COLOR_DEFAULT ? color : color_nearest_256(color, NULL, 0);
}

/* A look of true colour at 256: its colour is to be read on its own ground and on that of a
 * selected row, whichever of them are colours. */
static struct look bring_down(const struct theme *t, const struct look *rich, int selection)
{
    int own = ground_256(rich->bg), grounds[2], count = 0;

    if (own != COLOR_DEFAULT)
        grounds[count++] = color_of_256(own);
    if (selection != COLOR_DEFAULT && rich->bg == t->looks[DEPTH_TRUE][ROLE_TEXT].bg)
        grounds[count++] = color_of_256(selection);
    return (struct look){
        .fg = rich->fg == COLOR_DEFAULT ? rich->fg : color_nearest_256(rich->fg, grounds, count),
        .bg = own,
        .attrs = rich->attrs};
}

/* The 256 colours of what was given in true colour only. */
static void fill_256(struct reading *r)
{
    struct theme *t = r->theme;
    const struct look *rich = t->looks[DEPTH_TRUE];
    struct look *looks = t->looks[DEPTH_256];

    if (!r->given[DEPTH_256][ROLE_SELECTION])
        looks[ROLE_SELECTION] = bring_down(t, &rich[ROLE_SELECTION], COLOR_DEFAULT);
    for (int role = 0; role < ROLE_COUNT; role++)
        if (!r->given[DEPTH_256][role] && role != ROLE_SELECTION)
            looks[role] = bring_down(t, &rich[role], looks[ROLE_SELECTION].bg);
}

/* Looks the file did not give. */
static void derive(struct reading *r)
{
    if (r->depth_given[DEPTH_TRUE]) {
        fill_depth(r, DEPTH_TRUE);
        fill_256(r);
    }
    if (r->depth_given[DEPTH_256])
        fill_depth(r, DEPTH_256);
    if (r->depth_given[DEPTH_16])
        fill_depth(r, DEPTH_16);
}

bool theme_parse(const char *file, const char *text, struct theme *out, struct err *err)
{
    struct err inner = {0};
    struct reading r = {.theme = out, .file = file, .err = &inner};
    int line;

    theme_default(out);
    line = ini_parse_string(text, read_entry, &r);
    if (line != 0) {
        theme_default(out);
        if (!inner.msg[0])
            snprintf(inner.msg, sizeof inner.msg, "this is no line of a theme file");
        return err_set(err, ERR_INVALID, 0, "%s, line %d: %s", file, line, inner.msg);
    }
    derive(&r);
    return true;
}

static void add_names(struct strbuf *out)
{
    size_t count;
    char **names = theme_names(&count);

    for (size_t i = 0; i < count; i++)
        strbuf_printf(out, "%s%s", i ? ", " : "", names[i]);
    paths_names_free(names, count);
}

bool theme_load(const char *name, struct theme *out, struct err *err)
{
    char *file = mem_printf("themes/%s.ini", name);
    char *path = NULL, *text = NULL;
    struct strbuf names;
    size_t len;
    bool ok = false;

    theme_default(out);
    strbuf_init(&names, 200);
    if (strcmp(name, "terminal") == 0) {
        ok = true;
        goto out;
    }
    path = paths_asset(file, err);
    if (!path) {
        add_names(&names);
        err_set(err, ERR_NOT_FOUND, 0, "there is no theme \"%s\"; there are %s", name, names.data);
        goto out;
    }
    text = paths_read_file(path, THEME_MAX_BYTES, &len, err);
    ok = text && theme_parse(path, text, out, err);
out:
    strbuf_finish(&names);
    free(text);
    free(path);
    free(file);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **theme_names(size_t *count)
{
    size_t files;
    char **names = paths_asset_names("themes", ".ini", &files);
    char **all = mem_zero(files + 2, sizeof *all);

    for (size_t i = 0; i < files; i++)
        all[i] = mem_strn(names[i], strlen(names[i]) - strlen(".ini"));
    all[files] = mem_str("terminal");
    qsort(all, files + 1, sizeof *all, by_name); /* "x-y.ini" came before "x.ini" */
    paths_names_free(names, files);
    *count = files + 1;
    return all;
}

unsigned style_of_md(unsigned md)
{
    unsigned role = ROLE_TEXT, bits = 0;

    if (md & MD_UNBOUND)
        role = ROLE_UNBOUND;
    else if (md & MD_FIGURE)
        role = ROLE_FIGURE;
    else if (md & MD_LINK)
        role = ROLE_LINK;
    else if (md & MD_CODE)
        role = ROLE_CODE;
    else if (md & MD_HEADING)
        role = ROLE_HEADING;
    else if (md & MD_FAINT)
        role = ROLE_DIM;
    else if (md & MD_QUOTE)
        role = ROLE_QUOTE;
    bits |= (md & MD_STRONG) ? STYLE_BOLD : 0;
    bits |= (md & MD_EMPH) ? STYLE_ITALIC : 0;
    bits |= (md & MD_STRIKE) ? STYLE_STRIKE : 0;
    return role | bits;
}
