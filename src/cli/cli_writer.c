/* cli_writer.c - who writes, without a screen. */
#include "strattio/house.h"
#include "strattio/strbuf.h"
#include "strattio/writing.h"

#include "command.h"

int cli_writer_test(struct cli *c, struct err *err)
{
    struct writing *w = house_writing(c->house, err);
    bool ok = w && writing_test(w, NULL, c->out, err);

    writing_free(w);
    if (!ok)
        return EXIT_FAILED;
    strbuf_char(c->out, '\n');
    return 0;
}
