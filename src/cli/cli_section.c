/* cli_section.c - a section's text: edited from a file or in the person's own editor, its history,
 * an earlier text put back. What is edited is the bound source, never what it renders to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/actor.h"
#include "strattio/child_repo.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/outside.h"
#include "strattio/paths.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/section_history.h"
#include "strattio/section_view.h"
#include "strattio/strbuf.h"

#include "command.h"

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

/* `text` as the new source, ending in the newlines of the old one. */
static bool save_text(struct cli *c, const struct section *s, const char *old, const char *text,
                      struct err *err)
{
    char *source = mem_printf("%.*s%s", (int)outside_body(text), text, old + outside_body(old));
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

static bool is_same(const char *text, const char *old)
{
    size_t len = outside_body(text);

    return len == outside_body(old) && memcmp(text, old, len) == 0;
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

static bool edit_outside(struct cli *c, const struct section *s, const char *old, struct err *err)
{
    char *path;
    bool ok = outside_edit(old, &path, err) && take_draft(c, s, old, path, err);

    if (path && !ok && outside_differs(path, old))
        fprintf(stderr, "strattio: Your text is kept in %s\n", path);
    else if (path)
        unlink(path);
    free(path);
    return ok;
}

/* On the screen, which opens the store itself: the two should not hold it at once. */
static int edit_here(struct cli *c, const struct plan *plan, enum section_type type,
                     struct err *err)
{
    struct cli_place place = {
        .plan_id = plan->id,
        .plan_name = plan->name,
        .status = plan->status,
        .place = section_type_name(type),
        .edit = true,
    };

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(err, ERR_UNSUPPORTED, 0,
                "edit opens the editor on a terminal, and this is none: use --from FILE.");
        return EXIT_FAILED;
    }
    actor_close(c->actor);
    c->actor = NULL;
    return c->screen->open(c->cfg, &place, err);
}

int cli_edit(struct cli *c, struct err *err)
{
    enum section_type type = section_type_by_name(c->line.operands[1]);
    struct section s;
    struct plan plan;
    char *old;
    int code = EXIT_OK;
    bool ok;

    if (cli_option(c, "--from") && cli_option(c, "--external"))
        return cli_usage(c, err, "edit takes --from or --external, not both.");
    if (!find_section(c, type, &plan, &s, err))
        return EXIT_FAILED;
    old = section_source(&s);
    if (cli_option(c, "--from") || cli_option(c, "--external")) {
        ok = cli_option(c, "--from") ? edit_from(c, &s, old, err) : edit_outside(c, &s, old, err);
        code = ok ? EXIT_OK : EXIT_FAILED;
    } else {
        code = edit_here(c, &plan, type, err);
    }
    free(old);
    record_finish(COLL_SECTIONS, &s);
    record_finish(COLL_PLANS, &plan);
    return code;
}

/* ---- history -----------------------------------------------------------------------------------
 */

static void put_entry(struct cli *c, const struct section_entry *e)
{
    char at[CLOCK_ISO_SIZE] = "";

    if (e->at != RECORD_NONE)
        clock_iso(e->at, at);
    if (c->out->len == 0)
        strbuf_printf(c->out, "%-24s  %-24s  %6s  %-8s  %s\n", "Entry", "When", "Words", "Reason",
                      "Who");
    strbuf_printf(c->out, "%-24s  %-24s  %6lld  %-8s  %s\n", e->id, at, (long long)e->words,
                  e->reason, e->who ? e->who : "");
}

static void append_entry(struct cli *c, bson_t *all, const struct section_entry *e)
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
    if (e->who) {
        BSON_APPEND_UTF8(&doc, "user_id", actor_user(c->actor)->id);
        BSON_APPEND_UTF8(&doc, "who", e->who);
        BSON_APPEND_UTF8(&doc, "action", audit_action_name(e->action));
    } else {
        BSON_APPEND_NULL(&doc, "user_id");
        BSON_APPEND_NULL(&doc, "who");
        BSON_APPEND_NULL(&doc, "action");
    }
    BSON_APPEND_UTF8(&doc, "reason", e->reason);
    BSON_APPEND_INT32(&doc, "words", (int32_t)e->words);
    bson_append_document_end(all, &doc);
}

/* The entries of a page, at most *left of them. A waiting draft is no text the section has had. */
static void put_page(struct cli *c, const struct section_history *page, bson_t *all, int64_t *left)
{
    for (size_t i = 0; i<page->count && * left> 0; i++) {
        const struct section_entry *e = &page->entries[i];

        if (e->change == SECTION_CHANGE_OFFERED)
            continue;
        if (cli_json(c))
            append_entry(c, all, e);
        else
            put_entry(c, e);
        --*left;
    }
}

/* Page by page, since an entry holds whole texts. */
static bool put_history(struct cli *c, const struct section *s, bson_t *all, int64_t left,
                        struct err *err)
{
    char *after = NULL;
    bool ok = true;

    do {
        struct section_history page;

        ok = section_history_read(c->actor, s->plan_id, s, after, HISTORY_PAGE, &page, err);
        free(after);
        after = NULL;
        if (ok) {
            put_page(c, &page, all, &left);
            after = mem_str(page.next);
            section_history_finish(&page);
        }
    } while (ok && after && left > 0);
    free(after);
    return ok;
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

/* ---- restore, and a draft that waits -----------------------------------------------------------
 */

static bool restore(struct cli *c, const struct section *s, struct err *err)
{
    bson_t value;
    bool ok;

    if (!section_history_find(c->actor, s, c->line.operands[2], &value, err))
        return false;
    ok = section_restore(c->actor, c->house, s->plan_id, s->section_type, &value,
                         doc_int(s->metadata, "rev", 0), err);
    bson_destroy(&value);
    return ok;
}

static bool take_offer(struct cli *c, const struct section *s, struct err *err)
{
    return section_offer_take(c->actor, c->house, s->plan_id, s->section_type,
                              doc_int(s->metadata, "rev", 0), err);
}

static bool leave_offer(struct cli *c, const struct section *s, struct err *err)
{
    return section_offer_leave(c->actor, c->house, s->plan_id, s->section_type,
                               doc_int(s->metadata, "rev", 0), err);
}

/* Gives the section another text by `change`. */
static int change_text(struct cli *c,
                       bool (*change)(struct cli *c, const struct section *s, struct err *err),
                       struct err *err)
{
    enum section_type type = cli_section(c, err);
    struct section s;
    struct plan plan;
    bool ok;

    if (type == SECTION_COUNT)
        return EXIT_USAGE;
    if (!find_section(c, type, &plan, &s, err))
        return EXIT_FAILED;
    ok = change(c, &s, err);
    if (ok)
        warn_unknown(c, plan.id, type);
    record_finish(COLL_SECTIONS, &s);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}

int cli_restore(struct cli *c, struct err *err)
{
    return change_text(c, restore, err);
}

int cli_accept(struct cli *c, struct err *err)
{
    return change_text(c, take_offer, err);
}

int cli_decline(struct cli *c, struct err *err)
{
    return change_text(c, leave_offer, err);
}
