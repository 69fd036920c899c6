/* mask.c - words are looked for as they are written, letter case aside, and only whole: "Ann" is
 * not found in "Annual". The order of the words is the order in which they were found, so that
 * the same text is masked the same way twice. */
#include "writer/mask.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { PHONE_DIGITS_MIN = 9 };

static void add(struct mask *m, const char *word, size_t len)
{
    while (len && isspace((unsigned char)*word)) {
        word++;
        len--;
    }
    while (len && isspace((unsigned char)word[len - 1]))
        len--;
    for (size_t i = 0; i < m->count; i++)
        if (strlen(m->words[i]) == len && strncasecmp(m->words[i], word, len) == 0)
            return;
    if (!len)
        return;
    m->words = mem_grow(m->words, &m->cap, m->count + 1, sizeof *m->words);
    m->words[m->count++] = mem_strn(word, len);
}

static bool in_address(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("._%+-", c)) || (unsigned char)c >= 0x80;
}

static void find_addresses(struct mask *m, const char *text)
{
    for (const char *at = text; (at = strchr(at, '@')); at++) {
        const char *from = at, *to = at + 1;

        while (from > text && in_address(from[-1]))
            from--;
        while (in_address(*to))
            to++;
        while (to > at + 1 && to[-1] == '.')
            to--;
        if (from < at && memchr(at, '.', (size_t)(to - at)))
            add(m, from, (size_t)(to - from));
    }
}

/* Does `at` stand inside a word or a number, be its digits grouped by blanks? */
static bool goes_on(const char *text, const char *at)
{
    bool blank = at > text && at[-1] == ' ';

    at -= blank;
    return at > text && (isdigit((unsigned char)at[-1]) ||
                         (!blank && (isalpha((unsigned char)at[-1]) || strchr(".,:", at[-1]))));
}

/* "+44 20 7946 0018", "(020) 7946-0018": a run of digits with signs between that begins with + or
 * 0. An amount does not. */
static void find_telephones(struct mask *m, const char *text)
{
    for (const char *at = text; *at;) {
        size_t len = 0, digits = 0, end = 0;

        if (!strchr("+0(", *at) || goes_on(text, at)) {
            at++;
            continue;
        }
        for (; isdigit((unsigned char)at[len]) || (at[len] && strchr("+ ()-", at[len])); len++)
            if (isdigit((unsigned char)at[len])) {
                digits++;
                end = len + 1;
            }
        if (digits >= PHONE_DIGITS_MIN)
            add(m, at, end);
        at += len ? len : 1;
    }
}

void mask_init(struct mask *m, const char *words, const char *text)
{
    *m = (struct mask){0};
    while (*words) {
        size_t len = strcspn(words, ",");

        add(m, words, len);
        words += len + (words[len] == ',');
    }
    find_addresses(m, text);
    find_telephones(m, text);
}

void mask_finish(struct mask *m)
{
    for (size_t i = 0; i < m->count; i++)
        free(m->words[i]);
    free(m->words);
    *m = (struct mask){0};
}

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The word that stands at `at`, as its number from 1, or 0; the longest one wins. */
static size_t word_at(const struct mask *m, const char *text, const char *at)
{
    size_t best = 0, best_len = 0;

    for (size_t i = 0; i < m->count; i++) {
        size_t len = strlen(m->words[i]);

        if (len <= best_len || strncasecmp(at, m->words[i], len) != 0)
            continue;
        if ((at > text && is_letter(at[-1]) && is_letter(*at)) ||
            (is_letter(at[len]) && is_letter(at[len - 1])))
            continue;
        best = i + 1;
        best_len = len;
    }
    return best;
}

void mask_apply(const struct mask *m, const char *text, struct strbuf *out)
{
    for (const char *at = text; *at;) {
        size_t word = word_at(m, text, at);

        if (word) {
            strbuf_printf(out, "[[%zu]]", word);
            at += strlen(m->words[word - 1]);
        } else {
            strbuf_char(out, *at++);
        }
    }
}

void mask_undo(const struct mask *m, const char *text, struct strbuf *out)
{
    while (*text) {
        char *end = NULL;
        unsigned long word = strncmp(text, "[[", 2) == 0 ? strtoul(text + 2, &end, 10) : 0;

        if (word && word <= m->count && strncmp(end, "]]", 2) == 0) {
            strbuf_str(out, m->words[word - 1]);
            text = end + 2;
        } else {
            strbuf_char(out, *text++);
        }
    }
}
