/* command.h - sub-commands as rows of one table: it drives dispatch, usage messages, --help, the
 * man page and the completions. A command's file has its functions; commands.c has the rows. */
#ifndef STRATTIO_CLI_COMMAND_H
#define STRATTIO_CLI_COMMAND_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/cli.h"
#include "strattio/err.h"
#include "strattio/plan.h"
#include "strattio/section.h"

#include "period.h"

struct actor;
struct config;
struct house;
struct model;
struct outcome;
struct strbuf;

struct option {
    const char *name;  /* "--out" */
    const char *value; /* "FILE"; "N" takes 1 to COMMAND_NUMBER; NULL for a switch */
    const char *words; /* "plain|json" where only these will do; NULL for anything */
    const char *help;
};

enum { COMMAND_OPTIONS = 7, COMMAND_OPERANDS = 64, COMMAND_NUMBER = 100000 };

enum command_needs {
    NEEDS_NOTHING,
    NEEDS_STORE, /* an open store, signed in or not */
    NEEDS_USER,  /* an open store and somebody signed in */
};

struct command_line { /* what was given, checked against the command's row */
    const char *operands[COMMAND_OPERANDS];
    size_t operand_count;
    const char *options[COMMAND_OPTIONS]; /* value ("" for a switch) by the row's order; NULL */
};

struct cli { /* what a command works with */
    const struct config *cfg;
    const struct cli_screen *screen;
    const struct command *command;
    struct command_line line;
    struct actor *actor; /* as NEEDS_ says */
    struct house *house;
    struct strbuf *out; /* what goes to standard output when the command has succeeded */
};

struct command {
    const char *name;                           /* "show", "store copy" */
    const char *operands;                       /* "PLAN [PART]" */
    size_t least, most;                         /* operands */
    struct option options[COMMAND_OPTIONS + 1]; /* ends in a NULL name */
    const char *required[2];                    /* options that must be given; NULL for none */
    const char *either[2];                      /* one of these must be, or both */
    const char *apart[2];                       /* not both of these */
    struct {                                    /* these need it as the last operand */
        const char *part, *options[3];
    } only;
    enum command_needs needs;
    const char *help;       /* one sentence */
    const char *part_words; /* what operand `most` may be, or NULL for anything */
    int (*run)(struct cli *c,
               struct err *err); /* exit code; EXIT_FAILED and EXIT_USAGE with err set */
};

extern const struct command cli_commands[]; /* ends in a NULL name */

/* ---- for the commands ------------------------------------------------------------------------ */

/* The value of an option of this command's row, or NULL; a switch that was given is "". */
const char *cli_option(const struct cli *c, const char *name);
bool cli_json(const struct cli *c); /* --json was given */

/* Opens the store and sees that somebody is signed in, for a command that only sometimes needs it
 * (NEEDS_NOTHING). */
MUST_USE bool cli_open(struct cli *c, struct err *err);

/* The plan the first operand names, whole; the caller finishes it (record_finish). */
MUST_USE bool cli_plan(struct cli *c, struct plan *out, struct err *err);

/* The section type that the second operand names, SECTION_COUNT with err set if it names none. */
enum section_type cli_section(struct cli *c, struct err *err);

/* Appends `doc` as pretty JSON and a newline. */
void cli_put_json(struct cli *c, const bson_t *doc);

/* Appends an array of documents as pretty JSON and a newline. */
void cli_put_json_array(struct cli *c, const bson_t *array);

/* A report's data as JSON, whole or as the preview the tier includes. */
void cli_put_report(struct cli *c, const bson_t *data);

/* A statement of the model, as text or as --json or --csv say. */
void cli_put_statement(struct cli *c, const struct model *m, const char *statement, enum period by);

/* The plan's model under `scenario`, or as it is for NULL; model_free() it. */
MUST_USE struct model *cli_model(struct cli *c, const struct plan *plan, const char *scenario,
                                 struct err *err);

/* The model of the plan the first operand names, under --scenario, for a command that the tier must
 * include; NULL with err set. */
MUST_USE struct model *cli_asked_model(struct cli *c, struct err *err);

/* Text in a column `width` characters wide, or one blank wider than it is. */
void cli_put_left(struct strbuf *out, const char *text, int width);
void cli_put_right(struct strbuf *out, const char *text, int width);

/* {value, shown, reason} under `key`. */
void cli_append_outcome(bson_t *doc, const char *key, const struct outcome *o);

const char *cli_index(size_t i, char buf[16]); /* the key of an array's item */

/* EXIT_USAGE with a sentence that ends in how to get help. */
int cli_usage(const struct cli *c, struct err *err, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* ---- the commands, by file ------------------------------------------------------------------- */

int cli_new(struct cli *c, struct err *err);
int cli_list(struct cli *c, struct err *err);
int cli_show(struct cli *c, struct err *err);
int cli_set(struct cli *c, struct err *err);
int cli_import(struct cli *c, struct err *err);
int cli_trace(struct cli *c, struct err *err);
int cli_eval(struct cli *c, struct err *err);
int cli_scenario(struct cli *c, struct err *err);
int cli_sensitivity(struct cli *c, struct err *err);
int cli_goal(struct cli *c, struct err *err);
int cli_montecarlo(struct cli *c, struct err *err);
int cli_duplicate(struct cli *c, struct err *err);
int cli_delete(struct cli *c, struct err *err);
int cli_archive(struct cli *c, struct err *err);
int cli_unarchive(struct cli *c, struct err *err);
int cli_generate(struct cli *c, struct err *err);
int cli_research(struct cli *c, struct err *err);
int cli_check(struct cli *c, struct err *err);
int cli_export(struct cli *c, struct err *err);
int cli_edit(struct cli *c, struct err *err);
int cli_history(struct cli *c, struct err *err);
int cli_restore(struct cli *c, struct err *err);
int cli_accept(struct cli *c, struct err *err);
int cli_decline(struct cli *c, struct err *err);
int cli_open_place(struct cli *c, struct err *err);
int cli_keys(struct cli *c, struct err *err);
int cli_register(struct cli *c, struct err *err);
int cli_login(struct cli *c, struct err *err);
int cli_logout(struct cli *c, struct err *err);
int cli_whoami(struct cli *c, struct err *err);
int cli_writer_test(struct cli *c, struct err *err);
int cli_prompt(struct cli *c, struct err *err);
int cli_rewrite(struct cli *c, struct err *err);
int cli_pack_lint(struct cli *c, struct err *err);
int cli_pack_test(struct cli *c, struct err *err);
int cli_grant(struct cli *c, struct err *err);
int cli_store_copy(struct cli *c, struct err *err);
int cli_store_info(struct cli *c, struct err *err);
int cli_schema(struct cli *c, struct err *err);
int cli_config(struct cli *c, struct err *err);
int cli_completion(struct cli *c, struct err *err);

/* cli_docs.c: made from the tables. */
void cli_help(struct strbuf *out);
void cli_help_command(const struct command *command, struct strbuf *out);
void cli_man_page(const struct cli_screen *screen, struct strbuf *out); /* troff */

#endif
