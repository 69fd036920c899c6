/* remedy.c - what would make a rule pass, found by trying. One answer is changed at a time: steps of
 * growing size to both sides of what it is, and the bounds the test itself names, find a value that
 * passes; halving the gap to the last one that did not finds the least change that does. Both ends
 * were tried with the rule itself, so that nothing is concluded from a formula. The number of models
 * that are built is bounded, whatever the rule. */
#include "compliance/remedy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/money.h"
#include "strattio/strbuf.h"

#include "compliance/judge.h"
#include "compliance/scope.h"
#include "expr/expr_tree.h"

enum { FIELD_MAX = 96, FIELDS_MAX = 24, BOUNDS_MAX = 16, HALVINGS = 24, ROWS_MAX = 6 };

/* Answers that move most figures of the model, tried where a test compares figures. */
static const char *const levers[] = {"products.price",     "products.units_per_month",
                                     "products.unit_cost", "price_per_unit",
                                     "units_per_month",    "unit_cost",
                                     "growth_percent",     "starting_capital",
                                     "loan.amount",        "loan.term_months"};

struct search {
    const struct packs *packs;
    const struct compliance_input *in;
    const struct model_def *def;
    const struct rule *rule;
    struct remedy *out;
    char fields[FIELDS_MAX][FIELD_MAX]; /* what is tried */
    size_t field_count;
    double bounds[BOUNDS_MAX]; /* numbers the test compares with */
    size_t bound_count;
    bool figures; /* the test reads the model */
    size_t part_cap, way_cap;
};

/* ---- saying it in words -------------------------------------------------------------------- */

static const char *currency(const struct search *s)
{
    return s->in->model ? model_currency(s->in->model) : doc_str(s->in->intake, "currency", "GBP");
}

static char *shown(const struct search *s, const struct value *v, enum unit unit)
{
    static const char *const formats[] = {
        [UNIT_NONE] = "num",  [UNIT_MONEY] = "money", [UNIT_RATE] = "pct1",
        [UNIT_COUNT] = "num", [UNIT_MONTHS] = "num1", [UNIT_PERCENT] = "num",
    };
    struct value copy = value_copy(v);
    const char *format = "text";
    struct strbuf text;

    if (copy.type == VALUE_NUM) {
        copy.unit = unit;
        if (unit == UNIT_NONE || unit == UNIT_COUNT || unit == UNIT_PERCENT)
            copy.num = num_round(copy.num, 2);
    }
    strbuf_init(&text, 1024);
    if (copy.type == VALUE_NUM)
        format = unit == UNIT_MONEY && num_is_whole(copy.num) ? "money0" : formats[unit];
    if (copy.type == VALUE_NULL || !value_format(&copy, format, currency(s), &text))
        strbuf_str(&text, "not stated");
    else if (copy.type == VALUE_NUM && unit == UNIT_PERCENT)
        strbuf_char(&text, '%');
    value_finish(&copy);
    return strbuf_take(&text);
}

/* Of an answer, a column of a table, or what is counted in the plan; NULL for a figure. */
static char *asked_text(const struct search *s, const char *name)
{
    static const struct {
        const char *name, *label;
    } counted[] = {{"research.sources", "Dated sources"},
                   {"sections.written", "Sections written"},
                   {"findings.unbound", "Figures without a source"},
                   {"findings.unknown", "Figures the model does not have"}};
    const struct question *q = intake_question(s->in->questions, name), *table = NULL;
    const char *dot = strchr(name, '.');
    char *outer = mem_strn(name, (size_t)(dot ? dot - name : 0));
    enum section_type section = SECTION_COUNT;

    if (q && dot)
        table = intake_question(s->in->questions, outer);
    if (dot && strcmp(outer, "words") == 0)
        section = section_type_by_name(dot + 1);
    free(outer);
    if (section != SECTION_COUNT)
        return mem_printf("Words of %s", section_type_title(section));
    if (table && table->type == QUESTION_TABLE)
        return mem_printf("%s: %s", table->label, q->label);
    if (q)
        return mem_str(q->label);
    for (size_t i = 0; i < ARRAY_LEN(counted); i++)
        if (strcmp(name, counted[i].name) == 0)
            return mem_str(counted[i].label);
    return NULL;
}

