/* stage_writing.c - nine sections. Each has two keys: `draft_key` moves when what the text says
 * depends on something else now, `figures_key` when only the figures in it did. A moved figure
 * renders the stored source again; a moved draft writes a new one, but never over what the user
 * edited: that text stays, the section is marked stale and the new draft waits beside it as
 * metadata.offered. */
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/plan_run.h"
#include "strattio/strbuf.h"
#include "strattio/writing.h"

#include "pipeline/house_parts.h"
#include "pipeline/section_work.h"
#include "pipeline/stage.h"
#include "writer/evidence.h"
#include "writer/prompts.h"
#include "writer/writer.h"

static void set_content(struct section *s, const char *content)
{
    char sha[SHA_HEX_LEN + 1];

    free(s->content);
    s->content = mem_str(content);
    s->word_count = (int64_t)markdown_words(content);
    sha256_hex(content, strlen(content), sha);
    doc_set_str(s->metadata, "rendered_sha", sha);
}

bool section_find(struct making *mk, enum section_type type, const bson_t *citations,
                  const char *source, bson_t *findings, struct err *err)
{
    const struct prompts *prompts = house_prompts(mk->house, err);
    struct findings_input in = {.model = mk->model,
                                .intake = mk->plan.intake_data,
                                .citations = citations,
                                .research = mk->has_research ? mk->research.data : NULL,
                                .wording = prompts ? house_wording(mk->house, err) : NULL};

    if (!in.wording)
        return false;
    prompts_words(prompts, type, &in.least, &in.most);
    section_findings(&in, source, findings);
    return true;
}

bool section_render(struct making *mk, struct section *s, struct err *err)
{
    const char *source = doc_str(s->metadata, "source", "");
    struct strbuf content;
    bson_t findings;
    bool ok;

    strbuf_init(&content, STRBUF_DOC_LIMIT);
    ok = binder_render(mk->model, source, &content, NULL, err) &&
         section_find(mk, s->section_type, s->data_citations, source, &findings, err);
    if (ok) {
        doc_set_doc(s->metadata, "findings", &findings, true);
        bson_destroy(&findings);
        doc_set_str(s->metadata, "figures_key", mk->figures_key);
        set_content(s, content.data);
        authorship_count(s);
    }
    strbuf_finish(&content);
    return ok;
}

/* What a section that stands, or is drafted from the template, takes. */
static bool write_here(struct making *mk, struct section_work *work, struct err *err)
{
    const struct written draft = {.source = work->source.data,
                                  .citations = &work->citations,
                                  .writer = writing_name(WRITING_TEMPLATE)};

    if (work->state != SECTION_STANDS &&
        !section_work_take(mk, work, work->state == SECTION_DRAFTED ? &draft : NULL, err))
        return err_wrap(err, "%s", section_type_title(work->type));
    section_work_tell(mk, work, work->state != SECTION_STANDS);
    mk->written++;
    making_tell(mk, EVENT_ADVANCED, STAGE_WRITING, SECTION_COUNT, mk->written, SECTION_COUNT, NULL);
    return true;
}

/* Section by section; those that want a draft of a model are left to it, all at once, at the end. */
static bool write_sections(struct making *mk, const struct writing *w, struct section_work *works,
                           struct err *err)
{
    char key[SHA_HEX_LEN + 1] = "";
    bool model = w->by != WRITING_TEMPLATE, wanted = false;

    if (model && !model_key(mk, w, key, err))
        return false;
    for (int type = 0; type < SECTION_COUNT; type++) {
        struct section_work *work = &works[type];

        if (!making_go_on(mk, err))
            return false;
        if (!section_work_init(mk, (enum section_type)type, key, work, err))
            return err_wrap(err, "%s", section_type_title((enum section_type)type));
        if (model && work->state == SECTION_DRAFTED) {
            wanted = true;
            continue;
        }
        making_tell(mk, EVENT_STARTED, STAGE_WRITING, (enum section_type)type, 0, 0, NULL);
        if (!write_here(mk, work, err))
            return false;
    }
    return !wanted || write_with_model(mk, w, works, SECTION_COUNT, NULL, err);
}

static void sum_up(const struct making *mk, const struct section_work *works,
                   struct stage_result *r)
{
    bson_t keys = BSON_INITIALIZER;
    int64_t words = 0;

