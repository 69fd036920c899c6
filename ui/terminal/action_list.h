/* action_list.h - the table of all contexts and actions: one row each, in the order in which hints and
 * help show them. ACTION_LIST: id, context, name, keys, hint word or NULL, help sentence. */
#ifndef STRATTIO_UI_ACTION_LIST_H
#define STRATTIO_UI_ACTION_LIST_H

/* clang-format off */
#define CONTEXT_LIST(X)                                                                            \
    X(WELCOME,    "welcome",    "Welcome")                                                         \
    X(PLANS,      "plans",      "Plans")                                                           \
    X(WIZARD,     "wizard",     "Intake")                                                          \
    X(GENERATING, "generating", "Generating")                                                      \
    X(READER,     "reader",     "Reading")                                                         \
    X(FINANCIALS, "financials", "Financial tables")                                                \
    X(CHECKLIST,  "checklist",  "Checklist")                                                       \
    X(HELP,       "help",       "Help")                                                            \
    X(CONFIRM,    "confirm",    "Questions before something is lost")                              \
    X(FIELD,      "field",      "Fields of one line")                                              \
    X(TEXT,       "text",       "Fields of many lines")                                            \
    X(PICKER,     "picker",     "Choosing from a list")                                            \
    X(TABLE,      "table",      "Tables")                                                          \
    X(LIST,       "list",       "Lists and pages")                                                 \
    X(APP,        "app",        "Everywhere")

#define ACTION_LIST(X)                                                                             \
    X(PLANS_OPEN,   PLANS, "plans.open",   "Enter l Right", "open",   "Open the plan under the cursor.") \
    X(PLANS_NEW,    PLANS, "plans.new",    "n",         "new",    "Begin a new plan.")              \
    X(PLANS_DELETE, PLANS, "plans.delete", "D Delete",  "delete", "Delete the plan under the cursor, after a question.") \
    X(PLANS_FILTER, PLANS, "plans.filter", "/",         "filter", "Show only plans whose name holds what you type.") \
                                                                                                   \
    X(CONFIRM_YES,  CONFIRM, "confirm.yes", "y",        NULL,     "Do it.")                        \
    X(CONFIRM_NO,   CONFIRM, "confirm.no",  "n Esc Enter q", NULL, "Leave everything as it is.")    \
                                                                                                   \
    X(FIELD_LEFT,      FIELD, "field.left",      "Left C-b",       NULL, "One character to the left.") \
    X(FIELD_RIGHT,     FIELD, "field.right",     "Right C-f",      NULL, "One character to the right.") \
    X(FIELD_WORD_LEFT, FIELD, "field.word-left", "C-Left M-b",     NULL, "One word to the left.")  \
    X(FIELD_WORD_RIGHT, FIELD, "field.word-right", "C-Right M-f",  NULL, "One word to the right.") \
    X(FIELD_START,     FIELD, "field.start",     "Home C-a",       NULL, "To the beginning.")      \
    X(FIELD_END,       FIELD, "field.end",       "End C-e",        NULL, "To the end.")            \
    X(FIELD_ERASE,     FIELD, "field.erase",     "Backspace",      NULL, "Erase the character before the cursor.") \
    X(FIELD_DELETE,    FIELD, "field.delete",    "Delete C-d",     NULL, "Erase the character under the cursor.") \
    X(FIELD_ERASE_WORD, FIELD, "field.erase-word", "C-w M-Backspace", NULL, "Erase the word before the cursor.") \
    X(FIELD_CLEAR,     FIELD, "field.clear",     "C-u",            NULL, "Erase everything before the cursor.") \
    X(FIELD_CUT_END,   FIELD, "field.cut-end",   "C-k",            NULL, "Erase everything after the cursor.") \
                                                                                                   \
    X(TEXT_UP,      TEXT, "text.up",      "Up C-p",   NULL, "One row up.")                         \
    X(TEXT_DOWN,    TEXT, "text.down",    "Down C-n", NULL, "One row down.")                       \
    X(TEXT_NEWLINE, TEXT, "text.newline", "Enter M-Enter", NULL, "Begin a new line.")              \
    X(TEXT_TOP,     TEXT, "text.top",     "C-Home",   NULL, "To the beginning of the text.")       \
    X(TEXT_BOTTOM,  TEXT, "text.bottom",  "C-End",    NULL, "To the end of the text.")             \
                                                                                                   \
    X(PICKER_UP,    PICKER, "picker.up",    "Up C-p S-Tab", NULL, "The choice above.")             \
    X(PICKER_DOWN,  PICKER, "picker.down",  "Down C-n Tab", NULL, "The choice below.")             \
    X(PICKER_PAGE_UP,   PICKER, "picker.page-up",   "PageUp",   NULL, "One page up.")              \
    X(PICKER_PAGE_DOWN, PICKER, "picker.page-down", "PageDown", NULL, "One page down.")            \
    X(PICKER_TAKE,  PICKER, "picker.take",  "Enter",    "choose", "Take the choice under the cursor.") \
                                                                                                   \
    X(TABLE_LEFT,   TABLE, "table.left",  "Left h",  NULL, "One column to the left.")              \
    X(TABLE_RIGHT,  TABLE, "table.right", "Right l", NULL, "One column to the right.")             \
    X(TABLE_FIRST,  TABLE, "table.first", "Home 0",  NULL, "To the first column.")                 \
    X(TABLE_LAST,   TABLE, "table.last",  "End $",   NULL, "To the last column.")                  \
                                                                                                   \
    X(LIST_UP,        LIST, "list.up",        "Up k",         NULL, "One row up.")                 \
    X(LIST_DOWN,      LIST, "list.down",      "Down j",       NULL, "One row down.")               \
    X(LIST_PAGE_UP,   LIST, "list.page-up",   "PageUp C-b",   NULL, "One page up.")                \
    X(LIST_PAGE_DOWN, LIST, "list.page-down", "PageDown C-f Space", NULL, "One page down.")        \
    X(LIST_HALF_UP,   LIST, "list.half-up",   "C-u",          NULL, "Half a page up.")             \
    X(LIST_HALF_DOWN, LIST, "list.half-down", "C-d",          NULL, "Half a page down.")           \
    X(LIST_TOP,       LIST, "list.top",       "g Home",       NULL, "To the beginning.")           \
    X(LIST_BOTTOM,    LIST, "list.bottom",    "G End",        NULL, "To the end.")                 \
                                                                                                   \
    X(BACK,    APP, "app.back",    "Esc",    "back",  "Go back; nothing is lost.")                 \
    X(HELP,    APP, "app.help",    "? F1",   "help",  "Show what the keys do here.")               \
    X(QUIT,    APP, "app.quit",    "q C-q",  "quit",  "Leave Strattio.")                           \
    X(STOP,    APP, "app.stop",    "C-c",    NULL,    "Stop what is going on, or leave.")          \
    X(REDRAW,  APP, "app.redraw",  "C-l",    NULL,    "Draw the screen anew.")                     \
    X(SUSPEND, APP, "app.suspend", "C-z",    NULL,    "Stop the program and return to the shell; fg continues.")
/* clang-format on */

#endif
