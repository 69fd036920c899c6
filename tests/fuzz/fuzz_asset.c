/* fuzz_asset.c - whatever bytes a file has, asset_parse() gives a tree or an error with a place;
 * whatever tree, model_def_read() gives a model that runs or an error with a place. */
#include <assert.h>

#include "fuzz/fuzz.h"

#include "strattio/err.h"
#include "strattio/model.h"

#include "asset/asset.h"
#include "finance/model_def.h"

#define BASE                                                                                       \
    "input currency text \"C\"\ninput location_country text \"L\"\ninput industry text \"I\"\n"

static const char *const seeds[] = {
    "rule SUL-05 blocker \"Amount\"\n    test  loan.amount <= 25000 \\\n      and true\n"
    "    fail  \"You ask \\\"x\\\"\" # note\n  \"\"\"\n",
    "a \"\"\"\n   one\n     two\n  \"\"\"\nb\n\tc\n",
    BASE "input n number \"N\"\n  default 2\n  least 0\n  basis \"b\"\n  source rates.company_tax\n"
         "table t \"T\"\n  path t u\n  column x money \"X\"\n    default n * 3\n"
         "  otherwise\n    x n + 1\n      basis \"why\"\n  flow f money \"F\"\n    = x * month\n"
         "flow s money \"S\"\n  = sum(t.f)\nfigure low money \"L\"\n  = lowest(s)\n",
    BASE "stock balance money \"B\"\n  = balance[-1] + 1\n  opening 10\n"
         "stock a number \"A\"\n  = b[-2] + 1\nstock b number \"B\"\n  = a\n"
         "ratio r rate \"R\"\n  = balance / (a + b)\n  null no_revenue\n"
         "statement s \"S\"\n  total balance\n  part a\n"
         "output years years\n  year year\n  b balance\noutput one\n  f f\n",
    BASE "figure f number \"F\"\n  = first_month(month > 3) + 12 ^ 2\n"
         "note n \"N\"\n  when f > 3 and currency in [\"GBP\", \"EUR\"]\nreason x \"X\"\n  fix y\n"
         "output o months\n  d date\n  m month\n",
    NULL,
};

static const char *const tokens[] = {
    "\n",         "\n  ",      "\n    ",
    " ",          "\t",        "\\\n",
    "\"",         "\"\"\"",    "#",
    "flow ",      "stock ",    "ratio ",
    "figure ",    "table ",    "input ",
    "column ",    "opening ",  "= ",
    "default ",   "null ",     "path ",
    "by_month",   "percent",   "output ",
    "statement ", "[-1]",      "[m60]",
    "[y5]",       "sum(",      "t.x",
    "s",          "a",         "b",
    "money",      "text",      "bool",
    "date",       "months",    "year",
    "ytd(s)",     "lowest(",   "rates.company_tax",
    "/ 0",        "10 ^ 26 *", "industry.gross_margin",
    "\xff",       "\x01",      NULL,
};

static void run(struct model_def *def)
{
    struct err err = {0};
    bson_t answers = BSON_INITIALIZER, rows, row, data;
    struct model *m;

    bson_append_utf8(&answers, "location_country", -1, "GB", -1);
    bson_append_array_begin(&answers, "t", -1, &rows);
    bson_append_document_begin(&rows, "0", -1, &row);
    bson_append_double(&row, "x", -1, 12.5);
    bson_append_document_end(&rows, &row);
    bson_append_array_end(&answers, &rows);
    m = model_build(def, &answers, "2027-01-01", &err);
    if (m) {
        model_data(m, &data);
        for (size_t i = 0; i < model_line_count(def); i++) {
            struct figure f;

            if (model_figure(m, model_line_name(def, i), &f, &err))
                figure_finish(&f);
        }
        bson_destroy(&data);
    } else {
        assert(err.code == ERR_INVALID || err.code == ERR_LIMIT);
    }
    model_free(m);
    bson_destroy(&answers);
}

static void feed(const char *data, size_t len)
{
    struct err err = {0};
    struct asset *a = asset_parse("fuzz", data, len, &err);
    struct model_def *def = a ? model_def_read(a, &err) : NULL;

    if (def)
        run(def);
    else
        assert((err.code == ERR_INVALID || err.code == ERR_LIMIT) &&
               strncmp(err.msg, "fuzz:", 5) == 0);
    model_def_free(def);
}

int main(int argc, char **argv)
{
    static const struct fuzz fuzz = {
        .name = "asset", .seeds = seeds, .tokens = tokens, .feed = feed, .runs = 3000};

    return fuzz_main(&fuzz, argc, argv);
}
