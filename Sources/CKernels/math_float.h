// Functions of float32 without branches, table look-ups or library calls, so that loops over them vectorise.
// Polynomials were fitted for the smallest largest error on their interval; errors are 1 to 2 units in the last place.
#ifndef HK_MATH_FLOAT_H
#define HK_MATH_FLOAT_H

#include "targets.h"

// Adding this and taking it away rounds to the nearest integer, which is then in the low bits of the sum.
#define HK_ROUNDER 12582912.0f
#define HK_ROUNDER_BITS 0x4B400000u

// exp(x) = 2^n * exp(r) with |r| <= ln(2) / 2: gives r and n, for x from about -104 to 89.
HK_INLINE float hk_reduce_exp(float x, int32_t *n) {
    float rounded = x * 1.44269504089f + HK_ROUNDER;
    *n = (int32_t)(hk_bits_of_float(rounded) - HK_ROUNDER_BITS);
    float k = rounded - HK_ROUNDER;
    // The upper part of ln(2) has so few bits that its product with k is exact without a fused multiply-add.
    return (x - k * 0.693145751953125f) - k * 1.42860682030941723212e-6f;
}

HK_INLINE float hk_power_of_two(int32_t n) { return hk_float_from_bits((uint32_t)(n + 127) << 23); }

// y * 2^n in two steps, so that neither factor leaves the normal range.
HK_INLINE float hk_scale(float y, int32_t n) {
    int32_t half = n >> 1;
    return y * hk_power_of_two(half) * hk_power_of_two(n - half);
}

HK_INLINE float hk_exp_f32(float x) {
    float bounded = x > 89.0f ? 89.0f : x;
    bounded = bounded < -104.0f ? -104.0f : bounded;
    int32_t n;
    float r = hk_reduce_exp(bounded, &n);
    float p = 1.395296381e-03f;
    p = p * r + 8.370322186e-03f;
    p = p * r + 4.166616808e-02f;
    p = p * r + 1.666650669e-01f;
    p = p * r + 5.000000107e-01f;
    p = (p * r) * r + r;
    return hk_scale(p + 1.0f, n);
}

HK_INLINE float hk_exp2_f32(float x) {
    float bounded = x > 129.0f ? 129.0f : x;
    bounded = bounded < -151.0f ? -151.0f : bounded;
    float rounded = bounded + HK_ROUNDER;
    int32_t n = (int32_t)(hk_bits_of_float(rounded) - HK_ROUNDER_BITS);
    float r = bounded - (rounded - HK_ROUNDER);
    float p = 1.547459296e-04f;
    p = p * r + 1.339274131e-03f;
    p = p * r + 9.618014016e-03f;
    p = p * r + 5.550357591e-02f;
    p = p * r + 2.402265121e-01f;
    p = (p * r) * r + r * 6.93147180560e-01f;
    return hk_scale(p + 1.0f, n);
}

// exp(r) - 1 for |r| <= ln(2) / 2.
HK_INLINE float hk_expm1_core(float r) {
    float p = 1.991502016e-04f;
    p = p * r + 1.394315949e-03f;
    p = p * r + 8.333272035e-03f;
    p = p * r + 4.166632810e-02f;
    p = p * r + 1.666666682e-01f;
    p = p * r + 5.000000053e-01f;
    return (p * r) * r + r;
}

HK_INLINE float hk_expm1_f32(float x) {
    float bounded = x > 89.0f ? 89.0f : x;
    bounded = bounded < -18.0f ? -18.0f : bounded;
    int32_t n;
    float p = hk_expm1_core(hk_reduce_exp(bounded, &n));
    // 2^n p + (2^n - 1), at half its size so that 2^128 is not needed.
    float half = hk_power_of_two(n - 1);
    float y = (half * p + (half - 0.5f)) * 2.0f;
    return __builtin_fabsf(x) < 1e-7f ? x : y;
}

// log(1 + f) - f + f^2 / 2 for 1 + f in [sqrt(1/2), sqrt(2)], less the terms given; fdlibm's method.
HK_INLINE float hk_log_core(float f, float k, float correction) {
    float s = f / (2.0f + f);
    float z = s * s;
    float w = z * z;
    float r = z * (0.66666662693f + w * 0.28498786688f) + w * (0.40000972152f + w * 0.24279078841f);
    float half = 0.5f * f * f;
    return s * (half + r) + (k * 9.0580006145e-6f + correction) - half + f + k * 6.9313812256e-1f;
}

// x = 2^k m with m in [sqrt(1/2), sqrt(2)): gives m.
HK_INLINE float hk_split(float x, float *k) {
    uint32_t bits = hk_bits_of_float(x) + (0x3F800000u - 0x3F3504F3u);
    *k = (float)((int32_t)(bits >> 23) - 127);
    return hk_float_from_bits((bits & 0x007FFFFFu) + 0x3F3504F3u);
}

// The logarithm's values at and below 0, at infinity and for NaN, where `y` is the one for ordinary x.
HK_INLINE float hk_log_edges(float x, float y) {
    y = x == 0.0f ? -__builtin_inff() : y;
    y = x < 0.0f ? __builtin_nanf("") : y;
    return ((x == __builtin_inff()) | (x != x)) ? x : y;
}

