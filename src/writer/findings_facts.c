/* findings_facts.c - what the answers say otherwise. A fact is recognised by the words before or
 * behind it, of a table; it contradicts only if the answers state such a fact, none of theirs is the
 * same, and the words are not the founder's own. So a text that says nothing precise is never
 * accused. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/doc.h"

#include "expr/days.h"
#include "writer/findings_parts.h"
#include "writer/numeral.h"
#include "writer/prose.h"

enum { DEPTH = 16, WORD_MAX = 24, NUMBERS = 64, NAME_WORDS = 4 };

static const char no_fact[] = "contradiction";

/* ---- numbers of the answers, by what their names are about ---- */

struct numbers {
    double items[NUMBERS];
    size_t count;
};

static void add_number(struct numbers *n, double value)
{
    if (n->count < NUMBERS)
        n->items[n->count++] = value;
}

static bool has_number(const struct numbers *n, double value)
{
    for (size_t i = 0; i < n->count; i++)
        if (fabs(n->items[i] - value) < 1e-9)
            return true;
    return false;
}

/* Is one of the `words`, each between blanks, part of `name`? */
static bool is_about(const char *name, const char *words)
{
    char word[WORD_MAX];
    int size;

    for (; sscanf(words, "%23s%n", word, &size) == 1; words += size)
        if (strstr(name, word))
            return true;
    return false;
}

static void gather(const bson_t *doc, const char *words, int depth, struct numbers *out)
{
    bson_iter_t it;
    bson_t sub;

    bson_iter_init(&it, doc);
    while (bson_iter_next(&it)) {
        const char *name = bson_iter_key(&it);

        if (BSON_ITER_HOLDS_NUMBER(&it) && is_about(name, words))
            add_number(out, bson_iter_as_double(&it));
        else if (BSON_ITER_HOLDS_ARRAY(&it) && is_about(name, words))
            add_number(out, (double)doc_count(doc, name));
        if (depth < DEPTH && doc_view(doc, name, &sub))
            gather(&sub, words, depth + 1, out);
    }
}

/* All of the staff, those who are no directors, and how many there are after each that comes. */
static void add_staff(const bson_t *intake, struct numbers *out)
{
    double all = 0, others = 0;

    for (size_t i = 0; i < doc_count(intake, "staff"); i++) {
        char path[64];
        double heads;

        snprintf(path, sizeof path, "staff.%zu.headcount", i);
        heads = doc_num(intake, path, 1);
        snprintf(path, sizeof path, "staff.%zu.director", i);
        all += heads;
        others += doc_bool(intake, path, false) ? 0 : heads;
        add_number(out, all);
        add_number(out, others);
        add_number(out, all + (double)doc_count(intake, "founders"));
        add_number(out, others + (double)doc_count(intake, "founders"));
    }
}

/* ---- words ---- */

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The end of the cue of `n` bytes if it stands at `at` as whole words, else 0. */
static size_t cue_of(const struct search *s, size_t at, const char *cue, size_t n)
{
    if (tolower((unsigned char)s->prose[at]) != tolower((unsigned char)*cue) ||
        strncasecmp(s->prose + at, cue, n) != 0 || (at && is_letter(s->prose[at - 1])) ||
        is_letter(s->prose[at + n]))
        return 0;
    return at + n;
}

static size_t cue_at(const struct search *s, size_t at, const char *cue)
{
    return cue_of(s, at, cue, strlen(cue));
}

static size_t skip_blanks(const struct search *s, size_t at)
{
    return at + strspn(s->prose + at, " *_\n");
}

/* One of `words`, separated by "|", at `at`; its end, or 0. */
static size_t any_cue(const struct search *s, size_t at, const char *words)
{
    while (*words) {
        size_t n = strcspn(words, "|"), end = cue_of(s, at, words, n);

        if (end)
            return end;
        words += n + (words[n] == '|');
    }
    return 0;
}

static size_t sentence_of(const struct search *s, size_t at, size_t *to)
{
    size_t from;

    prose_sentence(s->prose, s->len, at, at, &from, to);
    return from;
}

/* Does the sentence around `at` speak of this business? */
static bool is_ours(const struct search *s, size_t at)
{
    static const char ours[] = "we|our|us|the business|the company|the firm|i|my";
    const char *name = doc_str(s->in->intake, "business_name", "");
    size_t to, from = sentence_of(s, at, &to);

    for (; from < to; from++)
        if (any_cue(s, from, ours) || (*name && cue_at(s, from, name)))
            return true;
    return false;
}

/* ---- how many ---- */

static const struct {
    const char *before, *adjectives, *behind; /* words around the number */
    const char *about;                        /* what the answers call it */
    bool staff;
    const char *advice;
} counts[] = {
    {"", "full-time|part-time|permanent|paid|full time|part time|members of",
     "employees|employee|staff", "team headcount fte employ staff founders jobs hire", true,
     "The answers give another number of people; say theirs, or change the answer."},
    {"team of|employ|employs|workforce of|staff of", "", "",
     "team headcount fte employ staff founders jobs hire", true,
     "The answers give another number of people; say theirs, or change the answer."},
    {"", "direct|main|local|other|nearby|known", "competitors|rivals", "compet", false,
     "The answers name another number of competitors; say theirs, or change the answer."},
};

