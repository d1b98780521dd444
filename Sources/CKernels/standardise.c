#include "standardise.h"

#include "targets.h"

// Sums are formed in blocks, whose partial sums are added in double.
enum { block = 1024, places = 256 };

#define HK_STANDARDISE(T, suffix)                                                                                    \
    HK_CLONES static double sum_##suffix(int64_t n, const T *x) {                                                    \
        _Pragma("clang fp reassociate(on)")                                                                          \
        double total = 0;                                                                                            \
        for (int64_t start = 0; start < n; start += block) {                                                         \
            int64_t end = n - start < block ? n : start + block;                                                     \
            T sum = 0;                                                                                               \
            for (int64_t i = start; i < end; i++) sum += x[i];                                                       \
            total += sum;                                                                                            \
        }                                                                                                            \
        return total;                                                                                                \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES static double squares_##suffix(int64_t n, const T *x, T mean) {                                        \
        _Pragma("clang fp reassociate(on)")                                                                          \
        double total = 0;                                                                                            \
        for (int64_t start = 0; start < n; start += block) {                                                         \
            int64_t end = n - start < block ? n : start + block;                                                     \
            T sum = 0;                                                                                               \
            for (int64_t i = start; i < end; i++) sum += (x[i] - mean) * (x[i] - mean);                              \
            total += sum;                                                                                            \
        }                                                                                                            \
        return total;                                                                                                \
    }                                                                                                                \
                                                                                                                     \
    /* Sums of g * w and g * w * (x - mean); without weights w is 1. */                                              \
    HK_CLONES static void products_##suffix(                                                                         \
        int64_t n, const T *g, const T *x, T mean, const T *weight, double *first, double *second) {                 \
        _Pragma("clang fp reassociate(on)")                                                                          \
        for (int64_t start = 0; start < n; start += block) {                                                         \
            int64_t end = n - start < block ? n : start + block;                                                     \
            T a = 0, b = 0;                                                                                          \
            if (weight)                                                                                              \
                for (int64_t i = start; i < end; i++) {                                                              \
                    T v = g[i] * weight[i];                                                                          \
                    a += v;                                                                                          \
                    b += v * (x[i] - mean);                                                                          \
                }                                                                                                    \
            else                                                                                                     \
                for (int64_t i = start; i < end; i++) {                                                              \
                    a += g[i];                                                                                       \
                    b += g[i] * (x[i] - mean);                                                                       \
                }                                                                                                    \
            *first += a;                                                                                             \
            *second += b;                                                                                            \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    void hk_moments_##suffix(                                                                                        \
        const hk_groups *s, int64_t first, int64_t end, int centred, const T *x, T *mean, T *variance) {             \
        const double count = (double)(s->batches * s->length);                                                       \
        for (int64_t c = first; c < end; c++) {                                                                      \
            double total = 0, squares = 0;                                                                           \
            for (int64_t b = 0; centred && b < s->batches; b++)                                                      \
                total += sum_##suffix(s->length, x + (b * s->groups + c) * s->length);                               \
            mean[c] = centred ? (T)(total / count) : 0;                                                              \
            for (int64_t b = 0; b < s->batches; b++)                                                                 \
                squares += squares_##suffix(s->length, x + (b * s->groups + c) * s->length, mean[c]);                \
            variance[c] = (T)(squares / count);                                                                      \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES static void affine_##suffix(int64_t n, const T *x, T mean, T scale, T bias, T *out) {                  \
        for (int64_t i = 0; i < n; i++) out[i] = (x[i] - mean) * scale + bias;                                       \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES static void affine_along_##suffix(                                                                     \
        int64_t n, const T *x, T mean, T scale, const T *weight, const T *bias, T *out) {                            \
        if (weight && bias)                                                                                          \
            for (int64_t i = 0; i < n; i++) out[i] = (x[i] - mean) * scale * weight[i] + bias[i];                    \
        else if (weight)                                                                                             \
            for (int64_t i = 0; i < n; i++) out[i] = (x[i] - mean) * scale * weight[i];                              \
        else                                                                                                         \
            for (int64_t i = 0; i < n; i++) out[i] = (x[i] - mean) * scale + bias[i];                                \
    }                                                                                                                \
                                                                                                                     \
    void hk_standardise_##suffix(                                                                                    \
        const hk_groups *s, int64_t first, int64_t end, const T *x, const T *mean, const T *scale, const T *weight,  \
        const T *bias, T *out) {                                                                                     \
        const int64_t part = s->length / s->parts;                                                                   \
        for (int64_t b = 0; b < s->batches; b++)                                                                     \
            for (int64_t c = first; c < end; c++) {                                                                  \
                int64_t at = (b * s->groups + c) * s->length;                                                        \
                if (s->along && (weight || bias)) {                                                                  \
                    affine_along_##suffix(s->length, x + at, mean[c], scale[c], weight, bias, out + at);             \
                    continue;                                                                                        \
                }                                                                                                    \
                for (int64_t p = 0; p < s->parts; p++, at += part) {                                                 \
                    int64_t w = c % s->cycle * s->parts + p;                                                         \
                    const T factor = weight ? scale[c] * weight[w] : scale[c];                                       \
                    affine_##suffix(part, x + at, mean[c], factor, bias ? bias[w] : 0, out + at);                    \
                }                                                                                                    \
            }                                                                                                        \
    }                                                                                                                \
                                                                                                                     \
    /* out = (g * w - shift - (x - mean) * slope) * scale; w is one number, or weights. */                           \
    HK_CLONES static void gradient_##suffix(                                                                         \
        int64_t n, const T *g, const T *x, T mean, T scale, T shift, T slope, const T *weights, T weight, T *out) {  \
        if (weights)                                                                                                 \
            for (int64_t i = 0; i < n; i++)                                                                          \
                out[i] = (g[i] * weights[i] - shift - (x[i] - mean) * slope) * scale;                                \
        else                                                                                                         \
            for (int64_t i = 0; i < n; i++) out[i] = (g[i] * weight - shift - (x[i] - mean) * slope) * scale;        \
    }                                                                                                                \
                                                                                                                     \
    void hk_standardise_gradient_##suffix(                                                                           \
        const hk_groups *s, int64_t first, int64_t end, const T *g, const T *x, const T *mean, const T *scale,       \
        const T *weight, int follows, int centred, T *out) {                                                         \
        const double count = (double)(s->batches * s->length);                                                       \
        const int64_t parts = s->along ? 1 : s->parts, part = s->length / parts;                                     \
        const T *along = s->along ? weight : 0, *weights = s->along ? 0 : weight;                                    \
        for (int64_t c = first; c < end; c++) {                                                                      \
            const T *w = weights ? weights + c % s->cycle * parts : 0;                                               \
            double total = 0, product = 0;                                                                           \
            for (int64_t b = 0; follows && b < s->batches; b++) {                                                    \
                int64_t at = (b * s->groups + c) * s->length;                                                        \
                for (int64_t p = 0; p < parts; p++, at += part) {                                                    \
                    double first_sum = 0, second_sum = 0;                                                            \
                    products_##suffix(part, g + at, x + at, mean[c], along, &first_sum, &second_sum);                \
                    total += first_sum * (w ? w[p] : 1);                                                             \
                    product += second_sum * (w ? w[p] : 1);                                                          \
                }                                                                                                    \
            }                                                                                                        \
            T shift = follows && centred ? (T)(total / count) : 0;                                                   \
            T slope = follows ? (T)(product / count * scale[c] * scale[c]) : 0;                                      \
            for (int64_t b = 0; b < s->batches; b++) {                                                               \
                int64_t at = (b * s->groups + c) * s->length;                                                        \
                for (int64_t p = 0; p < parts; p++, at += part)                                                      \
                    gradient_##suffix(                                                                               \
                        part, g + at, x + at, mean[c], scale[c], shift, slope, along, w ? w[p] : 1, out + at);       \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES static void sums_along_##suffix(                                                                       \
        const hk_groups *s, int64_t start, int64_t n, const T *g, const T *x, const T *mean, const T *scale,         \
        T *weight, T *bias) {                                                                                        \
        double w[places] = {0}, b[places] = {0};                                                                     \
        for (int64_t row = 0; row < s->batches * s->groups; row++) {                                                 \
            const T *gs = g + row * s->length + start, *xs = x + row * s->length + start;                            \
            const T m = mean[row % s->groups], r = scale[row % s->groups];                                           \
            for (int64_t i = 0; i < n; i++) {                                                                        \
                w[i] += gs[i] * (xs[i] - m) * r;                                                                     \
                b[i] += gs[i];                                                                                       \
            }                                                                                                        \
        }                                                                                                            \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            weight[start + i] = (T)w[i];                                                                             \
            bias[start + i] = (T)b[i];                                                                               \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    void hk_standardise_sums_##suffix(                                                                               \
        const hk_groups *s, int64_t first, int64_t end, const T *g, const T *x, const T *mean, const T *scale,       \
        T *weight, T *bias) {                                                                                        \
        if (s->along) {                                                                                              \
            for (int64_t start = first; start < end; start += places)                                                \
                sums_along_##suffix(                                                                                 \
                    s, start, end - start < places ? end - start : places, g, x, mean, scale, weight, bias);         \
            return;                                                                                                  \
        }                                                                                                            \
        const int64_t part = s->length / s->parts;                                                                   \
        for (int64_t w = first; w < end; w++) {                                                                      \
            double total = 0, product = 0;                                                                           \
            for (int64_t c = w / s->parts; c < s->groups; c += s->cycle) {                                           \
                double sum = 0;                                                                                      \
                for (int64_t b = 0; b < s->batches; b++) {                                                           \
                    int64_t at = (b * s->groups + c) * s->length + w % s->parts * part;                              \
                    products_##suffix(part, g + at, x + at, mean[c], 0, &total, &sum);                               \
                }                                                                                                    \
                product += sum * scale[c];                                                                           \
            }                                                                                                        \
            weight[w] = (T)product;                                                                                  \
            bias[w] = (T)total;                                                                                      \
        }                                                                                                            \
    }

#pragma clang diagnostic ignored "-Wpass-failed"
HK_STANDARDISE(float, f32)
HK_STANDARDISE(double, f64)
