/* cli_docs.c - help, man page and completions, all written from the tables of commands and
 * settings, so that none of them can say what is not so. */
#include <bson/bson.h>
#include <string.h>

#include "strattio/config.h"
#include "strattio/strbuf.h"

#include "command.h"

static void put_synopsis(const struct command *command, struct strbuf *out)
{
    strbuf_printf(out, "strattio %s", command->name);
    if (command->operands[0])
        strbuf_printf(out, " %s", command->operands);
    for (const struct option *o = command->options; o->name; o++)
        strbuf_printf(out, " [%s%s%s]", o->name, o->value ? " " : "", o->value ? o->value : "");
}

void cli_help(struct strbuf *out)
{
    strbuf_str(out,
               "Strattio: business plans you can defend, written in a terminal.\n\n"
               "Usage: strattio [SETTING ...]             open the program\n"
               "       strattio [SETTING ...] COMMAND ...\n"
               "       strattio --plain                   the same line by line, for screen readers and scripts\n"
               "       strattio --demo                    three sample plans, nothing stored\n\n"
               "Commands:\n");
    for (const struct command *c = cli_commands; c->name; c++) {
        strbuf_printf(out, "  %s%s%s\n", c->name, c->operands[0] ? " " : "", c->operands);
        strbuf_printf(out, "      %s\n", c->help);
    }
    strbuf_str(out, "\nSettings (as flag, environment variable, or key in config.ini):\n");
    for (const struct setting *s = config_settings; s->key; s++)
        strbuf_printf(out, "  %-14s %-18s %s\n", s->flag ? s->flag : "", s->env, s->help);
    strbuf_str(out,
               "\nPLAN is an id or an unambiguous beginning of a name.\n"
               "Exit: 0 ok, 1 failed, 2 usage. Details: strattio COMMAND --help, man strattio\n");
}

void cli_help_command(const struct command *command, struct strbuf *out)
{
    strbuf_str(out, "Usage: ");
    put_synopsis(command, out);
    strbuf_printf(out, "\n\n%s\n", command->help);
    if (command->part_words)
        strbuf_printf(out, "\nThe last word is one of: %s\n", command->part_words);
    if (command->options[0].name)
        strbuf_str(out, "\nOptions:\n");
    for (const struct option *o = command->options; o->name; o++) {
        strbuf_printf(out, "  %s%s%s\n      %s", o->name, o->value ? " " : "",
                      o->value ? o->value : "", o->help);
        if (o->words)
            strbuf_printf(out, " One of: %s.", o->words);
        strbuf_char(out, '\n');
    }
}

/* Text with what troff would read as its own taken apart. */
static void put_troff(const char *text, struct strbuf *out)
{
    if (*text == '.' || *text == '\'')
        strbuf_str(out, "\\&");
    for (; *text; text++) {
        if (*text == '\\')
            strbuf_str(out, "\\e");
        else if (*text == '-')
            strbuf_str(out, "\\-");
        else
            strbuf_char(out, *text);
    }
}

static void put_item(const char *term, const char *value, const char *help, struct strbuf *out)
{
    strbuf_str(out, ".TP\n\\fB");
    put_troff(term, out);
    strbuf_str(out, "\\fR");
    if (value && *value) {
        strbuf_str(out, " \\fI");
        put_troff(value, out);
        strbuf_str(out, "\\fR");
    }
    strbuf_char(out, '\n');
    put_troff(help, out);
    strbuf_char(out, '\n');
}

static void put_man_command(const struct command *c, struct strbuf *out)
{
    put_item(c->name, c->operands, c->help, out);
    if (!c->options[0].name)
        return;
    strbuf_str(out, ".RS\n");
    for (const struct option *o = c->options; o->name; o++)
        put_item(o->name, o->value, o->help, out);
    strbuf_str(out, ".RE\n");
}

static void put_man_keys(const struct cli_screen *screen, struct strbuf *out)
{
    const char *context = "";

    strbuf_str(out,
               ".SH KEYS\nOn the screen, by the place where they work. C\\- is Ctrl, M\\- is Alt, "
               "S\\- is Shift. A line \\(lqACTION = KEY KEY\\(rq in keys.ini gives an action other "
               "keys, \\(lq+ KEY\\(rq more, \\(lqnone\\(rq takes them away.\n");
    for (size_t i = 0; i < screen->action_count; i++) {
        const struct cli_action *a = &screen->actions[i];

        if (strcmp(a->context, context) != 0)
            strbuf_printf(out, ".SS %s\n", a->context_title);
        context = a->context;
        put_item(a->keys[0] ? a->keys : a->name, a->keys[0] ? a->name : NULL, a->help, out);
    }
}

