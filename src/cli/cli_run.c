/* cli_run.c - generate, check, export. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/doc.h"
#include "strattio/export.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/queue.h"
#include "strattio/record.h"
#include "strattio/remedy.h"
#include "strattio/strbuf.h"

#include "command.h"
#include "report_text.h"

enum { LOOK_MS = 100 };

/* Set by SIGINT, SIGTERM and SIGHUP while a plan is made: the run is cancelled, what is made stays.
 */
static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
    interrupted = signal;
}

static void drop_event(void *message)
{
    event_free(message);
}

static void put_plain(const struct event *e, struct strbuf *line)
{
    const char *what =
        e->section != SECTION_COUNT ? section_type_title(e->section) : stage_title(e->stage);

    switch (e->kind) {
    case EVENT_DONE:
        strbuf_printf(line, "%s: %s%s\n", what, e->text ? e->text : "done",
                      e->reused ? ", kept" : "");
        break;
    case EVENT_WARNING:
        strbuf_printf(line, "%s: warning: %s\n", what, e->text ? e->text : "");
        break;
    case EVENT_FINISHED:
        strbuf_str(line, "Complete.\n");
        break;
    case EVENT_STARTED:
    case EVENT_ADVANCED:
    case EVENT_DELTA:
    case EVENT_FAILED: /* the sentence on standard error says it */
        break;
    }
}

static void put_json_line(const struct event *e, struct strbuf *line)
{
    bson_t doc;

    event_to_doc(e, &doc);
    json_write(&doc, JSON_COMPACT, line);
    strbuf_char(line, '\n');
    bson_destroy(&doc);
}

/* Prints one event at once; false when standard output is gone. */
static bool report(const struct event *e, const char *form, struct strbuf *line)
{
    strbuf_clear(line);
    if (form && strcmp(form, "json") == 0)
        put_json_line(e, line);
    else if (form)
        put_plain(e, line);
    return fwrite(line->data, 1, line->len, stdout) == line->len && fflush(stdout) == 0;
}

/* Follows the run to its last event. */
static bool follow(struct run *run, struct queue *events, const char *form, struct err *err)
{
    bool ended = false, ok = false, output = true;
    struct strbuf line;

    strbuf_init(&line, STRBUF_DOC_LIMIT);
    while (!ended) {
        struct event *e = queue_wait(events, LOOK_MS); /* another thread may get the signal */

        if (interrupted)
            run_cancel(run);
        if (!e)
            continue;
        if (output && !report(e, form, &line)) {
            output = false;
            run_cancel(run);
        }
        ended = e->stage == STAGE_RUN && (e->kind == EVENT_FINISHED || e->kind == EVENT_FAILED);
        ok = ended && e->kind == EVENT_FINISHED;
        if (ended && !ok)
            *err = e->err;
        event_free(e);
    }
    strbuf_finish(&line);
    if (ok && !output)
        ok = err_set(err, ERR_IO, EPIPE, "Progress could not be written to standard output.");
    return ok;
}

/* What we were started to ignore stays ignored: nohup. */
static void catch_signals(struct sigaction old[3], bool on)
{
    static const int signals[3] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction sa = {.sa_handler = on_signal};

    sigemptyset(&sa.sa_mask);
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        if (on)
            sigaction(signals[i], NULL, &old[i]);
        if (old[i].sa_handler != SIG_IGN)
            sigaction(signals[i], on ? &sa : &old[i], NULL);
    }
}

/* What is to be made anew, as the options say; false for nothing. */
static bool redo_of(struct cli *c, struct run_redo *redo)
{
    const char *stage = cli_option(c, "--stage"), *section = cli_option(c, "--section");

    *redo = (struct run_redo){.stage = STAGE_WRITING, .section = SECTION_COUNT};
    if (section)
        redo->section = section_type_by_name(section);
    for (int i = 0; stage && i < STAGE_COUNT; i++)
        if (strcmp(stage, stage_name((enum stage)i)) == 0)
            redo->stage = (enum stage)i;
    return stage || section;
}

int cli_generate(struct cli *c, struct err *err)
{
    struct queue *events = queue_create(drop_event);
    struct sigaction old[3];
    struct run_redo redo;
    struct run *run;
    struct plan plan;
    bool ok = false;

    if (cli_option(c, "--stage") && cli_option(c, "--section")) {
        queue_destroy(events);
        return cli_usage(c, err, "generate takes --stage or --section, not both.");
    }
    if (!events || !cli_plan(c, &plan, err)) {
        queue_destroy(events);
        return EXIT_FAILED;
    }
    catch_signals(old, true);
    run =
        run_start_redo(c->actor, c->house, plan.id, redo_of(c, &redo) ? &redo : NULL, events, err);
    if (run)
        ok = follow(run, events, cli_option(c, "--progress"), err);
    run_finish(run);
    catch_signals(old, false);
    queue_destroy(events);
    if (ok && !cli_option(c, "--progress"))
        strbuf_printf(c->out, "%s\n", plan.id);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}

static int exit_of(const char *status)
{
    if (strcmp(status, "compliant") == 0)
        return EXIT_OK;
    return strcmp(status, "non_compliant") == 0 ? EXIT_NON_COMPLIANT : EXIT_FAILED;
}

/* What would make each rule pass that does not. */
static bool explain_open(struct cli *c, const struct plan *plan, const bson_t *data,
                         struct err *err)
{
    size_t count = doc_count(data, "checks");
    bool ok = true;

    for (size_t i = 0; i < count && ok; i++) {
        char *path = mem_printf("checks.%zu", i);
        struct remedy remedy = {0};
        bson_t check;

        doc_view(data, path, &check);
        free(path);
        if (strcmp(doc_str(&check, "outcome", ""), "pass") == 0)
            continue;
        ok = plan_remedy(c->actor, c->house, plan, doc_str(&check, "rule_id", ""), &remedy, err);
        if (ok && (remedy.part_count || remedy.searched)) {
            strbuf_printf(c->out, "\n%s %s\n", doc_str(&check, "rule_id", ""), remedy.name);
            remedy_text(&remedy, c->out);
        }
        remedy_finish(&remedy);
    }
    return ok;
}

int cli_check(struct cli *c, struct err *err)
{
    bool explain = cli_option(c, "--explain") != NULL;
    struct plan plan;
    bson_t data;
    int code;

    if (!cli_plan(c, &plan, err))
        return EXIT_FAILED;
    if (!plan_check(c->actor, c->house, &plan, &data, err)) {
        record_finish(COLL_PLANS, &plan);
        return EXIT_FAILED;
    }
    code = exit_of(doc_str(&data, "overall_status", ""));
    if (cli_json(c))
        cli_put_report(c, &data);
    else
        text_report(&data, actor_can(c->actor, CAN_SEE_COMPLIANCE), explain, c->out);
    if (!cli_json(c) && explain && actor_can(c->actor, CAN_SEE_COMPLIANCE) &&
        !explain_open(c, &plan, &data, err))
        code = EXIT_FAILED;
    bson_destroy(&data);
    record_finish(COLL_PLANS, &plan);
    return code;
}

int cli_export(struct cli *c, struct err *err)
{
    const char *format = cli_option(c, "--format");
    char *written = NULL;
    struct plan plan;
    bool ok;

    if (!cli_plan(c, &plan, err))
        return EXIT_FAILED;
    ok = export_plan(c->actor, c->house, plan.id, export_by_name(format),
                     cli_option(c, "--out"), &written, err);
    if (ok && strcmp(written, "-") != 0)
        strbuf_printf(c->out, "%s\n", written);
    free(written);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}
