/* paths.c - where files live, and the few file operations that have to be right. The user's folders
 * follow the XDG base directory specification. An asset is looked for in up to four folders, the
 * user's before ours, so that anyone can put a file of the same name in front of a shipped one. */
#include "strattio/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

static const struct {
    const char *env, *below_home;
} kinds[] = {
    [PATHS_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
    [PATHS_DATA] = {"XDG_DATA_HOME", ".local/share"},
    [PATHS_STATE] = {"XDG_STATE_HOME", ".local/state"},
    [PATHS_CACHE] = {"XDG_CACHE_HOME", ".cache"},
};

enum { FOLDERS = 4 };

static bool fail_errno(struct err *err, const char *doing, const char *path)
{
    int native = errno;
    const char *why = strerrordesc_np(native);

    return err_set(err, ERR_IO, native, "cannot %s %s: %s", doing, path,
                   why ? why : "unknown error");
}

/* --- the user's folders ----------------------------------------------------------------------- */

static char *home_dir(void)
{
    const char *home = getenv("HOME");
    struct passwd entry, *found = NULL;
    char text[4096];

    if (home && home[0] == '/')
        return mem_str(home);
    if (getpwuid_r(geteuid(), &entry, text, sizeof text, &found) == 0 && found)
        return mem_str(found->pw_dir);
    return NULL;
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Makes `path` and the folders above it. */
static bool make_folders(const char *path, struct err *err)
{
    char *part = mem_str(path);
    bool ok = true;

    for (char *slash = part + 1; ok && slash; *slash++ = '/') {
        slash = strchr(slash, '/');
        if (slash)
            *slash = '\0';
        if (mkdir(part, 0700) != 0 && !is_folder(part)) {
            errno = errno == EEXIST ? ENOTDIR : errno; /* a file of that name */
            ok = fail_errno(err, "make the folder", part);
        }
        if (!slash)
            break;
    }
    free(part);
    return ok;
}

char *paths_dir(enum paths_kind kind, bool make, struct err *err)
{
    const char *base = getenv(kinds[kind].env);
    char *home, *dir;

    if (base && base[0] == '/') {
        dir = mem_printf("%s/strattio", base);
    } else {
        home = home_dir();
        if (!home) {
            err_set(err, ERR_IO, 0, "this user has no home folder: set HOME");
            return NULL;
        }
        dir = mem_printf("%s/%s/strattio", home, kinds[kind].below_home);
        free(home);
    }
    if (make && !make_folders(dir, err)) {
        free(dir);
        return NULL;
    }
    return dir;
}

char *paths_installed(const char *below)
{
    char self[4096];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    self[len > 0 ? len : 0] = '\0';
    for (int up = 0; up < 2; up++) { /* the program, then bin */
        char *slash = strrchr(self, '/');

        if (slash)
            *slash = '\0';
    }
    return mem_printf("%s/%s", self, below);
}

/* --- assets ----------------------------------------------------------------------------------- */

/* Fills in the folders, first to last, where `*name` may lie; NULL where there is none. A name
 * under "themes/" is looked for in folders of its own, without that prefix. */
static void find_folders(const char **name, char *folders[FOLDERS])
{
    bool themes = strncmp(*name, "themes", 6) == 0 && ((*name)[6] == '/' || !(*name)[6]);
    struct err ignored;
    char *data = paths_dir(PATHS_DATA, false, &ignored);

    if (themes)
        *name += (*name)[6] ? 7 : 6;
    folders[0] = mem_str(getenv(themes ? "STRATTIO_THEMES" : "STRATTIO_ASSETS"));
    folders[1] = data ? mem_printf("%s/%s", data, themes ? "themes" : "assets") : NULL;
    folders[2] = paths_installed(themes ? STRATTIO_DATADIR "/themes" : STRATTIO_DATADIR "/assets");
    folders[3] = mem_str(themes ? STRATTIO_SOURCE_THEMES : STRATTIO_SOURCE_ASSETS);
    free(data);
}

static void free_folders(char *folders[FOLDERS])
{
    for (int i = 0; i < FOLDERS; i++)
        free(folders[i]);
}

static bool is_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* A name that stays below its folder. */
static bool name_is_safe(const char *name)
{
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/' && part != name;
        if (*part == '/' || *part == '\0' || strcmp(part, "..") == 0 ||
            strncmp(part, "../", 3) == 0)
            return false;
    }
    return true;
}

char *paths_asset(const char *name, struct err *err)
{
    const char *below = name;
    char *folders[FOLDERS], *found = NULL;
    struct strbuf places;

    if (!name_is_safe(name)) {
        err_set(err, ERR_INVALID, 0, "\"%s\" is not the name of an asset", name);
        return NULL;
    }
    strbuf_init(&places, 1024);
    find_folders(&below, folders);
    for (int i = 0; i < FOLDERS && !found; i++) {
        if (!folders[i])
            continue;
        found = mem_printf("%s/%s", folders[i], below);
        if (!is_file(found)) {
            free(found);
            found = NULL;
        }
        strbuf_printf(&places, "%s%s", places.len ? ", " : "", folders[i]);
    }
    if (!found)
        err_set(err, ERR_NOT_FOUND, 0, "no file \"%s\" in %s", name, places.data);
    free_folders(folders);
    strbuf_finish(&places);
    return found;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_in(const char *text, const char *suffix)
{
    size_t len = strlen(text), tail = strlen(suffix);

    return len >= tail && strcmp(text + len - tail, suffix) == 0;
}

struct names {
    char **list;
    size_t count, cap;
};

static void add_names(struct names *names, const char *folder, const char *suffix)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        char *path = mem_printf("%s/%s", folder, entry->d_name);

        if (entry->d_name[0] != '.' && ends_in(entry->d_name, suffix) && is_file(path)) {
            names->list = mem_grow(names->list, &names->cap, names->count + 1, sizeof *names->list);
            names->list[names->count++] = mem_str(entry->d_name);
        }
        free(path);
    }
    if (dir)
        closedir(dir);
}

