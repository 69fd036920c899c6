/* section_work.c - see the header. What the user edited is never written over: the new draft
 * waits beside it as metadata.offered. */
#include "pipeline/section_work.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/section_view.h"

#include "pipeline/house_parts.h"
#include "pipeline/stage.h"

bool section_draft_input(struct making *mk, enum section_type type, struct draft_input *in,
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

void section_adopt_outside_edit(struct section *s)
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
    authorship_begin(s);
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

static bool template_source(struct making *mk, struct section_work *work, struct err *err)
{
    const struct templates *templates = house_templates(mk->house, err);

    return templates && section_draft_input(mk, work->type, &work->in, err) &&
           template_draft(templates, &work->in, &work->source, &work->citations, err) &&
           template_key(&work->in, work->source.data, &work->citations, work->draft_key, err) &&
           strbuf_check(&work->source, section_type_title(work->type), err);
}

/* Is a draft of these answers there, of this writer or one this writer leaves alone? */
static bool is_drafted(const struct section *s, const struct section_work *work, const char *where)
{
    char *draft = mem_printf("%sdraft_key", where), *writer = mem_printf("%swriter_key", where);
    bool same = key_matches(s->metadata, draft, work->draft_key) &&
                (!work->writer_key[0] || key_matches(s->metadata, writer, work->writer_key));

    free(draft);
    free(writer);
    return same;
}

static enum section_state state_of(const struct making *mk, const struct section_work *work)
{
    const struct section *s = &mk->sections[work->type];

    if (!mk->present[work->type] || work->again || doc_bool(s->metadata, "unfinished", false) ||
        !(is_drafted(s, work, "") || (s->edited_by_user && is_drafted(s, work, "offered."))))
        return SECTION_DRAFTED;
    return key_matches(s->metadata, "figures_key", mk->figures_key) ? SECTION_STANDS
                                                                    : SECTION_RENDERED;
}

bool section_work_init(struct making *mk, enum section_type type, const char *writer_key,
                       struct section_work *work, struct err *err)
{
    *work = (struct section_work){.type = type};
    bson_init(&work->citations);
    strbuf_init(&work->source, STRBUF_DOC_LIMIT);
    bson_strncpy(work->writer_key, writer_key, sizeof(work->writer_key));
    work->again = mk->present[type] && is_redone(mk, type);
    if (!template_source(mk, work, err))
        return false;
    if (!mk->present[type])
        begin_section(&mk->sections[type], mk, type);
    else
        section_adopt_outside_edit(&mk->sections[type]);
    work->state = state_of(mk, work);
    return true;
}

void section_work_finish(struct section_work *work)
{
    strbuf_finish(&work->source);
    bson_destroy(&work->citations);
}

static void set_keys(struct section *s, const char *where, const struct section_work *work)
{
    char *draft = mem_printf("%sdraft_key", where), *writer = mem_printf("%swriter_key", where);

    doc_set_str(s->metadata, draft, work->draft_key);
    if (work->writer_key[0])
        doc_set_str(s->metadata, writer, work->writer_key);
    else
        doc_unset(s->metadata, writer);
    free(draft);
    free(writer);
}

static void offer(struct section *s, const struct section_work *work, const struct written *what)
{
    doc_set_str(s->metadata, "offered.source", what->source);
    set_keys(s, "offered.", work);
    doc_set_date(s->metadata, "offered.made", clock_now_ms());
    doc_set_doc(s->metadata, "offered.citations", what->citations, true);
    doc_set_bool(s->metadata, "offered.ai", what->ai);
    doc_set_bool(s->metadata, "stale", true);
}

static void place(struct section *s, const struct section_work *work, const struct written *what)
{
    bson_destroy(s->data_citations);
    s->data_citations = bson_copy(what->citations);
    doc_set_str(s->metadata, "source", what->source);
    doc_unset(s->metadata, "drafted");
    set_keys(s, "", work);
    doc_set_bool(s->metadata, "stale", false);
    doc_unset(s->metadata, "unfinished");
    doc_unset(s->metadata, "partial");
    s->ai_generated = what->ai;
    if (what->made) {
        bson_destroy(s->generation_metadata);
        s->generation_metadata = bson_copy(what->made);
    }
    doc_set_str(s->generation_metadata, "writer", what->writer);
}

bool section_work_take(struct making *mk, struct section_work *work, const struct written *what,
                       struct err *err)
{
    struct section *s = &mk->sections[work->type];

    if (what && s->edited_by_user)
        offer(s, work, what);
    else if (what)
        place(s, work, what);
    if (!section_render(mk, s, err) || !put_section(mk, s, work->again, err))
        return false;
    mk->present[work->type] = true;
    return true;
}

bool section_work_keep_part(struct making *mk, struct section_work *work, const char *text,
                            const char *writer, struct err *err)
{
    struct section *s = &mk->sections[work->type];

    if (mk->present[work->type] && !doc_bool(s->metadata, "unfinished", false)) {
        doc_set_str(s->metadata, "partial.source", text);
        doc_set_date(s->metadata, "partial.at", clock_now_ms());
        return section_repo_put(mk->actor, mk->lease, s, err);
    }
    doc_set_str(s->metadata, "source", text);
    doc_set_bool(s->metadata, "unfinished", true);
    doc_set_str(s->generation_metadata, "writer", writer);
    s->ai_generated = true;
    if (!section_render(mk, s, err) || !section_repo_put(mk->actor, mk->lease, s, err))
        return false;
    mk->present[work->type] = true;
    return true;
}

void section_work_tell(struct making *mk, const struct section_work *work, bool with_text)
{
    const struct section *s = &mk->sections[work->type];
    char *words = mem_printf("%lld words", (long long)s->word_count);

    if (with_text)
        making_tell(mk, EVENT_DELTA, STAGE_WRITING, work->type, 0, 0, s->content);
    making_tell_done(mk, STAGE_WRITING, work->type, work->state == SECTION_STANDS, words);
    free(words);
}
