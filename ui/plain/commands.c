/* commands.c - the two tables. The order of the rows of a place is the order of its menu. */
#include "plain/commands.h"

#include <stddef.h>
#include <string.h>

#include "strattio/attr.h"

#include "plain/places.h"

#define DOES(...)                                                                                  \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define ALONE                                                                                      \
    {                                                                                              \
        ACTION_NONE                                                                                \
    } /* no action of the screens does this */

/* clang-format off */
const struct plain_command plain_commands[] = {
    {PLAIN_STORE, "try-again", NULL, "Try again to open the store.", plain_door_again, DOES(ACTION_FORM_ENTER)},
    {PLAIN_STORE, "here", NULL, "Use the store on this computer, for this time only.", plain_door_here, ALONE},

    {PLAIN_WELCOME, "begin", NULL, "Say who you are and begin.", plain_door_begin, ALONE},
    {PLAIN_WELCOME, "share", "[ADDRESS]", "Use a shared store instead: a MongoDB server of your office, where each person signs in.", plain_door_share, ALONE},

    {PLAIN_SIGN_IN, "sign-in", "[E-MAIL]", "Sign in with e-mail and password; what you type as the password is not shown.", plain_door_sign_in, ALONE},
    {PLAIN_SIGN_IN, "register", "[E-MAIL]", "Register as a new person.", plain_door_register, ALONE},
    {PLAIN_SIGN_IN, "here", NULL, "Use the store on this computer, for this time only.", plain_door_here, ALONE},

    {PLAIN_PLANS, "open", "PLAN", "Open a plan, by its number or the beginning of its name.", plain_plans_open, DOES(ACTION_PLANS_OPEN)},
    {PLAIN_PLANS, "new", "[NAME]", "Begin a new plan.", plain_plans_new, DOES(ACTION_PLANS_NEW)},
    {PLAIN_PLANS, "answers", "PLAN", "Go to the answers of a plan.", plain_plans_answers, DOES(ACTION_PLANS_INTAKE)},
    {PLAIN_PLANS, "filter", "[WORDS]", "Tell only plans that hold every word; status:draft, purpose:loan or client:NAME look there alone. Without words, all.", plain_plans_filter, DOES(ACTION_PLANS_FILTER, ACTION_SEARCH_DONE, ACTION_SEARCH_CANCEL)},
    {PLAIN_PLANS, "order", "ORDER", "Order by newest, attention (what needs you first), updated, name, score or status.", plain_plans_order, DOES(ACTION_PLANS_ORDER)},
    {PLAIN_PLANS, "turn", NULL, "Turn the order round.", plain_plans_turn, DOES(ACTION_PLANS_TURN)},
    {PLAIN_PLANS, "mark", "PLANS", "Mark plans, or unmark them; archive, duplicate, export and delete with nothing after them then mean all that are marked.", plain_plans_mark, DOES(ACTION_PLANS_MARK)},
    {PLAIN_PLANS, "mark-all", NULL, "Mark every plan that is told, or unmark all.", plain_plans_mark_all, DOES(ACTION_PLANS_MARK_ALL)},
    {PLAIN_PLANS, "rename", "PLAN", "Give a plan another name.", plain_plans_rename, DOES(ACTION_PLANS_RENAME, ACTION_LINE_DONE, ACTION_LINE_CANCEL)},
    {PLAIN_PLANS, "duplicate", "PLANS", "Begin a new draft with the same answers.", plain_plans_duplicate, DOES(ACTION_PLANS_DUPLICATE)},
    {PLAIN_PLANS, "archive", "PLANS", "Put plans into the archive, or take them out again.", plain_plans_archive, DOES(ACTION_PLANS_ARCHIVE)},
    {PLAIN_PLANS, "with-archive", NULL, "Tell the archived plans too, or leave them out again.", plain_plans_archived, DOES(ACTION_PLANS_ARCHIVED)},
    {PLAIN_PLANS, "export", "PLANS", "Write plans to Markdown files in the folder you started in.", plain_plans_export, DOES(ACTION_PLANS_EXPORT)},
    {PLAIN_PLANS, "undo", NULL, "Take back the last archiving or renaming.", plain_plans_undo, DOES(ACTION_PLANS_UNDO)},
    {PLAIN_PLANS, "delete", "PLANS", "Delete plans, after a question.", plain_plans_delete, DOES(ACTION_PLANS_DELETE)},
    {PLAIN_PLANS, "more", NULL, "Read more plans from the store.", plain_plans_more, DOES(ACTION_LIST_BOTTOM)},

    {PLAIN_ANSWERS, "ask", NULL, "Go on with the questions.", plain_answers_ask, DOES(ACTION_FORM_ENTER)},
    {PLAIN_ANSWERS, "needed", NULL, "Ask only what is needed and missing or wrong.", plain_answers_needed, ALONE},
    {PLAIN_ANSWERS, "list", NULL, "Tell all questions with their answers.", plain_answers_list, ALONE},
    {PLAIN_ANSWERS, "go", "QUESTION", "Go to a question, by its number or the beginning of its name.", plain_answers_go, ALONE},
    {PLAIN_ANSWERS, "step", "NUMBER", "Go to a step.", plain_answers_step, ALONE},
    {PLAIN_ANSWERS, "next-step", NULL, "Go to the next step.", plain_answers_next, DOES(ACTION_WIZARD_NEXT_STEP)},
    {PLAIN_ANSWERS, "previous-step", NULL, "Go to the step before.", plain_answers_previous, DOES(ACTION_WIZARD_PREV_STEP)},
    {PLAIN_ANSWERS, "clear", "QUESTION", "Take an answer away.", plain_answers_clear, ALONE},
    {PLAIN_ANSWERS, "missing", NULL, "Tell what is missing or wrong.", plain_answers_missing, ALONE},
    {PLAIN_ANSWERS, "preview", NULL, "Tell what the answers come to so far.", plain_answers_preview, ALONE},
    {PLAIN_ANSWERS, "write", NULL, "Write the plan from these answers, or say what is still missing.", plain_answers_write, DOES(ACTION_WIZARD_WRITE)},
    {PLAIN_ANSWERS, "leave", NULL, "Leave the questions; every answer is saved, and you will come back to this one.", plain_everywhere_back, DOES(ACTION_WIZARD_LEAVE)},

    {PLAIN_ROWS, "add", NULL, "Add a row.", plain_rows_add, DOES(ACTION_ROWS_ADD)},
    {PLAIN_ROWS, "change", "ROW", "Change a row.", plain_rows_change, DOES(ACTION_ROWS_EDIT)},
    {PLAIN_ROWS, "copy", "ROW", "Add a row like another one, to be changed.", plain_rows_copy, DOES(ACTION_ROWS_COPY)},
    {PLAIN_ROWS, "up", "ROW", "Move a row up.", plain_rows_up, DOES(ACTION_ROWS_UP)},
    {PLAIN_ROWS, "down", "ROW", "Move a row down.", plain_rows_down, DOES(ACTION_ROWS_DOWN)},
    {PLAIN_ROWS, "remove", "ROW", "Delete a row, after a question.", plain_rows_remove, DOES(ACTION_ROWS_DELETE)},
    {PLAIN_ROWS, "menu", NULL, "To what else can be done with the answers.", plain_rows_menu, ALONE},

    {PLAIN_PLAN, "read", "SECTION", "Read a section, or go to what else is numbered here.", plain_plan_read, DOES(ACTION_CONTENTS_OPEN, ACTION_GENERATING_READ)},
    {PLAIN_PLAN, "write", NULL, "Write the plan, or bring it up to date; what still holds is kept.", plain_plan_write, DOES(ACTION_PLAN_WRITE, ACTION_GENERATING_AGAIN)},
    {PLAIN_PLAN, "answers", NULL, "Go to the answers the plan is made from.", plain_plan_answers, DOES(ACTION_PLAN_INTAKE)},
    {PLAIN_PLAN, "financials", NULL, "Tell the financial tables.", plain_plan_financials, DOES(ACTION_PLAN_FINANCIALS)},
    {PLAIN_PLAN, "checklist", NULL, "Tell what a lender, endorser or investor will check.", plain_plan_checklist, DOES(ACTION_PLAN_CHECKLIST)},
    {PLAIN_PLAN, "search", "TEXT", "Tell the lines of all sections that hold the text.", plain_plan_search, DOES(ACTION_READER_SEARCH_ALL)},
    {PLAIN_PLAN, "outline", NULL, "Tell all headings of the plan.", plain_plan_outline, DOES(ACTION_READER_OUTLINE)},
    {PLAIN_PLAN, "history", NULL, "Tell what was changed in the texts of the plan.", plain_plan_history, DOES(ACTION_PLAN_HISTORY)},
    {PLAIN_PLAN, "export", NULL, "Write the plan to a file, and tell what was written so far.", plain_plan_export, DOES(ACTION_PLAN_EXPORT)},

    {PLAIN_SECTION, "next", NULL, "Read the next section.", plain_section_next, DOES(ACTION_READER_NEXT)},
    {PLAIN_SECTION, "previous", NULL, "Read the section before.", plain_section_previous, DOES(ACTION_READER_PREV)},
    {PLAIN_SECTION, "search", "TEXT", "Tell the lines of this section that hold the text.", plain_section_search, DOES(ACTION_READER_SEARCH, ACTION_READER_NEXT_MATCH, ACTION_READER_PREV_MATCH)},
    {PLAIN_SECTION, "edit", NULL, "Edit the text of this section; its figures stay bound.", plain_section_edit, DOES(ACTION_READER_EDIT, ACTION_CONTENTS_EDIT)},
    {PLAIN_SECTION, "history", NULL, "Tell the texts this section has had; any can be put back.", plain_section_history, DOES(ACTION_PLAN_HISTORY)},
    {PLAIN_SECTION, "write-again", NULL, "Write this section again; what you edited stays, with the new text beside it.", plain_section_rewrite, DOES(ACTION_GENERATING_REWRITE)},
    {PLAIN_SECTION, "offered", NULL, "Tell the new draft that waits beside your text.", plain_section_offered, ALONE},
    {PLAIN_SECTION, "accept", NULL, "Take the new draft that waits beside your text.", plain_section_accept, ALONE},
    {PLAIN_SECTION, "decline", NULL, "Leave the new draft that waits; your text stays.", plain_section_decline, DOES(ACTION_HISTORY_LEAVE)},
    {PLAIN_SECTION, "figures", NULL, "Tell the figures in this section and what stands behind each.", plain_section_figures, DOES(ACTION_READER_NEXT_FIGURE, ACTION_READER_PREV_FIGURE)},
    {PLAIN_SECTION, "marks", NULL, "Tell the spots that are marked as wrong, and what to do there.", plain_section_marks, DOES(ACTION_READER_NEXT_WRONG)},
    {PLAIN_SECTION, "figure", "NUMBER", "Tell where a figure comes from: its formula, inputs and value.", plain_section_figure, DOES(ACTION_READER_FIGURE)},

    {PLAIN_FINANCIALS, "next", NULL, "Tell the next statement.", plain_statements_next, DOES(ACTION_FINANCIALS_NEXT)},
    {PLAIN_FINANCIALS, "previous", NULL, "Tell the statement before.", plain_statements_previous, DOES(ACTION_FINANCIALS_PREV)},
    {PLAIN_FINANCIALS, "by", "month|quarter|year", "Tell the figures by month, quarter or year.", plain_statements_by, DOES(ACTION_FINANCIALS_PERIOD, ACTION_FINANCIALS_QUARTERS)},
    {PLAIN_FINANCIALS, "year", "NUMBER", "Tell the months or quarters of another year of the plan.", plain_statements_year, DOES(ACTION_TABLE_LEFT, ACTION_TABLE_RIGHT, ACTION_TABLE_FIRST, ACTION_TABLE_LAST)},
    {PLAIN_FINANCIALS, "row", "ROW", "Tell all periods of a row, a line each.", plain_statements_row, ALONE},
    {PLAIN_FINANCIALS, "figure", "ROW PERIOD", "Tell where a figure comes from, as in: figure 3 1.", plain_statements_cell, DOES(ACTION_FINANCIALS_TRACE)},

    {PLAIN_FINANCIALS, "change", "ROW PERIOD", "Change an answer that a figure hangs on, as in: change 3 1.", plain_statements_change, DOES(ACTION_FINANCIALS_EDIT)},
    {PLAIN_FINANCIALS, "inputs", NULL, "Tell what the figures are made from, to change any of it.", plain_statements_inputs, DOES(ACTION_FINANCIALS_INPUTS)},

    {PLAIN_FINANCIALS, "scenario", "[NAME]", "Tell the statements under a scenario; without a name, as the plan is.", plain_statements_scenario, DOES(ACTION_FINANCIALS_SCENARIO)},
    {PLAIN_FINANCIALS, "ask", NULL, "Ask the figures: scenarios, what profit hangs on, what a price must be, how far cash spreads.", plain_statements_ask, ALONE},

    {PLAIN_ASKING, "scenario", "NAME", "Explain a scenario: what it changes, from what to what.", plain_asking_scenario, ALONE},
    {PLAIN_ASKING, "compare", NULL, "Tell the scenarios beside each other.", plain_asking_compare, ALONE},
    {PLAIN_ASKING, "set", "NAME CHANGES", "Make or change a scenario of your own, as in: set quiet products.units_per_month=*80%.", plain_asking_set, ALONE},
    {PLAIN_ASKING, "delete", "SCENARIO", "Delete a scenario of your own, after a question.", plain_asking_delete, ALONE},
    {PLAIN_ASKING, "sensitivity", "[FIGURE]", "Tell what a figure hangs on, the strongest first; without one, the profit of year 1.", plain_asking_sensitivity, ALONE},
    {PLAIN_ASKING, "goal", "[GOAL by INPUT]", "Tell what an input must be, as in: goal cash.lowest >= 0 by products.price[1].", plain_asking_goal, ALONE},
    {PLAIN_ASKING, "montecarlo", "[RANGES]", "Tell how far cash and profit spread, and how likely cash runs out.", plain_asking_montecarlo, ALONE},
    {PLAIN_ASKING, "chart", "[LINE]", "Tell a line month by month with its low and high; without one, the cash.", plain_asking_chart, DOES(ACTION_FINANCIALS_CHARTS)},
    {PLAIN_ASKING, "trace", "[FIGURE]", "Tell where a figure comes from.", plain_asking_trace, ALONE},
    {PLAIN_ASKING, "used-by", "[FIGURE]", "Tell what depends on a figure.", plain_asking_used_by, DOES(ACTION_FINANCIALS_USED, ACTION_TRACE_USED)},

    {PLAIN_INPUTS, "change", "INPUT", "Give an input another value; all that follows is brought up to date.", plain_inputs_change, DOES(ACTION_INPUTS_EDIT)},
    {PLAIN_INPUTS, "undo", NULL, "Take back the last answer changed here.", plain_inputs_undo, DOES(ACTION_INPUTS_UNDO, ACTION_FINANCIALS_UNDO)},

    {PLAIN_CHECKLIST, "fix", "POINT", "Go to the answer or section that settles a point.", plain_checklist_fix, DOES(ACTION_CHECKLIST_FIX)},
    {PLAIN_CHECKLIST, "how", "POINT", "Tell the figures a rule compares, and each answer that alone would make it pass.", plain_checklist_how, DOES(ACTION_CHECKLIST_HOW)},
    {PLAIN_CHECKLIST, "all", NULL, "Tell the points that are met, too.", plain_checklist_all, DOES(ACTION_CHECKLIST_OPEN)},

    {PLAIN_FIGURE, "walk", "INPUT", "Go on to an input.", plain_figure_walk, DOES(ACTION_TRACE_WALK)},
    {PLAIN_FIGURE, "back", NULL, "Back to the figure before, or to where you were.", plain_figure_back, DOES(ACTION_TRACE_BACK)},
    {PLAIN_FIGURE, "change", NULL, "Go to the answer it comes from.", plain_figure_fix, DOES(ACTION_TRACE_FIX)},

    {PLAIN_EDITING, "retype", "NUMBER", "Type a paragraph anew.", plain_editing_retype, ALONE},
    {PLAIN_EDITING, "append", NULL, "Add a paragraph at the end.", plain_editing_append, ALONE},
    {PLAIN_EDITING, "insert", "NUMBER", "Put a paragraph in before another.", plain_editing_insert, ALONE},
    {PLAIN_EDITING, "delete", "NUMBER", "Take a paragraph out; undo brings it back.", plain_editing_delete, ALONE},
    {PLAIN_EDITING, "find", "WORDS", "Tell the paragraphs that hold the words.", plain_editing_find, DOES(ACTION_EDITOR_FIND, ACTION_FINDING_NEXT, ACTION_FINDING_PREV, ACTION_FINDING_STOP)},
    {PLAIN_EDITING, "replace", "[WORDS]", "Put other words in the place of some, everywhere.", plain_editing_replace, DOES(ACTION_EDITOR_REPLACE, ACTION_REPLACING_ALL)},
    {PLAIN_EDITING, "figure", "WORDS", "Find figures by name, and how they are typed.", plain_editing_figure, DOES(ACTION_EDITOR_FIGURE)},
    {PLAIN_EDITING, "undo", NULL, "Take the last change back.", plain_editing_undo, DOES(ACTION_EDITOR_UNDO)},
    {PLAIN_EDITING, "redo", NULL, "Make the change again that was taken back.", plain_editing_redo, DOES(ACTION_EDITOR_REDO)},
    {PLAIN_EDITING, "preview", NULL, "Tell the text as it will be read.", plain_editing_preview, DOES(ACTION_EDITOR_PREVIEW)},
    {PLAIN_EDITING, "changes", NULL, "Tell what is different from the saved text.", plain_editing_changes, DOES(ACTION_EDITOR_DIFF)},
    {PLAIN_EDITING, "editor", NULL, "Edit the text in $VISUAL or $EDITOR, and come back with it.", plain_editing_outside, DOES(ACTION_EDITOR_OUTSIDE)},
    {PLAIN_EDITING, "spelling", NULL, "Tell the words that are not spelt right, with suggestions.", plain_editing_spelling, DOES(ACTION_EDITOR_SPELL)},
    {PLAIN_EDITING, "learn", "WORD", "Add a word to the dictionary.", plain_editing_learn, DOES(ACTION_CHOICE_TAKE)},
    {PLAIN_EDITING, "save", NULL, "Save the section; figures, tables and checklist follow.", plain_editing_save, DOES(ACTION_EDITOR_SAVE)},
    {PLAIN_EDITING, "discard", NULL, "Throw away what is not saved, after a question.", plain_editing_discard, DOES(ACTION_EDITOR_DISCARD)},

    {PLAIN_EXPORTS, "write", "FORMAT [FILE]", "Write a file of a format; without a file, in the folder you started in.", plain_exports_write, DOES(ACTION_EXPORTS_OPEN)},
    {PLAIN_EXPORTS, "markdown", "[FILE]", "Write the plan to a Markdown file.", plain_exports_markdown, DOES(ACTION_EXPORTS_MARKDOWN)},

    {PLAIN_HISTORY, "changes", "NUMBER", "Tell what a save changed, word by word.", plain_history_changes, DOES(ACTION_HISTORY_READ)},
    {PLAIN_HISTORY, "text", "NUMBER", "Tell a text as a whole.", plain_history_text, ALONE},
    {PLAIN_HISTORY, "restore", "NUMBER", "Put a text back; the one there now stays in the history.", plain_history_restore, DOES(ACTION_HISTORY_RESTORE)},
    {PLAIN_HISTORY, "more", NULL, "Tell earlier ones.", plain_history_more, ALONE},

    {PLAIN_SETTINGS, "explain", "SETTING", "Tell what a setting does and where its value comes from.", plain_settings_explain, ALONE},
    {PLAIN_SETTINGS, "set", "SETTING VALUE", "Give a setting another value, in config.ini.", plain_settings_set, DOES(ACTION_SETTINGS_CHANGE)},
    {PLAIN_SETTINGS, "reset", "SETTING", "Take a setting out of config.ini.", plain_settings_reset, DOES(ACTION_SETTINGS_RESET)},
    {PLAIN_SETTINGS, "test", NULL, "Try out the store.", plain_settings_test, DOES(ACTION_SETTINGS_TEST)},
    {PLAIN_SETTINGS, "keys", NULL, "Tell the keys of the screens and the words that do the same here.", plain_settings_keys, DOES(ACTION_SETTINGS_KEYS)},
    {PLAIN_SETTINGS, "password", NULL, "Change your password on a shared store.", plain_settings_password, ALONE},
    {PLAIN_SETTINGS, "sign-out", NULL, "Sign out of a shared store and leave.", plain_settings_sign_out, ALONE},

    {PLAIN_QUESTION, "?", NULL, "Why it is asked, an example, and these words.", NULL, ALONE},
    {PLAIN_QUESTION, "skip", NULL, "Leave it as it is and go on; so does an empty line.", NULL, DOES(ACTION_FORM_NEXT)},
    {PLAIN_QUESTION, "back", NULL, "To the question before.", NULL, DOES(ACTION_FORM_PREV)},
    {PLAIN_QUESTION, "clear", NULL, "Take the answer away.", NULL, DOES(ACTION_FORM_CLEAR)},
    {PLAIN_QUESTION, "menu", NULL, "To what else can be done with the answers.", NULL, ALONE},
    {PLAIN_QUESTION, "quit", NULL, "Leave Strattio; every answer is saved.", NULL, ALONE},

    {PLAIN_WRITING, "cancel", NULL, "Stop writing; what is finished is kept. Ctrl-C does the same.", NULL, DOES(ACTION_GENERATING_CANCEL, ACTION_STOP)},

    {PLAIN_EVERYWHERE, "help", NULL, "Tell what can be done here; ? does the same.", plain_everywhere_again, DOES(ACTION_HELP, ACTION_COMMANDS)},
    {PLAIN_EVERYWHERE, "again", NULL, "Tell again what is here.", plain_everywhere_again, DOES(ACTION_REDRAW)},
    {PLAIN_EVERYWHERE, "settings", NULL, "Go to settings, keys and account.", plain_everywhere_settings, DOES(ACTION_SETTINGS)},
    {PLAIN_EVERYWHERE, "back", NULL, "Go back; nothing is lost.", plain_everywhere_back, DOES(ACTION_BACK)},
    {PLAIN_EVERYWHERE, "quit", NULL, "Leave Strattio; everything is saved.", plain_everywhere_quit, DOES(ACTION_QUIT, ACTION_LEAVE)},
    {PLAIN_PLACE_COUNT, NULL, NULL, NULL, NULL, ALONE},
};

