/* writing.c - the settings of the writer, read once and checked as a whole, so that a run never
 * finds out in its middle that a number is none. */
#include "strattio/writing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/http.h"
#include "strattio/config.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "writer/llm_writer.h"

enum {
    PARALLEL_MAX = 9,
    TOKENS_MIN = 64,
    TOKENS_MAX = 64000,
    TEST_TOKENS = 64,
    WORD_LIMIT = 4096,
    LOOK_MS = 100
};

static const char *const names[] = {
    [WRITING_TEMPLATE] = "template",
    [WRITING_OPENAI] = "openai",
    [WRITING_ANTHROPIC] = "anthropic",
    [WRITING_OLLAMA] = "ollama",
};

const char *writing_name(enum writing_by by)
{
    return names[by];
}

static bool read_whole(const struct config *cfg, const char *key, int least, int most, int *out,
                       struct err *err)
{
    const char *text = config_get(cfg, key);
    char *end;
    long value = strtol(text, &end, 10);

    if (*end || end == text || value < least || value > most)
        return err_set(err, ERR_INVALID, 0,
                       "%s cannot be \"%s\": write a whole number from %d to %d", key, text, least,
                       most);
    *out = (int)value;
    return true;
}

/* An amount of money, or NAN if nothing is set. */
static bool read_amount(const struct config *cfg, const char *key, double *out, struct err *err)
{
    const char *text = config_get(cfg, key);
    char *end;

    *out = NAN;
    if (!text || !*text)
        return true;
    *out = strtod(text, &end);
    if (*end || end == text || !isfinite(*out) || *out < 0)
        return err_set(err, ERR_INVALID, 0,
                       "%s cannot be \"%s\": write an amount such as 2.50, with no currency sign",
                       key, text);
    return true;
}

static bool check_server(const struct writing *w, struct err *err)
{
    static const char *const urls[] = {
        [WRITING_OPENAI] = "https://HOST/v1 or http://localhost:8080/v1",
        [WRITING_ANTHROPIC] = "https://HOST",
        [WRITING_OLLAMA] = "http://localhost:11434",
    };

    if (w->by == WRITING_TEMPLATE)
        return true;
    if (!*w->url)
        return err_set(err, ERR_INVALID, 0,
                       "the writer \"%s\" needs llm_url, the address of its server: %s",
                       names[w->by], urls[w->by]);
    if (!*w->model)
        return err_set(err, ERR_INVALID, 0,
                       "the writer \"%s\" needs llm_model, the name of a model the server has",
                       names[w->by]);
    if (!isnan(w->cost_limit) && (isnan(w->price_in) || isnan(w->price_out)))
        return err_set(err, ERR_INVALID, 0,
                       "llm_cost_limit needs llm_price_in and llm_price_out, what a million tokens "
                       "cost: no price is known to this program");
    return true;
}

static char *text_of(const struct config *cfg, const char *key)
{
    const char *text = config_get(cfg, key);

    return mem_str(text ? text : "");
}

static enum writing_by by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i], name) == 0)
            return (enum writing_by)i;
    return WRITING_TEMPLATE;
}

struct writing *writing_create(const struct config *cfg, struct err *err)
{
    struct writing *w = mem_zero(1, sizeof *w);
    const char *ca_file;

    w->price_in = w->price_out = w->cost_limit = NAN;
    if (!cfg)
        return w;
    ca_file = config_get(cfg, "ca_file");
    w->by = by_name(config_get(cfg, "writer"));
    w->url = text_of(cfg, "llm_url");
    w->model = text_of(cfg, "llm_model");
    w->key = text_of(cfg, "llm_key");
    w->mask = text_of(cfg, "llm_mask");
    w->plain_http = config_on(cfg, "plain_http");
    w->ca_file = ca_file && *ca_file ? mem_str(ca_file) : NULL;
    if (read_whole(cfg, "llm_parallel", 1, PARALLEL_MAX, &w->parallel, err) &&
        read_whole(cfg, "llm_max_tokens", TOKENS_MIN, TOKENS_MAX, &w->max_tokens, err) &&
        read_amount(cfg, "llm_price_in", &w->price_in, err) &&
        read_amount(cfg, "llm_price_out", &w->price_out, err) &&
        read_amount(cfg, "llm_cost_limit", &w->cost_limit, err) && check_server(w, err))
        return w;
    writing_free(w);
    return NULL;
}

