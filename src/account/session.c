/* session.c - a session is 32 random bytes. Their hex lies in a file only the user can read, with
 * the id of the user, so that the document is found by its key; the store has no more than the
 * SHA-256, so that whoever reads the store cannot sign in with it. */
#include "account/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

void session_new(const char *user_id, struct session *out)
{
    unsigned char bytes[SESSION_TOKEN_LEN / 2];

    random_bytes(bytes, sizeof bytes);
    snprintf(out->user_id, sizeof out->user_id, "%s", user_id);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out->token + 2 * i, 3, "%02x", bytes[i]);
    explicit_bzero(bytes, sizeof bytes);
}

void session_sha(const struct session *s, char out[SHA_HEX_LEN + 1])
{
    sha256_hex(s->token, SESSION_TOKEN_LEN, out);
}

static char *path_of(const char *key, bool make, struct err *err)
{
    char sha[SHA_HEX_LEN + 1];
    char *dir = paths_dir(PATHS_STATE, make, err), *path;

    if (!dir)
        return NULL;
    sha256_hex(key, strlen(key), sha);
    path = mem_printf("%s/session-%.16s", dir, sha);
    free(dir);
    return path;
}

bool session_write(const char *key, const struct session *s, struct err *err)
{
    char *path = path_of(key, true, err);
    char line[ID_LEN + SESSION_TOKEN_LEN + 3];
    int len = snprintf(line, sizeof line, "%s %s\n", s->user_id, s->token);
    bool ok = path && paths_write_file(path, line, (size_t)len, 0600, err);

    explicit_bzero(line, sizeof line);
    free(path);
    return ok || err_wrap(err, "The session cannot be kept");
}

bool session_read(const char *key, struct session *out)
{
    struct err ignored = {0}; /* no session is no failure: one signs in */
    char *path = path_of(key, false, &ignored);
    size_t len = 0;
    char *text = path ? paths_read_file(path, 256, &len, &ignored) : NULL;
    bool ok = text && len == ID_LEN + SESSION_TOKEN_LEN + 2 && text[ID_LEN] == ' ';

    if (ok) {
        memcpy(out->user_id, text, ID_LEN);
        out->user_id[ID_LEN] = '\0';
        memcpy(out->token, text + ID_LEN + 1, SESSION_TOKEN_LEN);
        out->token[SESSION_TOKEN_LEN] = '\0';
        ok = id_valid(out->user_id);
    }
    if (text)
        explicit_bzero(text, len);
    free(text);
    free(path);
    return ok;
}

void session_forget(const char *key)
{
    struct err ignored = {0};
    char *path = path_of(key, false, &ignored);

    if (path)
        unlink(path);
    free(path);
}

/* Whether `entry` of the list is alive at `now`. */
static bool alive(const bson_t *entry, int64_t now)
{
    return doc_date(entry, "expires_at", 0) > now;
}

static bool entry_is(const bson_t *entry, const char *sha)
{
    return sha && strcmp(doc_str(entry, "sha", ""), sha) == 0;
}

/* Steps `it` through a list of documents, giving each as a view. */
static bool next_entry(bson_iter_t *it, bson_t *entry)
{
    while (bson_iter_next(it)) {
        const uint8_t *data;
        uint32_t len;

        if (!BSON_ITER_HOLDS_DOCUMENT(it))
            continue;
        bson_iter_document(it, &len, &data);
        if (bson_init_static(entry, data, len))
            return true;
    }
    return false;
}

bool session_known(const bson_t *metadata, const char *sha, int64_t now)
{
    bson_t list, entry;
    bson_iter_t it;

    doc_view(metadata, "sessions", &list);
    bson_iter_init(&it, &list);
    while (next_entry(&it, &entry))
        if (entry_is(&entry, sha))
            return alive(&entry, now);
    return false;
}

static void append_entry(bson_t *out, size_t at, const bson_t *entry)
{
    char buf[16];
    const char *key;

    bson_uint32_to_string((uint32_t)at, &key, buf, sizeof buf);
    bson_append_document(out, key, -1, entry);
}

void session_list(const bson_t *metadata, const char *drop, const char *add, int64_t now,
                  bson_t *out)
{
    bson_t list, entry, fresh = BSON_INITIALIZER;
    size_t keep = 0, count = 0, skip;
    bson_iter_t it;

    bson_init(out);
    doc_view(metadata, "sessions", &list);
    bson_iter_init(&it, &list);
    while (next_entry(&it, &entry))
        keep += alive(&entry, now) && !entry_is(&entry, drop);
    skip = keep + (add != NULL) > SESSION_MAX ? keep + (add != NULL) - SESSION_MAX : 0;
    bson_iter_init(&it, &list);
    while (next_entry(&it, &entry)) {
        if (!alive(&entry, now) || entry_is(&entry, drop))
            continue;
        if (skip > 0)
            skip--;
        else
            append_entry(out, count++, &entry);
    }
    if (add) {
        BSON_APPEND_UTF8(&fresh, "sha", add);
        BSON_APPEND_DATE_TIME(&fresh, "created_at", now);
        BSON_APPEND_DATE_TIME(&fresh, "expires_at", now + SESSION_LIFE_MS);
        append_entry(out, count, &fresh);
    }
    bson_destroy(&fresh);
}
