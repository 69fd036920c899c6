/* fuzz.h - a small mutating fuzzer, the same bytes on every machine. A program hands over seeds,
 * tokens of its grammar and a function to feed; fuzz_main() mutates the seeds FUZZ_RUNS times
 * (environment; else the number given) from FUZZ_SEED (else 1). Sanitizers and the function's own
 * asserts find the faults; the input that did is left in fuzz-crash-NAME, and "PROGRAM FILE" feeds
 * it again. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fuzz {
    const char *name;
    const char *const *seeds;                   /* text; ends in NULL */
    const char *const *tokens;                  /* what mutations insert; ends in NULL */
    void (*feed)(const char *data, size_t len); /* data[len] is no part of it */
    int runs;
};

enum { FUZZ_MAX = 4096 };

static const struct fuzz *fuzz_now;
static char fuzz_input[FUZZ_MAX];
static size_t fuzz_len;
static uint64_t fuzz_state;

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static inline size_t fuzz_below(size_t n)
{
    fuzz_state ^= fuzz_state << 13;
    fuzz_state ^= fuzz_state >> 7;
    fuzz_state ^= fuzz_state << 17;
    return n ? (size_t)((fuzz_state * UINT64_C(2685821657736338717)) >> 33) % n : 0;
}

static inline size_t fuzz_count(const char *const *list)
{
    size_t count = 0;

    while (list[count])
        count++;
    return count;
}

static inline void fuzz_insert(size_t at, const char *data, size_t len)
{
    if (fuzz_len + len > FUZZ_MAX)
        return;
    memmove(fuzz_input + at + len, fuzz_input + at, fuzz_len - at);
    memcpy(fuzz_input + at, data, len);
    fuzz_len += len;
}

static inline void fuzz_remove(size_t at, size_t len)
{
    memmove(fuzz_input + at, fuzz_input + at + len, fuzz_len - at - len);
    fuzz_len -= len;
}

static inline void fuzz_mutate(void)
{
    const char *const *tokens = fuzz_now->tokens, *const *seeds = fuzz_now->seeds;
    size_t at = fuzz_below(fuzz_len), left = fuzz_len - at, part;
    char copy[64], byte;
    const char *text;

    switch (fuzz_below(8)) {
    case 0: /* another bit */
        if (left)
            fuzz_input[at] = (char)(fuzz_input[at] ^ (1 << fuzz_below(8)));
        break;
    case 1: /* another byte */
        if (left)
            fuzz_input[at] = (char)fuzz_below(256);
        break;
    case 2: /* a byte more */
        byte = (char)fuzz_below(256);
        fuzz_insert(at, &byte, 1);
        break;
    case 3: /* a part less */
        fuzz_remove(at, fuzz_below(left < 16 ? left + 1 : 16));
        break;
    case 4: /* a part twice */
        part = fuzz_below(left < sizeof copy ? left + 1 : sizeof copy);
        memcpy(copy, fuzz_input + at, part);
        fuzz_insert(fuzz_below(fuzz_len + 1), copy, part);
        break;
    case 5: /* nothing after here */
        if (fuzz_below(8) == 0)
            fuzz_len = at;
        break;
    case 6: /* the rest of another seed */
        text = seeds[fuzz_below(fuzz_count(seeds))];
        part = fuzz_below(strlen(text) + 1);
        fuzz_insert(at, text + part, strlen(text + part));
        break;
    default: /* a token */
        text = tokens[fuzz_below(fuzz_count(tokens))];
        fuzz_insert(at, text, strlen(text));
    }
}

static inline void fuzz_save(void)
{
    char path[200];
    FILE *file;

    snprintf(path, sizeof path, "fuzz-crash-%s", fuzz_now->name);
    file = fopen(path, "wb");
    if (file) {
        fwrite(fuzz_input, 1, fuzz_len, file);
        fclose(file);
        fprintf(stderr, "the input is in %s\n", path);
    }
}

static inline void fuzz_on_abort(int number)
{
    signal(number, SIG_DFL);
    fuzz_save();
    raise(number);
}

/* Feeds an allocation of exactly the input's size, so that reading past it is seen. */
static inline void fuzz_feed(void)
{
    char *data = malloc(fuzz_len ? fuzz_len : 1);

    if (!data)
        abort();
    memcpy(data, fuzz_input, fuzz_len);
    fuzz_now->feed(data, fuzz_len);
    free(data);
}

static inline void fuzz_take_seed(const char *seed)
{
    fuzz_len = strlen(seed) < FUZZ_MAX ? strlen(seed) : FUZZ_MAX;
    memcpy(fuzz_input, seed, fuzz_len);
}

static inline int fuzz_file(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (!file) {
        perror(path);
        return 1;
    }
    fuzz_len = fread(fuzz_input, 1, FUZZ_MAX, file);
    fclose(file);
    fuzz_feed();
    return 0;
}

static inline int fuzz_main(const struct fuzz *fuzz, int argc, char **argv)
{
    const char *runs = getenv("FUZZ_RUNS"), *seed = getenv("FUZZ_SEED");
    int count = runs ? atoi(runs) : fuzz->runs;

    fuzz_now = fuzz;
    if (argc > 1)
        return fuzz_file(argv[1]);
    signal(SIGABRT, fuzz_on_abort);
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(fuzz_save);
    fuzz_state = (seed ? strtoull(seed, NULL, 10) : 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
    for (size_t i = 0; fuzz->seeds[i]; i++) {
        fuzz_take_seed(fuzz->seeds[i]);
        fuzz_feed();
    }
    for (int i = 0; i < count; i++) {
        fuzz_take_seed(fuzz->seeds[fuzz_below(fuzz_count(fuzz->seeds))]);
        for (size_t times = 1 + fuzz_below(6); times; times--)
            fuzz_mutate();
        fuzz_feed();
    }
    return 0;
}

#endif
