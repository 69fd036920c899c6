/* answer_rows.c - whole rows of a table: taken out, copied, moved, and a column filled down from one
 * value on: ">2i3" adds 3 each row, ">38000g5%" grows by 5%, ">4" repeats. Where each row is a year
 * the missing years are made. Each cell is then set as if it had been typed, so that every limit
 * holds. */
#include "intake/answer_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "intake/answers.h"
#include "intake/questions.h"
#include "intake/typed.h"

enum { ROW_LIMIT = 1024 * 1024 };

/* ---- one row ------------------------------------------------------------------------------- */

void intake_remove_row(const char *table, size_t row, bson_t *answers)
{
    bson_t rows, left = BSON_INITIALIZER;
    bson_iter_t it;
    size_t from = 0, to = 0;

    if (!doc_view(answers, table, &rows))
        return;
    bson_iter_init(&it, &rows);
    for (; bson_iter_next(&it); from++) {
        char key[24];

        if (from == row)
            continue;
        snprintf(key, sizeof key, "%zu", to++);
        bson_append_iter(&left, key, -1, &it);
    }
    if (bson_empty(&left))
        doc_unset(answers, table);
    else
        doc_set_doc(answers, table, &left, true);
    bson_destroy(&left);
    if (answers_is_sales(table))
        answers_derive_sales(answers);
}

bool intake_copy_row(const struct intake *in, const char *table, size_t row, bson_t *answers,
                     struct err *err)
{
    char *from = mem_printf("%s.%zu", table, row);
    char *to = mem_printf("%s.%zu", table, doc_count(answers, table));
    struct strbuf typed;
    bool ok;

    strbuf_init(&typed, ROW_LIMIT);
    intake_typed(in, answers, from, &typed);
    ok = typed.len ? intake_set(in, to, typed.data, answers, err)
                   : err_set(err, ERR_NOT_FOUND, 0, "There is no row %zu to copy", row + 1);
    strbuf_finish(&typed);
    free(from);
    free(to);
    return ok;
}

void intake_move_row(const char *table, size_t row, bool down, bson_t *answers)
{
    bson_t rows, moved = BSON_INITIALIZER;
    size_t count = doc_count(answers, table), other = down ? row + 1 : row - 1;

    if (row >= count || other >= count || !doc_view(answers, table, &rows))
        return;
    for (size_t i = 0; i < count; i++) {
        char key[24], from[24];
        bson_iter_t it;

        snprintf(key, sizeof key, "%zu", i);
        snprintf(from, sizeof from, "%zu", i == row ? other : i == other ? row : i);
        if (bson_iter_init_find(&it, &rows, from))
            bson_append_iter(&moved, key, -1, &it);
    }
    doc_set_doc(answers, table, &moved, true);
    bson_destroy(&moved);
}

/* ---- filling ------------------------------------------------------------------------------- */

static const struct question *period_of(const struct intake *in, const struct question *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (questions_rule(in, &table->columns[i])->period)
            return &table->columns[i];
    }
    return NULL;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

bool answer_rows_is_fill(const struct intake *in, const struct question *table,
                         const struct question *column, const char *typed)
{
    const struct question *period = period_of(in, table);
    bool numbers = column->type == QUESTION_MONEY || column->type == QUESTION_NUMBER ||
                   column->type == QUESTION_WHOLE || column->type == QUESTION_PERCENT;

    return *skip_blanks(typed) == '>' && period != column && numbers;
}

bool answer_rows_read_fill(const char *typed, struct fill *out)
{
    const char *text = skip_blanks(skip_blanks(typed) + 1);
    size_t len = strcspn(text, "iIgG");
    char *start = mem_strn(text, len);
    bool ok;

    *out = (struct fill){.grows = text[len] == 'g' || text[len] == 'G'};
    while (len && start[len - 1] == ' ')
        start[--len] = '\0';
    ok = typed_number(start, &out->start);
    text += strcspn(text, "iIgG");
    if (ok && *text) {
        text = skip_blanks(text + 1);
        ok = out->grows ? typed_percent(text, &out->step) : typed_number(text, &out->step);
    }
    free(start);
    return ok;
}

double answer_rows_fill_value(const struct fill *f, size_t periods)
{
    return f->grows ? f->start * pow(1 + f->step / 100, (double)periods)
                    : f->start + f->step * (double)periods;
}

/* Makes the row of the period after the one before it, if it is not there. */
static bool make_period(const struct intake *in, const struct question *table, size_t row,
                        bson_t *answers, struct err *err)
{
    const struct question *period = period_of(in, table);
    char *path, *before, number[24];
    bool ok = true;

    if (!period)
        return true;
    path = mem_printf("%s.%zu.%s", table->field, row, period->field);
    if (!doc_has(answers, path)) {
        before = mem_printf("%s.%zu.%s", table->field, row ? row - 1 : 0, period->field);
        snprintf(number, sizeof number, "%lld", (long long)doc_int(answers, before, 0) + 1);
        ok = intake_set(in, path, number, answers, err);
        free(before);
    }
    free(path);
    return ok;
}

static bool set_cell(const struct intake *in, const struct question *table,
                     const struct question *column, size_t row, double value, bson_t *answers,
                     struct err *err)
{
    char *path = mem_printf("%s.%zu.%s", table->field, row, column->field);
    char *typed = mem_printf("%.*f", column->type == QUESTION_WHOLE ? 0 : 2, value);
    bool ok = intake_set(in, path, typed, answers, err);

    free(typed);
    free(path);
    return ok;
}

/* How many rows there are once it is filled: the last period ends it. */
static size_t end_row(const struct intake *in, const struct question *table, size_t row,
                      const bson_t *answers)
{
    const struct question *period = period_of(in, table);
    size_t rows = doc_count(answers, table->field), most = (size_t)table->max;
    int64_t last;
    char *path;

    if (!period)
        return rows > row ? rows : row + 1;
    path = mem_printf("%s.%zu.%s", table->field, rows ? rows - 1 : 0, period->field);
    last = doc_int(answers, path, (int64_t)rows);
    free(path);
    for (; rows < most && last < (int64_t)period->max; last++)
        rows++;
    return rows > row ? rows : row + 1;
}

bool answer_rows_fill(const struct intake *in, const struct question *table,
                      const struct question *column, size_t row, const char *typed, bson_t *answers,
                      struct err *err)
{
    struct fill fill;
    bson_t filled;
    size_t end;
    bool ok = true;

    if (!answer_rows_read_fill(typed, &fill))
        return err_set(err, ERR_INVALID, 0,
                       "\"%.40s\" fills nothing; try >100i10 to add 10 each row, >100g10%% to "
                       "grow by 10%%, or >100 to repeat",
                       typed);
    bson_copy_to(answers, &filled);
    end = end_row(in, table, row, answers);
    for (size_t i = row; ok && i < end; i++)
        ok = make_period(in, table, i, &filled, err) &&
             set_cell(in, table, column, i, answer_rows_fill_value(&fill, i - row), &filled, err);
    if (ok) {
        bson_reinit(answers);
        bson_concat(answers, &filled);
    }
    bson_destroy(&filled);
    return ok;
}
