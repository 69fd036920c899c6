/* cli.c - finds the command, checks what was given against its row, opens what it needs, runs it.
 *
 * Output is gathered and written once the command has succeeded, so that a failing one prints
 * nothing but its sentence; only `generate --progress` writes as it goes. */
#include "strattio/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/actor.h"
#include "strattio/config.h"
#include "strattio/house.h"
#include "strattio/json.h"
#include "strattio/log.h"
#include "strattio/plan_repo.h"
#include "strattio/strbuf.h"

#include "command.h"

enum { STORE_TIMEOUT_MS = 5000, OUTPUT_LIMIT = 1 << 30 };

/* The command argv begins with, and how many words its name takes; NULL if there is none. */
static const struct command *find_command(int argc, char **argv, int *words)
{
    for (const struct command *c = cli_commands; argc > 1 && c->name; c++) {
        const char *space = strchr(c->name, ' ');
        size_t len = space ? (size_t)(space - c->name) : strlen(c->name);

        if (strlen(argv[1]) != len || strncmp(argv[1], c->name, len) != 0)
            continue;
        *words = space ? 2 : 1;
        if (!space || (argc > 2 && strcmp(argv[2], space + 1) == 0))
            return c;
    }
    return NULL;
}

const char *cli_option(const struct cli *c, const char *name)
{
    for (size_t i = 0; i < COMMAND_OPTIONS && c->command->options[i].name; i++)
        if (strcmp(c->command->options[i].name, name) == 0)
            return c->line.options[i];
    return NULL;
}

bool cli_json(const struct cli *c)
{
    return cli_option(c, "--json") != NULL;
}

bool cli_plan(struct cli *c, struct plan *out, struct err *err)
{
    return plan_repo_resolve(c->actor, c->line.operands[0], out, err);
}

void cli_put_json(struct cli *c, const bson_t *doc)
{
    json_write(doc, JSON_PRETTY, c->out);
    strbuf_char(c->out, '\n');
}

void cli_put_json_array(struct cli *c, const bson_t *array)
{
    json_write_array(array, JSON_PRETTY, c->out);
    strbuf_char(c->out, '\n');
}

enum section_type cli_section(struct cli *c, struct err *err)
{
    enum section_type type = section_type_by_name(c->line.operands[1]);

    if (type == SECTION_COUNT)
        cli_usage(c, err, "There is no section \"%.40s\".", c->line.operands[1]);
    return type;
}

int cli_usage(const struct cli *c, struct err *err, const char *fmt, ...)
{
    char text[160];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    err_set(err, ERR_INVALID, 0, "%s Try: strattio %s --help", text, c->command->name);
    return EXIT_USAGE;
}

/* Is `value` one of the words of "a|b|c"? */
static bool one_of(const char *words, const char *value)
{
    size_t len = strlen(value);

    for (const char *at = words; at; at = strchr(at, '|')) {
        at += *at == '|';
        if (len > 0 && strncmp(at, value, len) == 0 && (at[len] == '|' || at[len] == '\0'))
            return true;
    }
    return false;
}

/* A whole number from 1 to COMMAND_NUMBER, and nothing else. */
static bool is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    long long number = strtoll(text, NULL, 10);

    return digits > 0 && !text[digits] && number >= 1 && number <= COMMAND_NUMBER;
}

/* The value of option `o` is one it may have. */
static int check_value(struct cli *c, size_t o, struct err *err)
{
    const struct option *row = &c->command->options[o];
    const char *value = c->line.options[o];

    if (row->words && !one_of(row->words, value))
        return cli_usage(c, err, "%s cannot be \"%.40s\"; use one of %s.", row->name, value,
                         row->words);
    if (row->value && strcmp(row->value, "N") == 0 && !is_number(value))
        return cli_usage(c, err, "%s cannot be \"%.40s\"; use a whole number from 1 to %d.",
                         row->name, value, COMMAND_NUMBER);
    return EXIT_OK;
}

