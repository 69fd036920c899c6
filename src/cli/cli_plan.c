/* cli_plan.c - plans: made, listed, changed, put away, deleted. */
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "command.h"

enum { INTAKE_LIMIT = 16 * 1024 * 1024, PAGE = 500 };

/* One line a problem, so that a whole file can be mended at once; the last is the sentence of
 * `err`. */
static void put_problems(const struct problems *problems, const char *file, struct err *err)
{
    struct strbuf lines;

    strbuf_init(&lines, 1 << 20);
    for (size_t i = 0; i < problems->count; i++)
        strbuf_printf(&lines, "%s: %s: %s\n", file, problems->items[i].path,
                      problems->items[i].message);
    fwrite(lines.data, 1, lines.len, stderr);
    strbuf_finish(&lines);
    err_set(err, ERR_INVALID, 0, "%s: %zu answer%s cannot be used as above; nothing was stored.",
            file, problems->count, problems->count == 1 ? "" : "s");
}

/* Reads the file of --intake into answers, name and purpose. */
static bool read_intake(struct cli *c, bson_t *answers, char **name, enum plan_purpose *purpose,
                        struct err *err)
{
    const char *file = cli_option(c, "--intake");
    const struct intake *questions = house_intake(c->house, err);
    struct problems problems = {0};
    size_t len;
    char *text;
    bool ok;

    if (!questions)
        return false;
    text = paths_read_file(file, INTAKE_LIMIT, &len, err);
    if (!text)
        return false;
    ok = intake_import(questions, text, len, purpose, name, answers, &problems, err);
    free(text);
    if (!ok && problems.count > 0)
        put_problems(&problems, file, err);
    else if (!ok)
        err_wrap(err, "%s", file);
    problems_finish(&problems);
    return ok;
}

