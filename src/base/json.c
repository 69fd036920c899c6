/* json.c - strict JSON in and out. cJSON builds the tree, but it accepts a good deal that RFC 8259
 * does not, keeps the last of two equal keys, and cannot say what is wrong. So a scanner of our
 * own reads the bytes first and refuses, with line and column, whatever we do not take; cJSON then
 * only ever sees valid text, and its types do not leave this file.
 *
 * Nothing here depends on the locale: reading and printing numbers runs under the "C" locale of
 * the calling thread alone. */
#include "strattio/json.h"

#include <cjson/cJSON.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include "strattio/clock.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#define MAX_WHOLE 0x1p53 /* every whole number up to here has a double of its own */

enum { NUMBER_MAX = 60 }; /* cJSON cuts a number at 63 characters */

static locale_t c_locale;
static once_flag c_locale_once = ONCE_FLAG_INIT;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* Switches this thread to the "C" locale and returns the one to give back to uselocale(). */
static locale_t enter_c_locale(void)
{
    call_once(&c_locale_once, make_c_locale);
    return uselocale(c_locale);
}

/* --- the scanner ------------------------------------------------------------------------------ */

/* A key of an object that is still open: its unescaped text lies in scan.keys, so that "a" and
 * "\u0061" are seen to be the same. */
struct key {
    size_t start, len; /* in scan.keys */
    size_t at;         /* in the text */
    const struct strbuf *in;
};

struct scan {
    const char *text;
    size_t len, at;
    int depth;
    struct strbuf key_text;
    struct key *keys;
    size_t key_count, key_cap;
    struct err *err;
};

