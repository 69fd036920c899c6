/* write_with_model.c - sections written by a language model, several at once. Each is an author
 * with a brief: it is asked, its answer is checked like a template's draft, and once, if
 * something is found, given back to be mended. A section is stored the moment it is done. What a
 * broken line, a full answer or the end of the program leaves in the middle is kept as an
 * unfinished text, also while it grows, so that a crash loses two seconds of it at most. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/plan_run.h"
#include "strattio/writing.h"

#include "compliance/compliance.h"
#include "pipeline/house_parts.h"
#include "pipeline/section_work.h"
#include "pipeline/stage.h"
#include "writer/llm_draft.h"
#include "writer/llm_writer.h"
#include "writer/prompts.h"

enum { LOOK_MS = 50, KEEP_MS = 2000, BYTES_A_TOKEN = 3 };

enum author_state { AUTHOR_WAITS, AUTHOR_WRITES, AUTHOR_DONE };

struct desk;

struct author {
    struct desk *desk;
    struct section_work *work;
    enum author_state state;
    struct mask mask;
    struct brief brief;
    struct strbuf text; /* of the answer that comes */
    char *first;        /* the draft that is being mended; NULL on the first round */
    struct llm_usage usage;
    int tries;
    int64_t ms;
    size_t kept;     /* bytes of `text` that are stored */
    int64_t kept_at; /* clock_mono_ms() */
    double reserved; /* what the answer under way may cost */
};

struct desk {
    struct making *mk;
    const struct writing *writing;
    const struct prompts *prompts;
    const char *wish; /* of the author's, for a text that is there; NULL for first drafts */
    struct llm *llm;
    struct author authors[SECTION_COUNT];
    size_t count, writing_now;
    struct llm_usage usage;
    int64_t calls;
    double spent, reserved;
    bool stopped; /* no further section is begun */
    struct err err;
};

bool model_key(struct making *mk, const struct writing *w, char out[SHA_HEX_LEN + 1],
               struct err *err)
{
    const struct prompts *prompts = house_prompts(mk->house, err);
    char *text;

    if (!prompts)
        return false;
    text = mem_printf("%s\n%s\n%s", writing_name(w->by), w->model, prompts_key(prompts));
    sha256_hex(text, strlen(text), out);
    free(text);
    return true;
}

/* ---- briefs
 * ----------------------------------------------------------------------------------- */

/* Private words are looked for in everything that could be sent. */
static void find_private_words(struct author *a)
{
    struct strbuf all;

    strbuf_init(&all, STRBUF_DOC_LIMIT);
    json_write(a->work->in.intake, JSON_PRETTY, &all);
    mask_init(&a->mask, a->desk->writing->mask, all.data);
    strbuf_finish(&all);
}

static bool make_brief(struct author *a, struct err *err)
{
    struct making *mk = a->desk->mk;
    const struct packs *packs = house_packs(mk->house, err);
    struct brief_input in = {.draft = &a->work->in,
                             .source = a->work->source.data,
                             .instruction = a->desk->wish,
                             .mask = &a->mask};
    struct strbuf expectations;
    bool ok;

    if (!packs)
        return false;
    strbuf_init(&expectations, STRBUF_DOC_LIMIT);
    packs_expectations(packs, doc_str(mk->plan.metadata, "compliance_type", ""),
                       section_type_name(a->work->type), &expectations);
    in.expectations = expectations.data;
    if (a->desk->wish)
        in.current = doc_str(mk->sections[a->work->type].metadata, "source", "");
    find_private_words(a);
    ok = brief_make(a->desk->prompts, &in, &a->brief, err);
    strbuf_finish(&expectations);
    return ok;
}

/* ---- costs
 * ------------------------------------------------------------------------------------ */

/* The most the question may cost, by a count of bytes that is rather too high. */
static double worst_cost(const struct desk *d, const char *system, const char *user)
{
    struct llm_usage most = {.known = true, .out = d->writing->max_tokens};

    most.in = (int64_t)((strlen(system) + strlen(user)) / BYTES_A_TOKEN);
    return writing_cost(d->writing, &most);
}

static bool may_cost(const struct desk *d, double more, struct err *err)
{
    if (isnan(d->writing->cost_limit) || d->spent + d->reserved + more <= d->writing->cost_limit)
        return true;
    return err_set(
        err, ERR_LIMIT, 0,
        "the cost limit of %.2f could be passed: %.2f is spent; what is written is kept, "
        "raise llm_cost_limit to go on",
        d->writing->cost_limit, d->spent);
}

