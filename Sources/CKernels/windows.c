#include "windows.h"

#include "targets.h"

// The widest plane whose rows are pooled by columns first.
enum { widest = 1024 };

// The larger of both; NaN is larger than all.
#define larger(v, best) ((v) > (best) || (v) != (v) ? (v) : (best))

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

// The windows o of dimension d whose element k lies inside the plane, as a range.
static void inside(const hk_window *w, int d, int64_t k, int64_t *first, int64_t *end) {
    int64_t offset = k * w->dilation[d] - w->before[d], stride = w->stride[d];
    *first = offset < 0 ? least((-offset + stride - 1) / stride, w->out[d]) : 0;
    int64_t last = w->size[d] - 1 - offset;
    *end = last < 0 ? *first : most(*first, least(last / stride + 1, w->out[d]));
}

#define HK_WINDOWS(T, suffix)                                                                                        \
    void hk_unfold_##suffix(const hk_window *w, const T *plane, T *columns) {                                        \
        const int64_t width = w->out[2], stride = w->stride[2];                                                      \
        for (int64_t a = 0; a < w->kernel[0]; a++)                                                                   \
            for (int64_t b = 0; b < w->kernel[1]; b++)                                                               \
                for (int64_t c = 0; c < w->kernel[2]; c++) {                                                         \
                    int64_t first, end;                                                                              \
                    inside(w, 2, c, &first, &end);                                                                   \
                    int64_t offset = c * w->dilation[2] - w->before[2];                                              \
                    for (int64_t z = 0; z < w->out[0]; z++)                                                          \
                        for (int64_t y = 0; y < w->out[1]; y++, columns += width) {                                  \
                            int64_t i = z * w->stride[0] - w->before[0] + a * w->dilation[0];                        \
                            int64_t j = y * w->stride[1] - w->before[1] + b * w->dilation[1];                        \
                            if (i < 0 || i >= w->size[0] || j < 0 || j >= w->size[1]) {                              \
                                memset(columns, 0, (size_t)width * sizeof(T));                                       \
                                continue;                                                                            \
                            }                                                                                        \
                            const T *row = plane + (i * w->size[1] + j) * w->size[2];                                \
                            for (int64_t x = 0; x < first; x++) columns[x] = 0;                                      \
                            if (stride == 1 && end > first)                                                          \
                                memcpy(columns + first, row + first + offset, (size_t)(end - first) * sizeof(T));    \
                            else                                                                                     \
                                for (int64_t x = first; x < end; x++) columns[x] = row[x * stride + offset];         \
                            for (int64_t x = end; x < width; x++) columns[x] = 0;                                    \
                        }                                                                                            \
                }                                                                                                    \
    }                                                                                                                \
                                                                                                                     \
    HK_FEW_CLONES void hk_fold_##suffix(const hk_window *w, const T *columns, T *plane) {                            \
        const int64_t width = w->out[2], stride = w->stride[2];                                                      \
        memset(plane, 0, (size_t)(w->size[0] * w->size[1] * w->size[2]) * sizeof(T));                                \
        for (int64_t a = 0; a < w->kernel[0]; a++)                                                                   \
            for (int64_t b = 0; b < w->kernel[1]; b++)                                                               \
                for (int64_t c = 0; c < w->kernel[2]; c++) {                                                         \
                    int64_t first, end;                                                                              \
                    inside(w, 2, c, &first, &end);                                                                   \
                    int64_t offset = c * w->dilation[2] - w->before[2];                                              \
                    for (int64_t z = 0; z < w->out[0]; z++)                                                          \
                        for (int64_t y = 0; y < w->out[1]; y++, columns += width) {                                  \
                            int64_t i = z * w->stride[0] - w->before[0] + a * w->dilation[0];                        \
                            int64_t j = y * w->stride[1] - w->before[1] + b * w->dilation[1];                        \
                            if (i < 0 || i >= w->size[0] || j < 0 || j >= w->size[1]) continue;                      \
                            T *row = plane + (i * w->size[1] + j) * w->size[2] + offset;                             \
                            if (stride == 1)                                                                         \
                                HK_INDEPENDENT                                                                       \
                                for (int64_t x = first; x < end; x++) row[x] += columns[x];                          \
                            else                                                                                     \
                                for (int64_t x = first; x < end; x++) row[x * stride] += columns[x];                 \
                        }                                                                                            \
                }                                                                                                    \
    }                                                                                                                \
                                                                                                                     \
    /* The largest of the rows first..end of a plane, column by column, and the positions of these. */               \
    HK_CLONES static void tallest_##suffix(                                                                          \
        const hk_pool *p, int64_t first, int64_t end, int64_t step, const T *plane, T *best, int32_t *at) {          \
        const int64_t width = p->size[2];                                                                            \
        for (int64_t x = 0; x < width; x++) best[x] = plane[first * width + x];                                      \
        for (int64_t x = 0; x < width; x++) at[x] = (int32_t)(first * width + x);                                    \
        for (int64_t j = first + step; j < end; j += step)                                                           \
            HK_INDEPENDENT                                                                                           \
            for (int64_t x = 0; x < width; x++) {                                                                    \
                T v = plane[j * width + x];                                                                          \
                int wins = (v > best[x]) | (v != v);                                                                 \
                best[x] = wins ? v : best[x];                                                                        \
                at[x] = wins ? (int32_t)(j * width + x) : at[x];                                                     \
            }                                                                                                        \
    }                                                                                                                \
                                                                                                                     \
    /* A plane of two dimensions: the largest of each column of a window first, then the largest of these. Of equal  \
       ones the first in the plane counts. */                                                                        \
    static void max_pool_flat_##suffix(const hk_pool *p, const T *plane, T *out, int64_t *positions) {               \
        T best[widest];                                                                                              \
        int32_t at[widest];                                                                                          \
        for (int64_t y = 0; y < p->out[1]; y++) {                                                                    \
            tallest_##suffix(p, p->start[1][y], p->end[1][y], p->step[1], plane, best, at);                          \
            for (int64_t x = 0; x < p->out[2]; x++) {                                                                \
                int64_t k = p->start[2][x], end = p->end[2][x];                                                      \
                T largest = best[k];                                                                                 \
                int32_t place = at[k];                                                                               \
                for (k += p->step[2]; k < end; k += p->step[2]) {                                                    \
                    T v = best[k];                                                                                   \
                    int wins = (v > largest) | (v != v) | ((v == largest) & (at[k] < place));                        \
                    largest = wins ? v : largest;                                                                    \
                    place = wins ? at[k] : place;                                                                    \
                }                                                                                                    \
                *out++ = largest;                                                                                    \
                *positions++ = place;                                                                                \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    /* The largest of the rows first..end of a plane, column by column. */                                           \
    HK_CLONES static void tallest_values_##suffix(                                                                   \
        int64_t width, int64_t first, int64_t end, int64_t step, const T *plane, T *best) {                          \
        for (int64_t x = 0; x < width; x++) best[x] = plane[first * width + x];                                      \
        for (int64_t j = first + step; j < end; j += step)                                                           \
            HK_INDEPENDENT                                                                                           \
            for (int64_t x = 0; x < width; x++) best[x] = larger(plane[j * width + x], best[x]);                     \
    }                                                                                                                \
                                                                                                                     \
    /* out[x] = the largest of `taps` elements from x * stride on, `step` apart. */                                  \
    HK_INLINE void widest_values_##suffix(                                                                           \
        int64_t n, const int64_t stride, int64_t taps, int64_t step, const T *best, T *out) {                        \
        for (int64_t x = 0; x < n; x++) out[x] = best[x * stride];                                                   \
        for (int64_t k = 1; k < taps; k++)                                                                           \
            HK_INDEPENDENT                                                                                           \
            for (int64_t x = 0; x < n; x++) out[x] = larger(best[x * stride + k * step], out[x]);                    \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES static void max_pool_row_##suffix(const hk_pool *p, int64_t first, int64_t end, const T *best, T *out) {\
        const int32_t *start = p->start[2], *stop = p->end[2];                                                       \
        const int64_t step = p->step[2], stride = end > first + 1 ? start[first + 1] - start[first] : 1;             \
        const int64_t taps = (stop[first] - start[first] + step - 1) / step;                                         \
        if (stride == 1)                                                                                             \
            widest_values_##suffix(end - first, 1, taps, step, best + start[first], out + first);                    \
        else if (stride == 2)                                                                                        \
            widest_values_##suffix(end - first, 2, taps, step, best + start[first], out + first);                    \
        else                                                                                                         \
            widest_values_##suffix(end - first, stride, taps, step, best + start[first], out + first);               \
    }                                                                                                                \
                                                                                                                     \
    /* Where windows are whole, that is all but a few at both ends, they are looked at together. */                  \
    static void max_pool_flat_values_##suffix(const hk_pool *p, const T *plane, T *out) {                            \
        T best[widest];                                                                                              \
        const int32_t *start = p->start[2], *stop = p->end[2];                                                       \
        const int64_t n = p->out[2], step = p->step[2];                                                              \
        int64_t first = 0, end;                                                                                      \
        for (int64_t x = 1; x < n; x++)                                                                              \
            if (stop[x] - start[x] > stop[first] - start[first]) first = x;                                          \
        for (end = first + 1; end < n; end++)                                                                        \
            if (stop[end] - start[end] != stop[first] - start[first] ||                                              \
                start[end] - start[end - 1] != start[first + 1] - start[first])                                      \
                break;                                                                                               \
        for (int64_t y = 0; y < p->out[1]; y++, out += n) {                                                          \
            tallest_values_##suffix(                                                                                 \
                p->size[2], p->start[1][y], p->end[1][y], p->step[1], plane, best);                                  \
            max_pool_row_##suffix(p, first, end, best, out);                                                         \
            for (int64_t x = 0; x < n; x++) {                                                                        \
                if (x == first) x = end;                                                                             \
                if (x >= n) break;                                                                                   \
                T value = best[start[x]];                                                                            \
                for (int64_t k = start[x] + step; k < stop[x]; k += step) value = larger(best[k], value);            \
                out[x] = value;                                                                                      \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_FEW_CLONES static void max_pool_deep_##suffix(                                                                \
        const hk_pool *p, const T *plane, T *out, int64_t *positions) {                                              \
        for (int64_t z = 0; z < p->out[0]; z++)                                                                      \
            for (int64_t y = 0; y < p->out[1]; y++)                                                                  \
                for (int64_t x = 0; x < p->out[2]; x++) {                                                            \
                    int64_t at = (p->start[0][z] * p->size[1] + p->start[1][y]) * p->size[2] + p->start[2][x];       \
                    T best = plane[at];                                                                              \
                    for (int64_t i = p->start[0][z]; i < p->end[0][z]; i += p->step[0])                              \
                        for (int64_t j = p->start[1][y]; j < p->end[1][y]; j += p->step[1]) {                        \
                            int64_t row = (i * p->size[1] + j) * p->size[2];                                         \
                            for (int64_t k = p->start[2][x]; k < p->end[2][x]; k += p->step[2]) {                    \
                                T v = plane[row + k];                                                                \
                                int wins = (v > best) | (v != v);                                                    \
                                best = wins ? v : best;                                                              \
                                at = wins ? row + k : at;                                                            \
                            }                                                                                        \
                        }                                                                                            \
                    *out++ = best;                                                                                   \
                    if (positions != NULL) *positions++ = at;                                                        \
                }                                                                                                    \
    }                                                                                                                \
                                                                                                                     \
    void hk_max_pool_##suffix(const hk_pool *p, const T *plane, T *out, int64_t *positions) {                        \
        const int is_flat = p->size[0] == 1 && p->out[0] == 1 && p->size[2] <= widest;                               \
        if (is_flat && positions == NULL)                                                                            \
            max_pool_flat_values_##suffix(p, plane, out);                                                            \
        else if (is_flat && p->size[1] * p->size[2] < INT32_MAX && positions != NULL)                                \
            max_pool_flat_##suffix(p, plane, out, positions);                                                        \
        else                                                                                                         \
            max_pool_deep_##suffix(p, plane, out, positions);                                                        \
    }                                                                                                                \
                                                                                                                     \
    void hk_max_pool_gradient_##suffix(                                                                              \
        int64_t out, int64_t size, const T *g, const int64_t *positions, T *plane) {                                 \
        memset(plane, 0, (size_t)size * sizeof(T));                                                                  \
        for (int64_t o = 0; o < out; o++) plane[positions[o]] += g[o];                                               \
    }                                                                                                                \
                                                                                                                     \
    HK_FEW_CLONES void hk_average_pool_##suffix(const hk_pool *p, const T *plane, T *out) {                          \
        for (int64_t z = 0; z < p->out[0]; z++)                                                                      \
            for (int64_t y = 0; y < p->out[1]; y++)                                                                  \
                for (int64_t x = 0; x < p->out[2]; x++) {                                                            \
                    double sum = 0;                                                                                  \
                    for (int64_t i = p->start[0][z]; i < p->end[0][z]; i += p->step[0])                              \
                        for (int64_t j = p->start[1][y]; j < p->end[1][y]; j += p->step[1]) {                        \
                            const T *row = plane + (i * p->size[1] + j) * p->size[2];                                \
                            for (int64_t k = p->start[2][x]; k < p->end[2][x]; k += p->step[2]) sum += row[k];       \
                        }                                                                                            \
                    *out++ = (T)(sum * p->scale[0][z] * p->scale[1][y] * p->scale[2][x]);                            \
                }                                                                                                    \
    }                                                                                                                \
                                                                                                                     \
    HK_FEW_CLONES void hk_average_pool_gradient_##suffix(const hk_pool *p, const T *g, T *plane) {                   \
        memset(plane, 0, (size_t)(p->size[0] * p->size[1] * p->size[2]) * sizeof(T));                                \
        for (int64_t z = 0; z < p->out[0]; z++)                                                                      \
            for (int64_t y = 0; y < p->out[1]; y++)                                                                  \
                for (int64_t x = 0; x < p->out[2]; x++) {                                                            \
                    T share = (T)(*g++ * p->scale[0][z] * p->scale[1][y] * p->scale[2][x]);                          \
                    for (int64_t i = p->start[0][z]; i < p->end[0][z]; i += p->step[0])                              \
                        for (int64_t j = p->start[1][y]; j < p->end[1][y]; j += p->step[1]) {                        \
                            T *row = plane + (i * p->size[1] + j) * p->size[2];                                      \
                            for (int64_t k = p->start[2][x]; k < p->end[2][x]; k += p->step[2]) row[k] += share;     \
                        }                                                                                            \
                }                                                                                                    \
    }                                                                                                                \
                                                                                                                     \
    HK_FEW_CLONES void hk_resample_##suffix(                                                                         \
        int64_t out, int64_t taps, int64_t inner, const int32_t *positions, const double *weights, const T *x,       \
        T *result) {                                                                                                 \
        for (int64_t o = 0; o < out; o++, positions += taps, weights += taps, result += inner) {                     \
            if (inner == 1) {                                                                                        \
                double sum = 0;                                                                                      \
                for (int64_t t = 0; t < taps; t++) sum += weights[t] * x[positions[t]];                              \
                *result = (T)sum;                                                                                    \
                continue;                                                                                            \
            }                                                                                                        \
            const T *row = x + positions[0] * inner;                                                                 \
            T weight = (T)weights[0];                                                                                \
            for (int64_t j = 0; j < inner; j++) result[j] = weight * row[j];                                         \
            for (int64_t t = 1; t < taps; t++) {                                                                     \
                row = x + positions[t] * inner;                                                                      \
                weight = (T)weights[t];                                                                              \
                HK_INDEPENDENT                                                                                       \
                for (int64_t j = 0; j < inner; j++) result[j] += weight * row[j];                                    \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_FEW_CLONES void hk_resample_gradient_##suffix(                                                                \
        int64_t out, int64_t taps, int64_t inner, int64_t size, const int32_t *positions, const double *weights,     \
        const T *g, T *x) {                                                                                          \
        memset(x, 0, (size_t)(size * inner) * sizeof(T));                                                            \
        for (int64_t o = 0; o < out; o++, positions += taps, weights += taps, g += inner)                            \
            for (int64_t t = 0; t < taps; t++) {                                                                     \
                T *row = x + positions[t] * inner;                                                                   \
                T weight = (T)weights[t];                                                                            \
                HK_INDEPENDENT                                                                                       \
                for (int64_t j = 0; j < inner; j++) row[j] += weight * g[j];                                         \
            }                                                                                                        \
    }

#pragma clang diagnostic ignored "-Wpass-failed"
HK_WINDOWS(float, f32)
HK_WINDOWS(double, f64)
