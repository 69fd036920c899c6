/* test_store_sqlite.c - what only the embedded store promises: its file, and what happens when the
 * file, the disk or the process is not well. Processes that must die or lose rights are forked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract_docs.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

enum { NOBODY = 65534 };

static struct env *env_of(void **state)
{
    return *state;
}

static const char *file_of(const struct env *env)
{
    return env->uri + strlen("sqlite:");
}

static unsigned mode_of(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        fail_msg("%s: %s", path, strerror(errno));
    return st.st_mode & 0777u;
}

static void run_sql(const char *file, const char *sql)
{
    sqlite3 *db = NULL;
    char *msg = NULL;

    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &msg) != SQLITE_OK)
        fail_msg("%s: %s", sql, msg);
    sqlite3_close(db);
}

static int64_t read_sql(const char *file, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3 *db = NULL;
    int64_t number;

    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    number = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return number;
}

static void assert_refused(const char *uri, enum err_code code, const char *says)
{
    struct err err = {0};
    struct store *s = store_open(uri, 200, &err);

    assert_null(s);
    assert_int_equal(err.code, code);
    if (!strstr(err.msg, says))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, says);
}

/* ---- the file ------------------------------------------------------------------------------- */

static void file_and_folders_are_for_their_owner_alone(void **state)
{
    struct env *env = env_of(state);
    char *uri = mem_printf("sqlite:%s/new/deeper/plans.db", env->folder);
    char *deeper = mem_printf("%s/new/deeper", env->folder);
    char *wal = mem_printf("%s-wal", uri + 7), *shm = mem_printf("%s-shm", uri + 7);
    mode_t mask = umask(0);
    struct err err = {0};
    struct store *s = store_open(uri, 1000, &err);

    umask(mask);
    assert_non_null(s);
    put_users(s, 1);
    assert_int_equal(mode_of(uri + 7), 0600);
    assert_int_equal(mode_of(wal), 0600);
    assert_int_equal(mode_of(shm), 0600);
    assert_int_equal(mode_of(deeper), 0700);
    store_close(s);
    free(uri);
    free(deeper);
    free(wal);
    free(shm);
}

static void sqlite_alone_means_the_default_file(void **state)
{
    struct env *env = env_of(state);
    char *file = mem_printf("%s/strattio/strattio.db", env->folder);
    struct err err = {0};
    struct store *s;
    bson_t info;

    setenv("XDG_DATA_HOME", env->folder, 1);
    s = store_open("sqlite:", 1000, &err);
    unsetenv("XDG_DATA_HOME");
    if (!s)
        fail_msg("%s", err.msg);
    assert_int_equal(mode_of(file), 0600);
    assert_false(store_is_shared(s));
    assert_ok(store_info(s, &info, &err));
    assert_string_equal(doc_str(&info, "uri", "") + 7, file);
    assert_string_equal(doc_str(&info, "kind", ""), "sqlite");
    bson_destroy(&info);
    store_close(s);
    free(file);
}

