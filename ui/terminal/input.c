/* input.c - a state machine over the terminal's bytes.
 *
 *   GROUND --ESC--> ESC --[--> CSI ... final
 *      |             |---O--> SS3 ... final
 *      |             |---] P-> STRING ... BEL or ESC \
 *      |             '---x--> Alt-x
 *      '--200~--> PASTE ... ESC[201~
 *
 * A byte that cannot go on with what has begun drops it and is read again from GROUND, so that no
 * sequence, however broken, swallows keys for long. Three things wait for time: a lone Esc, which is
 * the Esc key unless more follows at once; a sequence that never ends, which is forgotten; and a
 * paste that stalls, whose text so far is handed on. Bytes that come late continue what they belong
 * to; they are never taken for typing. */
#include "terminal/input.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum {
    ESC = 0x1b,
    SEQUENCE_MAX = 256,       /* longest control sequence or reply kept; longer ones are dropped */
    OPEN_WAIT = 10,           /* times esc_ms: "ESC [" and "ESC O" alone are keys after that */
    SEQUENCE_MS = 1000,       /* a sequence without its end is forgotten */
    STRING_MS = 2000,
    PASTE_STALL_MS = 500,     /* the text so far is shown */
    DOUBLE_CLICK_MS = 400,
    PASTE_BREAK_MS = 1000,    /* after that a lone Esc or ^C ends a paste whose end never came */
};

enum state {
    GROUND,
    UTF8,       /* inside a character of several bytes */
    AFTER_ESC,
    CSI,
    CSI_LINUX,  /* "ESC [ [": one more byte, F1 to F5 of the Linux console */
    CSI_X10,    /* "ESC [ M": three bytes of an old mouse report */
    SS3,
    STRING,     /* OSC or DCS */
    STRING_ESC, /* ESC inside it: "\" ends it */
    PASTE,
};

struct input {
    void (*emit)(void *arg, const struct input_event *event);
    void *arg;
    int esc_ms;
    enum state state;
    int64_t since;      /* of the last byte */
    bool alt;           /* ESC came before the character */
    char string_kind;   /* ']' or 'P' */
    char seq[SEQUENCE_MAX];
    size_t seq_len;
    bool seq_cut;
    unsigned char utf8[4];
    size_t utf8_len, utf8_need;
    struct strbuf paste;
    size_t paste_end;   /* bytes of ESC[201~ seen */
    bool paste_cr;      /* the last byte was \r */
    bool paste_stalled; /* its text so far has been handed on */
    struct {
        int button, y, x;
        int64_t at_ms;
        bool counts; /* a second one like it is a double click */
    } click;
};

static const char paste_end[] = "\033[201~";

struct input *input_create(void (*emit)(void *arg, const struct input_event *event), void *arg,
                           int esc_ms)
{
    struct input *in = mem_zero(1, sizeof *in);

    in->emit = emit;
    in->arg = arg;
    in->esc_ms = esc_ms;
    strbuf_init(&in->paste, INPUT_PASTE_MAX);
    return in;
}

void input_destroy(struct input *in)
{
    if (!in)
        return;
    strbuf_finish(&in->paste);
    free(in);
}

/* --- what is emitted --------------------------------------------------------------------------- */

static void emit_key(struct input *in, uint32_t code, unsigned mods)
{
    struct input_event ev = {.kind = INPUT_KEY, .key = {code, mods}, .text = ""};
    unsigned char text[5] = {0};

    if (code < INPUT_KEY_ENTER && mods == 0) {
        ev.len = (size_t)utf8proc_encode_char((utf8proc_int32_t)code, text);
        ev.text = (const char *)text;
    }
    in->emit(in->arg, &ev);
}

static void emit_reply(struct input *in, enum reply_kind kind, int a, int b, int c)
{
    struct input_event ev = {.kind = INPUT_REPLY, .text = ""};

    ev.reply.kind = kind;
    ev.reply.a = a;
    ev.reply.b = b;
    ev.reply.c = c;
    in->emit(in->arg, &ev);
}

static void emit_focus(struct input *in, bool focused)
{
    struct input_event ev = {.kind = INPUT_FOCUS, .focused = focused, .text = ""};

    in->emit(in->arg, &ev);
}

bool input_double(const struct input_event *event)
{
    return event->kind == INPUT_MOUSE && event->mouse.kind == MOUSE_PRESS &&
           event->mouse.button == 1 && event->mouse.clicks == 2;
}