/* "Revenue, year 2", "Price per unit"; the text of the rule where a part has no name. */
static char *name_text(const struct search *s, const struct expr_node *node)
{
    char at[32] = "", period[32] = "";
    struct figure figure;
    struct err ignored;
    char *text, *name;

    text = asked_text(s, node->text);
    if (text)
        return text;
    if (node->index.kind == INDEX_YEAR) {
        snprintf(at, sizeof at, "[y%d]", node->index.n);
        snprintf(period, sizeof period, ", year %d", node->index.n);
    } else if (node->index.kind == INDEX_MONTH) {
        snprintf(at, sizeof at, "[m%d]", node->index.n);
        snprintf(period, sizeof period, ", month %d", node->index.n);
    }
    name = mem_printf("%s%s", node->text, at);
    if (!s->in->model || !model_figure(s->in->model, name, &figure, &ignored)) {
        free(name);
        return mem_str(node->text);
    }
    text = mem_printf("%s%s", figure.label, period);
    figure_finish(&figure);
    free(name);
    return text;
}

static void print_node(const struct search *s, const struct expr_node *node, struct strbuf *out)
{
    char number[NUM_TEXT_SIZE], *name;

    switch (node->op) {
    case EXPR_NUM:
        num_print(node->num, number);
        strbuf_str(out, number);
        return;
    case EXPR_NAME:
        name = name_text(s, node);
        strbuf_str(out, name);
        free(name);
        return;
    case EXPR_CALL:
        strbuf_printf(out, "%s(", node->text);
        for (size_t i = 0; i < node->count; i++) {
            strbuf_str(out, i ? ", " : "");
            print_node(s, node->args[i], out);
        }
        strbuf_char(out, ')');
        return;
    case EXPR_ELSE: /* what stands in for an answer that is not there */
        print_node(s, node->args[0], out);
        return;
    default:
        break;
    }
    if (node->count == 2) {
        print_node(s, node->args[0], out);
        strbuf_printf(out, " %s ", expr_op_sign(node->op));
        print_node(s, node->args[1], out);
    } else if (node->count == 1) {
        strbuf_printf(out, "%s", expr_op_sign(node->op));
        print_node(s, node->args[0], out);
    }
}

/* ---- the comparisons of the test ----------------------------------------------------------- */

static const char *relation_of(enum expr_op op)
{
    switch (op) {
    case EXPR_LT:
        return "less than";
    case EXPR_LE:
        return "at most";
    case EXPR_GT:
        return "more than";
    case EXPR_GE:
        return "at least";
    case EXPR_EQ:
        return "exactly";
    default:
        return NULL;
    }
}

static void add_bound(struct search *s, const struct value *v)
{
    if (v->type == VALUE_NUM && s->bound_count < BOUNDS_MAX)
        s->bounds[s->bound_count++] = num_to_double(v->num);
}

/* One comparison of two numbers: both as they are now. */
static void take_comparison(struct search *s, const struct expr_node *node,
                            const struct expr_scope *scope)
{
    struct remedy *r = s->out;
    struct remedy_part *part;
    struct value left, right, result;
    enum unit unit;
    struct strbuf what;
    struct err err = {0};

    if (!expr_eval_node(s->rule->test, node->args[0], scope, &left, &err))
        return;
    if (!expr_eval_node(s->rule->test, node->args[1], scope, &right, &err)) {
        value_finish(&left);
        return;
    }
    if ((left.type != VALUE_NUM && left.type != VALUE_NULL) || right.type != VALUE_NUM ||
        !expr_eval_node(s->rule->test, node, scope, &result, &err))
        goto out;
    add_bound(s, &left);
    add_bound(s, &right);
    if (left.type != VALUE_NUM || !unit_of_sum(left.unit, right.unit, &unit))
        unit = right.unit;
    strbuf_init(&what, 1024);
    print_node(s, node->args[0], &what);
    r->parts = mem_grow(r->parts, &s->part_cap, r->part_count + 1, sizeof *r->parts);
    part = &r->parts[r->part_count++];
    *part = (struct remedy_part){.what = strbuf_take(&what),
                                 .now = shown(s, &left, unit),
                                 .relation = mem_str(relation_of(node->op)),
                                 .bound = shown(s, &right, unit),
                                 .known = left.type == VALUE_NUM,
                                 .holds = value_truth(&result) == TRUTH_YES};
    value_finish(&result);
out:
    value_finish(&left);
    value_finish(&right);
}

/* Which branch of if(c, a, b) is taken; NULL if nobody knows. */
static const struct expr_node *branch(struct search *s, const struct expr_node *node,
                                      const struct expr_scope *scope)
{
    const struct expr_node *taken = NULL;
    struct err err = {0};
    struct value v;

    if (node->count != 3 || strcmp(node->text, "if") != 0 ||
        !expr_eval_node(s->rule->test, node->args[0], scope, &v, &err))
        return NULL;
    if (v.type == VALUE_BOOL)
        taken = v.yes ? node->args[1] : node->args[2];
    value_finish(&v);
    return taken;
}

