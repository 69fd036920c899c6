/* export_xlsx.c - the financial model as a workbook that recalculates: what finance/workbook.h says of every cell, put
 * down by the module that knows the format. Inputs are typed values, everything else is a formula with the
 * value we computed beside it, for readers that do not compute. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "base/module.h"
#include "export/book_ops.h"
#include "exporter.h"
#include "finance/inputs.h"
#include "finance/rates.h"
#include "finance/workbook.h"

enum { FILE_LIMIT = 64 * 1024 * 1024 };

/* Columns of the inputs' page after the value. */
enum { IN_MARK = SHEET_VALUE + 1, IN_BASIS, IN_SOURCE, IN_DATE };

struct writer {
    const struct book_ops *ops;
    struct book *book;
    const struct export_input *in;
    const struct workbook *b;
    int sheet;
    struct err *err;
};

static const struct book_look plain = {BOOK_PLAIN, BOOK_GENERAL, 0},
                              dim = {BOOK_DIM, BOOK_GENERAL, 0},
                              head = {BOOK_HEAD, BOOK_GENERAL, 0},
                              heading = {BOOK_HEADING, BOOK_GENERAL, 0},
                              title = {BOOK_TITLE, BOOK_GENERAL, 0},
                              wrapped = {BOOK_WRAP, BOOK_GENERAL, 0};

static void put(const struct writer *w, uint32_t row, int col, const char *text,
                struct book_look look)
{
    w->ops->text(w->book, w->sheet, row, (uint16_t)col, text, look);
}

static const struct line *line_at(const struct writer *w, int line)
{
    return &w->b->m->def->lines[line];
}

static enum book_number number_of(const struct line *l)
{
    if (l->type == VALUE_DATE)
        return BOOK_DATE;
    if (l->type != VALUE_NUM)
        return BOOK_GENERAL;
    switch (l->unit) {
    case UNIT_MONEY:
        return BOOK_MONEY;
    case UNIT_RATE:
        return BOOK_RATE;
    case UNIT_PERCENT:
        return BOOK_PERCENT;
    case UNIT_COUNT:
        return BOOK_COUNT;
    case UNIT_MONTHS:
        return BOOK_GENERAL;
    default:
        return l->native != NATIVE_NONE ? BOOK_WHOLE : BOOK_COUNT;
    }
}

static const char *unit_of(const struct writer *w, const struct line *l)
{
    if (l->type == VALUE_NUM)
        return l->unit == UNIT_MONEY  ? w->b->m->currency
               : l->unit == UNIT_NONE ? ""
                                      : unit_name(l->unit);
    return l->type == VALUE_BOOL ? "yes or no" : l->type == VALUE_DATE ? "date" : "text";
}

/* ---- cells ----------------------------------------------------------------------------------- */

static const char *shown_text(const struct sheet_cell *c)
{
    switch (c->type) {
    case VALUE_NULL:
        return "#N/A";
    case VALUE_BOOL:
        return c->number != 0 ? "TRUE" : "FALSE";
    case VALUE_TEXT:
        return c->text;
    default:
        return NULL;
    }
}

static void put_cell(const struct writer *w, uint32_t row, int col, const struct sheet_cell *c,
                     struct book_look look)
{
    if (c->formula || c->type == VALUE_NULL)
        w->ops->formula(w->book, w->sheet, row, (uint16_t)col, c->formula ? c->formula : "NA()",
                        c->number, shown_text(c), look);
    else if (c->type == VALUE_BOOL)
        w->ops->truth(w->book, w->sheet, row, (uint16_t)col, c->number != 0, look);
    else if (c->type == VALUE_TEXT)
        put(w, row, col, c->text ? c->text : "", look);
    else
        w->ops->number(w->book, w->sheet, row, (uint16_t)col, c->number, look);
}

static bool put_period(const struct writer *w, uint32_t row, int line, size_t table_row, int period,
                       struct book_look look)
{
    struct sheet_cell c;