/* A third press begins anew. */
static int count_click(struct input *in, int button, int y, int x)
{
    bool second = in->click.counts && in->click.button == button && in->click.y == y &&
                  in->click.x == x && in->since - in->click.at_ms <= DOUBLE_CLICK_MS;

    in->click.button = button;
    in->click.y = y;
    in->click.x = x;
    in->click.at_ms = in->since;
    in->click.counts = !second;
    return second ? 2 : 1;
}

/* `code` as terminals number mouse events: button, motion, modifiers, wheel. */
static void emit_mouse(struct input *in, int code, int x, int y, bool release)
{
    struct input_event ev = {.kind = INPUT_MOUSE, .text = ""};

    if (x < 1 || y < 1)
        return;
    ev.mouse.x = x - 1;
    ev.mouse.y = y - 1;
    ev.mouse.mods = ((code & 4) ? INPUT_SHIFT : 0) | ((code & 8) ? INPUT_ALT : 0) |
                    ((code & 16) ? INPUT_CTRL : 0);
    if (code & 64) {
        if ((code & 3) > 1 || release)
            return;
        ev.mouse.kind = (code & 1) ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP;
    } else {
        if ((code & 3) == 3) { /* old reports do not say which button was let go */
            release = true;
            code &= ~3;
        }
        ev.mouse.kind = release ? MOUSE_RELEASE : (code & 32) ? MOUSE_DRAG : MOUSE_PRESS;
        ev.mouse.button = 1 + (code & 3);
        if (ev.mouse.kind == MOUSE_PRESS)
            ev.mouse.clicks = count_click(in, ev.mouse.button, ev.mouse.y, ev.mouse.x);
    }
    in->emit(in->arg, &ev);
}

/* A C0 control or DEL as the key it stands for. */
static void emit_control(struct input *in, unsigned char byte, unsigned mods)
{
    switch (byte) {
    case '\r':
    case '\n':
        emit_key(in, INPUT_KEY_ENTER, mods);
        break;
    case '\t':
        emit_key(in, INPUT_KEY_TAB, mods);
        break;
    case 0x7f:
    case '\b':
        emit_key(in, INPUT_KEY_BACKSPACE, mods);
        break;
    case ESC:
        emit_key(in, INPUT_KEY_ESC, mods);
        break;
    case 0:
        emit_key(in, ' ', mods | INPUT_CTRL);
        break;
    default: /* 1-26 are letters; 28-31 are \ ] ^ _ */
        emit_key(in, byte + (byte < 27 ? 'a' - 1u : (unsigned)'@'), mods | INPUT_CTRL);
    }
}

/* --- text -------------------------------------------------------------------------------------- */

static size_t utf8_length(unsigned char lead)
{
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    if (lead >= 0xf0 && lead <= 0xf4)
        return 4;
    return 0;
}

static void emit_character(struct input *in, uint32_t code)
{
    unsigned mods = in->alt ? INPUT_ALT : 0;

    in->alt = false;
    if (code >= 0x80 && code < 0xa0)
        return; /* a control of eight bits is no key */
    emit_key(in, code, mods);
}

static void ground_byte(struct input *in, unsigned char byte)
{
    in->state = GROUND;
    if (byte == ESC) {
        in->state = AFTER_ESC;
    } else if (byte < 0x20 || byte == 0x7f) {
        emit_control(in, byte, in->alt ? INPUT_ALT : 0);
        in->alt = false;
    } else if (byte < 0x80) {
        emit_character(in, byte);
    } else if ((in->utf8_need = utf8_length(byte)) != 0) {
        in->utf8[0] = byte;
        in->utf8_len = 1;
        in->state = UTF8;
    } else {
        emit_character(in, 0xfffd);
    }
}

/* False if `byte` does not belong to the character and is to be read again. */
static bool utf8_byte(struct input *in, unsigned char byte)
{
    utf8proc_int32_t code;

    if ((byte & 0xc0) != 0x80) {
        emit_character(in, 0xfffd);
        in->state = GROUND;
        return false;
    }
    in->utf8[in->utf8_len++] = byte;
    if (in->utf8_len < in->utf8_need)
        return true;
    in->state = GROUND;
    if (utf8proc_iterate(in->utf8, (utf8proc_ssize_t)in->utf8_len, &code) < 0)
        code = 0xfffd;
    emit_character(in, (uint32_t)code);
    return true;
}

/* --- control sequences --------------------------------------------------------------------------- */

static void begin_sequence(struct input *in, enum state state)
{
    in->state = state;
    in->seq_len = 0;
    in->seq[0] = '\0';
    in->seq_cut = false;
}

