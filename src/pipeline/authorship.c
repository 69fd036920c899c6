/* authorship.c - who wrote how much of a section. What the author's edits began with, a draft of the
 * templates or of a model, is kept beside the text from the first edit on; the words of the text as it
 * is now are then drafted (in both), edited (in the place of words of the draft) or typed (where the
 * draft had none). So the shares are those of the text, not of the strokes it took. */
#include <stdlib.h>
#include <string.h>

#include "strattio/diff.h"
#include "strattio/doc.h"
#include "strattio/mem.h"

#include "pipeline/section_work.h"
#include "writer/writer.h"

void authorship_begin(struct section *s)
{
    char *source;

    if (s->edited_by_user || doc_has(s->metadata, "drafted"))
        return;
    source = mem_str(doc_str(s->metadata, "source", ""));
    doc_set_str(s->metadata, "drafted", source);
    free(source);
}

static size_t words_of(const char *text, const struct diff_run *run)
{
    char *piece = mem_strn(text + run->at, run->len);
    size_t words = markdown_words(piece);

    free(piece);
    return words;
}

static void set_shares(struct section *s, size_t typed, size_t drafted, size_t edited)
{
    size_t all = typed + drafted + edited;

    if (!all)
        return;
    doc_set_num(s->metadata, "authorship.typed", (double)typed / (double)all);
    doc_set_num(s->metadata, "authorship.drafted", (double)drafted / (double)all);
    doc_set_num(s->metadata, "authorship.edited", (double)edited / (double)all);
}

void authorship_count(struct section *s)
{
    const char *source = doc_str(s->metadata, "source", "");
    const char *drafted = doc_str(s->metadata, "drafted", NULL);
    size_t counts[3] = {0}; /* typed, drafted, edited */
    char *now, *before;
    struct diff d;

    if (!drafted && s->edited_by_user)
        return; /* edited before drafts were kept: nobody knows */
    now = mem_str(source);
    before = mem_str(drafted ? drafted : source);
    diff_words(before, strlen(before), now, strlen(now), &d);
    for (size_t i = 0; i < d.count; i++) {
        bool replaces = i && d.runs[i - 1].kind == DIFF_REMOVED;

        if (d.runs[i].kind == DIFF_SAME)
            counts[1] += words_of(now, &d.runs[i]);
        else if (d.runs[i].kind == DIFF_ADDED)
            counts[replaces ? 2 : 0] += words_of(now, &d.runs[i]);
    }
    diff_finish(&d);
    free(before);
    free(now);
    set_shares(s, counts[0], counts[1], counts[2]);
}
