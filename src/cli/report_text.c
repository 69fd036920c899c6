/* report_text.c - tables and lists in plain text. Columns are as wide as their widest cell, so that
 * nothing is cut and everything lines up. */
#include "report_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/money.h"
#include "strattio/research_pack.h"
#include "strattio/strbuf.h"

enum { COLUMNS = 12, MEASURE_COLS = 52, VALUE_COLS = 14 };

/* "171,360", "-1,240", "–": the currency stands once, above the table. What is no amount has two
 * decimals at most. */
static void print_cell(double value, bool amount, struct strbuf *out)
{
    double scale = amount ? 1 : 100;
    char digits[32];
    size_t whole;

    strbuf_clear(out);
    if (isnan(value)) {
        strbuf_str(out, "–");
        return;
    }
    value = round(value * scale) / scale;
    json_number(fabs(value), digits);
    whole = strspn(digits, "0123456789");
    if (value < 0)
        strbuf_char(out, '-');
    for (size_t i = 0; i < whole; i++) {
        strbuf_char(out, digits[i]);
        if ((whole - i - 1) % 3 == 0 && i + 1 < whole)
            strbuf_char(out, ',');
    }
    strbuf_str(out, digits + whole);
}

static void pad(struct strbuf *out, const char *text, int width, bool right)
{
    int gap = width - text_width(text, strlen(text));

    if (right && gap > 0)
        strbuf_fill(out, ' ', (size_t)gap);
    strbuf_str(out, text);
    if (!right && gap > 0)
        strbuf_fill(out, ' ', (size_t)gap);
}

static int label_width(const struct statement_row *rows, size_t count)
{
    int width = 0;

    for (size_t i = 0; i < count; i++) {
        int w = (int)rows[i].level * 2 + text_width(rows[i].label, strlen(rows[i].label));

        width = w > width ? w : width;
    }
    return width;
}

static int column_width(const struct model *m, const struct statement_row *rows, size_t count,
                        enum period by, int period)
{
    struct strbuf cell;
    int width = 8;

    strbuf_init(&cell, 64);
    for (size_t i = 0; i < count; i++) {
        int w;

        print_cell(period_cell(m, rows[i].name, by, period), rows[i].amount, &cell);
        w = text_width(cell.data, cell.len);
        width = w > width ? w : width;
    }
    strbuf_finish(&cell);
    return width;
}

/* Periods first..last of a statement as one block. */
static void put_block(const struct model *m, const struct statement_row *rows, size_t count,
                      enum period by, int first, int last, struct strbuf *out)
{
    int labels = label_width(rows, count), widths[COLUMNS];
    struct strbuf cell;

    strbuf_init(&cell, 64);
    pad(out, model_currency(m), labels, false);
    for (int p = first; p <= last; p++) {
        widths[p - first] = column_width(m, rows, count, by, p);
        strbuf_clear(&cell);
        period_label(m, by, p, &cell);
        strbuf_str(out, "  ");
        pad(out, cell.data, widths[p - first], true);
    }
    strbuf_char(out, '\n');
    for (size_t i = 0; i < count; i++) {
        strbuf_fill(out, ' ', rows[i].level * 2);
        pad(out, rows[i].label, labels - (int)rows[i].level * 2, false);
        for (int p = first; p <= last; p++) {
            print_cell(period_cell(m, rows[i].name, by, p), rows[i].amount, &cell);
            strbuf_str(out, "  ");
            pad(out, cell.data, widths[p - first], true);
        }
        strbuf_char(out, '\n');
    }
    strbuf_finish(&cell);
}

void text_statement(const struct model *m, const char *statement, enum period by,
                    struct strbuf *out)
{
    int periods = period_count(by);
    const struct statement_row *rows;
    size_t count = model_statement(m, statement, &rows);

    for (int first = 1; first <= periods; first += COLUMNS) {
        int last = first + COLUMNS - 1 < periods ? first + COLUMNS - 1 : periods;

        if (first > 1)
            strbuf_char(out, '\n');
        put_block(m, rows, count, by, first, last, out);
    }
}

/* `known`: left out if an answer it needs is missing. */
static void put_measure(const struct model *m, const char *name, bool known, struct strbuf *out)
{
    struct figure f;
    struct err ignored;

    if (!model_figure(m, name, &f, &ignored))
        return;
    if (known && f.reason && strcmp(f.reason, "input_missing") == 0) {
        figure_finish(&f);
        return;
    }
    pad(out, f.label, MEASURE_COLS, false);
    strbuf_char(out, ' ');
    pad(out, f.value, VALUE_COLS, true);
    strbuf_printf(out, "%s%s\n", f.reason_text ? "  " : "", f.reason_text ? f.reason_text : "");
    figure_finish(&f);
}

