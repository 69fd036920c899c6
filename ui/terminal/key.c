/* key.c - keys by name: what tables and key files say, and what hints show. */
#include "terminal/input.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

static const struct {
    const char *name;  /* in tables and files */
    const char *label; /* in hints where there is UTF-8; NULL: the name */
    uint32_t code;
} named[] = {
    {"Enter", "↵", INPUT_KEY_ENTER},
    {"Tab", NULL, INPUT_KEY_TAB},
    {"Backspace", NULL, INPUT_KEY_BACKSPACE},
    {"Esc", NULL, INPUT_KEY_ESC},
    {"Up", "↑", INPUT_KEY_UP},
    {"Down", "↓", INPUT_KEY_DOWN},
    {"Left", "←", INPUT_KEY_LEFT},
    {"Right", "→", INPUT_KEY_RIGHT},
    {"Home", NULL, INPUT_KEY_HOME},
    {"End", NULL, INPUT_KEY_END},
    {"Insert", NULL, INPUT_KEY_INSERT},
    {"Delete", "Del", INPUT_KEY_DELETE},
    {"PageUp", "PgUp", INPUT_KEY_PAGE_UP},
    {"PageDown", "PgDn", INPUT_KEY_PAGE_DOWN},
    {"Space", NULL, ' '},
};

enum { NAMED = sizeof named / sizeof named[0] };

bool key_equal(struct key a, struct key b)
{
    return a.code == b.code && a.mods == b.mods;
}

/* The modifiers at the beginning of a name, "C-S-"; moves `*at` past them. */
static unsigned read_mods(const char **at, const char *end)
{
    unsigned mods = 0;

    while (end - *at > 2 && (*at)[1] == '-') {
        if (**at == 'C')
            mods |= INPUT_CTRL;
        else if (**at == 'S')
            mods |= INPUT_SHIFT;
        else if (**at == 'M')
            mods |= INPUT_ALT;
        else
            break;
        *at += 2;
    }
    return mods;
}

static uint32_t read_code(const char *name, size_t len)
{
    utf8proc_int32_t code;
    int number, end = 0;
    char copy[KEY_NAME_SIZE];

    for (int i = 0; i < NAMED; i++)
        if (strlen(named[i].name) == len && strncasecmp(named[i].name, name, len) == 0)
            return named[i].code;
    if (len < sizeof copy) {
        memcpy(copy, name, len);
        copy[len] = '\0';
        if (sscanf(copy, "F%2d%n", &number, &end) == 1 && copy[end] == '\0' && number >= 1 &&
            number <= 12)
            return INPUT_KEY_F1 + (uint32_t)number - 1;
    }
    if (utf8proc_iterate((const utf8proc_uint8_t *)name, (utf8proc_ssize_t)len, &code) ==
        (utf8proc_ssize_t)len)
        return (uint32_t)code;
    return 0;
}

bool key_parse(const char *name, size_t len, struct key *out)
{
    const char *at = name;
    struct key k = {.mods = read_mods(&at, name + len)};

    k.code = len ? read_code(at, (size_t)(name + len - at)) : 0;
    if (k.code <= ' ' && k.code != ' ')
        return false;
    if (k.code < INPUT_KEY_ENTER) {
        if (k.mods & INPUT_SHIFT)
            return false; /* shifted characters are characters of their own */
        if ((k.mods & INPUT_CTRL) && k.code >= 'A' && k.code <= 'Z')
            k.code += 'a' - 'A';
    }
    *out = k;
    return true;
}

/* The bare key, without modifiers, as UTF-8. */
static void bare_name(struct key k, bool label, char out[KEY_NAME_SIZE])
{
    for (int i = 0; i < NAMED; i++) {
        if (named[i].code == k.code) {
            snprintf(out, KEY_NAME_SIZE, "%s",
                     label && named[i].label ? named[i].label : named[i].name);
            return;
        }
    }
    if (k.code >= INPUT_KEY_F1 && k.code <= INPUT_KEY_F12) {
        snprintf(out, KEY_NAME_SIZE, "F%u", (unsigned)(k.code - INPUT_KEY_F1 + 1));
        return;
    }
    out[utf8proc_encode_char((utf8proc_int32_t)k.code, (utf8proc_uint8_t *)out)] = '\0';
}

void key_spell(struct key k, char out[KEY_NAME_SIZE])
{
    char bare[KEY_NAME_SIZE];

    bare_name(k, false, bare);
    snprintf(out, KEY_NAME_SIZE, "%s%s%s%.16s", (k.mods & INPUT_CTRL) ? "C-" : "",
             (k.mods & INPUT_SHIFT) ? "S-" : "", (k.mods & INPUT_ALT) ? "M-" : "", bare);
}

void key_label(struct key k, bool utf8, char out[KEY_NAME_SIZE])
{
    char bare[KEY_NAME_SIZE];

    bare_name(k, utf8, bare);
    if (k.mods == INPUT_CTRL && k.code < INPUT_KEY_ENTER && k.code != ' ') {
        if (bare[0] >= 'a' && bare[0] <= 'z')
            bare[0] = (char)(bare[0] - 'a' + 'A');
        snprintf(out, KEY_NAME_SIZE, "^%.16s", bare);
        return;
    }
    snprintf(out, KEY_NAME_SIZE, "%s%s%s%.16s", (k.mods & INPUT_CTRL) ? "C-" : "",
             (k.mods & INPUT_SHIFT) ? "S-" : "", (k.mods & INPUT_ALT) ? "M-" : "", bare);
}
