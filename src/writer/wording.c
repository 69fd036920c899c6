/* wording.c - finds phrases in prose. Text and phrases are compared as words: case folded, and any
 * run of blanks or hyphens as one blank, so that "Cutting-\nedge" is "cutting edge". Of the answers
 * one long line of such words is made; a phrase that stands in it, and for a claim the words after it
 * too, is the founder's own. */
#include "writer/wording.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "asset/asset.h"
#include "writer/prose.h"

enum { OWN_WORDS = 3, DEPTH = 16, ANSWERS_LIMIT = 4 << 20 };

/* What a line of the asset says a phrase is, by its first word. */
static const struct sort {
    const char *word, *kind;
    bool sentence;      /* the whole sentence is found, if it cites nothing */
    bool figure_enough; /* a figure in it is as good as a source */
} sorts[] = {
    {"banned", "banned_phrase", false, false},
    {"claim", "uncited_claim", true, true},
    {"report", "uncited_claim", true, false},
    {"publisher", "unknown_citation", false, false},
};

struct phrase {
    const char *text; /* lower case; belongs to the asset */
    size_t len;       /* without the star */
    bool open;        /* the word may go on */
    const struct sort *sort;
    const char *advice;
};

struct wording {
    struct asset *asset;
    struct phrase *items;
    size_t count;
};

/* ---- the phrases ---- */

static bool read_phrase(struct asset *a, const struct asset_node *n, struct phrase *p,
                        struct err *err)
{
    const struct sort *sort = NULL;
    const char *words[2];
    int count = asset_words(a, n, words, 2, err);

    if (count < 0)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(sorts); i++)
        if (strcmp(n->word, sorts[i].word) == 0)
            sort = &sorts[i];
    if (count != 2 || !sort || !words[0][0])
        return asset_fail(
            a, n, err,
            "a line is banned, claim, report or publisher, \"PHRASE\" and \"What to do "
            "instead\"");
    *p = (struct phrase){
        .text = words[0], .len = strlen(words[0]), .sort = sort, .advice = words[1]};
    p->open = p->text[p->len - 1] == '*';
    p->len -= p->open;
    return true;
}

struct wording *wording_load(struct err *err)
{
    struct wording *w = mem_zero(1, sizeof *w);
    size_t cap = 0;

    w->asset = asset_load("prompts/wording.phrases", err);
    for (const struct asset_node *n = w->asset ? asset_root(w->asset) : NULL; n; n = n->next) {
        w->items = mem_grow(w->items, &cap, w->count + 1, sizeof *w->items);
        if (!read_phrase(w->asset, n, &w->items[w->count++], err)) {
            wording_free(w);
            return NULL;
        }
    }
    if (w->asset)
        return w;
    wording_free(w);
    return NULL;
}

void wording_free(struct wording *w)
{
    if (!w)
        return;
    asset_free(w->asset);
    free(w->items);
    free(w);
}

/* ---- words ---- */

static bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '-';
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The end of phrase `p` if it begins at `at`, else 0. */
static size_t match(const struct phrase *p, const char *text, size_t len, size_t at)
{
    size_t i = at;

    for (size_t k = 0; k < p->len; k++) {
        if (i >= len)
            return 0;
        if (p->text[k] == ' ') {
            if (!is_gap(text[i]))
                return 0;
            while (i < len && is_gap(text[i]))
                i++;
        } else if (lower(text[i++]) != p->text[k]) {
            return 0;
        }
    }
    while (p->open && i < len && is_word(text[i]))
        i++;
    return i < len && is_word(text[i]) ? 0 : i;
}

/* Appends `text` as words: lower case, one blank between two, nothing else. */
static void add_words(struct strbuf *out, const char *text, size_t len)
{
    strbuf_char(out, ' ');
    for (size_t i = 0; i < len; i++) {
        if (is_word(text[i]))
            strbuf_char(out, lower(text[i]));
        else if (out->data[out->len - 1] != ' ' && text[i] != '\\')
            strbuf_char(out, ' ');
    }
}

