/* answer_paste.c - ways to name and bring rows that people know from elsewhere: paths with rows in
 * brackets, and lines copied from a spreadsheet. A pasted row is read as a table of one, on answers
 * that hold little else, so that a thousand rows cost no more than a thousand times one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/mem.h"

#include "intake/answers.h"
#include "intake/fold.h"

enum { CELLS_MOST = 64 };

/* ---- paths --------------------------------------------------------------------------------- */

/* "products", 2 and ".price" out of "products[2].price" or "products.price[2]"; false if nothing
 * stands in brackets. */
static bool cut_brackets(const char *typed, char **table, char **column, size_t *row)
{
    const char *open = strchr(typed, '['), *dot = strchr(typed, '.');
    char *end = NULL;
    unsigned long n = open ? strtoul(open + 1, &end, 10) : 0;

    if (!open || *end != ']' || n < 1 || (end[1] && end[1] != '.') || (dot && dot < open && end[1]))
        return false;
    *row = n - 1;
    *table = mem_strn(typed, (size_t)((dot && dot < open ? dot : open) - typed));
    *column = dot && dot < open ? mem_strn(dot, (size_t)(open - dot)) : mem_str(end + 1);
    return true;
}

static bool is_word(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && strncmp(text, word, len) == 0;
}

/* "products.+" and "products.last" */
static char *word_path(const char *typed, const bson_t *answers, struct err *err)
{
    size_t table = strcspn(typed, "."), len = typed[table] ? strcspn(typed + table + 1, ".") : 0;
    const char *word = typed + table + (typed[table] == '.');
    bool last = is_word(word, len, "last");
    char *name = mem_strn(typed, table), *path = NULL;
    size_t rows = doc_count(answers, name);

    if (!last && !is_word(word, len, "+"))
        path = mem_str(typed);
    else if (last && !rows)
        err_set(err, ERR_NOT_FOUND, 0, "%.60s has no rows yet; %.60s.+ adds one", name, name);
    else
        path = mem_printf("%s.%zu%s", name, rows - last, word + len);
    free(name);
    return path;
}

char *intake_path(const char *typed, const bson_t *answers, struct err *err)
{
    char *table, *column, *path;
    size_t row;

    if (!cut_brackets(typed, &table, &column, &row))
        return word_path(typed, answers, err);
    path = mem_printf("%s.%zu%s", table, row, column);
    free(table);
    free(column);
    return path;
}

/* ---- pasting ------------------------------------------------------------------------------- */

struct paste {
    const struct intake *in;
    const struct question *table;
    const struct question *columns[CELLS_MOST]; /* of the cells of a line; NULL: none */
    bson_t one;                                 /* answers with a table of one row */
    struct pasted *out;
    size_t wrong_cap;
};

/* The cell that begins at *at, which then stands behind it; the caller frees it. */
static char *take_cell(const char **at)
{
    size_t len = strcspn(*at, "\t\n");
    char *cell = mem_strn(*at, len);
    size_t used = strlen(cell);

    while (used && strchr(" \r", cell[used - 1]))
        cell[--used] = '\0';
    *at += len;
    return cell;
}

const struct question *answers_column(const struct question *table, const char *name)
{
    const struct question *found = NULL;
    char *wanted = fold_text(name);

    for (size_t i = 0; *wanted && i < table->column_count && !found; i++) {
        char *field = fold_text(table->columns[i].field),
             *label = fold_text(table->columns[i].label);

        if (strcmp(wanted, field) == 0 || strcmp(wanted, label) == 0)
            found = &table->columns[i];
        free(field);
        free(label);
    }
    free(wanted);
    return found;
}

/* The columns as the first line names them, if all of it does; else in their order. */
static void take_head(struct paste *p, const char **text)
{
    const char *at = *text;
    size_t named = 0, cells = 0;
    bool all = true;

    for (bool more = true; more; at += more) {
        char *cell = take_cell(&at);
        const struct question *column = answers_column(p->table, cell);

        if (cells < CELLS_MOST)
            p->columns[cells++] = column;
        named += column != NULL;
        all = all && (column || !*cell);
        free(cell);
        more = *at == '\t';
    }
    if (named && all) {
        *text = at + (*at == '\n');
        return;
    }
    for (size_t i = 0; i < CELLS_MOST; i++)
        p->columns[i] = i < p->table->column_count ? &p->table->columns[i] : NULL;
}