/* The words behind the number that ends at `at`: the end of a noun the row waits for, or 0. */
static size_t noun_behind(const struct search *s, size_t at, size_t row)
{
    size_t next = skip_blanks(s, at), end;

    for (int i = 0; i < 2 && (end = any_cue(s, next, counts[row].adjectives)); i++)
        next = skip_blanks(s, end);
    return any_cue(s, next, counts[row].behind);
}

static void check_count(struct search *s, size_t row, size_t start, size_t end, double value)
{
    struct numbers known = {0};

    gather(s->in->intake, counts[row].about, 0, &known);
    if (counts[row].staff)
        add_staff(s->in->intake, &known);
    if (known.count && !has_number(&known, value) && is_ours(s, start) &&
        !search_said(s, s->source + start, end - start))
        search_add(s, no_fact, start, end, counts[row].advice);
}

static void search_counts(struct search *s, size_t at)
{
    struct numeral n;

    for (size_t row = 0; row < ARRAY_LEN(counts); row++) {
        size_t from = at, end;

        if (*counts[row].before) {
            end = any_cue(s, at, counts[row].before);
            from = end ? skip_blanks(s, end) : 0;
            if (end && numeral_at(s->prose, s->len, from, &n) && !n.share && !n.money)
                check_count(s, row, at, n.end, n.value);
        } else if (numeral_at(s->prose, s->len, from, &n) && !n.share && !n.money &&
                   (end = noun_behind(s, n.end, row))) {
            check_count(s, row, at, end, n.value);
        }
    }
}

/* ---- how much ---- */

static const struct {
    const char *before;
    const char *about;
    const char *advice;
} amounts[] = {
    {"loan of|borrow|borrowing|ask for|asking for|raise|raising|seek|seeking|apply for|applying "
     "for|"
     "investment of|funding of|finance of|grant of",
     "amount", "The answers ask for another amount; say theirs, or change the answer."},
    {"price of|priced at|sells for|sell for|sold for|sold at|sells at|sell at|charge|charges|"
     "charging",
     "price", "The answers have no such price; say theirs, or change the answer."},
};

static void search_amounts(struct search *s, size_t at)
{
    static const char between[] = "a total of|a loan of|up to|about|around|just|only|a|an|"
                                  "investment of|funding of";

    for (size_t row = 0; row < ARRAY_LEN(amounts); row++) {
        size_t end = any_cue(s, at, amounts[row].before), more;
        struct numbers known = {0};
        struct numeral n;

        if (!end)
            continue;
        end = skip_blanks(s, end);
        while ((more = any_cue(s, end, between)) && !numeral_at(s->prose, s->len, end, &n))
            end = skip_blanks(s, more);
        gather(s->in->intake, amounts[row].about, 0, &known);
        if (numeral_at(s->prose, s->len, end, &n) && n.money && known.count &&
            !search_knows(s, n.value) && !search_knows(s, n.other) && is_ours(s, at))
            search_add(s, no_fact, at, n.end, amounts[row].advice);
    }
}

/* ---- when ---- */

static const char starts[] =
    "open in|opens in|open on|opens on|opened in|opening in|launch in|launches in|launch on|"
    "launches on|launched in|start trading in|starts trading in|started trading in|trading starts "
    "in|"
    "start trading on|starts trading on|trading starts on|begin trading in|begins trading in|"
    "trading begins in|began trading in|trading since|founded in|established in|incorporated in";

static int month_at(const struct search *s, size_t at, size_t *end)
{
    for (int month = 1; month <= 12; month++)
        if ((*end = cue_at(s, at, days_month_name(month))))
            return month;
    return 0;
}

/* Is a day in that month (0 for any) among the answers? */
static bool has_date(const bson_t *doc, int year, int month, int depth)
{
    bson_iter_t it;
    bson_t sub;
    bool found = false;
    int y, m;

    bson_iter_init(&it, doc);
    while (!found && bson_iter_next(&it)) {
        if (BSON_ITER_HOLDS_UTF8(&it))
            found = sscanf(bson_iter_utf8(&it, NULL), "%4d-%2d", &y, &m) == 2 && y == year &&
                    (!month || m == month);
        else if (depth < DEPTH && doc_view(doc, bson_iter_key(&it), &sub))
            found = has_date(&sub, year, month, depth + 1);
    }
    return found;
}

