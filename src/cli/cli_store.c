/* cli_store.c - stores, schemas and settings. */
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/collection.h"
#include "strattio/config.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"

#include "account/uri.h"
#include "command.h"
#include "record/schema.h"

enum { STORE_TIMEOUT_MS = 5000 };

/* Elements of an array, one a line below the first, documents as compact JSON. */
static void put_array_lines(const bson_t *array, struct strbuf *out)
{
    bson_iter_t it;
    bool first = true;

    if (!bson_iter_init(&it, array))
        return;
    while (bson_iter_next(&it)) {
        bson_t view;

        if (!first)
            strbuf_printf(out, "\n%-22s ", "");
        first = false;
        if (BSON_ITER_HOLDS_UTF8(&it))
            strbuf_str(out, bson_iter_utf8(&it, NULL));
        else if (doc_view(array, bson_iter_key(&it), &view))
            json_write(&view, JSON_COMPACT, out);
    }
}

/* Values of a document as "name  value" lines; documents and arrays as JSON. */
static void put_lines(const bson_t *doc, struct strbuf *out)
{
    bson_iter_t it;

    if (!bson_iter_init(&it, doc))
        return;
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);
        bson_t view;

        strbuf_printf(out, "%-22s ", key);
        if (BSON_ITER_HOLDS_UTF8(&it))
            strbuf_str(out, bson_iter_utf8(&it, NULL));
        else if (BSON_ITER_HOLDS_BOOL(&it))
            strbuf_str(out, bson_iter_bool(&it) ? "yes" : "no");
        else if (BSON_ITER_HOLDS_NUMBER(&it))
            strbuf_printf(out, "%g", doc_num(doc, key, 0));
        else if (doc_view(doc, key, &view) && BSON_ITER_HOLDS_ARRAY(&it))
            put_array_lines(&view, out);
        else if (BSON_ITER_HOLDS_DOCUMENT(&it))
            json_write(&view, JSON_COMPACT, out);
        else
            strbuf_str(out, "-");
        strbuf_char(out, '\n');
    }
}

int cli_store_info(struct cli *c, struct err *err)
{
    bson_t doc;

    if (!actor_store_info(c->actor, cli_option(c, "--explain") != NULL, &doc, err))
        return EXIT_FAILED;
    if (cli_json(c))
        cli_put_json(c, &doc);
    else
        put_lines(&doc, c->out);
    bson_destroy(&doc);
    return EXIT_OK;
}

static struct actor *open_signed_in(const char *uri, struct err *err)
{
    struct actor *a = actor_open(uri, STORE_TIMEOUT_MS, err);

    if (!a || actor_state(a) == ACTOR_SIGNED_IN)
        return a;
    if (actor_state(a) == ACTOR_FRESH)
        err_set(err, ERR_NOT_FOUND, 0, "The store %s is empty: nobody has used it yet.",
                actor_store_label(a));
    else
        err_set(err, ERR_SIGNED_OUT, 0,
                "Nobody is signed in on %s. Sign in with: strattio login --store URI --email "
                "ADDRESS",
                actor_store_label(a));
    actor_close(a);
    return NULL;
}

int cli_store_copy(struct cli *c, struct err *err)
{
    struct actor *from = open_signed_in(c->line.operands[0], err), *to = NULL;
    bson_t report;
    bool ok = false;

    if (from)
        to = open_signed_in(c->line.operands[1], err);
    if (from && to && actor_copy_all(from, to, &report, err)) {
        if (cli_json(c))
            cli_put_json(c, &report);
        else
            put_lines(&report, c->out);
        bson_destroy(&report);
        ok = true;
    }
    actor_close(to);
    actor_close(from);
    return ok ? EXIT_OK : EXIT_FAILED;
}

static void put_schema(struct cli *c, enum collection coll)
{
    bson_t doc;

    if (!cli_json(c)) {
        schema_print(coll, c->out);
        return;
    }
    schema_json(coll, &doc);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

static void put_all_schemas(struct cli *c)
{
    bson_t all = BSON_INITIALIZER, doc;

    for (int coll = 0; coll < COLL_COUNT; coll++) {
        if (!cli_json(c)) {
            if (coll > 0)
                strbuf_char(c->out, '\n');
            put_schema(c, coll);
            continue;
        }
        schema_json(coll, &doc);
        bson_append_document(&all, collection_name(coll), -1, &doc);
        bson_destroy(&doc);
    }
    if (cli_json(c))
        cli_put_json(c, &all);
    bson_destroy(&all);
}

static int put_intake_schema(struct cli *c, struct err *err)
{
    const struct intake *questions = house_intake(c->house, err);
    bson_t doc;

    if (!questions)
        return EXIT_FAILED;
    intake_json_schema(questions, &doc);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
    return EXIT_OK;
}

int cli_schema(struct cli *c, struct err *err)
{
    const char *which = c->line.operand_count ? c->line.operands[0] : NULL;
    enum collection coll = which ? collection_by_name(which) : COLL_COUNT;

    if (which && strcmp(which, "intake") == 0)
        return put_intake_schema(c, err);
    if (which)
        put_schema(c, coll);
    else
        put_all_schemas(c);
    return EXIT_OK;
}

/* What may be shown of a value: a secret only that it is there, an address without its password. */
static void put_value(const struct setting *s, const char *value, struct strbuf *out)
{
    char *safe = value ? uri_without_password(value) : NULL;

    if (!value)
        strbuf_str(out, "-");
    else
        strbuf_str(out, (s->flags & SETTING_SECRET) ? "(set)" : safe);
    free(safe);
}

static void put_setting_json(const struct cli *c, const struct setting *s, const char *shown,
                             bson_t *all)
{
    bson_t item;

    bson_append_document_begin(all, s->key, -1, &item);
    if (config_get(c->cfg, s->key))
        BSON_APPEND_UTF8(&item, "value", shown);
    else
        BSON_APPEND_NULL(&item, "value");
    BSON_APPEND_UTF8(&item, "from", config_origin(c->cfg, s->key));
    if (s->flag)
        BSON_APPEND_UTF8(&item, "flag", s->flag);
    BSON_APPEND_UTF8(&item, "environment", s->env);
    BSON_APPEND_UTF8(&item, "help", s->help);
    bson_append_document_end(all, &item);
}

int cli_config(struct cli *c, struct err *err)
{
    bson_t all = BSON_INITIALIZER;
    struct strbuf shown;

    (void)err;
    strbuf_init(&shown, 1 << 16);
    for (const struct setting *s = config_settings; s->key; s++) {
        strbuf_clear(&shown);
        put_value(s, config_get(c->cfg, s->key), &shown);
        if (cli_json(c))
            put_setting_json(c, s, shown.data, &all);
        else
            strbuf_printf(c->out, "%-10s %-28s %-12s %s\n", s->key, shown.data,
                          config_origin(c->cfg, s->key), s->help);
    }
    if (cli_json(c))
        cli_put_json(c, &all);
    strbuf_finish(&shown);
    bson_destroy(&all);
    return EXIT_OK;
}
