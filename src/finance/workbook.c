/* workbook.c - where each line of a model stands. A line's group is its name up to the dot: a group that is a table
 * or a statement of its own gets a sheet; what is left goes by kind: answers to the inputs, lines over time to the
 * monthly sheet, single figures to the measures. A statement that names a line at home elsewhere shows a
 * link. */
#include "finance/workbook.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "finance/rates.h"

enum { CELLS_MOST = 2 * 1000 * 1000, ROWS_MOST = 1000 * 1000 };

/* The statements of the monthly sheet; every other one is a schedule. */
static const char *const monthly[] = {"pnl", "cashflow", "cashflow_indirect", "balance"};

/* Does it say nothing but the rows of tables? Those are on the tables' own sheets. */
static bool all_rows(const struct statement *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->tables[i] < 0)
            return false;
    return true;
}

static bool is_monthly(const struct statement *s)
{
    for (size_t i = 0; i < ARRAY_LEN(monthly); i++)
        if (strcmp(s->name, monthly[i]) == 0)
            return true;
    return false;
}

static const struct line *line_at(const struct workbook *b, int line)
{
    return &b->m->def->lines[line];
}

/* ---- sheets and rows ------------------------------------------------------------------------- */

/* "other_funding" as "Other funding", but "vat" as its title has it: "VAT". */
static char *tab_name(const char *name, const char *title)
{
    size_t len = strlen(name);
    bool titled =
        title && strncasecmp(title, name, len) == 0 && !isalpha((unsigned char)title[len]);
    char *tab = titled ? mem_strn(title, len) : mem_str(name);

    tab[0] = (char)toupper((unsigned char)tab[0]);
    for (char *p = tab; *p; p++)
        if (*p == '_')
            *p = ' ';
    if (strlen(tab) > 31)
        tab[31] = '\0';
    return tab;
}

static int add_sheet(struct workbook *b, enum sheet_kind kind, const char *name, const char *title)
{
    b->sheets = mem_grow(b->sheets, &b->sheet_cap, b->sheet_count + 1, sizeof *b->sheets);
    b->sheets[b->sheet_count] =
        (struct sheet){.name = tab_name(name, title), .title = title, .kind = kind};
    return (int)b->sheet_count++;
}

static int find_sheet(const struct workbook *b, const char *name)
{
    char *tab = tab_name(name, NULL);
    int found = -1;

    for (size_t i = 0; i < b->sheet_count && found < 0; i++)
        if (strcasecmp(b->sheets[i].name, tab) == 0)
            found = (int)i;
    free(tab);
    return found;
}

static uint32_t add_row(struct workbook *b, int sheet, struct sheet_row row)
{
    struct sheet *s = &b->sheets[sheet];

    s->rows = mem_grow(s->rows, &s->cap, s->count + 1, sizeof *s->rows);
    s->rows[s->count] = row;
    return (uint32_t)(SHEET_FIRST + s->count++);
}

static void add_heading(struct workbook *b, int sheet, const char *text)
{
    if (b->sheets[sheet].count)
        add_row(b, sheet, (struct sheet_row){.kind = SHEET_BLANK});
    add_row(b, sheet, (struct sheet_row){.kind = SHEET_HEADING, .text = text});
}

/* All rows of a line together, so that a sum over them is one range. */
static void place(struct workbook *b, int sheet, int line, const struct statement_row *as)
{
    size_t rows = line_rows(b->m, line_at(b, line));

    for (size_t row = 0; row < rows; row++) {
        uint32_t at = add_row(b, sheet,
                              (struct sheet_row){.kind = SHEET_LINE,
                                                 .line = line,
                                                 .row = row,
                                                 .total = as && as->total,
                                                 .level = as ? as->level : 1});

        if (!row)
            b->homes[line] = (struct sheet_home){sheet, at};
    }
}

static bool is_placed(const struct workbook *b, int line)
{
    return b->homes[line].sheet >= 0;
}