    if (!workbook_cell(w->b, line, table_row, period, &c, w->err))
        return false;
    put_cell(w, row, sheet_column(period), &c, look);
    sheet_cell_finish(&c);
    return true;
}

/* A cell of a line as this sheet reads it from the line's own. */
static bool put_link(const struct writer *w, uint32_t row, int col, int line, size_t table_row,
                     int period, struct book_look look)
{
    struct sheet_cell c;

    if (!workbook_cell(w->b, line, table_row, period, &c, w->err))
        return false;
    free(c.formula);
    c.formula = workbook_ref(w->b, w->sheet, line, table_row, period);
    put_cell(w, row, col, &c, look);
    sheet_cell_finish(&c);
    return true;
}

/* ---- sheets with months ---------------------------------------------------------------------- */

static bool put_header(const struct writer *w, bool months)
{
    int date = w->b->by_line[NATIVE_DATE];
    struct book_look month = {BOOK_HEAD, BOOK_MONTH, 0};
    bool ok = true;

    put(w, SHEET_HEADER, SHEET_LABEL, "", head);
    put(w, SHEET_HEADER, SHEET_NAME, "Name", head);
    put(w, SHEET_HEADER, SHEET_UNIT, "Unit", head);
    for (int i = 0; i < MODEL_YEARS; i++) {
        char *year = mem_printf("Year %d", i + 1);

        put(w, SHEET_HEADER, SHEET_YEARS + i, year, head);
        free(year);
    }
    if (!months)
        return true;
    put(w, SHEET_HEADER, SHEET_BEFORE, "Before", head);
    for (int i = 0; ok && i < MODEL_MONTHS; i++)
        ok = put_link(w, SHEET_HEADER, SHEET_MONTHS + i, date, 0, i, month);
    return ok;
}

static void put_names(const struct writer *w, uint32_t row, const struct sheet_row *r)
{
    const struct line *l = line_at(w, r->line);
    char *label = input_title(w->b->m, r->line, r->row);
    char *name = l->hidden ? mem_str("") : input_name(w->b->m, r->line, r->row);

    put(w, row, SHEET_LABEL, label,
        (struct book_look){r->total ? BOOK_TOTAL : BOOK_PLAIN, BOOK_GENERAL, r->level});
    put(w, row, SHEET_NAME, name, dim);
    put(w, row, SHEET_UNIT, unit_of(w, l), dim);
    free(label);
    free(name);
}

static bool put_line(const struct writer *w, uint32_t row, const struct sheet_row *r)
{
    const struct line *l = line_at(w, r->line);
    struct book_look look = {r->total ? BOOK_TOTAL : BOOK_PLAIN, number_of(l), 0};
    bool ok = true;

    put_names(w, row, r);
    if (!l->wide)
        return put_period(w, row, r->line, r->row, SHEET_ONCE, look);
    if (w->b->lagged[r->line] || l->opening >= 0)
        ok = put_period(w, row, r->line, r->row, SHEET_OPENING, look);
    for (int i = 0; ok && i < MODEL_CELLS; i++)
        if (i || l->native == NATIVE_NONE || l->native >= NATIVE_YEAR)
            ok = put_period(w, row, r->line, r->row, i, look);
    if (ok && l->native == NATIVE_MONTH)
        w->ops->number(w->book, w->sheet, row, SHEET_MONTHS, 1, look);
    return ok;
}

static bool put_linked(const struct writer *w, uint32_t row, const struct sheet_row *r, bool months)
{
    struct book_look look = {r->total ? BOOK_TOTAL : BOOK_LINK, number_of(line_at(w, r->line)), 0};
    bool ok = true;

    put_names(w, row, r);
    for (int i = months ? 0 : MODEL_MONTHS; ok && i < MODEL_CELLS; i++)
        ok = put_link(w, row, sheet_column(i), r->line, r->row, i, look);
    return ok;
}

