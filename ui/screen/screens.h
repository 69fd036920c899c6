/* screens.h - every screen there is, and what each takes as the `arg` of app_push(). */
#ifndef STRATTIO_UI_SCREENS_H
#define STRATTIO_UI_SCREENS_H

#include "screen/screen.h"

/* A plan and a place in it. Strings are borrowed for the call. */
struct plan_place {
    const char *plan_id;
    const char *name;  /* of the plan, for the breadcrumb until it is read; may be NULL */
    const char *place; /* an answer's path for the wizard, a section's type for the reader; NULL */
};

struct start_place {
    const char *store; /* URI; NULL for the setting */
    const struct screen_ops *screen; /* to stand on the plans once somebody is signed in; NULL for none */
    struct plan_place at;            /* what it takes */
    bool resume; /* without a screen: stand where one left the last time, and keep that for the next */
};

/* The first screen: opens the store, then gives way to the welcome, the sign-in or the plans. */
extern const struct screen_ops screen_start;      /* const struct start_place *, or NULL */
extern const struct screen_ops screen_welcome;    /* NULL */
extern const struct screen_ops screen_sign_in;    /* NULL */
extern const struct screen_ops screen_plans;      /* NULL */
extern const struct screen_ops screen_new_plan;   /* NULL */
extern const struct screen_ops screen_wizard;     /* const struct plan_place * */
extern const struct screen_ops screen_generating; /* const struct plan_place * */
extern const struct screen_ops screen_reader;     /* const struct plan_place * */
extern const struct screen_ops screen_editing;    /* const struct plan_place * with a place */
extern const struct screen_ops screen_financials; /* const struct plan_place * */
extern const struct screen_ops screen_inputs;     /* const struct plan_place * */
extern const struct screen_ops screen_exports;    /* const struct plan_place * */
extern const struct screen_ops screen_checklist;  /* const struct plan_place * */
extern const struct screen_ops screen_settings;   /* NULL */
extern const struct screen_ops screen_setting_value; /* const struct setting * (config.h) */
extern const struct screen_ops screen_keys;       /* NULL */
extern const struct screen_ops screen_history;    /* const struct plan_place *; place NULL: all sections */
extern const struct screen_ops screen_help;       /* const struct contexts *: of where */
extern const struct screen_ops screen_messages;   /* NULL */
extern const struct screen_ops screen_commands;   /* const struct contexts *: of where */
extern const struct screen_ops screen_confirm;    /* const struct confirm * (app.h) */

#endif