static void keep(struct input *in, unsigned char byte)
{
    if (in->seq_len + 1 < sizeof in->seq)
        in->seq[in->seq_len++] = (char)byte;
    else
        in->seq_cut = true;
    in->seq[in->seq_len] = '\0';
}

enum { PARAMS_MAX = 8 };

/* Reads "1;5" from `text`; what stands after a colon is left out. Missing ones are 0. */
static int read_params(const char *text, int params[PARAMS_MAX])
{
    int count = 0;
    bool after_colon = false;

    memset(params, 0, PARAMS_MAX * sizeof *params);
    if (!*text)
        return 0;
    for (count = 1; *text; text++) {
        if (*text == ';') {
            if (count == PARAMS_MAX)
                break;
            count++;
            after_colon = false;
        } else if (*text == ':') {
            after_colon = true;
        } else if (*text >= '0' && *text <= '9' && !after_colon && params[count - 1] < 10000000) {
            params[count - 1] = params[count - 1] * 10 + (*text - '0');
        }
    }
    return count;
}

static unsigned mods_of(int param)
{
    return param > 1 ? (unsigned)(param - 1) & (INPUT_SHIFT | INPUT_ALT | INPUT_CTRL) : 0;
}

/* The key a final letter of CSI or SS3 stands for, or 0. */
static uint32_t letter_key(char final)
{
    static const struct {
        char final;
        uint32_t code;
    } keys[] = {
        {'A', INPUT_KEY_UP},       {'B', INPUT_KEY_DOWN},     {'C', INPUT_KEY_RIGHT},
        {'D', INPUT_KEY_LEFT},     {'H', INPUT_KEY_HOME},     {'F', INPUT_KEY_END},
        {'P', INPUT_KEY_F1},       {'Q', INPUT_KEY_F1 + 1},   {'R', INPUT_KEY_F1 + 2},
        {'S', INPUT_KEY_F1 + 3},
    };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i].final == final)
            return keys[i].code;
    return 0;
}

static uint32_t number_key(int number)
{
    static const uint32_t keys[] = {
        [1] = INPUT_KEY_HOME,     [2] = INPUT_KEY_INSERT,    [3] = INPUT_KEY_DELETE,
        [4] = INPUT_KEY_END,      [5] = INPUT_KEY_PAGE_UP,   [6] = INPUT_KEY_PAGE_DOWN,
        [7] = INPUT_KEY_HOME,     [8] = INPUT_KEY_END,       [11] = INPUT_KEY_F1,
        [12] = INPUT_KEY_F1 + 1,  [13] = INPUT_KEY_F1 + 2,   [14] = INPUT_KEY_F1 + 3,
        [15] = INPUT_KEY_F1 + 4,  [17] = INPUT_KEY_F1 + 5,   [18] = INPUT_KEY_F1 + 6,
        [19] = INPUT_KEY_F1 + 7,  [20] = INPUT_KEY_F1 + 8,   [21] = INPUT_KEY_F1 + 9,
        [23] = INPUT_KEY_F1 + 10, [24] = INPUT_KEY_F1 + 11,
    };

    return number > 0 && (size_t)number < sizeof keys / sizeof keys[0] ? keys[number] : 0;
}

/* A key that was sent as its code point with modifiers. */
static void code_key(struct input *in, int code, unsigned mods)
{
    if (code < 0x20 || code == 0x7f) {
        if (code == '\r' || code == '\t' || code == ESC || code == 0x7f)
            emit_control(in, (unsigned char)code, mods);
        return;
    }
    if ((code >= 0xe000 && code < 0xf900) || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff ||
        (code >= 0x80 && code < 0xa0))
        return; /* private codes are keys we do not use: caps lock, media */
    if ((mods & INPUT_SHIFT) && !(mods & INPUT_CTRL))
        code = utf8proc_toupper(code);
    emit_key(in, (uint32_t)code, mods & ~INPUT_SHIFT);
}

static void begin_paste(struct input *in)
{
    strbuf_clear(&in->paste);
    in->paste_end = 0;
    in->paste_cr = false;
    in->paste_stalled = false;
    in->state = PASTE;
}

static void tilde_key(struct input *in, const int params[PARAMS_MAX])
{
    uint32_t code;

    if (params[0] == 200)
        begin_paste(in);
    else if (params[0] == 27)
        code_key(in, params[2], mods_of(params[1]));
    else if ((code = number_key(params[0])) != 0)
        emit_key(in, code, mods_of(params[1]));
}

