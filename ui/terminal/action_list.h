/* action_list.h - the table of all contexts and actions: one row each, in the order in which hints and
 * help show them. ACTION_LIST: id, context, name, keys, hint word or NULL, help sentence. */
#ifndef STRATTIO_UI_ACTION_LIST_H
#define STRATTIO_UI_ACTION_LIST_H

/* clang-format off */
#define CONTEXT_LIST(X)                                                                            \
    X(WELCOME,    "welcome",    "Welcome")                                                         \
    X(PLANS,      "plans",      "Plans")                                                           \
    X(WIZARD,     "wizard",     "Intake")                                                          \
    X(ROWS,       "rows",       "Rows of an answer")                                               \
    X(MARKS,      "marks",      "Marking several of a list")                                       \
    X(GENERATING, "generating", "Generating")                                                      \
    X(CONTENTS,   "contents",   "Contents of a plan")                                              \
    X(READER,     "reader",     "Reading")                                                         \
    X(CHIP,       "chip",       "On a figure, while editing")                                      \
    X(REPLACING,    "replacing",    "Replacing one by one")                                            \
    X(FINDING,    "finding",    "Typing what to find or put in its place")                         \
    X(CHOICE,     "choice",     "One of a few ways on")                                            \
    X(LOOKING,    "looking",    "Looking at the text, while editing")                              \
    X(EDITOR,     "editor",     "Editing a section")                                               \
    X(PLAN,       "plan",       "One plan")                                                        \
    X(FINANCIALS, "financials", "Financial tables")                                                \
    X(INPUTS,     "inputs",     "Inputs of the figures")                                           \
    X(CHARTS,     "charts",     "Charts")                                                          \
    X(CHECKLIST,  "checklist",  "Checklist")                                                       \
    X(EXPORTS,    "exports",    "Exports of a plan")                                               \
    X(HISTORY,    "history",    "History of a text")                                               \
    X(TRACE,      "trace",      "Where a figure comes from")                                       \
    X(SETTINGS,   "settings",   "Settings")                                                        \
    X(KEYS,       "keys",       "Keys of the actions")                                             \
    X(LINK,       "link",       "A link or footnote")                                              \
    X(MESSAGES,   "messages",   "Messages")                                                        \
    X(HELP,       "help",       "Help")                                                            \
    X(CONFIRM,    "confirm",    "Questions before something is lost")                              \
    X(SEARCH,     "search",     "Typing a filter or a search")                                     \
    X(LINE,       "line",       "Typing one line")                                                 \
    X(FORM,       "form",       "Forms")                                                           \
    X(FIELD,      "field",      "Fields of one line")                                              \
    X(TEXT,       "text",       "Fields of many lines")                                            \
    X(PICKER,     "picker",     "Choosing from a list")                                            \
    X(TABLE,      "table",      "Tables")                                                          \
    X(LIST,       "list",       "Lists and pages")                                                 \
    X(APP,        "app",        "Everywhere")

