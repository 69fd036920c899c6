/* model_statement.c - statements as tables. What goes over the rows of a table is written out once for
 * each row of the plan, with the name of that row: when the model is built, so that rows are lent like
 * those that are declared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "finance/model_run.h"

/* How many declared rows from `at` on go over the same table. */
static size_t stretch(const struct statement *s, size_t at)
{
    size_t count = 1;

    while (s->tables[at] >= 0 && at + count < s->count && s->tables[at + count] == s->tables[at])
        count++;
    return count;
}

static size_t rows_over(const struct model *m, int table)
{
    return table < 0 ? 1 : m->rows[table];
}

/* "Bank loan"; the same for all if rows have no names. */
static const char *row_title(const struct model *m, int table, size_t row)
{
    int line = m->def->tables[table].title;
    size_t cell = line < 0 ? 0 : cell_at(m, line, row);

    return line < 0 || m->why[cell] ? m->def->tables[table].label : m->texts[m->v[cell]];
}

/* The name and the label of a row, one after the other, each with its end. */
static void add_texts(const struct model *m, const struct statement_row *declared, int table,
                      size_t row, struct strbuf *texts)
{
    strbuf_str(texts, declared->name);
    if (table >= 0)
        strbuf_printf(texts, "[%zu]", row + 1);
    strbuf_char(texts, 0);
    if (table >= 0)
        strbuf_printf(texts, "%s: ", row_title(m, table, row));
    strbuf_str(texts, declared->label);
    strbuf_char(texts, 0);
}

static const char *after(const char *text)
{
    return text + strlen(text) + 1;
}

static void list_statement(const struct model *m, const struct statement *s,
                           struct statement_view *v)
{
    const char *text;
    struct strbuf texts;
    size_t cap = 0;

    strbuf_init(&texts, STRBUF_DOC_LIMIT);
    for (size_t at = 0, n; at < s->count; at += n) {
        n = stretch(s, at);
        for (size_t row = 0; row < rows_over(m, s->tables[at]); row++)
            for (size_t i = at; i < at + n; i++) {
                add_texts(m, &s->rows[i], s->tables[at], row, &texts);
                v->rows = mem_grow(v->rows, &cap, v->count + 1, sizeof *v->rows);
                v->rows[v->count++] = s->rows[i];
            }
    }
    v->texts = strbuf_take(&texts);
    text = v->texts;
    for (size_t i = 0; i < v->count; i++) {
        v->rows[i].name = text;
        v->rows[i].label = after(text);
        text = after(after(text));
    }
}

void model_list_statements(struct model *m)
{
    const struct model_def *def = m->def;

    m->views = mem_zero(def->statement_count, sizeof *m->views);
    for (size_t i = 0; i < def->statement_count; i++)
        if (def->statements[i].goes_over_rows)
            list_statement(m, &def->statements[i], &m->views[i]);
}

void model_drop_statements(struct model *m)
{
    for (size_t i = 0; m->views && i < m->def->statement_count; i++) {
        free(m->views[i].rows);
        free(m->views[i].texts);
    }
    free(m->views);
}

size_t model_statement(const struct model *m, const char *statement,
                       const struct statement_row **rows)
{
    const struct model_def *def = m->def;

    for (size_t i = 0; i < def->statement_count; i++) {
        const struct statement *s = &def->statements[i];

        if (strcmp(s->name, statement) != 0)
            continue;
        *rows = s->goes_over_rows ? m->views[i].rows : s->rows;
        return s->goes_over_rows ? m->views[i].count : s->count;
    }
    return 0;
}

size_t model_statement_count(const struct model_def *def)
{
    return def->statement_count;
}

const char *model_statement_name(const struct model_def *def, size_t i)
{
    return def->statements[i].name;
}

const char *model_statement_title(const struct model_def *def, size_t i)
{
    return def->statements[i].label;
}
