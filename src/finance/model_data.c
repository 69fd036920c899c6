/* model_data.c - what is stored of a model: the tables its file calls `output`, the assumptions
 * that filled gaps, why something is undefined, and every formula that ran. */
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "expr/days.h"
#include "finance/model_run.h"
#include "finance/rates.h"

/* Appends one cell as it is stored: whole counts of time as integers, all other numbers as
 * doubles. */
static void append_cell(const struct model *m, bson_t *out, const char *key, int line, size_t cell)
{
    const struct line *l = &m->def->lines[line];
    struct num n = {m->v[cell]};
    char date[DAYS_TEXT_SIZE];

    if (m->why[cell]) {
        bson_append_null(out, key, -1);
        return;
    }
    switch (l->type) {
    case VALUE_BOOL:
        bson_append_bool(out, key, -1, n.v != 0);
        break;
    case VALUE_TEXT:
        bson_append_utf8(out, key, -1, m->texts[n.v], -1);
        break;
    case VALUE_DATE:
        days_print((int32_t)(n.v / num_from_int(1).v), date);
        bson_append_utf8(out, key, -1, date, -1);
        break;
    default:
        if (l->native == NATIVE_YEAR || (l->unit == UNIT_MONTHS && num_is_whole(n)))
            bson_append_int32(out, key, -1, (int32_t)(n.v / num_from_int(1).v));
        else
            bson_append_double(out, key, -1, num_to_double(n));
        break;
    }
}

static void append_fields(const struct model *m, bson_t *out, const struct output *o, int period)
{
    for (size_t i = 0; i < o->count; i++)
        append_cell(m, out, o->fields[i].key, o->fields[i].line,
                    m->first[o->fields[i].line] + (size_t)period);
}

struct list { /* an array being appended to */
    bson_t array;
    uint32_t count;
};

static void item_begin(struct list *l, bson_t *item)
{
    const char *key;
    char text[16];

    bson_uint32_to_string(l->count++, &key, text, sizeof text);
    bson_append_document_begin(&l->array, key, -1, item);
}

static void append_output(const struct model *m, bson_t *out, const struct output *o)
{
    int first = o->span == SPAN_YEARS ? MODEL_MONTHS : 0;
    int count = o->span == SPAN_YEARS ? MODEL_YEARS : MODEL_MONTHS;
    struct list list = {.count = 0};
    bson_t item;

    if (o->span == SPAN_ONCE) {
        bson_append_document_begin(out, o->key, -1, &item);
        append_fields(m, &item, o, 0);
        bson_append_document_end(out, &item);
        return;
    }
    bson_append_array_begin(out, o->key, -1, &list.array);
    for (int i = 0; i < count; i++) {
        item_begin(&list, &item);
        append_fields(m, &item, o, first + i);
        bson_append_document_end(&list.array, &item);
    }
    bson_append_array_end(out, &list.array);
}

/* ---- assumptions ----------------------------------------------------------------------------- */

static bool is_true(const struct model *m, int line, size_t row)
{
    size_t cell = line < 0 ? 0 : cell_at(m, line, row);

    return line < 0 || (!m->why[cell] && m->v[cell] != 0);
}

const struct basis *model_basis(const struct model *m, int line, size_t row)
{
    const struct line *l = &m->def->lines[line];

    switch (m->origin[m->origin_first[line] + row]) {
    case ORIGIN_DEFAULT:
        return &l->basis;
    case ORIGIN_OTHERWISE:
        return &l->otherwise_basis;
    default:
        return NULL;
    }
}

bool model_basis_matters(const struct model *m, const struct basis *b, size_t row)
{
    return b->text && is_true(m, b->matters, row);
}

void model_basis_source(const struct model *m, const struct basis *b, const char **title,
                        const char **date)
{
    int line = b->source ? def_find(m->def, b->source) : -1;

    *title = b->source;
    *date = b->date;
    if (line >= 0 && !model_source(m, line, title, date))
        *title = *date = NULL;
}

static void append_text(bson_t *out, const char *key, const char *text)
{
    if (text)
        bson_append_utf8(out, key, -1, text, -1);
    else
        bson_append_null(out, key, -1);
}

static void append_assumption(const struct model *m, struct list *list, int line, size_t row,
                              const struct basis *b)
{
    const struct line *l = &m->def->lines[line];
    const char *title, *date;
    char *fix = model_fix(m, line, row);
    char *name = l->table < 0 ? mem_str(l->name) : mem_printf("%s[%zu]", l->name, row + 1);
    bson_t item;

    model_basis_source(m, b, &title, &date);
    item_begin(list, &item);
    append_text(&item, "name", name);
    append_text(&item, "label", l->label);
    append_cell(m, &item, "value", line, cell_at(m, line, row));
    append_text(&item, "unit", l->type == VALUE_NUM ? unit_name(l->unit) : "text");
    append_text(&item, "basis", b->text);
    append_text(&item, "source", title);
    append_text(&item, "date", date);
    append_text(&item, "fix", fix);
    bson_append_document_end(&list->array, &item);
    free(name);
    free(fix);
}