static void private_sequence(struct input *in, char final)
{
    int params[PARAMS_MAX];
    int count = read_params(in->seq + 1, params);

    if (in->seq[0] == '<' && (final == 'M' || final == 'm') && count >= 3)
        emit_mouse(in, params[0], params[1], params[2], final == 'm');
    else if (in->seq[0] == '?' && final == 'c')
        emit_reply(in, REPLY_DA1, params[0], 0, 0);
    else if (in->seq[0] == '?' && final == 'y' && in->seq[in->seq_len - 1] == '$')
        emit_reply(in, REPLY_MODE, params[0], params[1], 0);
    else if (in->seq[0] == '?' && final == 'n' && params[0] == 997)
        emit_reply(in, REPLY_SCHEME, params[1], 0, 0);
}

static void finish_csi(struct input *in, char final)
{
    int params[PARAMS_MAX];
    int count;
    uint32_t code;

    in->state = GROUND;
    if (in->seq_cut)
        return;
    if (in->seq_len && in->seq[0] >= '<') {
        private_sequence(in, final);
        return;
    }
    count = read_params(in->seq, params);
    if (final == '~') {
        tilde_key(in, params);
    } else if (final == 'Z') {
        emit_key(in, INPUT_KEY_TAB, mods_of(params[1]) | INPUT_SHIFT);
    } else if (final == 'u') {
        code_key(in, params[0], mods_of(params[1]));
    } else if ((final == 'I' || final == 'O') && count == 0) {
        emit_focus(in, final == 'I');
    } else if (final == 'R' && count == 2 && params[0] != 1) {
        return; /* a cursor position nobody asked for */
    } else if ((code = letter_key(final)) != 0) {
        emit_key(in, code, mods_of(params[1]));
    }
}

static bool csi_byte(struct input *in, unsigned char byte)
{
    if (byte == '[' && in->seq_len == 0) {
        in->state = CSI_LINUX;
    } else if (byte == 'M' && in->seq_len == 0) {
        begin_sequence(in, CSI_X10);
    } else if (byte >= 0x40 && byte <= 0x7e) {
        finish_csi(in, (char)byte);
    } else if (byte >= 0x20 && byte < 0x40) {
        keep(in, byte);
    } else {
        in->state = GROUND;
        return false;
    }
    return true;
}

static bool x10_byte(struct input *in, unsigned char byte)
{
    if (byte < 0x20) {
        in->state = GROUND;
        return false;
    }
    keep(in, byte);
    if (in->seq_len == 3) {
        const unsigned char *b = (const unsigned char *)in->seq;

        in->state = GROUND;
        emit_mouse(in, b[0] - 32, b[1] - 32, b[2] - 32, false);
    }
    return true;
}

static bool ss3_byte(struct input *in, unsigned char byte)
{
    static const char keypad[] = "*+,-./0123456789"; /* j to y */
    int params[PARAMS_MAX];
    uint32_t code;

    if (byte >= '0' && byte <= '9' && in->seq_len < 4) {
        keep(in, byte);
        return true;
    }
    in->state = GROUND;
    if (byte < 0x20 || byte >= 0x7f)
        return false;
    read_params(in->seq, params);
    if ((code = letter_key((char)byte)) != 0)
        emit_key(in, code, mods_of(params[0]));
    else if (byte == 'M')
        emit_key(in, INPUT_KEY_ENTER, 0);
    else if (byte >= 'j' && byte <= 'y')
        emit_key(in, (unsigned char)keypad[byte - 'j'], 0);
    return true;
}

/* --- strings: OSC and DCS ----------------------------------------------------------------------- */

/* One colour component of one to four hex digits as 0-255; -1 if it is none. */
static int read_component(const char **at)
{
    long value = 0, max = 0;
    const char *p = *at;

    for (int digits = 0; digits < 4; digits++, p++) {
        const char *hex = "0123456789abcdef";
        const char *found = *p ? strchr(hex, *p | 0x20) : NULL;

        if (!found || (*p >= 0x10 && *p < 0x1a))
            break;
        value = value * 16 + (found - hex);
        max = max * 16 + 15;
    }
    *at = p;
    return max ? (int)(value * 255 / max) : -1;
}