void text_measures(const struct model_def *def, const struct model *m, struct strbuf *out)
{
    static const struct {
        const char *prefix;
        bool known;
    } groups[] = {
        {"break_even.", false}, {"kpis.", false}, {"investment.", true}, {"customer.", true}};

    strbuf_char(out, '\n');
    for (size_t g = 0; g < ARRAY_LEN(groups); g++)
        for (size_t i = 0; i < model_line_count(def); i++)
            if (strncmp(model_line_name(def, i), groups[g].prefix, strlen(groups[g].prefix)) == 0)
                put_measure(m, model_line_name(def, i), groups[g].known, out);
}

static void put_check(const bson_t *check, bool explain, struct strbuf *out)
{
    const char *outcome = doc_str(check, "outcome", doc_str(check, "status", "fail"));
    const char *suggestion = doc_str(check, "suggestion", NULL);

    strbuf_printf(out, "%-14s %-8s %-8s %s\n", outcome, doc_str(check, "severity", ""),
                  doc_str(check, "rule_id", ""), doc_str(check, "name", ""));
    if (strcmp(outcome, "pass") != 0 || explain)
        strbuf_printf(out, "               %s\n", doc_str(check, "message", ""));
    if (strcmp(outcome, "pass") != 0 && suggestion)
        strbuf_printf(out, "               %s\n", suggestion);
    if (explain && doc_has(check, "source"))
        strbuf_printf(out, "               Source: %s %s\n", doc_str(check, "source.name", ""),
                      doc_str(check, "source.date", ""));
}

/* Both places of each, with their paths, so that `set` can be told either. */
static void put_contradictions(const bson_t *data, struct strbuf *out)
{
    size_t count = doc_count(data, "contradictions");

    if (count)
        strbuf_printf(out, "\n%zu of the answers contradict%s others:\n", count,
                      count == 1 ? "s" : "");
    for (size_t i = 0; i < count; i++) {
        char path[48];
        bson_t item;

        snprintf(path, sizeof(path), "contradictions.%zu", i);
        if (!doc_view(data, path, &item))
            continue;
        strbuf_printf(out, "warning        %s\n               %s\n", doc_str(&item, "message", ""),
                      doc_str(&item, "suggestion", ""));
        for (int k = 0; k < 2; k++) {
            char place[32];
            bson_t at;

            snprintf(place, sizeof(place), "places.%d", k);
            if (doc_view(&item, place, &at))
                strbuf_printf(out, "               %s: %s\n", doc_str(&at, "path", ""),
                              doc_str(&at, "value", ""));
        }
    }
}

void text_report(const bson_t *data, bool whole, bool explain, struct strbuf *out)
{
    bson_iter_t it, item;

    strbuf_printf(out, "%s: %s, score %.0f of 100, %lld passed, %lld failed\n",
                  doc_str(data, "template_id", ""), doc_str(data, "overall_status", ""),
                  doc_num(data, "score", 0), (long long)doc_int(data, "passed_count", 0),
                  (long long)doc_int(data, "failed_count", 0));
    put_contradictions(data, out);
    if (!whole) {
        strbuf_str(out, "The single rules are part of the professional tier.\n");
        return;
    }
    strbuf_char(out, '\n');
    if (!doc_find(data, "checks", &it) || !bson_iter_recurse(&it, &item))
        return;
    while (bson_iter_next(&item)) {
        const uint8_t *bytes;
        uint32_t len;
        bson_t check;

        if (!BSON_ITER_HOLDS_DOCUMENT(&item))
            continue;
        bson_iter_document(&item, &len, &bytes);
        if (bson_init_static(&check, bytes, len))
            put_check(&check, explain, out);
    }
    if (doc_has(data, "disclaimer"))
        strbuf_printf(out, "\n%s\n", doc_str(data, "disclaimer", ""));
}

static void put_words(const char *label, const bson_t *array, struct strbuf *out)
{
    bson_iter_t it;

    strbuf_printf(out, "%s\n", label);
    if (!array || !bson_iter_init(&it, array))
        return;
    while (bson_iter_next(&it))
        if (BSON_ITER_HOLDS_UTF8(&it))
            strbuf_printf(out, "  %s\n", bson_iter_utf8(&it, NULL));
}

void text_research(const struct research_pack *pack, struct strbuf *out)
{
    strbuf_printf(out, "Quality     %.0f of 100\nIndustry    %s\nLocation    %s\n\n",
                  pack->quality_score, doc_str(pack->data, "industry", ""),
                  doc_str(pack->data, "location", ""));
    put_words("Sources", pack->data_sources, out);
    put_words("\nMissing", pack->missing_data, out);
}
