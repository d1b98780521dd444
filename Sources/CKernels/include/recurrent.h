// One step of a recurrent layer for `rows` sequences with `n` units each, between the matrix products. Everything is
// contiguous; `gates` are [rows, gates * n] and hold what the input gives, biases included, when a step begins, and the
// activated gates when it is over, which is what the derivative reads. `product` is h W of the step, of the same shape
// as the input's part. `state` is h before the step and is overwritten. Declared for float32 (f32) and float64 (f64).
#ifndef HK_RECURRENT_H
#define HK_RECURRENT_H

#include <stdint.h>

#define HK_DECLARE_RECURRENT(T, suffix)                                                                              \
    /* h = tanh(gates + product), or relu; the gates become h. */                                                    \
    void hk_rnn_##suffix(int64_t rows, int64_t n, int relu, const T *product, T *gates, T *state, T *out);           \
    /* Gates i, f, g, o; `cell` is c and is overwritten, `before` receives what it was. */                           \
    void hk_lstm_##suffix(                                                                                           \
        int64_t rows, int64_t n, const T *product, T *gates, T *cell, T *before, T *state, T *out);                  \
    /* Gates r, z, n in `gates` [rows, 3 * n]; the product, bias included, is [rows, 3 * n]; `inner` receives its    \
       last third, which the derivative reads. */                                                                    \
    void hk_gru_##suffix(int64_t rows, int64_t n, const T *product, T *gates, T *inner, T *state, T *out);           \
                                                                                                                     \
    /* Derivatives: `g` is the gradient of the step's result, `dh` (and `dc`) those that come from later steps;      \
       `out` receives the gradient of what was in the gates before the step. */                                      \
    void hk_rnn_gradient_##suffix(                                                                                   \
        int64_t rows, int64_t n, int relu, const T *g, const T *gates, const T *dh, T *out);                         \
    /* `dc` becomes the gradient of c before the step. */                                                            \
    void hk_lstm_gradient_##suffix(                                                                                  \
        int64_t rows, int64_t n, const T *g, const T *gates, const T *before, const T *dh, T *dc, T *out);           \
    /* `before` is h before the step. `dh` becomes the part of its gradient that does not pass through the product;  \
       `dproduct` receives the gradient of the product. */                                                           \
    void hk_gru_gradient_##suffix(                                                                                   \
        int64_t rows, int64_t n, const T *g, const T *gates, const T *inner, const T *before, T *dh, T *out,         \
        T *dproduct);

HK_DECLARE_RECURRENT(float, f32)
HK_DECLARE_RECURRENT(double, f64)
#undef HK_DECLARE_RECURRENT

#endif
