/* cli_research.c - a plan's research pack: what was found, where, and what was not. */
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/research_pack.h"
#include "strattio/strbuf.h"

#include "command.h"
#include "report_text.h"

static void put_facts(const bson_t *data, struct strbuf *out)
{
    bson_t list, item;
    bson_iter_t it;
    bool any = false;

    doc_view(data, "evidence", &list);
    bson_iter_init(&it, &list);
    while (bson_iter_next(&it)) {
        if (!doc_view(&list, bson_iter_key(&it), &item) || !doc_has(&item, "fetched_at"))
            continue;
        if (!any)
            strbuf_str(out, "\nFacts\n");
        any = true;
        strbuf_printf(out, "  %s\n    [^%s] %s, fetched %.10s\n    %s\n",
                      doc_str(&item, "text", ""), doc_str(&item, "id", ""),
                      doc_str(&item, "attribution", ""), doc_str(&item, "fetched_at", ""),
                      doc_str(&item, "url", ""));
    }
}

static void put_failures(const bson_t *data, struct strbuf *out)
{
    bson_t list, item;
    bson_iter_t it;

    if (!doc_count(data, "fetch_errors"))
        return;
    strbuf_str(out, "\nFailures\n");
    doc_view(data, "fetch_errors", &list);
    bson_iter_init(&it, &list);
    while (bson_iter_next(&it))
        if (doc_view(&list, bson_iter_key(&it), &item))
            strbuf_printf(out, "  %s, %s: %s\n", doc_str(&item, "source", ""),
                          doc_str(&item, "question", ""), doc_str(&item, "message", ""));
}

static void put_old(const bson_t *data, struct strbuf *out)
{
    bson_t list;
    bson_iter_t it;

    if (!doc_count(data, "stale_data"))
        return;
    strbuf_str(out, "\nOld\n");
    doc_view(data, "stale_data", &list);
    bson_iter_init(&it, &list);
    while (bson_iter_next(&it))
        strbuf_printf(out, "  %s\n", bson_iter_utf8(&it, NULL));
}

static void put_quality(const struct research_pack *pack, struct strbuf *out)
{
    bson_t list, item;
    bson_iter_t it;

    strbuf_str(out, "\nQuality\n");
    doc_view(pack->metadata, "quality", &list);
    bson_iter_init(&it, &list);
    while (bson_iter_next(&it))
        if (!doc_view(&list, bson_iter_key(&it), &item))
            continue;
        else if (doc_num(&item, "of", 0) > 0)
            strbuf_printf(out, "  %4.0f of %2.0f  %s\n", doc_num(&item, "points", 0),
                          doc_num(&item, "of", 0), doc_str(&item, "why", ""));
        else
            strbuf_printf(out, "     -        %s\n", doc_str(&item, "why", ""));
}

int cli_research(struct cli *c, struct err *err)
{
    struct research_pack pack;
    struct plan plan;
    char day[CLOCK_ISO_SIZE];
    bool ok;

    if (!cli_plan(c, &plan, err))
        return EXIT_FAILED;
    ok = plan_research(c->actor, c->house, plan.id, cli_option(c, "--refresh") != NULL, &pack, err);
    record_finish(COLL_PLANS, &plan);
    if (!ok)
        return EXIT_FAILED;
    if (cli_json(c)) {
        bson_t doc;

        record_write(COLL_RESEARCH_PACKS, &pack, &doc);
        doc_unset(&doc, "metadata.live"); /* the same facts once more */
        cli_put_json(c, &doc);
        bson_destroy(&doc);
    } else {
        text_research(&pack, c->out);
        put_facts(pack.data, c->out);
        put_failures(pack.data, c->out);
        put_old(pack.data, c->out);
        put_quality(&pack, c->out);
        if (pack.expires_at != RECORD_NONE) {
            clock_iso_date(pack.expires_at, day);
            strbuf_printf(c->out, "\nVersion %lld, to be looked up again after %s\n",
                          (long long)pack.version, day);
        }
    }
    record_finish(COLL_RESEARCH_PACKS, &pack);
    return EXIT_OK;
}