/* Why a figure has no value, and how the model says it. */
static void put_why(const struct writer *w, uint32_t row, const struct sheet_row *r)
{
    const struct line *l = line_at(w, r->line);
    size_t at = cell_at(w->b->m, r->line, r->row);
    int why = w->b->m->why[at] ? w->b->m->why[at] : l->null_reason;
    const char *text = w->b->m->def->reasons[why].text;
    char *value = sheet_a1(SHEET_VALUE, row, false);

    if (text && w->b->traits[r->line].null) {
        char *formula = mem_printf("IF(ISERROR(%s),\"%s\",\"\")", value, text);

        w->ops->formula(w->book, w->sheet, row, SHEET_VALUE + 1, formula, 0,
                        w->b->m->why[at] ? text : "", dim);
        free(formula);
    }
    if (l->expr)
        put(w, row, SHEET_BEFORE, expr_source(l->expr), dim);
    free(value);
}

/* The items of a list, side by side. */
static bool put_items(const struct writer *w, uint32_t row, const struct sheet_row *r)
{
    const struct sheet_list *list = &w->b->lists[r->row];
    struct book_look look = {BOOK_LINK, number_of(line_at(w, list->places[0].line)), 0};
    bool ok = true;

    put(w, row, SHEET_LABEL, line_at(w, r->line)->label,
        (struct book_look){BOOK_PLAIN, BOOK_GENERAL, 1});
    for (size_t i = 0; ok && i < list->count; i++) {
        struct sheet_cell c;

        ok = workbook_item(w->b, r->row, i, &c, w->err);
        if (!ok)
            break;
        put_cell(w, row, SHEET_MONTHS + (int)i, &c, look);
        sheet_cell_finish(&c);
    }
    return ok;
}

static bool put_rows(const struct writer *w, const struct sheet *s)
{
    bool ok = true;

    for (size_t i = 0; ok && i < s->count; i++) {
        const struct sheet_row *r = &s->rows[i];
        uint32_t row = SHEET_FIRST + (uint32_t)i;

        if (r->kind == SHEET_HEADING)
            put(w, row, SHEET_LABEL, r->text, heading);
        else if (r->kind == SHEET_LINE)
            ok = put_line(w, row, r);
        else if (r->kind == SHEET_LINK)
            ok = put_linked(w, row, r, s->kind != SHEET_ANNUAL);
        else if (r->kind == SHEET_LIST)
            ok = put_items(w, row, r);
        if (r->kind == SHEET_LINE && s->kind == SHEET_MEASURES)
            put_why(w, row, r);
    }
    return ok;
}

static bool put_list(const struct writer *w, const struct sheet *s)
{
    bool measures = s->kind == SHEET_MEASURES;

    w->ops->column(w->book, w->sheet, SHEET_LABEL, SHEET_LABEL, 44);
    w->ops->column(w->book, w->sheet, SHEET_NAME, SHEET_NAME, 30);
    w->ops->column(w->book, w->sheet, SHEET_UNIT, SHEET_UNIT, 9);
    w->ops->column(w->book, w->sheet, SHEET_YEARS, SHEET_COLS - 1, 13);
    put(w, 0, 0, s->title, title);
    if (!measures)
        return put_header(w, s->kind != SHEET_ANNUAL) && put_rows(w, s);
    for (int col = 0; col <= SHEET_BEFORE; col++)
        put(w, SHEET_HEADER, col,
            col == SHEET_NAME        ? "Name"
            : col == SHEET_UNIT      ? "Unit"
            : col == SHEET_VALUE     ? "Value"
            : col == SHEET_VALUE + 1 ? "Why there is none"
            : col == SHEET_BEFORE    ? "As the model says it"
                                     : "",
            head);
    return put_rows(w, s);
}

/* ---- inputs ---------------------------------------------------------------------------------- */

