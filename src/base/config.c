/* config.c - the settings. One table drives the file, the environment, the flags, the help and the
 * man page; a new setting is a new row. Sources are read from weakest to strongest and each simply
 * overwrites what is there, together with a note of where it came from.
 *
 * config.ini is read line by line here and not by inih: inih cuts a line at 200 bytes and takes the
 * rest for another setting, and the URI of a replica set is longer than that. The same few lines of
 * code find the line that config_save() replaces. */
#include "strattio/config.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/near.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

/* The three settings of a source of live research. */
#define SOURCE(NAME, FLAG, ENV, TITLE, KEY)                                                        \
    {"source_" NAME,                                                                               \
     "--source-" FLAG,                                                                             \
     "STRATTIO_SOURCE_" ENV,                                                                       \
     "off",                                                                                        \
     "on|off",                                                                                     \
     "Whether live research asks " TITLE "; off, so that nothing is sent unasked.",                \
     SETTING_SWITCH},                                                                              \
        {"source_" NAME "_url",                                                                    \
         "--source-" FLAG "-url",                                                                  \
         "STRATTIO_SOURCE_" ENV "_URL",                                                            \
         NULL,                                                                                     \
         NULL,                                                                                     \
         "Where " TITLE " is asked instead: a mirror or a proxy.",                                 \
         0},                                                                                       \
    {                                                                                              \
        "source_" NAME "_key", NULL, "STRATTIO_SOURCE_" ENV "_KEY", NULL, NULL, KEY,               \
            SETTING_SECRET                                                                         \
    }
#define NO_KEY "Not needed: this source takes no key, and none is sent."