static void count_usage(struct author *a, const struct llm_answer *answer)
{
    struct desk *d = a->desk;
    double cost = writing_cost(d->writing, &answer->usage);

    d->reserved -= a->reserved;
    d->spent += isnan(cost) ? (isnan(a->reserved) ? 0 : a->reserved) : cost;
    d->calls++;
    d->usage.known = d->usage.known || answer->usage.known;
    d->usage.in += answer->usage.in;
    d->usage.out += answer->usage.out;
    a->usage.known = a->usage.known || answer->usage.known;
    a->usage.in += answer->usage.in;
    a->usage.out += answer->usage.out;
    a->tries += answer->tries;
    a->ms += answer->ms;
}

/* ---- one author
 * ------------------------------------------------------------------------------- */

static void on_text(void *arg, const char *text, size_t len);
static void on_retry(void *arg, int64_t wait_ms, const struct err *why);
static void on_done(void *arg, const struct llm_answer *answer);

static bool ask(struct author *a, const char *user, struct err *err)
{
    struct desk *d = a->desk;
    const struct llm_prompt prompt = {a->brief.system, user, d->writing->max_tokens};
    const struct llm_listener listener = {on_text, on_retry, on_done, a};
    double cost = worst_cost(d, prompt.system, user);

    strbuf_clear(&a->text);
    a->kept = 0;
    a->kept_at = clock_mono_ms();
    if (!may_cost(d, isnan(cost) ? 0 : cost, err) || !llm_ask(d->llm, &prompt, &listener, err))
        return false;
    a->reserved = isnan(cost) ? 0 : cost;
    d->reserved += a->reserved;
    return true;
}

static void begin(struct author *a)
{
    struct desk *d = a->desk;
    struct err err = {0};

    making_tell(d->mk, EVENT_STARTED, STAGE_WRITING, a->work->type, 0, 0, NULL);
    if (make_brief(a, &err) && ask(a, a->brief.user, &err)) {
        a->state = AUTHOR_WRITES;
        d->writing_now++;
        return;
    }
    a->state = AUTHOR_DONE;
    d->stopped = true;
    if (d->err.code == ERR_NONE)
        d->err = err;
}

static void end(struct author *a)
{
    a->state = AUTHOR_DONE;
    a->desk->writing_now--;
}

static void on_text(void *arg, const char *text, size_t len)
{
    struct author *a = arg;
    char *piece = mem_strn(text, len);

    strbuf_add(&a->text, text, len);
    if (!a->first)
        making_tell(a->desk->mk, EVENT_DELTA, STAGE_WRITING, a->work->type, 0, 0, piece);
    free(piece);
}

static void on_retry(void *arg, int64_t wait_ms, const struct err *why)
{
    const struct author *a = arg;
    char *text = mem_printf("%s: %s; trying again in %.1f s", section_type_title(a->work->type),
                            why->msg, (double)wait_ms / 1000);

    making_tell(a->desk->mk, EVENT_WARNING, STAGE_WRITING, a->work->type, 0, 0, text);
    free(text);
}

/* Keeps what there is of a text that is not done, as it would be read. */
static void keep_part(struct author *a)
{
    struct desk *d = a->desk;
    struct strbuf own;
    struct err err = {0};

    if (a->text.len == a->kept || a->text.len < SECTION_SOURCE_MIN || a->first || d->wish)
        return;
    strbuf_init(&own, STRBUF_DOC_LIMIT);
    mask_undo(&a->mask, a->text.data, &own);
    if (section_work_keep_part(d->mk, a->work, own.data, writing_name(d->writing->by), &err))
        a->kept = a->text.len;
    else if (d->err.code == ERR_NONE)
        d->err = err;
    a->kept_at = clock_mono_ms();
    strbuf_finish(&own);
}

static void fill_made(const struct author *a, bson_t *out)
{
    BSON_APPEND_UTF8(out, "model", a->desk->writing->model);
    BSON_APPEND_INT32(out, "tries", a->tries);
    BSON_APPEND_INT64(out, "ms", a->ms);
    if (a->usage.known) {
        BSON_APPEND_INT64(out, "tokens_in", a->usage.in);
        BSON_APPEND_INT64(out, "tokens_out", a->usage.out);
    }
    BSON_APPEND_BOOL(out, "mended", a->first != NULL);
    BSON_APPEND_UTF8(out, "prompt_system", a->brief.system);
    BSON_APPEND_UTF8(out, "prompt_user", a->brief.user);
}