static void add_answers(const bson_t *doc, int depth, struct strbuf *out)
{
    bson_iter_t it;
    bson_t sub;

    for (bson_iter_init(&it, doc); bson_iter_next(&it);) {
        uint32_t len;
        const char *text;

        if (BSON_ITER_HOLDS_UTF8(&it)) {
            text = bson_iter_utf8(&it, &len);
            add_words(out, text, len);
        } else if (depth < DEPTH && doc_view(doc, bson_iter_key(&it), &sub)) {
            add_answers(&sub, depth + 1, out);
        }
    }
}

/* The end of the `count`th word after `at`, within the sentence that ends at `to`. */
static size_t words_on(const char *text, size_t at, size_t to, int count)
{
    while (count-- > 0 && at < to) {
        while (at < to && !is_word(text[at]))
            at++;
        while (at < to && is_word(text[at]))
            at++;
    }
    return at;
}

static bool is_own(const struct strbuf *answers, const char *text, size_t start, size_t end)
{
    struct strbuf words;
    bool own;

    strbuf_init(&words, ANSWERS_LIMIT);
    add_words(&words, text + start, end - start);
    own = words.len > 1 && strstr(answers->data, words.data) != NULL;
    strbuf_finish(&words);
    return own;
}

/* ---- finding ---- */

static bool has_figure(const char *source, size_t from, size_t to)
{
    for (size_t i = from; i + 1 < to; i++)
        if (source[i] == '{' && source[i + 1] == '{')
            return true;
    return false;
}

/* Narrows start..end to what is said in it, without marks around it. */
static void trim(const char *text, size_t *start, size_t *end)
{
    while (*start < *end && !is_word(text[*start]) && text[*start] != '{')
        ++*start;
    while (*end > *start && strchr(" |*_.!?\n", text[*end - 1]))
        --*end;
}

/* Is the phrase from *start to *end found? A claim's place is then that of its sentence. */
static bool is_finding(const struct phrase *p, const struct wording_text *t,
                       const struct strbuf *answers, size_t *start, size_t *end)
{
    size_t from, to;

    if (!p->sort->sentence)
        return !is_own(answers, t->prose, *start, *end);
    prose_sentence(t->prose, t->len, *start, *end, &from, &to);
    if (prose_cites(t->prose, t->len, from, to) ||
        (p->sort->figure_enough && has_figure(t->source, from, to)) ||
        is_own(answers, t->prose, *start, words_on(t->prose, *end, to, OWN_WORDS)))
        return false;
    *start = from;
    *end = to;
    trim(t->source, start, end);
    return true;
}

void wording_find(const struct wording *w, const struct wording_text *t,
                  void (*found)(void *context, const char *kind, size_t start, size_t end,
                                const char *advice),
                  void *context)
{
    struct strbuf answers;
    size_t told = 0; /* the end of the last claim: a sentence is found once */

    strbuf_init(&answers, ANSWERS_LIMIT);
    add_answers(t->intake, 0, &answers);
    if (t->research)
        add_answers(t->research, 0, &answers);
    strbuf_char(&answers, ' ');
    for (size_t at = 0; at < t->len; at++) {
        size_t past = 0;

        if (!is_word(t->prose[at]) || (at && is_word(t->prose[at - 1])))
            continue;
        for (size_t i = 0; !past && i < w->count; i++) {
            size_t start = at, end = past = match(&w->items[i], t->prose, t->len, at);

            if (!end || !is_finding(&w->items[i], t, &answers, &start, &end) || start < told)
                continue;
            found(context, w->items[i].sort->kind, start, end, w->items[i].advice);
            told = w->items[i].sort->sentence ? end : told;
        }
        if (past)
            at = past - 1;
    }
    strbuf_finish(&answers);
}
