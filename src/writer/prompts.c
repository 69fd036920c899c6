/* prompts.c - reads assets/prompts/sections.prompts. */
#include "writer/prompts.h"

#include <stdlib.h>
#include <string.h>

#include "asset/asset.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "writer/prompts_parts.h"

static const char file[] = "sections.prompts";

static bool read_words(struct prompts *p, const struct asset_node *n, struct section_prompt *s,
                       struct err *err)
{
    const char *words[2];
    char *end;

    if (asset_words(p->asset, n, words, 2, err) != 2)
        return err->code != ERR_NONE
                   ? false
                   : asset_fail(p->asset, n, err,
                                "words wants two numbers: the least and the most");
    s->least = (int)strtol(words[0], &end, 10);
    if (!*end)
        s->most = (int)strtol(words[1], &end, 10);
    if (*end || s->least < 1 || s->most <= s->least)
        return asset_fail(p->asset, n, err, "words wants two numbers, the second the larger");
    return true;
}

static bool read_purpose(struct prompts *p, const struct asset_node *n, struct section_prompt *s,
                         struct err *err)
{
    const char *words[2];

    if (asset_words(p->asset, n, words, 2, err) == 2)
        for (int purpose = 0; purpose < PURPOSE_COUNT; purpose++)
            if (strcmp(plan_purpose_name((enum plan_purpose)purpose), words[0]) == 0) {
                s->for_purpose[purpose] = words[1];
                return true;
            }
    return asset_fail(p->asset, n, err, "for wants a purpose of a plan and a text");
}

static bool read_section(struct prompts *p, const struct asset_node *block, struct err *err)
{
    enum section_type type = section_type_by_name(block->rest);
    struct section_prompt *s;

    if (type == SECTION_COUNT)
        return asset_fail(p->asset, block, err, "there is no section \"%s\"", block->rest);
    s = &p->sections[type];
    for (const struct asset_node *n = block->child; n; n = n->next) {
        bool ok;

        if (strcmp(n->word, "words") == 0)
            ok = read_words(p, n, s, err);
        else if (strcmp(n->word, "for") == 0)
            ok = read_purpose(p, n, s, err);
        else if (strcmp(n->word, "task") == 0)
            ok = (s->task = asset_text(p->asset, block, "task", "")) != NULL;
        else
            ok = asset_fail(p->asset, n, err, "a section has words, task and for, not \"%s\"",
                            n->word);
        if (!ok)
            return false;
    }
    return s->task && s->least ? true
                               : asset_fail(p->asset, block, err, "words or task is missing");
}

static bool read_all(struct prompts *p, struct err *err)
{
    for (const struct asset_node *n = asset_root(p->asset); n; n = n->next) {
        if (strcmp(n->word, "rules") == 0)
            p->rules = n->rest;
        else if (strcmp(n->word, "repair") == 0)
            p->repair = n->rest;
        else if (strcmp(n->word, "rewrite") == 0)
            p->rewrite = n->rest;
        else if (strcmp(n->word, "section") != 0)
            return asset_fail(p->asset, n, err, "there is no \"%s\" in a file of prompts", n->word);
        else if (!read_section(p, n, err))
            return false;
    }
    for (int i = 0; i < SECTION_COUNT; i++)
        if (!p->sections[i].task)
            return err_set(err, ERR_INVALID, 0, "%s: the section \"%s\" is missing", file,
                           section_type_name((enum section_type)i));
    if (!p->rules || !p->repair || !p->rewrite)
        return err_set(err, ERR_INVALID, 0, "%s: rules, repair or rewrite is missing", file);
    return true;
}

struct prompts *prompts_load(struct err *err)
{
    struct prompts *p = mem_zero(1, sizeof *p);
    char *path = paths_asset("prompts/sections.prompts", err), *text = NULL;
    size_t len = 0;

    if (path)
        text = paths_read_file(path, PROMPTS_LIMIT, &len, err);
    if (text) {
        sha256_hex(text, len, p->key);
        p->asset = asset_parse(file, text, len, err);
    }
    free(text);
    free(path);
    if (p->asset && read_all(p, err))
        return p;
    prompts_free(p);
    return NULL;
}

void prompts_free(struct prompts *p)
{
    if (!p)
        return;
    asset_free(p->asset);
    free(p);
}

const char *prompts_key(const struct prompts *p)
{
    return p->key;
}

void prompts_words(const struct prompts *p, enum section_type type, int *least, int *most)
{
    *least = p->sections[type].least;
    *most = p->sections[type].most;
}
