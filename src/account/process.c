/* process.c - a run that was killed leaves a lease of up to a minute. On the machine it ran on
 * nobody need wait for that: the boot and the pid namespace say that a pid means there what it
 * means here, and the start time that it is still the same process. Where anything of this cannot
 * be read, the lease's time decides. */
#include "account/process.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strattio/doc.h"
#include "strattio/mem.h"

/* A file of /proc, whose sizes are not known before. False if it cannot be read. */
static bool read_proc(const char *path, char *out, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len;

    if (fd < 0)
        return false;
    len = read(fd, out, size - 1);
    close(fd);
    if (len <= 0)
        return false;
    out[len] = '\0';
    out[strcspn(out, "\n")] = '\0';
    return true;
}

/* This boot and this pid namespace, or "" if they cannot be told. */
static void machine(char *out, size_t size)
{
    char boot[64], space[64];
    ssize_t len = readlink("/proc/self/ns/pid", space, sizeof space - 1);

    *out = '\0';
    if (len <= 0 || !read_proc("/proc/sys/kernel/random/boot_id", boot, sizeof boot))
        return;
    space[len] = '\0';
    snprintf(out, size, "%s %s", boot, space);
}

/* When `pid` started, in clock ticks since the boot; 0 for a process that is dead and only not
 * waited for, -1 if it cannot be told. State and field 22 of its stat are counted from the last
 * ")", since the name before it may hold anything. */
static long long started(long pid)
{
    char path[48], stat[1024], *at;

    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    if (!read_proc(path, stat, sizeof stat) || !(at = strrchr(stat, ')')))
        return -1;
    if (at[1] == ' ' && (at[2] == 'Z' || at[2] == 'X'))
        return 0;
    for (int field = 2; field < 22 && at; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoll(at + 1, NULL, 10) : -1;
}

void process_append(bson_t *lease)
{
    char here[160];

    machine(here, sizeof here);
    BSON_APPEND_UTF8(lease, "machine", here);
    BSON_APPEND_INT64(lease, "pid", (int64_t)getpid());
    BSON_APPEND_INT64(lease, "started", started((long)getpid()));
}

bool process_gone(const bson_t *lease)
{
    int64_t pid = doc_int(lease, "pid", 0), since = doc_int(lease, "started", -1);
    long long now_since;
    char here[160];

    machine(here, sizeof here);
    if (!*here || pid <= 0 || since < 0 || strcmp(here, doc_str(lease, "machine", "")) != 0)
        return false;
    if (kill((pid_t)pid, 0) != 0)
        return errno == ESRCH;
    now_since = started((long)pid);
    return now_since >= 0 && now_since != since;
}

char *process_owner(void)
{
    char buf[1024], host[256] = "";
    struct passwd pw, *found = NULL;

    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    if (getpwuid_r(getuid(), &pw, buf, sizeof buf, &found) != 0 || !found)
        return mem_printf("%ld@%s", (long)getuid(), host);
    return mem_printf("%s@%s", found->pw_name, host);
}
