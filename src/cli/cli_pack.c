/* cli_pack.c - a rule pack looked over and tried without installing it. Mistakes are what was asked
 * for, so they go to standard output, a line each that editors can follow. */
#include <stdlib.h>

#include "strattio/house.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "compliance/compliance.h"

#include "command.h"

struct told {
    struct strbuf *out;
    size_t count;
};

static void tell(void *context, const struct err *mistake)
{
    struct told *t = context;

    t->count++;
    for (const char *at = mistake->msg; *at; at++) /* the file may hold anything */
        strbuf_char(t->out, (unsigned char)*at < ' ' || *at == 0x7f ? '?' : *at);
    strbuf_char(t->out, '\n');
}

typedef bool pack_job(const char *name, const char *text, size_t len,
                      const struct intake *questions, const struct model_def *def, asset_tell *to,
                      void *context, struct pack_size *size, struct err *err);

static bool run_job(struct cli *c, pack_job *job, struct told *told, struct pack_size *size,
                    struct err *err)
{
    const char *path = c->line.operands[0];
    const struct intake *questions = house_intake(c->house, err);
    const struct model_def *def = questions ? house_model_def(c->house, err) : NULL;
    size_t len = 0;
    char *text = def ? paths_read_file(path, PACK_FILE_LIMIT, &len, err) : NULL;
    bool ok = text && job(path, text, len, questions, def, tell, told, size, err);

    free(text);
    return ok;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

int cli_pack_lint(struct cli *c, struct err *err)
{
    struct told told = {c->out, 0};
    struct pack_size size = {0};

    if (!run_job(c, pack_lint, &told, &size, err))
        return EXIT_FAILED;
    strbuf_printf(c->out, "%zu rule%s, %zu case%s: ", size.rules, plural(size.rules), size.cases,
                  plural(size.cases));
    if (told.count)
        strbuf_printf(c->out, "%zu mistake%s\n", told.count, plural(told.count));
    else
        strbuf_str(c->out, "no mistakes\n");
    return told.count ? EXIT_FAILED : EXIT_OK;
}

int cli_pack_test(struct cli *c, struct err *err)
{
    struct told told = {c->out, 0};
    struct pack_size size = {0};

    if (!run_job(c, pack_try, &told, &size, err))
        return EXIT_FAILED;
    strbuf_printf(c->out, "%zu case%s of %zu rule%s: %zu failed\n", size.cases, plural(size.cases),
                  size.rules, plural(size.rules), told.count);
    return told.count ? EXIT_FAILED : EXIT_OK;
}