/* argv[*i] is an option: finds its row, takes its value. */
static int take_option(struct cli *c, int argc, char **argv, int *i, struct err *err)
{
    const char *given = argv[*i], *equals = strchr(given, '=');
    size_t len = equals ? (size_t)(equals - given) : strlen(given);

    for (size_t o = 0; o < COMMAND_OPTIONS && c->command->options[o].name; o++) {
        const struct option *row = &c->command->options[o];

        if (strlen(row->name) != len || strncmp(row->name, given, len) != 0)
            continue;
        if (!row->value && equals)
            return cli_usage(c, err, "%s takes no value.", row->name);
        if (row->value && !equals && *i + 1 >= argc)
            return cli_usage(c, err, "%s needs a value: %s.", row->name, row->value);
        c->line.options[o] = !row->value ? "" : equals ? equals + 1 : argv[++*i];
        return check_value(c, o, err);
    }
    return cli_usage(c, err, "There is no option %.*s for %s.", (int)(len < 40 ? len : 40), given,
                     c->command->name);
}

/* Every option that was given has the part it needs, and none that it cannot go with. */
static int check_together(struct cli *c, struct err *err)
{
    const struct command *row = c->command;
    const char *part = row->only.part;

    if (part && c->line.operand_count == row->most &&
        strcmp(part, c->line.operands[row->most - 1]) == 0)
        part = NULL;
    for (size_t i = 0; part && i < ARRAY_LEN(row->only.options); i++)
        if (row->only.options[i] && cli_option(c, row->only.options[i]))
            return cli_usage(c, err, "%s is for %s.", row->only.options[i], part);
    if (row->apart[0] && cli_option(c, row->apart[0]) && cli_option(c, row->apart[1]))
        return cli_usage(c, err, "Choose %s or %s.", row->apart[0], row->apart[1]);
    return EXIT_OK;
}

/* What the row asks for is there. */
static int check_line(struct cli *c, struct err *err)
{
    const struct command *row = c->command;

    if (c->line.operand_count < row->least)
        return cli_usage(c, err, "%s needs %s.", row->name, row->operands);
    if (row->part_words && c->line.operand_count == row->most &&
        !one_of(row->part_words, c->line.operands[row->most - 1]))
        return cli_usage(c, err, "%s knows no \"%.40s\"%s%.40s.", row->name,
                         c->line.operands[row->most - 1],
                         strlen(row->part_words) <= 40 ? "; use one of " : "",
                         strlen(row->part_words) <= 40 ? row->part_words : "");
    for (size_t i = 0; i < ARRAY_LEN(row->required) && row->required[i]; i++)
        if (!cli_option(c, row->required[i]))
            return cli_usage(c, err, "%s needs %s%s%s.", row->name, row->required[0],
                             row->required[1] ? " and " : "",
                             row->required[1] ? row->required[1] : "");
    if (row->either[0] && !cli_option(c, row->either[0]) && !cli_option(c, row->either[1]))
        return cli_usage(c, err, "%s needs %s or %s.", row->name, row->either[0], row->either[1]);
    return check_together(c, err);
}

/* "-" is standard input, and "-5" or "-(1 + 2)" a number. */
static bool looks_like_option(const char *given)
{
    return given[0] == '-' && given[1] != '\0' && !strchr("0123456789.([", given[1]);
}

static int read_line(struct cli *c, int argc, char **argv, int first, struct err *err)
{
    bool options = true;

    for (int i = first; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && looks_like_option(argv[i])) {
            int code = take_option(c, argc, argv, &i, err);

            if (code != EXIT_OK)
                return code;
        } else if (c->line.operand_count >= c->command->most) {
            return cli_usage(c, err, "\"%.60s\" is one too many for %s.", argv[i],
                             c->command->name);
        } else {
            c->line.operands[c->line.operand_count++] = argv[i];
        }
    }
    return check_line(c, err);
}

