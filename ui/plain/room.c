/* room.c - how a line becomes a command. A number is a thing, or past the things a command in the order of
 * the menu. A word is a command of this place or of everywhere: the whole word, the name of an action it
 * stands for, or a beginning that only one has. A word that is no command may be the name of a thing. */
#include "plain/room.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/diff.h"
#include "strattio/log.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { TEXT_LIMIT = 64 * 1024, LINES_LIMIT = 64 * 1024 * 1024 };

bool plain_over(const struct plain *p)
{
    return p->leaving || talk_over(p->talk);
}

void plain_error(struct plain *p, const struct err *err)
{
    talk_say(p->talk, "%s", err->msg);
    log_err("plain", err);
}

char *plain_trim(char *text)
{
    size_t len;

    text += strspn(text, " \t");
    len = strlen(text);
    while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        text[--len] = '\0';
    return text;
}

bool plain_confirm(struct plain *p, const char *question, const char *word)
{
    char *line =
        talk_ask(p->talk, "%s Type %s to do it, anything else leaves all as it is: ", question,
                 word ? word : "yes");
    const char *said = line ? plain_trim(line) : "";
    bool yes = strcasecmp(said, word ? word : "yes") == 0;

    if (line && !yes)
        talk_say(p->talk, "Nothing was changed.");
    free(line);
    return yes;
}

void plain_tell_text(struct plain *p, const char *text, size_t len)
{
    struct strbuf lines;
    struct err err = {0};

    strbuf_init(&lines, LINES_LIMIT);
    if (md_linear(text, len, &lines, &err))
        talk_text(p->talk, lines.data);
    else
        plain_error(p, &err);
    strbuf_finish(&lines);
}

void plain_tell_changes(struct plain *p, const char *against, const char *old, const char *now)
{
    struct diff diff = {0};
    struct strbuf sum;

    diff_words(old, strlen(old), now, strlen(now), &diff);
    strbuf_init(&sum, TEXT_LIMIT);
    diff_summary(&diff, &sum);
    talk_say(p->talk, "Against %s: %s.", against, sum.data);
    for (size_t i = 0; i < diff.count; i++) {
        const struct diff_run *run = &diff.runs[i];
        const char *text = (run->kind == DIFF_REMOVED ? old : now) + run->at;

        if (run->kind != DIFF_SAME)
            talk_say(p->talk, "%s: %.*s", run->kind == DIFF_ADDED ? "Added" : "Removed",
                     (int)run->len, text);
    }
    strbuf_finish(&sum);
    diff_finish(&diff);
}

/* ---- finding ------------------------------------------------------------------------------- */

static bool has_action(const struct plain_command *c, const char *name)
{
    for (size_t i = 0; i < PLAIN_STANDS_FOR && c->actions[i] != ACTION_NONE; i++) {
        if (strcasecmp(action_info(c->actions[i])->name, name) == 0)
            return true;
    }
    return false;
}

/* The command `word` means; NULL if none, or several, which *several then names. */
static const struct plain_command *find_command(struct room *r, const char *word,
                                                struct strbuf *several)
{
    const struct plain_command *found = NULL, *c;
    size_t len = strlen(word), count = 0;

    for (size_t i = 0; (c = plain_command_at(r->place, i)); i++) {
        if (strcasecmp(c->name, word) == 0 || has_action(c, word))
            return c;
        if (strncasecmp(c->name, word, len) != 0)
            continue;
        strbuf_printf(several, "%s%s", count++ ? ", " : "", c->name);
        found = c;
    }
    return count == 1 ? found : NULL;
}

/* A whole number and nothing else; 0 if it is none. */
static size_t number_of(const char *word)
{
    size_t digits = strspn(word, "0123456789");

    return digits && digits < 10 && !word[digits] ? strtoul(word, NULL, 10) : 0;
}

enum found { FOUND_NONE, FOUND_ONE, FOUND_SEVERAL };

static enum found find_thing(struct room *r, const char *word, size_t *out)
{
    size_t len = strlen(word), exact = 0, begin = 0, first = 0;

    for (size_t i = 0; r->name && i < r->things; i++) {
        const char *name = r->name(r, i);

        if (strcasecmp(name, word) == 0 && exact++ == 0)
            *out = i;
        if (strncasecmp(name, word, len) == 0 && begin++ == 0)
            first = i;
    }
    if (exact)
        return exact == 1 ? FOUND_ONE : FOUND_SEVERAL;
    *out = first;
    return begin == 0 ? FOUND_NONE : begin == 1 ? FOUND_ONE : FOUND_SEVERAL;
}