/* Fails with the line and column (in characters) of the byte at `at` before the message. */
static bool fail_at(struct scan *s, enum err_code code, size_t at, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

static bool fail_at(struct scan *s, enum err_code code, size_t at, const char *fmt, ...)
{
    size_t line = 1, column = 1;
    char msg[160];
    va_list args;

    for (size_t i = 0; i < at; i++) {
        if (s->text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)s->text[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    va_start(args, fmt);
    vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    return err_set(s->err, code, 0, "line %zu, column %zu: %s", line, column, msg);
}

/* Fails at the current byte, naming it. */
static bool fail_here(struct scan *s, const char *wanted)
{
    unsigned char c = s->at < s->len ? (unsigned char)s->text[s->at] : 0;

    if (s->at >= s->len)
        return fail_at(s, ERR_INVALID, s->at, "expected %s, but the text ends here", wanted);
    if (c == 0)
        return fail_at(s, ERR_INVALID, s->at, "a NUL byte is not allowed");
    if (s->at == 0 && s->len >= 3 && memcmp(s->text, "\xef\xbb\xbf", 3) == 0)
        return fail_at(s, ERR_INVALID, 0, "a byte order mark is not allowed; save without it");
    if (c <= ' ' || c > '~')
        return fail_at(s, ERR_INVALID, s->at, "expected %s, found byte 0x%02x", wanted, c);
    return fail_at(s, ERR_INVALID, s->at, "expected %s, found '%c'", wanted, c);
}

static int peek(const struct scan *s)
{
    return s->at < s->len ? (unsigned char)s->text[s->at] : -1;
}

static bool take(struct scan *s, char c)
{
    if (peek(s) != (unsigned char)c)
        return false;
    s->at++;
    return true;
}

static void skip_space(struct scan *s)
{
    while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r')
        s->at++;
}

/* The length of the UTF-8 character at `text`, of which `left` bytes are there; 0 if it is none. */
static size_t utf8_len(const char *text, size_t left)
{
    const unsigned char *u = (const unsigned char *)text;
    size_t len = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;

    if (u[0] > 0xf4 || len > left)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((u[i] & 0xc0) != 0x80)
            return 0;
    if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
        (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
        return 0; /* overlong, a surrogate, or past U+10FFFF */
    return len;
}

static bool scan_hex4(struct scan *s, unsigned *out)
{
    unsigned value = 0;

    for (int i = 0; i < 4; i++, s->at++) {
        int c = peek(s);
        unsigned digit;

        if (c >= '0' && c <= '9')
            digit = (unsigned)(c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            digit = (unsigned)((c | 0x20) - 'a') + 10;
        else
            return fail_here(s, "four hex digits after \\u");
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

static void add_utf8(struct strbuf *out, unsigned c)
{
    if (c < 0x80) {
        strbuf_char(out, (char)c);
        return;
    }
    if (c < 0x800) {
        strbuf_char(out, (char)(0xc0 | c >> 6));
    } else {
        if (c < 0x10000) {
            strbuf_char(out, (char)(0xe0 | c >> 12));
        } else {
            strbuf_char(out, (char)(0xf0 | c >> 18));
            strbuf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
        }
        strbuf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    strbuf_char(out, (char)(0x80 | (c & 0x3f)));
}

/* The rest of an escape of which "\u" at `start` is read. */
static bool scan_unicode(struct scan *s, size_t start, struct strbuf *out)
{
    unsigned high, low;

    if (!scan_hex4(s, &high))
        return false;
    if (high == 0)
        return fail_at(s, ERR_INVALID, start, "\\u0000 is not allowed");
    if (high >= 0xd800 && high < 0xe000) {
        if (high >= 0xdc00 || !take(s, '\\') || !take(s, 'u'))
            return fail_at(s, ERR_INVALID, start, "half of a surrogate pair is not a character");
        if (!scan_hex4(s, &low))
            return false;
        if (low < 0xdc00 || low >= 0xe000)
            return fail_at(s, ERR_INVALID, start, "half of a surrogate pair is not a character");
        high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    }
    if (out)
        add_utf8(out, high);
    return true;
}

static bool scan_escape(struct scan *s, struct strbuf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    size_t start = s->at++;
    int c = peek(s);
    const char *found = c > 0 ? strchr(from, c) : NULL;

    if (c == 'u') {
        s->at++;
        return scan_unicode(s, start, out);
    }
    if (!found)
        return fail_here(s, "one of \" \\ / b f n r t u after a backslash");
    if (out)
        strbuf_char(out, to[found - from]);
    s->at++;
    return true;
}

/* Reads a string, and appends it unescaped to `out` unless that is NULL. */
static bool scan_string(struct scan *s, struct strbuf *out)
{
    size_t start = s->at++, len;

    for (;;) {
        int c = peek(s);

        if (c < 0)
            return fail_at(s, ERR_INVALID, start, "this text has no closing quote");
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c == '\\') {
            if (!scan_escape(s, out))
                return false;
            continue;
        }
        if (c < ' ')
            return c ? fail_at(s, ERR_INVALID, s->at,
                               "control character 0x%02x in a text; write it as \\u%04x",
                               (unsigned)c, (unsigned)c)
                     : fail_here(s, "");
        len = utf8_len(s->text + s->at, s->len - s->at);
        if (!len)
            return fail_at(s, ERR_INVALID, s->at, "byte 0x%02x is not valid UTF-8", (unsigned)c);
        if (out)
            strbuf_add(out, s->text + s->at, len);
        s->at += len;
    }
}

static bool scan_digits(struct scan *s)
{
    if (peek(s) < '0' || peek(s) > '9')
        return fail_here(s, "a digit");
    while (peek(s) >= '0' && peek(s) <= '9')
        s->at++;
    return true;
}

/* Judges the number whose text starts at `start`; `whole` if it has no fraction or exponent. */
static bool check_number(struct scan *s, size_t start, bool whole)
{
    size_t len = s->at - start, zeros;
    char copy[NUMBER_MAX + 1];
    double value;

    if (len > NUMBER_MAX)
        return fail_at(s, ERR_INVALID, start, "a number of more than %d characters is not read",
                       NUMBER_MAX);
    memcpy(copy, s->text + start, len);
    copy[len] = '\0';
    value = strtod(copy, NULL);
    zeros = strspn(copy, "-0.");
    if (!isfinite(value) || (value == 0 && zeros < len && s->text[start + zeros] > '0' &&
                             s->text[start + zeros] <= '9'))
        return fail_at(s, ERR_INVALID, start, "this number is out of range");
    if (whole && fabs(value) > MAX_WHOLE)
        return fail_at(s, ERR_INVALID, start,
                       "whole numbers beyond 9007199254740992 cannot be kept exactly");
    if (whole && fabs(value) == MAX_WHOLE && s->text[s->at - 1] != '2')
        return fail_at(s, ERR_INVALID, start, /* ...993 rounds to ...992 */
                       "whole numbers beyond 9007199254740992 cannot be kept exactly");
    return true;
}

static bool scan_number(struct scan *s)
{
    size_t start = s->at;
    bool whole = true;

    take(s, '-');
    if (take(s, '0')) {
        if (peek(s) >= '0' && peek(s) <= '9')
            return fail_at(s, ERR_INVALID, start, "a number does not begin with 0");
    } else if (!scan_digits(s)) {
        return false;
    }
    if (take(s, '.')) {
        whole = false;
        if (!scan_digits(s))
            return false;
    }
    if (take(s, 'e') || take(s, 'E')) {
        whole = false;
        if (!take(s, '+'))
            take(s, '-');
        if (!scan_digits(s))
            return false;
    }
    return check_number(s, start, whole);
}

static bool scan_word(struct scan *s, const char *word)
{
    size_t len = strlen(word);

    if (s->len - s->at < len || memcmp(s->text + s->at, word, len) != 0)
        return fail_here(s, "a value");
    s->at += len;
    return true;
}

static int by_text(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = memcmp(x->in->data + x->start, y->in->data + y->start, len);

    if (order == 0)
        order = (x->len > y->len) - (x->len < y->len);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* Refuses equal keys among those from `first` on, then forgets them. */
static bool close_keys(struct scan *s, size_t first, size_t text_start)
{
    const struct key *keys = s->keys + first;
    size_t count = s->key_count - first, second = SIZE_MAX;

    if (count > 1)
        qsort(s->keys + first, count, sizeof *s->keys, by_text);
    for (size_t i = 1; i < count; i++)
        if (keys[i].len == keys[i - 1].len && keys[i].at < second &&
            memcmp(s->key_text.data + keys[i].start, s->key_text.data + keys[i - 1].start,
                   keys[i].len) == 0)
            second = keys[i].at;
    if (second != SIZE_MAX)
        return fail_at(s, ERR_INVALID, second, "this key is already there in the same object");
    s->key_count = first;
    strbuf_truncate(&s->key_text, text_start);
    return true;
}

static bool scan_value(struct scan *s);

static bool scan_key(struct scan *s)
{
    struct key key = {.start = s->key_text.len, .at = s->at, .in = &s->key_text};

    if (peek(s) != '"')
        return fail_here(s, "a key in double quotes");
    if (!scan_string(s, &s->key_text))
        return false;
    key.len = s->key_text.len - key.start;
    s->keys = mem_grow(s->keys, &s->key_cap, s->key_count + 1, sizeof *s->keys);
    s->keys[s->key_count++] = key;
    skip_space(s);
    return take(s, ':') || fail_here(s, "':' after a key");
}

/* Reads an object or array at its opening bracket. */
static bool scan_container(struct scan *s)
{
    bool object = s->text[s->at] == '{';
    char end = object ? '}' : ']';
    size_t first = s->key_count, text_start = s->key_text.len;

    if (++s->depth > JSON_MAX_DEPTH)
        return fail_at(s, ERR_LIMIT, s->at, "nested more than %d levels deep", JSON_MAX_DEPTH);
    s->at++;
    skip_space(s);
    if (!take(s, end)) {
        do {
            skip_space(s);
            if (object && !scan_key(s))
                return false;
            skip_space(s);
            if (!scan_value(s))
                return false;
            skip_space(s);
        } while (take(s, ','));
        if (!take(s, end))
            return fail_here(s, object ? "',' or '}'" : "',' or ']'");
    }
    s->depth--;
    return close_keys(s, first, text_start);
}

static bool scan_value(struct scan *s)
{
    int c = peek(s);

    if (c == '{' || c == '[')
        return scan_container(s);
    if (c == '"')
        return scan_string(s, NULL);
    if (c == '-' || (c >= '0' && c <= '9'))
        return scan_number(s);
    if (c == 't' || c == 'f' || c == 'n')
        return scan_word(s, c == 't' ? "true" : c == 'f' ? "false" : "null");
    return fail_here(s, "a value");
}

static bool scan_text(const char *text, size_t len, struct err *err)
{
    struct scan s = {.text = text, .len = len, .err = err};
    bool ok = false;

    strbuf_init(&s.key_text, JSON_MAX_BYTES);
    skip_space(&s);
    if (peek(&s) != '{') {
        fail_here(&s, "an object beginning with '{'");
        goto out;
    }
    if (!scan_container(&s))
        goto out;
    skip_space(&s);
    ok = s.at == len || fail_here(&s, "nothing after the object");
out:
    strbuf_finish(&s.key_text);
    free(s.keys);
    return ok;
}

/* --- from cJSON's tree to BSON ---------------------------------------------------------------- */

static void append_items(const cJSON *parent, bson_t *out);

static void append_number(bson_t *out, const char *key, double value)
{
    if (value != floor(value) || fabs(value) > MAX_WHOLE)
        bson_append_double(out, key, -1, value);
    else if (value >= INT32_MIN && value <= INT32_MAX)
        bson_append_int32(out, key, -1, (int32_t)value);
    else
        bson_append_int64(out, key, -1, (int64_t)value);
}

static void append_item(const cJSON *item, const char *key, bson_t *out)
{
    bson_t sub;

    if (cJSON_IsObject(item)) {
        bson_append_document_begin(out, key, -1, &sub);
        append_items(item, &sub);
        bson_append_document_end(out, &sub);
    } else if (cJSON_IsArray(item)) {
        bson_append_array_begin(out, key, -1, &sub);
        append_items(item, &sub);
        bson_append_array_end(out, &sub);
    } else if (cJSON_IsString(item)) {
        bson_append_utf8(out, key, -1, item->valuestring, -1);
    } else if (cJSON_IsNumber(item)) {
        append_number(out, key, item->valuedouble);
    } else if (cJSON_IsBool(item)) {
        bson_append_bool(out, key, -1, cJSON_IsTrue(item));
    } else {
        bson_append_null(out, key, -1);
    }
}

static void append_items(const cJSON *parent, bson_t *out)
{
    const cJSON *item;
    uint32_t index = 0;

    cJSON_ArrayForEach(item, parent)
    {
        const char *key = item->string;
        char number[16];

        if (cJSON_IsArray(parent))
            bson_uint32_to_string(index++, &key, number, sizeof number);
        append_item(item, key, out);
    }
}

bool json_read(const char *text, size_t len, bson_t *out, struct err *err)
{
    locale_t old;
    cJSON *root = NULL;

    if (len > JSON_MAX_BYTES)
        return err_set(err, ERR_LIMIT, 0, "JSON of more than %d MiB is not read",
                       JSON_MAX_BYTES / 1024 / 1024);
    old = enter_c_locale();
    if (!scan_text(text, len, err))
        goto out;
    root = cJSON_ParseWithLength(text, len);
    if (!root) {
        err_set(err, ERR_IO, 0, "out of memory while reading JSON");
        goto out;
    }
    bson_init(out);
    append_items(root, out);
out:
    uselocale(old);
    cJSON_Delete(root);
    return root != NULL;
}

/* --- out -------------------------------------------------------------------------------------- */

/* "1.500e+17" becomes "1.5e+17". */
static void strip_zeros(char *text)
{
    char *exponent = strchr(text, 'e'), *end = exponent;

    while (end[-1] == '0')
        end--;
    if (end[-1] == '.')
        end--;
    memmove(end, exponent, strlen(exponent) + 1);
}

void json_number(double x, char buf[32])
{
    locale_t old = enter_c_locale();
    double whole;

    if (!isfinite(x)) {
        snprintf(buf, 32, "null");
    } else if (fabs(x) <= MAX_WHOLE && modf(x, &whole) == 0) {
        snprintf(buf, 32, "%.0f", whole + 0.0); /* +0.0 makes of -0 a 0 */
    } else {
        for (int digits = 15; digits <= 17; digits++) {
            /* Past MAX_WHOLE always with an exponent: json_read() takes bare digits as exact. */
            if (fabs(x) > MAX_WHOLE)
                snprintf(buf, 32, "%.*e", digits - 1, x);
            else
                snprintf(buf, 32, "%.*g", digits, x);
            if (strtod(buf, NULL) == x)
                break;
        }
        if (fabs(x) > MAX_WHOLE)
            strip_zeros(buf);
    }
    uselocale(old);
}

static void write_bytes(const char *text, size_t len, struct strbuf *out)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";

    strbuf_char(out, '"');
    for (size_t at = 0; at < len;) {
        unsigned char c = (unsigned char)text[at];
        const char *found = c ? strchr(from, c) : NULL;
        size_t size = utf8_len(text + at, len - at), run = 0;

        if (found) {
            strbuf_printf(out, "\\%c", to[found - from]);
        } else if (c < ' ') {
            strbuf_printf(out, "\\u%04x", c);
        } else if (!size) {
            strbuf_str(out, "\xef\xbf\xbd"); /* U+FFFD, so that the output is always JSON */
        } else {
            while (size && (unsigned char)text[at + run] >= ' ' && text[at + run] != '"' &&
                   text[at + run] != '\\') {
                run += size;
                size = at + run < len ? utf8_len(text + at + run, len - at - run) : 0;
            }
            strbuf_add(out, text + at, run);
        }
        at += run ? run : 1;
    }
    strbuf_char(out, '"');
}

void json_write_string(const char *text, struct strbuf *out)
{
    write_bytes(text, strlen(text), out);
}

static void write_members(bson_iter_t *it, bool is_array, enum json_style style, int depth,
                          struct strbuf *out);

/* Binary, decimal and the other types no document of ours has, but another tool's may. */
static void write_foreign(const bson_iter_t *it, struct strbuf *out)
{
    bson_t one = BSON_INITIALIZER;
    char *text;
    const char *colon;

    bson_append_iter(&one, "v", 1, it);
    text = bson_as_relaxed_extended_json(&one, NULL); /* { "v" : VALUE } */
    colon = text ? strchr(text, ':') : NULL;
    if (colon)
        strbuf_add(out, colon + 2, strlen(colon + 2) - 2);
    else
        strbuf_str(out, "null");
    bson_free(text);
    bson_destroy(&one);
}

static void write_value(const bson_iter_t *it, enum json_style style, int depth, struct strbuf *out)
{
    char buf[CLOCK_ISO_SIZE];
    bson_iter_t sub;
    const char *text;
    uint32_t len;

    switch (bson_iter_type(it)) {
    case BSON_TYPE_UTF8:
        text = bson_iter_utf8(it, &len);
        write_bytes(text, len, out);
        break;
    case BSON_TYPE_DOUBLE:
        json_number(bson_iter_double(it), buf);
        strbuf_str(out, buf);
        break;
    case BSON_TYPE_INT32:
    case BSON_TYPE_INT64:
        strbuf_printf(out, "%lld", (long long)bson_iter_as_int64(it));
        break;
    case BSON_TYPE_BOOL:
        strbuf_str(out, bson_iter_bool(it) ? "true" : "false");
        break;
    case BSON_TYPE_NULL:
    case BSON_TYPE_UNDEFINED:
        strbuf_str(out, "null");
        break;
    case BSON_TYPE_DATE_TIME:
        clock_iso(bson_iter_date_time(it), buf);
        strbuf_printf(out, "\"%s\"", buf);
        break;
    case BSON_TYPE_OID:
        bson_oid_to_string(bson_iter_oid(it), buf);
        strbuf_printf(out, "\"%s\"", buf);
        break;
    case BSON_TYPE_DOCUMENT:
    case BSON_TYPE_ARRAY:
        if (bson_iter_recurse(it, &sub))
            write_members(&sub, BSON_ITER_HOLDS_ARRAY(it), style, depth, out);
        else
            strbuf_str(out, "null");
        break;
    default:
        write_foreign(it, out);
    }
}

static void new_line(enum json_style style, int depth, struct strbuf *out)
{
    if (style != JSON_PRETTY)
        return;
    strbuf_char(out, '\n');
    strbuf_fill(out, ' ', 2 * (size_t)depth);
}

static void write_members(bson_iter_t *it, bool is_array, enum json_style style, int depth,
                          struct strbuf *out)
{
    bool empty = true;

    strbuf_char(out, is_array ? '[' : '{');
    while (bson_iter_next(it)) {
        if (!empty)
            strbuf_char(out, ',');
        empty = false;
        new_line(style, depth + 1, out);
        if (!is_array) {
            json_write_string(bson_iter_key(it), out);
            strbuf_str(out, style == JSON_PRETTY ? ": " : ":");
        }
        write_value(it, style, depth + 1, out);
    }
    if (!empty)
        new_line(style, depth, out);
    strbuf_char(out, is_array ? ']' : '}');
}

void json_write(const bson_t *doc, enum json_style style, struct strbuf *out)
{
    bson_iter_t it;

    if (bson_iter_init(&it, doc))
        write_members(&it, false, style, 0, out);
}

void json_write_array(const bson_t *array, enum json_style style, struct strbuf *out)
{
    bson_iter_t it;

    if (bson_iter_init(&it, array))
        write_members(&it, true, style, 0, out);
}
