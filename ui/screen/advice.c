/* advice.c - the lines are the ones the questions come with; nothing is made up here. Where room is
 * short the example is cut first. */
#include "screen/advice.h"

#include "screen/sheet.h"
#include "terminal/canvas.h"

static int line(const struct canvas *c, int y, int rows, const char *word, const char *text)
{
    int x = canvas_put(c, y, 0, ROLE_ACCENT, word), lines;

    if (rows == 1) {
        canvas_fit(c, y, x, c->cols - x, ROLE_DIM, ALIGN_LEFT, text);
        return 1;
    }
    lines = canvas_wrap(c, y, x, rows, c->cols - x, ROLE_DIM, text, true);
    return lines < rows ? lines : rows;
}

/* Examples of tables and groups are written for files, not for people. */
bool advice_has_example(const struct question *q)
{
    return q->example && *q->example && q->type != QUESTION_TABLE && q->type != QUESTION_GROUP &&
           q->type != QUESTION_CHOICE && q->type != QUESTION_CHOICES;
}

void advice_draw(const struct sheet_row *row, const struct canvas *c)
{
    const struct question *q;
    bool tight = c->rows < 10;
    int y = 0, x;

    if (row && row->kind == SHEET_PROBLEM)
        canvas_wrap(c, 0, 0, 3, c->cols, ROLE_TEXT, "Enter leads to the answer.", true);
    if (row && row->kind == SHEET_BUTTON)
        canvas_wrap(c, 0, 0, 6, c->cols, ROLE_TEXT,
                    "Sixty months are computed, nine sections written and checked. You can change "
                    "any answer later: the figures follow at once, in the text too.",
                    true);
    if (!row || row->kind != SHEET_QUESTION)
        return;
    q = row->question;
    x = canvas_put(c, y, 0, ROLE_TITLE, q->label);
    canvas_put(c, y++, x + 2, row->required ? ROLE_WARN : ROLE_DIM,
               row->required ? "needed" : "may be left out");
    if (q->help && *q->help)
        y += canvas_wrap(c, y, 0, 2, c->cols, ROLE_TEXT, q->help, true);
    if (advice_has_example(q))
        y += line(c, y, tight ? 1 : 3, "For example  ", q->example);
    if (q->why && *q->why)
        line(c, y, c->rows - y, "Why we ask   ", q->why);
}
