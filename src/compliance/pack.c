/* pack.c - one pack file into rules. Whatever a rule says is checked here, with its line and
 * column, so that a check later meets only expressions that parse. */
#include "compliance/pack.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "compliance/compliance.h"
#include "expr/days.h"
#include "expr/expr.h"

enum { INCLUDE_DEPTH = 4 };

static const struct {
    const char *name;
    int weight;
} severities[] = {{"blocker", 10}, {"major", 5}, {"minor", 2}, {"info", 0}};

static const char *const outcomes[] = {"pass", "fail", "unknown", "needs_evidence",
                                       "not_applicable"};

const char *severity_name(enum severity severity)
{
    return severities[severity].name;
}

int severity_weight(enum severity severity)
{
    return severities[severity].weight;
}

const char *outcome_name(enum outcome outcome)
{
    return outcomes[outcome];
}

static bool read_severity(const char *word, enum severity *out)
{
    for (int i = 0; i < SEVERITY_COUNT; i++)
        if (strcmp(severities[i].name, word) == 0) {
            *out = (enum severity)i;
            return true;
        }
    return false;
}

static bool read_outcome(const char *word, enum outcome *out)
{
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (strcmp(outcomes[i], word) == 0) {
            *out = (enum outcome)i;
            return true;
        }
    return false;
}

/* Who hears of mistakes; `tell` is NULL where the first one ends the reading. */
struct listener {
    asset_tell *tell;
    void *context;
};

/* Was the mistake told, so that the rest can be read? */
static bool go_on(const struct listener *l, struct err *err)
{
    if (!l->tell || err->code != ERR_INVALID)
        return false;
    l->tell(l->context, err);
    *err = (struct err){0};
    return true;
}

/* ---- the lines of a rule
 * ------------------------------------------------------------------------- */

/* What a line of a rule is read into, by its word. */
enum line_kind { LINE_TEXT, LINE_EXPR, LINE_DATE, LINE_SOURCE, LINE_CASE };

static const struct line {
    const char *word;
    enum line_kind kind;
    size_t offset; /* in struct rule */
} lines[] = {
    {"from", LINE_DATE, offsetof(struct rule, from)},
    {"until", LINE_DATE, offsetof(struct rule, until)},
    {"when", LINE_EXPR, offsetof(struct rule, when)},
    {"test", LINE_EXPR, offsetof(struct rule, test)},
    {"evidence", LINE_TEXT, offsetof(struct rule, evidence)},
    {"pass", LINE_TEXT, offsetof(struct rule, pass)},
    {"fail", LINE_TEXT, offsetof(struct rule, fail)},
    {"unknown", LINE_TEXT, offsetof(struct rule, unknown)},
    {"suggest", LINE_TEXT, offsetof(struct rule, suggest)},
    {"fix", LINE_TEXT, offsetof(struct rule, fix)},
    {"basis", LINE_TEXT, offsetof(struct rule, basis)},
    {"source", LINE_SOURCE, 0},
    {"case", LINE_CASE, 0},
};

static bool read_source(struct asset *a, const struct asset_node *n, struct rule *rule,
                        struct err *err)
{
    const char *words[3];
    int count = asset_words(a, n, words, 3, err), year;
    int32_t day;

    if (count < 0)
        return false;
    if (count != 3 || !days_parse(words[2], &day))
        return asset_fail(a, n, err, "a source is \"TITLE\" URL DATE, the date as 2026-11-23");
    year = days_to_civil(day).year;
    if (year < 1990 || year > 2100)
        return asset_fail(a, n, err, "the source's date %s cannot be right", words[2]);
    rule->source = words[0];
    rule->source_url = strcmp(words[1], "-") == 0 ? NULL : words[1];
    rule->source_date = words[2];
    return true;
}

/* Of a case's name as written, quotes included, which stands before `end`. */
static size_t name_len(const char *name, const char *end)
{
    size_t len = (size_t)(end - name);

    while (len && (name[len - 1] == ' ' || name[len - 1] == '\t' || name[len - 1] == '\n'))
        len--;
    return len;
}

/* case "NAME" {JSON} expects OUTCOME: the answers stand between the first { and the last }. */
static bool read_case(struct asset *a, const struct asset_node *n, struct rule *rule,
                      struct rule_case **cases, size_t *cap, struct err *err)
{
    const char *open = strchr(n->rest, '{'), *close = strrchr(n->rest, '}'), *expects;
    struct rule_case *c;

    expects = close ? strstr(close, "expects ") : NULL;
    if (!open || !close || close < open || !expects)
        return asset_fail(a, n, err, "a case is \"NAME\" {answers as JSON} expects OUTCOME");
    *cases = mem_grow(*cases, cap, rule->case_count + 1, sizeof(**cases));
    c = &(*cases)[rule->case_count++];
    c->name = mem_strn(n->rest, name_len(n->rest, open));
    c->answers = mem_strn(open, (size_t)(close + 1 - open));
    c->line = n->line;
    c->column = n->column;
    expects += strlen("expects ");
    return read_outcome(expects, &c->expects) ||
           asset_fail(a, n, err,
                      "\"%s\" is no outcome; use pass, fail, unknown, needs_evidence or "
                      "not_applicable",
                      expects);
}

