/* question.c - a line is an answer unless it is one of a few words (the rows of PLAIN_QUESTION in
 * commands.c), begins with a colon (a command of the place around) or with an equals sign (the rest is the
 * answer, whatever it says). What does not parse is kept as typed and asked for again with the reason, as on
 * screen; an empty line leaves what stands there. */
#include "plain/question.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/advice.h"
#include "screen/draft.h"

enum { TEXT_LIMIT = 1024 * 1024, GUESSES = 8 };

struct asking {
    struct plain *p;
    struct draft *d;
    const struct question *q;
    const char *path;
    bool required;
    struct choice guesses[GUESSES]; /* what was meant, perhaps: numbered */
    size_t guess_count;
};

static const struct choice yes_no[] = {{"yes", "Yes", NULL}, {"no", "No", NULL}};
static const struct choice currencies[] = {
    {"GBP", "Pound sterling", NULL}, {"USD", "US dollar", NULL}, {"EUR", "Euro", NULL}};

const char *question_kind(const struct question *q)
{
    static const char *const words[] = {
        [QUESTION_TEXT] = "one line",
        [QUESTION_LONG_TEXT] = "lines, ended by a line with a full stop alone",
        [QUESTION_MONEY] = "an amount",
        [QUESTION_NUMBER] = "a number",
        [QUESTION_WHOLE] = "a whole number",
        [QUESTION_PERCENT] = "a percentage",
        [QUESTION_DATE] = "a date such as 2027-01-31",
        [QUESTION_YES_NO] = "yes or no",
        [QUESTION_CHOICE] = "one of a list",
        [QUESTION_CHOICES] = "several of a list",
        [QUESTION_COUNTRY] = "a country",
        [QUESTION_CURRENCY] = "a currency",
        [QUESTION_INDUSTRY] = "an industry, from the list or in your own words",
        [QUESTION_LIST] = "several, separated by semicolons",
        [QUESTION_MONTHS] = "twelve percentages, January first; >100 fills the rest",
        [QUESTION_TABLE] = "a table",
        [QUESTION_GROUP] = "several answers",
    };

    return words[q->type];
}

void question_save(struct plain *p, struct draft *d)
{
    struct err err = {0};

    if (!draft_save_now(d, &p->bench, &err))
        talk_say(p->talk, "Not saved yet, but kept, and tried again with the next answer: %s",
                 err.msg);
}

/* ---- choices ------------------------------------------------------------------------------- */

/* What a question lets choose from; NULL if it is no list of that kind. */
static const struct choice *choices_of(const struct question *q, size_t *count)
{
    switch (q->type) {
    case QUESTION_YES_NO:
        *count = ARRAY_LEN(yes_no);
        return yes_no;
    case QUESTION_CURRENCY:
        *count = ARRAY_LEN(currencies);
        return currencies;
    case QUESTION_CHOICE:
    case QUESTION_CHOICES:
        *count = q->choice_count;
        return q->choices;
    default:
        *count = 0;
        return NULL;
    }
}

static void tell_choices(struct asking *a)
{
    size_t count;
    const struct choice *choices = choices_of(a->q, &count);

    for (size_t i = 0; a->q->type != QUESTION_YES_NO && i < count; i++)
        talk_say(a->p->talk, "%zu. %s%s%s.", i + 1, choices[i].label, choices[i].note ? ": " : "",
                 choices[i].note ? choices[i].note : "");
}

/* The one a word means: by number, key, label or a beginning that only one has; NULL if none. */
static const struct choice *find_choice(const struct choice *choices, size_t count,
                                        const char *word)
{
    size_t len = strlen(word), begin = 0, number = strtoul(word, NULL, 10);
    const struct choice *found = NULL;

    if (len && strspn(word, "0123456789") == len)
        return number >= 1 && number <= count ? &choices[number - 1] : NULL;
    for (size_t i = 0; len && i < count; i++) {
        if (strcasecmp(choices[i].key, word) == 0 || strcasecmp(choices[i].label, word) == 0)
            return &choices[i];
        if (strncasecmp(choices[i].label, word, len) == 0 && begin++ == 0)
            found = &choices[i];
    }
    return begin == 1 ? found : NULL;
}

