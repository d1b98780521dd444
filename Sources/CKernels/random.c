#include "random.h"

#include <math.h>

#include "math_float.h"

#pragma clang diagnostic ignored "-Wpass-failed"

enum { blocks = 64, chunk = blocks * 4 };

HK_INLINE void rounds(uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * *c0;
        uint64_t p1 = (uint64_t)0xCD9E8D57u * *c2;
        uint32_t next0 = (uint32_t)(p1 >> 32) ^ *c1 ^ k0;
        uint32_t next2 = (uint32_t)(p0 >> 32) ^ *c3 ^ k1;
        *c1 = (uint32_t)p1;
        *c3 = (uint32_t)p0;
        *c0 = next0;
        *c2 = next2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

void hk_philox(uint64_t seed, uint64_t counter_low, uint64_t counter_high, uint32_t words[4]) {
    uint32_t c0 = (uint32_t)counter_low, c1 = (uint32_t)(counter_low >> 32);
    uint32_t c2 = (uint32_t)counter_high, c3 = (uint32_t)(counter_high >> 32);
    rounds(&c0, &c1, &c2, &c3, (uint32_t)seed, (uint32_t)(seed >> 32));
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

// The words of `count` blocks, for elements in order.
HK_CLONES static void fill_blocks(uint64_t seed, uint64_t counter, int64_t count, uint32_t *restrict out) {
    const uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    HK_INDEPENDENT
    for (int64_t i = 0; i < count; i++) {
        uint64_t at = counter + (uint64_t)i;
        uint32_t c0 = (uint32_t)at, c1 = (uint32_t)(at >> 32), c2 = 0, c3 = 0;
        rounds(&c0, &c1, &c2, &c3, k0, k1);
        out[4 * i] = c0;
        out[4 * i + 1] = c1;
        out[4 * i + 2] = c2;
        out[4 * i + 3] = c3;
    }
}

// Runs BODY over pieces: `words` holds whole blocks, of which elements `skip` ..< `skip + count` are wanted and go to
// `out + done`.
#define HK_EACH_CHUNK(BODY)                                                                                          \
    uint32_t words[chunk];                                                                                           \
    for (int64_t done = 0; done < n;) {                                                                              \
        const int64_t at = first + done;                                                                             \
        const int64_t skip = at % 4;                                                                                 \
        const int64_t count = n - done < chunk - skip ? n - done : chunk - skip;                                     \
        fill_blocks(seed, offset + (uint64_t)(at / 4), (skip + count + 3) / 4, words);                               \
        BODY                                                                                                         \
        done += count;                                                                                               \
    }

void hk_random_words(uint64_t seed, uint64_t offset, int64_t first, int64_t n, uint32_t *out) {
    HK_EACH_CHUNK({ memcpy(out + done, words + skip, (size_t)count * 4); })
}

// Rounding must not reach `high`: the largest number below it stands in.
HK_CLONES void hk_random_uniform_f32(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double low, double high, float *out) {
    const float from = (float)low, span = (float)(high - low);
    const float most = nextafterf((float)high, -INFINITY);
    const float bound = most < from ? from : most;
    HK_EACH_CHUNK({
        for (int64_t i = 0; i < count; i++) {
            float v = from + (float)(int32_t)(words[skip + i] >> 8) * 0x1p-24f * span;
            out[done + i] = v > bound ? bound : v;
        }
    })
}

HK_CLONES void hk_random_uniform_f64(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double low, double high, double *out) {
    const double most = nextafter(high, -INFINITY);
    const double bound = most < low ? low : most;
    HK_EACH_CHUNK({
        for (int64_t i = 0; i < count; i++) {
            double v = low + (double)words[skip + i] * 0x1p-32 * (high - low);
            out[done + i] = v > bound ? bound : v;
        }
    })
}

// The first word of a pair gives the radius, from a uniform number in (0, 1]; the second the angle.
HK_CLONES void hk_random_normal_f32(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double mean, double deviation, float *out) {
    const float m = (float)mean, d = (float)deviation;
    float pairs[chunk];
    HK_EACH_CHUNK({
        HK_INDEPENDENT
        for (int64_t i = 0; i < chunk / 2; i++) {
            float u = (float)(int32_t)((words[2 * i] >> 8) + 1) * 0x1p-24f;
            float angle = (float)(int32_t)(words[2 * i + 1] >> 8) * (0x1p-24f * 6.28318530718f);
            float radius = __builtin_elementwise_sqrt(-2.0f * hk_log_f32(u));
            pairs[2 * i] = radius * hk_cos_f32(angle);
            pairs[2 * i + 1] = radius * hk_sin_f32(angle);
        }
        for (int64_t i = 0; i < count; i++) out[done + i] = m + d * pairs[skip + i];
    })
}

void hk_random_normal_f64(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double mean, double deviation, double *out) {
    HK_EACH_CHUNK({
        for (int64_t i = 0; i < count; i++) {
            const uint32_t *pair = words + (skip + i) / 2 * 2;
            double radius = sqrt(-2 * log(((double)pair[0] + 1) * 0x1p-32));
            double angle = (double)pair[1] * (0x1p-32 * 6.28318530717958647693);
            out[done + i] = mean + deviation * radius * ((skip + i) % 2 == 0 ? cos(angle) : sin(angle));
        }
    })
}

HK_CLONES void hk_random_exponential_f32(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double rate, float *out) {
    const float scale = (float)(-1 / rate);
    HK_EACH_CHUNK({
        for (int64_t i = 0; i < count; i++)
            out[done + i] = scale * hk_log_f32((float)(int32_t)((words[skip + i] >> 8) + 1) * 0x1p-24f);
    })
}

void hk_random_exponential_f64(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double rate, double *out) {
    HK_EACH_CHUNK({
        for (int64_t i = 0; i < count; i++) out[done + i] = -log(((double)words[skip + i] + 1) * 0x1p-32) / rate;
    })
}

void hk_random_integers(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, int64_t low, uint64_t span, int64_t *out) {
    HK_EACH_CHUNK({
        for (int64_t i = 0; i < count; i++)
            out[done + i] = (int64_t)((uint64_t)low + (uint64_t)(((__uint128_t)words[skip + i] * span) >> 32));
    })
}

// The number of words, of 2^32, that count as an event of this probability: those below it.
HK_INLINE uint64_t words_below(double probability) {
    return probability >= 1 ? (uint64_t)1 << 32 : probability <= 0 ? 0 : (uint64_t)(probability * 0x1p32);
}

// The same in 32 bits, which vectorise better: a word is an event when `possible` and at most `last`.
#define HK_EVENT_LIMIT                                                                                               \
    const uint64_t below = words_below(probability);                                                                 \
    const int possible = below != 0;                                                                                 \
    const uint32_t last = (uint32_t)(below - 1);

HK_CLONES void hk_random_bernoulli(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double probability, uint8_t *out) {
    HK_EVENT_LIMIT
    HK_EACH_CHUNK({
        for (int64_t i = 0; i < count; i++) out[done + i] = possible & (words[skip + i] <= last);
    })
}

#define HK_DROPOUT(T, suffix)                                                                                        \
    HK_CLONES void hk_dropout_##suffix(                                                                              \
        uint64_t seed, uint64_t offset, int64_t first, int64_t n, double probability, const T *x, T *out) {          \
        HK_EVENT_LIMIT                                                                                               \
        const T scale = probability >= 1 ? 0 : (T)(1 / (1 - probability));                                           \
        HK_EACH_CHUNK({                                                                                              \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < count; i++)                                                                      \
                out[done + i] = (possible & (words[skip + i] <= last)) ? (T)0 : x[done + i] * scale;                 \
        })                                                                                                           \
    }
HK_DROPOUT(float, f32)
HK_DROPOUT(double, f64)
