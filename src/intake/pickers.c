/* pickers.c - countries and industries by name, for pickers and for showing them. */
#include <stdlib.h>
#include <string.h>

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

static int place_rank(const struct place *p, const char *filter)
{
    int best = fold_rank(p->folded, filter);
    char *code = fold_text(p->code);

    if (strcmp(code, filter) == 0)
        best = BEST_RANK;
    free(code);
    for (const char *const *other = p->others; other && *other; other++) {
        int rank = fold_rank(*other, filter);

        best = rank > best ? rank : best;
    }
    return best;
}

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
    for (int rank = BEST_RANK; rank > 0; rank--)
        for (size_t i = 0; i < count && found < max; i++)
            if (place_rank(&all[i], folded) == rank)
                out[found++] = (struct choice){all[i].code, all[i].name, NULL};
    free(folded);
    return found;
}

size_t intake_find_industries(const struct intake *in, const char *filter, struct choice *out,
                              size_t max)
{
    size_t count = industries_count(in->industries), found = 0;
    char *folded = fold_text(filter);

    for (int rank = BEST_RANK; rank > 0; rank--) {
        for (size_t i = 0; i < count && found < max; i++) {
            const struct industry *at = industries_at(in->industries, i);

            if (industries_rank(at, folded) == rank)
                out[found++] = (struct choice){at->key, at->label, at->note};
        }
    }
    free(folded);
    return found;
}