static bool store(struct author *a, const char *source, const bson_t *citations, struct err *err)
{
    struct desk *d = a->desk;
    bson_t made = BSON_INITIALIZER;
    const struct written what = {.source = source,
                                 .citations = citations,
                                 .writer = writing_name(d->writing->by),
                                 .ai = true,
                                 .made = &made};
    bool ok;

    fill_made(a, &made);
    ok = section_work_take(d->mk, a->work, &what, err);
    bson_destroy(&made);
    if (!ok)
        return false;
    section_work_tell(d->mk, a->work, false);
    d->mk->written++;
    making_tell(d->mk, EVENT_ADVANCED, STAGE_WRITING, SECTION_COUNT, d->mk->written, SECTION_COUNT,
                NULL);
    return true;
}

static size_t find(const struct author *a, const char *source, const bson_t *citations,
                   bson_t *findings)
{
    struct err ignored = {0};

    if (!section_find(a->desk->mk, a->work->type, citations, source, findings, &ignored))
        bson_init(findings);
    return (size_t)bson_count_keys(findings);
}

/* Gives the draft back once with what was found in it; false if it stays as it is. */
static bool give_back(struct author *a, const bson_t *findings)
{
    struct strbuf masked;
    struct err err = {0};
    char *user;
    bool asked;

    strbuf_init(&masked, STRBUF_DOC_LIMIT);
    strbuf_str(&masked, a->text.data);
    a->first = mem_str(masked.data);
    user = brief_repair(a->desk->prompts, a->brief.user, masked.data, findings);
    asked = ask(a, user, &err);
    if (!asked)
        strbuf_str(&a->text, masked.data);
    free(user);
    strbuf_finish(&masked);
    return asked;
}

/* The answer `text` as a source, and how much was found in it; SIZE_MAX if it is none. */
static size_t read_answer(const struct author *a, const char *text, struct strbuf *source,
                          bson_t *citations, bson_t *findings)
{
    struct err err = {0};

    if (!llm_draft(&a->work->in, &a->mask, text, source, citations, &err) ||
        !section_source_check(source->data, source->len, &err)) {
        bson_init(findings);
        return SIZE_MAX;
    }
    return find(a, source->data, citations, findings);
}

/* The answer is whole. Mended ones count only if they are better. */
static bool take_answer(struct author *a, struct err *err)
{
    struct strbuf source, other;
    bson_t citations, findings, other_citations, other_findings;
    bool ok = true, better = true;
    size_t found;

    strbuf_init(&source, STRBUF_DOC_LIMIT);
    strbuf_init(&other, STRBUF_DOC_LIMIT);
    found = read_answer(a, a->text.data, &source, &citations, &findings);
    if (!a->first && found && found != SIZE_MAX && give_back(a, &findings)) {
        bson_destroy(&citations);
        bson_destroy(&findings);
        strbuf_finish(&source);
        strbuf_finish(&other);
        return true;
    }
    if (a->first) {
        size_t before = read_answer(a, a->first, &other, &other_citations, &other_findings);

        better = found <= before;
        ok = better ? found != SIZE_MAX : before != SIZE_MAX;
        ok = ok && store(a, better ? source.data : other.data,
                         better ? &citations : &other_citations, err);
        bson_destroy(&other_citations);
        bson_destroy(&other_findings);
    } else if (found == SIZE_MAX) {
        ok = err_set(err, ERR_IO, 0, "what the model wrote is no text of a section");
    } else {
        ok = store(a, source.data, &citations, err);
    }
    end(a);
    bson_destroy(&citations);
    bson_destroy(&findings);
    strbuf_finish(&source);
    strbuf_finish(&other);
    return ok;
}

/* Failures that every other section would meet as well. */
static bool concerns_all(enum err_code code)
{
    return code == ERR_DENIED || code == ERR_QUOTA || code == ERR_NOT_FOUND ||
           code == ERR_CANCELLED;
}

static void say_why(const struct author *a, const struct llm_answer *answer, struct err *err)
{
    switch (answer->end) {
    case LLM_LENGTH:
        err_set(err, ERR_LIMIT, 0,
                "the answer broke off after %d tokens; its beginning is kept: raise llm_max_tokens",
                a->desk->writing->max_tokens);
        break;
    case LLM_REFUSED:
        err_set(err, ERR_DENIED, 0, "the model refuses to write this section");
        break;
    default:
        if (answer->err.code != ERR_NONE)
            *err = answer->err;
        else
            err_set(err, ERR_OFFLINE, 0, "the answer broke off; its beginning is kept");
        break;
    }
}

