/* test_input.c - the decoder of the terminal's bytes. The promise behind most of these: in however many
 * pieces bytes arrive, the same keys come out, and nothing that comes in can lock typing out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "terminal/input.h"

enum { ESC_MS = 25 };

/* Writes an event as text, so that streams of them can be compared. */
static void note(void *arg, const struct input_event *ev)
{
    struct strbuf *out = arg;
    char name[KEY_NAME_SIZE];

    switch (ev->kind) {
    case INPUT_KEY:
        key_spell(ev->key, name);
        strbuf_printf(out, "%s ", name);
        assert_int_equal(strlen(ev->text), ev->len);
        break;
    case INPUT_PASTE:
        strbuf_printf(out, "paste(%s)%s ", ev->text, ev->cut ? "cut" : "");
        assert_int_equal(strlen(ev->text), ev->len);
        break;
    case INPUT_MOUSE:
        strbuf_printf(out, "mouse(%d,%d,%d,%d,%u) ", ev->mouse.kind, ev->mouse.button, ev->mouse.y,
                      ev->mouse.x, ev->mouse.mods);
        break;
    case INPUT_FOCUS:
        strbuf_printf(out, "focus(%d) ", ev->focused);
        break;
    case INPUT_REPLY:
        strbuf_printf(out, "reply(%d,%d,%d,%d) ", ev->reply.kind, ev->reply.a, ev->reply.b,
                      ev->reply.c);
        break;
    }
}

static const struct {
    const char *name, *bytes, *want;
} cases[] = {
    {"letters", "aZ9", "a Z 9"},
    {"two, three and four bytes", "é€😀", "é € 😀"},
    {"space and controls", " \t\r\n\177\b", "Space Tab Enter Enter Backspace Backspace"},
    {"control letters", "\001\003\032\037", "C-a C-c C-z C-_"},
    {"arrows", "\033[A\033[B\033[C\033[D", "Up Down Right Left"},
    {"arrows of the other mode", "\033OA\033OB\033OC\033OD", "Up Down Right Left"},
    {"modified arrows", "\033[1;5C\033[1;2A\033[1;3D\033[1;8B", "C-Right S-Up M-Left C-S-M-Down"},
    {"home and end everywhere", "\033[H\033[F\033[1~\033[4~\033[7~\033[8~\033OH\033OF",
     "Home End Home End Home End Home End"},
    {"editing keys", "\033[2~\033[3~\033[5~\033[6~\033[3;5~",
     "Insert Delete PageUp PageDown C-Delete"},
    {"function keys", "\033OP\033OQ\033[15~\033[24~\033[[A\033[[E\033[1;2P", "F1 F2 F5 F12 F1 F5 S-F1"},
    {"shift tab", "\033[Z", "S-Tab"},
    {"alt and a key", "\033a\033é\033\r\033\177\0331", "M-a M-é M-Enter M-Backspace M-1"},
    {"esc before a sequence", "\033\033[A", "Esc Up"},
    {"keypad", "\033OM\033Op\033Oy\033Oj", "Enter 0 9 *"},
    {"keys by their code", "\033[97;5u\033[13;2u\033[27;5;13~\033[97;2u\033[57399u", "C-a S-Enter C-Enter A"},
    {"mouse", "\033[<0;10;5M\033[<0;10;5m\033[<64;1;1M\033[<65;3;2M\033[<32;2;2M\033[<18;1;1M",
     "mouse(0,1,4,9,0) mouse(1,1,4,9,0) mouse(3,0,0,0,0) mouse(4,0,1,2,0) mouse(2,1,1,1,0) "
     "mouse(0,3,0,0,4)"},
    {"old mouse reports", "\033[M !!\033[M#\"\"", "mouse(0,1,0,0,0) mouse(1,1,1,1,0)"},
    {"focus", "\033[I\033[O", "focus(1) focus(0)"},
    {"device attributes", "\033[?62;22c", "reply(0,62,0,0)"},
    {"a mode's state", "\033[?2026;2$y", "reply(1,2026,2,0)"},
    {"background", "\033]11;rgb:ffff/8080/0000\033\\x", "reply(2,255,128,0) x"},
    {"background, short, ended by a bell", "\033]11;rgb:f/8/0\ax", "reply(2,255,136,0) x"},
    {"a scheme", "\033[?997;2n", "reply(4,2,0,0)"},
    {"clipboard", "\033]52;c;YWJj\033\\", "reply(3,0,0,0)"},
    {"replies nobody knows", "\033P>|xterm(388)\033\\\033[>1;2c\033[3;4R\033[?998;1na", "a"},
    {"a paste", "\033[200~one\rtwo\r\nthree\033[31m\033[201~x", "paste(one\ntwo\nthree\033[31m) x"},
    {"an empty paste", "\033[200~\033[201~x", "x"},
    {"an end without a paste", "\033[201~x", "x"},
    {"almost the end", "\033[200~a\033[201b\033[20\033[201~", "paste(a\033[201b\033[20)"},
    {"a paste that is not UTF-8", "\033[200~a\377b\033[201~", "paste(a\357\277\275b)"},
    {"bytes that are no text", "\377a\303(\200", "\357\277\275 a \357\277\275 ( \357\277\275"},
    {"an overlong slash and half a pair", "\300\257\355\240\200",
     "\357\277\275 \357\277\275 \357\277\275"},
    {"a sequence broken off by a control", "\033[1;\003a", "C-c a"},
    {"a sequence broken off by another", "\033[1;\033[A", "Up"},
    {"a string broken off by Enter", "\033]11;rgb:\ra", "Enter a"},
    {"alt and a bracket", "\033]x\033Px", "M-] x M-P x"},
    {"unknown finals", "\033[5X\033[1;2;3;4;5;6;7;8;9;10z\033O~a", "a"},
    {"a number too large", "\033[99999999999999999999~a", "a"},
};