    r->reused = true;
    for (int type = 0; type < SECTION_COUNT; type++) {
        r->reused = r->reused && works[type].state == SECTION_STANDS;
        words += mk->sections[type].word_count;
        BSON_APPEND_UTF8(&keys, section_type_name((enum section_type)type),
                         doc_str(mk->sections[type].metadata, "draft_key", ""));
    }
    key_of(&keys, r->key);
    r->note = mem_printf("%d sections, %lld words", SECTION_COUNT, (long long)words);
    bson_destroy(&keys);
}

bool stage_writing(struct making *mk, struct stage_result *r, struct err *err)
{
    struct section_work works[SECTION_COUNT] = {0};
    struct writing *w = house_writing(mk->house, err);
    bool ok = w && write_sections(mk, w, works, err);

    if (ok)
        sum_up(mk, works, r);
    for (int type = 0; type < SECTION_COUNT; type++)
        if (works[type].source.data)
            section_work_finish(&works[type]);
    writing_free(w);
    return ok;
}

/* The value that a citation would give now for the evidence called `id`; false if it is gone. */
static bool cited_now(const struct making *mk, const char *id, bson_t *list)
{
    bson_t item;

    if (!evidence_citable(mk->research.data, id, &item))
        return false;
    evidence_citation(&item, "", "0", list);
    return true;
}

/* Does the text cite evidence that says something else by now, or is no longer there? */
static bool cited_fact_moved(const struct making *mk, const struct section *s)
{
    bson_iter_t it;
    bson_t cited;
    bool moved = false;

    if (!mk->has_research || !s->data_citations)
        return false;
    bson_iter_init(&it, s->data_citations);
    while (!moved && bson_iter_next(&it)) {
        bson_t now = BSON_INITIALIZER;

        if (doc_view(s->data_citations, bson_iter_key(&it), &cited) &&
            doc_has(&cited, "evidence_id"))
            moved =
                !cited_now(mk, doc_str(&cited, "evidence_id", ""), &now) ||
                strcmp(doc_str(&now, "0.data_value", ""), doc_str(&cited, "data_value", "")) != 0;
        bson_destroy(&now);
    }
    return moved;
}

/* Is the text's draft still what the answers would give? Stale is only said, never acted on. */
static bool mark_stale(struct making *mk, enum section_type type, bool *moved, struct err *err)
{
    const struct templates *templates = house_templates(mk->house, err);
    struct section *s = &mk->sections[type];
    char key[SHA_HEX_LEN + 1];
    struct draft_input in;
    bool stale;

    if (!templates || !section_draft_input(mk, type, &in, err) ||
        !template_draft_key(templates, &in, key, err))
        return false;
    stale = !key_matches(s->metadata, "draft_key", key) || cited_fact_moved(mk, s);
    *moved = stale != doc_bool(s->metadata, "stale", false);
    if (*moved)
        doc_set_bool(s->metadata, "stale", stale);
    return true;
}

/* Do the answers, of which figures may know nothing, make other findings of the text? */
static bool findings_moved(struct making *mk, const struct section *s, bool *moved, struct err *err)
{
    bson_t now, then;

    if (!section_find(mk, s->section_type, s->data_citations, doc_str(s->metadata, "source", ""),
                      &now, err))
        return false;
    *moved = !doc_view(s->metadata, "findings", &then) || !bson_equal(&now, &then);
    bson_destroy(&now);
    return true;
}

bool stage_figures(struct making *mk, struct err *err)
{
    for (int type = 0; type < SECTION_COUNT; type++) {
        struct section *s = &mk->sections[type];
        bool moved = false;

        if (!mk->present[type])
            continue;
        section_adopt_outside_edit(s);
        if (!mark_stale(mk, type, &moved, err))
            return false;
        moved = moved || !key_matches(s->metadata, "figures_key", mk->figures_key);
        if (!moved && !findings_moved(mk, s, &moved, err))
            return false;
        if (!moved)
            continue;
        if (!section_render(mk, s, err) || !section_repo_put(mk->actor, mk->lease, s, err))
            return err_wrap(err, "%s", section_type_title(type));
    }
    return true;
}
