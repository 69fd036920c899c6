/* section_work.h - one section on its way through the writing stage: how it stands, the
 * template's draft of it, and putting in place what a writer made. */
#ifndef STRATTIO_PIPELINE_SECTION_WORK_H
#define STRATTIO_PIPELINE_SECTION_WORK_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/ids.h"
#include "strattio/section.h"
#include "strattio/strbuf.h"

#include "writer/writer.h"

struct err;
struct making;
struct writing;

enum section_state {
    SECTION_STANDS,   /* draft and figures are what the answers give */
    SECTION_RENDERED, /* only figures moved: its source is rendered again */
    SECTION_DRAFTED,  /* it wants a new draft */
};

struct section_work { /* finish it */
    enum section_type type;
    enum section_state state;
    bool again;            /* asked for though it stands: an entry of its history */
    struct draft_input in; /* borrows from the making */
    struct strbuf source;  /* the template's draft */
    bson_t citations;      /* of that */
    char draft_key[SHA_HEX_LEN + 1];
    char
        writer_key[SHA_HEX_LEN + 1]; /* of a language model and what it is told; "" for templates */
};

/* Reads how the section stands; `writer_key` is "" for templates. Templates never replace what a
 * model wrote as long as it holds; another model, or other prompts, do. */
MUST_USE bool section_work_init(struct making *mk, enum section_type type, const char *writer_key,
                                struct section_work *work, struct err *err);
void section_work_finish(struct section_work *work);

/* What a draft is made from; borrows from the making. */
MUST_USE bool section_draft_input(struct making *mk, enum section_type type, struct draft_input *in,
                                  struct err *err);

/* If another program changed `content`, its text is the source now, with its figures unbound. */
void section_adopt_outside_edit(struct section *s);

/* Keeps the draft an edit is about to change; to be called before the new source is set. */
void authorship_begin(struct section *s);

/* Sets metadata.authorship {typed, drafted, edited}: shares of the words of the text, 1 in all. Leaves
 * it as it is if the draft is not known. */
void authorship_count(struct section *s);

struct written { /* by a writer; borrowed */
    const char *source;
    const bson_t *citations;
    const char *writer; /* "template", "openai" */
    bool ai;
    const bson_t *made; /* fields for generation_metadata, or NULL */
};

/* Puts the section in place, with `what` as its draft (NULL for SECTION_RENDERED): over the old
 * one, or beside a text the user edited. Rendered, checked and stored. */
MUST_USE bool section_work_take(struct making *mk, struct section_work *work,
                                const struct written *what, struct err *err);

/* Keeps the beginning of a text whose writer did not come to its end: as the section if there
 * was none, else beside it, as metadata.partial. It is written again by the next run. */
MUST_USE bool section_work_keep_part(struct making *mk, struct section_work *work, const char *text,
                                     const char *writer, struct err *err);

/* What the rest of the house is told when a section is done. */
void section_work_tell(struct making *mk, const struct section_work *work, bool with_text);

/* Has a language model write those of `works` that want a draft, several at once. What is
 * finished is stored as it comes; the first failure is `err`, the others go on unless it
 * concerns all. With a `wish` the texts that are there are changed
 * as it says; NULL for first drafts. */
MUST_USE bool write_with_model(struct making *mk, const struct writing *w,
                               struct section_work *works, size_t count, const char *wish,
                               struct err *err);

/* Appends exactly what would be sent for the section. */
MUST_USE bool model_brief(struct making *mk, const struct writing *w, struct section_work *work,
                          const char *wish, struct strbuf *system, struct strbuf *user,
                          struct err *err);

/* What stands for the model and what it is told in a section's key. */
MUST_USE bool model_key(struct making *mk, const struct writing *w, char out[SHA_HEX_LEN + 1],
                        struct err *err);

#endif
