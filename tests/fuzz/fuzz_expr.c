/* fuzz_expr.c - whatever expr_parse() takes is evaluated without a fault; whatever it refuses it
 * refuses with a place. */
#include <assert.h>

#include "fuzz/fuzz.h"

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "expr/expr.h"

static const char *const seeds[] = {
    "round(units * price, money)",
    "if(month < start_month, 0, units * (1 + growth) ^ (year - 1)) ?? 6%",
    "any(products.price[2] > 5) and not (a.b[y1] <= 3 or c[m7] != \"x\")",
    "legal_form in [\"a\", \"b\"] or months_between(2027-01-01, start) >= 12",
    "sum(list * 2) / count(list) - avg(list, 1, 2) + max(1, min(list)) ^ -0.5",
    "len(lower(\"\xc3\x89 A\")) + year(date(2027, 2, 28) + 1) + abs(-(1 / 0 ?? -3))",
    "[1, 2, [3, null]] = [x[-1], reason(missing), is_null(missing)]",
    "pmt(6% / 12, 60, 10000) + ipmt(1%, 2, 12, 100, 0, 1) - cumprinc(1%, 12, 100, 1, 6, 0)",
    "irr([-100, 230, -132]) ?? xirr([-1, 2], [2026-01-01, 2027-01-01]) + mirr(list, 10%, 12%)",
    "npv0(9%, [1, 2, 3]) + xnpv(1%, [1, 2], [2026-01-01, 2027-01-01]) * nper(1%, -9, 100)",
    "rate(48, -200, 8000) + fv(6%, 10, -200, -500, 1) - pv(8%, 240, 500) / sln(3, 2, 1)",
    NULL,
};

static const char *const tokens[] = {
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "??",
    "=",
    "!=",
    "<=",
    "<",
    ">",
    "in ",
    "and ",
    "or ",
    "not ",
    "null",
    "true",
    "false",
    "missing",
    "list",
    "text",
    "day",
    "money",
    "6%",
    "1e9",
    "0",
    "99999",
    "0.00000001",
    "\"",
    "\\",
    "[-1]",
    "[y5]",
    "[m60]",
    "[3]",
    "round(",
    "floor(",
    "sum(",
    "min(",
    "count(",
    "if(",
    "any(",
    "len(",
    "date(",
    "2027-02-29",
    "null(",
    "is_null(",
    "contains(",
    "months_between(",
    "^ 99",
    "((((((((((((((((((((((((",
    "\n",
    "10 ^ 26",
    "\xff",
    "\xc3",
    NULL,
};

static bool lookup(const struct expr_scope *scope, const char *name, struct expr_index index,
                   struct value *out, struct err *err)
{
    (void)scope;
    if (strcmp(name, "missing") == 0) {
        *out = value_null("input_missing");
    } else if (strcmp(name, "text") == 0) {
        *out = value_text("2027-01-31");
    } else if (strcmp(name, "day") == 0) {
        *out = value_date(20000);
    } else if (strcmp(name, "list") == 0) {
        *out = (struct value){.type = VALUE_LIST, .items = mem_zero(3, sizeof *out), .count = 3};
        for (int i = 0; i < 3; i++)
            out->items[i] = value_num(num_from_int(i - 1), UNIT_MONEY);
    } else if (strlen(name) > 12) {
        return err_set(err, ERR_NOT_FOUND, 0, "there is nothing called that");
    } else {
        *out = value_num(num_from_int(index.n + 3), (enum unit)(strlen(name) % 6));
    }
    return true;
}

static void feed(const char *data, size_t len)
{
    static const struct expr_scope scope = {.lookup = lookup};
    char *text = mem_strn(data, len);
    struct err err = {0};
    struct expr *e = expr_parse(text, "fuzz", 1, 1, &err);
    struct strbuf out;
    struct value v;

    if (!e) {
        assert(err.code == ERR_INVALID || err.code == ERR_LIMIT);
        assert(strncmp(err.msg, "fuzz:", 5) == 0);
    } else if (expr_eval(e, &scope, &v, &err)) {
        strbuf_init(&out, STRBUF_DOC_LIMIT);
        value_print(&v, &out);
        value_format(&v, "money", "GBP", &out);
        value_format(&v, "list", "GBP", &out);
        strbuf_finish(&out);
        value_finish(&v);
    } else {
        assert(err.code != ERR_NONE);
        assert(strncmp(err.msg, "fuzz:", 5) == 0);
    }
    expr_free(e);
    free(text);
}

int main(int argc, char **argv)
{
    static const struct fuzz fuzz = {
        .name = "expr", .seeds = seeds, .tokens = tokens, .feed = feed, .runs = 40000};

    return fuzz_main(&fuzz, argc, argv);
}
