// Softmax and cross-entropy over contiguous rows of `n` elements, `columns` = 1, or over the middle dimension of
// [n, columns] blocks. Declared for float32 (f32) and float64 (f64).
#ifndef HK_NORMALISE_H
#define HK_NORMALISE_H

#include <stdint.h>

#define HK_DECLARE_NORMALISE(T, suffix)                                                                              \
    /* out = softmax(x), or its logarithm, along n; x and out are [n, columns], contiguous. */                       \
    void hk_softmax_##suffix(int64_t n, int64_t columns, int log, const T *x, T *out);                               \
    void hk_softmax_gradient_##suffix(int64_t n, int64_t columns, int log, const T *g, const T *y, T *out);          \
    /* Rows of n logits: the loss of the class and the log-sum-exp of each. */                                       \
    void hk_cross_entropy_##suffix(                                                                                  \
        int64_t rows, int64_t n, const T *logits, const int64_t *classes, int64_t ignored, T *losses,                \
        T *log_sum_exp);                                                                                             \
    /* out = g * (softmax(logits) - one_hot(class)); g has stride sg. */                                             \
    void hk_cross_entropy_gradient_##suffix(                                                                         \
        int64_t rows, int64_t n, const T *g, int64_t sg, const T *logits, const int64_t *classes, int64_t ignored,   \
        const T *log_sum_exp, T *out);

HK_DECLARE_NORMALISE(float, f32)
HK_DECLARE_NORMALISE(double, f64)
#undef HK_DECLARE_NORMALISE

#endif
