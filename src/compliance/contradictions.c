/* contradictions.c - where two answers, or an answer and the model made of the others, cannot both be
 * true. Each row of the table measures two values; what relation they must have, how they are called
 * and what to do about it is data. A value that is not stated contradicts nothing. Figures of the
 * model stand for the answers they come from, whose path is given. */
#include <bson/bson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "compliance/compliance.h"
#include "expr/days.h"
#include "expr/value.h"
#include "finance/model_scope.h"

enum { ROWS = 200, YEARS = 5 };

/* How the two values must stand to each other. */
enum relation { EQUAL, AT_MOST, NEAR };

struct look {
    const struct compliance_input *in;
    const bson_t *answers;
    size_t row; /* of the table the check goes through; 0 for the first or for none */
    double a, b;
};

struct contradiction {
    const char *id, *name;
    const char *a_path, *a_label;
    const char *b_path, *b_label;
    const char *format; /* of both values, as in {{figure:format}} */
    enum relation relation;
    double margin; /* EQUAL: share of the larger; NEAR: distance */
    const char
        *table; /* the check goes through its rows, which both paths are columns of; or NULL */
    const char *advice;
    bool (*measure)(struct look *l); /* fills a and b; false if one is not stated */
};

/* ---- answers as numbers ---- */

/* The number under `path`; false if there is none. */
static bool number(const bson_t *answers, const char *path, double *out)
{
    *out = doc_num(answers, path, NAN);
    return !isnan(*out);
}

static bool cell(const struct look *l, const char *table, size_t row, const char *column,
                 double *out)
{
    char path[96];

    snprintf(path, sizeof(path), "%s.%zu.%s", table, row, column);
    return number(l->answers, path, out);
}

static double cell_or(const struct look *l, const char *table, size_t row, const char *column,
                      double fallback)
{
    double value;

    return cell(l, table, row, column, &value) ? value : fallback;
}

static size_t rows_of(const struct look *l, const char *table)
{
    size_t rows = doc_count(l->answers, table);

    return rows < ROWS ? rows : ROWS;
}

/* The sum of `column`, times `by` unless that is NULL; false without a row that has it. */
static bool sum(const struct look *l, const char *table, const char *column, const char *by,
                double *out)
{
    bool any = false;
    double value, times;

    *out = 0;
    for (size_t i = 0; i < rows_of(l, table); i++) {
        times = by ? cell_or(l, table, i, by, 0) : 1;
        if (!cell(l, table, i, column, &value))
            continue;
        any = true;
        *out += value * times;
    }
    return any;
}

static bool figure(const struct look *l, const char *name, struct expr_index index, double *out)
{
    struct err ignored = {0};
    struct value v = {0};
    bool ok =
        l->in->model && model_value(l->in->model, name, index, &v, &ignored) && v.type == VALUE_NUM;

    if (ok)
        *out = num_to_double(v.num);
    value_finish(&v);
    return ok;
}

static bool figure_of_year(const struct look *l, const char *name, int year, double *out)
{
    return figure(l, name, (struct expr_index){.kind = INDEX_YEAR, .n = year}, out);
}

static bool date(const char *text, double *out)
{
    int32_t day;

    if (!text || !days_parse(text, &day))
        return false;
    *out = day;
    return true;
}

/* People on the payroll in month `month`, each founder counted too: whether a founder is also among
 * the posts nobody says. */
static bool people_in_month(const struct look *l, int month, double *out)
{
    size_t posts = rows_of(l, "staff"), founders = rows_of(l, "founders");

    *out = founders ? (double)founders : 1;
    for (size_t i = 0; i < posts; i++)
        if (cell_or(l, "staff", i, "start_month", 1) <= month)
            *out += cell_or(l, "staff", i, "headcount", 1);
    return posts > 0;
}

/* ---- the measures, in the order of the table ---- */

static bool sales_and_estimate(struct look *l)
{
    double price, units;

    if (!number(l->answers, "monthly_revenue_estimate", &l->b))
        return false;
    if (sum(l, "products", "price", "units_per_month", &l->a))
        return true;
    if (!number(l->answers, "price_per_unit", &price) ||
        !number(l->answers, "units_per_month", &units))
        return false;
    l->a = price * units;
    return true;
}

static bool uses_and_ask(struct look *l)
{
    double loan = doc_num(l->answers, "loan.amount", 0), ask = doc_num(l->answers, "ask_amount", 0);

    l->b = loan + ask;
    return sum(l, "use_of_funds", "amount", NULL, &l->a) && l->b > 0;
}

