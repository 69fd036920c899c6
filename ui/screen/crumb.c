/* crumb.c - two crumbs of one screen, joined as the header joins those of different ones. */
#include "screen/crumb.h"

#include "strattio/strbuf.h"

#include "app.h"

void crumb_join(const struct screen *s, const char *name, const char *word, struct strbuf *out)
{
    if (name && *name)
        strbuf_printf(out, "%s%s", name, terminal_utf8(s->app->term) ? " › " : " > ");
    strbuf_str(out, word);
}