/* A fresh embedded store asks nothing here: the settings, else the login name, say whose it is. */
static bool begin_headless(struct cli *c, struct err *err)
{
    char *name = NULL, *email = NULL;
    bool ok;

    actor_default_identity(&name, &email);
    ok = actor_begin(c->actor, config_get(c->cfg, "name") ? config_get(c->cfg, "name") : name,
                     config_get(c->cfg, "email") ? config_get(c->cfg, "email") : email, err);
    free(name);
    free(email);
    return ok;
}

static bool open_needs(struct cli *c, enum command_needs needs, struct err *err)
{
    if (needs == NEEDS_NOTHING)
        return true;
    c->actor = actor_open(config_get(c->cfg, "store"), STORE_TIMEOUT_MS, err);
    if (!c->actor)
        return false;
    if (actor_state(c->actor) == ACTOR_FRESH && !begin_headless(c, err))
        return false;
    if (needs == NEEDS_USER && actor_state(c->actor) != ACTOR_SIGNED_IN)
        return err_set(err, ERR_SIGNED_OUT, 0,
                       "Nobody is signed in on %s. Sign in with: strattio login --email ADDRESS "
                       "(or make an account: strattio register --email ADDRESS --name NAME)",
                       actor_store_label(c->actor));
    return true;
}

bool cli_open(struct cli *c, struct err *err)
{
    return open_needs(c, NEEDS_USER, err);
}

/* Writes what the command gathered; false if standard output would not take it. */
static bool write_out(const struct strbuf *out)
{
    return fwrite(out->data, 1, out->len, stdout) == out->len && fflush(stdout) == 0;
}

static int run_command(struct cli *c, struct err *err)
{
    int code = EXIT_FAILED;

    c->house = house_create();
    house_use_config(c->house, c->cfg);
    if (open_needs(c, c->command->needs, err))
        code = c->command->run(c, err);
    actor_close(c->actor);
    house_free(c->house);
    return code;
}

static bool is_word(const char *given, const char *a, const char *b)
{
    return strcmp(given, a) == 0 || strcmp(given, b) == 0;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (is_word(argv[i], "--help", "-h"))
            return true;
    return false;
}

/* What is asked of the program itself rather than of a command; false if nothing is. */
static bool answer_itself(int argc, char **argv, const struct command *command,
                          const struct cli_screen *screen, struct strbuf *out)
{
    if (command && wants_help(argc, argv))
        cli_help_command(command, out);
    else if (is_word(argv[1], "--help", "-h") || strcmp(argv[1], "help") == 0)
        cli_help(out);
    else if (is_word(argv[1], "--version", "-V"))
        strbuf_printf(out, "strattio %s\n", STRATTIO_VERSION);
    else if (strcmp(argv[1], "man-page") == 0)
        cli_man_page(screen, out);
    else
        return false;
    return true;
}

int cli_main(int argc, char **argv, const struct config *cfg, const struct cli_screen *screen)
{
    struct strbuf out;
    struct err err = {0};
    struct cli c = {.cfg = cfg, .screen = screen, .out = &out};
    int words = 0, code = EXIT_OK;

    strbuf_init(&out, OUTPUT_LIMIT);
    c.command = find_command(argc, argv, &words);
    if (!answer_itself(argc, argv, c.command, screen, &out)) {
        if (!c.command) {
            err_set(&err, ERR_INVALID, 0, "There is no command \"%.40s\". Try: strattio --help",
                    argv[1]);
            code = EXIT_USAGE;
        } else {
            code = read_line(&c, argc, argv, 1 + words, &err);
            code = code == EXIT_OK ? run_command(&c, &err) : code;
        }
    }
    if (err.code == ERR_NONE && !write_out(&out)) {
        err_set(&err, ERR_IO, errno, "Standard output could not be written: %s", strerror(errno));
        code = EXIT_FAILED;
    }
    if (err.code != ERR_NONE) {
        if (code != EXIT_USAGE) /* what was typed may be anything, a password too */
            log_err(c.command ? c.command->name : "command line", &err);
        fprintf(stderr, "strattio: %s\n", err.msg);
    }
    strbuf_finish(&out);
    return code;
}