static void take_parts(struct search *s, const struct expr_node *node,
                       const struct expr_scope *scope)
{
    if (node->op == EXPR_AND || node->op == EXPR_OR) {
        for (size_t i = 0; i < node->count; i++)
            take_parts(s, node->args[i], scope);
    } else if (node->op == EXPR_CALL) {
        const struct expr_node *taken = branch(s, node, scope);

        if (taken)
            take_parts(s, taken, scope);
    } else if (relation_of(node->op)) {
        take_comparison(s, node, scope);
    }
}

/* ---- what is tried ------------------------------------------------------------------------- */

static bool is_number(const struct question *q)
{
    return q && (q->type == QUESTION_MONEY || q->type == QUESTION_NUMBER ||
                 q->type == QUESTION_WHOLE || q->type == QUESTION_PERCENT);
}

static void add_field(struct search *s, const char *field)
{
    for (size_t i = 0; i < s->field_count; i++)
        if (strcmp(s->fields[i], field) == 0)
            return;
    if (s->field_count < FIELDS_MAX && strlen(field) < FIELD_MAX)
        strcpy(s->fields[s->field_count++], field);
}

/* A number asked for once, or each of a table's rows, while those are few. */
static void offer(struct search *s, const char *field)
{
    const struct question *q = intake_question(s->in->questions, field), *table;
    const char *dot = strchr(field, '.');
    char path[FIELD_MAX];
    size_t rows;

    if (!is_number(q) || strlen(field) + 4 >= FIELD_MAX)
        return;
    snprintf(path, sizeof path, "%.*s", (int)(dot ? dot - field : 0), field);
    table = dot ? intake_question(s->in->questions, path) : NULL;
    if (!table || table->type != QUESTION_TABLE) {
        bool from_rows = doc_count(s->in->intake, "products") &&
                         (strcmp(field, "price_per_unit") == 0 ||
                          strcmp(field, "units_per_month") == 0 || strcmp(field, "unit_cost") == 0);

        if (!from_rows) /* else the rows say it */
            add_field(s, field);
        return;
    }
    rows = doc_count(s->in->intake, path);
    for (size_t i = 0; i < rows && i < ROWS_MAX; i++) {
        char cell[FIELD_MAX + 24];

        snprintf(cell, sizeof cell, "%s.%zu.%s", path, i, dot + 1);
        if (doc_has(s->in->intake, cell))
            add_field(s, cell);
    }
}