static void feed(struct input *in, const char *bytes, size_t len, int64_t *now)
{
    input_feed(in, bytes, len, *now);
}

static void finish(struct input *in, int64_t *now)
{
    for (int i = 0; i < 4; i++) {
        *now += 5000;
        input_tick(in, *now);
    }
}

/* Decodes `bytes` cut at `a` and `b`, 10 ms apart: less than a lone Esc waits. */
static void decode(const char *bytes, size_t len, size_t a, size_t b, struct strbuf *out)
{
    struct input *in = input_create(note, out, ESC_MS);
    int64_t now = 1000;

    strbuf_clear(out);
    feed(in, bytes, a, &now);
    now += 10;
    input_tick(in, now);
    feed(in, bytes + a, b - a, &now);
    now += 10;
    input_tick(in, now);
    feed(in, bytes + b, len - b, &now);
    finish(in, &now);
    input_destroy(in);
}

static void bytes_become_the_keys_of_the_table(void **state)
{
    struct strbuf got;

    (void)state;
    strbuf_init(&got, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char *want = mem_printf("%s%s", cases[i].want, *cases[i].want ? " " : "");

        decode(cases[i].bytes, strlen(cases[i].bytes), 0, 0, &got);
        if (strcmp(got.data, want) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", cases[i].name, got.data, want);
        free(want);
    }
    strbuf_finish(&got);
}

static void every_split_gives_the_same_keys(void **state)
{
    struct strbuf whole, cut;

    (void)state;
    strbuf_init(&whole, 1 << 20);
    strbuf_init(&cut, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t len = strlen(cases[i].bytes);

        decode(cases[i].bytes, len, 0, 0, &whole);
        for (size_t a = 0; a <= len; a++)
            for (size_t b = a; b <= len; b++) {
                decode(cases[i].bytes, len, a, b, &cut);
                if (strcmp(whole.data, cut.data) != 0)
                    fail_msg("%s cut at %zu and %zu: \"%s\", not \"%s\"", cases[i].name, a, b,
                             cut.data, whole.data);
            }
    }
    strbuf_finish(&whole);
    strbuf_finish(&cut);
}

static void every_byte_may_come_alone(void **state)
{
    struct strbuf whole, single;

    (void)state;
    strbuf_init(&whole, 1 << 20);
    strbuf_init(&single, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct input *in = input_create(note, &single, ESC_MS);
        int64_t now = 0;

        strbuf_clear(&single);
        for (const char *at = cases[i].bytes; *at; at++) {
            now += 10;
            input_tick(in, now);
            feed(in, at, 1, &now);
        }
        finish(in, &now);
        input_destroy(in);
        decode(cases[i].bytes, strlen(cases[i].bytes), 0, 0, &whole);
        assert_string_equal(single.data, whole.data);
    }
    strbuf_finish(&whole);
    strbuf_finish(&single);
}

/* --- time ---------------------------------------------------------------------------------------- */

static void a_lone_esc_is_a_key_after_its_time(void **state)
{
    struct strbuf got;
    struct input *in;

    (void)state;
    strbuf_init(&got, 1024);
    in = input_create(note, &got, ESC_MS);
    assert_int_equal(input_timeout_ms(in, 0), -1);
    input_feed(in, "\033", 1, 100);
    assert_int_equal(input_timeout_ms(in, 100), 25);
    assert_int_equal(input_timeout_ms(in, 110), 15);
    input_tick(in, 124);
    assert_string_equal(got.data, "");
    input_tick(in, 125);
    assert_string_equal(got.data, "Esc ");
    assert_int_equal(input_timeout_ms(in, 125), -1);
    input_feed(in, "[A", 2, 200); /* too late: two letters */
    assert_string_equal(got.data, "Esc [ A ");
    input_destroy(in);
    strbuf_finish(&got);
}

static void a_late_rest_still_belongs_to_its_sequence(void **state)
{
    struct strbuf got;
    struct input *in;

    (void)state;
    strbuf_init(&got, 1024);
    in = input_create(note, &got, ESC_MS);
    input_feed(in, "\033[?2026;", 8, 0);
    input_tick(in, 900);
    input_feed(in, "2$y", 3, 900);
    assert_string_equal(got.data, "reply(1,2026,2,0) ");
    input_destroy(in);
    strbuf_finish(&got);
}

static void a_sequence_without_end_is_forgotten(void **state)
{
    static const char *const open[] = {"\033[1;5", "\033]11;rgb:ff", "\033P1$r", "\033O5"};
    struct strbuf got;

    (void)state;
    strbuf_init(&got, 1024);
    for (size_t i = 0; i < ARRAY_LEN(open); i++) {
        struct input *in = input_create(note, &got, ESC_MS);

        strbuf_clear(&got);
        input_feed(in, open[i], strlen(open[i]), 0);
        input_tick(in, 3000);
        input_feed(in, "a", 1, 3000);
        assert_string_equal(got.data, "a ");
        input_destroy(in);
    }
    strbuf_finish(&got);
}

static void a_paste_whose_end_got_lost_is_shown_and_can_be_left(void **state)
{
    struct strbuf got;
    struct input *in;

    (void)state;
    strbuf_init(&got, 1024);
    in = input_create(note, &got, ESC_MS);
    input_feed(in, "\033[200~text", 10, 0);
    input_tick(in, 600);
    assert_string_equal(got.data, "paste(text) ");
    assert_int_equal(input_timeout_ms(in, 600), -1); /* nothing more is due: no wake-ups */
    input_feed(in, "q", 1, 700); /* still text, never a key */
    input_tick(in, 1300);
    assert_string_equal(got.data, "paste(text) paste(q) ");
    input_feed(in, "\003", 1, 3000);
    input_feed(in, "q", 1, 3100);
    assert_string_equal(got.data, "paste(text) paste(q) C-c q ");
    input_destroy(in);
    strbuf_finish(&got);
}

/* --- much and anything --------------------------------------------------------------------------- */

static size_t pasted;
static bool was_cut;

static void count_paste(void *arg, const struct input_event *ev)
{
    (void)arg;
    if (ev->kind == INPUT_PASTE) {
        pasted += ev->len;
        was_cut |= ev->cut;
    }
}

static void a_paste_past_the_limit_is_cut_and_says_so(void **state)
{
    struct input *in = input_create(count_paste, NULL, ESC_MS);
    size_t len = (size_t)INPUT_PASTE_MAX + 1000;
    char *text = mem_zero(1, len);

    (void)state;
    memset(text, 'x', len);
    pasted = 0;
    was_cut = false;
    input_feed(in, "\033[200~", 6, 0);
    input_feed(in, text, len, 0);
    input_feed(in, "\033[201~", 6, 0);
    assert_true(was_cut);
    assert_in_range(pasted, 1, INPUT_PASTE_MAX);
    free(text);
    input_destroy(in);
}

static void sane(void *arg, const struct input_event *ev)
{
    char name[KEY_NAME_SIZE];
    struct key again;

    (void)arg;
    assert_non_null(ev->text);
    if (ev->kind != INPUT_KEY)
        return;
    key_spell(ev->key, name);
    assert_true(ev->key.code <= INPUT_KEY_LAST);
    if (ev->key.code > ' ' && !(ev->key.mods & INPUT_SHIFT))
        assert_true(key_parse(name, strlen(name), &again));
}

static void no_bytes_do_harm(void **state)
{
    static const char alphabet[] = "\033\033\033[[]]OP?<;:0123456789~AMmRcyu$\a\\\r\n\003ab\303\251\377\200 ";
    struct input *in = input_create(sane, NULL, ESC_MS);
    uint32_t seed = 1;
    int64_t now = 0;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char bytes[8];
        size_t len;

        seed = seed * 1664525u + 1013904223u;
        len = 1 + (seed >> 24) % sizeof bytes;
        for (size_t b = 0; b < len; b++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[b] = (seed >> 20) % 16 ? alphabet[(seed >> 8) % (sizeof alphabet - 1)]
                                         : (char)(seed >> 24);
        }
        now += (seed >> 16) % 100 ? 3 : 2500;
        input_tick(in, now);
        input_feed(in, bytes, len, now);
        assert_in_range(input_timeout_ms(in, now) + 1, 0, 2001);
    }
    input_destroy(in);
}

