/* check.c - a plan against a pack. Every rule ends in one of five outcomes; three-valued logic
 * makes a missing answer "unknown", which earns nothing and is never a pass. In the report's own
 * `status` all but a pass is "fail", as the data model has only the two; `outcome` beside it says
 * which. */
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "compliance/compliance.h"
#include "compliance/judge.h"
#include "compliance/pack.h"
#include "compliance/scope.h"
#include "expr/days.h"

enum { COMPLIANT_SCORE = 85 };

/* ---- loading
 * ------------------------------------------------------------------------------------- */

static bool add_hash(void *context, const struct pack *from, const struct rule *rule, bool preview)
{
    (void)rule;
    strbuf_printf(context, "%s%d", from->hash, preview);
    return true;
}

static bool check_includes(const struct packs *p, const struct pack *pack, struct err *err)
{
    for (size_t i = 0; i < pack->include_count; i++)
        if (!packs_find(p, pack->includes[i].id))
            return err_set(err, ERR_INVALID, 0, "Pack %s includes %s, which is not there.",
                           pack->id, pack->includes[i].id);
    return true;
}

static void make_key(const struct packs *p, struct pack *pack)
{
    struct strbuf all;

    strbuf_init(&all, 1 << 20);
    strbuf_str(&all, pack->hash);
    pack_each_rule(p, pack, add_hash, &all);
    sha256_hex(all.data, all.len, pack->key);
    strbuf_finish(&all);
}

struct packs *packs_load(struct err *err)
{
    struct packs *p = mem_zero(1, sizeof(*p));
    size_t files;
    char **names = paths_asset_names("compliance", ".pack", &files);
    bool ok = true;

    p->items = mem_zero(files + 1, sizeof(*p->items));
    for (size_t i = 0; ok && i < files; i++) {
        char *name = mem_printf("compliance/%s", names[i]);

        ok = pack_load(name, &p->items[i], err);
        p->count += ok;
        free(name);
    }
    for (size_t i = 0; ok && i < p->count; i++)
        ok = check_includes(p, &p->items[i], err);
    for (size_t i = 0; ok && i < p->count; i++)
        make_key(p, &p->items[i]);
    paths_names_free(names, files);
    if (ok)
        return p;
    packs_free(p);
    return NULL;
}

void packs_free(struct packs *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->count; i++)
        pack_finish(&p->items[i]);
    free(p->items);
    free(p);
}

const char *packs_key(const struct packs *p, const char *template_id)
{
    const struct pack *pack = packs_find(p, template_id);

    return pack ? pack->key : NULL;
}

/* ---- one rule
 * ------------------------------------------------------------------------------------ */

static enum truth test(const struct expr *e, const struct expr_scope *scope, struct err *err)
{
    struct value v;
    enum truth truth;

    if (!expr_eval(e, scope, &v, err))
        return TRUTH_UNKNOWN;
    truth = value_truth(&v);
    value_finish(&v);
    return truth;
}

struct verdict rule_judge(const struct rule *rule, const struct compliance_input *in,
                          const struct expr_scope *scope)
{
    struct verdict v = {.outcome = OUTCOME_UNKNOWN};
    int32_t today;

    if (days_parse(in->as_of, &today) && (today < rule->from || today > rule->until)) {
        v.outcome = OUTCOME_NOT_APPLICABLE;
        return v;
    }
    /* A condition nobody answered asks for nothing: the rule then does not apply. */
    if (rule->when && test(rule->when, scope, &v.err) != TRUTH_YES && v.err.code == ERR_NONE) {
        v.outcome = OUTCOME_NOT_APPLICABLE;
        return v;
    }
    if (v.err.code != ERR_NONE)
        return v;
    if (!rule->test) {
        v.outcome = OUTCOME_NEEDS_EVIDENCE;
        return v;
    }
    switch (test(rule->test, scope, &v.err)) {
    case TRUTH_YES:
        v.outcome = OUTCOME_PASS;
        break;
    case TRUTH_NO:
        v.outcome = OUTCOME_FAIL;
        break;
    case TRUTH_UNKNOWN:
        break;
    }
    return v;
}

