/* threads.h - what the kernel says of a program's threads. */
#ifndef STRATTIO_TESTS_THREADS_H
#define STRATTIO_TESTS_THREADS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct threads {
    bool waits;        /* every one sits in a call that waits */
    bool for_ever;     /* without a time-out */
    uint64_t switches; /* times they went to sleep so far */
};

/* Adds up all threads of `pid`; false if it is gone. A time-out of more than a second counts as
 * waiting: it is none a test waits for. */
bool threads_look(pid_t pid, struct threads *out);

#endif
