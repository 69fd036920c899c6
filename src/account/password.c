/* password.c - bcrypt by libcrypt. Every check runs one bcrypt whatever it is given: where there is
 * no hash to check against, against the hash of nothing in particular. */
#include "account/password.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"

static int cost_of_new = PASSWORD_COST;

void password_set_cost(int cost)
{
    cost_of_new = cost;
}

static size_t count_chars(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

bool password_check(const char *password, struct err *err)
{
    if (count_chars(password) < ACTOR_PASSWORD_MIN)
        return err_set(err, ERR_INVALID, 0, "The password is too short: use at least %d characters",
                       ACTOR_PASSWORD_MIN);
    if (strlen(password) > PASSWORD_MAX_BYTES)
        return err_set(err, ERR_INVALID, 0,
                       "The password is too long: at most %d bytes count, so use no more",
                       PASSWORD_MAX_BYTES);
    return true;
}

/* "$2b$12$" and a random salt. */
static bool new_setting(char out[CRYPT_GENSALT_OUTPUT_SIZE])
{
    char salt[16];

    random_bytes(salt, sizeof salt);
    return crypt_gensalt_rn("$2b$", (unsigned long)cost_of_new, salt, sizeof salt, out,
                            CRYPT_GENSALT_OUTPUT_SIZE);
}

/* The hash of `password` under `setting` (a hash is its own setting), or false. */
static bool run(const char *password, const char *setting, char out[PASSWORD_HASH_SIZE])
{
    struct crypt_data *data = mem_zero(1, sizeof *data);
    const char *hash = crypt_r(password, setting, data);
    bool ok = hash && hash[0] != '*';

    if (ok)
        memcpy(out, data->output, PASSWORD_HASH_SIZE);
    explicit_bzero(data, sizeof *data);
    free(data);
    return ok;
}

bool password_hash(const char *password, char out[PASSWORD_HASH_SIZE], struct err *err)
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];

    if (!new_setting(setting) || !run(password, setting, out))
        return err_set(err, ERR_UNSUPPORTED, 0, "This system's libcrypt has no bcrypt");
    return true;
}

/* Without leaving at the first difference. */
static bool same(const char *a, const char *b)
{
    size_t len = strlen(a);
    unsigned char differ = 0;

    if (strlen(b) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        differ |= (unsigned char)(a[i] ^ b[i]);
    return differ == 0;
}

bool password_matches(const char *password, const char *hash)
{
    char got[PASSWORD_HASH_SIZE] = "", setting[CRYPT_GENSALT_OUTPUT_SIZE];
    bool real = hash && hash[0] == '$' && strlen(password) <= PASSWORD_MAX_BYTES;
    bool ok = false;

    if (real)
        ok = run(password, hash, got) && same(got, hash);
    else if (new_setting(setting))
        (void)run("", setting, got);
    explicit_bzero(got, sizeof got);
    return ok;
}