static void finish_string(struct input *in)
{
    const char *at = in->seq;
    int rgb[3];

    in->state = GROUND;
    if (in->string_kind != ']')
        return;
    if (strncmp(at, "52;", 3) == 0) {
        emit_reply(in, REPLY_CLIPBOARD, 0, 0, 0);
        return;
    }
    if (in->seq_cut || strncmp(at, "11;rgb", 6) != 0)
        return;
    at += 6;
    at += *at == 'a'; /* rgba: */
    for (int i = 0; i < 3; i++) {
        if (*at != (i ? '/' : ':'))
            return;
        at++;
        if ((rgb[i] = read_component(&at)) < 0)
            return;
    }
    emit_reply(in, REPLY_BACKGROUND, rgb[0], rgb[1], rgb[2]);
}

/* A reply begins in a known way; anything else after ESC ] or ESC P was Alt and a key. */
static bool string_may_begin(char kind, unsigned char byte)
{
    if (byte >= '0' && byte <= '9')
        return true;
    return kind == 'P' && (byte == '>' || byte == '!' || byte == '$');
}

static bool string_byte(struct input *in, unsigned char byte)
{
    if (in->seq_len == 0 && !string_may_begin(in->string_kind, byte)) {
        in->state = GROUND;
        emit_key(in, (unsigned char)in->string_kind, INPUT_ALT);
        return false;
    }
    if (byte == '\a') {
        finish_string(in);
    } else if (byte == ESC) {
        in->state = STRING_ESC;
    } else if (byte < 0x20) {
        in->state = GROUND;
        return false;
    } else {
        keep(in, byte);
    }
    return true;
}

static bool string_esc_byte(struct input *in, unsigned char byte)
{
    if (byte == '\\') {
        finish_string(in);
        return true;
    }
    in->state = AFTER_ESC; /* the string was broken off; this ESC begins something else */
    return false;
}

static bool esc_byte(struct input *in, unsigned char byte)
{
    switch (byte) {
    case '[':
        begin_sequence(in, CSI);
        return true;
    case 'O':
        begin_sequence(in, SS3);
        return true;
    case ']':
    case 'P':
        in->string_kind = (char)byte;
        begin_sequence(in, STRING);
        return true;
    case ESC:
        emit_key(in, INPUT_KEY_ESC, 0);
        return true; /* the second one may begin a sequence */
    default:
        in->alt = true;
        ground_byte(in, byte);
        return true;
    }
}

/* --- pastes -------------------------------------------------------------------------------------- */

/* Replaces what is not UTF-8, so that whoever gets the text need not care. */
static void repair_utf8(struct strbuf *text)
{
    struct strbuf clean;
    size_t at = 0;

    strbuf_init(&clean, text->limit);
    while (at < text->len) {
        utf8proc_int32_t code;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text->data + at,
                                              (utf8proc_ssize_t)(text->len - at), &code);

        if (n > 0) {
            strbuf_add(&clean, text->data + at, (size_t)n);
            at += (size_t)n;
        } else {
            strbuf_str(&clean, "\xef\xbf\xbd");
            at++;
        }
    }
    clean.full |= text->full;
    strbuf_finish(text);
    *text = clean;
}

static bool is_utf8(const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        utf8proc_int32_t code;
        utf8proc_ssize_t n;

        if ((unsigned char)text[at] < 0x80) {
            at++;
            continue;
        }
        n = utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(len - at),
                             &code);
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static void emit_paste(struct input *in)
{
    struct input_event ev = {.kind = INPUT_PASTE};

    if (in->paste.len == 0)
        return;
    if (!is_utf8(in->paste.data, in->paste.len))
        repair_utf8(&in->paste);
    ev.text = in->paste.data;
    ev.len = in->paste.len;
    ev.cut = in->paste.full;
    in->emit(in->arg, &ev);
    strbuf_clear(&in->paste);
}

/* Appends as much as there is room for; the rest of an endless paste is not kept. */
static void keep_paste(struct input *in, const char *text, size_t len)
{
    size_t room = in->paste.limit - in->paste.len;

    strbuf_add(&in->paste, text, len < room ? len : room);
    in->paste.full |= len > room;
}

/* Appends a stretch without ESC. */
static void paste_text(struct input *in, const char *text, size_t len)
{
    while (len) {
        size_t run = 0;

        while (run < len && text[run] != '\r' && text[run] != '\n' && text[run] != '\0')
            run++;
        if (run) {
            keep_paste(in, text, run);
            in->paste_cr = false;
        }
        if (run == len)
            return;
        if (text[run] == '\r' || (text[run] == '\n' && !in->paste_cr))
            keep_paste(in, "\n", 1);
        in->paste_cr = text[run] == '\r';
        text += run + 1;
        len -= run + 1;
    }
}

