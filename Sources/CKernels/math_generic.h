// The functions that rows of the elementwise table are written with, for float and double alike.
#ifndef HK_MATH_GENERIC_H
#define HK_MATH_GENERIC_H

#include <math.h>

#include "math_float.h"

double hk_erfinv_f64(double x);
double hk_digamma_f64(double x);
double hk_bessel_i(double x, int order, int scaled);
double hk_igamma_f64(double a, double x);
double hk_igammac_f64(double a, double x);
double hk_zeta_f64(double s, double q);

HK_INLINE float hk_erfinv_f32(float x) { return (float)hk_erfinv_f64(x); }
HK_INLINE float hk_digamma_f32(float x) { return (float)hk_digamma_f64(x); }
HK_INLINE float hk_igamma_f32(float a, float x) { return (float)hk_igamma_f64(a, x); }
HK_INLINE float hk_igammac_f32(float a, float x) { return (float)hk_igammac_f64(a, x); }
HK_INLINE float hk_zeta_f32(float s, float q) { return (float)hk_zeta_f64(s, q); }
// x = mantissa * 2^exponent, the mantissa in [0.5, 1); zero, infinity and NaN are their own mantissa.
HK_INLINE double hk_mantissa_f64(double x) { int exponent; return frexp(x, &exponent); }
HK_INLINE double hk_exponent_f64(double x) {
    int exponent = 0;
    if (x - x == 0) frexp(x, &exponent);
    return exponent;
}
HK_INLINE float hk_mantissa_f32(float x) { return (float)hk_mantissa_f64(x); }
HK_INLINE float hk_exponent_f32(float x) { return (float)hk_exponent_f64(x); }
HK_INLINE double hk_sinc_f64(double x) {
    double angle = x * 3.14159265358979323846;
    return x == 0 ? 1 : sin(angle) / angle;
}
HK_INLINE float hk_sinc_f32(float x) { return (float)hk_sinc_f64(x); }
HK_INLINE double hk_sigmoid_f64(double x) {
    double e = exp(-fabs(x));
    return (x >= 0 ? 1.0 : e) / (1.0 + e);
}

#define HK_PICK(x, single, precise) _Generic((x), float: single, default: precise)
#define hk_exp(x) HK_PICK(x, hk_exp_f32, exp)(x)
#define hk_exp2(x) HK_PICK(x, hk_exp2_f32, exp2)(x)
#define hk_expm1(x) HK_PICK(x, hk_expm1_f32, expm1)(x)
#define hk_log(x) HK_PICK(x, hk_log_f32, log)(x)
#define hk_log2(x) HK_PICK(x, hk_log2_f32, log2)(x)
#define hk_log10(x) HK_PICK(x, hk_log10_f32, log10)(x)
#define hk_log1p(x) HK_PICK(x, hk_log1p_f32, log1p)(x)
#define hk_tanh(x) HK_PICK(x, hk_tanh_f32, tanh)(x)
#define hk_sigmoid(x) HK_PICK(x, hk_sigmoid_f32, hk_sigmoid_f64)(x)
#define hk_erf(x) HK_PICK(x, hk_erf_f32, erf)(x)
#define hk_sin(x) HK_PICK(x, hk_sin_f32, sin)(x)
#define hk_cos(x) HK_PICK(x, hk_cos_f32, cos)(x)
#define hk_tan(x) HK_PICK(x, tanf, tan)(x)
#define hk_asin(x) HK_PICK(x, asinf, asin)(x)
#define hk_acos(x) HK_PICK(x, acosf, acos)(x)
#define hk_atan(x) HK_PICK(x, atanf, atan)(x)
#define hk_sinh(x) HK_PICK(x, sinhf, sinh)(x)
#define hk_cosh(x) HK_PICK(x, coshf, cosh)(x)
#define hk_asinh(x) HK_PICK(x, asinhf, asinh)(x)
#define hk_acosh(x) HK_PICK(x, acoshf, acosh)(x)
#define hk_atanh(x) HK_PICK(x, atanhf, atanh)(x)
#define hk_erfc(x) HK_PICK(x, erfcf, erfc)(x)
#define hk_erfinv(x) HK_PICK(x, hk_erfinv_f32, hk_erfinv_f64)(x)
#define hk_lgamma(x) HK_PICK(x, hk_lgamma_f32, hk_lgamma_f64)(x)
#define hk_digamma(x) HK_PICK(x, hk_digamma_f32, hk_digamma_f64)(x)
#define hk_i0(x) hk_bessel_i(x, 0, 0)
#define hk_i1(x) hk_bessel_i(x, 1, 0)
#define hk_i0e(x) hk_bessel_i(x, 0, 1)
#define hk_i1e(x) hk_bessel_i(x, 1, 1)
#define hk_sinc(x) HK_PICK(x, hk_sinc_f32, hk_sinc_f64)(x)
#define hk_mantissa(x) HK_PICK(x, hk_mantissa_f32, hk_mantissa_f64)(x)
#define hk_exponent(x) HK_PICK(x, hk_exponent_f32, hk_exponent_f64)(x)
#define hk_nextafter(x, y) HK_PICK(x, nextafterf, nextafter)(x, y)
#define hk_igamma(x, y) HK_PICK(x, hk_igamma_f32, hk_igamma_f64)(x, y)
#define hk_igammac(x, y) HK_PICK(x, hk_igammac_f32, hk_igammac_f64)(x, y)
#define hk_zeta(x, y) HK_PICK(x, hk_zeta_f32, hk_zeta_f64)(x, y)
#define hk_abs(x) __builtin_elementwise_abs(x)
#define hk_sqrt(x) __builtin_elementwise_sqrt(x)
#define hk_floor(x) __builtin_elementwise_floor(x)
#define hk_ceil(x) __builtin_elementwise_ceil(x)
#define hk_round(x) __builtin_elementwise_roundeven(x)
#define hk_trunc(x) __builtin_elementwise_trunc(x)
#define hk_copysign(x, y) __builtin_elementwise_copysign(x, y)
#define hk_clamp(x, low, high) ((x) < (low) ? ((low) > (high) ? (high) : (low)) : ((x) > (high) ? (high) : (x)))
// An absent bound is infinite and binds nothing.
#define hk_is_inside(x, low, high)                                                                                   \
    ((((x) > (low)) | (((x) == (low)) & ((low) == -__builtin_inf())))                                                \
     & (((x) < (high)) | (((x) == (high)) & ((high) == __builtin_inf()))))
