/* where.c - building conditions. More terms than fit are counted but not kept, so that the store
 * refuses the whole condition instead of running a wider one. */
#include <string.h>

#include "store/store.h"

static struct where_term *add_term(struct where *w, const char *field, enum where_op op,
                                   enum where_type type)
{
    static _Thread_local struct where_term spilled;
    struct where_term *term = w->count < WHERE_MAX ? &w->terms[w->count] : &spilled;

    w->count++;
    *term = (struct where_term){.field = field, .op = op, .type = type};
    return term;
}

static enum where_type text_type(const char *field)
{
    return strcmp(field, "_id") == 0 ? WHERE_ID : WHERE_STR;
}

void where_id(struct where *w, const char *field, const char *id)
{
    add_term(w, field, WHERE_EQ, text_type(field))->str = id;
}

void where_str(struct where *w, const char *field, enum where_op op, const char *str)
{
    add_term(w, field, op, text_type(field))->str = str;
}

void where_int(struct where *w, const char *field, enum where_op op, int64_t num)
{
    add_term(w, field, op, WHERE_INT)->num = num;
}

void where_date(struct where *w, const char *field, enum where_op op, int64_t ms)
{
    add_term(w, field, op, WHERE_DATE)->num = ms;
}

void where_bool(struct where *w, const char *field, bool yes)
{
    add_term(w, field, WHERE_EQ, WHERE_BOOL)->num = yes;
}

void where_null(struct where *w, const char *field, bool is_null)
{
    add_term(w, field, is_null ? WHERE_EQ : WHERE_NE, WHERE_NULL);
}
