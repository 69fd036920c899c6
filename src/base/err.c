/* err.c - messages of one line, cut at a character, never in the middle of one. They quote what
 * users and files gave, often cut by "%.40s", so whatever is no whole printable character is taken
 * out here, once for all callers: a message can always be stored, and never drives a terminal. */
#include "strattio/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Ends a message that vsnprintf had to cut with "..." after its last whole character. */
static void cut(char *msg, size_t size)
{
    size_t end = size - sizeof("...");

    while (end > 0 && ((unsigned char)msg[end] & 0xc0) == 0x80)
        end--;
    memcpy(msg + end, "...", sizeof("..."));
}

/* Bytes of the printable character at `s`; 0 if it is none: invalid or cut UTF-8, or a control. */
static size_t printable(const unsigned char *s)
{
    size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

    if (s[0] < ' ' || s[0] == 0x7f || s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xc2 && s[1] < 0xa0) || (s[0] == 0xe0 && s[1] < 0xa0) ||
        (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
        (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return len;
}

/* Takes out of `msg` what is not printable; a line end or tab becomes a blank. */
static void clean(char *msg)
{
    char *to = msg;

    while (*msg) {
        size_t len = printable((const unsigned char *)msg);

        if (len) {
            memmove(to, msg, len);
            to += len;
        } else if (*msg == '\n' || *msg == '\t') {
            *to++ = ' ';
        }
        msg += len ? len : 1;
    }
    *to = '\0';
}

bool err_set(struct err *err, enum err_code code, int native, const char *fmt, ...)
{
    char msg[sizeof(err->msg)]; /* apart, since err->msg itself may be among the arguments */
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(msg, sizeof(msg), fmt, args);
    va_end(args);
    if (len >= (int)sizeof(msg))
        cut(msg, sizeof(msg));
    clean(msg);
    err->code = code;
    err->native = native;
    memcpy(err->msg, msg, sizeof(err->msg));
    return false;
}

bool err_wrap(struct err *err, const char *fmt, ...)
{
    char context[sizeof(err->msg)];
    char whole[2 * sizeof(err->msg) + 2];
    va_list args;

    va_start(args, fmt);
    vsnprintf(context, sizeof(context), fmt, args);
    va_end(args);
    snprintf(whole, sizeof(whole), "%s: %s", context, err->msg);
    return err_set(err, err->code, err->native, "%s", whole);
}
