/* pack.h - a rule pack as read from its file. Private to this room. */
#ifndef STRATTIO_COMPLIANCE_PACK_H
#define STRATTIO_COMPLIANCE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/ids.h"

#include "asset/asset.h"

struct err;
struct expr;

enum severity { SEVERITY_BLOCKER, SEVERITY_MAJOR, SEVERITY_MINOR, SEVERITY_INFO, SEVERITY_COUNT };
enum outcome {
    OUTCOME_PASS,
    OUTCOME_FAIL,
    OUTCOME_UNKNOWN,        /* an answer is missing: never a pass */
    OUTCOME_NEEDS_EVIDENCE, /* only a person can judge it */
    OUTCOME_NOT_APPLICABLE,
    OUTCOME_COUNT,
};

const char *severity_name(enum severity severity);
int severity_weight(enum severity severity);
const char *outcome_name(enum outcome outcome);

struct rule_case { /* owns its texts */
    char *name;
    char *answers; /* JSON */
    enum outcome expects;
    int line, column;
};

struct rule { /* text is the asset's */
    const char *id;
    const char *name;
    enum severity severity;
    int32_t from, until; /* days, both inclusive; INT32_MIN and INT32_MAX for always */
    struct expr *when;   /* NULL: always applies */
    struct expr *test;   /* NULL when it needs evidence */
    const char *evidence;
    const char *pass, *fail, *unknown, *suggest; /* NULL where not given */
    const char *fix;                             /* answer or section; NULL */
    const char *source, *source_url, *source_date;
    const char *basis;
    struct rule_case *cases;
    size_t case_count;
};

struct pack {
    const char *id; /* template_id */
    const char *title;
    const char *disclaimer;
    struct asset *asset;
    struct rule *rules;
    size_t rule_count;
    struct include {
        const char *id;
        bool preview; /* shown, without weight */
    } * includes;
    size_t include_count;
    char hash[SHA_HEX_LEN + 1]; /* of its file */
    char key[SHA_HEX_LEN + 1];  /* of its file and all it includes */
};

/* Reads the asset `name` ("compliance/generic.pack") into `pack`; ERR_INVALID with file, line,
 * column. */
MUST_USE bool pack_load(const char *name, struct pack *pack, struct err *err);
/* The same of a file's text; `name` is used in messages. With `tell` every mistake is told, and what
 * could be read is in `pack` though parts are missing (a rule's id too); false only for what is no
 * text. */
MUST_USE bool pack_read(const char *name, const char *text, size_t len, asset_tell *tell,
                        void *context, struct pack *pack, struct err *err);
void pack_finish(struct pack *pack);

struct packs {
    struct pack *items;
    size_t count;
};

const struct pack *packs_find(const struct packs *p, const char *id);

/* Calls `visit` for each rule of `pack` and of what it includes, depth first, until it returns
 * false. */
bool pack_each_rule(const struct packs *p, const struct pack *pack,
                    bool (*visit)(void *context, const struct pack *from, const struct rule *rule,
                                  bool preview),
                    void *context);

#endif
