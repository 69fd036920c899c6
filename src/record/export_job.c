/* export_job.c - the words of an `exports` document's enums. */
#include "strattio/export_job.h"

#include "record/words.h"

const char *export_format_name(enum export_format format)
{
    return words_at(words_export_format, format);
}

enum export_format export_format_by_name(const char *name)
{
    return (enum export_format)words_find(words_export_format, name);
}
