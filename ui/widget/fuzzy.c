/* fuzzy.c - both sides are folded to letters without case and accent, each of which knows the
 * byte it came from. A typed word is then laid on a text in the best of four ways: as it stands,
 * as letters from the beginnings of words, with one slip, or with letters of one word left out.
 * A way that shows less of what was meant scores less, so that the exact answer always comes
 * first. */
#include "widget/fuzzy.h"

#include <string.h>
#include <utf8proc.h>

enum {
    TYPED_MAX = 64,
    SLIP_LEAST = 4, /* letters of a word in which one may be wrong */
    EXACT = 60,
    AT_WORD = 30,  /* it begins a word */
    AT_START = 10, /* it begins the text */
    WHOLE = 10,    /* it is the whole word */
    LETTERS = 40,
    SLIP = 20,
    SKIPS = 10,
    SKIPS_LEAST = 3, /* letters of a word that skips others */
};

struct folded {
    uint32_t letters[FUZZY_TEXT_MAX];
    uint16_t bytes[FUZZY_TEXT_MAX];  /* where each came from */
    bool starts[FUZZY_TEXT_MAX + 1]; /* it begins a word */
    size_t len;
};

static bool is_letter(uint32_t code)
{
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return false;
    }
}

static void fold(const char *text, size_t len, struct folded *out)
{
    const utf8proc_option_t options =
        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD;

    out->len = 0;
    for (size_t at = 0; at < len && at < FUZZY_TEXT_MAX;) {
        utf8proc_int32_t code, parts[32];
        utf8proc_ssize_t bytes = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                                                  (utf8proc_ssize_t)(len - at), &code);
        utf8proc_ssize_t count = 0;

        if (bytes > 0)
            count = utf8proc_decompose_char(code, parts, 32, options, NULL);
        for (utf8proc_ssize_t i = 0; i < count && i < 32 && out->len < FUZZY_TEXT_MAX; i++) {
            out->letters[out->len] = (uint32_t)parts[i];
            out->bytes[out->len++] = (uint16_t)at;
        }
        at += bytes > 0 ? (size_t)bytes : 1;
    }
    for (size_t i = 0; i < out->len; i++)
        out->starts[i] = is_letter(out->letters[i]) && (!i || !is_letter(out->letters[i - 1]));
    out->starts[out->len] = true;
}

static void mark(struct fuzzy_text *text, const struct folded *in, size_t from, size_t count)
{
    for (size_t i = from; i < from + count && i < in->len; i++)
        text->marks[in->bytes[i] / 64] |= UINT64_C(1) << in->bytes[i] % 64;
}

/* As it stands: the best place in the text. */
static int match_exact(const struct folded *word, const struct folded *in, size_t *at)
{
    int best = 0;

    for (size_t i = 0; i + word->len <= in->len; i++) {
        size_t end = i + word->len;
        int score = EXACT;

        if (memcmp(word->letters, in->letters + i, word->len * sizeof *word->letters) != 0)
            continue;
        score += in->starts[i] ? AT_WORD : 0;
        score += i == 0 ? AT_START : 0;
        score += in->starts[i] && (end == in->len || !is_letter(in->letters[end])) ? WHOLE : 0;
        if (score > best) {
            best = score;
            *at = i;
        }
    }
    return best;
}

/* Letters from the beginnings of words: each begins a word or follows the one before. Worked out
 * from the end, so that a way is only begun that leads to it. */
static bool match_letters(const struct folded *word, const struct folded *in, uint16_t *places)
{
    bool can[TYPED_MAX][FUZZY_TEXT_MAX + 1] = {
        {false}}; /* letter w and those after it, from i on */
    size_t i = 0;

    for (size_t w = word->len; w-- > 0;) {
        bool last = w + 1 == word->len, later = false; /* a word from which it can go on */

        for (i = in->len; i-- > 0;) {
            can[w][i] = in->letters[i] == word->letters[w] && (last || later || can[w + 1][i + 1]);
            later = later || (!last && in->starts[i] && can[w + 1][i]);
        }
    }
    for (i = 0; i < in->len && !(in->starts[i] && can[0][i]); i++)
        ;
    if (i == in->len)
        return false;
    places[0] = (uint16_t)i;
    for (size_t w = 1; w < word->len; w++) {
        for (i++; !can[w][i] || !(in->starts[i] || i == (size_t)places[w - 1] + 1);)
            i++;
        places[w] = (uint16_t)i;
    }
    return true;
}

/* Is `word` the beginning of `at[len]` but for one letter too many, too few, wrong or swapped?
 * *used gets how many letters of the text that takes. */
