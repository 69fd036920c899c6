/* user.c - the words of a `users` document's enums. */
#include "strattio/user.h"

#include "record/words.h"

const char *role_name(enum user_role role)
{
    return words_at(words_role, role);
}

const char *tier_name(enum tier tier)
{
    return words_at(words_tier, tier);
}

enum user_role role_by_name(const char *name)
{
    return (enum user_role)words_find(words_role, name);
}

enum tier tier_by_name(const char *name)
{
    return (enum tier)words_find(words_tier, name);
}
