// Random numbers from Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011). Element i
// is drawn from counter offset + i / 4, word i % 4, so any range of elements can be made on its own.
#ifndef HK_RANDOM_H
#define HK_RANDOM_H

#include <stdint.h>

// One block: four words for a 128-bit counter under a 64-bit key.
void hk_philox(uint64_t seed, uint64_t counter_low, uint64_t counter_high, uint32_t words[4]);

// The words of elements first ..< first + n.
void hk_random_words(uint64_t seed, uint64_t offset, int64_t first, int64_t n, uint32_t *out);

// Uniform in low ..< high, with 24 random bits (float32) or 32 (float64).
void hk_random_uniform_f32(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double low, double high, float *out);
void hk_random_uniform_f64(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double low, double high, double *out);

// Box-Muller: elements 2 i and 2 i + 1 are the cosine and the sine half of one pair of words.
void hk_random_normal_f32(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double mean, double deviation, float *out);
void hk_random_normal_f64(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double mean, double deviation, double *out);

void hk_random_exponential_f32(uint64_t seed, uint64_t offset, int64_t first, int64_t n, double rate, float *out);
void hk_random_exponential_f64(uint64_t seed, uint64_t offset, int64_t first, int64_t n, double rate, double *out);

// low + word * (high - low) / 2^32, rounded down.
void hk_random_integers(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, int64_t low, uint64_t span, int64_t *out);

// 1 with the probability, else 0.
void hk_random_bernoulli(uint64_t seed, uint64_t offset, int64_t first, int64_t n, double probability, uint8_t *out);

// x * scale, or 0 where `hk_random_bernoulli` with the probability gives 1.
void hk_dropout_f32(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double probability, const float *x, float *out);
void hk_dropout_f64(
    uint64_t seed, uint64_t offset, int64_t first, int64_t n, double probability, const double *x, double *out);

#endif
