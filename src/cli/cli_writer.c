/* cli_writer.c - who writes, without a screen: whether it works, what it would be sent, a text
 * changed as its author wishes. */
#include <stdio.h>
#include <stdlib.h>

#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/json.h"
#include "strattio/record.h"
#include "strattio/rewrite.h"
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

static void print_prompt(struct cli *c, const char *system, const char *user)
{
    bson_t doc = BSON_INITIALIZER;

    if (!cli_json(c)) {
        strbuf_printf(c->out, "%s\n\n%s", system, user);
        return;
    }
    BSON_APPEND_UTF8(&doc, "system", system);
    BSON_APPEND_UTF8(&doc, "user", user);
    json_write(&doc, JSON_PRETTY, c->out);
    strbuf_char(c->out, '\n');
    bson_destroy(&doc);
}

int cli_prompt(struct cli *c, struct err *err)
{
    struct strbuf system, user;
    enum section_type type = cli_section(c, err);
    struct plan plan;
    bool ok;

    if (type == SECTION_COUNT || !cli_plan(c, &plan, err))
        return EXIT_FAILED;
    strbuf_init(&system, STRBUF_DOC_LIMIT);
    strbuf_init(&user, STRBUF_DOC_LIMIT);
    ok = section_prompt(c->actor, c->house, plan.id, type, cli_option(c, "--instruction"), &system,
                        &user, err);
    if (ok)
        print_prompt(c, system.data, user.data);
    strbuf_finish(&system);
    strbuf_finish(&user);
    record_finish(COLL_PLANS, &plan);
    return ok ? 0 : EXIT_FAILED;
}

int cli_rewrite(struct cli *c, struct err *err)
{
    enum section_type type = cli_section(c, err);
    struct plan plan;
    bool offered = false, ok;

    if (type == SECTION_COUNT || !cli_plan(c, &plan, err))
        return EXIT_FAILED;
    ok = section_rewrite(c->actor, c->house, plan.id, type, cli_option(c, "--instruction"), NULL,
                         NULL, &offered, err);
    if (ok)
        strbuf_printf(c->out,
                      offered ? "%s: you edited it, so the new text is offered beside yours; "
                                "accept or decline it.\n"
                              : "%s is rewritten; restore puts the old text back.\n",
                      section_type_title(type));
    record_finish(COLL_PLANS, &plan);
    return ok ? 0 : EXIT_FAILED;
}
