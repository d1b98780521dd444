// Copies between element types and strides.
#ifndef HK_COPY_H
#define HK_COPY_H

#include "elementwise.h"

// Copies `n` elements, converting; strides count elements. Float to integer truncates, anything to bool is != 0.
typedef void (*hk_convert_kernel)(int64_t n, const void *x, int64_t sx, void *out, int64_t so);

hk_convert_kernel hk_find_convert(hk_dtype from, hk_dtype to);

// out[r * out_stride + c] = x[r + c * x_stride] for `size` bytes an element: a transposed copy, in blocks that fit
// the first cache.
void hk_copy_transposed(
    int64_t rows, int64_t columns, int size, const void *x, int64_t x_stride, void *out, int64_t out_stride);

// `condition ? x : y` for elements of `size` bytes, into contiguous memory.
void hk_choose(
    int64_t n, int size, const void *condition, int64_t sc, const void *x, int64_t sx, const void *y, int64_t sy,
    void *out);

// start + i * step for i from `first`.
void hk_range(hk_dtype type, int64_t n, int64_t first, double start, double step, void *out);
void hk_range_integer(hk_dtype type, int64_t n, int64_t first, int64_t start, int64_t step, void *out);

#endif