const struct setting config_settings[] = {
    {"store", "--store", "STRATTIO_STORE", "sqlite:", NULL,
     "Where plans are kept: sqlite:, sqlite:FILE, mongodb://... or mongodb+srv://...", 0},
    {"name", "--user-name", "STRATTIO_NAME", NULL, NULL,
     "Your name, for the first start on a store of your own.", 0},
    {"email", "--user-email", "STRATTIO_EMAIL", NULL, NULL,
     "Your e-mail address, for the first start on a store of your own.", 0},
    {"theme", "--theme", "STRATTIO_THEME", "terminal", NULL,
     "The colour theme, by name; auto takes one of the next two, as the terminal is.", 0},
    {"theme_dark", "--theme-dark", "STRATTIO_THEME_DARK", "dark", NULL,
     "What auto takes on a dark terminal.", 0},
    {"theme_light", "--theme-light", "STRATTIO_THEME_LIGHT", "light", NULL,
     "What auto takes on a light terminal.", 0},
    {"color", "--color", "STRATTIO_COLOR", "auto", "auto|16|256|true|never",
     "How many colours to use; auto asks the terminal.", 0},
    {"mouse", "--mouse", "STRATTIO_MOUSE", "on", "on|off",
     "Whether the program reacts to the mouse.", SETTING_SWITCH},
    {"hyperlinks", "--hyperlinks", "STRATTIO_HYPERLINKS", "auto", "auto|always|never",
     "Whether addresses in texts are links the terminal can open; auto sends them to terminals "
     "known to.",
     0},
    {"motion", "--motion", "STRATTIO_MOTION", "auto", "auto|on|off",
     "Whether anything on screen may move by itself; auto says no over SSH.", SETTING_SWITCH},
    {"writer", "--writer", "STRATTIO_WRITER", "template", "template|openai|anthropic|ollama",
     "Who writes the sections: templates, or a language model behind one of three protocols.", 0},
    {"llm_url", "--llm-url", "STRATTIO_LLM_URL", NULL, NULL,
     "The model's server: http://localhost:8080/v1, https://HOST or http://localhost:11434.", 0},
    {"llm_model", "--llm-model", "STRATTIO_LLM_MODEL", NULL, NULL,
     "The model's name, as its server knows it.", 0},
    {"llm_key", NULL, "STRATTIO_LLM_KEY", NULL, NULL, "The key of the model's server.",
     SETTING_SECRET},
    {"llm_parallel", "--llm-parallel", "STRATTIO_LLM_PARALLEL", "4", NULL,
     "How many sections are written at once, 1 to 9.", 0},
    {"llm_max_tokens", "--llm-max-tokens", "STRATTIO_LLM_MAX_TOKENS", "2000", NULL,
     "The longest answer for one section, in tokens.", 0},
    {"llm_price_in", "--llm-price-in", "STRATTIO_LLM_PRICE_IN", NULL, NULL,
     "What a million tokens sent cost, so that costs can be counted.", 0},
    {"llm_price_out", "--llm-price-out", "STRATTIO_LLM_PRICE_OUT", NULL, NULL,
     "What a million tokens received cost.", 0},
    {"llm_cost_limit", "--llm-cost-limit", "STRATTIO_LLM_COST_LIMIT", NULL, NULL,
     "The most one run may cost, in the money of the prices.", 0},
    {"llm_mask", "--llm-mask", "STRATTIO_LLM_MASK", NULL, NULL,
     "Words never sent to a model, separated by commas, beside e-mail addresses and telephones.",
     0},
    {"plain_http", "--plain-http", "STRATTIO_PLAIN_HTTP", "off", "on|off",
     "Whether http:// may go to machines that are not near by, for all on the way to read.",
     SETTING_SWITCH},
    {"ca_file", "--ca-file", "STRATTIO_CA_FILE", NULL, NULL,
     "A file of certificates to trust for requests to other machines, instead of the system's.", 0},
    SOURCE("ons", "ons", "ONS", "the Office for National Statistics (UK)", NO_KEY),
    SOURCE("nomis", "nomis", "NOMIS", "Nomis (UK business counts)",
           "A key of Nomis, for longer answers; may be left out."),
    SOURCE("eurostat", "eurostat", "EUROSTAT", "Eurostat", NO_KEY),
    SOURCE("worldbank", "worldbank", "WORLDBANK", "the World Bank", NO_KEY),
    SOURCE("companies_house", "companies-house", "COMPANIES_HOUSE", "Companies House (UK)",
           "The key of Companies House, without which it is not asked."),
    SOURCE("census", "census", "CENSUS", "the US Census Bureau",
           "The key of the Census Bureau, without which it is not asked."),
    SOURCE("bls", "bls", "BLS", "the US Bureau of Labor Statistics",
           "A key of the Bureau of Labor Statistics, for more requests a day; may be left out."),
    {"research_deadline_s", "--research-deadline-s", "STRATTIO_RESEARCH_DEADLINE_S", "20", NULL,
     "How long live research may take, in seconds, 1 to 600.", 0},
    {"spell", "--spell", "STRATTIO_SPELL", "auto", NULL,
     "The language whose spelling is checked while editing, as en_GB; auto follows the plan's "
     "country, off "
     "checks none.",
     0},
    {"resume", "--resume", "STRATTIO_RESUME", "on", "on|off",
     "Whether the program opens where you left it.", SETTING_SWITCH},
    {"log", "--log", "STRATTIO_LOG", NULL, NULL,
     "The log file; without it, strattio.log in the state folder.", 0},
    {NULL, NULL, NULL, NULL, NULL, NULL, 0},
};

enum { SETTINGS = ARRAY_LEN(config_settings) - 1, FILE_LIMIT = 256 * 1024 };

struct config {
    struct {
        char *text;         /* NULL if unset */
        char *saved;        /* as config.ini has it; NULL if it has not */
        const char *origin; /* a literal */
    } values[SETTINGS];
};

static int find_setting(const char *key, size_t len)
{
    for (int i = 0; i < SETTINGS; i++)
        if (strlen(config_settings[i].key) == len && memcmp(config_settings[i].key, key, len) == 0)
            return i;
    return -1;
}

static const char *nearest_key(const char *key, size_t len)
{
    const char *best = config_settings[0].key;

    for (int i = 1; i < SETTINGS; i++)
        if (near_distance(key, len, config_settings[i].key) < near_distance(key, len, best))
            best = config_settings[i].key;
    return best;
}

