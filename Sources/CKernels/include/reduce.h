// Reductions. Partial results are 64-bit cells: a double for sums and products of floating point numbers, an int64
// for those of integers, for `any` and `all`, and for `max` and `min`, which compare order-preserving integer keys.
#ifndef HK_REDUCE_H
#define HK_REDUCE_H

#include "elementwise.h"

typedef enum hk_reduction {
    HK_sum, HK_product, HK_max, HK_min, HK_sum_of_squares, HK_any, HK_all, HK_reduction_count
} hk_reduction;

// A partial result to begin with.
uint64_t hk_reduce_start(hk_reduction kind, hk_dtype type);

// Takes `n` elements into one cell.
typedef void (*hk_row_kernel)(int64_t n, const void *x, int64_t sx, uint64_t *cell);
hk_row_kernel hk_find_row(hk_reduction kind, hk_dtype type);

// Takes `rows` elements into each of `n` cells: column j of row i is x[i * row_stride + j * column_stride].
typedef void (*hk_columns_kernel)(
    int64_t rows, int64_t n, const void *x, int64_t row_stride, int64_t column_stride, uint64_t *cells);
hk_columns_kernel hk_find_columns(hk_reduction kind, hk_dtype type);

// cells[i] takes in others[i].
void hk_reduce_combine(hk_reduction kind, hk_dtype type, int64_t n, uint64_t *cells, const uint64_t *others);

// Writes cells as elements of the result: int64 for sums and products of integers, bool for `any` and `all`, else `type`.
void hk_reduce_finish(hk_reduction kind, hk_dtype type, int64_t n, const uint64_t *cells, void *out);

// The position of the first of the largest (or smallest) elements, NaN before all.
int64_t hk_arg_reduce(int largest, hk_dtype type, int64_t n, const void *x, int64_t sx);

// The running sum, product, max or min of `n` elements.
void hk_accumulate(hk_reduction kind, hk_dtype type, int64_t n, const void *x, int64_t sx, void *out, int64_t so);

#endif