/* ---- what belongs where ---------------------------------------------------------------------- */

static bool in_group(const struct line *l, const char *group)
{
    size_t len = strlen(group);

    return strncmp(l->name, group, len) == 0 && (l->name[len] == '.' || !l->name[len]);
}

static bool is_clock(const struct line *l)
{
    return l->native >= NATIVE_MONTH && l->native <= NATIVE_DATE;
}

/* Is it told with the inputs: an answer, or a usual value of the trade? */
static bool is_input(const struct line *l)
{
    return (l->kind == LINE_INPUT && l->native == NATIVE_NONE && !l->by_month) ||
           l->native == NATIVE_GROSS_MARGIN || l->native == NATIVE_OPERATING_MARGIN;
}

static void place_inputs_of(struct workbook *b, int sheet, int table)
{
    for (size_t i = 0; i < b->m->def->line_count; i++) {
        const struct line *l = line_at(b, (int)i);

        if (l->table != table || l->hidden)
            continue;
        if (is_input(l))
            place(b, sheet, (int)i, NULL);
        for (size_t row = 0; l->by_month && row < line_rows(b->m, l); row++) {
            uint32_t at = add_row(
                b, sheet, (struct sheet_row){.kind = SHEET_LINE, .line = (int)i, .row = row});

            if (!row)
                b->asked[i] = (struct sheet_home){sheet, at};
        }
    }
}

static void place_inputs(struct workbook *b)
{
    int sheet = find_sheet(b, "inputs");

    add_heading(b, sheet, "The business");
    place_inputs_of(b, sheet, -1);
    for (size_t i = 0; i < b->m->def->table_count; i++) {
        if (!b->m->rows[i])
            continue;
        add_heading(b, sheet, b->m->def->tables[i].label);
        place_inputs_of(b, sheet, (int)i);
    }
}

/* The lines that `wanted` says, under a heading, if there are any. */
static void place_some(struct workbook *b, int sheet, const char *heading,
                       bool (*wanted)(const struct line *l, const void *context),
                       const void *context)
{
    bool headed = false;

    for (size_t i = 0; i < b->m->def->line_count; i++) {
        const struct line *l = line_at(b, (int)i);

        if (is_placed(b, (int)i) || !wanted(l, context) || !line_rows(b->m, l))
            continue;
        if (!headed)
            add_heading(b, sheet, heading);
        headed = true;
        place(b, sheet, (int)i, NULL);
    }
}

static bool of_time(const struct line *l, const void *context)
{
    (void)context;
    return is_clock(l);
}

static bool of_rates(const struct line *l, const void *context)
{
    (void)context;
    return l->native == NATIVE_RATE;
}

static bool of_group(const struct line *l, const void *group)
{
    return !l->hidden && l->table < 0 && !is_input(l) && in_group(l, group);
}

static bool figure_of_group(const struct line *l, const void *group)
{
    return of_group(l, group) && !l->wide;
}

static bool over_time(const struct line *l, const void *context)
{
    (void)context;
    return !l->hidden && l->table < 0 && l->wide;
}

struct in_table {
    int table;
    bool wide;
};

static bool of_table(const struct line *l, const void *context)
{
    const struct in_table *in = context;

    return !l->hidden && l->table == in->table && l->wide == in->wide && !is_input(l);
}

/* ---- statements ------------------------------------------------------------------------------ */

static void place_statement(struct workbook *b, int sheet, const struct statement *s, bool home)
{
    add_heading(b, sheet, s->label);
    for (size_t i = 0; i < s->count; i++) {
        const struct statement_row *r = &s->rows[i];
        int line = def_find(b->m->def, r->name);

        int table = s->tables[i];

        for (size_t row = 0; table >= 0 && !home && row < b->m->rows[table]; row++)
            add_row(b, sheet,
                    (struct sheet_row){.kind = SHEET_LINK,
                                       .line = line,
                                       .row = row,
                                       .total = r->total,
                                       .level = r->level});
        if (table >= 0)
            continue;
        if (home && !is_placed(b, line) && (in_group(line_at(b, line), s->name) || is_monthly(s)))
            place(b, sheet, line, r);
        else
            add_row(b, sheet,
                    (struct sheet_row){
                        .kind = SHEET_LINK, .line = line, .total = r->total, .level = r->level});
    }
}