/* "1, 3" or "card; cash" as keys separated by semicolons; what is none stays as it is. */
static void several_keys(const struct question *q, const char *typed, struct strbuf *out)
{
    size_t count;
    const struct choice *choices = choices_of(q, &count);

    while (*typed) {
        size_t len = strcspn(typed, ",;");
        char *copy = mem_strn(typed, len), *word = plain_trim(copy);
        const struct choice *found = find_choice(choices, count, word);

        if (*word)
            strbuf_printf(out, "%s%s", out->len ? "; " : "", found ? found->key : word);
        free(copy);
        typed += len + (typed[len] != '\0');
    }
}

/* ---- guesses ------------------------------------------------------------------------------- */

static void guess(struct asking *a, const char *typed)
{
    a->guess_count = a->q->type == QUESTION_COUNTRY
                         ? intake_find_countries(a->d->questions, typed, a->guesses, GUESSES)
                         : intake_find_industries(a->d->questions, typed, a->guesses, GUESSES);
}

static void tell_guesses(struct asking *a)
{
    talk_say(a->p->talk, "Did you mean one of these? Give its number.");
    for (size_t i = 0; i < a->guess_count; i++)
        talk_say(a->p->talk, "%zu. %s.", i + 1, a->guesses[i].label);
    if (a->q->type == QUESTION_INDUSTRY)
        talk_say(a->p->talk, "An equals sign before your own words keeps them as they are.");
}

/* What a word stands for where the list is long; false if it has first to be asked what was meant. */
static bool settle_guess(struct asking *a, const char *typed, struct strbuf *out)
{
    const struct choice *found = find_choice(a->guesses, a->guess_count, typed);

    if (found) {
        strbuf_str(out, found->key);
        return true;
    }
    guess(a, typed);
    found = find_choice(a->guesses, a->guess_count, typed);
    if (found && !isdigit((unsigned char)*typed) &&
        (a->guess_count == 1 || strcasecmp(found->label, typed) == 0 ||
         strcasecmp(found->key, typed) == 0)) {
        strbuf_str(out, found->key);
        return true;
    }
    if (a->q->type == QUESTION_INDUSTRY && a->guess_count)
        return false;
    strbuf_str(out, typed);
    return true;
}

/* ---- telling ------------------------------------------------------------------------------- */

static void tell_question(struct asking *a, const char *wrong)
{
    struct talk *t = a->p->talk;
    const char *kept = draft_typed(a->d, a->path);
    struct strbuf now;

    talk_say(t, "%s (%s, %s).", a->q->label, a->required ? "needed" : "may be left out",
             question_kind(a->q));
    if (a->q->help && *a->q->help)
        talk_say(t, "%s", a->q->help);
    tell_choices(a);
    strbuf_init(&now, TEXT_LIMIT);
    if (draft_answered(a->d, a->path) && a->q->type != QUESTION_TABLE) {
        draft_shown(a->d, a->path, &now);
        talk_say(t, "Now: %s", now.data);
    }
    if (kept)
        talk_say(t, "Typed before and not understood yet: \"%s\".", kept);
    if (wrong)
        talk_say(t, "Wrong: %s", wrong);
    strbuf_finish(&now);
}

static void tell_help(struct asking *a)
{
    struct talk *t = a->p->talk;
    const struct plain_command *c;

    if (a->q->why && *a->q->why)
        talk_say(t, "Why we ask: %s", a->q->why);
    if (advice_has_example(a->q))
        talk_say(t, "For example: %s", a->q->example);
    tell_choices(a);
    talk_say(t, "Type the answer, or one of these words alone:");
    for (size_t i = 0; (c = plain_command_at(PLAIN_QUESTION, i)) && c->place == PLAIN_QUESTION; i++)
        talk_say(t, "%s: %s", c->name, c->help);
    talk_say(t, "A colon before a word gives a command of the menu, as in :missing. An equals sign "
                "before an "
                "answer takes it as it is, even if it is one of these words.");
}

/* ---- answering ----------------------------------------------------------------------------- */

/* What was understood, where it is not what was typed. */
static void tell_taken(struct asking *a, const char *typed)
{
    struct strbuf shown;

    strbuf_init(&shown, TEXT_LIMIT);
    draft_shown(a->d, a->path, &shown);
    if (shown.len && strcmp(shown.data, typed) != 0)
        talk_say(a->p->talk, "Taken: %s", shown.data);
    strbuf_finish(&shown);
}

