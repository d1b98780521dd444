#include "elementwise_rows.h"

static void whole_sin_f32(int64_t n, const void *x, int64_t sx, void *out, double a, double b);
static void whole_cos_f32(int64_t n, const void *x, int64_t sx, void *out, double a, double b);

#define T float
#define HK_SUFFIX f32
#define HK_REAL_CLONES HK_CLONES
#define HK_UNARY_PERIODIC(name, expression) [HK_##name] = whole_##name##_f32,
#include "elementwise_real.inc"

// Sine and cosine: the vectorised loop, then the few elements that lie beyond its range once more. The output may be
// the operand's memory, so the operand is kept aside.
#define HK_WHOLE_RANGE(name, library)                                                                                \
    static void whole_##name##_f32(int64_t n, const void *x, int64_t sx, void *out, double a, double b) {            \
        enum { block = 1024 };                                                                                       \
        float operand[block];                                                                                        \
        for (int64_t start = 0; start < n; start += block) {                                                         \
            int64_t count = n - start < block ? n - start : block;                                                   \
            int beyond = 0;                                                                                          \
            for (int64_t i = 0; i < count; i++) {                                                                    \
                operand[i] = ((const float *)x)[(start + i) * sx];                                                   \
                beyond |= fabsf(operand[i]) > HK_PERIODIC_LIMIT;                                                     \
            }                                                                                                        \
            float *result = (float *)out + start;                                                                    \
            unary_##name##_f32(count, operand, 1, result, a, b);                                                     \
            for (int64_t i = 0; beyond && i < count; i++)                                                            \
                if (fabsf(operand[i]) > HK_PERIODIC_LIMIT) result[i] = library(operand[i]);                          \
        }                                                                                                            \
    }
HK_WHOLE_RANGE(sin, sinf)
HK_WHOLE_RANGE(cos, cosf)