static void put_basis(const struct writer *w, uint32_t row, const struct sheet_row *r)
{
    const struct model *m = w->b->m;
    const struct line *l = line_at(w, r->line);
    enum origin from = l->kind == LINE_INPUT
                           ? (enum origin)m->origin[m->origin_first[r->line] + r->row]
                           : ORIGIN_NONE;
    const struct basis *basis = l->kind == LINE_INPUT ? model_basis(m, r->line, r->row) : NULL;
    bool null = m->why[cell_at(m, r->line, r->row)];
    const char *source = NULL, *date = NULL;

    put(w, row, IN_MARK,
        from == ORIGIN_ANSWER ? "your answer"
        : null                ? "not stated"
        : l->kind != LINE_INPUT || (basis && basis->text && model_basis_matters(m, basis, r->row))
            ? "assumption"
            : "the usual value",
        plain);
    if (l->native != NATIVE_NONE) {
        if (!model_source(m, r->line, &source, &date))
            source = NULL;
    } else if (basis && basis->text && from != ORIGIN_ANSWER) {
        put(w, row, IN_BASIS, basis->text, plain);
        model_basis_source(m, basis, &source, &date);
    }
    put(w, row, IN_SOURCE, source ? source : "", plain);
    put(w, row, IN_DATE, date ? date : "", plain);
}

static void put_limits(const struct writer *w, uint32_t row, int first, int last,
                       const struct line *l)
{
    double scale = l->percent ? 100 : 1, least = num_to_double(l->least) / scale,
           most = num_to_double(l->most) / scale;

    if (l->has_least || l->has_most)
        w->ops->limits(w->book, w->sheet, row, (uint16_t)first, (uint16_t)last,
                       l->has_least ? &least : NULL, l->has_most ? &most : NULL);
}

static struct book_look input_look(const struct line *l, const struct sheet_cell *c, bool answer)
{
    return (struct book_look){
        answer && !c->formula ? BOOK_INPUT : BOOK_ASSUMPTION,
        l->type == VALUE_NUM && l->unit == UNIT_COUNT ? BOOK_GENERAL : number_of(l), 0};
}

static bool put_input(const struct writer *w, uint32_t row, const struct sheet_row *r)
{
    const struct model *m = w->b->m;
    const struct line *l = line_at(w, r->line);
    bool answer =
        l->kind == LINE_INPUT && m->origin[m->origin_first[r->line] + r->row] == ORIGIN_ANSWER;
    struct sheet_cell c;

    put_names(w, row, r);
    put_basis(w, row, r);
    if (!l->by_month) {
        if (!workbook_cell(w->b, r->line, r->row, SHEET_ONCE, &c, w->err))
            return false;
        put_cell(w, row, SHEET_VALUE, &c, input_look(l, &c, answer));
        sheet_cell_finish(&c);
        put_limits(w, row, SHEET_VALUE, SHEET_VALUE, l);
        return true;
    }
    for (int i = 0; i < 12; i++) {
        if (!workbook_by_month(w->b, r->line, r->row, i, &c, w->err))
            return false;
        put_cell(w, row, SHEET_BY_MONTH + i, &c, input_look(l, &c, answer));
        sheet_cell_finish(&c);
    }
    put_limits(w, row, SHEET_BY_MONTH, SHEET_BY_MONTH + 11, l);
    return true;
}

static bool put_inputs(const struct writer *w, const struct sheet *s)
{
    static const char *const heads[] = {"",      "Name", "Unit", "Value", "From", "Basis", "Source",
                                        "Since", "Jan",  "Feb",  "Mar",   "Apr",  "May",   "Jun",
                                        "Jul",   "Aug",  "Sep",  "Oct",   "Nov",  "Dec"};
    static const double widths[] = {48, 34, 10, 16, 14, 40, 40, 12};
    bool ok = true;

    put(w, 0, 0, s->title, title);
    put(w, 1, 0, "Type over a coloured cell and everything follows.", dim);
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        put(w, SHEET_HEADER, (int)i, heads[i], head);
        w->ops->column(w->book, w->sheet, (uint16_t)i, (uint16_t)i,
                       i < ARRAY_LEN(widths) ? widths[i] : 9);
    }
    for (size_t i = 0; ok && i < s->count; i++) {
        uint32_t row = SHEET_FIRST + (uint32_t)i;

        if (s->rows[i].kind == SHEET_HEADING)
            put(w, row, SHEET_LABEL, s->rows[i].text, heading);
        else if (s->rows[i].kind == SHEET_LINE)
            ok = put_input(w, row, &s->rows[i]);
    }
    return ok;
}

