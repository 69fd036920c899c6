/* setting_words.c - names and sentences for settings. The passwords of a store's address stand
 * between "//" and "@": an address that has both is only shown without what is between. */
#include "screen/setting_words.h"

#include <string.h>

#include "strattio/attr.h"
#include "strattio/config.h"
#include "strattio/strbuf.h"

/* A source: whether it is asked, where, and with which key. */
#define SOURCE_NAMES(NAME, TITLE)                                                                  \
    {"source_" NAME, TITLE, true}, {"source_" NAME "_url", TITLE ", address", true},               \
    {                                                                                              \
        "source_" NAME "_key", TITLE ", key", true                                                 \
    }

static const struct {
    const char *key, *label;
    bool at_once; /* a change counts without a new start */
} names[] = {
    {"theme", "Theme", true},
    {"theme_dark", "Theme, dark terminal", true},
    {"theme_light", "Theme, light terminal", true},
    {"color", "Colours", true},
    {"mouse", "Mouse", true},
    {"motion", "Motion", true},
    {"store", "Store", false},
    {"name", "Your name", false},
    {"email", "Your e-mail address", false},
    {"writer", "Writer", true},
    {"llm_url", "Model server", true},
    {"llm_model", "Model", true},
    {"llm_key", "Model key", true},
    {"llm_parallel", "Sections at once", true},
    {"llm_max_tokens", "Longest answer", true},
    {"llm_price_in", "Price, sent", true},
    {"llm_price_out", "Price, received", true},
    {"llm_cost_limit", "Cost limit", true},
    {"llm_mask", "Private words", true},
    {"research_deadline_s", "Time for research", true},
    SOURCE_NAMES("ons", "ONS"),
    SOURCE_NAMES("nomis", "Nomis"),
    SOURCE_NAMES("eurostat", "Eurostat"),
    SOURCE_NAMES("worldbank", "World Bank"),
    SOURCE_NAMES("companies_house", "Companies House"),
    SOURCE_NAMES("census", "US Census"),
    SOURCE_NAMES("bls", "US BLS"),
    {"spell", "Spelling", false},
    {"resume", "Open where you left", false},
    {"log", "Log file", false},
    {"plain_http", "Plain HTTP", false},
    {"ca_file", "Authorities", false},
    {"hyperlinks", "Links", false},
};

static size_t name_of(const struct setting *setting)
{
    size_t i = 0;

    while (i < ARRAY_LEN(names) && strcmp(names[i].key, setting->key) != 0)
        i++;
    return i;
}

const char *setting_label(const struct setting *setting)
{
    size_t i = name_of(setting);

    return i < ARRAY_LEN(names) ? names[i].label : setting->key;
}

static const struct setting *by_key(const char *key)
{
    const struct setting *row = config_settings;

    while (row->key && strcmp(row->key, key) != 0)
        row++;
    return row->key ? row : NULL;
}

const struct setting *setting_at(size_t i)
{
    if (i < ARRAY_LEN(names))
        return by_key(names[i].key); /* a test proves that all are in the table */
    i -= ARRAY_LEN(names);
    for (const struct setting *row = config_settings; row->key; row++)
        if (name_of(row) == ARRAY_LEN(names) && i-- == 0)
            return row;
    return NULL;
}

bool setting_is_store(const struct setting *setting)
{
    return strcmp(setting->key, "store") == 0;
}

bool setting_is_address(const char *value)
{
    static const char *const schemes[] = {"sqlite:", "mongodb://", "mongodb+srv://"};

    for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
        if (strncmp(value, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

/* The part of an address between "//" and the last "@" of what comes before its path, or NULL. */
static const char *credentials(const char *value, size_t *len)
{
    const char *begin = strstr(value, "//");
    size_t hosts = begin ? strcspn(begin + 2, "/?") : 0;

    if (!begin)
        return NULL;
    begin += 2;
    for (*len = hosts; *len > 0; (*len)--)
        if (begin[*len - 1] == '@') {
            (*len)--;
            return begin;
        }
    return NULL;
}

bool setting_may_be_shown(const struct setting *setting, const char *value)
{
    size_t len;

    return !(setting->flags & SETTING_SECRET) && !credentials(value, &len);
}

void setting_value(const struct config *cfg, const struct setting *setting, struct strbuf *out)
{
    const char *value = config_get(cfg, setting->key), *secret;
    size_t len;

    if (!value)
        strbuf_str(out, "-");
    else if (setting->flags & SETTING_SECRET)
        strbuf_str(out, "(set)");
    else if ((secret = credentials(value, &len)) != NULL)
        strbuf_printf(out, "%.*s...%s", (int)(secret - value), value, secret + len);
    else
        strbuf_str(out, value);
}

const char *setting_origin(const struct config *cfg, const struct setting *setting)
{
    const char *origin = config_origin(cfg, setting->key);

    if (strcmp(origin, "flag") == 0)
        return setting->flag;
    return strcmp(origin, "environment") == 0 ? setting->env : origin;
}

static void explain_origin(const struct config *cfg, const struct setting *setting,
                           struct strbuf *out)
{
    const char *origin = config_origin(cfg, setting->key);
    const char *saved = config_saved(cfg, setting->key);

    if (strcmp(origin, "default") == 0) {
        strbuf_str(out, "This is the default.");
    } else if (strcmp(origin, "config.ini") == 0) {
        strbuf_printf(out, "From config.ini; the default is %s.",
                      setting->fallback ? setting->fallback : "nothing");
    } else {
        strbuf_printf(out, "Set by %s, which is stronger than config.ini",
                      setting_origin(cfg, setting));
        if (saved && setting_may_be_shown(setting, saved))
            strbuf_printf(out, "; the file has “%s”", saved);
        strbuf_char(out, '.');
    }
}

void setting_explain(const struct config *cfg, const struct setting *setting, struct strbuf *out)
{
    size_t i = name_of(setting);

    explain_origin(cfg, setting, out);
    if (setting->flags & SETTING_SECRET)
        strbuf_printf(out, " It is not typed here: write it into config.ini or set %s.",
                      setting->env);
    else if (i == ARRAY_LEN(names) || !names[i].at_once)
        strbuf_str(out, " A change counts from the next start.");
}
