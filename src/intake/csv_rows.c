/* csv_rows.c - rows of a table out of a file of comma-separated values, as a spreadsheet saves it. The
 * first line names the columns; each cell is read as if it had been typed into the wizard. libcsv
 * takes the text apart. */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "intake/answers.h"

enum { COLUMNS_MAX = 64, ROWS_TEXT_LIMIT = 4 << 20 };

struct sheet {
    const struct question *table;
    const struct question
        *columns[COLUMNS_MAX]; /* of the file, in its order; NULL: a blank heading */
    size_t column_count;
    size_t line, column; /* of the cell being read, from 1 and 0 */
    bson_t row;          /* what the line holds so far, as typed */
    bson_t *rows;
    size_t row_count;
    bool failed;
    struct err *err;
};

/* A value that is a list of choices or lines is typed with semicolons, and so is it here. */
static void put_cell(struct sheet *s, const char *text)
{
    const struct question *column = s->column < s->column_count ? s->columns[s->column] : NULL;

    if (*text && s->column >= s->column_count)
        s->failed = !err_set(s->err, ERR_INVALID, 0,
                             "line %zu has more cells than the first line has names; the cell "
                             "\"%.40s\" belongs to no column",
                             s->line, text);
    else if (*text && column)
        bson_append_utf8(&s->row, column->field, -1, text, -1);
}

/* "Name, Price, Unit cost" */
static void names_of(const struct question *table, struct strbuf *out)
{
    for (size_t i = 0; i < table->column_count; i++)
        strbuf_printf(out, "%s%s", i ? ", " : "", table->columns[i].field);
}

static void put_heading(struct sheet *s, const char *text)
{
    const struct question *found;
    struct strbuf all;

    if (s->column_count == COLUMNS_MAX) {
        s->failed = !err_set(s->err, ERR_INVALID, 0, "the first line has more than %d cells",
                             (int)COLUMNS_MAX);
        return;
    }
    found = answers_column(s->table, text);
    for (size_t i = 0; i < s->column_count && found; i++)
        if (s->columns[i] == found)
            s->failed = !err_set(s->err, ERR_INVALID, 0,
                                 "the first line names the column \"%.40s\" twice", text);
    s->columns[s->column_count++] = found;
    if (found || !*text || s->failed)
        return;
    strbuf_init(&all, 4096);
    names_of(s->table, &all);
    s->failed = !err_set(s->err, ERR_INVALID, 0,
                         "\"%.40s\" in the first line is no column of %s; its columns are %s", text,
                         s->table->field, all.data);
    strbuf_finish(&all);
}

static void on_cell(void *cell, size_t len, void *context)
{
    struct sheet *s = context;
    char *text;

    (void)len; /* a byte 0 ends the cell */
    if (s->failed)
        return;
    text = mem_str(cell ? cell : "");
    if (!bson_utf8_validate(text, strlen(text), false))
        s->failed = !err_set(s->err, ERR_INVALID, 0,
                             "line %zu is not UTF-8; save the file as \"CSV UTF-8\"", s->line);
    else if (s->line == 1)
        put_heading(s, text);
    else
        put_cell(s, text);
    s->column++;
    free(text);
}

static void on_line(int end, void *context)
{
    struct sheet *s = context;
    const char *key;
    char buffer[16];

    (void)end;
    if (!s->failed && s->line > 1 && !bson_empty(&s->row)) {
        bson_uint32_to_string((uint32_t)s->row_count++, &key, buffer, sizeof buffer);
        BSON_APPEND_DOCUMENT(s->rows, key, &s->row);
    }
    bson_reinit(&s->row);
    s->line++;
    s->column = 0;
}

/* What stands between the cells of the first line: the commonest of comma, semicolon and tab. */
static unsigned char separator(const char *text, size_t len)
{
    static const char kinds[] = ",;\t";
    size_t counts[sizeof kinds - 1] = {0}, best = 0;
    bool quoted = false;

    for (size_t i = 0; i < len && (quoted || text[i] != '\n'); i++) {
        const char *kind = text[i] ? strchr(kinds, text[i]) : NULL;

        quoted ^= text[i] == '"';
        if (kind && !quoted)
            counts[kind - kinds]++;
    }
    for (size_t i = 1; i < ARRAY_LEN(counts); i++)
        if (counts[i] > counts[best])
            best = i;
    return (unsigned char)kinds[best];
}

static bool read_rows(struct sheet *s, const char *text, size_t len)
{
    struct csv_parser parser;

    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL))
        return err_set(s->err, ERR_IO, 0, "the file cannot be read as comma-separated values");
    csv_set_delim(&parser, separator(text, len));
    if (csv_parse(&parser, text, len, on_cell, on_line, s) != len ||
        csv_fini(&parser, on_cell, on_line, s))
        s->failed = s->failed ||
                    !err_set(s->err, ERR_INVALID, 0, "line %zu: %s", s->line,
                             "a quotation mark stands inside a cell or is not closed; a cell with "
                             "marks in it is written \"so \"\"it\"\" reads\"");
    csv_free(&parser);
    return !s->failed;
}

/* The rows of `answers` under the table come first, unless they are to go. */
static void begin_rows(const struct question *table, bool replace, const bson_t *answers,
                       struct sheet *s)
{
    bson_t old;

    if (replace || !doc_view(answers, table->field, &old))
        return;
    bson_concat(s->rows, &old);
    s->row_count = bson_count_keys(&old);
}

bool intake_rows_from_csv(const struct intake *in, const char *table, const char *text, size_t len,
                          bool replace, bson_t *answers, size_t *count, struct err *err)
{
    bson_t rows = BSON_INITIALIZER;
    struct sheet s = {.table = intake_question(in, table), .line = 1, .rows = &rows, .err = err};
    struct strbuf json;
    size_t before;
    bool ok;

    if (!s.table || s.table->type != QUESTION_TABLE)
        return err_set(err, ERR_NOT_FOUND, 0, "\"%.60s\" is not a table of the answers", table);
    bson_init(&s.row);
    begin_rows(s.table, replace, answers, &s);
    before = s.row_count;
    ok = read_rows(&s, text, len) &&
         (s.row_count > before ||
          err_set(
              err, ERR_INVALID, 0,
              "the file has no rows: the first line names the columns, each further one is a row"));
    strbuf_init(&json, ROWS_TEXT_LIMIT);
    if (ok) {
        json_write_array(&rows, JSON_COMPACT, &json);
        ok = intake_set(in, table, json.data, answers, err);
    }
    *count = s.row_count - before;
    strbuf_finish(&json);
    bson_destroy(&s.row);
    bson_destroy(&rows);
    return ok;
}
