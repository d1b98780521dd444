// Matrix products without a library: packed panels and a kernel in registers.
#ifndef HK_GEMM_H
#define HK_GEMM_H

#include <stdint.h>

// So few rows of `a` are multiplied without packing: the product takes as long as reading `b` once.
#define HK_FEW_ROWS 4

// What a product is given: c[i * cs + j] = sum over p of a[i * a_row + p * a_column] * b[p * b_row + j * b_column], plus
// bias[j] unless null. `a` and `b` may have any strides; `c` has contiguous rows, `cs` apart.
#define HK_PRODUCT_OPERANDS(T)                                                                                       \
    int64_t m, int64_t n, int64_t k, const T *a, int64_t a_row, int64_t a_column, const T *b, int64_t b_row,         \
        int64_t b_column, const T *bias, T *c, int64_t cs

// Runs on the calling thread.
void hk_gemm_f32(HK_PRODUCT_OPERANDS(float));
void hk_gemm_f64(HK_PRODUCT_OPERANDS(double));

// The same for int64, in plain loops; arithmetic wraps around.
void hk_gemm_i64(
    int64_t m, int64_t n, int64_t k, const int64_t *a, int64_t a_row, int64_t a_column, const int64_t *b,
    int64_t b_row, int64_t b_column, int64_t *c, int64_t cs);

// Writes `bias` into each of `m` rows.
void hk_fill_rows_f32(int64_t m, int64_t n, const float *bias, float *c, int64_t cs);

#endif