enum { ASSUMED_ROWS_MOST = 50 }; /* of one column; the rest says the same */

static void append_assumptions(const struct model *m, bson_t *out)
{
    const struct model_def *def = m->def;
    struct list list = {.count = 0};

    bson_append_array_begin(out, "assumptions", -1, &list.array);
    for (size_t i = 0; i < def->line_count; i++) {
        const struct line *l = &def->lines[i];
        size_t rows = l->kind == LINE_INPUT ? line_rows(m, l) : 0;

        for (size_t row = 0; row < rows && row < ASSUMED_ROWS_MOST; row++) {
            const struct basis *b = model_basis(m, (int)i, row);

            if (b && !m->why[cell_at(m, (int)i, row)] && model_basis_matters(m, b, row))
                append_assumption(m, &list, (int)i, row, b);
        }
    }
    bson_append_array_end(out, &list.array);
}

/* ---- reasons, notes, formulas ---------------------------------------------------------------- */

static void append_reason(const struct model *m, struct list *list, const char *figure, uint8_t why)
{
    const struct reason *reason = &m->def->reasons[why];
    bson_t item;

    item_begin(list, &item);
    append_text(&item, "figure", figure);
    append_text(&item, "reason", reason->code);
    append_text(&item, "text", reason->text);
    bson_append_document_end(&list->array, &item);
}

/* Why what is null in the outputs is null: years one by one; months only where their year does
 * not tell. */
static void append_reasons(const struct model *m, bson_t *out)
{
    const struct model_def *def = m->def;
    struct list list = {.count = 0};
    bool *seen = mem_zero(def->line_count, sizeof *seen);

    bson_append_array_begin(out, "reasons", -1, &list.array);
    for (size_t i = 0; i < def->output_count; i++)
        for (size_t k = 0; k < def->outputs[i].count; k++) {
            int line = def->outputs[i].fields[k].line;
            const uint8_t *why = m->why + m->first[line];
            bool wide = def->lines[line].wide;

            if (!wide && !seen[line] && why[0])
                append_reason(m, &list, def->lines[line].name, why[0]);
            for (int y = 0; wide && !seen[line] && y < MODEL_YEARS; y++)
                if (why[MODEL_MONTHS + y]) {
                    char *name = mem_printf("%s[y%d]", def->lines[line].name, y + 1);

                    append_reason(m, &list, name, why[MODEL_MONTHS + y]);
                    free(name);
                }
            seen[line] = true;
        }
    bson_append_array_end(out, &list.array);
    free(seen);
}

static void append_notes(const struct model *m, bson_t *out)
{
    struct list list = {.count = 0};
    const char *country;
    bson_t item;

    bson_append_array_begin(out, "notes", -1, &list.array);
    for (size_t i = 0; i < m->def->note_count; i++) {
        const struct note *note = &m->def->notes[i];

        if (!is_true(m, note->when, 0))
            continue;
        item_begin(&list, &item);
        append_text(&item, "code", note->code);
        append_text(&item, "text", note->text);
        bson_append_document_end(&list.array, &item);
    }
    country = rates_note(m->def->rates, model_country(m));
    if (country) {
        item_begin(&list, &item);
        append_text(&item, "code", "tax_of_country");
        append_text(&item, "text", country);
        bson_append_document_end(&list.array, &item);
    }
    bson_append_array_end(out, &list.array);
}

static void append_formulas(const struct model *m, bson_t *out)
{
    const struct model_def *def = m->def;
    struct list list = {.count = 0};
    bson_t item;

    bson_append_array_begin(out, "formulas_used", -1, &list.array);
    for (size_t i = 0; i < def->shown_count; i++) {
        const struct line *l = &def->lines[def->shown[i]];

        if (l->kind == LINE_INPUT || !line_rows(m, l))
            continue; /* no formula, or no row for it to run on */
        item_begin(&list, &item);
        append_text(&item, "metric", l->name);
        append_text(&item, "formula", expr_source(l->expr));
        append_text(&item, "label", l->label);
        bson_append_document_end(&list.array, &item);
    }
    bson_append_array_end(out, &list.array);
}

void model_data(const struct model *m, bson_t *out)
{
    char start[DAYS_TEXT_SIZE];

    bson_init(out);
    for (size_t i = 0; i < m->def->output_count; i++)
        append_output(m, out, &m->def->outputs[i]);
    append_formulas(m, out);
    append_assumptions(m, out);
    append_reasons(m, out);
    append_notes(m, out);
    days_print(m->start, start);
    append_text(out, "start_date", start);
    append_text(out, "currency", m->currency);
}
