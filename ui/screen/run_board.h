/* run_board.h - a run as it is shown: its stages, its sections side by side, and the text of one as
 * it is written. The text follows its end until somebody scrolls up, and the section shown follows
 * the writing until somebody chooses another. */
#ifndef STRATTIO_UI_RUN_BOARD_H
#define STRATTIO_UI_RUN_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/action.h"
#include "widget/page.h"

struct canvas;
struct event;
struct input_event;
struct run_view;

struct run_board {
    struct page page;
    int watched;      /* section shown; -1 for none yet */
    bool chosen;      /* by the person: it no longer follows the writing */
    bool detached;    /* the text was scrolled away from its end */
    size_t left_rows; /* rows there were then */
    size_t shown_len; /* of the watched text, as the page has it */
    int shown_section;
    const char *again_key; /* "r": goes on after a failure; borrowed */
    const char *end_key;   /* "End": to the end of the text; borrowed */
    size_t kept;           /* sections that are there */
};

void run_board_init(struct run_board *b);
void run_board_finish(struct run_board *b);

void run_board_event(struct run_board *b, const struct event *e); /* of this run */
void run_board_choose(struct run_board *b, int step);
void run_board_follow(struct run_board *b);
bool run_board_act(struct run_board *b, enum action a); /* CONTEXT_LIST, for the text */
bool run_board_mouse(struct run_board *b, const struct input_event *ev);

void run_board_draw(struct run_board *b, const struct run_view *v, const struct canvas *body,
                    int64_t now_ms); /* monotonic */

#endif