/* --- names --------------------------------------------------------------------------------------- */

static void names_of_keys_read_back(void **state)
{
    static const char *const names[] = {"a",     "G",      "?",       "/",     "Space",   "Enter",
                                        "C-d",   "S-Tab",  "M-Enter", "F1",    "F12",     "PageDown",
                                        "C-Left", "M-b",   "-",       "C-Space", "é"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct key k;
        char name[KEY_NAME_SIZE];

        assert_true(key_parse(names[i], strlen(names[i]), &k));
        key_spell(k, name);
        assert_string_equal(name, names[i]);
    }
}

static void what_is_no_key_is_refused(void **state)
{
    static const char *const names[] = {"", "ab", "F13", "F0", "C-", "X-a", "S-a", "Entr", "\377"};
    struct key k;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_false(key_parse(names[i], strlen(names[i]), &k));
}

static void hints_show_keys_shortly(void **state)
{
    static const struct {
        const char *name, *utf8, *ascii;
    } labels[] = {{"Enter", "↵", "Enter"}, {"C-s", "^S", "^S"},   {"S-Tab", "S-Tab", "S-Tab"},
                  {"Up", "↑", "Up"},       {"Esc", "Esc", "Esc"}, {"?", "?", "?"}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
        struct key k;
        char label[KEY_NAME_SIZE];

        assert_true(key_parse(labels[i].name, strlen(labels[i].name), &k));
        key_label(k, true, label);
        assert_string_equal(label, labels[i].utf8);
        key_label(k, false, label);
        assert_string_equal(label, labels[i].ascii);
    }
}

