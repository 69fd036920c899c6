/* input.h - the bytes a terminal sends, made into keys, pastes, mouse moves and replies. Fed byte by
 * byte in whatever pieces arrive; knows no file descriptor and no clock of its own, so that a test
 * can feed it anything. Nothing here blocks: what may still go on waits for input_tick(). */
#ifndef STRATTIO_UI_INPUT_H
#define STRATTIO_UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { /* the codes of keys that are no character; above every code point */
    INPUT_KEY_ENTER = 0x110000,
    INPUT_KEY_TAB,
    INPUT_KEY_BACKSPACE,
    INPUT_KEY_ESC,
    INPUT_KEY_UP,
    INPUT_KEY_DOWN,
    INPUT_KEY_LEFT,
    INPUT_KEY_RIGHT,
    INPUT_KEY_HOME,
    INPUT_KEY_END,
    INPUT_KEY_INSERT,
    INPUT_KEY_DELETE,
    INPUT_KEY_PAGE_UP,
    INPUT_KEY_PAGE_DOWN,
    INPUT_KEY_F1, /* to F12 in a row */
    INPUT_KEY_F12 = INPUT_KEY_F1 + 11,
    INPUT_KEY_LAST = INPUT_KEY_F12,
};

enum { /* bits of `mods`, as terminals count them */
    INPUT_SHIFT = 1u << 0, /* only on keys that are no character */
    INPUT_ALT = 1u << 1,
    INPUT_CTRL = 1u << 2,
};

struct key {
    uint32_t code; /* code point, or INPUT_KEY_... */
    unsigned mods;
};

enum input_kind {
    INPUT_KEY,   /* `key`; `text` is the character's UTF-8 if it is plain text, else "" */
    INPUT_PASTE, /* `text`, `len`: all that was pasted, as it came but with newlines as \n */
    INPUT_MOUSE, /* `mouse` */
    INPUT_FOCUS, /* `focused` */
    INPUT_REPLY, /* `reply` */
};

enum mouse_kind { MOUSE_PRESS, MOUSE_RELEASE, MOUSE_DRAG, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

enum reply_kind {
    REPLY_DA1,        /* primary device attributes: the end of the questions */
    REPLY_MODE,       /* a, b: DEC private mode a is in state b (1, 2: known and can be set) */
    REPLY_BACKGROUND, /* a, b, c: red, green, blue 0-255 */
    REPLY_CLIPBOARD,  /* the terminal sent its clipboard (not asked for; ignored) */
    REPLY_SCHEME,     /* a: 1 the terminal has gone dark, 2 light (mode 2031) */
};

struct input_event {
    enum input_kind kind;
    struct key key;
    const char *text; /* never NULL; NUL-terminated; valid during the call */
    size_t len;
    bool cut; /* INPUT_PASTE: longer than INPUT_PASTE_MAX; the rest is gone */
    struct {
        enum mouse_kind kind;
        int button; /* 1 left, 2 middle, 3 right */
        int y, x;   /* from 0 */
        int clicks; /* of a press: 2 for the second in a row on one cell, else 1 */
        unsigned mods;
    } mouse;
    bool focused;
    struct {
        enum reply_kind kind;
        int a, b, c;
    } reply;
};

/* The second press of a double click with the left button. */
bool input_double(const struct input_event *event);

enum { INPUT_PASTE_MAX = 16 * 1024 * 1024 };

struct input; /* the state between bytes */

/* `emit` gets each event as it is complete; the event is borrowed. `esc_ms` is how long a lone Esc
 * waits for a sequence to follow. */
struct input *input_create(void (*emit)(void *arg, const struct input_event *event), void *arg,
                           int esc_ms);
void input_destroy(struct input *in); /* accepts NULL */

/* `now_ms` is a monotonic clock. */
void input_feed(struct input *in, const void *bytes, size_t len, int64_t now_ms);

/* Milliseconds until input_tick() has something to do; -1 if it has not. */
int input_timeout_ms(const struct input *in, int64_t now_ms);
void input_tick(struct input *in, int64_t now_ms);

/* --- keys by name ------------------------------------------------------------------------------ */

bool key_equal(struct key a, struct key b);

/* Reads "g", "C-d", "S-Tab", "M-Enter", "F1", "Space", "PageUp" (what the table of actions and the
 * key file are written in); false if there is no such key. */
bool key_parse(const char *name, size_t len, struct key *out);

enum { KEY_NAME_SIZE = 24 };
void key_spell(struct key k, char out[KEY_NAME_SIZE]);             /* as key_parse() reads it */
void key_label(struct key k, bool utf8, char out[KEY_NAME_SIZE]); /* as hints show it: "^S", "Esc" */

#endif