void writing_free(struct writing *w)
{
    if (!w)
        return;
    if (w->key)
        explicit_bzero(w->key, strlen(w->key));
    free(w->key);
    free(w->url);
    free(w->model);
    free(w->mask);
    free(w->ca_file);
    free(w);
}

struct llm *writing_open(const struct writing *w, struct err *err)
{
    static const enum llm_protocol_id protocols[] = {
        [WRITING_OPENAI] = LLM_OPENAI,
        [WRITING_ANTHROPIC] = LLM_ANTHROPIC,
        [WRITING_OLLAMA] = LLM_OLLAMA,
    };
    const struct http_options http = {
        .user_agent = HTTP_USER_AGENT, .ca_file = w->ca_file, .plain_anywhere = w->plain_http};
    const struct llm_server server = {
        .protocol = protocols[w->by], .url = w->url, .model = w->model, .key = w->key};

    return llm_open(&server, &http, err);
}

double writing_cost(const struct writing *w, const struct llm_usage *usage)
{
    if (!usage->known)
        return NAN;
    return ((double)usage->in * w->price_in + (double)usage->out * w->price_out) / 1e6;
}

/* ---- the test --------------------------------------------------------------------------------- */

struct trial {
    struct strbuf text;
    struct llm_answer answer;
    bool done;
};

static void on_text(void *arg, const char *text, size_t len)
{
    strbuf_add(&((struct trial *)arg)->text, text, len);
}

static void on_done(void *arg, const struct llm_answer *answer)
{
    struct trial *t = arg;

    t->answer = *answer;
    t->done = true;
}

static bool ask_a_word(struct llm *llm, const bool *stop, struct trial *t, struct err *err)
{
    const struct llm_prompt prompt = {.system = "Answer in one word.",
                                      .user = "Write the word: ready",
                                      .max_tokens = TEST_TOKENS};
    const struct llm_listener listener = {on_text, NULL, on_done, t};

    if (!llm_ask(llm, &prompt, &listener, err))
        return false;
    while (!t->done) {
        if (stop && __atomic_load_n(stop, __ATOMIC_ACQUIRE))
            llm_cancel(llm);
        if (!llm_work(llm, LOOK_MS, err))
            return false;
    }
    if (t->answer.end == LLM_COMPLETE || t->answer.end == LLM_LENGTH)
        return true;
    if (t->answer.err.code != ERR_NONE)
        *err = t->answer.err;
    else
        err_set(err, ERR_IO, 0, "the answer broke off");
    return false;
}

bool writing_test(const struct writing *w, const bool *stop, struct strbuf *sentence,
                  struct err *err)
{
    struct trial t = {0};
    struct llm *llm;
    bool ok;

    if (w->by == WRITING_TEMPLATE) {
        strbuf_str(sentence, "The template writer works: it needs no server, and nothing leaves "
                             "this machine.");
        return true;
    }
    llm = writing_open(w, err);
    if (!llm)
        return false;
    strbuf_init(&t.text, WORD_LIMIT);
    ok = ask_a_word(llm, stop, &t, err);
    if (ok)
        strbuf_printf(sentence, "The model %s works: it answered after %.1f s.", w->model,
                      (double)(t.answer.first_ms >= 0 ? t.answer.first_ms : t.answer.ms) / 1000);
    else
        err_wrap(err, "the writer \"%s\" does not work", names[w->by]);
    strbuf_finish(&t.text);
    llm_close(llm);
    return ok;
}