HK_INLINE float hk_log_f32(float x) {
    int small = x < 1.17549435e-38f;
    float k;
    float m = hk_split(small ? x * 8388608.0f : x, &k);
    return hk_log_edges(x, hk_log_core(m - 1.0f, small ? k - 23.0f : k, 0.0f));
}

// The logarithm to another base: `factor` is its value for e. The exponent's share stays exact for base 2.
HK_INLINE float hk_log2_f32(float x) {
    int small = x < 1.17549435e-38f;
    float k;
    float m = hk_split(small ? x * 8388608.0f : x, &k);
    double y = (double)hk_log_core(m - 1.0f, 0.0f, 0.0f) * 1.44269504088896340736 + (small ? k - 23.0f : k);
    return hk_log_edges(x, (float)y);
}

HK_INLINE float hk_log10_f32(float x) {
    int small = x < 1.17549435e-38f;
    float k;
    float m = hk_split(small ? x * 8388608.0f : x, &k);
    double exponent = small ? k - 23.0f : k;
    double y = (double)hk_log_core(m - 1.0f, 0.0f, 0.0f) * 0.43429448190325182765;
    return hk_log_edges(x, (float)(y + exponent * 0.30102999566398119521));
}

HK_INLINE float hk_log1p_f32(float x) {
    float u = 1.0f + x;
    float k;
    float f = hk_split(u, &k) - 1.0f;
    // What the addition lost, relative to u.
    float correction = (x > 1.0f ? 1.0f - (u - x) : x - (u - 1.0f)) / u;
    float y = hk_log_core(f, k, correction);
    y = x == -1.0f ? -__builtin_inff() : y;
    y = x < -1.0f ? __builtin_nanf("") : y;
    return ((__builtin_fabsf(x) < 6e-8f) | (x == __builtin_inff()) | (x != x)) ? x : y;
}

HK_INLINE float hk_tanh_f32(float x) {
    float size = __builtin_fabsf(x);
    float bounded = size > 10.0f ? 10.0f : size;
    float t = hk_expm1_f32(-2.0f * bounded);
    float y = size > 10.0f ? 1.0f : -t / (t + 2.0f);
    y = __builtin_copysignf(y, x);
    return ((size < 1e-4f) | (x != x)) ? x : y;
}

HK_INLINE float hk_sigmoid_f32(float x) {
    float e = hk_exp_f32(-__builtin_fabsf(x));
    return (x >= 0.0f ? 1.0f : e) / (1.0f + e);
}

HK_INLINE float hk_erf_f32(float x) {
    float t = __builtin_fabsf(x);
    float s = x * x;
    float p = -5.886765325e-04f;
    p = p * s + 4.973114826e-03f;
    p = p * s - 2.675333292e-02f;
    p = p * s + 1.128146648e-01f;
    p = p * s - 3.761246267e-01f;
    p = p * s + 1.283791454e-01f;
    float near = p * x + x;
    float u = t > 4.0f ? 4.0f : t;
    float q = -1.076398676e-05f;
    q = q * u + 3.180674572e-04f;
    q = q * u - 3.622948785e-03f;
    q = q * u + 2.372024614e-02f;
    q = q * u - 1.061876767e-01f;
    q = q * u - 6.351814606e-01f;
    q = q * u - 1.286409725e-01f;
    q = q * u - u;
    float far = __builtin_copysignf(1.0f - hk_exp_f32(q), x);
    return t > 0.93f ? far : near;
}

// Beyond this the quarter turns of sine and cosine can no longer be taken off exactly.
#define HK_PERIODIC_LIMIT 1e8f

// sin(x + quarters * pi / 2) for |x| up to HK_PERIODIC_LIMIT; the reduction and the polynomials are in double.
HK_INLINE float hk_sine_f32(float x, int64_t quarters) {
    const double rounder = 6755399441055744.0;
    double rounded = (double)x * 6.36619772367581382433e-01 + rounder;
    double k = rounded - rounder;
    double r = ((double)x - k * 1.57079631090164184570e+00) - k * 1.58932547735281966916e-08;
    double z = r * r;
    double sine = r + r * z * (-0.166666666416265235595
                               + z * (0.0083333293858894631756 + z * (-0.000198393348360966317347
                                                                      + z * 0.0000027183114939898219064)));
    double cosine = 1.0 + z * (-0.499999997251031003120
                               + z * (0.0416666233237390631894 + z * (-0.00138867637746099294692
                                                                      + z * 0.0000243904487962774090654)));
    uint64_t quarter = hk_bits_of_double(rounded) + (uint64_t)quarters;
    double y = quarter & 1 ? cosine : sine;
    float result = (float)(quarter & 2 ? -y : y);
    return ((quarters == 0) & (x == 0.0f)) ? x : result;
}

HK_INLINE float hk_sin_f32(float x) { return hk_sine_f32(x, 0); }
HK_INLINE float hk_cos_f32(float x) { return hk_sine_f32(x, 1); }

#endif
