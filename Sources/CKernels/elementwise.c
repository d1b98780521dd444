// Finds kernels, and the two special functions that the C library lacks.
#include "elementwise.h"

#include <math.h>

#define HK_TYPES(ROW)                                                                                                \
    ROW(bool) ROW(u8) ROW(i8) ROW(i16) ROW(i32) ROW(i64) ROW(f16) ROW(bf16) ROW(f32) ROW(f64)
#define HK_DECLARE(suffix)                                                                                           \
    extern const hk_unary_kernel hk_unary_kernels_##suffix[HK_unary_count];                                          \
    extern const hk_binary_kernel hk_binary_kernels_##suffix[HK_binary_count];
HK_TYPES(HK_DECLARE)

hk_unary_kernel hk_find_unary(hk_unary function, hk_dtype type) {
#define HK_ENTRY(suffix) hk_unary_kernels_##suffix,
    static const hk_unary_kernel *const tables[] = {HK_TYPES(HK_ENTRY)};
#undef HK_ENTRY
    return tables[type][function];
}

hk_binary_kernel hk_find_binary(hk_binary function, hk_dtype type) {
#define HK_ENTRY(suffix) hk_binary_kernels_##suffix,
    static const hk_binary_kernel *const tables[] = {HK_TYPES(HK_ENTRY)};
#undef HK_ENTRY
    return tables[type][function];
}

#define HK_ROW(name, expression) [HK_##name] = #name,
const char *hk_unary_name(hk_unary function) {
    static const char *const names[] = {HK_UNARY_TABLE(HK_ROW)};
    return names[function];
}

const char *hk_binary_name(hk_binary function) {
    static const char *const names[] = {HK_BINARY_TABLE(HK_ROW)};
    return names[function];
}
#undef HK_ROW

#define HK_DECLARE_ZERO(suffix) int hk_holds_zero_##suffix(int64_t n, const void *x, int64_t sx);
HK_DECLARE_ZERO(u8) HK_DECLARE_ZERO(i8) HK_DECLARE_ZERO(i16) HK_DECLARE_ZERO(i32) HK_DECLARE_ZERO(i64)

int hk_holds_zero(hk_dtype type, int64_t n, const void *x, int64_t sx) {
    switch (type) {
    case HK_bool:
    case HK_uint8: return hk_holds_zero_u8(n, x, sx);
    case HK_int8: return hk_holds_zero_i8(n, x, sx);
    case HK_int16: return hk_holds_zero_i16(n, x, sx);
    case HK_int32: return hk_holds_zero_i32(n, x, sx);
    case HK_int64: return hk_holds_zero_i64(n, x, sx);
    default: return 0;
    }
}

// A rational first guess (Giles, "Approximating the erfinv function", 2010), then two steps of Newton's method.
double hk_erfinv_f64(double x) {
    if (!(fabs(x) < 1)) return fabs(x) == 1 ? copysign(INFINITY, x) : NAN;
    double w = -log((1 - x) * (1 + x));
    double p;
    if (w < 5) {
        w -= 2.5;
        p = 2.81022636e-08;
        p = 3.43273939e-07 + p * w;
        p = -3.5233877e-06 + p * w;
        p = -4.39150654e-06 + p * w;
        p = 0.00021858087 + p * w;
        p = -0.00125372503 + p * w;
        p = -0.00417768164 + p * w;
        p = 0.246640727 + p * w;
        p = 1.50140941 + p * w;
    } else {
        w = sqrt(w) - 3;
        p = -0.000200214257;
        p = 0.000100950558 + p * w;
        p = 0.00134934322 + p * w;
        p = -0.00367342844 + p * w;
        p = 0.00573950773 + p * w;
        p = -0.0076224613 + p * w;
        p = 0.00943887047 + p * w;
        p = 1.00167406 + p * w;
        p = 2.83297682 + p * w;
    }
    double y = p * x;
    for (int i = 0; i < 2; i++) {
        // Near 1 the complement keeps the digits that 1 - erf loses.
        double rest = (1 - fabs(x)) - erfc(fabs(y));
        double error = fabs(x) < 0.5 ? erf(y) - x : x < 0 ? -rest : rest;
        y -= error / (1.12837916709551257390 * exp(-y * y));
    }
    return y;
}

// Recurrence up to x >= 10, then the asymptotic series; reflection below 0. Poles are as in PyTorch.
double hk_digamma_f64(double x) {
    const double pi = 3.14159265358979323846;
    if (x == 0) return copysign(INFINITY, -x);
    if (x < 0) {
        if (x == trunc(x)) return NAN;
        double whole;
        return hk_digamma_f64(1 - x) - pi / tan(pi * modf(x, &whole));
    }
    double shift = 0;
    while (x < 10) {
        shift -= 1 / x;
        x += 1;
    }
    double z = 1 / (x * x);
    double series = z / 12;
    static const double terms[] = {-1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12};
    double power = z;
    for (int i = 0; i < 6; i++) series += terms[i] * (power *= z);
    return shift + log(x) - 0.5 / x - series;
}