static void add_wrong(struct paste *p, const struct question *column, const char *text,
                      const char *why)
{
    p->out->wrong =
        mem_grow(p->out->wrong, &p->wrong_cap, p->out->wrong_count + 1, sizeof *p->out->wrong);
    p->out->wrong[p->out->wrong_count++] =
        (struct pasted_cell){p->out->first + p->out->rows, column, mem_str(text), mem_str(why)};
}

static void set_cell(struct paste *p, const struct question *column, const char *cell)
{
    char *path = mem_printf("%s.0.%s", p->table->field, column->field);
    struct err err = {0};

    if (*cell == '>') /* would fill rows that are pasted after it */
        add_wrong(p, column, cell, "A pasted cell holds one value");
    else if (!intake_set(p->in, path, cell, &p->one, &err))
        add_wrong(p, column, cell, err.msg);
    free(path);
}

/* One line into one row; false if nothing stands in it. */
static bool take_line(struct paste *p, const char **text)
{
    bool any = false, more = true;

    for (size_t i = 0; more; i++) {
        char *cell = take_cell(text);

        if (*cell && i < CELLS_MOST && p->columns[i]) {
            set_cell(p, p->columns[i], cell);
            any = true;
        }
        free(cell);
        more = **text == '\t';
        *text += more;
    }
    *text += **text == '\n';
    return any;
}

/* What a cell is read by: the currency, and which way round a date is written. */
static void begin_row(struct paste *p, const bson_t *answers)
{
    static const char *const needed[] = {"currency", "location_country"};

    bson_reinit(&p->one);
    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        const char *text = doc_str(answers, needed[i], NULL);

        if (text)
            bson_append_utf8(&p->one, needed[i], -1, text, -1);
    }
}

static void append_row(struct paste *p, bson_t *rows)
{
    char *path = mem_printf("%s.0", p->table->field), key[24];
    bson_t row = BSON_INITIALIZER, view;

    snprintf(key, sizeof key, "%zu", p->out->first + p->out->rows++);
    bson_append_document(rows, key, -1, doc_view(&p->one, path, &view) ? &view : &row);
    bson_destroy(&row);
    free(path);
}

bool intake_paste(const struct intake *in, const struct question *table, const char *text,
                  bson_t *answers, struct pasted *out, struct err *err)
{
    struct paste p = {.in = in, .table = table, .one = BSON_INITIALIZER, .out = out};
    bson_t rows = BSON_INITIALIZER, view;
    bool ok;

    *out = (struct pasted){.first = doc_count(answers, table->field)};
    if (out->first && doc_view(answers, table->field, &view))
        bson_concat(&rows, &view);
    take_head(&p, &text);
    while (*text) {
        begin_row(&p, answers);
        if (take_line(&p, &text))
            append_row(&p, &rows);
    }
    ok = out->rows && !((double)(out->first + out->rows) > table->max);
    if (!out->rows)
        err_set(err, ERR_INVALID, 0, "There is no row in what was pasted");
    else if (!ok)
        err_set(err, ERR_LIMIT, 0,
                "%zu rows and the %zu there are would be more than the %.0f %s can have; nothing "
                "was added",
                out->rows, out->first, table->max, table->label);
    if (ok)
        doc_set_doc(answers, table->field, &rows, true);
    if (ok && answers_is_sales(table->field))
        answers_derive_sales(answers);
    if (!ok)
        pasted_finish(out);
    bson_destroy(&rows);
    bson_destroy(&p.one);
    return ok;
}

void pasted_finish(struct pasted *p)
{
    for (size_t i = 0; i < p->wrong_count; i++) {
        free(p->wrong[i].text);
        free(p->wrong[i].why);
    }
    free(p->wrong);
    *p = (struct pasted){0};
}