static void tables_and_indexes_are_those_of_the_reference(void **state)
{
    const char *file = file_of(env_of(state));

    assert_int_equal(read_sql(file, "SELECT count(*) FROM sqlite_master WHERE type = 'table'"),
                     COLL_COUNT);
    assert_int_equal(read_sql(file, "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND "
                                    "sql IS NOT NULL"),
                     17);
    assert_int_equal(read_sql(file, "SELECT sql LIKE '%(\"user_id\", \"created_at\" DESC)' FROM "
                                    "sqlite_master WHERE name = 'plans.user_id_1_created_at_-1'"),
                     1);
    assert_int_equal(read_sql(file, "SELECT sql LIKE 'CREATE UNIQUE %(\"email\")' FROM "
                                    "sqlite_master WHERE name = 'users.email_1'"),
                     1);
    assert_int_equal(read_sql(file, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
}

static void addresses_that_cannot_be_are_refused(void **state)
{
    (void)state;
    assert_refused("plans.db", ERR_INVALID, "address of a store");
    assert_refused("", ERR_INVALID, "address of a store");
    assert_refused("sqlite://host/plans.db", ERR_INVALID, "sqlite:/path/file.db");
    assert_refused("oracle://user:secret@host/x", ERR_UNSUPPORTED, "no store is known");
    assert_refused("sqlite:/dev/null/plans.db", ERR_IO, "--store sqlite:FILE");
    assert_refused("sqlite:/proc/plans.db", ERR_IO, "--store sqlite:FILE");
    assert_refused("sqlite:/", ERR_IO, "--store sqlite:FILE");
}

static void a_module_that_is_none_is_a_sentence(void **state)
{
    struct env *env = env_of(state);
    char *module = mem_printf("%s/store_mongo.so", env->folder);
    struct err err = {0};

    assert_ok(paths_write_file(module, "no library", 10, 0600, &err));
    setenv("STRATTIO_MODULES", env->folder, 1);
    assert_refused("mongodb://user:secret@127.0.0.1:1/x", ERR_UNSUPPORTED, "cannot be opened");
    unsetenv("STRATTIO_MODULES");
    free(module);
}

static void a_newer_layout_is_refused_and_left_alone(void **state)
{
    struct env *env = env_of(state);

    store_close(env->s);
    env->s = NULL;
    run_sql(file_of(env), "PRAGMA user_version = 99");
    assert_refused(env->uri, ERR_UNSUPPORTED, "layout 99, this one knows 1");
    assert_int_equal(read_sql(file_of(env), "PRAGMA user_version"), 99);
}

static void another_programs_database_is_refused_and_left_alone(void **state)
{
    struct env *env = env_of(state);
    char *uri = mem_printf("sqlite:%s/other.db", env->folder);

    run_sql(uri + 7, "CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('x')");
    assert_refused(uri, ERR_INVALID, "another program's database");
    assert_int_equal(read_sql(uri + 7, "SELECT count(*) FROM sqlite_master"), 1);
    assert_int_equal(read_sql(uri + 7, "SELECT journal_mode = 'delete' FROM pragma_journal_mode"),
                     1);
    run_sql(uri + 7, "PRAGMA user_version = 1");
    assert_refused(uri, ERR_INVALID, "another program's database");
    free(uri);
}

static void what_is_no_database_is_refused_and_left_alone(void **state)
{
    static const char text[] = "Dear diary, this is not a database at all, only text. ";
    struct env *env = env_of(state);
    char *uri = mem_printf("sqlite:%s/diary.txt", env->folder), *read;
    struct err err = {0};
    struct strbuf content;
    size_t len = 0;

    strbuf_init(&content, 65536);
    for (int i = 0; i < 100; i++)
        strbuf_str(&content, text);
    assert_ok(paths_write_file(uri + 7, content.data, content.len, 0600, &err));
    assert_refused(uri, ERR_IO, "is not a store of Strattio");
    read = paths_read_file(uri + 7, 65536, &len, &err);
    assert_int_equal(len, content.len);
    assert_memory_equal(read, content.data, len);
    free(read);
    strbuf_finish(&content);
    free(uri);
}

/* Overwrites every page but the first with noise: SQLite opens it, and finds out on reading. */
static void a_damaged_file_is_a_sentence(void **state)
{
    struct env *env = env_of(state);
    struct where all = {0};
    struct err err = {0};
    int64_t count = -1;
    struct store *s;
    char *noise;
    off_t size;
    int fd;

    put_plans(env->s, 40);
    store_close(env->s);
    env->s = NULL;
    fd = open(file_of(env), O_RDWR);
    assert_true(fd >= 0);
    size = lseek(fd, 0, SEEK_END);
    assert_true(size > 8192);
    noise = mem_zero(1, (size_t)size);
    memset(noise, 0xa5, (size_t)size);
    assert_int_equal(pwrite(fd, noise, (size_t)size - 4096, 4096), size - 4096);
    close(fd);
    free(noise);
    s = store_open(env->uri, 200, &err);
    if (s)
        assert_false(store_count(s, COLL_PLANS, &all, &count, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.msg, "is damaged"));
    assert_int_equal(count, -1);
    store_close(s);
}

/* ---- rights, space, other programs ---------------------------------------------------------- */

/* Runs `work` in a child without root's rights; it returns 0 if all went as it should. */
static void in_child(int (*work)(const struct env *), const struct env *env, bool drop_rights)
{
    int status = -1;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        if (drop_rights && geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
            _exit(90);
        _exit(work(env));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int open_read_only(const struct env *env)
{
    struct err err = {0};

    if (store_open(env->uri, 200, &err))
        return 1;
    if (err.code != ERR_IO || !strstr(err.msg, file_of(env)) || !strstr(err.msg, "writable")) {
        fprintf(stderr, "%s\n", err.msg);
        return 2;
    }
    return 0;
}

static int make_in_read_only_folder(const struct env *env)
{
    char *uri = mem_printf("sqlite:%s/new.db", env->folder);
    struct err err = {0};

    if (store_open(uri, 200, &err))
        return 1;
    if (err.code != ERR_IO || !strstr(err.msg, "writable")) {
        fprintf(stderr, "%s\n", err.msg);
        return 2;
    }
    free(uri);
    return 0;
}

static void a_read_only_file_or_folder_is_a_sentence(void **state)
{
    struct env *env = env_of(state);

    put_users(env->s, 1);
    store_close(env->s);
    env->s = NULL;
    assert_int_equal(chmod(file_of(env), 0444), 0);
    assert_int_equal(chmod(env->folder, 0555), 0);
    in_child(open_read_only, env, true);
    in_child(make_in_read_only_folder, env, true);
    assert_int_equal(chmod(env->folder, 0755), 0);
    assert_int_equal(chmod(file_of(env), 0600), 0);
    env->s = env_open(env);
    assert_int_equal(count_all(env->s, COLL_USERS), 1);
}

/* Inserts until that fails; what is there must be what was acknowledged. */
static int insert_until_refused(struct store *s, const char *says)
{
    const struct where all = {0};
    char *text = mem_zero(1, 50001);
    struct err err = {0};
    int64_t count = -1;
    int i = 2;

    memset(text, 'x', 50000);
    for (bool refused = false; !refused && i < 50; i++) {
        bson_t doc;

        nth_doc(COLL_USERS, i, &doc);
        doc_set_str(&doc, "settings.text", text);
        refused = !store_insert(s, COLL_USERS, &doc, &err);
        bson_destroy(&doc);
    }
    free(text);
    if (i == 50 || err.code != ERR_IO || !strstr(err.msg, says)) {
        fprintf(stderr, "%s\n", err.msg);
        return 6;
    }
    return store_count(s, COLL_USERS, &all, &count, &err) && count == i - 3 /* 2 to i - 2 */ ? 0 : 7;
}

static void write_to(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);

    if (fd >= 0 && write(fd, text, strlen(text)) < 0)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    if (fd >= 0)
        close(fd);
}

/* A disk of 400 KiB at `folder`, in a name space of this process. False where that is forbidden. */
static bool mount_small_disk(const char *folder)
{
    char *map = mem_printf("0 %d 1", (int)geteuid());
    bool root = geteuid() == 0;
    bool ok = unshare(root ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) == 0;

    if (ok && !root)
        write_to("/proc/self/uid_map", map);
    free(map);
    return ok && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", folder, "tmpfs", 0, "size=400k") == 0;
}

static int fill_a_small_disk(const struct env *env)
{
    char *folder = mem_printf("%s/full", env->folder);
    char *uri = mem_printf("sqlite:%s/plans.db", folder);
    struct err err = {0};
    struct store *s;
    int result;

    if (mkdir(folder, 0700) != 0)
        return 1;
    if (!mount_small_disk(folder)) {
        fprintf(stderr, "no rights to mount a small disk: not tried\n");
        return 0;
    }
    s = store_open(uri, 200, &err);
    if (!s)
        return 2;
    result = insert_until_refused(s, "the disk is full");
    store_close(s);
    free(folder);
    free(uri);
    return result;
}

/* No file of the child may grow past 300 KiB. */
static int fill_a_file(const struct env *env)
{
    const struct rlimit limit = {300 * 1024, 300 * 1024};
    struct store *s = env_open(env);
    int result;

    signal(SIGXFSZ, SIG_IGN);
    if (!s || setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 1;
    result = insert_until_refused(s, "check the disk");
    store_close(s);
    return result;
}

static void a_full_disk_is_a_sentence_and_loses_nothing(void **state)
{
    struct env *env = env_of(state);

    in_child(fill_a_small_disk, env, false);
    in_child(fill_a_file, env, false);
    assert_true(count_all(env->s, COLL_USERS) >= 1);
    put_nth(env->s, COLL_USERS, 90);
    assert_int_equal(read_sql(file_of(env), "SELECT integrity_check = 'ok' FROM "
                                            "pragma_integrity_check"),
                     1);
}

static void another_writer_that_never_ends_is_told(void **state)
{
    struct env *env = env_of(state);
    struct err err = {0};
    struct store *s = store_open(env->uri, 50, &err);
    sqlite3 *db = NULL;
    bson_t doc;

    assert_non_null(s);
    assert_int_equal(sqlite3_open(file_of(env), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    nth_doc(COLL_USERS, 1, &doc);
    assert_false(store_insert(s, COLL_USERS, &doc, &err));
    assert_int_equal(err.code, ERR_BUSY);
    assert_int_equal(count_all(s, COLL_USERS), 0); /* reading goes on */
    sqlite3_close(db);
    assert_true(store_insert(s, COLL_USERS, &doc, &err));
    bson_destroy(&doc);
    store_close(s);
}

static void many_programs_may_open_a_new_file_at_once(void **state)
{
    struct env *env = env_of(state);
    char *uri = mem_printf("sqlite:%s/fresh.db", env->folder);
    int gate[2], bad = 0;
    pid_t children[8];

    assert_int_equal(pipe(gate), 0);
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            struct err err = {0};
            struct store *s;
            char byte;

            close(gate[1]);
            if (read(gate[0], &byte, 1) != 0) /* until the parent lets go */
                _exit(3);
            s = store_open(uri, 5000, &err);
            if (!s)
                fprintf(stderr, "%s\n", err.msg);
            store_close(s);
            _exit(s ? 0 : 1);
        }
    }
    close(gate[0]);
    close(gate[1]);
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        int status = -1;

        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        bad += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    }
    assert_int_equal(bad, 0);
    assert_int_equal(read_sql(uri + 7, "PRAGMA user_version"), 1);
    free(uri);
}

/* ---- kill -9 -------------------------------------------------------------------------------- */

/* Inserts plans and counts them in the user's document, telling the pipe after each. */
static void write_forever(const struct env *env, int out)
{
    struct store *s = env_open(env);

    if (!s)
        _exit(2);
    for (int i = 1;; i++) {
        struct where user = {0};
        struct err err = {0};
        char id[ID_LEN + 1];
        struct patch patch;
        size_t failed;
        bson_t doc;

        nth_doc(COLL_PLANS, i, &doc);
        where_id(&user, "_id", nth_id(COLL_USERS, 1, id));
        patch_init(&patch);
        patch_inc(&patch, "metadata.plans", 1);
        const struct write writes[] = {
            {.kind = WRITE_INSERT, .coll = COLL_PLANS, .doc = &doc},
            {.kind = WRITE_PATCH, .coll = COLL_USERS, .where = &user, .patch = &patch,
             .must_match = true},
        };
        if (!store_atomically(s, writes, 2, &failed, &err) || write(out, &i, sizeof i) < 0)
            _exit(1);
        patch_finish(&patch);
        bson_destroy(&doc);
    }
}

static void killing_a_writer_loses_nothing_it_was_told_is_saved(void **state)
{
    struct env *env = env_of(state);

    for (int round = 1; round <= 5; round++) {
        char *uri = mem_printf("sqlite:%s/killed%d.db", env->folder, round);
        struct env mine = {.uri = uri};
        int told[2], last = 0, n, status;
        bson_t user;
        pid_t child;

        mine.s = env_open(&mine);
        put_users(mine.s, 1);
        store_close(mine.s);
        assert_int_equal(pipe(told), 0);
        child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_forever(&mine, told[1]);
        close(told[1]);
        while (last < 17 * round && read(told[0], &n, sizeof n) == (ssize_t)sizeof n)
            last = n;
        kill(child, SIGKILL);
        while (read(told[0], &n, sizeof n) == (ssize_t)sizeof n)
            last = n;
        close(told[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_true(last >= 17 * round);

        mine.s = env_open(&mine);
        assert_true(count_all(mine.s, COLL_PLANS) >= last);
        get_nth(mine.s, COLL_USERS, 1, &user);
        assert_int_equal(doc_int(&user, "metadata.plans", 0), count_all(mine.s, COLL_PLANS));
        bson_destroy(&user);
        store_close(mine.s);
        assert_int_equal(
            read_sql(uri + 7, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
        free(uri);
    }
}

/* ---- owners --------------------------------------------------------------------------------- */

static void a_document_without_its_owner_is_a_conflict(void **state)
{
    struct store *s = env_of(state)->s;
    struct err err = {0};
    bson_t doc;

    nth_doc(COLL_PLANS, 1, &doc);
    assert_false(store_insert(s, COLL_PLANS, &doc, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_int_equal(count_all(s, COLL_PLANS), 0);
    bson_destroy(&doc);
    put_users(s, 1); /* and the store is not stuck in a transaction */
    put_nth(s, COLL_PLANS, 1);
}

static void deleting_a_plan_takes_its_children_and_keeps_its_records(void **state)
{
    struct store *s = env_of(state)->s;
    struct where plan = {0};
    struct err err = {0};
    int64_t matched = -1;
    char id[ID_LEN + 1];

    put_plans(s, 2);
    for (int c = COLL_SECTIONS; c < COLL_COUNT; c++)
        put_nth(s, (enum collection)c, 1);
    where_id(&plan, "_id", nth_id(COLL_PLANS, 1, id));
    assert_ok(store_remove(s, COLL_PLANS, &plan, &matched, &err));
    assert_int_equal(matched, 1);
    for (int c = COLL_PLANS; c < COLL_COUNT; c++) {
        bool kept = c == COLL_PLANS || c == COLL_EXPORTS || c == COLL_AUDIT_LOGS;

        assert_int_equal(count_all(s, (enum collection)c), kept ? 1 : 0);
    }
}

/* ---- a newer document, indexes -------------------------------------------------------------- */

static void a_newer_document_in_the_file_is_not_patched(void **state)
{
    struct env *env = env_of(state);
    struct where all = {0};
    struct err err = {0};
    int64_t matched = -1;
    struct patch patch;
    sqlite3_stmt *stmt;
    sqlite3 *db;
    bson_t doc;

    put_plans(env->s, 1);
    get_nth(env->s, COLL_PLANS, 1, &doc);
    doc_set_int(&doc, "metadata.schema", SCHEMA_VERSION + 1);
    assert_int_equal(sqlite3_open(file_of(env), &db), SQLITE_OK);
    sqlite3_prepare_v2(db, "UPDATE plans SET doc = ?", -1, &stmt, NULL);
    sqlite3_bind_blob(stmt, 1, bson_get_data(&doc), (int)doc.len, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    bson_destroy(&doc);

    patch_init(&patch);
    patch_str(&patch, "name", "changed");
    patch_doc(&patch, "metadata", &(bson_t)BSON_INITIALIZER); /* does not get round it */
    assert_false(store_patch(env->s, COLL_PLANS, &all, &patch, &matched, &err));
    assert_int_equal(err.code, ERR_UNSUPPORTED);
    patch_finish(&patch);
}

static void info_names_indexes_that_are_gone_or_not_ours(void **state)
{
    struct env *env = env_of(state);
    struct err err = {0};
    bson_t info;

    run_sql(file_of(env), "DROP INDEX \"plans.status_1\"; CREATE INDEX mine ON plans(user_id)");
    assert_ok(store_info(env->s, &info, &err));
    assert_string_equal(doc_str(&info, "collections.2.indexes_missing.0", ""), "status_1");
    assert_string_equal(doc_str(&info, "collections.2.indexes_extra.0", ""), "mine");
    bson_destroy(&info);
}

static void a_later_page_is_read_by_the_index_too(void **state)
{
    struct store *s = env_of(state)->s;
    struct query q = {.sort = "created_at", .descending = true, .limit = 3};
    struct err err = {0};
    struct doc_list page;
    struct strbuf how;
    bool uses_index = false;
    char id[ID_LEN + 1];

    put_plans(s, 9);
    where_id(&q.where, "user_id", nth_id(COLL_USERS, 1, id));
    assert_ok(store_find(s, COLL_PLANS, &q, &page, &err));
    q.after = page.next;
    strbuf_init(&how, 4096);
    assert_ok(store_explain(s, COLL_PLANS, &q, &uses_index, &how, &err));
    assert_true(uses_index);
    if (!strstr(how.data, "user_id=? AND created_at<?"))
        fail_msg("%s", how.data);
    strbuf_finish(&how);
    doc_list_finish(&page);
}

#define SQLITE(test) cmocka_unit_test_setup_teardown(test, env_setup, env_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SQLITE(file_and_folders_are_for_their_owner_alone),
        SQLITE(sqlite_alone_means_the_default_file),
        SQLITE(tables_and_indexes_are_those_of_the_reference),
        SQLITE(addresses_that_cannot_be_are_refused),
        SQLITE(a_module_that_is_none_is_a_sentence),
        SQLITE(a_newer_layout_is_refused_and_left_alone),
        SQLITE(another_programs_database_is_refused_and_left_alone),
        SQLITE(what_is_no_database_is_refused_and_left_alone),
        SQLITE(a_damaged_file_is_a_sentence),
        SQLITE(a_read_only_file_or_folder_is_a_sentence),
        SQLITE(a_full_disk_is_a_sentence_and_loses_nothing),
        SQLITE(another_writer_that_never_ends_is_told),
        SQLITE(many_programs_may_open_a_new_file_at_once),
        SQLITE(killing_a_writer_loses_nothing_it_was_told_is_saved),
        SQLITE(a_document_without_its_owner_is_a_conflict),
        SQLITE(deleting_a_plan_takes_its_children_and_keeps_its_records),
        SQLITE(a_newer_document_in_the_file_is_not_patched),
        SQLITE(info_names_indexes_that_are_gone_or_not_ours),
        SQLITE(a_later_page_is_read_by_the_index_too),
    };

    unsetenv("STRATTIO_TEST_STORE");
    return cmocka_run_group_tests_name("embedded store", tests, NULL, NULL);
}