#define ACTION_LIST(X)                                                                             \
    X(PLANS_OPEN, PLANS, "plans.open", "Enter l Right", "open", "Open the plan under the cursor.") \
    X(PLANS_NEW, PLANS, "plans.new", "n", "new", "Begin a new plan.")                              \
    X(PLANS_INTAKE, PLANS, "plans.intake", "i", "answers", "Go to the answers of the plan under the cursor.") \
    X(PLANS_FILTER, PLANS, "plans.filter", "/", "filter", "Show only plans that hold every word you type; status:draft, purpose:loan or client:NAME look there alone.") \
    X(PLANS_ORDER, PLANS, "plans.order", "o", "order", "Order the plans another way: by what needs you, last change, name, score, status.") \
    X(PLANS_TURN, PLANS, "plans.turn", "O", NULL, "Turn the order round.")                         \
    X(PLANS_MARK, PLANS, "plans.mark", "Space", "mark", "Mark the plan under the cursor; what you do next is done to all that are marked.") \
    X(PLANS_MARK_ALL, PLANS, "plans.mark-all", "*", NULL, "Mark every plan that is shown, or unmark all.") \
    X(PLANS_DUPLICATE, PLANS, "plans.duplicate", "d", "duplicate", "Begin a new draft with the answers of the plan.") \
    X(PLANS_ARCHIVE, PLANS, "plans.archive", "x", "archive", "Put the plan into the archive, or take it out again.") \
    X(PLANS_UNDO, PLANS, "plans.undo", "u", "undo", "Take back the last archiving or renaming.")   \
    X(PLANS_ARCHIVED, PLANS, "plans.archived", "A", "archived", "Show the archived plans too, or hide them again.") \
    X(PLANS_RENAME, PLANS, "plans.rename", "R", "rename", "Give the plan under the cursor another name.") \
    X(PLANS_EXPORT, PLANS, "plans.export", "X", "export", "Write the plan to a Markdown file in the folder you started in.") \
    X(PLANS_DELETE, PLANS, "plans.delete", "D Delete", "delete", "Delete the plan, after a question.") \
                                                                                                   \
    X(WIZARD_NEXT_STEP, WIZARD, "wizard.next-step", "PageDown M-Right", "next step", "Go to the next step.") \
    X(WIZARD_PREV_STEP, WIZARD, "wizard.previous-step", "PageUp M-Left", NULL, "Go to the step before.") \
    X(WIZARD_LEAVE, WIZARD, "wizard.leave", "C-s", "save and leave", "Save what is typed and leave; you will come back to this field.") \
    X(WIZARD_WRITE, WIZARD, "wizard.write", "C-g", "write plan", "Write the plan from these answers, or say what is still missing.") \
                                                                                                   \
    X(ROWS_EDIT, ROWS, "rows.edit", "Enter l Right", "edit", "Change the row under the cursor.")   \
    X(ROWS_ADD, ROWS, "rows.add", "n a Insert", "add", "Add a row.")                               \
    X(ROWS_COPY, ROWS, "rows.copy", "c", "copy", "Add a row like the one under the cursor, to be changed.") \
    X(ROWS_UP, ROWS, "rows.up", "K M-Up", NULL, "Move the row under the cursor up.")               \
    X(ROWS_DOWN, ROWS, "rows.down", "J M-Down", NULL, "Move the row under the cursor down.")       \
    X(ROWS_DELETE, ROWS, "rows.delete", "D Delete", "delete", "Delete the row under the cursor, after a question.") \
                                                                                                   \
    X(MARKS_TOGGLE, MARKS, "marks.toggle", "Space", "mark", "Mark the choice under the cursor, or unmark it.") \
    X(MARKS_DONE, MARKS, "marks.done", "Enter", "done", "Take what is marked.")                    \
                                                                                                   \
    X(GENERATING_READ, GENERATING, "generating.read", "Enter", "read", "Read the plan that is written.") \
    X(GENERATING_AGAIN, GENERATING, "generating.again", "r", "go on", "Go on from where it stopped; what is finished is kept.") \
    X(GENERATING_REWRITE, GENERATING, "generating.rewrite", "R", "write again", "Write the section that is shown again; what you edited stays, with the new text beside it.") \
    X(GENERATING_CANCEL, GENERATING, "generating.cancel", "c", "cancel", "Stop writing, after a question; what is finished is kept.") \
    X(GENERATING_NEXT, GENERATING, "generating.next", "Tab", "other section", "Look at the next section.") \
    X(GENERATING_PREV, GENERATING, "generating.previous", "S-Tab", NULL, "Look at the section before.") \
    X(GENERATING_FOLLOW, GENERATING, "generating.follow", "End f", "follow", "Follow the text as it is written.") \
                                                                                                   \
    X(CONTENTS_OPEN, CONTENTS, "contents.open", "Enter l Right", "open", "Open what is under the cursor.") \
    X(CONTENTS_EDIT, CONTENTS, "contents.edit", "e", "edit", "Edit the section under the cursor.") \
                                                                                                   \
    X(READER_FIGURE, READER, "reader.figure", "Enter o", "open", "Open what is chosen: a figure's formula and inputs, a link, a footnote.") \
    X(READER_NEXT_FIGURE, READER, "reader.next-figure", "Right l", "figure or link", "To the next figure, link or footnote.") \
    X(READER_PREV_FIGURE, READER, "reader.previous-figure", "Left h", NULL, "To the figure, link or footnote before.") \
    X(READER_NEXT_WRONG, READER, "reader.next-wrong", "!", "next mark", "To the next spot marked as wrong, and what to do there.") \
    X(READER_NEXT, READER, "reader.next", "Tab", "next section", "Read the next section.")         \
    X(READER_PREV, READER, "reader.previous", "S-Tab", NULL, "Read the section before.")           \
    X(READER_EDIT, READER, "reader.edit", "e", "edit", "Edit the text of this section; its figures stay bound.") \
    X(READER_SEARCH, READER, "reader.search", "/", "search", "Search in this section.")            \
    X(READER_NEXT_MATCH, READER, "reader.next-match", "n", "next match", "To the next place that was found.") \
    X(READER_PREV_MATCH, READER, "reader.previous-match", "N", NULL, "To the place found before.") \
    X(READER_SEARCH_ALL, READER, "reader.search-all", "*", NULL, "Show in which sections the search is found, and how often.") \
    X(READER_OUTLINE, READER, "reader.outline", "t", "outline", "List all headings of the plan, to go to one.") \
    X(READER_COPY, READER, "reader.copy", "y", "copy", "Copy the block of what is chosen or found, or at the top, as Markdown.") \
    X(READER_COPY_ALL, READER, "reader.copy-all", "Y", NULL, "Copy the whole section as Markdown.")  \
    X(READER_FILE, READER, "reader.file", "W", NULL, "Write what was copied last to a file in the folder you started in.") \
    X(READER_RIGHT, READER, "reader.right", "> M-Right", "code sideways", "Move wide code to see more of its right.") \
    X(READER_LEFT, READER, "reader.left", "< M-Left", NULL, "Move wide code back.")                 \
                                                                                                   \
    X(CHIP_OPEN, CHIP, "chip.open", "Enter", "open figure", "Show where the figure under the cursor comes from.") \
                                                                                                   \
    X(REPLACING_YES, REPLACING, "replacing.yes", "y Enter", "replace", "Replace this one and go to the next.") \
    X(REPLACING_NO, REPLACING, "replacing.no", "n Space", "skip", "Leave this one and go to the next.")     \
    X(REPLACING_ALL, REPLACING, "replacing.all", "a", "all", "Replace this one and all others left.")       \
    X(REPLACING_STOP, REPLACING, "replacing.stop", "Esc q", "stop", "Stop replacing.")                      \
                                                                                                   \
    X(FINDING_NEXT, FINDING, "finding.next", "Enter Down", "next", "To the next match; then to what to put in its place.") \
    X(FINDING_PREV, FINDING, "finding.previous", "Up", "before", "To the match before.")           \
    X(FINDING_STOP, FINDING, "finding.stop", "Esc", "done", "Back to the text.")                   \
                                                                                                   \
    X(CHOICE_TAKE, CHOICE, "choice.take", "Enter l Right", "choose", "Take the way under the cursor.") \
                                                                                                   \
    X(LOOKING_DONE, LOOKING, "looking.done", "Esc q M-p M-d", "back to the text", "Back to editing.") \
                                                                                                   \
    X(EDITOR_SAVE, EDITOR, "editor.save", "C-s", "save", "Save the section; figures, tables and checklist follow.") \
    X(EDITOR_UNDO, EDITOR, "editor.undo", "C-_ M-u", "undo", "Take the last change back.")         \
    X(EDITOR_REDO, EDITOR, "editor.redo", "C-y M-e", NULL, "Make the change again that was taken back.") \
    X(EDITOR_FIND, EDITOR, "editor.find", "C-f F3", "find", "Find words in the text; again for the next.") \
    X(EDITOR_REPLACE, EDITOR, "editor.replace", "C-r", "replace", "Put other words in the place of some, one by one or all.") \
    X(EDITOR_FIGURE, EDITOR, "editor.figure", "C-t F4", "figure", "Put a figure in, or another in the place of the one under the cursor; typing {{ does it, too.") \
    X(EDITOR_PREVIEW, EDITOR, "editor.preview", "M-p F5", "preview", "Show the text as it will be read.") \
    X(EDITOR_SPELL, EDITOR, "editor.spell", "M-s F7", NULL, "Go to the next word that is not spelt right, with suggestions.") \
    X(EDITOR_MARK, EDITOR, "editor.mark", "C-Space M-a", NULL, "Begin or end a selection; Shift with arrows selects, too.") \
    X(EDITOR_ALL, EDITOR, "editor.all", "M-A", NULL, "Select the whole text.")                     \
    X(EDITOR_COPY, EDITOR, "editor.copy", "C-c M-w", NULL, "Copy the selection, or the line.")     \
    X(EDITOR_CUT, EDITOR, "editor.cut", "C-x", NULL, "Cut the selection, or the line.")            \
    X(EDITOR_PASTE, EDITOR, "editor.paste", "C-v", NULL, "Put in what was cut or copied last.")    \
    X(EDITOR_NEWLINE, EDITOR, "editor.newline", "Enter", NULL, "Begin a new line; in a list, the next item.") \
    X(EDITOR_TABLE, EDITOR, "editor.table", "M-t", NULL, "Put the table under the cursor straight.") \
    X(EDITOR_RAW, EDITOR, "editor.raw", "M-r", NULL, "Show figures as they are written, or as what they say.") \
    X(EDITOR_OUTSIDE, EDITOR, "editor.outside", "C-o", NULL, "Edit the text in $VISUAL or $EDITOR, and come back with it.") \
    X(EDITOR_DIFF, EDITOR, "editor.difference", "M-d", NULL, "Show what is different from the saved text.") \
    X(EDITOR_DISCARD, EDITOR, "editor.discard", "M-k", NULL, "Throw away what is not saved, after a question.") \
    X(EDITOR_PAGE_UP, EDITOR, "editor.page-up", "PageUp", NULL, "One page up.")                    \
    X(EDITOR_PAGE_DOWN, EDITOR, "editor.page-down", "PageDown", NULL, "One page down.")            \
                                                                                                   \
    X(PLAN_WRITE, PLAN, "plan.write", "w", "write", "Write the plan, or bring it up to date; what still holds is kept.") \
    X(PLAN_INTAKE, PLAN, "plan.intake", "i", "answers", "Go to the answers the plan is made from.") \
    X(PLAN_FINANCIALS, PLAN, "plan.financials", "F", "financials", "Show the financial tables.")   \
    X(PLAN_CHECKLIST, PLAN, "plan.checklist", "C", "checklist", "Show what a lender, endorser or investor will check.") \
    X(PLAN_EXPORT, PLAN, "plan.export", "X", "exports", "Show the files written from the plan, and write a new one.") \
    X(PLAN_HISTORY, PLAN, "plan.history", "H", "history", "Show what the text was before and what changed, and put an earlier one back.") \
                                                                                                   \
    X(FINANCIALS_TRACE, FINANCIALS, "financials.trace", "Enter", "trace", "Show where the figure comes from: its formula, inputs and value.") \
    X(FINANCIALS_EDIT, FINANCIALS, "financials.edit", "e", "change", "Change an answer the figure hangs on, and see at once what it does.") \
    X(FINANCIALS_UNDO, FINANCIALS, "financials.undo", "u", "undo", "Take back the last answer changed here.") \
    X(FINANCIALS_USED, FINANCIALS, "financials.used", "d", "used by", "Show what depends on the figure, and walk on from there.") \
    X(FINANCIALS_SCENARIO, FINANCIALS, "financials.scenario", "s", "scenario", "Show the figures under the next scenario: base, cautious, ambitious, your own.") \
    X(FINANCIALS_PERIOD, FINANCIALS, "financials.period", "m y", "months/years", "Change between months and years.") \
    X(FINANCIALS_CHARTS, FINANCIALS, "financials.charts", "c", "charts", "Show charts: cash with its low point, revenue and costs, break-even.") \
    X(FINANCIALS_QUARTERS, FINANCIALS, "financials.quarters", "Q", "quarters", "Change between quarters and years.") \
    X(FINANCIALS_NEXT, FINANCIALS, "financials.next", "Tab", "next statement", "Show the next statement.") \
    X(FINANCIALS_PREV, FINANCIALS, "financials.previous", "S-Tab", NULL, "Show the statement before.") \
    X(FINANCIALS_INPUTS, FINANCIALS, "financials.inputs", "i", "inputs", "List what the figures are made from: every input, what it is and where it comes from.") \
                                                                                                   \
    X(INPUTS_EDIT, INPUTS, "inputs.edit", "Enter e", "change", "Change the answer behind the input under the cursor.") \
    X(INPUTS_UNDO, INPUTS, "inputs.undo", "u", "undo", "Take back the last answer changed here.")  \
    X(INPUTS_NEXT, INPUTS, "inputs.next", "Tab", "statements", "Show the first statement.")        \
    X(INPUTS_PREV, INPUTS, "inputs.previous", "S-Tab", NULL, "Show the last statement.")           \
                                                                                                   \
    X(CHARTS_NEXT, CHARTS, "charts.next", "Tab", "next chart", "Show the next chart.") \
    X(CHARTS_PREV, CHARTS, "charts.previous", "S-Tab", NULL, "Show the chart before.") \
    X(CHARTS_DATA, CHARTS, "charts.data", "t Enter", "data/chart", "Show the figures behind the chart as a table, or the chart again.") \
    X(CHARTS_QUALITY, CHARTS, "charts.quality", "b", "braille/block/ASCII", "Draw with other characters: braille, half blocks, letters.") \
                                                                                                   \
    X(EXPORTS_OPEN, EXPORTS, "exports.open", "Enter l Right", "write/copy", "Write a file of the format under the cursor, or copy the path of the file under it.") \
    X(EXPORTS_COPY, EXPORTS, "exports.copy", "y", "copy path", "Copy the path of the file to the terminal's clipboard.") \
    X(EXPORTS_MARKDOWN, EXPORTS, "exports.markdown", "X", "Markdown", "Write the plan to a Markdown file in the folder you started in.") \
                                                                                                   \
    X(CHECKLIST_FIX, CHECKLIST, "checklist.fix", "Enter l Right", "fix", "Go to the answer that settles it.") \
    X(CHECKLIST_HOW, CHECKLIST, "checklist.how", "w", "what would make it pass", "Show the figures the rule compares, and each answer that alone would make it pass.") \
    X(CHECKLIST_OPEN, CHECKLIST, "checklist.open", "a", "open/all", "Show only what is open, or all rules again.") \
                                                                                                   \
    X(LINK_OPEN, LINK, "link.open", "o Enter", "open", "Open the address in your browser.")        \
    X(LINK_GO, LINK, "link.go", "g", "go there", "Go to the footnote in the text; Esc comes back.") \
    X(LINK_COPY, LINK, "link.copy", "y", "copy", "Copy the address, or the note if it has none.")  \
    X(LINK_FILE, LINK, "link.file", "w", "write to file", "Write it to a file in the folder you started in.") \
                                                                                                   \
    X(HISTORY_READ, HISTORY, "history.read", "Enter l Right", "read", "Read what changed.")        \
    X(HISTORY_AGAINST, HISTORY, "history.against", "Tab", "before/now", "Compare with the text before it, or with the text as it is now.") \
    X(HISTORY_RESTORE, HISTORY, "history.restore", "r", "put back", "Put this text back, or take the new draft, after a question.") \
    X(HISTORY_LEAVE, HISTORY, "history.leave", "x", "leave draft", "Keep your text and throw the new draft away, after a question.") \
    X(HISTORY_NEXT, HISTORY, "history.next-change", "n", "next change", "To the next change in the text.") \
    X(HISTORY_PREV, HISTORY, "history.previous-change", "N", NULL, "To the change before.")        \
                                                                                                   \
    X(TRACE_WALK, TRACE, "trace.walk", "Enter l Right", "walk on", "Go on to the input under the cursor.") \
    X(TRACE_BACK, TRACE, "trace.back", "Esc h Left Backspace", "back", "Back to the figure before, or close.") \
    X(TRACE_USED, TRACE, "trace.used", "d Tab", "used by/from", "Show what depends on the figure, or again what it comes from.") \
    X(TRACE_FIX, TRACE, "trace.fix", "i", "change it", "Go to the answer it comes from.")          \
                                                                                                   \
    X(SETTINGS_CHANGE, SETTINGS, "settings.change", "Enter l Right", "change", "Give the setting another value, or try out what is under the cursor.")\
    X(SETTINGS_TEST, SETTINGS, "settings.test", "t", "try out", "Try out the store or the writer.")\
    X(SETTINGS_RESET, SETTINGS, "settings.reset", "D Delete", "default", "Take the setting out of config.ini.")\
    X(SETTINGS_KEYS, SETTINGS, "settings.keys", "K", "keys", "Show the keys of all actions, and change them.") \
                                                                                                   \
    X(KEYS_CHANGE, KEYS, "keys.change", "Enter l Right", "new key", "Give the action another key: the one you press next.") \
    X(KEYS_ADD, KEYS, "keys.add", "a", "one more", "Give the action one more key: the one you press next.") \
    X(KEYS_RESET, KEYS, "keys.reset", "D Delete", "default", "Give the action the keys it comes with.") \
    X(KEYS_FILTER, KEYS, "keys.filter", "/", "filter", "Show only actions that hold what you type, or have that key.") \
                                                                                                   \
    X(MESSAGES_CLOSE, MESSAGES, "messages.close", "q", "close", "Close the messages.")             \
                                                                                                   \
    X(HELP_CLOSE, HELP, "help.close", "q ?", "close", "Close the help.")                           \
                                                                                                   \
    X(CONFIRM_YES,  CONFIRM, "confirm.yes", "y",        NULL,     "Do it.")                        \
    X(CONFIRM_NO,   CONFIRM, "confirm.no",  "n Esc Enter q", NULL, "Leave everything as it is.")    \
                                                                                                   \
    X(SEARCH_DONE, SEARCH, "search.done", "Enter", "keep", "Keep it and go on.")                   \
    X(SEARCH_CANCEL, SEARCH, "search.cancel", "Esc", "clear", "Show everything again.")            \
                                                                                                   \
    X(LINE_DONE, LINE, "line.done", "Enter", "take", "Take what is typed.")                        \
    X(LINE_CANCEL, LINE, "line.cancel", "Esc", "leave as it was", "Leave it as it was.")           \
                                                                                                   \
    X(FORM_NEXT, FORM, "form.next", "Tab Down", "next", "To the next field.")                      \
    X(FORM_PREV, FORM, "form.previous", "S-Tab Up", NULL, "To the field before.")                  \
    X(FORM_ENTER, FORM, "form.enter", "Enter", "go on", "To the next field; opens a list or table; presses a button.") \
    X(FORM_CLEAR, FORM, "form.clear", "Delete Backspace", NULL, "Take the answer away.")           \
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
    X(COMMANDS, APP, "app.commands", ": C-p M-x", "commands", "Find any command or place by name.") \
    X(HELP,    APP, "app.help",    "? F1",   "help",  "Show what the keys do here.")               \
    X(SETTINGS, APP, "app.settings", ", F2", NULL,   "Open the settings: theme, colours, mouse, store, writer.")\
    X(MESSAGES, APP, "app.messages", "M F8", NULL, "Show what was said in this session, in full.") \
    X(QUIT,    APP, "app.quit",    "q",      "quit",  "Go back; from the first screen, leave Strattio.") \
    X(LEAVE,   APP, "app.leave",   "C-q",    NULL,    "Leave Strattio from anywhere; drafts are kept.") \
    X(STOP,    APP, "app.stop",    "C-c",    NULL,    "Stop what is going on, or leave.")          \
    X(REDRAW,  APP, "app.redraw",  "C-l",    NULL,    "Draw the screen anew.")                     \
    X(SUSPEND, APP, "app.suspend", "C-z",    NULL,    "Stop the program and return to the shell; fg continues.")
/* clang-format on */

#endif
