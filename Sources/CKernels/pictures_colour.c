#include "pictures.h"

#include "pictures_bytes.h"

void hk_picture_count(const hk_picture *source, int64_t *counts) {
    for (int64_t plane = 0; plane < source->planes; plane++) {
        // Four tables, so that equal bytes in a row do not wait for each other.
        int32_t parts[4][256] = {{0}};
        for (int64_t y = 0; y < source->height; y++) {
            const uint8_t *row = source->bytes + plane * source->plane_stride + y * source->row_stride;
            int64_t x = 0;
            for (; x + 4 <= source->width; x += 4)
                for (int64_t i = 0; i < 4; i++) parts[i][row[x + i]]++;
            for (; x < source->width; x++) parts[0][row[x]]++;
        }
        for (int64_t i = 0; i < 256; i++)
            counts[plane * 256 + i] = (int64_t)parts[0][i] + parts[1][i] + parts[2][i] + parts[3][i];
    }
}

HK_INLINE float grey_of(float red, float green, float blue) {
    return floorf(fmaf(0.114f, blue, fmaf(0.587f, green, red * 0.2989f)));
}

HK_CLONES static int64_t sum_grey(
    const uint8_t *restrict red, const uint8_t *restrict green, const uint8_t *restrict blue, int64_t count) {
    int64_t sum = 0;
    for (int64_t x = 0; x < count; x++) sum += (int32_t)grey_of(red[x], green[x], blue[x]);
    return sum;
}

HK_CLONES static void saturate(
    const uint8_t *restrict red, const uint8_t *restrict green, const uint8_t *restrict blue, int64_t count, float share,
    float rest, uint8_t *restrict r, uint8_t *restrict g, uint8_t *restrict b) {
    for (int64_t x = 0; x < count; x++) {
        const float grey = grey_of(red[x], green[x], blue[x]);
        r[x] = hk_truncated_byte(fmaf(rest, grey, red[x] * share));
        g[x] = hk_truncated_byte(fmaf(rest, grey, green[x] * share));
        b[x] = hk_truncated_byte(fmaf(rest, grey, blue[x] * share));
    }
}

// One pixel to hue, saturation and value and back, with the hue turned on the way (as PIL and torchvision do).
HK_INLINE void turn(float red, float green, float blue, float by, float *r, float *g, float *b) {
    const float high = fmaxf(fmaxf(red, green), blue), low = fminf(fminf(red, green), blue);
    const float range = high - low;
    const float saturation = range / (range == 0 ? 1 : high);
    const float divisor = range == 0 ? 1 : range;
    const float rc = (high - red) / divisor, gc = (high - green) / divisor, bc = (high - blue) / divisor;
    float hue = high == red ? bc - gc : high == green ? rc + 2 - bc : gc + 4 - rc;
    hue = fmodf(hue * (1.0f / 6.0f) + 1, 1) + by;
    hue -= floorf(hue);
    const float sixth = floorf(hue * 6), part = hue * 6 - sixth;
    const float p = (1 - saturation) * high;
    const float q = (1 - saturation * part) * high;
    const float t = (1 - saturation + saturation * part) * high;
    switch ((int32_t)sixth % 6) {
        case 0: *r = high, *g = t, *b = p; break;
        case 1: *r = q, *g = high, *b = p; break;
        case 2: *r = p, *g = high, *b = t; break;
        case 3: *r = p, *g = q, *b = high; break;
        case 4: *r = t, *g = p, *b = high; break;
        default: *r = high, *g = p, *b = q; break;
    }
}

// A share of 1 as a byte, each byte getting an equal part, as torchvision converts floats.
HK_INLINE uint8_t byte_of(float share) {
    const float clamped = fminf(fmaxf(share, 0), 1);
    return (uint8_t)(int32_t)(clamped * (255 + 1 - 1e-3f));
}

// The three planes of picture `i`.
HK_INLINE const uint8_t *plane_of(const hk_picture *source, int64_t i, int64_t channel, int64_t y) {
    return source->bytes + (i * 3 + channel) * source->plane_stride + y * source->row_stride;
}

void hk_picture_sum_grey(const hk_picture *source, double *sums) {
    for (int64_t i = 0; i < source->planes / 3; i++) {
        int64_t sum = 0;
        for (int64_t y = 0; y < source->height; y++)
            sum += sum_grey(
                plane_of(source, i, 0, y), plane_of(source, i, 1, y), plane_of(source, i, 2, y), source->width);
        sums[i] = (double)sum;
    }
}

HK_CLONES static void grey_row(
    const uint8_t *restrict red, const uint8_t *restrict green, const uint8_t *restrict blue, int64_t count,
    uint8_t *restrict out) {
    for (int64_t x = 0; x < count; x++) out[x] = hk_truncated_byte(grey_of(red[x], green[x], blue[x]));
}

void hk_picture_grey(const hk_picture *source, int64_t channels, uint8_t *out) {
    const int64_t area = source->height * source->width;
    for (int64_t i = 0; i < source->planes / channels; i++)
        for (int64_t y = 0; y < source->height; y++) {
            const uint8_t *red = source->bytes + i * channels * source->plane_stride + y * source->row_stride;
            const uint8_t *green = red + source->plane_stride, *blue = green + source->plane_stride;
            grey_row(red, green, blue, source->width, out + i * area + y * source->width);
        }
}

void hk_picture_saturate(const hk_picture *source, double share, uint8_t *out) {
    const int64_t area = source->height * source->width;
    for (int64_t i = 0; i < source->planes / 3; i++)
        for (int64_t y = 0; y < source->height; y++) {
            uint8_t *row = out + i * 3 * area + y * source->width;
            saturate(
                plane_of(source, i, 0, y), plane_of(source, i, 1, y), plane_of(source, i, 2, y), source->width,
                (float)share, (float)(1 - share), row, row + area, row + 2 * area);
        }
}

void hk_picture_turn_hue(const hk_picture *source, float by, uint8_t *out) {
    const int64_t area = source->height * source->width;
    for (int64_t i = 0; i < source->planes / 3; i++)
        for (int64_t y = 0; y < source->height; y++) {
            const uint8_t *red = plane_of(source, i, 0, y), *green = plane_of(source, i, 1, y);
            const uint8_t *blue = plane_of(source, i, 2, y);
            uint8_t *row = out + i * 3 * area + y * source->width;
            for (int64_t x = 0; x < source->width; x++) {
                float r, g, b;
                turn(red[x] / 255.0f, green[x] / 255.0f, blue[x] / 255.0f, by, &r, &g, &b);
                row[x] = byte_of(r);
                row[area + x] = byte_of(g);
                row[2 * area + x] = byte_of(b);
            }
        }
}