static bool is_allowed(const char *allowed, const char *value)
{
    size_t len = strlen(value);

    for (const char *at = allowed; at; at = strchr(at, '|')) {
        at += *at == '|';
        if (len && strncmp(at, value, len) == 0 && (at[len] == '|' || at[len] == '\0'))
            return true;
    }
    return false;
}

/* Fails unless setting `index` may have `value`, which came from `place` ("--color", ...). */
static bool check_value(int index, const char *value, const char *place, struct err *err)
{
    const struct setting *row = &config_settings[index];
    char *choices;

    if (!row->allowed || is_allowed(row->allowed, value))
        return true;
    choices = mem_str(row->allowed);
    for (char *bar = choices; (bar = strchr(bar, '|'));)
        *bar = '/';
    err_set(err, ERR_INVALID, 0, "%s: %s cannot be \"%s\"; use one of %s", place, row->key, value,
            choices);
    free(choices);
    return false;
}

/* Gives setting `index` its value, or fails and leaves it as it was. */
static bool put(struct config *cfg, int index, const char *value, const char *place,
                const char *origin, struct err *err)
{
    if (!check_value(index, value, place, err))
        return false;
    free(cfg->values[index].text);
    cfg->values[index].text = mem_str(value);
    cfg->values[index].origin = origin;
    return true;
}

/* --- config.ini ------------------------------------------------------------------------------- */

enum line_kind { LINE_BLANK, LINE_SECTION, LINE_SETTING, LINE_WRONG };

struct line { /* slices of the text, blanks trimmed */
    enum line_kind kind;
    const char *key, *value; /* for a section its name is the key */
    size_t key_len, value_len;
};

static void trim(const char **at, size_t *len)
{
    while (*len && strchr(" \t\r", **at)) {
        (*at)++;
        (*len)--;
    }
    while (*len && strchr(" \t\r", (*at)[*len - 1]))
        (*len)--;
}

static struct line read_line(const char *at, size_t len)
{
    struct line line = {.kind = LINE_WRONG};
    const char *equals;

    trim(&at, &len);
    line.key = at;
    line.key_len = len;
    equals = memchr(at, '=', len);
    if (!len || *at == '#' || *at == ';') {
        line.kind = LINE_BLANK;
    } else if (*at == '[') {
        if (at[len - 1] == ']') {
            line = (struct line){.kind = LINE_SECTION, .key = at + 1, .key_len = len - 2};
            trim(&line.key, &line.key_len);
        }
    } else if (equals) {
        line.kind = LINE_SETTING;
        line.key_len = (size_t)(equals - at);
        line.value = equals + 1;
        line.value_len = len - line.key_len - 1;
        trim(&line.key, &line.key_len);
        trim(&line.value, &line.value_len);
    }
    return line;
}

static size_t line_len(const char *at)
{
    return strcspn(at, "\n");
}

/* Takes one line of the file; `place` is "FILE:LINE". */
static bool take_line(struct config *cfg, const struct line *line, const char *place,
                      struct err *err)
{
    int index;
    char *value;
    bool ok;

    if (line->kind == LINE_BLANK)
        return true;
    if (line->kind == LINE_WRONG)
        return err_set(err, ERR_INVALID, 0, "%s: \"%.*s\" is not \"key = value\"", place,
                       (int)line->key_len, line->key);
    if (line->kind == LINE_SECTION) {
        if (line->key_len == 8 && memcmp(line->key, "strattio", 8) == 0)
            return true;
        return err_set(err, ERR_INVALID, 0, "%s: there is no section [%.*s]; use [strattio]", place,
                       (int)line->key_len, line->key);
    }
    index = find_setting(line->key, line->key_len);
    if (index < 0)
        return err_set(err, ERR_INVALID, 0,
                       "%s: there is no setting \"%.*s\"; did you mean \"%s\"?", place,
                       (int)line->key_len, line->key, nearest_key(line->key, line->key_len));
    if (cfg->values[index].origin)
        return err_set(err, ERR_INVALID, 0, "%s: \"%s\" is set a second time; keep one of them",
                       place, config_settings[index].key);
    value = mem_strn(line->value, line->value_len);
    ok = put(cfg, index, value, place, "config.ini", err);
    if (ok) {
        free(cfg->values[index].saved);
        cfg->values[index].saved = mem_str(value);
    }
    free(value);
    return ok;
}

