/* err.c - messages of one line, cut at a character, never in the middle of one. */
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
