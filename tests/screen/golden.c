/* golden.c - a screen as text and letters of style, kept in a file and compared with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "harness.h"
#include "harness_cell.h"

static void name_color(struct strbuf *out, const char *what, const VTermColor *c)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(c) || VTERM_COLOR_IS_DEFAULT_BG(c))
        return;
    if (VTERM_COLOR_IS_INDEXED(c))
        strbuf_printf(out, " %s %d", what, c->indexed.idx);
    else
        strbuf_printf(out, " %s #%02x%02x%02x", what, c->rgb.red, c->rgb.green, c->rgb.blue);
}

/* A cell's style in words: "fg 6 bold". */
static void name_style(const VTermScreenCell *cell, struct strbuf *out)
{
    strbuf_clear(out);
    name_color(out, "fg", &cell->fg);
    name_color(out, "bg", &cell->bg);
    if (cell->attrs.bold)
        strbuf_str(out, " bold");
    if (cell->attrs.italic)
        strbuf_str(out, " italic");
    if (cell->attrs.underline)
        strbuf_str(out, " underline");
    if (cell->attrs.reverse)
        strbuf_str(out, " reverse");
}

enum { STYLES_MAX = 52 };

struct legend {
    char *styles[STYLES_MAX];
    int count;
};

static char style_letter(struct legend *l, const char *style)
{
    int i = 0;

    if (!*style)
        return '.';
    while (i < l->count && strcmp(l->styles[i], style) != 0)
        i++;
    if (i == STYLES_MAX)
        return '?';
    if (i == l->count)
        l->styles[l->count++] = mem_str(style);
    return (char)(i < 26 ? 'a' + i : 'A' + i - 26);
}

/* As a golden file holds it. */
static void describe(struct harness *h, struct strbuf *out)
{
    struct legend legend = {.count = 0};
    struct strbuf style;
    int rows, cols, y_now, x_now;
    bool visible;

    harness_size(h, &rows, &cols);
    harness_cursor(h, &y_now, &x_now, &visible);
    strbuf_init(&style, 256);
    strbuf_printf(out, "%dx%d cursor %d,%d %s\n", cols, rows, y_now, x_now,
                  visible ? "shown" : "hidden");
    for (int y = 0; y < rows; y++)
        strbuf_printf(out, "%s\n", harness_row(h, y));
    strbuf_str(out, "--\n");
    for (int y = 0; y < rows; y++) {
        size_t end = out->len;

        for (int x = 0; x < cols; x++) {
            VTermScreenCell cell = harness_cell(h, y, x);
            char letter;

            if (x == 0 || cell.chars[0] != (uint32_t)-1) /* a right half is styled as the left one */
                name_style(&cell, &style);
            letter = style_letter(&legend, style.data);
            strbuf_char(out, letter);
            if (letter != '.')
                end = out->len;
        }
        strbuf_truncate(out, end);
        strbuf_char(out, '\n');
    }
    strbuf_str(out, "--\n");
    for (int i = 0; i < legend.count; i++) {
        strbuf_printf(out, "%c%s\n", i < 26 ? 'a' + i : 'A' + i - 26, legend.styles[i]);
        free(legend.styles[i]);
    }
    strbuf_finish(&style);
}

char *harness_picture(struct harness *h)
{
    struct strbuf out;

    strbuf_init(&out, 1 << 22);
    describe(h, &out);
    return strbuf_take(&out);
}

static char *read_file(const char *path)
{
    struct strbuf text;
    char block[4096];
    size_t n;
    FILE *f = fopen(path, "r");

    strbuf_init(&text, 1 << 22);
    while (f && (n = fread(block, 1, sizeof block, f)) > 0)
        strbuf_add(&text, block, n);
    if (f)
        fclose(f);
    return strbuf_take(&text);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void print_difference(const char *path, const char *now)
{
    char *other = mem_str("/tmp/strattio-golden-XXXXXX");
    int fd = mkstemp(other);
    char *command = mem_printf("diff -u '%s' '%s'", path, other);

    if (fd >= 0)
        close(fd);
    write_file(other, now);
    fflush(NULL);
    if (system(command) < 0)
        print_message("diff did not run\n");
    unlink(other);
    free(command);
    free(other);
}

void assert_golden(struct harness *h, const char *name)
{
    char *path = mem_printf("%s/screen/golden/%s", TESTS_DIR, name);
    const char *update = getenv("GOLDEN_UPDATE");
    struct strbuf now;
    char *want;
    bool same;

    strbuf_init(&now, 1 << 22);
    harness_settle(h);
    describe(h, &now);
    want = read_file(path);
    same = strcmp(want, now.data) == 0;
    if (!same)
        print_difference(path, now.data);
    if (!same && update && strcmp(update, "1") == 0) {
        write_file(path, now.data);
        same = true;
    }
    free(want);
    strbuf_finish(&now);
    free(path);
    if (!same)
        fail_msg("the screen is not as in %s; GOLDEN_UPDATE=1 accepts it", name);
}
