/* key_file.c - keys.ini, line by line. A wrong line costs only itself: a typing error must not take away the
 * keys of everything else. Nor can the file take away the way back: that keeps a key that also works where
 * text is typed. */
#include "terminal/key_file.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/near.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "terminal/key_conflict.h"

enum { FILE_LIMIT = 256 * 1024, KEYS_MAX = 16, PROBLEM_MAX = 1024, FILE_MODE = 0600 };

static const char allowed_keys[] = "write a character, or C-x, M-x, S-Tab, F1, Enter, Tab, Esc, "
                                   "Space, Backspace, Delete, Insert, Up, Down, Left, Right, "
                                   "Home, End, PageUp, PageDown";

void key_problems_add(struct key_problems *p, const char *fmt, ...)
{
    struct strbuf text;
    va_list args;

    strbuf_init(&text, PROBLEM_MAX);
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    p->items = mem_grow(p->items, &p->cap, p->count + 1, sizeof *p->items);
    p->items[p->count++] = strbuf_take(&text);
}

void key_problems_finish(struct key_problems *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->items[i]);
    free(p->items);
    *p = (struct key_problems){0};
}

/* ---- one line ------------------------------------------------------------------------------ */

struct span {
    const char *at;
    size_t len;
};

static struct span trim(struct span s)
{
    while (s.len && strchr(" \t\r", *s.at)) {
        s.at++;
        s.len--;
    }
    while (s.len && strchr(" \t\r", s.at[s.len - 1]))
        s.len--;
    return s;
}

/* Name and keys of a line; false for blank lines, comments and what is neither. */
static bool split(struct span line, struct span *name, struct span *keys)
{
    const char *equals = line.len > 1 ? memchr(line.at + 1, '=', line.len - 1) : NULL;

    if (!equals || *line.at == '#' || *line.at == ';')
        return false;
    *name = trim((struct span){line.at, (size_t)(equals - line.at)});
    *keys = trim((struct span){equals + 1, line.len - (size_t)(equals + 1 - line.at)});
    return true;
}

static struct span next_word(struct span *rest)
{
    struct span word = {rest->at, 0};

    while (word.len < rest->len && !strchr(" \t", word.at[word.len]))
        word.len++;
    *rest = trim((struct span){rest->at + word.len, rest->len - word.len});
    return word;
}

static bool is(struct span word, const char *text)
{
    return word.len == strlen(text) && memcmp(word.at, text, word.len) == 0;
}

static const char *nearest_action(struct span name)
{
    enum action best = ACTION_NONE + 1;

    for (int a = best + 1; a < ACTION_COUNT; a++)
        if (near_distance(name.at, name.len, action_info((enum action)a)->name) <
            near_distance(name.at, name.len, action_info(best)->name))
            best = (enum action)a;
    return action_info(best)->name;
}

struct bound {
    struct key keys[KEYS_MAX];
    size_t count;
};

static void add_key(struct bound *b, struct key key)
{
    for (size_t i = 0; i < b->count; i++)
        if (key_equal(b->keys[i], key))
            return;
    if (b->count < KEYS_MAX)
        b->keys[b->count++] = key;
}

/* Does it also work where text is typed? */
static bool works_everywhere(struct key key)
{
    return key.code >= INPUT_KEY_ENTER || key.mods & (INPUT_CTRL | INPUT_ALT);
}

/* The way back must stay, from everywhere. */
static bool leads_back(const struct bound *b)
{
    bool any = false;

    for (size_t i = 0; i < b->count; i++)
        any = any || works_everywhere(b->keys[i]);
    return any;
}

/* Reads the keys of a line for `a`; `place` is "FILE:LINE". */
static bool read_keys(const struct keymap *km, enum action a, struct span keys, const char *place,
                      struct bound *b, struct err *err)
{
    const char *name = action_info(a)->name;
    struct span rest = keys, word = next_word(&rest);
    struct key key;

    if (!word.len)
        return err_set(err, ERR_INVALID, 0, "%s: %s is given nothing; write its keys, or \"none\"",
                       place, name);
    if (is(word, "+") && rest.len) { /* alone it is a key */
        for (size_t i = 0; keymap_key(km, a, i, &key); i++)
            add_key(b, key);
        word = next_word(&rest);
    }
    for (; word.len && !is(keys, "none"); word = next_word(&rest)) {
        if (!key_parse(word.at, word.len, &key))
            return err_set(err, ERR_INVALID, 0, "%s: \"%.*s\" is no key; %s", place,
                           (int)(word.len < 40 ? word.len : 40), word.at, allowed_keys);
        add_key(b, key);
    }
    if (a == ACTION_BACK && !leads_back(b))
        return err_set(err, ERR_INVALID, 0,
                       "%s: %s needs a key that is no character, such as Esc or C-b; it keeps its "
                       "own",
                       place, name);
    return true;
}

