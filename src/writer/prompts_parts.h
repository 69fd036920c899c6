/* prompts_parts.h - the prompts as they lie in memory: for prompts.c, which reads them, and
 * brief.c, which uses them. */
#ifndef STRATTIO_WRITER_PROMPTS_PARTS_H
#define STRATTIO_WRITER_PROMPTS_PARTS_H

#include "strattio/ids.h"
#include "strattio/plan.h"
#include "strattio/section.h"

enum { PROMPTS_LIMIT = 256 * 1024 };

struct section_prompt { /* texts belong to the asset */
    int least, most;    /* words */
    const char *task;
    const char *for_purpose[PURPOSE_COUNT]; /* NULL where there is none */
};

struct prompts {
    struct asset *asset;
    char key[SHA_HEX_LEN + 1];
    const char *rules, *repair, *rewrite;
    struct section_prompt sections[SECTION_COUNT];
};

#endif
