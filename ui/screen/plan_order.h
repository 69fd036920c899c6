/* plan_order.h - the order of the plans in a list: of a hundred thousand between two keys. */
#ifndef STRATTIO_UI_PLAN_ORDER_H
#define STRATTIO_UI_PLAN_ORDER_H

#include <stddef.h>
#include <stdint.h>

struct plan_rows;

/* The first sixteen bytes of a folded name as numbers that order like them. */
void plan_order_name_keys(const char *folded, uint64_t keys[2]);

/* Brings `shown`, indices of rows in ascending order, into the order `r` has chosen. Ties stay in
 * the store's order. */
void plan_order_sort(const struct plan_rows *r, size_t *shown, size_t count);

/* `shown[0..sorted)` and the rest up to `count` are in that order each: makes one of them. */
void plan_order_merge(const struct plan_rows *r, size_t *shown, size_t sorted, size_t count);

#endif
