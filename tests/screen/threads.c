/* threads.c - /proc/PID/task read: the call each thread sits in, and how often it has slept. */
#include "threads.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "strattio/mem.h"

enum { NEAR_MS = 1000 };

static char *read_proc(pid_t pid, const char *task, const char *name, char *buf, size_t size)
{
    char *path = mem_printf("/proc/%d/task/%s/%s", (int)pid, task, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, buf, size - 1) : -1;

    if (fd >= 0)
        close(fd);
    free(path);
    if (n < 0)
        return NULL;
    buf[n] = '\0';
    return buf;
}

/* Reads "7 0x7ff.. 0x2 0xffffffff ...": the call a thread sits in, and how long it may. */
static void read_call(const char *text, struct threads *out)
{
    long call = -1;
    unsigned long args[4] = {0};
    int n = sscanf(text, "%ld %lx %lx %lx %lx", &call, &args[0], &args[1], &args[2], &args[3]);

    if (n < 1)
        return; /* "running" */
    if (call == SYS_poll) {
        int wait = (int)args[2];

        out->for_ever = wait < 0;
        out->waits = wait < 0 || wait > NEAR_MS;
    } else if (call == SYS_futex) {
        out->waits = true;
        out->for_ever = args[3] == 0;
    } else if (call == SYS_clock_nanosleep || call == SYS_nanosleep) {
        out->waits = out->for_ever = true; /* a sanitizer's own thread */
    } else if (call == SYS_rt_sigtimedwait || call == SYS_epoll_wait || call == SYS_read ||
               call == SYS_select || call == SYS_pselect6 || call == SYS_ppoll) {
        out->waits = true;
    }
}

bool threads_look(pid_t pid, struct threads *out)
{
    char *folder = mem_printf("/proc/%d/task", (int)pid);
    DIR *dir = opendir(folder);
    struct dirent *entry;
    char buf[4096];

    free(folder);
    *out = (struct threads){.waits = true, .for_ever = true};
    if (!dir)
        return false;
    while ((entry = readdir(dir)) != NULL) {
        struct threads one = {0};
        char *text, *at;

        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        text = read_proc(pid, entry->d_name, "syscall", buf, sizeof buf);
        if (text)
            read_call(text, &one);
        text = read_proc(pid, entry->d_name, "status", buf, sizeof buf);
        at = text ? strstr(text, "\nvoluntary_ctxt_switches:") : NULL;
        out->switches += at ? strtoull(at + 25, NULL, 10) : 0;
        out->waits &= one.waits;
        out->for_ever &= one.for_ever;
    }
    closedir(dir);
    return true;
}