static void place_schedule(struct workbook *b, const char *group, const struct statement *s,
                           int table)
{
    int sheet = find_sheet(b, group);

    if (s)
        place_statement(b, sheet, s, true);
    if (table >= 0) {
        place_some(b, sheet, b->m->def->tables[table].label, of_table,
                   &(struct in_table){table, true});
        place_some(b, sheet, "Once for each row", of_table, &(struct in_table){table, false});
    }
    place_some(b, sheet, "Besides", of_group, group);
}

static const struct statement *schedule_named(const struct model_def *def, const char *name)
{
    for (size_t i = 0; i < def->statement_count; i++)
        if (!is_monthly(&def->statements[i]) && strcmp(def->statements[i].name, name) == 0)
            return &def->statements[i];
    return NULL;
}

static int table_named(const struct model_def *def, const char *name)
{
    for (size_t i = 0; i < def->table_count; i++)
        if (strcmp(def->tables[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Does a table have lines that are no inputs? */
static bool has_lines(const struct workbook *b, int table)
{
    for (size_t i = 0; i < b->m->def->line_count; i++) {
        const struct line *l = line_at(b, (int)i);

        if (l->table == table && !l->hidden && !is_input(l))
            return b->m->rows[table] > 0;
    }
    return false;
}

static void make_sheets(struct workbook *b)
{
    const struct model_def *def = b->m->def;

    add_sheet(b, SHEET_COVER, "cover", "Cover");
    add_sheet(b, SHEET_INPUTS, "inputs", "Inputs");
    add_sheet(b, SHEET_RATES, "rates", "Dated rates and thresholds");
    add_sheet(b, SHEET_MONTHLY, "monthly", "By month");
    add_sheet(b, SHEET_ANNUAL, "annual", "By year");
    add_sheet(b, SHEET_MEASURES, "measures", "Measures");
    for (size_t i = 0; i < def->table_count; i++)
        if (has_lines(b, (int)i) || schedule_named(def, def->tables[i].name))
            add_sheet(b, SHEET_SCHEDULE, def->tables[i].name, def->tables[i].label);
    for (size_t i = 0; i < def->statement_count; i++)
        if (!is_monthly(&def->statements[i]) && !all_rows(&def->statements[i]) &&
            find_sheet(b, def->statements[i].name) < 0)
            add_sheet(b, SHEET_SCHEDULE, def->statements[i].name, def->statements[i].label);
    b->workings =
        add_sheet(b, SHEET_WORKINGS, "workings", "Parts of formulas that need values of their own");
}

/* The lines of one group without a sheet of their own, each group under its name. */
static void place_groups(struct workbook *b, int sheet,
                         bool (*wanted)(const struct line *l, const void *context))
{
    for (size_t i = 0; i < b->m->def->line_count; i++) {
        const struct line *l = line_at(b, (int)i);
        char group[64];

        if (is_placed(b, (int)i) || l->hidden || l->table >= 0 || is_input(l) || l->wide)
            continue;
        snprintf(group, sizeof group, "%.*s", (int)strcspn(l->name, "."), l->name);
        place_some(b, sheet, l->label, wanted, group);
    }
}

/* ---- hidden lines ---------------------------------------------------------------------------- */

static void mark_program(const struct workbook *b, const struct program *p, bool *needed);

static void mark_line(const struct workbook *b, int line, bool *needed)
{
    const struct line *l = line_at(b, line);

    if (needed[line])
        return;
    needed[line] = true;
    mark_program(b, &l->program, needed);
    mark_program(b, &l->otherwise_program, needed);
    if (l->opening >= 0) /* stands in the line's own row, but reads others */
        mark_program(b, &line_at(b, l->opening)->program, needed);
}

static bool reads_line(enum vm_op op)
{
    return (op >= VM_LOAD && op <= VM_MONTHS);
}

static void mark_program(const struct workbook *b, const struct program *p, bool *needed)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct instr *in = &p->code[i];

        if (!reads_line(in->op))
            continue;
        if (in->op == VM_LAG)
            b->lagged[in->line] = true;
        mark_line(b, in->line, needed);
    }
}

static bool of_workings(const struct line *l, const void *context)
{
    const struct in_table *in = context;

    return l->hidden && l->wide == in->wide;
}

static void place_workings(struct workbook *b, const bool *needed)
{
    int sheet = b->workings;

    add_heading(b, sheet, "Lists");
    for (size_t i = 0; i < b->m->def->line_count; i++)
        if (needed[i])
            sheet_lists(b, (int)i);
    for (size_t i = 0; i < b->list_count; i++)
        b->lists[i].row = add_row(
            b, sheet, (struct sheet_row){.kind = SHEET_LIST, .line = b->lists[i].line, .row = i});
    for (int wide = 1; wide >= 0; wide--) {
        add_heading(b, sheet, wide ? "By month" : "Once");
        for (size_t i = 0; i < b->m->def->line_count; i++)
            if (needed[i] && of_workings(line_at(b, (int)i), &(struct in_table){.wide = wide}))
                place(b, sheet, (int)i, NULL);
    }
}

/* ---- rates ----------------------------------------------------------------------------------- */

/* The values of a rate that are in force at the end of any month, one row each. */
static void place_rate(struct workbook *b, int sheet, int line)
{
    const struct model *m = b->m;
    const char *country = model_country(m);
    const struct rate_value *last = NULL;

    for (int i = 0; i < MODEL_MONTHS; i++) {
        enum rate_gap gap;
        const struct rate_value *v = rates_at(m->def->rates, line_at(b, line)->rate, country,
                                              m->currency, m->last_day[i], &gap);
        int32_t from = v && v->from > m->start ? v->from : i ? m->last_day[i - 1] + 1 : m->start;
        uint32_t at;

        if (i && v == last)
            continue;
        if (!i && v)
            from = v->from;
        last = v;
        at = add_row(b, sheet,
                     (struct sheet_row){.kind = SHEET_RATE, .line = line, .rate = v, .from = from});
        if (!b->dated_count[line]++)
            b->dated[line] = (struct sheet_home){sheet, at};
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

/* Would a spreadsheet read it as a cell, like "fy26" or "r1c1"? */
static bool looks_like_cell(const char *name)
{
    size_t letters = 0, digits;

    while (isalpha((unsigned char)name[letters]))
        letters++;
    digits = strspn(name + letters, "0123456789");
    if (letters <= 3 && digits && !name[letters + digits])
        return true;
    return strcmp(name, "r") == 0 || strcmp(name, "c") == 0 ||
           ((name[0] == 'r' || name[0] == 'c') && letters == 1 && digits);
}

static char *defined_name(const char *name)
{
    const char *tail = strrchr(name, '.');

    return looks_like_cell(tail ? tail + 1 : name) ? mem_printf("%s_", name) : mem_str(name);
}

static void make_names(struct workbook *b)
{
    for (size_t i = 0; i < b->m->def->line_count; i++) {
        const struct line *l = line_at(b, (int)i);

        if (l->table < 0 && !l->hidden && is_placed(b, (int)i))
            b->names[i] = defined_name(l->name);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool check_size(const struct workbook *b, struct err *err)
{
    size_t cells = 0, rows = 0;

    for (size_t i = 0; i < b->m->def->line_count; i++) {
        const struct line *l = line_at(b, (int)i);

        cells += line_rows(b->m, l) * (l->wide ? SHEET_COLS : SHEET_UNIT + 2);
        rows += line_rows(b->m, l);
    }
    return (cells <= CELLS_MOST && rows <= ROWS_MOST) ||
           err_set(err, ERR_LIMIT, 0,
                   "the model has %zu cells and a spreadsheet of it at most %d: put rows of its "
                   "tables together",
                   cells, CELLS_MOST);
}

static void place_all(struct workbook *b)
{
    const struct model_def *def = b->m->def;
    bool *needed = mem_zero(def->line_count, sizeof *needed);
    int by_month, by_year, rates;

    for (size_t i = 0; i < def->line_count; i++)
        if (!def->lines[i].hidden)
            mark_line(b, (int)i, needed);
    make_sheets(b);
    by_month = find_sheet(b, "monthly");
    by_year = find_sheet(b, "annual");
    rates = find_sheet(b, "rates");
    place_inputs(b);
    place_some(b, by_month, "Time", of_time, NULL);
    for (size_t i = 0; i < def->table_count; i++)
        if (find_sheet(b, def->tables[i].name) >= 0)
            place_schedule(b, def->tables[i].name, schedule_named(def, def->tables[i].name),
                           (int)i);
    for (size_t i = 0; i < def->statement_count; i++)
        if (!is_monthly(&def->statements[i]) && !all_rows(&def->statements[i]) &&
            table_named(def, def->statements[i].name) < 0)
            place_schedule(b, def->statements[i].name, &def->statements[i], -1);
    for (size_t i = 0; i < def->statement_count; i++) {
        if (is_monthly(&def->statements[i]))
            place_statement(b, by_month, &def->statements[i], true);
        place_statement(b, by_year, &def->statements[i], false);
    }
    place_some(b, by_month, "Rates in force", of_rates, NULL);
    place_some(b, by_month, "What the statements are made of", over_time, NULL);
    place_groups(b, find_sheet(b, "measures"), figure_of_group);
    place_workings(b, needed);
    for (size_t i = 0; i < def->line_count; i++)
        if (def->lines[i].native == NATIVE_RATE)
            place_rate(b, rates, (int)i);
    free(needed);
}

struct workbook *workbook_create(const struct model *m, struct err *err)
{
    struct workbook *b = mem_zero(1, sizeof *b);
    size_t lines = m->def->line_count;

    b->m = m;
    if (!check_size(b, err)) {
        free(b);
        return NULL;
    }
    b->homes = mem_zero(lines, sizeof *b->homes);
    b->asked = mem_zero(lines, sizeof *b->asked);
    b->dated = mem_zero(lines, sizeof *b->dated);
    b->dated_count = mem_zero(lines, sizeof *b->dated_count);
    b->traits = mem_zero(lines, sizeof *b->traits);
    b->lagged = mem_zero(lines, sizeof *b->lagged);
    b->names = mem_zero(lines, sizeof(char *));
    for (size_t i = 0; i < lines; i++) {
        b->homes[i].sheet = b->asked[i].sheet = b->dated[i].sheet = -1;
        if (m->def->lines[i].native != NATIVE_NONE && m->def->lines[i].native < NATIVE_RATE)
            b->by_line[m->def->lines[i].native] = (int)i;
    }
    place_all(b);
    make_names(b);
    sheet_traits(b);
    return b;
}

void workbook_free(struct workbook *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->sheet_count; i++) {
        free(b->sheets[i].name);
        free(b->sheets[i].rows);
    }
    for (size_t i = 0; i < b->m->def->line_count; i++)
        free(b->names[i]);
    for (size_t i = 0; i < b->list_count; i++)
        free(b->lists[i].places);
    free(b->lists);
    free(b->names);
    free(b->sheets);
    free(b->homes);
    free(b->asked);
    free(b->dated);
    free(b->dated_count);
    free(b->traits);
    free(b->lagged);
    free(b);
}
