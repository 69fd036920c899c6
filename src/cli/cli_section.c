/* cli_section.c - a section's text: edited from a file or in the person's own editor, its history,
 * an earlier text put back. What is edited is the bound source, never what it renders to. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "strattio/actor.h"
#include "strattio/child_repo.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/section_view.h"
#include "strattio/strbuf.h"

#include "command.h"
#include "writer/writer.h"

enum { HISTORY_PAGE = 50 };

/* ---- saving ------------------------------------------------------------------------------------
 */

static bool find_section(struct cli *c, enum section_type type, struct plan *plan,
                         struct section *out, struct err *err)
{
    if (!cli_plan(c, plan, err))
        return false;
    if (section_repo_find(c->actor, plan->id, type, out, err))
        return true;
    if (err->code == ERR_NOT_FOUND)
        err_set(err, ERR_NOT_FOUND, 0, "%s has not been written yet: generate the plan first.",
                section_type_title(type));
    record_finish(COLL_PLANS, plan);
    return false;
}

/* Figures that are none are kept as typed, and told: the text is the author's. */
static void warn_unknown(struct cli *c, const char *plan_id, enum section_type type)
{
    struct err ignored = {0};
    struct section s;
    char path[40];

    if (!section_repo_find(c->actor, plan_id, type, &s, &ignored))
        return;
    for (size_t i = 0; i < doc_count(s.metadata, "findings"); i++) {
        bson_t finding;

        snprintf(path, sizeof(path), "findings.%zu", i);
        if (doc_view(s.metadata, path, &finding) &&
            strcmp(doc_str(&finding, "kind", ""), "unknown_figure") == 0)
            fprintf(stderr, "strattio: warning: line %lld: %s: %s\n",
                    (long long)doc_int(&finding, "where", 0), doc_str(&finding, "text", ""),
                    doc_str(&finding, "advice", ""));
    }
    record_finish(COLL_SECTIONS, &s);
}

/* Bytes of `text` without the newlines it ends in: editors add one where the source has none. */
static size_t body_len(const char *text)
{
    size_t len = strlen(text);

    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    return len;
}

/* `text` as the new source, ending in the newlines of the old one. */
static bool save_text(struct cli *c, const struct section *s, const char *old, const char *text,
                      struct err *err)
{
    char *source = mem_printf("%.*s%s", (int)body_len(text), text, old + body_len(old));
    bool ok = section_save(c->actor, c->house, s->plan_id, s->section_type, source,
                           doc_int(s->metadata, "rev", 0), err);

    free(source);
    if (ok)
        warn_unknown(c, s->plan_id, s->section_type);
    return ok;
}

/* ---- from a file -------------------------------------------------------------------------------
 */

static char *read_text(const char *file, struct err *err)
{
    size_t len;
    char *text = paths_read_file(file, SECTION_SOURCE_MAX, &len, err);

    if (!text || section_source_check(text, len, err))
        return text;
    err_wrap(err, "%.100s", strcmp(file, "-") == 0 ? "standard input" : file);
    free(text);
    return NULL;
}

static bool edit_from(struct cli *c, const struct section *s, const char *old, struct err *err)
{
    char *text = read_text(cli_option(c, "--from"), err);
    bool ok = text && save_text(c, s, old, text, err);

    free(text);
    return ok;
}

/* ---- in an editor ------------------------------------------------------------------------------
 */

static const char *editor(void)
{
    const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");

    if (visual && *visual)
        return visual;
    return plain && *plain ? plain : NULL;
}

/* A new file of our own (0600) in the state folder, which outlives a restart, with `text` in it. */
static char *write_draft(const char *text, struct err *err)
{
    char *folder = paths_dir(PATHS_STATE, true, err), *path;
    size_t len = strlen(text);
    bool ok;
    int fd;

    if (!folder)
        return NULL;
    path = mem_printf("%s/edit-XXXXXX.md", folder);
    free(folder);
    fd = mkostemps(path, 3, O_CLOEXEC);
    ok = fd >= 0 && write(fd, text, len) == (ssize_t)len;
    if (!ok)
        err_set(err, ERR_IO, errno, "%.120s could not be written: %s", path, strerror(errno));
    if (fd >= 0 && close(fd) < 0 && ok)
        ok = err_set(err, ERR_IO, errno, "%.120s could not be written: %s", path, strerror(errno));
    if (ok)
        return path;
    if (fd >= 0)
        unlink(path);
    free(path);
    return NULL;
}

/* The shell takes the words of `command` apart; the path is never part of them. */
static _Noreturn void become_editor(const char *command, const char *path)
{
    char *line = mem_printf("%s \"$@\"", command);

    execl("/bin/sh", "sh", "-c", line, command, path, (char *)NULL);
    _exit(127);
}

