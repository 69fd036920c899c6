/* walk.h - a way past every screen of the program, as a table: what to type, what then shows, and
 * the name of what one is looking at. For tests that look at all of them under some condition. */
#ifndef STRATTIO_TESTS_WALK_H
#define STRATTIO_TESTS_WALK_H

#include "screen/harness.h"

struct step {
    const char *name;  /* of the screen that is reached; NULL for one seen before */
    const char *keys;
    const char *shows; /* on some row when it is reached */
    const char *gone;  /* and this on none; may be NULL */
};

/* Begins where the three prepared plans are listed (prepared.h), ends there too. NULL keys end it. */
static const struct step walk[] = {
    {"plans", "", "Northwind", NULL},
    {"help", "?", "What the keys do here", NULL},
    {NULL, "\033", "Northwind", "What the keys do here"},
    {"commands", ":", "part of a name", NULL},
    {NULL, "\033", "Northwind", "part of a name"},
    {"confirm", "D", "Delete", NULL},
    {NULL, "\r", "Northwind", "leave it as it is"},
    {"new_plan", "n", "Name of the plan", NULL},
    {NULL, "\033", "Northwind", "Name of the plan"},
    {"settings", ",", "Colours", NULL},
    {"settings_theme", "\r", "type to filter", NULL},
    {NULL, "\033", "Colours", "type to filter"},
    {"keys", "K", "plans.new", NULL},
    {NULL, "\033", "Colours", "plans.new"},
    {NULL, "\033", "Northwind", "Colours"},
    {NULL, "i", "Intake", NULL},
    {"wizard", "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~", "1 Business ●", NULL},
    {"wizard_text", "\t\t\t", "In two or three sentences", NULL},
    {"wizard_choices", "\tro", "/ ro", NULL},
    {NULL, "\033", "1 Business", "/ ro"},
    {NULL, "\033", "Northwind", "1 Business"},
    {"plan", "jj\r", "Company", NULL},
    {"section", "\r", "1 of 9", NULL},
    {"section_search", "/bread\r", "match 1 of", NULL},
    {NULL, "\033", "1 of 9", "match 1 of"},
    {"trace_answer", "\033[C\r", "Where this figure comes from", NULL},
    {NULL, "\033", "1 of 9", "Where this figure comes from"},
    {"financials", "F", "Profit and loss", NULL},
    {"financials_months", "m\033[C\033[C\033[C", "by month", NULL},
    {"trace", "mjj\r", "Where this figure comes from", NULL},
    {NULL, "\033", "Profit and loss", "Where this figure comes from"},
    {"changing", "e", "What moves Gross profit", NULL},
    {"changing_field", "\r9", "Change an answer", NULL},
    {NULL, "\033", "What moves", "Change an answer"},
    {NULL, "\033", "Profit and loss", "What moves"},
    {"inputs", "i", "stated by you", NULL},
    {NULL, "\t", "Profit and loss", "stated by you"},
    {NULL, "\033", "1 of 9", "Profit and loss"},
    {"checklist", "C", "of 100", NULL},
    {NULL, "\033", "1 of 9", "of 100"},
    {NULL, "X", "none written so far", NULL},
    {"exports", "jj", "none written so far", NULL}, /* off the row that names the folder */
    {NULL, "\033", "1 of 9", "none written so far"},
    {NULL, "q", "Northwind", "1 of 9"},
    {NULL, NULL, NULL, NULL},
};

#endif
