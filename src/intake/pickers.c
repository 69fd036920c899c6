/* pickers.c - countries and industries by name, for pickers and for showing them. */
#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/intake.h"

#include "intake/fold.h"
#include "intake/industries.h"
#include "intake/places.h"
#include "intake/questions.h"

enum { BEST_RANK = 4 };

const char *intake_country_name(const struct intake *in, const char *code)
{
    const struct place *all, *found;
    struct err ignored = {0};
    size_t count;

    (void)in;
    if (!places_countries(&all, &count, &ignored))
        return NULL;
    found = places_country(all, count, code);
    return found && strcmp(found->code, code) == 0 ? found->name : NULL;
}

const char *intake_industry_label(const struct intake *in, const char *key)
{
    const struct industry *found = industries_by_key(in->industries, key);

    return found ? found->label : NULL;
}

static int place_rank(const struct place *p, const char *filter, fold_ranking ranking)
{
    int best = ranking(p->folded, filter);
    char *code = fold_text(p->code);

    if (strcmp(code, filter) == 0)
        best = BEST_RANK;
    free(code);
    for (const char *const *other = p->others; other && *other; other++) {
        int rank = ranking(*other, filter);

        best = rank > best ? rank : best;
    }
    return best;
}

/* What fits as typed; if nothing does, what fits with forgiveness. */
static const fold_ranking rankings[] = {fold_rank, fold_forgiving_rank};

size_t intake_find_countries(const struct intake *in, const char *filter, struct choice *out,
                             size_t max)
{
    const struct place *all;
    struct err ignored = {0};
    size_t count, found = 0;
    char *folded;

    (void)in;
    if (!places_countries(&all, &count, &ignored))
        return 0;
    folded = fold_text(filter);
    for (size_t way = 0; way < ARRAY_LEN(rankings) && !found; way++)
        for (int rank = BEST_RANK; rank > 0; rank--)
            for (size_t i = 0; i < count && found < max; i++)
                if (place_rank(&all[i], folded, rankings[way]) == rank)
                    out[found++] = (struct choice){all[i].code, all[i].name, NULL};
    free(folded);
    return found;
}

static size_t find_industries(const struct intake *in, const char *folded, fold_ranking ranking,
                              struct choice *out, size_t max)
{
    size_t count = industries_count(in->industries), found = 0;

    for (int rank = BEST_RANK; rank > 0; rank--) {
        for (size_t i = 0; i < count && found < max; i++) {
            const struct industry *at = industries_at(in->industries, i);

            if (industries_rank(at, folded, ranking) == rank)
                out[found++] = (struct choice){at->key, at->label, at->note};
        }
    }
    return found;
}

size_t intake_find_industries(const struct intake *in, const char *filter, struct choice *out,
                              size_t max)
{
    char *folded = fold_text(filter);
    size_t found = 0;

    for (size_t way = 0; way < ARRAY_LEN(rankings) && !found; way++)
        found = find_industries(in, folded, rankings[way], out, max);
    free(folded);
    return found;
}