static const char *message_of(const struct rule *rule, enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_PASS:
        return rule->pass ? rule->pass : rule->name;
    case OUTCOME_FAIL:
        return rule->fail;
    case OUTCOME_UNKNOWN:
        return rule->unknown ? rule->unknown : "Not stated: what this rule asks for.";
    case OUTCOME_NEEDS_EVIDENCE:
        return rule->evidence;
    default:
        return rule->name;
    }
}

/* ---- the report
 * ----------------------------------------------------------------------------------- */

struct tally {
    const struct compliance_input *in;
    struct expr_scope scope;
    bson_t checks, not_applicable;
    int64_t outcomes[OUTCOME_COUNT];
    int64_t blockers; /* blockers that fail */
    bool open;        /* a blocker is not passed, or a major rule fails or is unknown */
    int64_t earned, possible;
};

static void append_text(bson_t *doc, const char *key, const char *text)
{
    if (text)
        bson_append_utf8(doc, key, -1, text, -1);
    else
        bson_append_null(doc, key, -1);
}

static void append_message(struct tally *t, const struct rule *rule, const struct verdict *v,
                           bson_t *check)
{
    struct strbuf text;

    strbuf_init(&text, 1 << 20);
    if (v->err.code != ERR_NONE)
        strbuf_printf(&text, "This rule could not be tested: %s", v->err.msg);
    else
        scope_render(&t->scope, message_of(rule, v->outcome), &text);
    BSON_APPEND_UTF8(check, "message", text.data);
    strbuf_finish(&text);
}

static void append_source(const struct rule *rule, bson_t *check)
{
    bson_t source;

    BSON_APPEND_DOCUMENT_BEGIN(check, "source", &source);
    append_text(&source, "name", rule->source);
    append_text(&source, "url", rule->source_url);
    append_text(&source, "date", rule->source_date);
    bson_append_document_end(check, &source);
}

static void append_check(struct tally *t, const struct rule *rule, const struct verdict *v,
                         enum severity severity, bool preview)
{
    bool pass = v->outcome == OUTCOME_PASS;
    char key[16];
    const char *index;
    bson_t check;

    bson_uint32_to_string(bson_count_keys(&t->checks), &index, key, sizeof(key));
    bson_append_document_begin(&t->checks, index, -1, &check);
    BSON_APPEND_UTF8(&check, "rule_id", rule->id);
    BSON_APPEND_UTF8(&check, "name", rule->name);
    BSON_APPEND_UTF8(&check, "status", pass ? "pass" : "fail");
    append_message(t, rule, v, &check);
    append_text(&check, "suggestion", pass ? NULL : rule->suggest);
    BSON_APPEND_UTF8(&check, "outcome", outcome_name(v->outcome));
    BSON_APPEND_UTF8(&check, "severity", severity_name(severity));
    append_text(&check, "fix", rule->fix);
    append_text(&check, "basis", rule->basis);
    append_source(rule, &check);
    BSON_APPEND_BOOL(&check, "preview", preview);
    bson_append_document_end(&t->checks, &check);
}

static void append_not_applicable(struct tally *t, const struct rule *rule)
{
    char key[16];
    const char *index;
    bson_t item;

    bson_uint32_to_string(bson_count_keys(&t->not_applicable), &index, key, sizeof(key));
    bson_append_document_begin(&t->not_applicable, index, -1, &item);
    BSON_APPEND_UTF8(&item, "rule_id", rule->id);
    BSON_APPEND_UTF8(&item, "name", rule->name);
    bson_append_document_end(&t->not_applicable, &item);
}

/* What the outcome means for the whole. Needing evidence neither earns nor costs points, but a
 * blocker that needs it keeps the plan from being called compliant. */
