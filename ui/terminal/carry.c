/* carry.c - finds out which style is on where a frame ends, by going through its sequences: a reset
 * begins a new style, a colour adds to it. What it does not understand makes the style unknown until the
 * next reset, and an unknown style is never carried. */
#include "terminal/carry.h"

#include <stdio.h>
#include <string.h>

#include "strattio/strbuf.h"

void carry_init(struct carry *c, const char *reset)
{
    *c = (struct carry){.held = false};
    if (strlen(reset) < sizeof c->reset)
        memcpy(c->reset, reset, strlen(reset) + 1);
}

void carry_forget(struct carry *c)
{
    c->held = false;
}

struct style { /* a slice of the frame would not do: it is made of pieces */
    char text[CARRY_STYLE];
    size_t len;
    bool known;
};

static void add(struct style *s, const char *text, size_t len)
{
    if (s->len + len > sizeof s->text) {
        s->known = false;
        return;
    }
    memcpy(s->text + s->len, text, len);
    s->len += len;
}

/* The length of the sequence "ESC [ ... final" at `at`, 0 if there is none. */
static size_t control_length(const char *at, const char *end)
{
    const char *p = at + 2;

    if (end - at < 3 || at[0] != '\033' || at[1] != '[')
        return 0;
    while (p < end && *p >= 0x20 && *p < 0x40)
        p++;
    return p < end ? (size_t)(p + 1 - at) : 0;
}

/* The length of what sets every attribute at `at`: "ESC [ 0 ; 4 m", "ESC [ m", with the choice of
 * letters that may stand before it. */
static size_t setting_length(const char *at, const char *end)
{
    size_t letters = end - at > 3 && memcmp(at, "\033(B", 3) == 0 ? 3 : 0;
    size_t len = control_length(at + letters, end);

    if (!len || at[letters + len - 1] != 'm')
        return 0;
    return at[letters + 2] == '0' || at[letters + 2] == 'm' ? letters + len : 0;
}

/* Takes in the sequence at `at`, and returns its length. */
static size_t take_sequence(struct style *s, const char *reset, const char *at, const char *end)
{
    size_t len = setting_length(at, end);

    if (len) {
        bool normal = len == strlen(reset) && memcmp(at, reset, len) == 0;

        s->known = true;
        s->len = 0;
        if (!normal)
            add(s, at, len);
        return len;
    }
    len = control_length(at, end);
    if (!len) {
        s->known = false;
        return 1;
    }
    if (at[len - 1] == 'm')
        add(s, at, len);
    return len;
}

static void follow(struct style *s, const char *reset, const char *at, const char *end)
{
    while (at < end && (at = memchr(at, '\033', (size_t)(end - at))) != NULL)
        at += take_sequence(s, reset, at, end);
}

static bool begins_with(const char *text, size_t len, const char *part, size_t part_len)
{
    return part_len && len > part_len && memcmp(text, part, part_len) == 0;
}

void carry_frame(struct carry *c, const char *frame, size_t len, struct strbuf *out)
{
    size_t reset = strlen(c->reset);
    struct style style = {.known = true};

    if (!len)
        return;
    if (c->held && begins_with(frame, len, c->style, c->len))
        add(&style, c->style, c->len);
    else if (c->held && !setting_length(frame, frame + len))
        strbuf_add(out, c->reset, reset);
    frame += style.len; /* still on: not sent again */
    len -= style.len;
    c->held = false;
    if (reset && len > reset && memcmp(frame + len - reset, c->reset, reset) == 0) {
        follow(&style, c->reset, frame, frame + len - reset);
        c->held = style.known && style.len > 0;
    }
    strbuf_add(out, frame, c->held ? len - reset : len);
    memcpy(c->style, style.text, style.len);
    c->len = style.len;
}
