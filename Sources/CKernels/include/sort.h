// Sorting by keys that keep the numbers' order.
#ifndef HK_SORT_H
#define HK_SORT_H

#include "elementwise.h"

// The stable order of `n` elements, NaN counting as the largest. `scratch` has room for 3 n words.
void hk_argsort(
    hk_dtype type, int64_t n, const void *x, int64_t sx, int descending, int64_t *order, uint64_t *scratch);

// For each of `m` values how many of `n` ascending elements are smaller, or not larger when `right`; NaN comes after all.
void hk_search_sorted(
    hk_dtype type, int64_t n, const void *sorted, int64_t m, const void *values, int right, int64_t *places);

#endif
