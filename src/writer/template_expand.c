/* template_expand.c - a template and a plan's answers, figures and evidence give flat Markdown.
 * Answers are put in here, for good; figures stay figures, but a loop's variable in one becomes
 * the row or period it stands for:
 *
 *     {% for p in products %} {{p.revenue[y1]:money0}}   ->   {{products.revenue[2][y1]:money0}}
 *     {% for m in months(12) %} {{cash.closing[m]}}      ->   {{cash.closing[m7]}}
 *
 * A test may ask about figures too. Only their shape should decide (known, sign, number of
 * rows), since a text is not written again when a figure's value moves; tests over prices see
 * to that. */
#include "writer/template.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "expr/expr.h"
#include "writer/evidence.h"
#include "writer/figures.h"
#include "writer/filter.h"
#include "writer/writer.h"

/* A loop that is running. */
struct loop {
    const struct node *node;
    int at; /* row, month or year, from 1 */
    const struct loop *outer;
};

struct expand {
    const struct draft_input *in;
    struct figures figures;
    bson_t *model_data; /* made when a loop over it begins; NULL before */
    struct strbuf *out;
    const struct loop *loop; /* innermost */
    int steps;
    struct err *err;
};

/* ---- names ---- */

/* The loop whose variable `name` begins with, and in *rest what follows its dot ("" if nothing). */
static const struct loop *loop_of(const struct expand *x, const char *name, size_t len,
                                  const char **rest)
{
    const char *dot = memchr(name, '.', len);
    size_t first = dot ? (size_t)(dot - name) : len;

    for (const struct loop *l = x->loop; l; l = l->outer) {
        if (strlen(l->node->name) != first || memcmp(l->node->name, name, first) != 0)
            continue;
        *rest = dot ? dot + 1 : "";
        return l;
    }
    return NULL;
}

/* Rows that are the model's to tell, not the founder's. */
static bool is_model_table(const char *table)
{
    return strcmp(table, "assumptions") == 0 || strcmp(table, "notes") == 0;
}

/* The document a loop's rows stand in; the answers for no loop. */
static const bson_t *doc_of(const struct expand *x, const struct loop *l)
{
    return l && l->node->loop == LOOP_ROWS && is_model_table(l->node->text) ? x->model_data
                                                                            : x->in->intake;
}

/* Where an answer is: its path in the document and its field among the questions. */
struct place {
    char path[160], field[160];
};

static void place_of(const struct expand *x, const char *name, struct place *out)
{
    const char *rest;
    const struct loop *l = loop_of(x, name, strlen(name), &rest);

    if (l && l->node->loop == LOOP_ROWS) {
        snprintf(out->path, sizeof out->path, "%s.%d%s%s", l->node->text, l->at - 1,
                 *rest ? "." : "", rest);
        snprintf(out->field, sizeof out->field, "%s%s%s", l->node->text, *rest ? "." : "", rest);
    } else {
        snprintf(out->path, sizeof out->path, "%s", name);
        snprintf(out->field, sizeof out->field, "%s", name);
    }
}

/* A text, truth or list of texts among the answers as a value; false if it is none of these. */
static bool text_value(const bson_iter_t *it, struct value *out)
{
    if (BSON_ITER_HOLDS_UTF8(it))
        *out =
            filter_holds(it) ? value_text(bson_iter_utf8(it, NULL)) : value_null("input_missing");
    else if (BSON_ITER_HOLDS_BOOL(it))
        *out = value_bool(bson_iter_bool(it));
    else if (BSON_ITER_HOLDS_ARRAY(it) || BSON_ITER_HOLDS_DOCUMENT(it))
        *out = filter_holds(it) ? value_bool(true) : value_null("input_missing");
    else
        return false;
    return true;
}

/* Lists of texts as lists, so that `"x" in list` can be asked. */
static bool list_value(bson_iter_t it, struct value *out)
{
    bson_iter_t item;
    size_t cap = 0;

    if (!BSON_ITER_HOLDS_ARRAY(&it) || !filter_holds(&it) || !bson_iter_recurse(&it, &item))
        return false;
    *out = (struct value){.type = VALUE_LIST};
    while (bson_iter_next(&item)) {
        if (!BSON_ITER_HOLDS_UTF8(&item))
            continue;
        out->items = mem_grow(out->items, &cap, out->count + 1, sizeof *out->items);
        out->items[out->count++] = value_text(bson_iter_utf8(&item, NULL));
    }
    if (out->count)
        return true;
    return false;
}

/* A name that stands for a figure or a number among the answers. */
static bool figure_value(const struct expand *x, const char *name, struct expr_index index,
                         struct value *out, struct err *err)
{
    const struct expr_scope *scope = &x->figures.scope;
    const char *rest;
    const struct loop *l = loop_of(x, name, strlen(name), &rest);
    char full[160];