static bool read_line(struct asset *a, const struct asset_node *n, const struct line *line,
                      struct rule *rule, size_t *case_cap, struct err *err)
{
    char *base = (char *)rule;
    const char *words[1];
    struct expr **expr;

    switch (line->kind) {
    case LINE_TEXT:
        if (asset_words(a, n, words, 1, err) != 1)
            return err->code == ERR_NONE ? asset_fail(a, n, err, "%s takes one text", n->word)
                                         : false;
        *(const char **)(void *)(base + line->offset) = words[0];
        return true;
    case LINE_EXPR:
        expr = (struct expr **)(void *)(base + line->offset);
        if (*expr)
            return asset_fail(a, n, err, "a rule has one %s", n->word);
        *expr = expr_parse(n->rest, asset_name(a), n->line, n->rest_column, err);
        return *expr != NULL;
    case LINE_DATE:
        return days_parse(n->rest, (int32_t *)(void *)(base + line->offset)) ||
               asset_fail(a, n, err, "\"%s\" is no date; write it as 2026-04-01", n->rest);
    case LINE_SOURCE:
        return read_source(a, n, rule, err);
    case LINE_CASE:
        return read_case(a, n, rule, &rule->cases, case_cap, err);
    }
    return false;
}

static const struct line *find_line(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (strcmp(lines[i].word, word) == 0)
            return &lines[i];
    return NULL;
}

static bool check_rule(struct asset *a, const struct asset_node *n, const struct rule *rule,
                       struct err *err)
{
    if (!rule->test == !rule->evidence)
        return asset_fail(a, n, err, "rule %s needs a test, or evidence in its place", rule->id);
    if (rule->test && !rule->fail)
        return asset_fail(a, n, err, "rule %s needs a fail text", rule->id);
    if (!rule->source)
        return asset_fail(a, n, err, "rule %s needs a source with its date", rule->id);
    return true;
}

/* The line a rule begins with. */
static bool read_title(struct asset *a, const struct asset_node *n, struct rule *rule,
                       struct err *err)
{
    const char *words[3];
    int count = asset_words(a, n, words, 3, err);

    if (count < 0)
        return false;
    if (count != 3)
        return asset_fail(a, n, err, "a rule is rule ID SEVERITY \"Name\"");
    rule->id = words[0];
    rule->name = words[2];
    return read_severity(words[1], &rule->severity) ||
           asset_fail(a, n, err, "\"%s\" is no severity; use blocker, major, minor or info",
                      words[1]);
}

static bool read_child(struct asset *a, const struct asset_node *n, struct rule *rule,
                       size_t *case_cap, struct err *err)
{
    const struct line *line = find_line(n->word);

    return line ? read_line(a, n, line, rule, case_cap, err)
                : asset_fail(a, n, err, "a rule has no line \"%s\"", n->word);
}

/* What a rule lacks is told only of one whose lines could all be read. */
static bool read_rule(struct asset *a, const struct asset_node *n, const struct listener *l,
                      struct rule *rule, struct err *err)
{
    size_t case_cap = 0;
    bool whole;

    *rule = (struct rule){.from = INT32_MIN, .until = INT32_MAX};
    whole = read_title(a, n, rule, err);
    if (!whole && !go_on(l, err))
        return false;
    for (const struct asset_node *child = n->child; child; child = child->next) {
        if (read_child(a, child, rule, &case_cap, err))
            continue;
        if (!go_on(l, err))
            return false;
        whole = false;
    }
    return !whole || check_rule(a, n, rule, err);
}

/* ---- the file
 * ------------------------------------------------------------------------------------ */

static bool read_include(struct asset *a, const struct asset_node *n, struct pack *pack,
                         size_t *cap, struct err *err)
{
    const char *words[2];
    int count = asset_words(a, n, words, 2, err);

    if (count < 0)
        return false;
    if (count < 1 || count > 2 || (count == 2 && strcmp(words[1], "preview") != 0))
        return asset_fail(a, n, err, "an include is include TEMPLATE, or include TEMPLATE preview");
    pack->includes =
        mem_grow(pack->includes, cap, pack->include_count + 1, sizeof(*pack->includes));
    pack->includes[pack->include_count++] = (struct include){words[0], count == 2};
    return true;
}

static bool read_name(struct asset *a, const struct asset_node *n, struct pack *pack,
                      struct err *err)
{
    const char *words[2];

    if (asset_words(a, n, words, 2, err) != 2)
        return err->code == ERR_NONE
                   ? asset_fail(a, n, err, "a pack begins with pack TEMPLATE \"Title\"")
                   : false;
    pack->id = words[0];
    pack->title = words[1];
    return true;
}