static void count_outcome(struct tally *t, enum severity severity, enum outcome outcome)
{
    t->outcomes[outcome]++;
    if (outcome != OUTCOME_NEEDS_EVIDENCE)
        t->possible += severity_weight(severity);
    if (outcome == OUTCOME_PASS)
        t->earned += severity_weight(severity);
    else if (severity == SEVERITY_BLOCKER)
        t->open = true;
    else if (severity == SEVERITY_MAJOR && outcome != OUTCOME_NEEDS_EVIDENCE)
        t->open = true;
    t->blockers += severity == SEVERITY_BLOCKER && outcome == OUTCOME_FAIL;
}

static bool check_rule(void *context, const struct pack *from, const struct rule *rule,
                       bool preview)
{
    struct tally *t = context;
    enum severity severity = preview ? SEVERITY_INFO : rule->severity;
    struct verdict v = rule_judge(rule, t->in, &t->scope);

    (void)from;
    if (v.outcome == OUTCOME_NOT_APPLICABLE) {
        append_not_applicable(t, rule);
        return true;
    }
    count_outcome(t, severity, v.outcome);
    append_check(t, rule, &v, severity, preview);
    return true;
}

static const char *overall(const struct tally *t, double score)
{
    if (t->blockers > 0)
        return "non_compliant";
    return !t->open && score >= COMPLIANT_SCORE ? "compliant" : "needs_attention";
}

static void append_outcomes(const struct tally *t, bson_t *out)
{
    bson_t counts;

    BSON_APPEND_DOCUMENT_BEGIN(out, "outcomes", &counts);
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (i != OUTCOME_NOT_APPLICABLE)
            bson_append_int64(&counts, outcome_name((enum outcome)i), -1, t->outcomes[i]);
    bson_append_document_end(out, &counts);
}

bool compliance_check(const struct packs *p, const struct compliance_input *in, bson_t *out,
                      struct err *err)
{
    const struct pack *pack = packs_find(p, in->template_id);
    struct tally t = {.in = in, .scope = scope_of(in)};
    bson_t contradictions;
    int64_t passed, all = 0;
    double score;

    if (!pack)
        return err_set(err, ERR_NOT_FOUND, 0, "There is no rule pack called %s.", in->template_id);
    bson_init(&t.checks);
    bson_init(&t.not_applicable);
    pack_each_rule(p, pack, check_rule, &t);
    for (int i = 0; i < OUTCOME_COUNT; i++)
        all += t.outcomes[i];
    passed = t.outcomes[OUTCOME_PASS];
    score = t.possible > 0 ? (double)(100 * t.earned / t.possible) : 0;

    bson_init(out);
    BSON_APPEND_UTF8(out, "compliance_report_id", "");
    BSON_APPEND_UTF8(out, "template_id", pack->id);
    BSON_APPEND_UTF8(out, "overall_status", overall(&t, score));
    BSON_APPEND_ARRAY(out, "checks", &t.checks);
    BSON_APPEND_INT64(out, "passed_count", passed);
    BSON_APPEND_INT64(out, "failed_count", all - passed);
    BSON_APPEND_DOUBLE(out, "score", score);
    BSON_APPEND_UTF8(out, "generated_at", "");
    BSON_APPEND_UTF8(out, "title", pack->title);
    BSON_APPEND_UTF8(out, "as_of", in->as_of);
    BSON_APPEND_INT64(out, "blockers", t.blockers);
    append_outcomes(&t, out);
    BSON_APPEND_ARRAY(out, "not_applicable", &t.not_applicable);
    contradictions_find(in, &contradictions);
    BSON_APPEND_ARRAY(out, "contradictions", &contradictions);
    bson_destroy(&contradictions);
    append_text(out, "disclaimer", pack->disclaimer);
    BSON_APPEND_UTF8(out, "pack_key", pack->key);
    bson_destroy(&t.checks);
    bson_destroy(&t.not_applicable);
    return true;
}