/* ---- rates ----------------------------------------------------------------------------------- */

static bool put_rates(const struct writer *w, const struct sheet *s)
{
    static const char *const heads[] = {"", "Name", "Unit", "Value", "Since", "Source"};
    static const double widths[] = {48, 34, 10, 14, 12, 80};
    const struct book_look date = {BOOK_PLAIN, BOOK_DATE, 0};
    const char *note = rates_note(w->b->m->def->rates, model_country(w->b->m));

    put(w, 0, 0, s->title, title);
    put(w, 1, 0, note ? note : "", dim);
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        put(w, SHEET_HEADER, (int)i, heads[i], head);
        w->ops->column(w->book, w->sheet, (uint16_t)i, (uint16_t)i, widths[i]);
    }
    for (size_t i = 0; i < s->count; i++) {
        const struct sheet_row *r = &s->rows[i];
        uint32_t row = SHEET_FIRST + (uint32_t)i;
        struct sheet_cell c = {.type = r->rate ? VALUE_NUM : VALUE_NULL,
                               .number = r->rate ? num_to_double(r->rate->value) : 0};

        put_names(w, row, r);
        put_cell(w, row, SHEET_VALUE, &c,
                 (struct book_look){BOOK_ASSUMPTION, number_of(line_at(w, r->line)), 0});
        w->ops->number(w->book, w->sheet, row, SHEET_RATE_FROM, sheet_date(r->from), date);
        put(w, row, SHEET_RATE_FROM + 1,
            r->rate ? r->rate->source : "not known for this country or currency", plain);
    }
    return true;
}

/* ---- cover ----------------------------------------------------------------------------------- */