/* Why an action of the screens has no command here: no cursor moves, nothing is paged, and the terminal edits
 * the line that is being typed. */
static const struct {
    enum action action;
    const char *why;
} reasons[] = {
    {ACTION_GENERATING_NEXT, "all sections are told as they are written"},
    {ACTION_GENERATING_PREV, "all sections are told as they are written"},
    {ACTION_GENERATING_FOLLOW, "the lines follow each other by themselves"},
    {ACTION_READER_COPY, "the terminal copies what it shows"},
    {ACTION_READER_COPY_ALL, "the terminal copies what it shows"},
    {ACTION_READER_FILE, "the terminal copies what it shows"},
    {ACTION_READER_LEFT, "lines of code are told whole"},
    {ACTION_READER_RIGHT, "lines of code are told whole"},
    {ACTION_LINK_OPEN, "addresses are told whole, for the terminal or you to open"},
    {ACTION_LINK_GO, "notes are told below the text"},
    {ACTION_LINK_COPY, "the terminal copies what it shows"},
    {ACTION_LINK_FILE, "the terminal copies what it shows"},
    {ACTION_HISTORY_AGAINST, "what a save changed is told against the text before it"},
    {ACTION_HISTORY_NEXT, "a change is told as a whole"},
    {ACTION_HISTORY_PREV, "a change is told as a whole"},
    {ACTION_CHIP_OPEN, "what a figure says is told under its paragraph; where the section is read, figure opens it"},
    {ACTION_REPLACING_YES, "all places are changed, and undo takes it back"},
    {ACTION_REPLACING_NO, "all places are changed, and undo takes it back"},
    {ACTION_REPLACING_STOP, "all places are changed, and undo takes it back"},
    {ACTION_LOOKING_DONE, "what is told is over"},
    {ACTION_EDITOR_MARK, "paragraphs have numbers"},
    {ACTION_EDITOR_ALL, "paragraphs have numbers"},
    {ACTION_EDITOR_COPY, "paragraphs are typed, or edited in your own editor"},
    {ACTION_EDITOR_CUT, "paragraphs are taken out by their number"},
    {ACTION_EDITOR_PASTE, "the terminal types what it pastes"},
    {ACTION_EDITOR_NEWLINE, "lines are typed one after the other"},
    {ACTION_EDITOR_TABLE, "a table is told row by row, however its columns stand"},
    {ACTION_EDITOR_RAW, "figures are told as written and as what they say"},
    {ACTION_EDITOR_PAGE_UP, "text is not paged"},
    {ACTION_EDITOR_PAGE_DOWN, "text is not paged"},
    {ACTION_INPUTS_NEXT, "back leads to the statements"},
    {ACTION_INPUTS_PREV, "back leads to the statements"},
    {ACTION_CHARTS_NEXT, "a line is told by its name"},
    {ACTION_CHARTS_PREV, "a line is told by its name"},
    {ACTION_CHARTS_DATA, "a chart is told as the figures it is drawn from"},
    {ACTION_CHARTS_QUALITY, "a chart is told as the figures it is drawn from"},
    {ACTION_MESSAGES, "every message is a line that stays"},
    {ACTION_KEYS_CHANGE, "linear text has words, not keys"},
    {ACTION_KEYS_ADD, "linear text has words, not keys"},
    {ACTION_KEYS_RESET, "linear text has words, not keys"},
    {ACTION_KEYS_FILTER, "linear text has words, not keys"},
    {ACTION_MESSAGES_CLOSE, "every message is a line that stays"},
    {ACTION_HELP_CLOSE, "the help is told and over"},
    {ACTION_CONFIRM_YES, "a question names the word that does it"},
    {ACTION_CONFIRM_NO, "anything but the word a question names leaves all as it is"},
    {ACTION_MARKS_TOGGLE, "several of a list are answered by their numbers, with commas between"},
    {ACTION_MARKS_DONE, "several of a list are answered by their numbers, with commas between"},
    {ACTION_FIELD_LEFT, "the terminal edits the line"},
    {ACTION_FIELD_RIGHT, "the terminal edits the line"},
    {ACTION_FIELD_WORD_LEFT, "the terminal edits the line"},
    {ACTION_FIELD_WORD_RIGHT, "the terminal edits the line"},
    {ACTION_FIELD_START, "the terminal edits the line"},
    {ACTION_FIELD_END, "the terminal edits the line"},
    {ACTION_FIELD_ERASE, "the terminal edits the line"},
    {ACTION_FIELD_DELETE, "the terminal edits the line"},
    {ACTION_FIELD_ERASE_WORD, "the terminal edits the line"},
    {ACTION_FIELD_CLEAR, "the terminal edits the line"},
    {ACTION_FIELD_CUT_END, "the terminal edits the line"},
    {ACTION_TEXT_UP, "lines are typed one after the other"},
    {ACTION_TEXT_DOWN, "lines are typed one after the other"},
    {ACTION_TEXT_NEWLINE, "lines are typed one after the other; a full stop alone ends them"},
    {ACTION_TEXT_TOP, "lines are typed one after the other"},
    {ACTION_TEXT_BOTTOM, "lines are typed one after the other"},
    {ACTION_PICKER_UP, "choices have numbers"},
    {ACTION_PICKER_DOWN, "choices have numbers"},
    {ACTION_PICKER_PAGE_UP, "choices have numbers"},
    {ACTION_PICKER_PAGE_DOWN, "choices have numbers"},
    {ACTION_PICKER_TAKE, "choices have numbers"},
    {ACTION_LIST_UP, "no cursor: what is listed has numbers"},
    {ACTION_LIST_DOWN, "no cursor: what is listed has numbers"},
    {ACTION_LIST_PAGE_UP, "text is not paged"},
    {ACTION_LIST_PAGE_DOWN, "text is not paged"},
    {ACTION_LIST_HALF_UP, "text is not paged"},
    {ACTION_LIST_HALF_DOWN, "text is not paged"},
    {ACTION_LIST_TOP, "text is not paged"},
    {ACTION_EXPORTS_COPY, "the path is told; the terminal copies it"},
    {ACTION_SUSPEND, "the terminal's own Ctrl-Z does it"},
};
/* clang-format on */

const struct plain_command *plain_command_of(enum action a)
{
    for (const struct plain_command *c = plain_commands; c->name; c++) {
        for (size_t i = 0; i < PLAIN_STANDS_FOR; i++) {
            if (c->actions[i] == a)
                return c;
        }
    }
    return NULL;
}

const char *plain_reason(enum action a)
{
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        if (reasons[i].action == a)
            return reasons[i].why;
    }
    return NULL;
}

static bool has_own(enum plain_place place, const char *name)
{
    for (const struct plain_command *c = plain_commands; c->name; c++) {
        if (c->place == place && strcmp(c->name, name) == 0)
            return true;
    }
    return false;
}

const struct plain_command *plain_command_at(enum plain_place place, size_t i)
{
    for (const struct plain_command *c = plain_commands; c->name; c++) {
        bool here = c->place == place || (c->place == PLAIN_EVERYWHERE && !has_own(place, c->name));

        if (here && i-- == 0)
            return c;
    }
    return NULL;
}