static bool take_line(struct keymap *km, bool given[ACTION_COUNT], struct span line,
                      const char *place, struct err *err)
{
    struct span name, keys;
    struct bound b = {.count = 0};
    enum action a;

    line = trim(line);
    if (!line.len || *line.at == '#' || *line.at == ';')
        return true;
    if (!split(line, &name, &keys))
        return err_set(err, ERR_INVALID, 0, "%s: \"%.*s\" is not \"action = key key\"", place,
                       (int)(line.len < 60 ? line.len : 60), line.at);
    a = action_by_name(name.at, name.len);
    if (a == ACTION_NONE)
        return err_set(err, ERR_INVALID, 0, "%s: there is no action \"%.*s\"; did you mean \"%s\"?",
                       place, (int)(name.len < 40 ? name.len : 40), name.at, nearest_action(name));
    if (given[a])
        return err_set(err, ERR_INVALID, 0,
                       "%s: %s is given keys a second time; keep one of the lines", place,
                       action_info(a)->name);
    if (!read_keys(km, a, keys, place, &b, err))
        return false;
    given[a] = true;
    keymap_set(km, a, b.keys, b.count);
    return true;
}

void key_file_parse(struct keymap *km, const char *file, const char *text, struct key_problems *out)
{
    bool given[ACTION_COUNT] = {false};

    for (int number = 1; *text; number++) {
        struct span line = {text, strcspn(text, "\n")};
        char *place = mem_printf("%s:%d", file, number);
        struct err err = {0};

        if (!take_line(km, given, line, place, &err))
            key_problems_add(out, "%s", err.msg);
        free(place);
        text += line.len + (text[line.len] == '\n');
    }
}

/* ---- the file ------------------------------------------------------------------------------ */

/* Path and text of keys.ini; *text is NULL if there is no such file. */
static bool read_file(bool make, char **path, char **text, struct err *err)
{
    char *folder = paths_dir(PATHS_CONFIG, make, err);
    struct err why = {0};
    size_t len = 0;

    *path = NULL;
    *text = NULL;
    if (!folder)
        return false;
    *path = mem_printf("%s/keys.ini", folder);
    free(folder);
    *text = paths_read_file(*path, FILE_LIMIT, &len, &why);
    if (*text && strlen(*text) == len)
        return true;
    if (!*text && why.code == ERR_NOT_FOUND)
        return true;
    if (*text)
        err_set(&why, ERR_INVALID, 0, "%s holds a zero byte, so it is no text file", *path);
    *err = why;
    free(*path);
    free(*text);
    *path = *text = NULL;
    return false;
}

struct keymap *key_file_load(struct key_problems *out)
{
    struct keymap *km = keymap_create();
    struct err err = {0};
    char *path, *text;

    if (!read_file(false, &path, &text, &err))
        key_problems_add(out, "%s", err.msg);
    if (text) {
        key_file_parse(km, path, text, out);
        key_conflicts(km, out);
    }
    free(path);
    free(text);
    return km;
}

/* `text` with the line of `name` replaced by `line`, or without it if that is NULL. */
static void replace_line(const char *text, const char *name, const char *line, struct strbuf *out)
{
    while (*text) {
        struct span at = {text, strcspn(text, "\n")}, here, keys;
        bool ours = split(trim(at), &here, &keys) && is(here, name);

        if (!ours)
            strbuf_printf(out, "%.*s\n", (int)at.len, text);
        else if (line)
            strbuf_printf(out, "%s\n", line);
        if (ours)
            line = NULL; /* a second one goes */
        text += at.len + (text[at.len] == '\n');
    }
    if (line)
        strbuf_printf(out, "%s\n", line);
}

static bool write_line(const char *name, const char *line, struct err *err)
{
    struct strbuf out;
    char *path, *text;
    bool ok;

    if (!read_file(true, &path, &text, err))
        return false;
    strbuf_init(&out, 2 * FILE_LIMIT);
    replace_line(text ? text : "", name, line, &out);
    ok = strbuf_check(&out, "keys.ini", err) &&
         paths_write_file(path, out.data, out.len, FILE_MODE, err);
    strbuf_finish(&out);
    free(path);
    free(text);
    return ok;
}

bool key_file_save(enum action a, const char *keys, struct err *err)
{
    const char *name = action_info(a)->name;
    struct keymap *km;
    struct bound b = {.count = 0};
    char *line;
    bool ok;

    if (!keys)
        return write_line(name, NULL, err);
    if (strpbrk(keys, "\r\n"))
        return err_set(err, ERR_INVALID, 0, "the keys of %s must be one line", name);
    keys = *keys ? keys : "none";
    km = keymap_create();
    ok = read_keys(km, a, trim((struct span){keys, strlen(keys)}), "keys.ini", &b, err);
    keymap_destroy(km);
    if (!ok)
        return false;
    line = mem_printf("%s = %s", name, keys);
    ok = write_line(name, line, err);
    free(line);
    return ok;
}
