/* chart.c - lines as dots. A cell holds a grid of dots: two by four of braille, one above the other in half
 * blocks, or one character. Each line is drawn into a grid of its own and put on the canvas after
 * the ones before it; a cell that two lines share shows the dots of both, in the colour of the
 * later. The letter at its end tells a line apart where there is no colour. */
#include "widget/chart.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/markdown.h" /* text_width */
#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { LEAST_ROWS = 4, LEAST_COLS = 16, LABEL_LIMIT = 128, TICK_ROWS = 4, LABEL_GAP = 3 };

static const struct {
    int x, y; /* dots of a cell */
} grids[] = {[CHART_BRAILLE] = {2, 4}, [CHART_BLOCK] = {1, 2}, [CHART_ASCII] = {1, 1}};

struct plot {
    const struct chart *chart;
    struct canvas area; /* of the lines alone */
    enum chart_quality quality;
    double low, high;
    int wide, tall;      /* in dots */
    unsigned char *dots; /* a bit for each of a cell, of the lines so far */
    bool *own;           /* the line being drawn goes through the cell */
};

enum chart_quality chart_best(const struct canvas *c)
{
    return canvas_utf8(c) ? CHART_BRAILLE : CHART_ASCII;
}

/* ---- the scale ----------------------------------------------------------------------------- */

/* 1, 2 or 5 times a power of ten, at least `span`. */
static double round_step(double span)
{
    double power = pow(10, floor(log10(span)));

    for (int i = 1; i <= 5; i = i == 2 ? 5 : i * 2)
        if (i * power >= span * 0.999999)
            return i * power;
    return 10 * power;
}

/* Zero is always in sight: amounts are compared with it. Returns the step between two amounts. */
static double scale(struct plot *p)
{
    int ticks = p->area.rows / TICK_ROWS > 0 ? p->area.rows / TICK_ROWS : 1;
    double step;

    p->low = p->high = 0;
    for (size_t k = 0; k < p->chart->line_count; k++)
        for (size_t i = 0; i < p->chart->points; i++) {
            double v = p->chart->lines[k].values[i];

            p->low = v < p->low ? v : p->low;
            p->high = v > p->high ? v : p->high;
        }
    if (p->high - p->low < 1)
        p->high = p->low + 1;
    step = round_step((p->high - p->low) / ticks);
    p->low = floor(p->low / step) * step;
    p->high = ceil(p->high / step) * step;
    return step;
}

static int dot_y(const struct plot *p, double v)
{
    return (int)lround((p->high - v) / (p->high - p->low) * (p->tall - 1));
}

static int cell_y(const struct plot *p, double v)
{
    return dot_y(p, v) / grids[p->quality].y;
}

static int cell_x(const struct plot *p, size_t point)
{
    size_t last = p->chart->points > 1 ? p->chart->points - 1 : 1;

    return (int)(point * (size_t)(p->wide - 1) / last) / grids[p->quality].x;
}

/* ---- lines --------------------------------------------------------------------------------- */

static double value_at(const struct plot *p, const struct chart_line *line, int x)
{
    double at = p->wide > 1 ? (double)x * (double)(p->chart->points - 1) / (p->wide - 1) : 0;
    size_t i = (size_t)at;
    double part = at - (double)i;

    if (i + 1 >= p->chart->points)
        return line->values[p->chart->points - 1];
    return line->values[i] * (1 - part) + line->values[i + 1] * part;
}

static void set_dot(struct plot *p, int x, int y)
{
    int gx = grids[p->quality].x, gy = grids[p->quality].y;
    int bit = (y % gy) * gx + x % gx;

    p->dots[(y / gy) * p->area.cols + x / gx] |= (unsigned char)(1u << bit);
    p->own[(y / gy) * p->area.cols + x / gx] = true;
}

static void put_dots(const struct plot *p, int y, int x, unsigned dots, unsigned role, char letter)
{
    static const unsigned char braille[] = {0, 3, 1, 4, 2, 5, 6, 7}; /* our bit: theirs */
    static const char *const blocks[] = {"", "▀", "▄", "█"};
    char text[4] = {(char)(letter - 'A' + 'a')};
    unsigned code = 0x2800;

    if (p->quality == CHART_BLOCK) {
        canvas_put(&p->area, y, x, role, blocks[dots & 3]);
        return;
    }
    if (p->quality == CHART_BRAILLE) {
        for (unsigned i = 0; i < 8; i++)
            code |= dots & (1u << i) ? 1u << braille[i] : 0;
        text[0] = (char)(0xe0 | code >> 12);
        text[1] = (char)(0x80 | (code >> 6 & 0x3f));
        text[2] = (char)(0x80 | (code & 0x3f));
        text[3] = '\0';
    }
    canvas_putn(&p->area, y, x, role, text, strlen(text));
}

static void draw_line(struct plot *p, size_t k)
{
    const struct chart_line *line = &p->chart->lines[k];
    int cells = p->area.rows * p->area.cols, before = -1;

    memset(p->own, 0, (size_t)cells * sizeof *p->own);
    for (int x = 0; x < p->wide; x++) {
        double v = value_at(p, line, x);
        int y = isnan(v) ? -1 : dot_y(p, v);
        int from = before < 0 || y < 0 ? y : before;

        for (int at = from < y ? from : y; y >= 0 && at <= (from > y ? from : y); at++)
            if (at != from || at == y)
                set_dot(p, x, at);
        before = y;
    }
    for (int i = 0; i < cells; i++)
        if (p->own[i])
            put_dots(p, i / p->area.cols, i % p->area.cols, p->dots[i], line->role,
                     (char)('A' + k));
}

