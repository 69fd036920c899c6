/* sheet_list.c - the lists of npv0(), irr() and mirr(). A spreadsheet's functions take cells that stand side by side,
 * so each list has a row of its own in which its items are gathered. Found by running the programs on the
 * places operands come from. */
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "finance/workbook.h"

static bool is_list(enum vm_op op)
{
    return op == VM_NPV || op == VM_IRR || op == VM_MIRR;
}

/* Where an operand comes from: nowhere (line -1) if it is computed in the formula. */
static struct place place_of(const struct workbook *b, const struct instr *in)
{
    const struct line *l = &b->m->def->lines[in->line];
    bool there = (size_t)(in->row ? in->row : 1) <= line_rows(b->m, l);

    if (there && in->op == VM_AT)
        return (struct place){in->line, in->row ? (size_t)in->row - 1 : 0, in->n};
    if (there && in->op == VM_LOAD && !l->wide)
        return (struct place){in->line, in->row ? (size_t)in->row - 1 : 0, SHEET_ONCE};
    return (struct place){.line = -1};
}

static void add_list(struct workbook *b, int line, const struct instr *in,
                     const struct place *places)
{
    struct sheet_list list = {.line = line, .of = in, .count = (size_t)in->n};

    for (size_t i = 0; i < list.count; i++)
        if (places[i].line < 0)
            return; /* told when the formula is made */
    list.places = mem_copy(places, list.count * sizeof *places);
    b->lists = mem_grow(b->lists, &b->list_cap, b->list_count + 1, sizeof *b->lists);
    b->lists[b->list_count++] = list;
}

void sheet_lists(struct workbook *b, int line)
{
    const struct program *p = &b->m->def->lines[line].program;
    struct place stack[PROGRAM_DEPTH_MOST + 1];
    int depth = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct instr *in = &p->code[i];
        int takes = sheet_takes(in);

        if (is_list(in->op))
            add_list(b, line, in, &stack[depth - takes + (in->op == VM_NPV)]);
        depth -= takes;
        stack[depth++] = takes == 0 && (in->op == VM_AT || in->op == VM_LOAD)
                             ? place_of(b, in)
                             : (struct place){.line = -1};
    }
}

const struct sheet_list *sheet_list_of(const struct workbook *b, const struct instr *in)
{
    for (size_t i = 0; i < b->list_count; i++)
        if (b->lists[i].of == in)
            return &b->lists[i];
    return NULL;
}
