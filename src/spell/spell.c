/* spell.c - a dictionary with the person's own words, and a memory of what was asked: drawing a screen asks for
 * the same few hundred words again and again. */
#include "strattio/spell.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

#include "base/module.h"
#include "spell/spell_ops.h"

enum { WORD_MAX = 80, WORDS_LIMIT = 4 * 1024 * 1024, MEMORY = 4096 };

struct asked {
    char word[WORD_MAX]; /* "": an empty place */
    bool right;
};

struct spell {
    const struct spell_ops *ops;
    void *dictionary;
    char language[16];
    struct asked memory[MEMORY]; /* by hash; the last word asked has the place */
};

/* ---- which dictionary ---------------------------------------------------------------------- */

static const char *const folders[] = {"/usr/share/hunspell", "/usr/local/share/hunspell",
                                      "/usr/share/myspell/dicts"};

static const struct {
    const char *country, *language;
} countries[] = {
    {"GB", "en_GB"}, {"US", "en_US"}, {"IE", "en_GB"}, {"AU", "en_AU"},
    {"CA", "en_CA"}, {"NZ", "en_GB"}, {"ZA", "en_ZA"},
};

static void *open_language(struct spell *s, const char *language)
{
    for (size_t i = 0; !s->dictionary && i < ARRAY_LEN(folders); i++) {
        char *aff = mem_printf("%s/%s.aff", folders[i], language);
        char *dic = mem_printf("%s/%s.dic", folders[i], language);

        if (access(aff, R_OK) == 0 && access(dic, R_OK) == 0)
            s->dictionary = s->ops->open(aff, dic);
        free(aff);
        free(dic);
    }
    if (s->dictionary)
        memcpy(s->language, language, strnlen(language, sizeof s->language - 1));
    return s->dictionary;
}

/* Letters, digits and "_" only: it becomes part of a path. */
static bool is_language(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    return len > 1 && !text[len] && len < 16;
}

static bool open_any(struct spell *s, const char *setting, const char *country)
{
    const char *env = getenv("LC_ALL");
    char language[16] = "";

    if (setting && strcmp(setting, "auto") != 0 && strcmp(setting, "on") != 0)
        return is_language(setting) && open_language(s, setting);
    for (size_t i = 0; country && i < ARRAY_LEN(countries); i++)
        if (strcmp(country, countries[i].country) == 0 && open_language(s, countries[i].language))
            return true;
    env = env && *env ? env : getenv("LANG");
    if (env && strncmp(env, "en_", 3) == 0) {
        memcpy(language, env, strnlen(env, 5));
        if (is_language(language) && open_language(s, language))
            return true;
    }
    return open_language(s, "en_GB") || open_language(s, "en_US");
}

/* ---- the person's own words ---------------------------------------------------------------- */

static char *words_path(bool make, struct err *err)
{
    char *folder = paths_dir(PATHS_DATA, make, err), *path;

    if (!folder)
        return NULL;
    path = mem_printf("%s/words.txt", folder);
    free(folder);
    return path;
}

static void read_words(struct spell *s)
{
    struct err ignored = {0};
    char *path = words_path(false, &ignored), *text, *save = NULL;
    size_t len;

    if (!path)
        return;
    text = paths_read_file(path, WORDS_LIMIT, &len, &ignored);
    for (char *word = text ? strtok_r(text, "\r\n", &save) : NULL; word;
         word = strtok_r(NULL, "\r\n", &save))
        s->ops->add(s->dictionary, word);
    free(text);
    free(path);
}

bool spell_learn(struct spell *s, const char *word, size_t len, struct err *err)
{
    char *line = mem_printf("%.*s\n", (int)len, word), *path = words_path(true, err);
    int fd = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    bool ok = fd >= 0 && write(fd, line, len + 1) == (ssize_t)(len + 1);

    if (path && !ok)
        err_set(err, ERR_IO, errno, "%.120s could not be written: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    line[len] = '\0';
    s->ops->add(s->dictionary, line);
    memset(s->memory, 0, sizeof s->memory);
    free(line);
    free(path);
    return ok;
}

/* ---- asking -------------------------------------------------------------------------------- */

/* Codes, names of things and abbreviations are nobody's spelling mistakes. */
static bool is_no_word(const char *word, size_t len)
{
    bool lower = false;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)word[i];

        if (isdigit(c))
            return true;
        lower = lower || islower(c) || c >= 0x80;
    }
    return !lower || len >= WORD_MAX || len < 2;
}

/* NUL-terminated, with the apostrophe the dictionary has. */
static void plain_word(const char *word, size_t len, char out[WORD_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (len - i >= 3 && memcmp(word + i, "\xe2\x80\x99", 3) == 0) {
            out[n++] = '\'';
            i += 2;
        } else {
            out[n++] = word[i];
        }
    }
    out[n] = '\0';
}

bool spell_right(struct spell *s, const char *word, size_t len)
{
    char plain[WORD_MAX];
    struct asked *place;
    uint32_t hash = 2166136261u;

    if (is_no_word(word, len))
        return true;
    plain_word(word, len, plain);
    for (const char *c = plain; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    place = &s->memory[hash % MEMORY];
    if (strcmp(place->word, plain) != 0) {
        strcpy(place->word, plain);
        place->right = s->ops->right(s->dictionary, plain);
    }
    return place->right;
}

size_t spell_suggest(struct spell *s, const char *word, size_t len, char **out, size_t max)
{
    char plain[WORD_MAX];

    if (len >= WORD_MAX)
        return 0;
    plain_word(word, len, plain);
    return s->ops->suggest(s->dictionary, plain, out, max);
}

/* ---- life ---------------------------------------------------------------------------------- */

struct spell *spell_open(const char *setting, const char *country, struct err *err)
{
    const struct spell_ops *ops =
        module_open(SPELL_MODULE, SPELL_MODULE_SYMBOL, "spell: checking", err);
    struct spell *s;

    if (!ops)
        return NULL;
    s = mem_zero(1, sizeof *s);
    s->ops = ops;
    if (open_any(s, setting, country)) {
        read_words(s);
        return s;
    }
    err_set(err, ERR_NOT_FOUND, 0,
            "There is no dictionary to check spelling with: install the package hunspell-en-gb or "
            "hunspell-en-us.");
    free(s);
    return NULL;
}

void spell_close(struct spell *s)
{
    if (!s)
        return;
    s->ops->close(s->dictionary);
    free(s);
}

const char *spell_language(const struct spell *s)
{
    return s->language;
}