static bool put_cover(const struct writer *w, const struct sheet *s)
{
    static const struct {
        enum book_role role;
        const char *word, *meaning;
    } looks[] = {
        {BOOK_INPUT, "Blue",
         "an answer of the plan; type over it and everything is computed again"},
        {BOOK_ASSUMPTION, "Green",
         "an assumption where no answer was given, with its basis beside it; may be typed over, "
         "too"},
        {BOOK_PLAIN, "Black", "a formula, as the model has it; every cell that is not coloured"},
        {BOOK_DIM, "#N/A",
         "an error stands for: there is no value, like a margin without sales. What needs it has "
         "none either"},
    };
    const struct model_def *def = w->b->m->def;
    const char *business = doc_str(w->in->plan->intake_data, "business_name", w->in->plan->name);
    char date[CLOCK_ISO_SIZE], *text;
    int holds = def_find(def, "checks.all_hold");
    uint32_t row = 7;

    (void)s;
    clock_iso_date(w->in->plan->updated_at, date);
    w->ops->column(w->book, w->sheet, 0, 0, 24);
    w->ops->column(w->book, w->sheet, 1, 1, 90);
    put(w, 0, 0, business, title);
    put(w, 1, 0, "Financial model: 60 months and 5 years", plain);
    put(w, 3, 0, "Prepared by", dim);
    put(w, 3, 1, w->in->author, plain);
    put(w, 4, 0, "Date", dim);
    text = mem_printf("%s, version %lld", date, (long long)w->in->plan->current_version);
    put(w, 4, 1, text, plain);
    free(text);
    put(w, 5, 0, "Amounts in", dim);
    put(w, 5, 1, w->b->m->currency, plain);
    if (holds >= 0) {
        put(w, 6, 0, "All checks hold", dim);
        if (!put_link(w, 6, 1, holds, 0, SHEET_ONCE, plain))
            return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(looks); i++, row++) {
        put(w, row + 1, 0, looks[i].word, (struct book_look){looks[i].role, BOOK_GENERAL, 0});
        put(w, row + 1, 1, looks[i].meaning, wrapped);
    }
    row += 2;
    for (size_t i = 1; i < w->b->sheet_count; i++, row++) {
        put(w, row, 0, w->b->sheets[i].name, plain);
        put(w, row, 1, w->b->sheets[i].title, plain);
    }
    put(w, row + 1, 1,
        "Names of lines are the model's own; the list of names knows them. Sheets are protected "
        "without a password, so that only coloured cells are typed into by mistake.",
        wrapped);
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool put_sheet(const struct writer *w, const struct sheet *s)
{
    switch (s->kind) {
    case SHEET_COVER:
        return put_cover(w, s);
    case SHEET_INPUTS:
        return put_inputs(w, s);
    case SHEET_RATES:
        return put_rates(w, s);
    default:
        return put_list(w, s);
    }
}

static bool put_all(struct writer *w)
{
    const struct workbook *b = w->b;

    for (size_t i = 0; i < b->sheet_count; i++) {
        enum sheet_kind kind = b->sheets[i].kind;

        w->ops->sheet(w->book, b->sheets[i].name, kind == SHEET_COVER ? 0 : SHEET_FIRST,
                      kind == SHEET_COVER ? 0 : 1);
    }
    for (size_t i = 0; i < b->m->def->line_count; i++)
        if (b->names[i]) {
            char *range = workbook_range(b, (int)i);

            w->ops->name(w->book, b->names[i], range);
            free(range);
        }
    w->ops->about(w->book, w->in->plan->name, w->in->author);
    for (w->sheet = 0; w->sheet < (int)b->sheet_count; w->sheet++)
        if (!put_sheet(w, &b->sheets[w->sheet]))
            return false;
    return true;
}

/* The library writes files only, so there is one for a moment. */
static bool write_by_file(struct writer *w, const char *path, const char *folder,
                          struct strbuf *out)
{
    bool ok, closed;
    struct err late;
    size_t len;
    char *bytes;

    w->book = w->ops->open(path, folder, w->b->m->exponent);
    if (!w->book)
        return err_set(w->err, ERR_IO, 0, "The spreadsheet could not be begun in %s", folder);
    ok = put_all(w);
    closed = w->ops->close(w->book, ok ? w->err : &late);
    if (!ok || !closed)
        return false;
    bytes = paths_read_file(path, FILE_LIMIT, &len, w->err);
    if (bytes)
        strbuf_add(out, bytes, len);
    free(bytes);
    return bytes != NULL;
}

static bool write_xlsx(const struct export_input *in, struct strbuf *out, struct err *err)
{
    struct writer w = {.in = in, .err = err};
    const char *tmp = getenv("TMPDIR");
    char *folder, *path;
    struct workbook *b;
    bool ok;

    w.ops = module_open(BOOK_MODULE, BOOK_MODULE_SYMBOL, "spreadsheets", err);
    if (!w.ops)
        return false;
    b = workbook_create(in->model, err);
    if (!b)
        return false;
    w.b = b;
    folder = mem_printf("%s/strattio-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    ok = mkdtemp(folder) != NULL ||
         err_set(err, ERR_IO, 0, "No temporary folder can be made: %s", folder);
    path = mem_printf("%s/model.xlsx", folder);
    if (ok) {
        ok = write_by_file(&w, path, folder, out);
        unlink(path);
        rmdir(folder);
    }
    free(path);
    free(folder);
    workbook_free(b);
    return ok;
}

const struct exporter export_xlsx = {
    .format = EXPORT_XLSX,
    .suffix = ".xlsx",
    .of_model = true,
    .write = write_xlsx,
};
