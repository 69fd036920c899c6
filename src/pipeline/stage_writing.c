/* stage_writing.c - nine sections. Each has two keys: `draft_key` moves when what the text says
 * depends on something else now, `figures_key` when only the figures in it did. A moved figure
 * renders the stored source again; a moved draft writes a new one, but never over what the user
 * edited: that text stays, the section is marked stale and the new draft waits beside it as
 * metadata.offered. */
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/section_view.h"
#include "strattio/strbuf.h"

#include "pipeline/house_parts.h"
#include "pipeline/stage.h"
#include "writer/writer.h"

static bool draft_input(struct making *mk, enum section_type type, struct draft_input *in,
                        struct err *err)
{
    *in = (struct draft_input){
        .type = type,
        .purpose = mk->plan.plan_purpose,
        .questions = house_intake(mk->house, err),
        .intake = mk->plan.intake_data,
        .model = mk->model,
        .research = mk->has_research ? mk->research.data : NULL,
        .plan_name = mk->plan.name,
        .start_date = mk->start_date,
    };
    return in->questions != NULL;
}

static void set_content(struct section *s, const char *content)
{
    char sha[SHA_HEX_LEN + 1];

    free(s->content);
    s->content = mem_str(content);
    s->word_count = (int64_t)markdown_words(content);
    sha256_hex(content, strlen(content), sha);
    doc_set_str(s->metadata, "rendered_sha", sha);
}

bool section_render(struct making *mk, struct section *s, struct err *err)
{
    const char *source = doc_str(s->metadata, "source", "");
    struct strbuf content;
    bson_t findings;
    bool ok;

    strbuf_init(&content, STRBUF_DOC_LIMIT);
    ok = binder_render(mk->model, source, &content, NULL, err);
    if (ok) {
        binder_findings(mk->model, mk->plan.intake_data, s->data_citations, source, &findings);
        doc_set_doc(s->metadata, "findings", &findings, true);
        bson_destroy(&findings);
        doc_set_str(s->metadata, "figures_key", mk->figures_key);
        set_content(s, content.data);
    }
    strbuf_finish(&content);
    return ok;
}

/* Another program changed `content`: then its text is the source now, with its figures unbound. */
static void adopt_outside_edit(struct section *s)
{
    char sha[SHA_HEX_LEN + 1];
    const char *rendered = doc_str(s->metadata, "rendered_sha", NULL);
    char *source;

    if (!rendered || !s->content)
        return;
    sha256_hex(s->content, strlen(s->content), sha);
    if (strcmp(sha, rendered) == 0)
        return;
    source = section_source(s);
    doc_set_str(s->metadata, "source", source);
    doc_set_str(s->metadata, "rendered_sha", sha);
    doc_unset(s->metadata, "figures_key");
    s->edited_by_user = true;
    free(source);
}

static void begin_section(struct section *s, const struct making *mk, enum section_type type)
{
    record_init(COLL_SECTIONS, s);
    free(s->plan_id);
    free(s->title);
    s->plan_id = mem_str(mk->plan.id);
    s->section_type = type;
    s->order_index = type;
    s->title = mem_str(section_type_title(type));
}

/* Writes a new draft into `s`, or beside the user's text. */
static bool draft(struct making *mk, const struct draft_input *in, const char *draft_key,
                  struct section *s, struct err *err)
{
    const struct templates *templates = house_templates(mk->house, err);
    struct strbuf source;
    bson_t citations;
    bool ok = false;

    if (!templates)
        return false;
    strbuf_init(&source, STRBUF_DOC_LIMIT);
    if (!template_draft(templates, in, &source, &citations, err))
        goto out;
    ok = strbuf_check(&source, section_type_title(in->type), err);
    if (ok && s->edited_by_user) {
        doc_set_str(s->metadata, "offered.source", source.data);
        doc_set_str(s->metadata, "offered.draft_key", draft_key);
        doc_set_date(s->metadata, "offered.made", clock_now_ms());
        doc_set_doc(s->metadata, "offered.citations", &citations, true);
        doc_set_bool(s->metadata, "stale", true);
    } else if (ok) {
        bson_destroy(s->data_citations);
        s->data_citations = bson_copy(&citations);
        doc_set_str(s->metadata, "source", source.data);
        doc_set_str(s->metadata, "draft_key", draft_key);
        doc_set_bool(s->metadata, "stale", false);
        s->ai_generated = false;
        doc_set_str(s->generation_metadata, "writer", "template");
    }
    bson_destroy(&citations);
out:
    strbuf_finish(&source);
    return ok;
}

/* Is this section to be written again, whatever stands? */
static bool is_redone(const struct making *mk, enum section_type type)
{
    return mk->redo && mk->redo->stage == STAGE_WRITING &&
           (mk->redo->section == SECTION_COUNT || mk->redo->section == type);
}

