/* llm_draft.c - works line by line, since all that is taken off stands on lines of its own. */
#include "writer/llm_draft.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/section.h"
#include "strattio/strbuf.h"
#include "writer/citations.h"
#include "writer/mask.h"
#include "writer/tidy.h"
#include "writer/writer.h"

enum { TOP_LEVEL = 3, DEEPEST = 6 };

static const char *skip_blanks(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

/* The text inside a fence that begins on its first line and ends on its last; else all of it. */
static char *without_fence(const char *text)
{
    const char *from = skip_blanks(text), *first_end = strchr(from, '\n');
    size_t len = strlen(from);

    while (len && isspace((unsigned char)from[len - 1]))
        len--;
    if (strncmp(from, "```", 3) == 0 && first_end && len > 6 &&
        memcmp(from + len - 3, "```", 3) == 0 && from + len - 3 > first_end)
        return mem_strn(first_end + 1, (size_t)(from + len - 3 - first_end - 1));
    return mem_strn(from, len);
}

static size_t heading_level(const char *line)
{
    size_t level = strspn(line, "#");

    return level && level <= DEEPEST && line[level] == ' ' ? level : 0;
}

/* "# Market analysis", "**Market Analysis**", "4. Market analysis:" */
static bool is_title(const char *line, size_t len, const char *title)
{
    size_t title_len = strlen(title);

    while (len && (strchr("#*_ \t.:", *line) || isdigit((unsigned char)*line))) {
        line++;
        len--;
    }
    while (len && strchr("#*_ \t\r.:", line[len - 1]))
        len--;
    return len == title_len && strncasecmp(line, title, len) == 0;
}

static bool is_footnote(const char *line, size_t len)
{
    const char *end = memchr(line, ']', len);

    return len > 4 && line[0] == '[' && line[1] == '^' && end && end + 1 < line + len &&
           end[1] == ':';
}

/* How far all headings must move so that the highest is at TOP_LEVEL. */
static size_t heading_shift(const char *text)
{
    size_t highest = TOP_LEVEL;

    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t level = heading_level(line);

        if (level && level < highest)
            highest = level;
    }
    return TOP_LEVEL - highest;
}

/* Items of a list, however they are marked and indented, become "- item". */
static size_t item_mark(const char *line)
{
    size_t blanks = strspn(line, " ");

    return strchr("*+-", line[blanks]) && line[blanks] && line[blanks + 1] == ' ' ? blanks + 2 : 0;
}

static void add_line(const char *line, size_t len, size_t shift, struct strbuf *out)
{
    size_t level = heading_level(line), mark = item_mark(line);

    if (mark && mark <= len) {
        strbuf_str(out, "- ");
        line += mark;
        len -= mark;
    }
    if (level)
        strbuf_fill(out, '#', level + shift > DEEPEST ? DEEPEST - level : shift);
    strbuf_add(out, line, len);
    strbuf_char(out, '\n');
}

/* Without the title if it is the first line, and without footnotes. */
static void add_lines(const char *text, const char *title, struct strbuf *out)
{
    const char *line = text;
    size_t shift;

    if (is_title(line, strcspn(line, "\n"), title)) {
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    shift = heading_shift(line);
    for (; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t len = strcspn(line, "\n");

        if (!is_footnote(line, len))
            add_line(line, len, shift, out);
    }
}

bool llm_draft(const struct draft_input *in, const struct mask *mask, const char *text,
               struct strbuf *source, bson_t *citations, struct err *err)
{
    char *bare = without_fence(text);
    struct strbuf own, lines;

    bson_init(citations);
    strbuf_init(&own, STRBUF_DOC_LIMIT);
    strbuf_init(&lines, STRBUF_DOC_LIMIT);
    mask_undo(mask, bare, &own);
    add_lines(own.data, section_type_title(in->type), &lines);
    tidy_markdown(lines.data, source);
    citations_add(in, source, citations);
    free(bare);
    strbuf_finish(&own);
    strbuf_finish(&lines);
    return strbuf_check(source, section_type_title(in->type), err);
}