/* Takes `typed` as the answer; false, having said why, if it will not do. */
static bool take(struct asking *a, const char *said, const char *typed)
{
    struct err err = {0};
    bool ok = draft_set(a->d, a->path, typed, &err);

    question_save(a->p, a->d);
    if (ok) {
        tell_taken(a, said);
        return true;
    }
    talk_say(a->p->talk, "%s", err.msg);
    if (a->q->type == QUESTION_COUNTRY && a->guess_count)
        tell_guesses(a);
    return false;
}

static bool answer(struct asking *a, const char *said)
{
    const struct choice *found = NULL, *choices;
    struct strbuf typed;
    size_t count;
    bool ok = true;

    strbuf_init(&typed, TEXT_LIMIT);
    choices = choices_of(a->q, &count);
    if (a->q->type == QUESTION_CHOICES)
        several_keys(a->q, said, &typed);
    else if (choices && (found = find_choice(choices, count, said)))
        strbuf_str(&typed, found->key);
    else if (a->q->type == QUESTION_COUNTRY || a->q->type == QUESTION_INDUSTRY)
        ok = settle_guess(a, said, &typed);
    else
        strbuf_str(&typed, said);
    if (ok)
        ok = take(a, said, typed.data);
    else
        tell_guesses(a);
    strbuf_finish(&typed);
    return ok;
}

/* The lines after the first, up to one with a full stop alone; the caller frees it. NULL if input ended:
 * what was typed is then kept as it is. */
static char *read_lines(struct asking *a, const char *first)
{
    struct strbuf text;

    strbuf_init(&text, TEXT_LIMIT);
    strbuf_str(&text, first);
    for (;;) {
        char *line = talk_ask(a->p->talk, "more: ");
        bool end = !line || strcmp(line, ".") == 0;

        if (!end)
            strbuf_printf(&text, "\n%s", line);
        free(line);
        if (end)
            break;
    }
    return strbuf_take(&text);
}

static bool is_word(const char *line, const char *word)
{
    return strcasecmp(line, word) == 0;
}

/* One line of the person. True when the question is done with, *result then says how. */
static bool heed(struct asking *a, char *line, enum asked *result, char **command)
{
    char *said = plain_trim(line), *text = NULL;
    bool done = true;

    *result = ASKED_NEXT;
    if (!*said || is_word(said, "skip"))
        return true;
    if (is_word(said, "?")) {
        tell_help(a);
        return false;
    }
    if (is_word(said, "back")) {
        *result = ASKED_PREVIOUS;
    } else if (is_word(said, "menu")) {
        *result = ASKED_MENU;
    } else if (is_word(said, "quit")) {
        a->p->leaving = true;
        *result = ASKED_MENU;
    } else if (*said == ':') {
        *command = mem_str(plain_trim(said + 1));
        *result = ASKED_MENU;
    } else if (is_word(said, "clear")) {
        done = take(a, "", "");
        talk_say(a->p->talk, done ? "The answer is taken away." : "It stays as it was.");
        done = true;
    } else if (*said == '=') {
        done = take(a, said + 1, said + 1);
    } else if (a->q->type == QUESTION_LONG_TEXT) {
        text = read_lines(a, said);
        done = answer(a, text);
    } else {
        done = answer(a, said);
    }
    free(text);
    return done;
}

enum asked question_ask(struct plain *p, struct draft *d, const struct question *q,
                        const char *path, bool required, const char *wrong, char **command)
{
    struct asking a = {.p = p, .d = d, .q = q, .path = path, .required = required};
    enum asked result = ASKED_MENU;
    bool done = false;

    *command = NULL;
    tell_question(&a, wrong);
    if (q->type == QUESTION_TABLE)
        return ASKED_TABLE;
    if (draft_locked(d, q, path)) {
        talk_say(p->talk, "It follows from other answers.");
        return ASKED_NEXT;
    }
    while (!done) {
        char *line = talk_ask(p->talk, "%s: ", q->label);

        if (!line)
            return ASKED_MENU;
        done = heed(&a, line, &result, command);
        free(line);
    }
    return result;
}