/* A text that was asked for again is an entry of the section's history. */
static bool put_section(struct making *mk, struct section *s, bool again, struct err *err)
{
    return again ? section_repo_edit(mk->actor, s, AUDIT_SECTION_REGENERATED, "rewrite", err)
                 : section_repo_put(mk->actor, mk->lease, s, err);
}

/* One section, brought to what the answers say now. *reused if it stood as it was. */
static bool write_section(struct making *mk, enum section_type type, bool *reused, struct err *err)
{
    const struct templates *templates = house_templates(mk->house, err);
    struct section *s = &mk->sections[type];
    struct draft_input in;
    char draft_key[SHA_HEX_LEN + 1];
    bool again = mk->present[type] && is_redone(mk, type), drafted, rendered;

    if (!templates || !draft_input(mk, type, &in, err) ||
        !template_draft_key(templates, &in, draft_key, err))
        return false;
    if (!mk->present[type])
        begin_section(s, mk, type);
    else
        adopt_outside_edit(s);
    drafted = mk->present[type] && !again &&
              (key_matches(s->metadata, "draft_key", draft_key) ||
               (s->edited_by_user && key_matches(s->metadata, "offered.draft_key", draft_key)));
    rendered = drafted && key_matches(s->metadata, "figures_key", mk->figures_key);
    *reused = rendered;
    if (rendered)
        return true;
    if ((!drafted && !draft(mk, &in, draft_key, s, err)) || !section_render(mk, s, err))
        return false;
    if (!put_section(mk, s, again, err))
        return false;
    mk->present[type] = true;
    return true;
}

static void tell_section(struct making *mk, enum section_type type, bool reused)
{
    const struct section *s = &mk->sections[type];
    char *words = mem_printf("%lld words", (long long)s->word_count);

    if (!reused)
        making_tell(mk, EVENT_DELTA, STAGE_WRITING, type, 0, 0, s->content);
    making_tell_done(mk, STAGE_WRITING, type, reused, words);
    free(words);
}

bool stage_writing(struct making *mk, struct stage_result *r, struct err *err)
{
    bson_t keys = BSON_INITIALIZER;
    int64_t words = 0;
    bool ok = true;

    r->reused = true;
    for (int type = 0; type < SECTION_COUNT && ok; type++) {
        bool reused = false;

        making_tell(mk, EVENT_STARTED, STAGE_WRITING, type, 0, 0, NULL);
        ok = making_go_on(mk, err) && write_section(mk, type, &reused, err);
        if (!ok) {
            if (err->code != ERR_CANCELLED)
                err_wrap(err, "%s", section_type_title(type));
            break;
        }
        tell_section(mk, type, reused);
        r->reused = r->reused && reused;
        words += mk->sections[type].word_count;
        BSON_APPEND_UTF8(&keys, section_type_name(type),
                         doc_str(mk->sections[type].metadata, "draft_key", ""));
        making_tell(mk, EVENT_ADVANCED, STAGE_WRITING, SECTION_COUNT, type + 1, SECTION_COUNT,
                    NULL);
    }
    if (ok) {
        key_of(&keys, r->key);
        r->note = mem_printf("%d sections, %lld words", SECTION_COUNT, (long long)words);
    }
    bson_destroy(&keys);
    return ok;
}

/* Is the text's draft still what the answers would give? Stale is only said, never acted on. */
static bool mark_stale(struct making *mk, enum section_type type, bool *moved, struct err *err)
{
    const struct templates *templates = house_templates(mk->house, err);
    struct section *s = &mk->sections[type];
    char key[SHA_HEX_LEN + 1];
    struct draft_input in;
    bool stale;

    if (!templates || !draft_input(mk, type, &in, err) ||
        !template_draft_key(templates, &in, key, err))
        return false;
    stale = !key_matches(s->metadata, "draft_key", key);
    *moved = stale != doc_bool(s->metadata, "stale", false);
    if (*moved)
        doc_set_bool(s->metadata, "stale", stale);
    return true;
}

bool stage_figures(struct making *mk, struct err *err)
{
    for (int type = 0; type < SECTION_COUNT; type++) {
        struct section *s = &mk->sections[type];
        bool moved = false;

        if (!mk->present[type])
            continue;
        adopt_outside_edit(s);
        if (!mark_stale(mk, type, &moved, err))
            return false;
        if (!moved && key_matches(s->metadata, "figures_key", mk->figures_key))
            continue;
        if (!section_render(mk, s, err) || !section_repo_put(mk->actor, mk->lease, s, err))
            return err_wrap(err, "%s", section_type_title(type));
    }
    return true;
}
