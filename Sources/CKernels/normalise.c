#include "normalise.h"

#include "math_generic.h"
#include "types.h"

// Sums are formed in blocks of 1024, so that float32 stays exact for long rows; within a block any order will do.
enum { sum_block = 1024, chunk = 128 };

#define HK_NORMALISE(T, suffix)                                                                                      \
    HK_CLONES static T largest_##suffix(int64_t n, const T *x) {                                                     \
        HK_KEY_TYPE_##suffix best = HK_LOW(HK_KEY_TYPE_##suffix);                                                    \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            HK_KEY_TYPE_##suffix key = hk_key_##suffix(x[i], HK_HIGH(HK_KEY_TYPE_##suffix));                         \
            best = key > best ? key : best;                                                                          \
        }                                                                                                            \
        return hk_value_##suffix(best);                                                                              \
    }                                                                                                                \
                                                                                                                     \
    /* out = exp(x - shift); returns the sum. With out null only the sum is formed. */                               \
    HK_CLONES static double exp_sum_##suffix(int64_t n, const T *x, T shift, T *out) {                               \
        _Pragma("clang fp reassociate(on)")                                                                          \
        double total = 0;                                                                                            \
        for (int64_t start = 0; start < n; start += sum_block) {                                                     \
            int64_t end = n - start < sum_block ? n : start + sum_block;                                             \
            T sum = 0;                                                                                               \
            if (out)                                                                                                 \
                HK_INDEPENDENT                                                                                       \
                for (int64_t i = start; i < end; i++) sum += out[i] = hk_exp(x[i] - shift);                          \
            else                                                                                                     \
                for (int64_t i = start; i < end; i++) sum += hk_exp(x[i] - shift);                                   \
            total += sum;                                                                                            \
        }                                                                                                            \
        return total;                                                                                                \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES static void softmax_row_##suffix(int64_t n, int log_, const T *x, T *out) {                            \
        T shift = largest_##suffix(n, x);                                                                            \
        if (log_) {                                                                                                  \
            T logarithm = (T)log(exp_sum_##suffix(n, x, shift, 0));                                                  \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < n; i++) out[i] = x[i] - shift - logarithm;                                       \
        } else {                                                                                                     \
            T scale = (T)(1 / exp_sum_##suffix(n, x, shift, out));                                                   \
            for (int64_t i = 0; i < n; i++) out[i] *= scale;                                                         \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES static void softmax_columns_##suffix(int64_t n, int64_t columns, int log_, const T *x, T *out) {       \
        for (int64_t first = 0; first < columns; first += chunk) {                                                   \
            int64_t count = columns - first < chunk ? columns - first : chunk;                                       \
            T shift[chunk], sum[chunk];                                                                              \
            for (int64_t j = 0; j < count; j++) shift[j] = x[first + j], sum[j] = 0;                                 \
            for (int64_t i = 1; i < n; i++)                                                                          \
                for (int64_t j = 0; j < count; j++) {                                                                \
                    T v = x[i * columns + first + j];                                                                \
                    shift[j] = ((v > shift[j]) | (v != v)) ? v : shift[j];                                           \
                }                                                                                                    \
            for (int64_t i = 0; i < n; i++) {                                                                        \
                const T *row = x + i * columns + first;                                                              \
                T *result = out + i * columns + first;                                                               \
                HK_INDEPENDENT                                                                                       \
                for (int64_t j = 0; j < count; j++) {                                                                \
                    T e = hk_exp(row[j] - shift[j]);                                                                 \
                    sum[j] += e;                                                                                     \
                    result[j] = log_ ? row[j] : e;                                                                   \
                }                                                                                                    \
            }                                                                                                        \
            for (int64_t j = 0; j < count; j++) sum[j] = log_ ? hk_log(sum[j]) : 1 / sum[j];                         \
            for (int64_t i = 0; i < n; i++) {                                                                        \
                T *result = out + i * columns + first;                                                               \
                for (int64_t j = 0; j < count; j++)                                                                  \
                    result[j] = log_ ? result[j] - shift[j] - sum[j] : result[j] * sum[j];                           \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    void hk_softmax_##suffix(int64_t n, int64_t columns, int log_, const T *x, T *out) {                             \
        if (columns == 1)                                                                                            \
            softmax_row_##suffix(n, log_, x, out);                                                                   \
        else                                                                                                         \
            softmax_columns_##suffix(n, columns, log_, x, out);                                                      \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES static void gradient_row_##suffix(int64_t n, int log_, const T *g, const T *y, T *out) {               \
        _Pragma("clang fp reassociate(on)")                                                                          \
        double total = 0;                                                                                            \
        for (int64_t start = 0; start < n; start += sum_block) {                                                     \
            int64_t end = n - start < sum_block ? n : start + sum_block;                                             \
            T sum = 0;                                                                                               \
            if (log_)                                                                                                \
                for (int64_t i = start; i < end; i++) sum += g[i];                                                   \
            else                                                                                                     \
                for (int64_t i = start; i < end; i++) sum += g[i] * y[i];                                            \
            total += sum;                                                                                            \
        }                                                                                                            \
        T sum = (T)total;                                                                                            \
        if (log_) {                                                                                                  \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < n; i++) out[i] = g[i] - hk_exp(y[i]) * sum;                                      \
        } else {                                                                                                     \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < n; i++) out[i] = (g[i] - sum) * y[i];                                            \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES static void gradient_columns_##suffix(                                                                 \
        int64_t n, int64_t columns, int log_, const T *g, const T *y, T *out) {                                      \
        for (int64_t first = 0; first < columns; first += chunk) {                                                   \
            int64_t count = columns - first < chunk ? columns - first : chunk;                                       \
            T sum[chunk];                                                                                            \
            for (int64_t j = 0; j < count; j++) sum[j] = 0;                                                          \
            for (int64_t i = 0; i < n; i++) {                                                                        \
                const int64_t at = i * columns + first;                                                              \
                for (int64_t j = 0; j < count; j++) sum[j] += log_ ? g[at + j] : g[at + j] * y[at + j];              \
            }                                                                                                        \
            for (int64_t i = 0; i < n; i++) {                                                                        \
                const int64_t at = i * columns + first;                                                              \
                if (log_) {                                                                                          \
                    HK_INDEPENDENT                                                                                   \
                    for (int64_t j = 0; j < count; j++) out[at + j] = g[at + j] - hk_exp(y[at + j]) * sum[j];        \
                } else {                                                                                             \
                    HK_INDEPENDENT                                                                                   \
                    for (int64_t j = 0; j < count; j++) out[at + j] = (g[at + j] - sum[j]) * y[at + j];              \
                }                                                                                                    \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    void hk_softmax_gradient_##suffix(int64_t n, int64_t columns, int log_, const T *g, const T *y, T *out) {        \
        if (columns == 1)                                                                                            \
            gradient_row_##suffix(n, log_, g, y, out);                                                               \
        else                                                                                                         \
            gradient_columns_##suffix(n, columns, log_, g, y, out);                                                  \
    }                                                                                                                \
                                                                                                                     \
    void hk_cross_entropy_##suffix(                                                                                  \
        int64_t rows, int64_t n, const T *logits, const int64_t *classes, int64_t ignored, T *losses,                \
        T *log_sum_exp) {                                                                                            \
        for (int64_t i = 0; i < rows; i++) {                                                                         \
            const T *row = logits + i * n;                                                                           \
            T shift = largest_##suffix(n, row);                                                                      \
            T logarithm = (T)log(exp_sum_##suffix(n, row, shift, 0));                                                \
            log_sum_exp[i] = shift + logarithm;                                                                      \
            losses[i] = classes[i] == ignored ? 0 : logarithm - (row[classes[i]] - shift);                           \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_cross_entropy_gradient_##suffix(                                                               \
        int64_t rows, int64_t n, const T *g, int64_t sg, const T *logits, const int64_t *classes, int64_t ignored,   \
        const T *log_sum_exp, T *out) {                                                                              \
        for (int64_t i = 0; i < rows; i++) {                                                                         \
            const T *row = logits + i * n;                                                                           \
            T *result = out + i * n;                                                                                 \
            if (classes[i] == ignored) {                                                                             \
                memset(result, 0, (size_t)n * sizeof(T));                                                            \
                continue;                                                                                            \
            }                                                                                                        \
            const T scale = g[i * sg];                                                                               \
            const T shift = log_sum_exp[i];                                                                          \
            HK_INDEPENDENT                                                                                           \
            for (int64_t j = 0; j < n; j++) result[j] = scale * hk_exp(row[j] - shift);                              \
            result[classes[i]] -= scale;                                                                             \
        }                                                                                                            \
    }

#define HK_KEY_TYPE_f32 int32_t
#define HK_KEY_TYPE_f64 int64_t
#pragma clang diagnostic ignored "-Wpass-failed"
HK_NORMALISE(float, f32)
HK_NORMALISE(double, f64)
