/* plain_rows.c - a table among the answers: its rows numbered, each told in one line that names its columns,
 * and asked column by column. A new row exists once its first column is answered, as on screen. */
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/question.h"
#include "plain/room.h"
#include "screen/draft.h"

enum { TEXT_LIMIT = 1024 * 1024 };

struct rows {
    struct room room;
    struct draft *draft;
    const struct question *table;
    bool menu; /* left for the menu of the answers, not for the next question */
};

static size_t row_count(const struct rows *self)
{
    return doc_count(self->draft->plan.intake_data, self->table->field);
}

static char *cell_path(const struct rows *self, size_t row, size_t column)
{
    return mem_printf("%s.%zu.%s", self->table->field, row, self->table->columns[column].field);
}

/* "Name: Sourdough loaf; Price: £4.20" */
static void row_text(const struct rows *self, size_t row, struct strbuf *out)
{
    for (size_t i = 0; i < self->table->column_count; i++) {
        char *path = cell_path(self, row, i);
        const char *kept = draft_typed(self->draft, path);
        struct strbuf shown;

        strbuf_init(&shown, TEXT_LIMIT);
        draft_shown(self->draft, path, &shown);
        if (kept || shown.len)
            strbuf_printf(out, "%s%s: %s%s", out->len ? "; " : "", self->table->columns[i].label,
                          kept ? kept : shown.data, kept ? ", which is not understood" : "");
        strbuf_finish(&shown);
        free(path);
    }
}

static void tell(struct room *r)
{
    struct rows *self = (struct rows *)r;
    struct strbuf text;

    r->things = row_count(self);
    talk_gap(r->p->talk);
    talk_say(r->p->talk, "%s: %zu row%s.", self->table->label, r->things,
             r->things == 1 ? "" : "s");
    if (self->table->why && *self->table->why)
        talk_say(r->p->talk, "Why we ask: %s", self->table->why);
    strbuf_init(&text, TEXT_LIMIT);
    for (size_t i = 0; i < r->things; i++) {
        strbuf_clear(&text);
        row_text(self, i, &text);
        talk_say(r->p->talk, "%zu. %s.", i + 1, text.data);
    }
    strbuf_finish(&text);
    talk_say(r->p->talk,
             "\"add\" adds a row, a number changes one, \"back\" goes on with the questions.");
}

/* Asks the columns of a row, one after the other. */
static void ask_row(struct rows *self, size_t row)
{
    struct plain *p = self->room.p;
    size_t i = 0;

    while (i < self->table->column_count && !plain_over(p)) {
        const struct question *q = &self->table->columns[i];
        char *path = cell_path(self, row, i), *command = NULL;
        enum asked asked =
            question_ask(p, self->draft, q, path,
                         intake_required(self->draft->questions, q, self->draft->plan.plan_purpose,
                                         self->draft->plan.intake_data),
                         NULL, &command);

        free(path);
        free(command);
        if (asked == ASKED_MENU || (asked == ASKED_PREVIOUS && i == 0))
            break;
        if (asked == ASKED_PREVIOUS)
            i--;
        else
            i++;
    }
    if (!plain_over(p))
        tell(&self->room);
}

static void choose(struct room *r, size_t i)
{
    ask_row((struct rows *)r, i);
}

void plain_rows_add(struct room *r, const char *operand)
{
    struct rows *self = (struct rows *)r;

    (void)operand;
    talk_say(r->p->talk, "Row %zu. \"menu\" ends it.", row_count(self) + 1);
    ask_row(self, row_count(self));
}

void plain_rows_change(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Which row? A number:", &i))
        ask_row((struct rows *)r, i);
}

void plain_rows_copy(struct room *r, const char *operand)
{
    struct rows *self = (struct rows *)r;
    struct err err = {0};
    size_t i;

    if (!room_thing(r, operand, "Which row? A number:", &i))
        return;
    if (!draft_copy_row(self->draft, self->table->field, i, &err)) {
        plain_error(r->p, &err);
        return;
    }
    question_save(r->p, self->draft);
    talk_say(r->p->talk, "Row %zu, a copy of row %zu. \"menu\" ends it.", row_count(self), i + 1);
    ask_row(self, row_count(self) - 1);
}

static void move_row(struct rows *self, const char *operand, bool down)
{
    size_t i;

    if (!room_thing(&self->room, operand, "Which row? A number:", &i))
        return;
    if (down ? i + 1 >= row_count(self) : i == 0) {
        talk_say(self->room.p->talk, "The row can go no further.");
        return;
    }
    draft_move_row(self->draft, self->table->field, i, down);
    question_save(self->room.p, self->draft);
    tell(&self->room);
}

void plain_rows_up(struct room *r, const char *operand)
{
    move_row((struct rows *)r, operand, false);
}

void plain_rows_down(struct room *r, const char *operand)
{
    move_row((struct rows *)r, operand, true);
}

void plain_rows_remove(struct room *r, const char *operand)
{
    struct rows *self = (struct rows *)r;
    struct strbuf text;
    char *question;
    size_t i;

    if (!room_thing(r, operand, "Which row? A number:", &i))
        return;
    strbuf_init(&text, TEXT_LIMIT);
    row_text(self, i, &text);
    question = mem_printf("Delete row %zu, %s?", i + 1, text.data);
    if (plain_confirm(r->p, question, "delete")) {
        draft_remove_row(self->draft, self->table->field, i);
        question_save(r->p, self->draft);
    }
    free(question);
    strbuf_finish(&text);
    if (!plain_over(r->p))
        tell(r);
}

void plain_rows_menu(struct room *r, const char *operand)
{
    (void)operand;
    ((struct rows *)r)->menu = r->left = true;
}

bool plain_rows_stay(struct plain *p, struct draft *draft, const struct question *table)
{
    struct rows self = {.room = {.p = p,
                                 .place = PLAIN_ROWS,
                                 .prompt = table->label,
                                 .tell = tell,
                                 .choose = choose},
                        .draft = draft,
                        .table = table};

    room_stay(&self.room);
    return self.menu;
}