/* Waits for the editor; ^C is for it and not for us meanwhile. */
static bool run_editor(const char *command, const char *path, struct err *err)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
    int status = 0;
    pid_t child;

    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    child = fork();
    if (child == 0) {
        sigaction(SIGINT, &interrupt, NULL);
        sigaction(SIGQUIT, &quit, NULL);
        become_editor(command, path);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    if (child < 0)
        return err_set(err, ERR_IO, errno, "The editor could not be started: %s", strerror(errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(err, ERR_IO, 0, "The editor \"%.80s\" failed, so nothing was saved.",
                       command);
    return true;
}

static bool is_same(const char *text, const char *old)
{
    size_t len = body_len(text);

    return len == body_len(old) && memcmp(text, old, len) == 0;
}

/* Takes over what the editor left in `path`, or says that it is as it was. */
static bool take_draft(struct cli *c, const struct section *s, const char *old, const char *path,
                       struct err *err)
{
    char *text = read_text(path, err);
    bool ok = text != NULL;

    if (ok && is_same(text, old))
        strbuf_str(c->out, "Nothing was changed.\n");
    else if (ok)
        ok = save_text(c, s, old, text, err);
    free(text);
    return ok;
}

/* Is what was typed only in `path`? If it cannot be read, it may be. */
static bool worth_keeping(const char *path, const char *old)
{
    struct err ignored = {0};
    size_t len;
    char *text = paths_read_file(path, STRBUF_DOC_LIMIT, &len, &ignored);
    bool same = (text && strlen(text) == len && is_same(text, old)) ||
                (!text && ignored.code == ERR_NOT_FOUND);

    free(text);
    return !same;
}

static bool edit_outside(struct cli *c, const struct section *s, const char *old, struct err *err)
{
    const char *command = editor();
    char *path;
    bool ok;

    if (!command)
        return err_set(err, ERR_INVALID, 0,
                       "No editor is set: put its name into VISUAL or EDITOR, or use --from FILE.");
    path = write_draft(old, err);
    if (!path)
        return false;
    ok = run_editor(command, path, err) && take_draft(c, s, old, path, err);
    if (!ok && worth_keeping(path, old))
        fprintf(stderr, "strattio: Your text is kept in %s\n", path);
    else
        unlink(path);
    free(path);
    return ok;
}

int cli_edit(struct cli *c, struct err *err)
{
    enum section_type type = section_type_by_name(c->line.operands[1]);
    struct section s;
    struct plan plan;
    char *old;
    bool ok;

    if (cli_option(c, "--from") && cli_option(c, "--external"))
        return cli_usage(c, err, "edit takes --from or --external, not both.");
    if (!find_section(c, type, &plan, &s, err))
        return EXIT_FAILED;
    old = section_source(&s);
    ok = cli_option(c, "--from") ? edit_from(c, &s, old, err) : edit_outside(c, &s, old, err);
    free(old);
    record_finish(COLL_SECTIONS, &s);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}

/* ---- history -----------------------------------------------------------------------------------
 */

struct entry {          /* one text of a section; borrowed */
    const char *id;     /* "original" for the text before the first edit */
    int64_t at;         /* RECORD_NONE where the log does not say */
    const char *action; /* NULL for the original */
    const char *reason;
    const bson_t *value;
};

static const char *author(struct cli *c)
{
    const struct user *user = actor_user(c->actor); /* a log is read by who wrote it */

    return user && user->name ? user->name : "";
}

static void put_entry(struct cli *c, const struct entry *e)
{
    size_t words = markdown_words(doc_str(e->value, "content", ""));
    char at[CLOCK_ISO_SIZE] = "";

    if (e->at != RECORD_NONE)
        clock_iso(e->at, at);
    if (c->out->len == 0)
        strbuf_printf(c->out, "%-24s  %-24s  %6s  %-8s  %s\n", "Entry", "When", "Words", "Reason",
                      "Who");
    strbuf_printf(c->out, "%-24s  %-24s  %6zu  %-8s  %s\n", e->id, at, words, e->reason,
                  e->action ? author(c) : "");
}

static void append_entry(struct cli *c, bson_t *all, const struct entry *e)
{
    char key[16];
    const char *name;
    bson_t doc;

    bson_uint32_to_string(bson_count_keys(all), &name, key, sizeof(key));
    bson_append_document_begin(all, name, -1, &doc);
    BSON_APPEND_UTF8(&doc, "id", e->id);
    if (e->at != RECORD_NONE)
        BSON_APPEND_DATE_TIME(&doc, "created_at", e->at);
    else
        BSON_APPEND_NULL(&doc, "created_at");
    if (e->action) {
        BSON_APPEND_UTF8(&doc, "user_id", actor_user(c->actor)->id);
        BSON_APPEND_UTF8(&doc, "who", author(c));
        BSON_APPEND_UTF8(&doc, "action", e->action);
    } else {
        BSON_APPEND_NULL(&doc, "user_id");
        BSON_APPEND_NULL(&doc, "who");
        BSON_APPEND_NULL(&doc, "action");
    }
    BSON_APPEND_UTF8(&doc, "reason", e->reason);
    BSON_APPEND_INT32(&doc, "words", (int32_t)markdown_words(doc_str(e->value, "content", "")));
    bson_append_document_end(all, &doc);
}

static void put_one(struct cli *c, bson_t *all, const struct entry *e)
{
    if (cli_json(c))
        append_entry(c, all, e);
    else
        put_entry(c, e);
}

/* The text of an entry; NULL if it tells of something else. */
static const bson_t *text_of(const bson_t *value)
{
    return value && doc_has(value, "content") ? value : NULL;
}

/* The entries of a page, at most *left of them. */
static void put_page(struct cli *c, const struct audit_page *page, bson_t *all, int64_t *left)
{
    for (size_t i = 0; i<page->count && * left> 0; i++) {
        const struct audit_log *log = &page->logs[i];
        struct entry e = {
            .id = log->id,
            .at = log->created_at,
            .action = audit_action_name(log->action),
            .reason = log->metadata ? doc_str(log->metadata, "reason", "") : "",
            .value = text_of(log->new_value),
        };

        if (!e.value)
            continue;
        put_one(c, all, &e);
        --*left;
    }
}

/* What stood before the oldest entry: the text as it was first written. NULL if the log has none.
 */
static bool find_original(struct cli *c, const struct section *s, struct audit_page *page,
                          const bson_t **value, struct err *err)
{
    struct audit_filter filter = {
        .plan_id = s->plan_id, .resource_id = s->id, .oldest_first = true, .limit = 1};

    if (!audit_repo_page(c->actor, &filter, page, err))
        return false;
    *value = page->count ? text_of(page->logs[0].old_value) : NULL;
    return true;
}

static bool put_original(struct cli *c, const struct section *s, bson_t *all, struct err *err)
{
    struct entry e = {.id = "original", .at = RECORD_NONE, .reason = "first"};
    struct audit_page page;

    if (!find_original(c, s, &page, &e.value, err))
        return false;
    if (e.value)
        put_one(c, all, &e);
    audit_page_finish(&page);
    return true;
}

/* Page by page, since an entry holds whole texts; the original comes last. */
static bool put_history(struct cli *c, const struct section *s, bson_t *all, int64_t left,
                        struct err *err)
{
    struct audit_filter filter = {
        .plan_id = s->plan_id, .resource_id = s->id, .limit = HISTORY_PAGE};
    char *after = NULL;
    bool ok = true;

    do {
        struct audit_page page;

        filter.after = after;
        ok = audit_repo_page(c->actor, &filter, &page, err);
        free(after);
        after = NULL;
        if (ok) {
            put_page(c, &page, all, &left);
            after = mem_str(page.next);
            audit_page_finish(&page);
        }
    } while (ok && after && left > 0);
    free(after);
    return ok && (left <= 0 || put_original(c, s, all, err));
}

int cli_history(struct cli *c, struct err *err)
{
    enum section_type type = section_type_by_name(c->line.operands[1]);
    const char *limit = cli_option(c, "--limit");
    bson_t all = BSON_INITIALIZER;
    struct section s;
    struct plan plan;
    bool ok;

    if (!find_section(c, type, &plan, &s, err))
        return EXIT_FAILED;
    ok = put_history(c, &s, &all, limit ? strtoll(limit, NULL, 10) : INT64_MAX, err);
    if (ok && cli_json(c))
        cli_put_json_array(c, &all);
    else if (ok && c->out->len == 0)
        strbuf_str(c->out, "Nobody has edited this section yet.\n");
    bson_destroy(&all);
    record_finish(COLL_SECTIONS, &s);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}

/* ---- restore -----------------------------------------------------------------------------------
 */

static bool restore_value(struct cli *c, const struct section *s, const bson_t *value,
                          struct err *err)
{
    if (!value)
        return err_set(err, ERR_NOT_FOUND, 0,
                       "There is no such text of this section; strattio history lists them.");
    return section_restore(c->actor, c->house, s->plan_id, s->section_type, value,
                           doc_int(s->metadata, "rev", 0), err);
}

static bool restore_original(struct cli *c, const struct section *s, struct err *err)
{
    const bson_t *value = NULL;
    struct audit_page page;
    bool ok;

    if (!find_original(c, s, &page, &value, err))
        return false;
    ok = restore_value(c, s, value, err);
    audit_page_finish(&page);
    return ok;
}

static bool restore_entry(struct cli *c, const struct section *s, const char *id, struct err *err)
{
    struct audit_log log;
    bool mine, ok;

    if (!audit_repo_find(c->actor, id, &log, err))
        return false;
    mine = log.plan_id && strcmp(log.plan_id, s->plan_id) == 0 && log.resource_id &&
           strcmp(log.resource_id, s->id) == 0;
    ok = restore_value(c, s, mine ? text_of(log.new_value) : NULL, err);
    record_finish(COLL_AUDIT_LOGS, &log);
    return ok;
}

int cli_restore(struct cli *c, struct err *err)
{
    enum section_type type = cli_section(c, err);
    const char *id = c->line.operands[2];
    struct section s;
    struct plan plan;
    bool ok;

    if (type == SECTION_COUNT)
        return EXIT_USAGE;
    if (!find_section(c, type, &plan, &s, err))
        return EXIT_FAILED;
    if (strcmp(id, "original") == 0)
        ok = restore_original(c, &s, err);
    else
        ok = restore_entry(c, &s, id, err);
    if (ok)
        warn_unknown(c, plan.id, type);
    record_finish(COLL_SECTIONS, &s);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}