static bool jobs_and_payroll(struct look *l)
{
    double year;

    return cell(l, "jobs_by_year", l->row, "year", &year) && year >= 1 && year <= YEARS &&
           cell(l, "jobs_by_year", l->row, "jobs", &l->a) &&
           people_in_month(l, (int)year * 12, &l->b);
}

static bool job_pay_and_payroll(struct look *l)
{
    double salary;

    l->b = 0;
    for (size_t i = 0; i < rows_of(l, "staff"); i++)
        if (cell(l, "staff", i, "annual_salary", &salary))
            l->b = fmax(l->b, salary);
    return cell(l, "jobs_by_year", l->row, "average_salary", &l->a) && l->b > 0;
}

static bool first_month_and_team(struct look *l)
{
    l->a = 0;
    for (size_t i = 0; i < rows_of(l, "staff"); i++)
        if (cell_or(l, "staff", i, "start_month", 1) <= 1)
            l->a += cell_or(l, "staff", i, "headcount", 1);
    return l->a > 0 && number(l->answers, "team_size", &l->b);
}

static bool margin_and_trade(struct look *l)
{
    return figure_of_year(l, "pnl.gross_margin", 1, &l->a) &&
           figure(l, "industry.gross_margin", (struct expr_index){0}, &l->b);
}

static bool cost_and_price(struct look *l)
{
    return cell(l, "products", l->row, "unit_cost", &l->a) &&
           cell(l, "products", l->row, "price", &l->b) && l->b > 0;
}

static bool reachable_and_total(struct look *l)
{
    return number(l->answers, "sam", &l->a) && number(l->answers, "tam", &l->b);
}

static bool winnable_and_reachable(struct look *l)
{
    return number(l->answers, "som", &l->a) && number(l->answers, "sam", &l->b);
}

static bool sales_and_winnable(struct look *l)
{
    return figure_of_year(l, "pnl.revenue", 1, &l->a) && number(l->answers, "som", &l->b) &&
           l->b > 0;
}

static bool sales_and_market(struct look *l)
{
    const char *currency = doc_str(l->answers, "currency", "");

    return strcmp(doc_str(l->answers, "market.size_currency", currency), currency) == 0 &&
           figure_of_year(l, "pnl.revenue", 1, &l->a) &&
           number(l->answers, "market.size_amount", &l->b) && l->b > 0;
}

static bool listed_and_counted_rivals(struct look *l)
{
    l->a = (double)rows_of(l, "competitors");
    return number(l->answers, "market.competitor_count", &l->b);
}

static bool interest_only_and_term(struct look *l)
{
    return number(l->answers, "loan.interest_only_months", &l->a) &&
           number(l->answers, "loan.term_months", &l->b) && ++l->a;
}

/* The loan cannot be paid out before it is applied for: the end of its month counts. */
static bool application_and_payment(struct look *l)
{
    double month, start;

    if (!date(doc_str(l->answers, "application_date", NULL), &l->a) ||
        !date(doc_str(l->answers, "start_date", NULL), &start) ||
        !number(l->answers, "loan.month", &month) || month < 1 || month > MODEL_MONTHS)
        return false;
    l->b = days_add_months((int32_t)start, (int)month) - 1;
    return true;
}

/* A business that trades has begun by the date of the plan. */
static bool start_and_trading(struct look *l)
{
    double months;

    return number(l->answers, "months_trading", &months) && months > 0 &&
           date(doc_str(l->answers, "start_date", NULL), &l->a) && date(l->in->as_of, &l->b);
}

static bool injection_and_project(struct look *l)
{
    return number(l->answers, "equity_injection", &l->a) &&
           number(l->answers, "project_cost", &l->b);
}

static bool experience_and_age(struct look *l)
{
    return cell(l, "founders", l->row, "years_experience", &l->a) &&
           cell(l, "founders", l->row, "age", &l->b);
}

static bool cost_begin_and_end(struct look *l)
{
    return cell(l, "fixed_costs", l->row, "start_month", &l->a) &&
           cell(l, "fixed_costs", l->row, "end_month", &l->b);
}

