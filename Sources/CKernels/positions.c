#include "positions.h"

int64_t hk_find_outside(int64_t n, int64_t low, int64_t high, const int64_t *x) {
    // Blocks without a branch inside are fast; only one that holds a wrong number is searched.
    for (int64_t start = 0; start < n; start += 512) {
        int64_t end = start + 512 < n ? start + 512 : n;
        int wrong = 0;
        for (int64_t i = start; i < end; i++) wrong |= (x[i] < low) | (x[i] >= high);
        if (!wrong) continue;
        for (int64_t i = start; i < end; i++)
            if (x[i] < low || x[i] >= high) return i;
    }
    return -1;
}

void hk_wrap_index(int64_t n, int64_t size, int64_t *x) {
    for (int64_t i = 0; i < n; i++) x[i] += x[i] < 0 ? size : 0;
}