bool room_thing(struct room *r, const char *word, const char *question, size_t *out)
{
    char *asked = *word ? NULL : talk_ask(r->p->talk, "%s ", question);
    const char *what = asked ? plain_trim(asked) : word;
    size_t number = number_of(what);
    enum found found = FOUND_NONE;

    if (number && number <= r->things) {
        *out = number - 1;
        found = FOUND_ONE;
    } else if (*what && !number) {
        found = find_thing(r, what, out);
    }
    if (*what && found == FOUND_NONE && r->things)
        talk_say(r->p->talk, "There is no \"%s\" here: give a number from 1 to %zu%s.", what,
                 r->things, r->name ? " or the beginning of a name" : "");
    else if (*what && found == FOUND_NONE)
        talk_say(r->p->talk, "There is nothing here to choose from.");
    else if (found == FOUND_SEVERAL)
        talk_say(r->p->talk, "Several begin with \"%s\": give the number or more of the name.",
                 what);
    free(asked);
    return found == FOUND_ONE;
}

/* ---- the menu ------------------------------------------------------------------------------ */

static void tell_menu(struct room *r)
{
    const struct plain_command *c;

    talk_gap(r->p->talk);
    if (r->choose && r->things)
        talk_say(r->p->talk, "A number from 1 to %zu chooses from what is listed here.", r->things);
    talk_say(r->p->talk, "A word, its beginning or its number does this:");
    for (size_t i = 0; (c = plain_command_at(r->place, i)); i++)
        talk_say(r->p->talk, "%zu. %s%s%s: %s", r->things + i + 1, c->name, c->operand ? " " : "",
                 c->operand ? c->operand : "", c->help);
}

static void run(struct room *r, const struct plain_command *c, const char *operand)
{
    if (strcmp(c->name, "help") == 0)
        tell_menu(r);
    else
        c->run(r, operand);
}

static void do_number(struct room *r, size_t number)
{
    const struct plain_command *c = NULL;

    if (number <= r->things && r->choose) {
        r->choose(r, number - 1);
        return;
    }
    if (number > r->things)
        c = plain_command_at(r->place, number - r->things - 1);
    if (c)
        run(r, c, "");
    else
        talk_say(r->p->talk, "%zu is none of the numbers here; ? lists what can be done.", number);
}

static void do_line(struct room *r, char *line)
{
    size_t len = strcspn(line, " \t"), number = number_of(line), thing;
    char *word = mem_strn(line, len);
    const struct plain_command *c;
    struct strbuf several;

    strbuf_init(&several, TEXT_LIMIT);
    c = strcmp(word, "?") == 0 ? find_command(r, "help", &several)
                               : find_command(r, word, &several);
    if (number)
        do_number(r, number);
    else if (c)
        run(r, c, plain_trim(line + len));
    else if (r->choose && find_thing(r, line, &thing) == FOUND_ONE)
        r->choose(r, thing);
    else if (several.len)
        talk_say(r->p->talk, "\"%s\" may be one of: %s.", word, several.data);
    else
        talk_say(r->p->talk, "\"%s\" means nothing here; ? lists what can be done.", word);
    strbuf_finish(&several);
    free(word);
}

void room_do(struct room *r, char *line)
{
    char *trimmed = plain_trim(line);

    if (*trimmed)
        do_line(r, trimmed);
}

void room_back(struct room *r)
{
    if (plain_over(r->p))
        return;
    if (r->read)
        r->read(r);
    talk_gap(r->p->talk);
    if (!r->left)
        talk_say(r->p->talk, "%s. \"again\" tells what is here.", r->prompt);
}

void room_stay(struct room *r)
{
    if (!plain_over(r->p) && r->read)
        r->read(r);
    if (!plain_over(r->p) && !r->left)
        r->tell(r);
    room_wait(r);
}

void room_wait(struct room *r)
{
    while (!r->left && !plain_over(r->p)) {
        char *line;

        talk_gap(r->p->talk);
        line = talk_ask(r->p->talk, "%s (? for help): ", r->prompt);
        if (line)
            room_do(r, line);
        free(line);
    }
}