static const struct contradiction contradictions[] = {
    {"ANS-SALES", "Sales a month", "products", "Price times units a month",
     "monthly_revenue_estimate", "the sales a month", "money0", EQUAL, 0.01, NULL,
     "Change prices and units, or the estimate, until both say the same.", sales_and_estimate},
    {"ANS-USES", "What the money pays for", "use_of_funds", "The uses of the money", "loan.amount",
     "the amount asked for", "money0", EQUAL, 0.01, NULL,
     "Change the uses or the amount until both agree.", uses_and_ask},
    {"ANS-JOBS", "Jobs and payroll", "jobs_by_year.jobs", "Jobs promised for a year", "staff",
     "the founders and everybody on the payroll by its end", "count", AT_MOST, 0, "jobs_by_year",
     "Add the posts to the staff table, so that their pay is in the figures, or promise fewer "
     "jobs.",
     jobs_and_payroll},
    {"ANS-PAY", "Pay of the jobs", "jobs_by_year.average_salary", "The average salary of the jobs",
     "staff.annual_salary", "the highest salary on the payroll", "money0", AT_MOST, 0,
     "jobs_by_year", "Correct the average, or the salaries of the staff table.",
     job_pay_and_payroll},
    {"ANS-TEAM", "People on the first day", "staff", "Posts paid from the first month", "team_size",
     "the people on the first day", "count", AT_MOST, 0, NULL,
     "Let posts start later, or count these people in the team.", first_month_and_team},
    {"ANS-MARGIN", "Price and the margin of the trade", "price_per_unit",
     "The gross margin of price and unit cost", "industry",
     "the trade's average (US figures, 2020)", "pct", NEAR, 0.4, NULL,
     "Check price and unit cost, or say in the plan why they differ so much.", margin_and_trade},
    {"ANS-LOSS", "Cost and price of a product", "products.unit_cost", "The cost of a unit",
     "products.price", "its price", "money", AT_MOST, 0, "products",
     "Raise the price or lower the cost: every sale loses money.", cost_and_price},
    {"ANS-SAM", "Reachable and total market", "sam", "The market you can reach", "tam",
     "the total market", "money0", AT_MOST, 0, NULL,
     "The reachable market is a part of the total: correct one of the two.", reachable_and_total},
    {"ANS-SOM", "Winnable and reachable market", "som", "The market you can win", "sam",
     "the market you can reach", "money0", AT_MOST, 0, NULL,
     "What you can win is a part of what you can reach: correct one of the two.",
     winnable_and_reachable},
    {"ANS-SHARE", "Sales and the market you can win", "products", "Sales of the first year", "som",
     "the market you can win", "money0", AT_MOST, 0, NULL,
     "Lower price or units, or find a source for a larger market.", sales_and_winnable},
    {"ANS-MARKET", "Sales and the size of the market", "products", "Sales of the first year",
     "market.size_amount", "the whole market's size a year", "money0", AT_MOST, 0, NULL,
     "Check the size and its unit (thousands, millions), or lower price or units.",
     sales_and_market},
    {"ANS-RIVALS", "Competitors", "competitors", "Competitors listed", "market.competitor_count",
     "competitors in all", "count", AT_MOST, 0, NULL, "Correct the count, or name its area.",
     listed_and_counted_rivals},
    {"ANS-TERM", "Interest only and term", "loan.interest_only_months",
     "Months until the first repayment", "loan.term_months", "the months to repay", "count",
     AT_MOST, 0, NULL, "Shorten the months of interest only, or lengthen the term.",
     interest_only_and_term},
    {"ANS-PAID", "Application and payment of the loan", "application_date",
     "The date of the application", "loan.month", "the end of the month the loan is paid out in",
     "date", AT_MOST, 0, NULL,
     "Let the loan be paid out in a later month, or correct the date of the application or start.",
     application_and_payment},
    {"ANS-START", "Start and months traded", "start_date", "The day trading starts",
     "months_trading", "the date of the plan, by which months of trade are stated", "date", AT_MOST,
     0, NULL, "Give the day trading really started, or 0 as the months traded.", start_and_trading},
    {"ANS-OWN", "Own part and the whole project", "equity_injection", "Your own part",
     "project_cost", "the cost of the whole project", "money0", AT_MOST, 0, NULL,
     "Your part is a part of the whole: correct one of the two.", injection_and_project},
    {"ANS-AGE", "Experience and age", "founders.years_experience",
     "A founder's years of experience", "founders.age", "their age", "count", AT_MOST, 0,
     "founders", "Correct one of the two.", experience_and_age},
    {"ANS-COST", "Months of a cost", "fixed_costs.start_month", "The month a cost begins in",
     "fixed_costs.end_month", "the month it ends in", "count", AT_MOST, 0, "fixed_costs",
     "Correct one of the two: the cost is never paid as it stands.", cost_begin_and_end},
};

/* ---- telling ---- */