/* The id of the plan that was made, or all of it. */
static void put_made(struct cli *c, const struct plan *plan)
{
    bson_t doc;

    if (!cli_json(c)) {
        strbuf_printf(c->out, "%s\n", plan->id);
        return;
    }
    record_write(COLL_PLANS, plan, &doc);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

static bool create(struct cli *c, const bson_t *answers, const char *name,
                   enum plan_purpose purpose, struct err *err)
{
    struct plan plan;

    if (!plan_new(c->actor, c->house, name, purpose, answers, &plan, err))
        return false;
    put_made(c, &plan);
    record_finish(COLL_PLANS, &plan);
    return true;
}

int cli_new(struct cli *c, struct err *err)
{
    const char *purpose_name = cli_option(c, "--purpose"), *name = cli_option(c, "--name");
    enum plan_purpose purpose = PURPOSE_GENERIC;
    bson_t answers = BSON_INITIALIZER;
    char *file_name = NULL;
    bool ok;

    if (purpose_name)
        purpose = plan_purpose_by_name(purpose_name);
    ok = read_intake(c, &answers, &file_name, &purpose, err);
    if (ok && purpose_name)
        purpose = plan_purpose_by_name(purpose_name);
    if (!name)
        name = file_name ? file_name : doc_str(&answers, "business_name", "Business plan");
    ok = ok && create(c, &answers, name, purpose, err);
    free(file_name);
    bson_destroy(&answers);
    return ok ? EXIT_OK : EXIT_FAILED;
}

static void put_plan_row(struct cli *c, const struct plan *plan, int64_t now)
{
    char ago[CLOCK_ISO_SIZE], score[16] = "-";

    clock_ago(plan->updated_at, now, ago);
    if (doc_has(plan->metadata, "summary.score"))
        snprintf(score, sizeof(score), "%.0f", doc_num(plan->metadata, "summary.score", 0));
    strbuf_printf(c->out, "%s  %-10s  %-14s  %5s  %-12s  %s\n", plan->id,
                  plan_status_name(plan->status), plan_purpose_name(plan->plan_purpose), score, ago,
                  plan->name);
}

static void append_plan(bson_t *array, uint32_t index, const struct plan *plan)
{
    static const char *const heavy[] = {"intake_data", "generation_metadata", "settings"};
    char key[16];
    const char *name;
    bson_t doc;

    record_write(COLL_PLANS, plan, &doc);
    for (size_t i = 0; i < ARRAY_LEN(heavy); i++)
        doc_unset(&doc, heavy[i]);
    bson_uint32_to_string(index, &name, key, sizeof(key));
    bson_append_document(array, name, -1, &doc);
    bson_destroy(&doc);
}

static void put_page_json(struct cli *c, const struct plan_page *page)
{
    bson_t doc = BSON_INITIALIZER, plans;

    BSON_APPEND_ARRAY_BEGIN(&doc, "plans", &plans);
    for (size_t i = 0; i < page->count; i++)
        append_plan(&plans, (uint32_t)i, &page->plans[i]);
    bson_append_array_end(&doc, &plans);
    if (page->next)
        BSON_APPEND_UTF8(&doc, "next", page->next);
    else
        BSON_APPEND_NULL(&doc, "next");
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

/* The command for the next page: a cursor goes with what was asked for. */
static void put_more(struct cli *c, const char *next)
{
    static const char *const kept[] = {"--status", "--limit"};

    strbuf_str(c->out, "More: strattio list");
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        if (cli_option(c, kept[i]))
            strbuf_printf(c->out, " %s %s", kept[i], cli_option(c, kept[i]));
    strbuf_printf(c->out, " --after %s\n", next);
}

static void put_page(struct cli *c, const struct plan_page *page)
{
    int64_t now = clock_now_ms();

    if (page->count == 0) {
        strbuf_str(c->out, "No plans.\n");
        return;
    }
    strbuf_printf(c->out, "%-24s  %-10s  %-14s  %5s  %-12s  %s\n", "Id", "Status", "Purpose",
                  "Score", "Updated", "Name");
    for (size_t i = 0; i < page->count; i++)
        put_plan_row(c, &page->plans[i], now);
    if (page->next)
        put_more(c, page->next);
}

int cli_list(struct cli *c, struct err *err)
{
    const char *status = cli_option(c, "--status"), *limit = cli_option(c, "--limit");
    struct plan_filter filter = {
        .status = status ? plan_status_by_name(status) : PLAN_STATUS_COUNT,
        .limit = limit ? strtoll(limit, NULL, 10) : 0,
        .after = cli_option(c, "--after"),
    };
    struct plan_page page;

    if (!plan_repo_list(c->actor, &filter, &page, err))
        return EXIT_FAILED;
    if (cli_json(c))
        put_page_json(c, &page);
    else
        put_page(c, &page);
    plan_page_finish(&page);
    return EXIT_OK;
}

/* Applies one FIELD=VALUE to `plan`; name and plan_purpose are the plan's own. */
static bool assign(const struct intake *questions, const char *text, struct plan *plan,
                   struct err *err)
{
    const char *equals = strchr(text, '=');
    char *field;
    bool ok = true;

    if (!equals || equals == text)
        return err_set(err, ERR_INVALID, 0,
                       "\"%.60s\" is not FIELD=VALUE, for example price_per_unit=4.20", text);
    field = mem_strn(text, (size_t)(equals - text));
    if (strcmp(field, "name") == 0) {
        free(plan->name);
        plan->name = mem_str(equals + 1);
    } else if (strcmp(field, "plan_purpose") == 0) {
        plan->plan_purpose = plan_purpose_by_name(equals + 1);
        if (plan->plan_purpose == PURPOSE_COUNT)
            ok = err_set(err, ERR_INVALID, 0,
                         "plan_purpose cannot be \"%.40s\"; use generic, loan, visa_startup, "
                         "visa_innovator or investor",
                         equals + 1);
    } else {
        char *path = intake_path(field, plan->intake_data, err);

        ok = path && intake_set(questions, path, equals + 1, plan->intake_data, err);
        free(path);
        if (!ok && err->code == ERR_INVALID && strncmp(err->msg, field, strlen(field)) != 0)
            err_wrap(err, "%.60s", field);
    }
    free(field);
    return ok;
}

int cli_set(struct cli *c, struct err *err)
{
    const struct intake *questions = house_intake(c->house, err);
    struct plan before, after;
    bool ok = true;

    if (!questions || !cli_plan(c, &before, err))
        return EXIT_FAILED;
    if (!plan_repo_find(c->actor, before.id, &after, err)) {
        record_finish(COLL_PLANS, &before);
        return EXIT_FAILED;
    }
    for (size_t i = 1; ok && i < c->line.operand_count; i++)
        ok = assign(questions, c->line.operands[i], &after, err);
    ok = ok && plan_save(c->actor, c->house, &before, &after, err);
    record_finish(COLL_PLANS, &before);
    record_finish(COLL_PLANS, &after);
    return ok ? EXIT_OK : EXIT_FAILED;
}

int cli_import(struct cli *c, struct err *err)
{
    const struct intake *questions = house_intake(c->house, err);
    const char *table = c->line.operands[1];
    struct plan before, after;
    size_t len, count = 0;
    char *text;
    bool ok;

    if (!questions || !(text = paths_read_file(c->line.operands[2], INTAKE_CSV_LIMIT, &len, err)))
        return EXIT_FAILED;
    ok = cli_plan(c, &before, err);
    if (ok && !plan_repo_find(c->actor, before.id, &after, err)) {
        record_finish(COLL_PLANS, &before);
        ok = false;
    } else if (ok) {
        ok = intake_rows_from_csv(questions, table, text, len, cli_option(c, "--replace") != NULL,
                                  after.intake_data, &count, err) ||
             (err_wrap(err, "%s", c->line.operands[2]), false);
        ok = ok && plan_save(c->actor, c->house, &before, &after, err);
        record_finish(COLL_PLANS, &before);
        record_finish(COLL_PLANS, &after);
    }
    if (ok)
        strbuf_printf(c->out, "%zu rows added to %s.\n", count, table);
    free(text);
    return ok ? EXIT_OK : EXIT_FAILED;
}

int cli_duplicate(struct cli *c, struct err *err)
{
    struct plan from, made;
    bool ok;

    if (!cli_plan(c, &from, err))
        return EXIT_FAILED;
    ok = plan_duplicate(c->actor, &from, cli_option(c, "--name"), &made, err);
    if (ok) {
        put_made(c, &made);
        record_finish(COLL_PLANS, &made);
    }
    record_finish(COLL_PLANS, &from);
    return ok ? EXIT_OK : EXIT_FAILED;
}

/* The screen opens the store itself, and the two should not hold it at once. */
int cli_open_place(struct cli *c, struct err *err)
{
    struct cli_place place = {0};
    struct plan plan;
    int code;

    if (!cli_plan(c, &plan, err))
        return EXIT_FAILED;
    actor_close(c->actor);
    c->actor = NULL;
    place.plan_id = plan.id;
    place.plan_name = plan.name;
    place.status = plan.status;
    place.place = c->line.operand_count > 1 ? c->line.operands[1] : NULL;
    code = c->screen->open(c->cfg, &place, err);
    record_finish(COLL_PLANS, &plan);
    return code;
}

static int archive(struct cli *c, bool away, struct err *err)
{
    struct plan plan;
    bool ok;

    if (!cli_plan(c, &plan, err))
        return EXIT_FAILED;
    ok = plan_repo_archive(c->actor, plan.id, away, err);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}

int cli_archive(struct cli *c, struct err *err)
{
    return archive(c, true, err);
}

int cli_unarchive(struct cli *c, struct err *err)
{
    return archive(c, false, err);
}

int cli_delete(struct cli *c, struct err *err)
{
    struct plan plan;
    bool ok;

    if (!cli_plan(c, &plan, err))
        return EXIT_FAILED;
    if (cli_option(c, "--yes"))
        ok = plan_repo_delete(c->actor, plan.id, err);
    else
        ok = err_set(err, ERR_INVALID, 0,
                     "\"%s\" was not deleted: add --yes to delete it with its sections, research, "
                     "model and report.",
                     plan.name);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}
