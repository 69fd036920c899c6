/* relay.h - a TCP relay in front of a server on this machine that can cut, stall and refuse, at
 * a chosen byte of the stream. It runs on a thread of its own; the functions may be called from
 * any. */
#ifndef TESTS_STORE_RELAY_H
#define TESTS_STORE_RELAY_H

#include <stdbool.h>
#include <stddef.h>

struct relay;

enum relay_side { RELAY_TO_SERVER, RELAY_TO_CLIENT };

struct relay *relay_open(int target_port);
void relay_close(struct relay *r);
int relay_port(const struct relay *r);

/* Once: after `bytes` more bytes have gone to `side`, which they still do, the connection they
 * went over is closed, or passes nothing more either way while staying open. Other connections,
 * and later ones, work. */
void relay_cut_after(struct relay *r, enum relay_side side, size_t bytes);
void relay_stall_after(struct relay *r, enum relay_side side, size_t bytes);

/* Passes on no more than `bytes` in one write; 0 for no limit. */
void relay_halve(struct relay *r, size_t bytes);

/* Closes every connection and, while `gone`, each new one at once. */
void relay_gone(struct relay *r, bool gone);

void relay_pass(struct relay *r); /* takes a cut or stall back that has not happened yet */

#endif
