// float16 and bfloat16: chunks are widened to float32, computed by the kernels of float32, and narrowed.
#include "elementwise.h"
#include "half.h"

extern const hk_unary_kernel hk_unary_kernels_f32[HK_unary_count];
extern const hk_binary_kernel hk_binary_kernels_f32[HK_binary_count];

enum { chunk = 512 };

HK_CLONES static void widen_f16(int64_t n, const void *x, int64_t sx, float *out) {
    const hk_f16 *p = x;
    if (sx == 1)
        for (int64_t i = 0; i < n; i++) out[i] = (float)p[i];
    else
        for (int64_t i = 0; i < n; i++) out[i] = (float)p[i * sx];
}

HK_CLONES static void narrow_f16(int64_t n, const float *x, void *out) {
    hk_f16 *p = out;
    for (int64_t i = 0; i < n; i++) p[i] = (hk_f16)x[i];
}

HK_CLONES static void widen_bf16(int64_t n, const void *x, int64_t sx, float *out) {
    const hk_bf16 *p = x;
    if (sx == 1)
        for (int64_t i = 0; i < n; i++) out[i] = hk_float_of_bf16(p[i]);
    else
        for (int64_t i = 0; i < n; i++) out[i] = hk_float_of_bf16(p[i * sx]);
}

HK_CLONES static void narrow_bf16(int64_t n, const float *x, void *out) {
    hk_bf16 *p = out;
    for (int64_t i = 0; i < n; i++) p[i] = hk_bf16_of_float(x[i]);
}

#define HK_AT(pointer, index) ((const uint8_t *)(pointer) + (index) * 2)

#define HK_HALF_UNARY(name, half)                                                                                    \
    static void unary_##name##_##half(int64_t n, const void *x, int64_t sx, void *out, double a, double b) {         \
        float wide[chunk];                                                                                           \
        for (int64_t start = 0; start < n; start += chunk) {                                                         \
            int64_t count = n - start < chunk ? n - start : chunk;                                                   \
            widen_##half(count, HK_AT(x, start * sx), sx, wide);                                                     \
            HK_HALF_RESULT_UNARY(name, half)                                                                         \
        }                                                                                                            \
    }
#define HK_HALF_BINARY(name, half)                                                                                   \
    static void binary_##name##_##half(                                                                              \
        int64_t n, const void *x, int64_t sx, const void *y, int64_t sy, void *out, double a, double b) {            \
        float wide[chunk], other[chunk];                                                                             \
        for (int64_t start = 0; start < n; start += chunk) {                                                         \
            int64_t count = n - start < chunk ? n - start : chunk;                                                   \
            widen_##half(count, HK_AT(x, start * sx), sx, wide);                                                     \
            widen_##half(count, HK_AT(y, start * sy), sy, other);                                                    \
            HK_HALF_RESULT_BINARY(name, half)                                                                        \
        }                                                                                                            \
    }

#define HK_HALF_RESULT_UNARY(name, half)                                                                             \
    hk_unary_kernels_f32[HK_##name](count, wide, 1, wide, a, b);                                                     \
    narrow_##half(count, wide, (uint8_t *)out + start * 2);
#define HK_HALF_RESULT_BINARY(name, half)                                                                            \
    hk_binary_kernels_f32[HK_##name](count, wide, 1, other, 1, wide, a, b);                                          \
    narrow_##half(count, wide, (uint8_t *)out + start * 2);
#define HK_ROW(name, expression) HK_HALF_UNARY(name, f16) HK_HALF_UNARY(name, bf16)
HK_UNARY_FLOAT_ROWS(HK_ROW)
HK_UNARY_PERIODIC_ROWS(HK_ROW)
#undef HK_ROW
#define HK_ROW(name, expression) HK_HALF_BINARY(name, f16) HK_HALF_BINARY(name, bf16)
HK_BINARY_FLOAT_ROWS(HK_ROW)
#undef HK_ROW
#undef HK_HALF_RESULT_UNARY
#undef HK_HALF_RESULT_BINARY

// Predicates write bytes, which need no narrowing.
#define HK_HALF_RESULT_UNARY(name, half)                                                                             \
    hk_unary_kernels_f32[HK_##name](count, wide, 1, (uint8_t *)out + start, a, b);
#define HK_HALF_RESULT_BINARY(name, half)                                                                            \
    hk_binary_kernels_f32[HK_##name](count, wide, 1, other, 1, (uint8_t *)out + start, a, b);
#define HK_ROW(name, expression) HK_HALF_UNARY(name, f16) HK_HALF_UNARY(name, bf16)
HK_UNARY_PREDICATE_ROWS(HK_ROW)
#undef HK_ROW
#define HK_ROW(name, expression) HK_HALF_BINARY(name, f16) HK_HALF_BINARY(name, bf16)
HK_BINARY_PREDICATE_ROWS(HK_ROW)
#undef HK_ROW

#define HK_ALL_UNARY(ROW) HK_UNARY_FLOAT_ROWS(ROW) HK_UNARY_PERIODIC_ROWS(ROW) HK_UNARY_PREDICATE_ROWS(ROW)
#define HK_ALL_BINARY(ROW) HK_BINARY_FLOAT_ROWS(ROW) HK_BINARY_PREDICATE_ROWS(ROW)

#define HK_ROW(name, expression) [HK_##name] = unary_##name##_f16,
const hk_unary_kernel hk_unary_kernels_f16[HK_unary_count] = {HK_ALL_UNARY(HK_ROW)};
#undef HK_ROW
#define HK_ROW(name, expression) [HK_##name] = unary_##name##_bf16,
const hk_unary_kernel hk_unary_kernels_bf16[HK_unary_count] = {HK_ALL_UNARY(HK_ROW)};
#undef HK_ROW
#define HK_ROW(name, expression) [HK_##name] = binary_##name##_f16,
const hk_binary_kernel hk_binary_kernels_f16[HK_binary_count] = {HK_ALL_BINARY(HK_ROW)};
#undef HK_ROW
#define HK_ROW(name, expression) [HK_##name] = binary_##name##_bf16,
const hk_binary_kernel hk_binary_kernels_bf16[HK_binary_count] = {HK_ALL_BINARY(HK_ROW)};
#undef HK_ROW
