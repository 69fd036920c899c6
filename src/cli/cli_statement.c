/* cli_statement.c - statements for other programs: JSON with a list of values for each row, and CSV
 * (RFC 4180) that a spreadsheet opens. Values are in major units, not rounded; a null is null, or
 * an empty field. */
#include <bson/bson.h>
#include <math.h>
#include <string.h>

#include "strattio/json.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "command.h"
#include "period.h"
#include "report_text.h"

struct view { /* a statement seen by month, quarter or year */
    const struct model *model;
    const char *statement;
    enum period by;
    const struct statement_row *rows;
    size_t count;
};

static const char *index_key(int i, char buf[16])
{
    const char *key;

    bson_uint32_to_string((uint32_t)i, &key, buf, 16);
    return key;
}

static void append_labels(const struct view *v, bson_t *doc)
{
    struct strbuf label;
    bson_t labels;
    char buf[16];

    strbuf_init(&label, 64);
    BSON_APPEND_ARRAY_BEGIN(doc, "periods", &labels);
    for (int p = 1; p <= period_count(v->by); p++) {
        strbuf_clear(&label);
        period_label(v->model, v->by, p, &label);
        bson_append_utf8(&labels, index_key(p - 1, buf), -1, label.data, -1);
    }
    bson_append_array_end(doc, &labels);
    strbuf_finish(&label);
}

static void append_row(const struct view *v, const struct statement_row *row, bson_t *doc)
{
    bson_t values;
    char buf[16];

    BSON_APPEND_UTF8(doc, "name", row->name);
    BSON_APPEND_UTF8(doc, "label", row->label);
    BSON_APPEND_ARRAY_BEGIN(doc, "values", &values);
    for (int p = 1; p <= period_count(v->by); p++) {
        double cell = period_cell(v->model, row->name, v->by, p);

        if (isnan(cell))
            bson_append_null(&values, index_key(p - 1, buf), -1);
        else
            bson_append_double(&values, index_key(p - 1, buf), -1, cell);
    }
    bson_append_array_end(doc, &values);
}

static void put_json(struct cli *c, const struct view *v)
{
    bson_t doc = BSON_INITIALIZER, rows, row;
    char buf[16];

    BSON_APPEND_UTF8(&doc, "statement", v->statement);
    BSON_APPEND_UTF8(&doc, "currency", model_currency(v->model));
    BSON_APPEND_UTF8(&doc, "by", period_name(v->by));
    append_labels(v, &doc);
    BSON_APPEND_ARRAY_BEGIN(&doc, "rows", &rows);
    for (size_t i = 0; i < v->count; i++) {
        bson_append_document_begin(&rows, index_key((int)i, buf), -1, &row);
        append_row(v, &v->rows[i], &row);
        bson_append_document_end(&rows, &row);
    }
    bson_append_array_end(&doc, &rows);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

/* A field, quoted where its text would end it too early. */
static void put_field(const char *text, struct strbuf *out)
{
    if (!strpbrk(text, ",\"\r\n")) {
        strbuf_str(out, text);
        return;
    }
    strbuf_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            strbuf_char(out, '"');
        strbuf_char(out, *text);
    }
    strbuf_char(out, '"');
}

static void put_csv(const struct view *v, struct strbuf *out)
{
    char digits[32];

    strbuf_str(out, "label");
    for (int p = 1; p <= period_count(v->by); p++) {
        strbuf_char(out, ',');
        period_label(v->model, v->by, p, out);
    }
    strbuf_str(out, "\r\n");
    for (size_t i = 0; i < v->count; i++) {
        put_field(v->rows[i].label, out);
        for (int p = 1; p <= period_count(v->by); p++) {
            double cell = period_cell(v->model, v->rows[i].name, v->by, p);

            json_number(cell, digits);
            strbuf_printf(out, ",%s", isnan(cell) ? "" : digits);
        }
        strbuf_str(out, "\r\n");
    }
}

void cli_put_statement(struct cli *c, const struct model *m, const char *statement, enum period by)
{
    struct view v = {.model = m, .statement = statement, .by = by};

    v.count = model_statement(m, statement, &v.rows);
    if (cli_json(c))
        put_json(c, &v);
    else if (cli_option(c, "--csv"))
        put_csv(&v, c->out);
    else
        text_statement(m, statement, by, c->out);
}
