/* places.h - how each room is entered, and the commands of each: rows of commands.c. A function that enters
 * returns when the person has left. */
#ifndef STRATTIO_UI_PLAIN_PLACES_H
#define STRATTIO_UI_PLAIN_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/section.h"

struct draft;
struct err;
struct loaded;
struct plain;
struct question;
struct room;
struct run_redo;

/* ---- plain.c: what is done everywhere ---- */
void plain_everywhere_again(struct room *r, const char *operand);
void plain_everywhere_back(struct room *r, const char *operand);
void plain_everywhere_settings(struct room *r, const char *operand);
void plain_everywhere_quit(struct room *r, const char *operand);

/* ---- plain_door.c: to the store and into it. False if the person gave up ---- */
bool plain_door_enter(struct plain *p);
void plain_door_again(struct room *r, const char *operand);
void plain_door_here(struct room *r, const char *operand);
void plain_door_begin(struct room *r, const char *operand);
void plain_door_share(struct room *r, const char *operand);
void plain_door_sign_in(struct room *r, const char *operand);
void plain_door_register(struct room *r, const char *operand);

/* ---- plain_plans.c ---- */
void plain_plans_enter(struct plain *p);
void plain_plans_open(struct room *r, const char *operand);
void plain_plans_new(struct room *r, const char *operand);
void plain_plans_answers(struct room *r, const char *operand);
void plain_plans_filter(struct room *r, const char *operand);
void plain_plans_order(struct room *r, const char *operand);
void plain_plans_turn(struct room *r, const char *operand);
void plain_plans_mark(struct room *r, const char *operand);
void plain_plans_mark_all(struct room *r, const char *operand);
void plain_plans_rename(struct room *r, const char *operand);
void plain_plans_undo(struct room *r, const char *operand);
void plain_plans_export(struct room *r, const char *operand);
void plain_plans_archive(struct room *r, const char *operand);
void plain_plans_archived(struct room *r, const char *operand);
void plain_plans_duplicate(struct room *r, const char *operand);
void plain_plans_delete(struct room *r, const char *operand);
void plain_plans_more(struct room *r, const char *operand);

/* ---- plain_answers.c: the questions of a plan. `place` is the path of one, or NULL. True if the plan was
 * written from there ---- */
bool plain_answers_enter(struct plain *p, const char *plan_id, const char *place);
void plain_answers_ask(struct room *r, const char *operand);
void plain_answers_needed(struct room *r, const char *operand);
void plain_answers_list(struct room *r, const char *operand);
void plain_answers_step(struct room *r, const char *operand);
void plain_answers_next(struct room *r, const char *operand);
void plain_answers_previous(struct room *r, const char *operand);
void plain_answers_go(struct room *r, const char *operand);
void plain_answers_clear(struct room *r, const char *operand);
void plain_answers_missing(struct room *r, const char *operand);
void plain_answers_preview(struct room *r, const char *operand);
void plain_answers_write(struct room *r, const char *operand);

/* ---- plain_rows.c: a table among the answers. True if the person wants to the menu of the answers ---- */
bool plain_rows_stay(struct plain *p, struct draft *draft, const struct question *table);
void plain_rows_menu(struct room *r, const char *operand);
void plain_rows_add(struct room *r, const char *operand);
void plain_rows_change(struct room *r, const char *operand);
void plain_rows_copy(struct room *r, const char *operand);
void plain_rows_up(struct room *r, const char *operand);
void plain_rows_down(struct room *r, const char *operand);
void plain_rows_remove(struct room *r, const char *operand);

/* ---- plain_writing.c: has the plan written and tells how it goes. True if it is written. `redo` as
 * run_start_redo() ---- */
bool plain_writing_run(struct plain *p, const char *plan_id, const struct run_redo *redo);

/* ---- plain_plan.c: the contents of a plan. `section` is where to begin reading, or SECTION_COUNT ---- */
void plain_plan_enter(struct plain *p, const char *plan_id, enum section_type section);
void plain_plan_read(struct room *r, const char *operand);
void plain_plan_write(struct room *r, const char *operand);
void plain_plan_answers(struct room *r, const char *operand);
void plain_plan_financials(struct room *r, const char *operand);
void plain_plan_checklist(struct room *r, const char *operand);
void plain_plan_search(struct room *r, const char *operand);
void plain_plan_outline(struct room *r, const char *operand);
void plain_plan_history(struct room *r, const char *operand);
void plain_plan_export(struct room *r, const char *operand);

/* ---- plain_section.c: a section to read ---- */
void plain_section_enter(struct plain *p, const char *plan_id, enum section_type section);
void plain_section_next(struct room *r, const char *operand);
void plain_section_previous(struct room *r, const char *operand);
void plain_section_search(struct room *r, const char *operand);
void plain_section_marks(struct room *r, const char *operand);
void plain_section_edit(struct room *r, const char *operand);
void plain_section_history(struct room *r, const char *operand);
void plain_section_rewrite(struct room *r, const char *operand);
void plain_section_offered(struct room *r, const char *operand);
void plain_section_accept(struct room *r, const char *operand);
void plain_section_decline(struct room *r, const char *operand);
void plain_section_figures(struct room *r, const char *operand);
void plain_section_figure(struct room *r, const char *operand);