static bool take_text(struct config *cfg, const char *path, const char *text, struct err *err)
{
    bool ok = true;

    for (int number = 1; ok && *text; number++) {
        size_t len = line_len(text);
        struct line line = read_line(text, len);
        char *place = mem_printf("%s:%d", path, number);

        ok = take_line(cfg, &line, place, err);
        free(place);
        text += len + (text[len] == '\n');
    }
    return ok;
}

/* The path of config.ini and its text, without the byte order mark some editors begin with; *text
 * is NULL if there is no such file. */
static bool read_file(bool make, char **path, char **text, struct err *err)
{
    char *dir = paths_dir(PATHS_CONFIG, make, err);
    struct err why;
    size_t len = 0;

    *path = NULL;
    *text = NULL;
    if (!dir)
        return false;
    *path = mem_printf("%s/config.ini", dir);
    free(dir);
    *text = paths_read_file(*path, FILE_LIMIT, &len, &why);
    if (*text && strlen(*text) != len) {
        err_set(&why, ERR_INVALID, 0, "%s holds a zero byte, so it is no text file", *path);
        free(*text);
        *text = NULL;
    }
    if (*text && strncmp(*text, "\xef\xbb\xbf", 3) == 0)
        memmove(*text, *text + 3, strlen(*text + 3) + 1);
    if (*text || why.code == ERR_NOT_FOUND)
        return true;
    *err = why;
    free(*path);
    *path = NULL;
    return false;
}

static bool take_file(struct config *cfg, struct err *err)
{
    char *path, *text;
    bool ok = read_file(false, &path, &text, err);

    if (ok && text)
        ok = take_text(cfg, path, text, err);
    free(path);
    free(text);
    return ok;
}

/* --- environment and flags -------------------------------------------------------------------- */

static bool take_environment(struct config *cfg, struct err *err)
{
    for (int i = 0; i < SETTINGS; i++) {
        const char *name = config_settings[i].env;
        const char *value = name ? getenv(name) : NULL;

        if (value && *value && !put(cfg, i, value, name, "environment", err))
            return false;
    }
    return true;
}

/* The setting that `arg` is a flag of, or -1. *value is what follows "=" in it, or "on" or "off"
 * for a bare switch, or NULL if the next argument is the value. */
static int match_flag(const char *arg, const char **value)
{
    size_t len = strcspn(arg, "=");
    bool no = strncmp(arg, "--no-", 5) == 0;

    *value = arg[len] ? arg + len + 1 : NULL;
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *row = &config_settings[i];
        bool is_switch = row->flags & SETTING_SWITCH;

        if (!row->flag)
            continue;
        if (is_switch && no && strcmp(arg + 5, row->flag + 2) == 0) {
            *value = "off";
            return i;
        }
        if (strlen(row->flag) == len && memcmp(row->flag, arg, len) == 0) {
            if (is_switch && !*value)
                *value = "on";
            return i;
        }
    }
    return -1;
}

static bool take_flags(struct config *cfg, int *argc, char **argv, struct err *err)
{
    int kept = 1, at = 1;

    for (; at < *argc && strcmp(argv[at], "--") != 0; at++) {
        const char *value;
        int index = match_flag(argv[at], &value);

        if (index < 0) {
            argv[kept++] = argv[at];
            continue;
        }
        if (!value && at + 1 < *argc)
            value = argv[++at];
        if (!value || !*value)
            return err_set(err, ERR_INVALID, 0, "%s needs a value", config_settings[index].flag);
        if (!put(cfg, index, value, config_settings[index].flag, "flag", err))
            return false;
    }
    while (at < *argc)
        argv[kept++] = argv[at++];
    if (kept < *argc)
        argv[kept] = NULL;
    *argc = kept;
    return true;
}