/* Takes bytes of a paste; returns how many. */
static size_t paste_bytes(struct input *in, const char *bytes, size_t len)
{
    const char *esc;
    size_t run;

    if (in->paste_end == 0 && bytes[0] != ESC) {
        esc = memchr(bytes, ESC, len);
        run = esc ? (size_t)(esc - bytes) : len;
        paste_text(in, bytes, run);
        return run;
    }
    if (bytes[0] == paste_end[in->paste_end]) {
        if (++in->paste_end == sizeof paste_end - 1) {
            in->state = GROUND;
            emit_paste(in);
            strbuf_finish(&in->paste);
        }
        return 1;
    }
    run = in->paste_end; /* it looked like the end but was text */
    in->paste_end = 0;
    paste_text(in, paste_end, run);
    return 0;
}

/* The end of a paste can get lost; then Esc or ^C alone, after a silence, leads out of it. */
static void break_paste(struct input *in, const char *bytes, size_t len, int64_t now_ms)
{
    if (in->state != PASTE || len != 1 || now_ms - in->since < PASTE_BREAK_MS)
        return;
    if (bytes[0] != ESC && bytes[0] != 3)
        return;
    in->state = GROUND;
    emit_paste(in);
}

/* --- feeding ------------------------------------------------------------------------------------- */

/* One byte outside a paste; false if it is to be read again in the new state. */
static bool feed_byte(struct input *in, unsigned char byte)
{
    switch (in->state) {
    case GROUND:
        ground_byte(in, byte);
        return true;
    case UTF8:
        return utf8_byte(in, byte);
    case AFTER_ESC:
        return esc_byte(in, byte);
    case CSI:
        return csi_byte(in, byte);
    case CSI_LINUX:
        in->state = GROUND;
        if (byte >= 'A' && byte <= 'E')
            emit_key(in, (uint32_t)(INPUT_KEY_F1 + byte - 'A'), 0);
        return byte >= 0x20;
    case CSI_X10:
        return x10_byte(in, byte);
    case SS3:
        return ss3_byte(in, byte);
    case STRING:
        return string_byte(in, byte);
    case STRING_ESC:
        return string_esc_byte(in, byte);
    case PASTE:
        break;
    }
    return true;
}

void input_feed(struct input *in, const void *data, size_t len, int64_t now_ms)
{
    const char *bytes = data;

    break_paste(in, bytes, len, now_ms);
    in->since = now_ms;
    in->paste_stalled = false;
    while (len) {
        size_t taken = in->state == PASTE ? paste_bytes(in, bytes, len)
                                          : feed_byte(in, (unsigned char)*bytes);
        bytes += taken;
        len -= taken;
    }
}

/* How long the present state may wait, in ms; -1 for as long as it likes. */
static int patience(const struct input *in)
{
    switch (in->state) {
    case GROUND:
        return -1;
    case AFTER_ESC:
        return in->esc_ms;
    case CSI:
    case SS3:
        return in->seq_len ? SEQUENCE_MS : in->esc_ms * OPEN_WAIT;
    case STRING:
        return in->seq_len ? STRING_MS : in->esc_ms * OPEN_WAIT;
    case STRING_ESC:
        return STRING_MS;
    case PASTE:
        return in->paste_stalled ? -1 : PASTE_STALL_MS;
    case UTF8:
    case CSI_LINUX:
    case CSI_X10:
        return SEQUENCE_MS;
    }
    return -1;
}

int input_timeout_ms(const struct input *in, int64_t now_ms)
{
    int wait = patience(in);
    int64_t left;

    if (wait < 0)
        return -1;
    left = in->since + wait - now_ms;
    return left > 0 ? (int)left : 0;
}

void input_tick(struct input *in, int64_t now_ms)
{
    enum state state = in->state;

    if (input_timeout_ms(in, now_ms) != 0)
        return;
    if (state == PASTE) {
        in->paste_stalled = true;
        if (in->paste_end == 0)
            emit_paste(in);
        return;
    }
    in->state = GROUND;
    if (state == AFTER_ESC)
        emit_key(in, INPUT_KEY_ESC, 0);
    else if (state == UTF8)
        emit_character(in, 0xfffd);
    else if ((state == CSI || state == SS3) && in->seq_len == 0)
        emit_key(in, state == CSI ? '[' : 'O', INPUT_ALT);
    else if (state == STRING && in->seq_len == 0)
        emit_key(in, (unsigned char)in->string_kind, INPUT_ALT);
    in->alt = false;
}
