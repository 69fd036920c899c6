/* wording.c - finds phrases in prose. Text and phrases are compared as words: case folded, and any
 * run of blanks or hyphens as one blank, so that "Cutting-\nedge" is "cutting edge". Of the answers
 * one long line of such words is made; a phrase that stands in it, and for a claim the words after it
 * too, is the founder's own. */
#include "writer/wording.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "asset/asset.h"
#include "writer/prose.h"

enum { OWN_WORDS = 3, DEPTH = 16, ANSWERS_LIMIT = 4 << 20 };

struct phrase {
    const char *text; /* lower case; belongs to the asset */
    size_t len;       /* without the star */
    bool open;        /* the word may go on */
    const char *kind, *advice;
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
    const char *words[2];
    bool banned = strcmp(n->word, "banned") == 0;
    int count = asset_words(a, n, words, 2, err);

    if (count < 0)
        return false;
    if (count != 2 || !(banned || strcmp(n->word, "claim") == 0) || !words[0][0])
        return asset_fail(a, n, err,
                          "a line is banned or claim, \"PHRASE\" and \"What to do instead\"");
    *p = (struct phrase){.text = words[0],
                         .len = strlen(words[0]),
                         .kind = banned ? "banned_phrase" : "uncited_claim",
                         .advice = words[1]};
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

static bool is_finding(const struct phrase *p, const struct wording_text *t,
                       const struct strbuf *answers, size_t start, size_t end)
{
    size_t from, to;

    if (strcmp(p->kind, "uncited_claim") != 0)
        return !is_own(answers, t->prose, start, end);
    prose_sentence(t->prose, t->len, start, end, &from, &to);
    return !prose_cites(t->prose, t->len, from, to) && !has_figure(t->source, from, to) &&
           !is_own(answers, t->prose, start, words_on(t->prose, end, to, OWN_WORDS));
}

void wording_find(const struct wording *w, const struct wording_text *t,
                  void (*found)(void *context, const char *kind, size_t start, size_t end,
                                const char *advice),
                  void *context)
{
    struct strbuf answers;

    strbuf_init(&answers, ANSWERS_LIMIT);
    add_answers(t->intake, 0, &answers);
    strbuf_char(&answers, ' ');
    for (size_t at = 0; at < t->len; at++) {
        size_t end = 0;

        if (!is_word(t->prose[at]) || (at && is_word(t->prose[at - 1])))
            continue;
        for (size_t i = 0; !end && i < w->count; i++) {
            end = match(&w->items[i], t->prose, t->len, at);
            if (end && is_finding(&w->items[i], t, &answers, at, end))
                found(context, w->items[i].kind, at, end, w->items[i].advice);
        }
        if (end)
            at = end - 1;
    }
    strbuf_finish(&answers);
}
