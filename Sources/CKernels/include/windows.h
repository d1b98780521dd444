// Windows that slide over planes: columns of convolutions, pooling, and resampling along one dimension. A plane has
// three dimensions, those that are missing have size 1. Declared for float32 (f32) and float64 (f64).
#ifndef HK_WINDOWS_H
#define HK_WINDOWS_H

#include <stdint.h>

// Element k of window o lies at o * stride - before + k * dilation, in each dimension.
typedef struct hk_window {
    int64_t size[3], out[3], kernel[3], stride[3], before[3], dilation[3];
} hk_window;

// Window o of a dimension covers start[o], start[o] + step, … below end[o]; scale[o] divides what it sums.
typedef struct hk_pool {
    int64_t size[3], out[3], step[3];
    const int32_t *start[3], *end[3];
    const double *scale[3];
} hk_pool;

#define HK_DECLARE_WINDOWS(T, suffix)                                                                                \
    /* columns[k][o] = element k of window o, 0 outside the plane; k over the kernel, o over the windows. */         \
    void hk_unfold_##suffix(const hk_window *w, const T *plane, T *columns);                                         \
    /* plane[i] = the sum of all columns[k][o] that were taken from i. */                                            \
    void hk_fold_##suffix(const hk_window *w, const T *columns, T *plane);                                           \
    /* The largest element of each window, NaN before all, and its position in the plane unless that is null. */     \
    void hk_max_pool_##suffix(const hk_pool *p, const T *plane, T *out, int64_t *positions);                         \
    /* plane[positions[o]] += g[o], on zeros. */                                                                     \
    void hk_max_pool_gradient_##suffix(                                                                              \
        int64_t out, int64_t size, const T *g, const int64_t *positions, T *plane);                                  \
    /* The sum of each window times its scales. */                                                                   \
    void hk_average_pool_##suffix(const hk_pool *p, const T *plane, T *out);                                         \
    void hk_average_pool_gradient_##suffix(const hk_pool *p, const T *g, T *plane);                                  \
    /* out[o][j] = sum over t of weights[o * taps + t] * x[positions[o * taps + t]][j] for rows of `inner`. */       \
    void hk_resample_##suffix(                                                                                       \
        int64_t out, int64_t taps, int64_t inner, const int32_t *positions, const double *weights, const T *x,       \
        T *result);                                                                                                  \
    /* The transpose: x[positions[…]][j] += weights[…] * g[o][j], on zeros of `size` rows. */                        \
    void hk_resample_gradient_##suffix(                                                                              \
        int64_t out, int64_t taps, int64_t inner, int64_t size, const int32_t *positions, const double *weights,     \
        const T *g, T *x);

HK_DECLARE_WINDOWS(float, f32)
HK_DECLARE_WINDOWS(double, f64)
#undef HK_DECLARE_WINDOWS

#endif
