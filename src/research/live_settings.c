/* live_settings.c - which sources are asked, where and with which keys. */
#include <stdlib.h>
#include <string.h>

#include "strattio/config.h"
#include "strattio/err.h"
#include "strattio/mem.h"

#include "research/live.h"
#include "research/source.h"

/* What setting source_NAME or source_NAME_PART says. */
static const char *setting(const struct config *cfg, const char *name, const char *part)
{
    char *key = mem_printf("source_%s%s", name, part);
    const char *value = config_get(cfg, key);

    free(key);
    return value && *value ? value : NULL;
}

/* Without a "/" at its end: paths are put behind it. */
static char *base_of(const char *url)
{
    char *copy = mem_str(url);

    for (size_t len = copy ? strlen(copy) : 0; len && copy[len - 1] == '/'; len--)
        copy[len - 1] = '\0';
    return copy;
}

static bool read_deadline(const struct config *cfg, int *out, struct err *err)
{
    const char *text = config_get(cfg, "research_deadline_s");
    char *end = NULL;
    long seconds = text ? strtol(text, &end, 10) : 0;

    if (!text || *end || seconds < 1 || seconds > 600)
        return err_set(err, ERR_INVALID, 0,
                       "research_deadline_s cannot be \"%.40s\"; use 1 to 600 seconds",
                       text ? text : "");
    *out = (int)seconds * 1000;
    return true;
}

bool live_settings_init(struct live_settings *s, const struct config *cfg, struct err *err)
{
    memset(s, 0, sizeof *s);
    if (!cfg)
        return true;
    if (!read_deadline(cfg, &s->deadline_ms, err))
        return false;
    s->plain_http = config_on(cfg, "plain_http");
    s->ca_file = mem_str(config_get(cfg, "ca_file"));
    for (size_t i = 0; sources[i]; i++) {
        const char *on = setting(cfg, sources[i]->name, "");

        s->sources[i].on = on && strcmp(on, "on") == 0;
        s->sources[i].url = base_of(setting(cfg, sources[i]->name, "_url"));
        s->sources[i].key = mem_str(setting(cfg, sources[i]->name, "_key"));
    }
    return true;
}

void live_settings_finish(struct live_settings *s)
{
    for (size_t i = 0; i < LIVE_SOURCES; i++) {
        free(s->sources[i].url);
        free(s->sources[i].key);
    }
    free(s->ca_file);
    memset(s, 0, sizeof *s);
}

bool live_any(const struct live_settings *s)
{
    for (size_t i = 0; i < LIVE_SOURCES; i++)
        if (s->sources[i].on)
            return true;
    return false;
}