static void search_start(struct search *s, size_t at)
{
    size_t end = any_cue(s, at, starts), from, digits, month_end;
    char *year_end;
    int month;
    long year;

    if (!end || !doc_has(s->in->intake, "start_date"))
        return;
    from = skip_blanks(s, end);
    digits = strspn(s->prose + from, "0123456789");
    if (digits == 1 || digits == 2) /* a day; a year has four */
        from = skip_blanks(s, from + strspn(s->prose + from, "0123456789stndrh"));
    month = month_at(s, from, &month_end);
    if (month)
        from = skip_blanks(s, month_end);
    year = strtol(s->prose + from, &year_end, 10);
    if (year < 1900 || year > 2100 || has_date(s->in->intake, (int)year, month, 0) ||
        search_said(s, s->prose + skip_blanks(s, end),
                    (size_t)(year_end - s->prose) - skip_blanks(s, end)) ||
        !is_ours(s, at) ||
        (doc_num(s->in->intake, "months_trading", 0) > 0 &&
         year < atoi(doc_str(s->in->intake, "start_date", "")))) /* it trades already */
        return;
    search_add(s, no_fact, at, (size_t)(year_end - s->prose),
               "The answers have another date for the start; say theirs, or change the answer.");
}

/* ---- what, where, who ---- */

static const struct {
    const char *words, *form, *also;
} forms[] = {
    {"sole trader|sole proprietor|sole proprietorship", "sole_trader", ""},
    {"limited liability partnership", "llp", ""},
    {"partnership", "partnership", "llp"},
    {"limited company|private limited company", "limited_company", "community_interest_company"},
    {"community interest company", "community_interest_company", ""},
    {"charity|registered charity", "charity", ""},
};

static void search_form(struct search *s, size_t at)
{
    const char *form = doc_str(s->in->intake, "legal_form", "");
    size_t end = any_cue(s, at, "as a|is a|are a|as an ordinary|is an ordinary"), name_end;

    if (!end || !*form || strcmp(form, "other") == 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        name_end = any_cue(s, skip_blanks(s, end), forms[i].words);
        if (!name_end)
            continue;
        if (strcmp(forms[i].form, form) != 0 && strcmp(forms[i].also, form) != 0 &&
            is_ours(s, at) && !search_said(s, s->source + at, name_end - at))
            search_add(s, no_fact, at, name_end,
                       "The answers give another legal form; say theirs, or change the answer.");
        return;
    }
}

/* The end of a name of up to NAME_WORDS capitalised words at `at`; `at` if there is none. */
static size_t name_end(const struct search *s, size_t at)
{
    size_t end = at;

    for (int i = 0; i < NAME_WORDS && isupper((unsigned char)s->prose[at]); i++) {
        while (is_letter(s->prose[at]) || s->prose[at] == '\'' || s->prose[at] == '-')
            at++;
        end = at;
        if (s->prose[at] != ' ')
            break;
        at++;
    }
    return end;
}

static void search_place(struct search *s, size_t at)
{
    static const char countries[] = "UK|Britain|Great Britain|England|Scotland|Wales|Northern "
                                    "Ireland|Ireland|United Kingdom|Europe|United States|USA|US";
    size_t end = any_cue(s, at, "based in|located in|situated in|headquartered in|premises in"),
           from, to;

    if (!end || !doc_has(s->in->intake, "location_city"))
        return;
    from = skip_blanks(s, end);
    to = name_end(s, from);
    if (to > from && !any_cue(s, from, countries) && !search_said(s, s->prose + from, to - from) &&
        is_ours(s, at))
        search_add(s, no_fact, at, to,
                   "The answers give another place; say theirs, or change the answer.");
}

/* A company by its form that nobody named. */
static void search_company(struct search *s, size_t at)
{
    size_t end, from = at, to;

    if ((at && (is_letter(s->prose[at - 1]) || s->prose[at - 1] == ' ')) && at > 1 &&
        isupper((unsigned char)s->prose[at]) && name_end(s, at) > at &&
        is_letter(s->prose[at - 2]) && s->prose[at - 1] == ' ') {
        size_t word = at - 1;

        while (word && is_letter(s->prose[word - 1]))
            word--;
        if (isupper((unsigned char)s->prose[word]))
            return; /* in the middle of a name */
    }
    to = name_end(s, at);
    for (from = at; from < to; from++) {
        end = from > at && s->prose[from - 1] == ' ' ? any_cue(s, from, "Ltd|Limited|LLP|plc") : 0;
        if (end && !search_said(s, s->prose + at, from - 1 - at)) {
            search_add(s, no_fact, at, end,
                       "Neither the answers nor the sources name this company; take it out.");
            return;
        }
    }
}

void search_facts(struct search *s)
{
    for (size_t at = 0; at < s->len; at++) {
        if (at && (isalnum((unsigned char)s->prose[at - 1]) || (unsigned char)s->prose[at] < '$'))
            continue;
        search_counts(s, at);
        if (!isalpha((unsigned char)s->prose[at]))
            continue;
        search_amounts(s, at);
        search_start(s, at);
        search_form(s, at);
        search_place(s, at);
        if (isupper((unsigned char)s->prose[at]))
            search_company(s, at);
    }
}
