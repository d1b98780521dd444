#include "pictures.h"

#include "pictures_bytes.h"

HK_CLONES static void sharpen_row(
    const uint8_t *restrict above, const uint8_t *restrict row, const uint8_t *restrict below, int64_t width, float rest,
    uint8_t *restrict out) {
    for (int64_t x = 1; x < width - 1; x++) {
        const int32_t ring = above[x - 1] + above[x] + above[x + 1] + row[x - 1] + row[x + 1] + below[x - 1] + below[x]
                             + below[x + 1];
        // Rounded; thirteenths are never halfway between two whole numbers.
        const int32_t smooth = (ring + 5 * row[x] + 6) / 13;
        out[x] = hk_truncated_byte(fmaf(rest, (float)(smooth - row[x]), row[x]));
    }
}

void hk_picture_sharpen(const hk_picture *source, double share, uint8_t *out) {
    const int64_t height = source->height, width = source->width;
    for (int64_t plane = 0; plane < source->planes; plane++) {
        const uint8_t *bytes = source->bytes + plane * source->plane_stride;
        for (int64_t y = 0; y < height; y++) {
            const uint8_t *row = bytes + y * source->row_stride;
            uint8_t *target = out + (plane * height + y) * width;
            memcpy(target, row, (size_t)width);
            if (y > 0 && y < height - 1 && width > 2)
                sharpen_row(
                    row - source->row_stride, row, row + source->row_stride, width, (float)(1 - share), target);
        }
    }
}

HK_CLONES static void blur_row(
    const float *restrict padded, const float *restrict weights, int64_t count, int64_t width, float *restrict out) {
    for (int64_t x = 0; x < width; x++) out[x] = 0;
    for (int64_t k = 0; k < count; k++)
        for (int64_t x = 0; x < width; x++) out[x] += weights[k] * padded[x + k];
}

HK_CLONES static void add_row(const float *restrict row, float weight, int64_t width, float *restrict sums) {
    for (int64_t x = 0; x < width; x++) sums[x] += weight * row[x];
}

HK_CLONES static void round_row(const float *restrict sums, int64_t width, uint8_t *restrict out) {
    for (int64_t x = 0; x < width; x++) out[x] = hk_rounded_byte(sums[x]);
}

// The place that a place outside is mirrored to, as often as it takes; the border itself is not repeated.
HK_INLINE int64_t mirrored(int64_t place, int64_t size) {
    if (size == 1) return 0;
    while (place < 0 || place >= size) place = place < 0 ? -place : 2 * (size - 1) - place;
    return place;
}

void hk_picture_blur(
    const hk_picture *source, const float *across, int64_t across_count, const float *down, int64_t down_count,
    float *scratch, uint8_t *out) {
    const int64_t height = source->height, width = source->width;
    float *rows = scratch, *line = scratch + height * width;
    const int64_t left = across_count / 2, top = down_count / 2;
    for (int64_t plane = 0; plane < source->planes; plane++) {
        const uint8_t *bytes = source->bytes + plane * source->plane_stride;
        for (int64_t y = 0; y < height; y++) {
            const uint8_t *row = bytes + y * source->row_stride;
            for (int64_t x = 0; x < width; x++) line[left + x] = row[x];
            for (int64_t x = 0; x < left; x++) {
                line[x] = row[mirrored(x - left, width)];
                line[left + width + x] = row[mirrored(width + x, width)];
            }
            blur_row(line, across, across_count, width, rows + y * width);
        }
        for (int64_t y = 0; y < height; y++) {
            for (int64_t x = 0; x < width; x++) line[x] = 0;
            for (int64_t k = 0; k < down_count; k++)
                add_row(rows + mirrored(y + k - top, height) * width, down[k], width, line);
            round_row(line, width, out + (plane * height + y) * width);
        }
    }
}