#define hk_fmod(x, y) HK_PICK(x, fmodf, fmod)(x, y)
#define hk_power(x, y) HK_PICK(x, powf, pow)(x, y)
#define hk_atan2(x, y) HK_PICK(x, atan2f, atan2)(x, y)
#define hk_hypot(x, y) HK_PICK(x, hypotf, hypot)(x, y)
#define hk_remainder(x, y) HK_PICK(x, hk_remainder_f32, hk_remainder_f64)(x, y)
#define hk_floor_divide(x, y) HK_PICK(x, hk_floor_divide_f32, hk_floor_divide_f64)(x, y)
#define hk_gelu_tanh_gradient(x, y) HK_PICK(x, hk_gelu_tanh_gradient_f32, hk_gelu_tanh_gradient_f64)(x, y)

// The library's lgamma writes the sign of the gamma function to a global, which is a race; the _r form does not.
#if defined(__linux__)
extern double lgamma_r(double, int *);
extern float lgammaf_r(float, int *);
HK_INLINE double hk_lgamma_f64(double x) { int sign; return lgamma_r(x, &sign); }
HK_INLINE float hk_lgamma_f32(float x) { int sign; return lgammaf_r(x, &sign); }
#else
HK_INLINE double hk_lgamma_f64(double x) { return lgamma(x); }
HK_INLINE float hk_lgamma_f32(float x) { return lgammaf(x); }
#endif

// Division as Python's: the remainder has the divisor's sign, and x = floor_divide(x, y) * y + remainder(x, y).
#define HK_PYTHON_DIVISION(T, suffix)                                                                                \
    HK_INLINE T hk_remainder_##suffix(T x, T y) {                                                                    \
        T r = hk_fmod(x, y);                                                                                         \
        return r != 0 && (r < 0) != (y < 0) ? r + y : r;                                                             \
    }                                                                                                                \
    HK_INLINE T hk_floor_divide_##suffix(T x, T y) {                                                                 \
        if (y == 0) return x / y;                                                                                    \
        T r = hk_fmod(x, y);                                                                                         \
        T quotient = (x - r) / y;                                                                                    \
        if (r != 0 && (y < 0) != (r < 0)) quotient -= 1;                                                             \
        if (quotient == 0) return hk_copysign((T)0, x / y);                                                          \
        T whole = hk_floor(quotient);                                                                                \
        return quotient - whole > (T)0.5 ? whole + 1 : whole;                                                        \
    }                                                                                                                \
    HK_INLINE T hk_gelu_tanh_gradient_##suffix(T x, T y) {                                                           \
        T t = hk_tanh((T)0.79788456080286535588 * (y + (T)0.044715 * y * y * y));                                    \
        T slope = (T)0.79788456080286535588 * ((T)1 + (T)0.134145 * y * y);                                          \
        return x * (T)0.5 * ((T)1 + t + y * ((T)1 - t * t) * slope);                                                 \
    }
HK_PYTHON_DIVISION(float, f32)
HK_PYTHON_DIVISION(double, f64)

#endif
