// Products of a few rows with a matrix, which take as long as reading the matrix once.
#ifndef HK_FEW_ROWS_H
#define HK_FEW_ROWS_H

#include <stdint.h>

// As `hk_gemm`. Returns 0, having done nothing, for more than `HK_FEW_ROWS` rows and for matrices of which neither the rows
// nor the columns lie in one piece.
int hk_few_rows_f32(
    int64_t m, int64_t n, int64_t k, const float *a, int64_t a_row, int64_t a_column, const float *b, int64_t b_row,
    int64_t b_column, const float *bias, float *c, int64_t cs);
int hk_few_rows_f64(
    int64_t m, int64_t n, int64_t k, const double *a, int64_t a_row, int64_t a_column, const double *b, int64_t b_row,
    int64_t b_column, const double *bias, double *c, int64_t cs);

#endif