/* ---- plain_editing.c ---- */
void plain_editing_enter(struct plain *p, const char *plan_id, enum section_type type);
void plain_editing_retype(struct room *r, const char *operand);
void plain_editing_append(struct room *r, const char *operand);
void plain_editing_insert(struct room *r, const char *operand);
void plain_editing_delete(struct room *r, const char *operand);
void plain_editing_find(struct room *r, const char *operand);
void plain_editing_replace(struct room *r, const char *operand);
void plain_editing_outside(struct room *r, const char *operand);
void plain_editing_spelling(struct room *r, const char *operand);
void plain_editing_learn(struct room *r, const char *operand);
void plain_editing_figure(struct room *r, const char *operand);
void plain_editing_undo(struct room *r, const char *operand);
void plain_editing_redo(struct room *r, const char *operand);
void plain_editing_preview(struct room *r, const char *operand);
void plain_editing_changes(struct room *r, const char *operand);
void plain_editing_save(struct room *r, const char *operand);
void plain_editing_discard(struct room *r, const char *operand);

/* ---- plain_exports.c ---- */
void plain_exports_enter(struct plain *p, const char *plan_id, const char *name);
void plain_exports_write(struct room *r, const char *operand);
void plain_exports_markdown(struct room *r, const char *operand);

/* ---- plain_history.c: of a section, or of all with SECTION_COUNT ---- */
void plain_history_enter(struct plain *p, const char *plan_id, enum section_type type);
void plain_history_changes(struct room *r, const char *operand);
void plain_history_text(struct room *r, const char *operand);
void plain_history_restore(struct room *r, const char *operand);
void plain_history_more(struct room *r, const char *operand);

/* ---- plain_statements.c ---- */
void plain_statements_enter(struct plain *p, const char *plan_id);
void plain_statements_next(struct room *r, const char *operand);
void plain_statements_previous(struct room *r, const char *operand);
void plain_statements_by(struct room *r, const char *operand);
void plain_statements_year(struct room *r, const char *operand);
void plain_statements_row(struct room *r, const char *operand);
void plain_statements_cell(struct room *r, const char *operand);
void plain_statements_change(struct room *r, const char *operand);
void plain_statements_inputs(struct room *r, const char *operand);
void plain_statements_scenario(struct room *r, const char *operand);
void plain_statements_ask(struct room *r, const char *operand);

/* ---- plain_inputs.c: what the figures are made from; with `figure` only what that one hangs on ---- */
void plain_inputs_enter(struct plain *p, const char *plan_id, const char *figure);
void plain_inputs_change(struct room *r, const char *operand);
void plain_inputs_undo(struct room *r, const char *operand);

/* ---- plain_asking.c: what can be asked of the figures ---- */
void plain_asking_enter(struct plain *p, const char *plan_id);
void plain_asking_scenario(struct room *r, const char *operand);
void plain_asking_compare(struct room *r, const char *operand);
void plain_asking_set(struct room *r, const char *operand);
void plain_asking_delete(struct room *r, const char *operand);
void plain_asking_sensitivity(struct room *r, const char *operand);
void plain_asking_goal(struct room *r, const char *operand);
void plain_asking_montecarlo(struct room *r, const char *operand);
void plain_asking_chart(struct room *r, const char *operand);
void plain_asking_trace(struct room *r, const char *operand);
void plain_asking_used_by(struct room *r, const char *operand);

/* ---- plain_checklist.c ---- */
void plain_checklist_enter(struct plain *p, const char *plan_id);
void plain_checklist_fix(struct room *r, const char *operand);
void plain_checklist_how(struct room *r, const char *operand);
void plain_checklist_all(struct room *r, const char *operand);

/* ---- plain_figure.c: where a figure comes from. `shown` as trace_open() ---- */
void plain_figure_enter(struct plain *p, struct loaded *l, const char *name, const char *shown);
void plain_figure_walk(struct room *r, const char *operand);
void plain_figure_back(struct room *r, const char *operand);
void plain_figure_fix(struct room *r, const char *operand);
/* "Revenue, year 1: £171,360" of the figure called `name`, or its bare name. */
char *plain_figure_line(struct plain *p, struct loaded *l, const char *name);

/* ---- plain_settings.c ---- */
void plain_settings_enter(struct plain *p);
void plain_settings_set(struct room *r, const char *operand);
void plain_settings_explain(struct room *r, const char *operand);
void plain_settings_reset(struct room *r, const char *operand);
void plain_settings_test(struct room *r, const char *operand);
void plain_settings_keys(struct room *r, const char *operand);
void plain_settings_password(struct room *r, const char *operand);
void plain_settings_sign_out(struct room *r, const char *operand);

#endif