    if (!l || l->node->loop != LOOP_ROWS)
        return scope->lookup(scope, name, index, out, err);
    snprintf(full, sizeof full, "%s.%s", l->node->text, rest);
    index.row = l->at;
    return scope->lookup(scope, full, index, out, err);
}

/* What a row of the model's has no text for: whether its figure can be named in a text. */
static bool model_row_value(const struct expand *x, const struct loop *l, const char *field,
                            struct value *out)
{
    char path[96];

    snprintf(path, sizeof path, "%s.%d.name", l->node->text, l->at - 1);
    if (strcmp(field, "figure") == 0 && strchr(doc_str(x->model_data, path, ""), '.'))
        *out = value_bool(true);
    else
        *out = value_null("input_missing");
    return true;
}

static bool scope_lookup(const struct expr_scope *scope, const char *name, struct expr_index index,
                         struct value *out, struct err *err)
{
    const struct expand *x = scope->context;
    const char *rest;
    const struct loop *l = loop_of(x, name, strlen(name), &rest);
    struct place place;
    bson_iter_t it;

    if (strcmp(name, "purpose") == 0) {
        *out = value_text(plan_purpose_name(x->in->purpose));
        return true;
    }
    if (l && !*rest && l->node->loop != LOOP_ROWS) {
        *out = value_num(num_from_int(l->at), UNIT_NONE);
        return true;
    }
    place_of(x, name, &place);
    if (index.kind == INDEX_HERE && !index.row) {
        bool found = doc_find(doc_of(x, l), place.path, &it);

        if (found && (list_value(it, out) || text_value(&it, out)))
            return true;
        if (!found && l && model_asks(x->in->model, place.field)) {
            *out = value_null("input_missing"); /* though the model may assume something */
            return true;
        }
        if (doc_of(x, l) != x->in->intake)
            return model_row_value(x, l, rest, out);
    }
    return figure_value(x, name, index, out, err);
}

/* known(a, ...): is each stated and not blank? cited("id"): is there evidence with a source?
 * published("id"): and can that be looked up? */
static bool scope_call(const struct expr_scope *scope, const char *function,
                       const struct value *args, size_t count, struct value *out, struct err *err)
{
    const struct expand *x = scope->context;
    bool yes = true;
    bson_t item;

    if (strcmp(function, "known") == 0) {
        for (size_t i = 0; i < count; i++)
            yes = yes && args[i].type != VALUE_NULL;
    } else if (count == 1 && args[0].type == VALUE_TEXT && strcmp(function, "cited") == 0) {
        yes = evidence_citable(x->in->research, args[0].text, &item);
    } else if (count == 1 && args[0].type == VALUE_TEXT && strcmp(function, "published") == 0) {
        yes = evidence_citable(x->in->research, args[0].text, &item) && evidence_is_fact(&item);
    } else {
        return err_set(err, ERR_NOT_FOUND, 0, "there is no function \"%s\"", function);
    }
    *out = value_bool(yes);
    return true;
}

/* ---- nodes ---- */

static bool expand_nodes(struct expand *x, const struct node *n);

/* One part more, or one round of a loop. */
static bool step(struct expand *x)
{
    if (++x->steps <= TEMPLATE_STEPS && !x->out->full)
        return true;
    return err_set(x->err, ERR_LIMIT, 0, "the section gets too long");
}

static bool expand_if(struct expand *x, const struct node *n)
{
    struct expr_scope scope = {.lookup = scope_lookup, .call = scope_call, .context = x};
    struct value v = {0};
    bool yes;

    if (!expr_eval(n->test, &scope, &v, x->err))
        return false;
    yes = value_truth(&v) == TRUTH_YES;
    value_finish(&v);
    return expand_nodes(x, yes ? n->body : n->otherwise);
}

static bool expand_for(struct expand *x, const struct node *n)
{
    struct loop loop = {.node = n, .outer = x->loop};
    int times = n->times;
    bool ok = true;

    if (n->loop == LOOP_ROWS && is_model_table(n->text) && !x->model_data) {
        bson_t data;

        model_data(x->in->model, &data);
        x->model_data = bson_copy(&data);
        bson_destroy(&data);
    }
    if (n->loop == LOOP_ROWS)
        times = (int)doc_count(doc_of(x, &loop), n->text);
    x->loop = &loop;
    for (loop.at = 1; ok && loop.at <= times; loop.at++)
        ok = step(x) && expand_nodes(x, n->body);
    x->loop = loop.outer;
    return ok;
}

/* The texts of one column of a table, as a list; false if `name` is none. */
static bool column_texts(const bson_t *doc, const char *name, bson_t *out)
{
    const char *dot = strchr(name, '.');
    char path[160], key[16];
    int rows = 0, count = 0;

    snprintf(path, sizeof path, "%.*s", dot ? (int)(dot - name) : 0, name);
    rows = dot ? (int)doc_count(doc, path) : 0;
    for (int i = 0; i < rows; i++) {
        const char *text;

        snprintf(path, sizeof path, "%.*s.%d%s", (int)(dot - name), name, i, dot);
        text = doc_str(doc, path, NULL);
        snprintf(key, sizeof key, "%d", count);
        if (text && ++count)
            BSON_APPEND_UTF8(out, key, text);
    }
    return count > 0;
}

