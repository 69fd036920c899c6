/* model_build.c - a plan's figures: answers in, then every line in order. */
#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "expr/days.h"
#include "finance/model_run.h"

static bool run(struct model *m, struct err *err)
{
    const struct model_def *def = m->def;

    for (size_t i = 0; i < def->group_count; i++)
        if (!model_run_group(m, &def->groups[i], ALL_ROWS, err))
            return false;
    return true;
}

struct model *model_build(const struct model_def *def, const bson_t *intake, const char *start_date,
                          struct err *err)
{
    struct model *m = mem_zero(1, sizeof *m);

    m->def = def;
    m->answers = bson_copy(intake);
    if (model_take_answers(m, intake, start_date, err) && run(m, err)) {
        model_list_statements(m);
        return m;
    }
    model_free(m);
    return NULL;
}

struct model *model_copy(const struct model *from)
{
    struct model *m = mem_copy(from, sizeof *from);
    size_t lines = from->def->line_count;

    m->first = mem_copy(from->first, lines * sizeof *m->first);
    m->origin_first = mem_copy(from->origin_first, lines * sizeof *m->origin_first);
    m->v = mem_copy(from->v, from->cell_count * sizeof *m->v);
    m->why = mem_copy(from->why, from->cell_count);
    m->origin = mem_copy(from->origin, from->origin_count);
    m->texts = mem_zero(from->text_count, sizeof(char *));
    m->text_cap = from->text_count;
    for (size_t i = 0; i < from->text_count; i++)
        m->texts[i] = mem_str(from->texts[i]);
    m->currency = mem_str(from->currency);
    m->answers = bson_copy(from->answers);
    model_list_statements(m);
    return m;
}

void model_free(struct model *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->text_count; i++)
        free(m->texts[i]);
    free(m->texts);
    free(m->first);
    free(m->v);
    free(m->why);
    free(m->origin);
    free(m->origin_first);
    free(m->currency);
    bson_destroy(m->answers);
    model_drop_statements(m);
    free(m);
}

const char *model_currency(const struct model *m)
{
    return m->currency;
}

void model_month_label(const struct model *m, int month, struct strbuf *out)
{
    struct civil date = days_to_civil(days_add_months(m->start, month - 1));

    strbuf_printf(out, "%.3s %d", days_month_name(date.month), date.year);
}
