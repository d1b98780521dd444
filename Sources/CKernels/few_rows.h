// Products of a few rows with a matrix, which take as long as reading the matrix once.
#ifndef HK_FEW_ROWS_H
#define HK_FEW_ROWS_H

#include "gemm.h"

// As `hk_gemm`. Returns 0, having done nothing, for more than `HK_FEW_ROWS` rows and for matrices of which neither the rows
// nor the columns lie in one piece.
int hk_few_rows_f32(HK_PRODUCT_OPERANDS(float));
int hk_few_rows_f64(HK_PRODUCT_OPERANDS(double));

#endif