static void expand_column(struct expand *x, const struct node *n)
{
    bson_t list = BSON_INITIALIZER, holder = BSON_INITIALIZER;
    bson_iter_t it;

    if (column_texts(x->in->intake, n->text, &list)) {
        BSON_APPEND_ARRAY(&holder, "list", &list);
        if (bson_iter_init_find(&it, &holder, "list"))
            filter_answer(x->in, n->text, &it, n->filters, x->out);
    }
    bson_destroy(&holder);
    bson_destroy(&list);
}

static void expand_answer(struct expand *x, const struct node *n)
{
    const char *rest;
    const struct loop *l = loop_of(x, n->text, strlen(n->text), &rest);
    struct place place;
    bson_iter_t it;

    if (l && !*rest && l->node->loop == LOOP_MONTHS) {
        model_month_label(x->in->model, l->at, x->out);
    } else if (l && !*rest && l->node->loop == LOOP_YEARS) {
        strbuf_printf(x->out, "Year %d", l->at);
    } else if (strcmp(n->text, "plan_name") == 0) {
        binder_escape(x->in->plan_name, x->out);
    } else {
        place_of(x, n->text, &place);
        if (doc_find(doc_of(x, l), place.path, &it))
            filter_answer(x->in, place.field, &it, n->filters, x->out);
        else if (!l)
            expand_column(x, n);
    }
}

static void expand_cite(struct expand *x, const struct node *n)
{
    const char *rest;
    const struct loop *l = n->name ? loop_of(x, n->name, strlen(n->name), &rest) : NULL;
    char id[96];
    bson_t item;

    if (l)
        snprintf(id, sizeof id, "%s_%d", n->text, l->at);
    else
        snprintf(id, sizeof id, "%s", n->text);
    if (evidence_citable(x->in->research, id, &item))
        strbuf_printf(x->out, "[^%s]", id);
}

/* The figure a row of the model's is about. */
static void add_figure_name(struct expand *x, const struct loop *l)
{
    char path[96];

    snprintf(path, sizeof path, "%s.%d.name", l->node->text, l->at - 1);
    strbuf_str(x->out, doc_str(x->model_data, path, ""));
}

/* The name at `s` in a figure, with a loop's variable resolved; returns its length. */
static size_t expand_name(struct expand *x, const char *s, size_t len, bool indexed)
{
    const char *rest;
    const struct loop *l;
    size_t n = 0;

    while (n < len && (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '.'))
        n++;
    l = loop_of(x, s, n, &rest);
    if (l && doc_of(x, l) != x->in->intake)
        add_figure_name(x, l);
    else if (l && l->node->loop == LOOP_ROWS && *rest)
        strbuf_printf(x->out, "%s.%.*s[%d]", l->node->text, (int)(s + n - rest), rest, l->at);
    else if (l && l->node->loop != LOOP_ROWS && indexed)
        strbuf_printf(x->out, "%c%d", l->node->loop == LOOP_MONTHS ? 'm' : 'y', l->at);
    else
        strbuf_add(x->out, s, n);
    return n;
}

static void expand_figure(struct expand *x, const struct node *n)
{
    const char *s = n->text;
    bool quoted = false;

    for (size_t i = 0; i < n->len;) {
        bool letter = isalpha((unsigned char)s[i]) || s[i] == '_';

        if (!quoted && letter) {
            i += expand_name(x, s + i, n->len - i, s[i - 1] == '[');
            continue;
        }
        if (quoted && s[i] == '\\')
            strbuf_char(x->out, s[i++]);
        else if (s[i] == '"')
            quoted = !quoted;
        strbuf_char(x->out, s[i++]);
    }
}

static bool expand_nodes(struct expand *x, const struct node *n)
{
    for (; n; n = n->next) {
        if (!step(x))
            return false;
        switch (n->kind) {
        case NODE_TEXT:
            strbuf_add(x->out, n->text, n->len);
            break;
        case NODE_FIGURE:
            expand_figure(x, n);
            break;
        case NODE_ANSWER:
            expand_answer(x, n);
            break;
        case NODE_CITE:
            expand_cite(x, n);
            break;
        case NODE_IF:
            if (!expand_if(x, n))
                return false;
            break;
        case NODE_FOR:
            if (!expand_for(x, n))
                return false;
            break;
        }
    }
    return true;
}

bool template_expand(const struct template_file *t, const struct draft_input *in,
                     struct strbuf *out, struct err *err)
{
    struct expand x = {.in = in, .out = out, .err = err};

    bool ok;

    figures_init(&x.figures, in->model);
    ok = expand_nodes(&x, template_root(t)) && strbuf_check(out, "the section", err);
    if (x.model_data)
        bson_destroy(x.model_data);
    return ok;
}