/* Above all lines; two that end in one cell stand beside each other. */
static void draw_letters(const struct plot *p)
{
    for (size_t k = 0; k < p->chart->line_count; k++) {
        const struct chart_line *line = &p->chart->lines[k];
        double last = line->values[p->chart->points - 1];
        int x = p->area.cols - 1;

        for (size_t i = 0; i < k && !isnan(last); i++)
            x -= cell_y(p, p->chart->lines[i].values[p->chart->points - 1]) == cell_y(p, last);
        if (!isnan(last))
            canvas_printf(&p->area, cell_y(p, last), x, line->role | STYLE_BOLD, "%c",
                          (char)('A' + k));
    }
}

static void draw_mark(const struct plot *p)
{
    double v = p->chart->lines[0].values[p->chart->marked];
    int y = cell_y(p, v), x = cell_x(p, (size_t)p->chart->marked);
    int cols = text_width(p->chart->note, strlen(p->chart->note));
    int beside = x + 2 + cols < p->area.cols ? x + 2 : x - 1 - cols;

    canvas_put(&p->area, y, x, ROLE_WARN | STYLE_BOLD, canvas_symbol(&p->area, SYMBOL_DOT));
    canvas_put(&p->area, y + (y + 1 < p->area.rows), beside < 0 ? 0 : beside,
               ROLE_WARN | STYLE_BOLD, p->chart->note);
}

/* ---- axes ---------------------------------------------------------------------------------- */

static void draw_amounts(const struct plot *p, const struct canvas *left, double step)
{
    struct strbuf text;

    strbuf_init(&text, LABEL_LIMIT);
    for (int i = 0; p->low + i * step <= p->high + step / 2; i++) {
        double v = p->low + i * step;

        strbuf_clear(&text);
        p->chart->amount(p->chart->arg, fabs(v) < step / 2 ? 0 : v, &text);
        canvas_fit(left, cell_y(p, v), 0, left->cols - 1, ROLE_DIM, ALIGN_RIGHT, text.data);
    }
    strbuf_finish(&text);
    canvas_hline(&p->area, cell_y(p, 0), 0, p->area.cols, ROLE_BORDER);
}

static void draw_points(const struct plot *p, const struct canvas *below, int left)
{
    struct strbuf text;
    int free_from = 0;

    strbuf_init(&text, LABEL_LIMIT);
    for (size_t i = 0; i < p->chart->points; i++) {
        int x = left + cell_x(p, i), cols;

        strbuf_clear(&text);
        p->chart->point(p->chart->arg, i, &text);
        cols = text_width(text.data, text.len);
        if (x < free_from || x + cols > below->cols)
            continue;
        canvas_put(below, 0, x, ROLE_DIM, text.data);
        free_from = x + cols + LABEL_GAP;
    }
    strbuf_finish(&text);
}

static void draw_names(const struct chart *chart, const struct canvas *line)
{
    int x = 0;

    for (size_t k = 0; k < chart->line_count; k++)
        x = 3 + canvas_printf(line, 0, x, chart->lines[k].role | STYLE_BOLD, "%c %s",
                              (char)('A' + k), chart->lines[k].name);
}

static int amount_cols(const struct plot *p, double step)
{
    struct strbuf text;
    int widest = 0;

    strbuf_init(&text, LABEL_LIMIT);
    for (int i = 0; p->low + i * step <= p->high + step / 2; i++) {
        int cols;

        strbuf_clear(&text);
        p->chart->amount(p->chart->arg, p->low + i * step, &text);
        cols = text_width(text.data, text.len);
        widest = cols > widest ? cols : widest;
    }
    strbuf_finish(&text);
    return widest + 1;
}

void chart_draw(const struct chart *chart, const struct canvas *c)
{
    struct plot p = {.chart = chart, .area = canvas_part(c, 1, 0, c->rows - 2, c->cols)};
    struct canvas names = canvas_part(c, 0, 0, 1, c->cols);
    struct canvas left, below = canvas_part(c, c->rows - 1, 0, 1, c->cols);
    double step;
    int cols;

    if (c->rows < LEAST_ROWS || c->cols < LEAST_COLS || chart->points < 2) {
        canvas_put(c, 0, 0, ROLE_DIM, "There is no room for a chart.");
        return;
    }
    p.quality = canvas_utf8(c) ? chart->quality : CHART_ASCII;
    step = scale(&p);
    cols = amount_cols(&p, step);
    cols = cols < c->cols / 2 ? cols : c->cols / 2;
    left = canvas_part(&p.area, 0, 0, p.area.rows, cols);
    p.area = canvas_part(&p.area, 0, cols, p.area.rows, c->cols - cols);
    p.wide = p.area.cols * grids[p.quality].x;
    p.tall = p.area.rows * grids[p.quality].y;
    p.dots = mem_zero((size_t)(p.area.rows * p.area.cols), 1);
    p.own = mem_zero((size_t)(p.area.rows * p.area.cols), sizeof *p.own);
    draw_names(chart, &names);
    draw_amounts(&p, &left, step);
    draw_points(&p, &below, cols);
    for (size_t k = 0; k < chart->line_count; k++)
        draw_line(&p, k);
    draw_letters(&p);
    if (chart->marked >= 0)
        draw_mark(&p);
    free(p.dots);
    free(p.own);
}
