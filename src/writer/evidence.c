/* evidence.c - footnotes and the reference's data_citations out of data.evidence. Only what
 * somebody else said can be cited; a founder's statement is shown as one in the sentence
 * itself. */
#include "writer/evidence.h"

#include <ctype.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"

#include "writer/filter.h"
#include "writer/writer.h"

bool evidence_citable(const bson_t *research, const char *id, bson_t *item)
{
    bson_t list;
    bson_iter_t it;

    if (!research || !doc_view(research, "evidence", &list))
        return false;
    bson_iter_init(&it, &list);
    while (bson_iter_next(&it)) {
        if (!doc_view(&list, bson_iter_key(&it), item))
            continue;
        if (strcmp(doc_str(item, "id", ""), id) == 0)
            return strcmp(doc_str(item, "source", ""), "founder's own statement") != 0 &&
                   doc_has(item, "source");
    }
    return false;
}

bool evidence_is_fact(const bson_t *item)
{
    return strcmp(doc_str(item, "type", ""), "fact") == 0;
}

/* Can the address stand between "<" and ">" in Markdown? */
static bool is_plain_url(const char *url)
{
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return false;
    for (; *url; url++)
        if ((unsigned char)*url <= ' ' || strchr("<>\"\\`{}|^[]", *url) ||
            (unsigned char)*url == 0x7f)
            return false;
    return true;
}

static void add_url(const char *url, struct strbuf *out)
{
    if (is_plain_url(url))
        strbuf_printf(out, "<%s>", url);
    else
        binder_escape(url, out);
}

/* On one line, whatever it holds: a footnote ends where its line does. */
static void add_escaped_line(const char *text, struct strbuf *out)
{
    struct strbuf line;

    strbuf_init(&line, STRBUF_DOC_LIMIT);
    for (; *text; text++)
        strbuf_char(&line, isspace((unsigned char)*text) ? ' ' : *text);
    while (line.len && strchr(" .,;", line.data[line.len - 1]))
        strbuf_truncate(&line, line.len - 1); /* the note goes on */
    binder_escape(line.data, out);
    strbuf_finish(&line);
}

void evidence_footnote(const bson_t *item, struct strbuf *out)
{
    const char *url = doc_str(item, "url", NULL), *date = doc_str(item, "date", NULL);

    strbuf_printf(out, "[^%s]: ", doc_str(item, "id", ""));
    add_escaped_line(doc_str(item, "source", ""), out);
    if (date) {
        strbuf_str(out, ", ");
        filter_date(date, out);
    }
    if (url) {
        strbuf_str(out, ", ");
        add_url(url, out);
    }
    if (!url && !date)
        strbuf_str(out, " (no address or date given)");
    strbuf_str(out, out->data[out->len - 1] == '.' ? "\n" : ".\n");
}

/* "market_size" for market_size, "competitor" for competitor_3. */
static void data_type(const char *id, struct strbuf *out)
{
    size_t len = strlen(id);

    while (len && isdigit((unsigned char)id[len - 1]))
        len--;
    if (len && len < strlen(id) && id[len - 1] == '_')
        len--;
    strbuf_add(out, id, len ? len : strlen(id));
}

void evidence_citation(const bson_t *item, const char *sentence, const char *key, bson_t *out)
{
    struct strbuf type;
    char number[32] = "";
    bson_t doc;

    strbuf_init(&type, 256);
    data_type(doc_str(item, "id", ""), &type);
    if (doc_has(item, "value"))
        json_number(doc_num(item, "value", 0), number);
    BSON_APPEND_DOCUMENT_BEGIN(out, key, &doc);
    BSON_APPEND_UTF8(&doc, "cited_text", sentence);
    BSON_APPEND_UTF8(&doc, "source_name", doc_str(item, "source", ""));
    BSON_APPEND_UTF8(&doc, "source_url", doc_str(item, "url", ""));
    BSON_APPEND_UTF8(&doc, "source_date", doc_str(item, "date", ""));
    BSON_APPEND_UTF8(&doc, "data_value", number[0] ? number : doc_str(item, "text", ""));
    BSON_APPEND_UTF8(&doc, "data_type", type.data);
    BSON_APPEND_UTF8(&doc, "evidence_id", doc_str(item, "id", ""));
    bson_append_document_end(out, &doc);
    strbuf_finish(&type);
}