static void note_clicks(void *arg, const struct input_event *ev)
{
    if (ev->mouse.kind == MOUSE_PRESS)
        strbuf_printf(arg, "%d ", input_double(ev) ? -ev->mouse.clicks : ev->mouse.clicks);
}

/* Within 400 ms, on one cell, with one button; the third begins anew. */
static void two_clicks_in_a_row_are_a_double_one(void **state)
{
    static const char left[] = "\033[<0;5;5M", beside[] = "\033[<0;6;5M", right[] = "\033[<2;6;5M";
    struct strbuf out;
    struct input *in;

    (void)state;
    strbuf_init(&out, 1024);
    in = input_create(note_clicks, &out, 50);
    input_feed(in, left, sizeof left - 1, 1000);
    input_feed(in, left, sizeof left - 1, 1400);
    input_feed(in, left, sizeof left - 1, 1500);
    input_feed(in, beside, sizeof beside - 1, 1600);
    input_feed(in, right, sizeof right - 1, 1700);
    input_feed(in, right, sizeof right - 1, 1800);
    input_feed(in, left, sizeof left - 1, 3000);
    input_feed(in, left, sizeof left - 1, 3401);
    assert_string_equal(out.data, "1 -2 1 1 1 2 1 1 ");
    input_destroy(in);
    strbuf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_clicks_in_a_row_are_a_double_one),
        cmocka_unit_test(bytes_become_the_keys_of_the_table),
        cmocka_unit_test(every_split_gives_the_same_keys),
        cmocka_unit_test(every_byte_may_come_alone),
        cmocka_unit_test(a_lone_esc_is_a_key_after_its_time),
        cmocka_unit_test(a_late_rest_still_belongs_to_its_sequence),
        cmocka_unit_test(a_sequence_without_end_is_forgotten),
        cmocka_unit_test(a_paste_whose_end_got_lost_is_shown_and_can_be_left),
        cmocka_unit_test(a_paste_past_the_limit_is_cut_and_says_so),
        cmocka_unit_test(no_bytes_do_harm),
        cmocka_unit_test(names_of_keys_read_back),
        cmocka_unit_test(what_is_no_key_is_refused),
        cmocka_unit_test(hints_show_keys_shortly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