void cli_man_page(const struct cli_screen *screen, struct strbuf *out)
{
    strbuf_printf(out,
                  ".TH STRATTIO 1 \"\" \"strattio %s\" \"User Commands\"\n"
                  ".SH NAME\nstrattio \\- business plans you can defend, written in a terminal\n"
                  ".SH SYNOPSIS\n.B strattio\n[\\fISETTING\\fR ...] [\\fICOMMAND\\fR ...]\n"
                  ".SH DESCRIPTION\n"
                  "Without a command the program opens on the terminal: a wizard collects the "
                  "answers, a pipeline researches, checks, computes, writes nine sections and "
                  "tests them against the rules of a lender, a visa endorser or an investor. "
                  "Every figure in the text is bound to the cell of the model or the source it "
                  "came from. With \\fB\\-\\-plain\\fR it asks and tells line by line, for screen "
                  "readers and scripts.\n.PP\n"
                  "\\fIPLAN\\fR is an id or an unambiguous beginning of a name. With "
                  "\\fB\\-\\-demo\\fR the program shows three sample plans in a store that is "
                  "thrown away.\n.SH COMMANDS\n",
                  STRATTIO_VERSION);
    for (const struct command *c = cli_commands; c->name; c++)
        put_man_command(c, out);
    put_man_keys(screen, out);
    strbuf_str(out, ".SH SETTINGS\nFlags win over the environment, the environment over "
                    "config.ini.\n");
    for (const struct setting *s = config_settings; s->key; s++)
        put_item(s->flag ? s->flag : s->key, s->env, s->help, out);
    strbuf_str(
        out, ".SH EXIT STATUS\n0 success, 1 failure, 2 usage; \\fBcheck\\fR: 0 compliant, 1 "
             "needs attention, 3 non\\-compliant.\n.SH FILES\n"
             "config.ini and keys.ini in ~/.config/strattio; the store in ~/.local/share/strattio; "
             "session and log in ~/.local/state/strattio.\n");
}

/* ---- keys -------------------------------------------------------------------------------------
 */

/* "Enter l Right" as an array of three. */
static void append_keys(bson_t *doc, const char *keys)
{
    bson_t list;

    BSON_APPEND_ARRAY_BEGIN(doc, "keys", &list);
    for (uint32_t i = 0; *keys; i++) {
        size_t len = strcspn(keys, " ");
        char index[16];
        const char *name;

        bson_uint32_to_string(i, &name, index, sizeof(index));
        bson_append_utf8(&list, name, -1, keys, (int)len);
        keys += len + strspn(keys + len, " ");
    }
    bson_append_array_end(doc, &list);
}

static void put_keys_json(struct cli *c)
{
    bson_t all = BSON_INITIALIZER;

    for (size_t i = 0; i < c->screen->action_count; i++) {
        const struct cli_action *a = &c->screen->actions[i];
        char index[16];
        const char *name;
        bson_t doc;

        bson_uint32_to_string((uint32_t)i, &name, index, sizeof(index));
        bson_append_document_begin(&all, name, -1, &doc);
        BSON_APPEND_UTF8(&doc, "action", a->name);
        BSON_APPEND_UTF8(&doc, "context", a->context);
        append_keys(&doc, a->keys);
        BSON_APPEND_UTF8(&doc, "help", a->help);
        bson_append_document_end(&all, &doc);
    }
    cli_put_json_array(c, &all);
    bson_destroy(&all);
}

/* Exit 1, like a test that failed: scripts and editors of the file look at that. */
static int check_keys(struct cli *c)
{
    const struct cli_screen *screen = c->screen;

    for (size_t i = 0; i < screen->key_problem_count; i++)
        strbuf_printf(c->out, "%s\n", screen->key_problems[i]);
    if (screen->key_problem_count)
        return EXIT_FAILED;
    strbuf_str(c->out, "The keys are in order.\n");
    return EXIT_OK;
}

int cli_keys(struct cli *c, struct err *err)
{
    const char *context = "";

    (void)err;
    if (cli_option(c, "--check"))
        return check_keys(c);
    if (cli_json(c)) {
        put_keys_json(c);
        return EXIT_OK;
    }
    for (size_t i = 0; i < c->screen->action_count; i++) {
        const struct cli_action *a = &c->screen->actions[i];

        if (strcmp(a->context, context) != 0)
            strbuf_printf(c->out, "%s%s (%s)\n", i ? "\n" : "", a->context_title, a->context);
        context = a->context;
        strbuf_printf(c->out, "  %-22s %-24s %s\n", a->keys, a->name, a->help);
    }
    return EXIT_OK;
}

