/* export_markdown.c - the whole plan as one Markdown file: title, contents, nine sections,
 * checklist. Footnotes of a section get the section's number before their own, so that [^1] of two
 * sections do not meet. */
#include <stdio.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/strbuf.h"

#include "exporter.h"

static void put_title(const struct export_input *in, struct strbuf *out)
{
    const char *business = doc_str(in->plan->intake_data, "business_name", in->plan->name);
    char date[CLOCK_ISO_SIZE];

    clock_iso_date(in->plan->updated_at, date);
    strbuf_printf(out, "# %s\n\nBusiness plan: %s\n\nPrepared by %s, %s, version %lld\n\n",
                  business, plan_purpose_label(in->plan->plan_purpose), in->author, date,
                  (long long)in->plan->current_version);
}

static void put_contents(const struct export_input *in, struct strbuf *out)
{
    int number = 0;

    for (int i = 0; i < SECTION_COUNT; i++)
        if (in->present[i])
            strbuf_printf(out, "%d. %s\n", ++number, in->sections[i].title);
    strbuf_char(out, '\n');
}

/* The content with its headings one level down and its footnote names made the section's own. */
static void put_content(const char *content, int number, struct strbuf *out)
{
    bool line_start = true, fenced = false;

    for (const char *p = content; *p; p++) {
        if (line_start && strncmp(p, "```", 3) == 0)
            fenced = !fenced;
        if (line_start && *p == '#' && !fenced)
            strbuf_char(out, '#');
        strbuf_char(out, *p);
        if (!fenced && p[0] == '[' && p[1] == '^') {
            strbuf_printf(out, "^%d-", number);
            p++;
        }
        line_start = *p == '\n';
    }
    strbuf_str(out, "\n\n");
}

static void put_check(const bson_t *check, struct strbuf *out)
{
    strbuf_printf(out, "| %s | %s | %s |\n", doc_str(check, "rule_id", ""),
                  doc_str(check, "outcome", doc_str(check, "status", "")),
                  doc_str(check, "name", ""));
}

static void put_checklist(const bson_t *report, struct strbuf *out)
{
    bson_iter_t it, item;

    strbuf_printf(out, "## Checklist\n\n%s: %s, score %.0f of 100.\n\n",
                  doc_str(report, "template_id", ""), doc_str(report, "overall_status", ""),
                  doc_num(report, "score", 0));
    if (!doc_find(report, "checks", &it) || !bson_iter_recurse(&it, &item))
        return;
    strbuf_str(out, "| Rule | Result | Subject |\n|---|---|---|\n");
    while (bson_iter_next(&item)) {
        const uint8_t *bytes;
        uint32_t len;
        bson_t check;

        if (!BSON_ITER_HOLDS_DOCUMENT(&item))
            continue;
        bson_iter_document(&item, &len, &bytes);
        if (bson_init_static(&check, bytes, len))
            put_check(&check, out);
    }
    if (doc_has(report, "disclaimer"))
        strbuf_printf(out, "\n%s\n", doc_str(report, "disclaimer", ""));
}

static bool write_markdown(const struct export_input *in, struct strbuf *out, struct err *err)
{
    int number = 0;

    (void)err;
    put_title(in, out);
    put_contents(in, out);
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (!in->present[i])
            continue;
        strbuf_printf(out, "## %d. %s\n\n", ++number, in->sections[i].title);
        put_content(in->sections[i].content, number, out);
    }
    if (in->report)
        put_checklist(in->report, out);
    return true;
}

const struct exporter export_markdown = {
    .format = EXPORT_MARKDOWN,
    .suffix = ".md",
    .write = write_markdown,
};
