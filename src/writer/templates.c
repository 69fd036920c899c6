/* templates.c - the template writer: the nine files of assets/sections, a section drafted from
 * one, and the key a draft stands under.
 *
 * The key is made from the draft itself. A flat source holds every answer that is quoted, the
 * outcome of every test and the name of every figure, and no figure's value; so two drafts are
 * equal exactly if a rewrite would change nothing. Of figures in sentences the key adds the
 * shape (null and why, or the sign), because words were chosen around it. Cells of tables are
 * read one by one, so only their names count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "expr/expr.h"
#include "writer/citations.h"
#include "writer/figures.h"
#include "writer/span.h"
#include "writer/template.h"
#include "writer/tidy.h"
#include "writer/writer.h"

enum { WRITER_VERSION = 1 }; /* of what this file does to a template */

struct templates {
    struct template_file *sections[SECTION_COUNT];
};

static struct template_file *load_section(enum section_type type, struct err *err)
{
    struct template_file *t = NULL;
    char name[96];
    char *path, *text = NULL;
    size_t len = 0;

    snprintf(name, sizeof name, "sections/%s.section", section_type_name(type));
    path = paths_asset(name, err);
    if (path)
        text = paths_read_file(path, TEMPLATE_LIMIT, &len, err);
    if (text)
        t = template_parse(name, text, len, err);
    free(text);
    free(path);
    return t;
}

struct templates *templates_load(struct err *err)
{
    struct templates *t = mem_zero(1, sizeof *t);

    for (int i = 0; i < SECTION_COUNT; i++) {
        t->sections[i] = load_section((enum section_type)i, err);
        if (!t->sections[i]) {
            templates_free(t);
            return NULL;
        }
    }
    return t;
}

void templates_free(struct templates *t)
{
    if (!t)
        return;
    for (int i = 0; i < SECTION_COUNT; i++)
        template_free(t->sections[i]);
    free(t);
}

bool template_draft(const struct templates *t, const struct draft_input *in, struct strbuf *source,
                    bson_t *citations, struct err *err)
{
    struct strbuf raw;
    bool ok;

    bson_init(citations);
    strbuf_init(&raw, STRBUF_DOC_LIMIT);
    ok = template_expand(t->sections[in->type], in, &raw, err);
    if (ok) {
        tidy_markdown(raw.data, source);
        citations_add(in, source, citations);
        ok = strbuf_check(source, "the section", err);
    }
    strbuf_finish(&raw);
    if (!ok)
        bson_reinit(citations);
    return ok;
}

/* ---- key ---- */

static bool in_table(const char *source, size_t at)
{
    while (at && source[at - 1] != '\n')
        at--;
    return source[at] == '|';
}

/* "+", "0", "-", or why the figure is null. */
static void add_shape(const struct model *m, const char *text, size_t len, struct strbuf *out)
{
    struct span span;
    struct value v = {0};
    struct err err = {0};

    if (!span_parse(text, len, &span))
        return;
    if (!figures_eval(m, span.expr, &v, &err))
        strbuf_str(out, "?");
    else if (v.type == VALUE_NULL)
        strbuf_str(out, v.text ? v.text : "null");
    else if (v.type == VALUE_NUM)
        strbuf_char(out, "-0+"[num_sign(v.num) + 1]);
    strbuf_char(out, '\n');
    value_finish(&v);
    span_finish(&span);
}

/* What is cited, but not the sentence that cites it: its figures move. */
static void add_cited_values(const bson_t *citations, struct strbuf *out)
{
    bson_iter_t it;
    bson_t item;

    bson_iter_init(&it, citations);
    while (bson_iter_next(&it))
        if (doc_view(citations, bson_iter_key(&it), &item))
            strbuf_printf(out, "%s = %s\n", doc_str(&item, "evidence_id", ""),
                          doc_str(&item, "data_value", ""));
}

bool template_key(const struct draft_input *in, const char *source, const bson_t *citations,
                  char out[65], struct err *err)
{
    size_t len = strlen(source);
    struct span_walk walk;
    struct strbuf key;
    bool ok;

    strbuf_init(&key, 2 * STRBUF_DOC_LIMIT);
    strbuf_printf(&key, "template %d\n%s\n%s\n", WRITER_VERSION, section_type_name(in->type),
                  plan_purpose_name(in->purpose));
    strbuf_add(&key, source, len);
    span_walk_init(&walk, source, len);
    while (span_walk_next(&walk))
        if (!in_table(source, walk.start))
            add_shape(in->model, source + walk.start, walk.span_len, &key);
    add_cited_values(citations, &key);
    ok = strbuf_check(&key, "the section", err);
    sha256_hex(key.data, key.len, out);
    strbuf_finish(&key);
    return ok;
}

bool template_draft_key(const struct templates *t, const struct draft_input *in, char out[65],
                        struct err *err)
{
    struct strbuf source;
    bson_t citations;
    bool ok;

    strbuf_init(&source, STRBUF_DOC_LIMIT);
    ok = template_draft(t, in, &source, &citations, err) &&
         template_key(in, source.data, &citations, out, err);
    bson_destroy(&citations);
    strbuf_finish(&source);
    return ok;
}