/* ---- completion: flat word lists a shell filters -----------------------------------------------
 */

static void put_words(const char *words, struct strbuf *out)
{
    for (; *words; words++)
        strbuf_char(out, *words == '|' ? ' ' : *words);
}

static void put_settings(struct strbuf *out)
{
    for (const struct setting *s = config_settings; s->key; s++)
        if (s->flag)
            strbuf_printf(out, "%s ", s->flag);
}

/* What may follow the command whose first word is `word`, second words of two-word commands too. */
static void put_followers(const char *word, size_t len, struct strbuf *out)
{
    for (const struct command *c = cli_commands; c->name; c++) {
        if (strncmp(c->name, word, len) != 0 || (c->name[len] != '\0' && c->name[len] != ' '))
            continue;
        if (c->name[len] == ' ')
            strbuf_printf(out, "%s ", c->name + len + 1);
        if (c->part_words) {
            put_words(c->part_words, out);
            strbuf_char(out, ' ');
        }
        for (const struct option *o = c->options; o->name; o++) {
            strbuf_printf(out, "%s ", o->name);
            if (o->words) {
                put_words(o->words, out);
                strbuf_char(out, ' ');
            }
        }
    }
}

static void each_first_word(void (*put)(const char *word, size_t len, struct strbuf *out),
                            struct strbuf *out)
{
    const char *last = "";
    size_t last_len = 0;

    for (const struct command *c = cli_commands; c->name; c++) {
        size_t len = strcspn(c->name, " ");

        if (len == last_len && strncmp(last, c->name, len) == 0)
            continue;
        put(c->name, len, out);
        last = c->name;
        last_len = len;
    }
}

static void put_case(const char *word, size_t len, struct strbuf *out)
{
    strbuf_printf(out, "        %.*s) words=\"", (int)len, word);
    put_followers(word, len, out);
    strbuf_str(out, "\" ;;\n");
}

static void put_first_word(const char *word, size_t len, struct strbuf *out)
{
    strbuf_printf(out, "%.*s ", (int)len, word);
}

static void put_first_words(struct strbuf *out)
{
    each_first_word(put_first_word, out);
}

static void put_bash(struct strbuf *out)
{
    strbuf_str(out, "# bash completion for strattio\n_strattio()\n{\n"
                    "    local words current=${COMP_WORDS[COMP_CWORD]}\n"
                    "    case ${COMP_WORDS[1]} in\n");
    each_first_word(put_case, out);
    strbuf_str(out, "    esac\n    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words=\"");
    put_first_words(out);
    strbuf_str(out, "--demo --plain --help --version ");
    put_settings(out);
    strbuf_str(out, "\"\n    fi\n"
                    "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
                    "    [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "
                    "\"$current\")\n}\ncomplete -F _strattio strattio\n");
}

static void put_zsh(struct strbuf *out)
{
    strbuf_str(out, "#compdef strattio\n_strattio() {\n    local first=${words[2]} words=\n"
                    "    case $first in\n");
    each_first_word(put_case, out);
    strbuf_str(out, "    esac\n    if (( CURRENT == 2 )); then\n        words=\"");
    put_first_words(out);
    strbuf_str(out, "--demo --plain --help --version ");
    put_settings(out);
    strbuf_str(out, "\"\n    fi\n    compadd -- ${=words} || _files\n}\n"
                    "compdef _strattio strattio\n");
}

static void put_fish_line(const char *word, size_t len, struct strbuf *out)
{
    strbuf_printf(out, "complete -c strattio -n '__fish_seen_subcommand_from %.*s' -a '", (int)len,
                  word);
    put_followers(word, len, out);
    strbuf_str(out, "'\n");
}

static void put_fish(struct strbuf *out)
{
    strbuf_str(out, "# fish completion for strattio\n"
                    "complete -c strattio -n __fish_use_subcommand -a '");
    put_first_words(out);
    strbuf_str(out, "--demo --plain --help --version ");
    put_settings(out);
    strbuf_str(out, "'\n");
    each_first_word(put_fish_line, out);
}

static const struct {
    const char *shell;
    void (*put)(struct strbuf *out);
} completions[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};

int cli_completion(struct cli *c, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < ARRAY_LEN(completions); i++)
        if (strcmp(c->line.operands[0], completions[i].shell) == 0)
            completions[i].put(c->out);
    return EXIT_OK;
}
