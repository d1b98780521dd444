// Batch, layer, group and instance normalisation. Tensors are [batches, groups, length], contiguous; statistics belong
// to a group. Declared for float32 (f32) and float64 (f64).
#ifndef HK_STANDARDISE_H
#define HK_STANDARDISE_H

#include <stdint.h>

// A group is divided into `parts` of one weight each; after `cycle` groups the weights begin anew, so part p of group g
// has weight (g % cycle) * parts + p. With `along` every place of a group has a weight of its own instead.
typedef struct hk_groups {
    int64_t batches, groups, length, parts, cycle;
    int along;
} hk_groups;

#define HK_DECLARE_STANDARDISE(T, suffix)                                                                            \
    /* Mean and biased variance of each group in first..<end; with `centred` 0 the mean square, and mean 0. */       \
    void hk_moments_##suffix(                                                                                        \
        const hk_groups *s, int64_t first, int64_t end, int centred, const T *x, T *mean, T *variance);              \
    /* out = (x - mean) * scale for the groups in first..<end, times the weight, plus the bias; either may be null. */\
    void hk_standardise_##suffix(                                                                                    \
        const hk_groups *s, int64_t first, int64_t end, const T *x, const T *mean, const T *scale, const T *weight,  \
        const T *bias, T *out);                                                                                      \
    /* The gradient of x, when mean and scale follow from x (`follows`) or are constants. */                         \
    void hk_standardise_gradient_##suffix(                                                                           \
        const hk_groups *s, int64_t first, int64_t end, const T *g, const T *x, const T *mean, const T *scale,       \
        const T *weight, int follows, int centred, T *out);                                                          \
    /* Sums of g * (x - mean) * scale and of g for the weights first..<end. */                                       \
    void hk_standardise_sums_##suffix(                                                                               \
        const hk_groups *s, int64_t first, int64_t end, const T *g, const T *x, const T *mean, const T *scale,       \
        T *weight, T *bias);

HK_DECLARE_STANDARDISE(float, f32)
HK_DECLARE_STANDARDISE(double, f64)
#undef HK_DECLARE_STANDARDISE

#endif
