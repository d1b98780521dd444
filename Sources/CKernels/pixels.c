#include "pixels.h"

// Two loads and a store a pixel. Gather instructions and arithmetic on vectors were considered: the first are slower
// than plain loads, and the second gain little and would have to round as every step of the table's maker does.
static void look_up(int64_t pixels, const uint8_t *restrict image, const float *restrict table, float *restrict out) {
#pragma clang loop vectorize(disable) unroll_count(8)
    for (int64_t p = 0; p < pixels; p++) out[p] = table[image[p]];
}

void hk_pixels_gather(
    int64_t count, const int64_t *index, int64_t channels, int64_t pixels, const uint8_t *images, const float *tables,
    float *out) {
    enum { line = 64, farthest = 4096 };
    const int64_t size = channels * pixels;
    for (int64_t i = 0; i < count; i++) {
        // The next image of a shuffled batch is anywhere in memory: have it on its way before it is needed.
        if (i + 1 < count) {
            const uint8_t *next = images + index[i + 1] * size;
            for (int64_t p = 0; p < size && p < farthest; p += line) __builtin_prefetch(next + p);
        }
        const uint8_t *image = images + index[i] * size;
        for (int64_t c = 0; c < channels; c++)
            look_up(pixels, image + c * pixels, tables + c * 256, out + i * size + c * pixels);
    }
}

void hk_pixels_count(
    int64_t count, const int64_t *index, int64_t channels, int64_t pixels, const uint8_t *images, int64_t *occurrences) {
    for (int64_t c = 0; c < channels; c++) {
        // Neighbours are often equal; in tables of their own one increment does not wait for the one before.
        int64_t tables[4][256] = {{0}};
        for (int64_t i = 0; i < count; i++) {
            const uint8_t *plane = images + (index[i] * channels + c) * pixels;
            int64_t p = 0;
            for (; p + 4 <= pixels; p += 4) {
                tables[0][plane[p]]++;
                tables[1][plane[p + 1]]++;
                tables[2][plane[p + 2]]++;
                tables[3][plane[p + 3]]++;
            }
            for (; p < pixels; p++) tables[0][plane[p]]++;
        }
        for (int byte = 0; byte < 256; byte++)
            occurrences[c * 256 + byte] = tables[0][byte] + tables[1][byte] + tables[2][byte] + tables[3][byte];
    }
}
