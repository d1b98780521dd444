// Checks of positions before kernels follow them.
#ifndef HK_POSITIONS_H
#define HK_POSITIONS_H

#include <stdint.h>

// The place of the first of n numbers outside low ..< high, -1 when there is none.
int64_t hk_find_outside(int64_t n, int64_t low, int64_t high, const int64_t *x);
// Adds `size` to negative numbers.
void hk_wrap_index(int64_t n, int64_t size, int64_t *x);

#endif