static bool read_head(struct asset *a, const struct asset_node *n, const struct listener *l,
                      struct pack *pack, struct err *err)
{
    size_t cap = 0;

    if (!read_name(a, n, pack, err) && !go_on(l, err))
        return false;
    pack->disclaimer = asset_text(a, n, "disclaimer", NULL);
    for (const struct asset_node *child = n->child; child; child = child->next) {
        bool ok = strcmp(child->word, "include") == 0 ? read_include(a, child, pack, &cap, err)
                  : strcmp(child->word, "disclaimer") == 0
                      ? true
                      : asset_fail(a, child, err, "a pack has no line \"%s\"", child->word);

        if (!ok && !go_on(l, err))
            return false;
    }
    return true;
}

static bool read_pack(struct pack *pack, const struct listener *l, struct err *err)
{
    bool has_head = false, ok;
    size_t cap = 0;

    for (const struct asset_node *n = asset_root(pack->asset); n; n = n->next) {
        if (strcmp(n->word, "pack") == 0 && !has_head) {
            has_head = true;
            ok = read_head(pack->asset, n, l, pack, err);
        } else if (strcmp(n->word, "rule") == 0 && has_head) {
            pack->rules = mem_grow(pack->rules, &cap, pack->rule_count + 1, sizeof(*pack->rules));
            ok = read_rule(pack->asset, n, l, &pack->rules[pack->rule_count++], err);
        } else {
            ok = asset_fail(pack->asset, n, err,
                            "\"%s\" has no place here: a file has one pack, then its rules",
                            n->word);
        }
        if (!ok && !go_on(l, err))
            return false;
    }
    if (has_head)
        return true;
    err_set(err, ERR_INVALID, 0, "%s:1:1: there is no pack in this file", asset_name(pack->asset));
    return go_on(l, err);
}

bool pack_read(const char *name, const char *text, size_t len, asset_tell *tell, void *context,
               struct pack *pack, struct err *err)
{
    struct listener l = {tell, context};

    memset(pack, 0, sizeof(*pack));
    sha256_hex(text, len, pack->hash);
    pack->asset = asset_parse_on(name, text, len, tell, context, err);
    if (pack->asset && read_pack(pack, &l, err))
        return true;
    pack_finish(pack);
    return false;
}

bool pack_load(const char *name, struct pack *pack, struct err *err)
{
    char *path = paths_asset(name, err), *text = NULL;
    size_t len = 0;
    bool ok = false;

    memset(pack, 0, sizeof(*pack));
    if (path)
        text = paths_read_file(path, PACK_FILE_LIMIT, &len, err);
    if (text)
        ok = pack_read(name, text, len, NULL, NULL, pack, err);
    free(text);
    free(path);
    return ok;
}

static void rule_finish(struct rule *rule)
{
    expr_free(rule->when);
    expr_free(rule->test);
    for (size_t i = 0; i < rule->case_count; i++) {
        free(rule->cases[i].name);
        free(rule->cases[i].answers);
    }
    free(rule->cases);
}

void pack_finish(struct pack *pack)
{
    for (size_t i = 0; i < pack->rule_count; i++)
        rule_finish(&pack->rules[i]);
    free(pack->rules);
    free(pack->includes);
    asset_free(pack->asset);
    memset(pack, 0, sizeof(*pack));
}

const struct pack *packs_find(const struct packs *p, const char *id)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->items[i].id, id) == 0)
            return &p->items[i];
    return NULL;
}

static bool each_rule(const struct packs *p, const struct pack *pack, bool preview, int depth,
                      bool (*visit)(void *context, const struct pack *from, const struct rule *rule,
                                    bool preview),
                      void *context)
{
    for (size_t i = 0; i < pack->rule_count; i++)
        if (!visit(context, pack, &pack->rules[i], preview))
            return false;
    for (size_t i = 0; depth < INCLUDE_DEPTH && i < pack->include_count; i++) {
        const struct pack *other = packs_find(p, pack->includes[i].id);

        if (other &&
            !each_rule(p, other, preview || pack->includes[i].preview, depth + 1, visit, context))
            return false;
    }
    return true;
}

bool pack_each_rule(const struct packs *p, const struct pack *pack,
                    bool (*visit)(void *context, const struct pack *from, const struct rule *rule,
                                  bool preview),
                    void *context)
{
    return each_rule(p, pack, false, 0, visit, context);
}

struct wanted {
    const char *place;
    struct strbuf *out;
};

static bool add_wanted(void *context, const struct pack *from, const struct rule *rule,
                       bool preview)
{
    const struct wanted *w = context;

    (void)from;
    (void)preview;
    if (rule->fix && strcmp(rule->fix, w->place) == 0)
        strbuf_printf(w->out, "- %s\n", rule->name);
    return true;
}

void packs_expectations(const struct packs *p, const char *template_id, const char *place,
                        struct strbuf *out)
{
    const struct pack *pack = packs_find(p, template_id);
    struct wanted wanted = {place, out};

    if (pack)
        pack_each_rule(p, pack, add_wanted, &wanted);
}