static void take_defaults(struct config *cfg)
{
    for (int i = 0; i < SETTINGS; i++) {
        if (cfg->values[i].origin)
            continue;
        cfg->values[i].text = mem_str(config_settings[i].fallback);
        cfg->values[i].origin = "default";
    }
}

struct config *config_load(int *argc, char **argv, struct err *err)
{
    struct config *cfg = mem_zero(1, sizeof *cfg);

    if (!take_file(cfg, err) || !take_environment(cfg, err) || !take_flags(cfg, argc, argv, err)) {
        config_free(cfg);
        return NULL;
    }
    take_defaults(cfg);
    return cfg;
}

struct config *config_reload(const struct config *now, struct err *err)
{
    struct config *cfg = mem_zero(1, sizeof *cfg);
    bool ok = take_file(cfg, err);

    for (int i = 0; ok && i < SETTINGS; i++) {
        const char *origin = now->values[i].origin;

        if (strcmp(origin, "flag") == 0 || strcmp(origin, "environment") == 0)
            ok = put(cfg, i, now->values[i].text, origin, origin, err);
    }
    if (!ok) {
        config_free(cfg);
        return NULL;
    }
    take_defaults(cfg);
    return cfg;
}

void config_free(struct config *cfg)
{
    for (int i = 0; cfg && i < SETTINGS; i++) {
        free(cfg->values[i].text);
        free(cfg->values[i].saved);
    }
    free(cfg);
}

const char *config_get(const struct config *cfg, const char *key)
{
    int index = find_setting(key, strlen(key));

    return index < 0 ? NULL : cfg->values[index].text;
}

bool config_on(const struct config *cfg, const char *key)
{
    const char *value = config_get(cfg, key);

    return value && strcmp(value, "on") == 0;
}

const char *config_origin(const struct config *cfg, const char *key)
{
    int index = find_setting(key, strlen(key));

    return index < 0 ? "default" : cfg->values[index].origin;
}

const char *config_saved(const struct config *cfg, const char *key)
{
    int index = find_setting(key, strlen(key));

    return index < 0 ? NULL : cfg->values[index].saved;
}

/* --- saving ----------------------------------------------------------------------------------- */

/* `text` with the line of `key` replaced or, if there is none, a new one at the end. */
static void replace_line(const char *text, const char *key, const char *value, struct strbuf *out)
{
    bool done = false;

    while (*text) {
        size_t len = line_len(text);
        struct line line = read_line(text, len);
        bool here = line.kind == LINE_SETTING && strlen(key) == line.key_len &&
                    memcmp(key, line.key, line.key_len) == 0;

        if (here && !done && value)
            strbuf_printf(out, "%s = %s\n", key, value);
        else if (!here)
            strbuf_printf(out, "%.*s\n", (int)len, text);
        done = done || here;
        text += len + (text[len] == '\n');
    }
    if (!done && value)
        strbuf_printf(out, "%s = %s\n", key, value);
}

bool config_save(const char *key, const char *value, struct err *err)
{
    int index = find_setting(key, strlen(key));
    struct strbuf out;
    char *path, *text;
    bool ok;

    if (index < 0)
        return err_set(err, ERR_INVALID, 0, "there is no setting \"%s\"; did you mean \"%s\"?", key,
                       nearest_key(key, strlen(key)));
    if (value && (!*value || strpbrk(value, "\r\n")))
        return err_set(err, ERR_INVALID, 0, "the value of %s must be one line of text", key);
    if (value && !check_value(index, value, "config.ini", err))
        return false;
    if (!read_file(true, &path, &text, err))
        return false;
    strbuf_init(&out, 2 * FILE_LIMIT);
    replace_line(text ? text : "", key, value, &out);
    ok = strbuf_check(&out, "config.ini", err) &&
         paths_write_file(path, out.data, out.len, 0600, err);
    strbuf_finish(&out);
    free(path);
    free(text);
    return ok;
}