char **paths_asset_names(const char *dir, const char *suffix, size_t *count)
{
    struct names names = {0};
    char *folders[FOLDERS];
    const char *below = dir;
    size_t kept = 0;

    names.list = mem_grow(NULL, &names.cap, 1, sizeof *names.list);
    find_folders(&below, folders);
    for (int i = 0; i < FOLDERS; i++) {
        char *path = folders[i] ? mem_printf("%s/%s", folders[i], below) : NULL;

        if (path)
            add_names(&names, path, suffix);
        free(path);
    }
    free_folders(folders);
    if (names.count)
        qsort(names.list, names.count, sizeof *names.list, by_name);
    for (size_t i = 0; i < names.count; i++) {
        if (kept && strcmp(names.list[kept - 1], names.list[i]) == 0)
            free(names.list[i]);
        else
            names.list[kept++] = names.list[i];
    }
    *count = kept;
    return names.list;
}

void paths_names_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

/* --- whole files ------------------------------------------------------------------------------ */

/* Reads all of `fd` into `out`; one byte past its limit marks it full. */
static bool read_all(int fd, struct strbuf *out, const char *path, struct err *err)
{
    char chunk[16384];

    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(err, "read", path);
        if (got == 0)
            return true;
        strbuf_add(out, chunk, (size_t)got);
        if (out->full)
            return err_set(err, ERR_LIMIT, 0, "%s is too large: at most %zu bytes are allowed",
                           path, out->limit);
    }
}

char *paths_read_file(const char *path, size_t limit, size_t *len, struct err *err)
{
    bool standard_input = strcmp(path, "-") == 0;
    const char *name = standard_input ? "standard input" : path;
    int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct strbuf text;
    char *data = NULL;

    strbuf_init(&text, limit);
    if (fd < 0) {
        fail_errno(err, "read", name);
        if (err->native == ENOENT || err->native == ENOTDIR)
            err->code = ERR_NOT_FOUND;
        goto out;
    }
    if (!read_all(fd, &text, name, err))
        goto out;
    if (len)
        *len = text.len;
    data = strbuf_take(&text);
out:
    if (fd >= 0 && !standard_input)
        close(fd);
    strbuf_finish(&text);
    return data;
}

static bool write_all(int fd, const void *data, size_t len)
{
    const char *at = data;

    while (len) {
        ssize_t put = write(fd, at, len);

        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            at += put;
            len -= (size_t)put;
        }
    }
    return true;
}

/* Makes the rename itself durable. File systems that cannot sync a folder say so with EINVAL. */
static void sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        !slash ? mem_str(".") : mem_strn(path, slash == path ? 1 : (size_t)(slash - path));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}

/* What is no ordinary file, such as a pipe or a device, is written into: a rename would take its
 * place. */
static bool write_into(const char *path, const void *data, size_t len, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    bool ok = fd >= 0 && write_all(fd, data, len);

    if (!ok)
        fail_errno(err, "write", path);
    if (fd >= 0 && close(fd) != 0 && ok)
        ok = fail_errno(err, "write", path);
    return ok;
}

bool paths_write_file(const char *path, const void *data, size_t len, unsigned mode,
                      struct err *err)
{
    char *target = realpath(path, NULL); /* through a symbolic link, not over it */
    const char *name = target ? target : path;
    char id[ID_LEN + 1], *temp = NULL;
    struct stat st;
    bool ok = false;
    int fd;

    if (stat(name, &st) == 0 && !S_ISREG(st.st_mode)) {
        ok = write_into(name, data, len, err);
        goto out;
    }
    id_new(id);
    temp = mem_printf("%s.%s", name, id);
    fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0) {
        fail_errno(err, "write", path);
        goto out;
    }
    ok = write_all(fd, data, len) && fsync(fd) == 0;
    if (!ok)
        fail_errno(err, "write", path);
    if (close(fd) != 0 && ok)
        ok = fail_errno(err, "write", path);
    if (ok && rename(temp, name) != 0)
        ok = fail_errno(err, "write", path);
    if (ok)
        sync_folder_of(name);
    else
        unlink(temp);
out:
    free(temp);
    free(target);
    return ok;
}