static bool holds(const struct contradiction *c, const struct look *l)
{
    switch (c->relation) {
    case EQUAL:
        return fabs(l->a - l->b) <= c->margin * fmax(fabs(l->a), fabs(l->b));
    case NEAR:
        return fabs(l->a - l->b) <= c->margin;
    case AT_MOST:
        return l->a <= l->b + 1e-9;
    }
    return true;
}

static void show(const struct look *l, double number, const char *format, struct strbuf *out)
{
    const char *currency = doc_str(l->answers, "currency", "GBP");
    struct num n;
    struct value v;

    if (strcmp(format, "date") == 0)
        v = value_date((int32_t)number);
    else if (num_from_double(number, &n))
        v = value_num(n, strcmp(format, "pct") == 0 ? UNIT_RATE : UNIT_NONE);
    else
        return;
    value_format(&v, format, currency, out);
    value_finish(&v);
}

/* A path with the row it is about: "products.price" of row 1 is "products.1.price". */
static void place_path(const struct contradiction *c, const struct look *l, const char *path,
                       struct strbuf *out)
{
    size_t len = c->table ? strlen(c->table) : 0;

    if (c->table && strncmp(path, c->table, len) == 0 && path[len] == '.')
        strbuf_printf(out, "%s.%zu%s", c->table, l->row, path + len);
    else
        strbuf_str(out, path);
}

static void append_place(const struct contradiction *c, const struct look *l, const char *key,
                         const char *path, const char *label, double number, bson_t *places)
{
    struct strbuf text;
    bson_t place;

    strbuf_init(&text, 256);
    bson_append_document_begin(places, key, -1, &place);
    place_path(c, l, path, &text);
    BSON_APPEND_UTF8(&place, "path", text.data);
    BSON_APPEND_UTF8(&place, "label", label);
    strbuf_clear(&text);
    show(l, number, c->format, &text);
    BSON_APPEND_UTF8(&place, "value", text.data);
    bson_append_document_end(places, &place);
    strbuf_finish(&text);
}

static void append_message(const struct contradiction *c, const struct look *l, bson_t *item)
{
    static const char *const words[] = {
        [EQUAL] = "differ from", [AT_MOST] = "should not pass", [NEAR] = "is far from"};
    struct strbuf text;

    strbuf_init(&text, 1024);
    strbuf_printf(&text, "%s (", c->a_label);
    show(l, l->a, c->format, &text);
    strbuf_printf(&text, ") %s %s (", words[c->relation], c->b_label);
    show(l, l->b, c->format, &text);
    strbuf_str(&text, ").");
    BSON_APPEND_UTF8(item, "message", text.data);
    strbuf_finish(&text);
}

static void append(const struct contradiction *c, const struct look *l, bson_t *out)
{
    bson_t item, places;
    struct strbuf fix;
    char buf[16];
    const char *key;

    bson_uint32_to_string(bson_count_keys(out), &key, buf, sizeof(buf));
    strbuf_init(&fix, 128);
    place_path(c, l, c->a_path, &fix);
    bson_append_document_begin(out, key, -1, &item);
    BSON_APPEND_UTF8(&item, "rule_id", c->id);
    BSON_APPEND_UTF8(&item, "name", c->name);
    append_message(c, l, &item);
    BSON_APPEND_UTF8(&item, "suggestion", c->advice);
    BSON_APPEND_UTF8(&item, "outcome", "fail");
    BSON_APPEND_UTF8(&item, "severity", "warning");
    BSON_APPEND_UTF8(&item, "fix", fix.data);
    BSON_APPEND_ARRAY_BEGIN(&item, "places", &places);
    append_place(c, l, "0", c->a_path, c->a_label, l->a, &places);
    append_place(c, l, "1", c->b_path, c->b_label, l->b, &places);
    bson_append_array_end(&item, &places);
    bson_append_document_end(out, &item);
    strbuf_finish(&fix);
}

void contradictions_find(const struct compliance_input *in, bson_t *out)
{
    bson_init(out);
    for (size_t i = 0; i < ARRAY_LEN(contradictions); i++) {
        const struct contradiction *c = &contradictions[i];
        struct look l = {.in = in, .answers = in->intake};
        size_t rows = c->table ? rows_of(&l, c->table) : 1;

        for (; l.row < rows; l.row++)
            if (c->measure(&l) && !holds(c, &l))
                append(c, &l, out);
    }
}

const char *contradiction_name(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(contradictions); i++)
        if (strcmp(contradictions[i].id, id) == 0)
            return contradictions[i].name;
    return NULL;
}