static void take_name(void *context, const char *name, struct expr_index index)
{
    static const char *const others[] = {"plan.", "sections.", "words.", "findings.", "research."};
    struct search *s = context;

    (void)index;
    if (intake_question(s->in->questions, name)) {
        offer(s, name);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (strncmp(name, others[i], strlen(others[i])) == 0)
            return;
    s->figures = true;
}

/* ---- trying -------------------------------------------------------------------------------- */

/* Does the rule pass with `field` at `x`? What the model refuses does not. */
static bool passes(struct search *s, const char *field, double x)
{
    struct compliance_input in = *s->in;
    struct model *model = NULL;
    struct expr_scope scope;
    struct verdict v = {.outcome = OUTCOME_UNKNOWN};
    struct err err = {0};
    bson_t answers;

    if (s->out->builds >= REMEDY_BUILDS)
        return false;
    s->out->builds++;
    bson_copy_to(s->in->intake, &answers);
    doc_set_num(&answers, field, x);
    in.intake = &answers;
    if (s->figures) {
        model = model_build(s->def, &answers, in.start_date, &err);
        in.model = model;
    }
    if (model || !s->figures) {
        scope = scope_of(&in);
        v = rule_judge(s->rule, &in, &scope);
    }
    model_free(model);
    bson_destroy(&answers);
    return v.outcome == OUTCOME_PASS;
}

struct dial { /* one answer that is turned */
    const char *field;
    const struct question *q;
    double now, step, min, max;
};

static double stepped(const struct dial *d, double x)
{
    double rounded = round(x / d->step) * d->step;

    rounded = round(rounded * 1e6) / 1e6;
    return fmin(fmax(rounded, d->min), d->max);
}

/* Between `bad`, which fails, and `good`, which passes: the passing value nearest to `bad`. */
static double narrow(struct search *s, const struct dial *d, double bad, double good)
{
    for (int i = 0; i < HALVINGS && fabs(good - bad) > d->step * 1.5; i++) {
        double mid = stepped(d, (good + bad) / 2);

        if (mid == bad || mid == good)
            break;
        if (passes(s, d->field, mid))
            good = mid;
        else
            bad = mid;
    }
    return good;
}

/* The nearest value on one side that passes; NaN for none. */
static double seek(struct search *s, const struct dial *d, bool up)
{
    static const double shares[] = {0.02, 0.1, 0.25, 0.5, 1, 2, 5, 10, 100};
    double base = d->now != 0 ? fabs(d->now) : d->step * 100, bad = d->now;

    for (size_t i = 0; i < ARRAY_LEN(shares); i++) {
        double share = up ? shares[i] : fmin(shares[i], 1);
        double x = stepped(d, d->now + (up ? share : -share) * base);

        if (x == bad)
            continue;
        if (passes(s, d->field, x))
            return narrow(s, d, bad, x);
        bad = x;
        if (!up && shares[i] >= 1)
            break;
    }
    return NAN;
}

/* A bound of the test is where an answer that is compared itself begins to pass. */
static double at_bound(struct search *s, const struct dial *d)
{
    double best = NAN;

    for (size_t i = 0; i < s->bound_count; i++) {
        double x = stepped(d, s->bounds[i]);

        if (x != d->now && !(fabs(x - d->now) >= fabs(best - d->now)) && passes(s, d->field, x))
            best = x;
    }
    return isnan(best) ? best : narrow(s, d, d->now, best);
}

static char *number_text(const struct search *s, const char *field, double x)
{
    struct strbuf text;
    bson_t answers;

    bson_copy_to(s->in->intake, &answers);
    doc_set_num(&answers, field, x);
    strbuf_init(&text, 256);
    intake_shown(s->in->questions, &answers, field, &text);
    bson_destroy(&answers);
    return strbuf_take(&text);
}

/* "Price per unit", "Price (Sourdough loaf)" */
static char *title_of(const struct search *s, const struct dial *d)
{
    char path[FIELD_MAX];
    const char *last = strrchr(d->field, '.'), *name = NULL;
    bson_t row;
    bson_iter_t it;

    snprintf(path, sizeof path, "%.*s", (int)(last ? last - d->field : 0), d->field);
    if (!last || !strchr(path, '.') || !doc_view(s->in->intake, path, &row) ||
        !bson_iter_init(&it, &row))
        return mem_str(d->q->label);
    while (!name && bson_iter_next(&it)) /* a row goes by its first text */
        if (BSON_ITER_HOLDS_UTF8(&it))
            name = bson_iter_utf8(&it, NULL);
    return name ? mem_printf("%s (%s)", d->q->label, name) : mem_str(d->q->label);
}

static const char *word_for(struct search *s, const struct dial *d, double x)
{
    double on = stepped(d, x + (x > d->now ? 1 : -1) * fmax(d->step, fabs(x - d->now) / 2));

    if (on == x || passes(s, d->field, on))
        return x > d->now ? "at least" : "at most";
    return "exactly";
}

static void add_way(struct search *s, const struct dial *d, double x)
{
    struct remedy *r = s->out;
    bool stated = doc_has(s->in->intake, d->field);

    r->ways = mem_grow(r->ways, &s->way_cap, r->way_count + 1, sizeof *r->ways);
    r->ways[r->way_count++] = (struct remedy_way){
        .field = mem_str(d->field),
        .title = title_of(s, d),
        .now = stated ? number_text(s, d->field, d->now) : mem_str("not stated"),
        .value = number_text(s, d->field, x),
        .word = word_for(s, d, x),
        .effort = fabs(x - d->now) / fmax(fabs(d->now), d->step),
    };
}

static double step_of(const struct search *s, const struct question *q)
{
    switch (q->type) {
    case QUESTION_MONEY:
        return pow(10, -money_exponent(currency(s)));
    case QUESTION_WHOLE:
        return 1;
    case QUESTION_PERCENT:
        return 0.1;
    default:
        return 0.01;
    }
}

static void turn(struct search *s, const char *field)
{
    const struct question *q = intake_question(s->in->questions, field);
    struct dial d = {.field = field,
                     .q = q,
                     .now = doc_num(s->in->intake, field, 0),
                     .step = step_of(s, q),
                     .min = isnan(q->min) ? 0 : q->min,
                     .max = isnan(q->max) ? 1e12 : q->max};
    double best = at_bound(s, &d);

    for (int up = 0; up < 2 && isnan(best); up++) {
        double x = seek(s, &d, up);

        if (!isnan(x) && !(fabs(x - d.now) >= fabs(best - d.now)))
            best = x;
    }
    if (!isnan(best))
        add_way(s, &d, best);
}

static int by_effort(const void *a, const void *b)
{
    double x = ((const struct remedy_way *)a)->effort, y = ((const struct remedy_way *)b)->effort;

    return (x > y) - (x < y);
}

static void free_way(struct remedy_way *w)
{
    free(w->field);
    free(w->title);
    free(w->now);
    free(w->value);
}

static void search(struct search *s)
{
    struct remedy *r = s->out;

    if (s->rule->fix)
        offer(s, s->rule->fix);
    expr_names(s->rule->test, take_name, s);
    for (size_t i = 0; s->figures && i < ARRAY_LEN(levers); i++)
        offer(s, levers[i]);
    r->searched = s->field_count > 0 && r->part_count > 0;
    for (size_t i = 0; r->searched && i < s->field_count; i++)
        turn(s, s->fields[i]);
    if (r->way_count)
        qsort(r->ways, r->way_count, sizeof *r->ways, by_effort);
    while (r->way_count > REMEDY_WAYS)
        free_way(&r->ways[--r->way_count]);
}

/* ---- the whole ----------------------------------------------------------------------------- */

struct looking {
    const char *id;
    const struct rule *found;
};

static bool look(void *context, const struct pack *from, const struct rule *rule, bool preview)
{
    struct looking *l = context;

    (void)from;
    (void)preview;
    if (strcmp(rule->id, l->id) == 0)
        l->found = rule;
    return l->found == NULL;
}

bool compliance_remedy(const struct packs *p, const struct compliance_input *in,
                       const struct model_def *def, const char *rule_id, struct remedy *out,
                       struct err *err)
{
    const struct pack *pack = packs_find(p, in->template_id);
    struct looking looking = {.id = rule_id};
    struct expr_scope scope = scope_of(in);
    struct search s = {.packs = p, .in = in, .def = def, .out = out};
    struct verdict v;

    if (contradiction_name(rule_id)) { /* its two places say it all */
        *out = (struct remedy){.name = mem_str(contradiction_name(rule_id)), .judged = true};
        return true;
    }
    if (!pack)
        return err_set(err, ERR_NOT_FOUND, 0, "There is no rule pack called %s.", in->template_id);
    pack_each_rule(p, pack, look, &looking);
    if (!looking.found)
        return err_set(err, ERR_NOT_FOUND, 0, "%s has no rule %s.", pack->id, rule_id);
    s.rule = looking.found;
    *out = (struct remedy){.name = mem_str(s.rule->name), .judged = s.rule->test != NULL};
    if (!out->judged)
        return true;
    v = rule_judge(s.rule, in, &scope);
    out->passes = v.outcome == OUTCOME_PASS;
    take_parts(&s, expr_root(s.rule->test), &scope);
    if (v.outcome == OUTCOME_FAIL || v.outcome == OUTCOME_UNKNOWN)
        search(&s);
    return true;
}

void remedy_finish(struct remedy *r)
{
    for (size_t i = 0; i < r->part_count; i++) {
        free(r->parts[i].what);
        free(r->parts[i].now);
        free(r->parts[i].relation);
        free(r->parts[i].bound);
    }
    for (size_t i = 0; i < r->way_count; i++)
        free_way(&r->ways[i]);
    free(r->parts);
    free(r->ways);
    free(r->name);
    *r = (struct remedy){0};
}

void remedy_text(const struct remedy *r, struct strbuf *out)
{
    for (size_t i = 0; i < r->part_count; i++) {
        const struct remedy_part *part = &r->parts[i];

        if (part->holds && !r->passes)
            continue; /* what does not stand in the way */
        strbuf_printf(out, "%s: %s; asked is %s %s.\n", part->what, part->now, part->relation,
                      part->bound);
    }
    if (r->searched && !r->way_count)
        strbuf_str(out, "No single answer makes this pass.\n");
    else if (r->way_count)
        strbuf_printf(out, "%s makes it pass:\n",
                      r->way_count == 1 ? "This alone" : "Any one of these alone");
    for (size_t i = 0; i < r->way_count; i++) {
        const struct remedy_way *w = &r->ways[i];

        strbuf_printf(out, "  %s %s %s (now %s)\n", w->title, w->word, w->value, w->now);
    }
}