static void fail(struct author *a, const struct llm_answer *answer)
{
    struct desk *d = a->desk;
    struct err err = {0};

    say_why(a, answer, &err);
    if (answer->end != LLM_REFUSED)
        keep_part(a);
    end(a);
    if (concerns_all(err.code) && answer->end != LLM_REFUSED)
        d->stopped = true;
    if (d->err.code == ERR_NONE) {
        d->err = err;
        if (err.code != ERR_CANCELLED)
            err_wrap(&d->err, "%s", section_type_title(a->work->type));
    }
}

static void on_done(void *arg, const struct llm_answer *answer)
{
    struct author *a = arg;
    struct desk *d = a->desk;
    struct err err = {0};

    count_usage(a, answer);
    if (a->first && answer->end != LLM_COMPLETE) { /* the first draft stands */
        strbuf_clear(&a->text);
        strbuf_str(&a->text, a->first);
    } else if (answer->end != LLM_COMPLETE) {
        fail(a, answer);
        return;
    }
    if (!take_answer(a, &err) && d->err.code == ERR_NONE) {
        d->err = err;
        d->stopped = true;
    }
}

/* ---- all of them
 * ------------------------------------------------------------------------------ */

static void begin_some(struct desk *d)
{
    for (size_t i = 0; i < d->count && d->writing_now < (size_t)d->writing->parallel; i++)
        if (d->authors[i].state == AUTHOR_WAITS && !d->stopped)
            begin(&d->authors[i]);
}

static void keep_parts(struct desk *d)
{
    int64_t now = clock_mono_ms();

    for (size_t i = 0; i < d->count; i++)
        if (d->authors[i].state == AUTHOR_WRITES && now - d->authors[i].kept_at >= KEEP_MS)
            keep_part(&d->authors[i]);
}

static void work(struct desk *d)
{
    struct err err = {0};

    begin_some(d);
    while (llm_active(d->llm)) {
        if (!d->stopped && !making_go_on(d->mk, &err)) {
            d->stopped = true;
            if (d->err.code == ERR_NONE)
                d->err = err;
        }
        if (d->stopped)
            llm_cancel(d->llm);
        if (!llm_work(d->llm, LOOK_MS, &err)) {
            d->err = err;
            return;
        }
        keep_parts(d);
        begin_some(d);
    }
}

static void note_usage(struct desk *d)
{
    bson_t *usage = &d->mk->usage;

    BSON_APPEND_INT64(usage, "calls", d->calls);
    if (d->usage.known) {
        BSON_APPEND_INT64(usage, "tokens_in", d->usage.in);
        BSON_APPEND_INT64(usage, "tokens_out", d->usage.out);
    }
    if (!isnan(d->writing->price_in) && !isnan(d->writing->price_out))
        BSON_APPEND_DOUBLE(usage, "cost", d->spent);
}

static void finish(struct desk *d)
{
    llm_close(d->llm);
    for (size_t i = 0; i < d->count; i++) {
        mask_finish(&d->authors[i].mask);
        brief_finish(&d->authors[i].brief);
        strbuf_finish(&d->authors[i].text);
        free(d->authors[i].first);
    }
}

static void sit_down(struct author *a, struct desk *d, struct section_work *work)
{
    a->desk = d;
    a->work = work;
    strbuf_init(&a->text, STRBUF_DOC_LIMIT);
}

bool write_with_model(struct making *mk, const struct writing *w, struct section_work *works,
                      size_t count, const char *wish, struct err *err)
{
    struct desk d = {
        .mk = mk, .writing = w, .prompts = house_prompts(mk->house, err), .wish = wish};

    if (!d.prompts || !(d.llm = writing_open(w, err)))
        return false;
    for (size_t i = 0; i < count; i++)
        if (works[i].state == SECTION_DRAFTED)
            sit_down(&d.authors[d.count++], &d, &works[i]);
    mk->writer = writing_name(w->by);
    work(&d);
    note_usage(&d);
    finish(&d);
    if (d.err.code != ERR_NONE)
        *err = d.err;
    return d.err.code == ERR_NONE;
}

bool model_brief(struct making *mk, const struct writing *w, struct section_work *work_of,
                 const char *wish, struct strbuf *system, struct strbuf *user, struct err *err)
{
    struct desk d = {
        .mk = mk, .writing = w, .prompts = house_prompts(mk->house, err), .count = 1, .wish = wish};
    bool ok;

    if (!d.prompts)
        return false;
    sit_down(&d.authors[0], &d, work_of);
    ok = make_brief(&d.authors[0], err);
    if (ok) {
        strbuf_str(system, d.authors[0].brief.system);
        strbuf_str(user, d.authors[0].brief.user);
    }
    finish(&d);
    return ok;
}
