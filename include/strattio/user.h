/* user.h - a document of `users`. */
#ifndef STRATTIO_USER_H
#define STRATTIO_USER_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

enum auth_provider { AUTH_EMAIL, AUTH_GOOGLE, AUTH_LINKEDIN, AUTH_PROVIDER_COUNT };
enum user_role { USER_ROLE_USER, USER_ROLE_CONSULTANT, USER_ROLE_ADMIN, USER_ROLE_COUNT };
enum tier { TIER_FREE, TIER_STARTER, TIER_PROFESSIONAL, TIER_ENTERPRISE, TIER_COUNT };

struct user {
    char *id;
    char *email; /* lower case */
    char *password_hash; /* bcrypt; "" on an embedded store; NULL whenever it leaves src/account */
    char *name;
    char *avatar_url;
    enum auth_provider auth_provider;
    char *auth_provider_id;
    bool email_verified;
    enum user_role role;
    enum tier subscription_tier;
    int64_t created_at;
    int64_t updated_at;
    int64_t last_login_at;
    bson_t *settings;
    bson_t *metadata;
    bson_t *extra;
};

const char *role_name(enum user_role role);
const char *tier_name(enum tier tier);
enum user_role role_by_name(const char *name); /* USER_ROLE_COUNT if there is none */
enum tier tier_by_name(const char *name); /* TIER_COUNT if there is none */

#endif
