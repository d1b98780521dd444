// Sorting by keys that keep the numbers' order.
#ifndef HK_SORT_H
#define HK_SORT_H

#include "elementwise.h"

// The stable order of `n` elements, NaN counting as the largest. `scratch` has room for 3 n words.
void hk_argsort(
    hk_dtype type, int64_t n, const void *x, int64_t sx, int descending, int64_t *order, uint64_t *scratch);

#endif
