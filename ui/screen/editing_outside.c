/* editing_outside.c - the text in the person's own editor, and back as one step that undo takes back. The file it
 * was in stays until its text is in ours. */
#include "screen/editing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/mem.h"
#include "strattio/outside.h"
#include "strattio/paths.h"
#include "strattio/plan_run.h"

#include "app.h"

/* The file's text, ending in the newlines ours ends in: editors add one. */
static char *read_back(const char *path, const char *ours, struct err *err)
{
    size_t len;
    char *text = paths_read_file(path, SECTION_SOURCE_MAX, &len, err), *out;

    if (!text)
        return NULL;
    if (!section_source_check(text, len, err)) {
        free(text);
        return NULL;
    }
    out = mem_printf("%.*s%s", (int)outside_body(text), text, ours + outside_body(ours));
    free(text);
    return out;
}

void editing_outside(struct editing *self)
{
    struct app *app = self->base.app;
    char *ours = mem_str(text_bytes(self->editor.text)), *path = NULL, *text = NULL;
    struct err err = {0};
    bool ok;

    editing_flush(self);
    terminal_leave(app->term);
    ok = outside_edit(ours, &path, &err);
    terminal_return(app->term);
    if (ok)
        text = read_back(path, ours, &err);
    ok = text && editing_rewrite(self, text);
    if (path && !ok && outside_differs(path, ours))
        app_toast(app, ROLE_BAD, "%.120s Your text is kept in %s", err.msg, path);
    else if (!ok)
        app_error(app, &err);
    else if (strcmp(text, ours) == 0)
        app_toast(app, ROLE_OK, "Nothing was changed.");
    else
        app_toast(app, ROLE_OK, "Your text is back, not saved yet.");
    if (path && (ok || !outside_differs(path, ours)))
        unlink(path);
    free(path);
    free(text);
    free(ours);
}