static bool one_slip(const struct folded *word, const uint32_t *at, size_t len, size_t *used)
{
    const uint32_t *typed = word->letters;
    size_t same = 0, n = word->len;
    size_t letter = sizeof *typed;

    while (same < n && same < len && typed[same] == at[same])
        same++;
    if (same + 1 < n && same + 1 < len && typed[same] == at[same + 1] &&
        typed[same + 1] == at[same] && n <= len &&
        memcmp(typed + same + 2, at + same + 2, (n - same - 2) * letter) == 0)
        *used = n; /* swapped */
    else if (same < n && n <= len &&
             memcmp(typed + same + 1, at + same + 1, (n - same - 1) * letter) == 0)
        *used = n; /* wrong */
    else if (same < n && n <= len + 1 &&
             memcmp(typed + same + 1, at + same, (n - same - 1) * letter) == 0)
        *used = n - 1; /* too many */
    else if (n + 1 <= len && memcmp(typed + same, at + same + 1, (n - same) * letter) == 0)
        *used = n + 1; /* too few */
    else
        return false;
    return true;
}

static bool match_slip(const struct folded *word, const struct folded *in, size_t *at, size_t *used)
{
    if (word->len < SLIP_LEAST)
        return false;
    for (size_t i = 0; i < in->len; i++) {
        size_t end = i;

        if (!in->starts[i])
            continue;
        while (end < in->len && is_letter(in->letters[end]))
            end++;
        if (one_slip(word, in->letters + i, end - i, used)) {
            *at = i;
            return true;
        }
    }
    return false;
}

static bool has_vowel(const struct folded *word)
{
    for (size_t i = 0; i < word->len; i++)
        if (word->letters[i] < 0x80 && strchr("aeiou", (int)word->letters[i]))
            return true;
    return false;
}

/* "chk": the first letter begins a word, the others follow in it, some left out. People shorten
 * words so by leaving out vowels; with one in it, it would find too much. */
static bool match_skips(const struct folded *word, const struct folded *in, uint16_t *places)
{
    if (word->len < SKIPS_LEAST || has_vowel(word))
        return false;
    for (size_t i = 0; i < in->len; i++) {
        size_t taken = 0;

        if (!in->starts[i])
            continue;
        for (size_t k = i; k < in->len && taken < word->len && (k == i || !in->starts[k]); k++)
            if (in->letters[k] == word->letters[taken])
                places[taken++] = (uint16_t)k;
            else if (k == i)
                break;
        if (taken == word->len)
            return true;
    }
    return false;
}

static void mark_places(struct fuzzy_text *text, const struct folded *in, const uint16_t *places,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        mark(text, in, places[i], 1);
}

/* Lays one typed word on one text; `draft` tells only the score, and marks nothing. */
static int match_word(const struct folded *word, const struct folded *in, struct fuzzy_text *text,
                      bool draft)
{
    uint16_t places[TYPED_MAX];
    size_t at = 0, used = word->len;
    int score = match_exact(word, in, &at);

    if (score) {
        if (!draft)
            mark(text, in, at, used);
        return score * text->weight;
    }
    if (text->abbreviated && word->len > 1 && match_letters(word, in, places)) {
        if (!draft)
            mark_places(text, in, places, word->len);
        return LETTERS * text->weight;
    }
    if (match_slip(word, in, &at, &used)) {
        if (!draft)
            mark(text, in, at, used);
        return SLIP * text->weight;
    }
    if (!text->abbreviated || !match_skips(word, in, places))
        return 0;
    if (!draft)
        mark_places(text, in, places, word->len);
    return SKIPS * text->weight;
}

/* One typed word on whichever text it fits best. */
static int match_best(const struct folded *word, struct fuzzy_text *texts, size_t count)
{
    struct folded in;
    size_t where = count;
    int best = 0;

    for (size_t i = 0; i < count; i++) {
        int score;

        if (!texts[i].text)
            continue;
        fold(texts[i].text, strlen(texts[i].text), &in);
        score = match_word(word, &in, &texts[i], true);
        if (score > best) {
            best = score;
            where = i;
        }
    }
    if (where < count) {
        fold(texts[where].text, strlen(texts[where].text), &in);
        match_word(word, &in, &texts[where], false);
    }
    return best;
}

int fuzzy_match(const char *typed, struct fuzzy_text *texts, size_t count)
{
    int total = 1;

    for (size_t i = 0; i < count; i++)
        memset(texts[i].marks, 0, sizeof texts[i].marks);
    while (*(typed += strspn(typed, " "))) {
        size_t len = strcspn(typed, " ");
        struct folded word;
        int score;

        fold(typed, len < TYPED_MAX ? len : TYPED_MAX, &word);
        word.len = word.len < TYPED_MAX ? word.len : TYPED_MAX;
        score = word.len ? match_best(&word, texts, count) : 0;
        if (!score)
            return 0;
        total += score;
        typed += len;
    }
    return total;
}

bool fuzzy_marked(const struct fuzzy_text *text, size_t byte)
{
    return byte < FUZZY_TEXT_MAX && text->marks[byte / 64] >> byte % 64 & 1;
}
