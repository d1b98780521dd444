// Pictures of bytes, plane by plane: moved, resized, bent, blurred and recoloured. What augmentation spends its time on.
#ifndef HK_PICTURES_H
#define HK_PICTURES_H

#include <stdint.h>

// Planes of bytes. A row begins `row_stride` bytes after the one before, a plane `plane_stride`.
typedef struct {
    const uint8_t *bytes;
    int64_t planes, height, width, row_stride, plane_stride;
} hk_picture;

// Where the elements of a result's rows or columns come from: element i is the source's start + i * step (step is 1 or
// -1) where that is from `low` to before `high`, and border elsewhere.
typedef struct {
    int64_t start, step, count, low, high;
} hk_axis;

// Which part of the source a result is, what stands in the border (one byte for each of `fill_count` planes, used in
// turn), and what becomes of every byte: nothing, another byte, or a float, by `table_count` tables of 256, in turn.
typedef struct {
    hk_axis rows, columns;
    const uint8_t *fills;
    int64_t fill_count;
    const uint8_t *bytes;
    const float *floats;
    int64_t table_count;
} hk_placement;

// The weights of a line of a resized picture, in 22-bit fixed point: element i is made of `counts[i]` elements from
// `starts[i]` on, with the weights from `weights[i * taps]` on.
typedef struct {
    int64_t count, taps;
    const int32_t *starts, *counts, *weights;
} hk_line;

// Writes planes of rows.count * columns.count elements: floats where the placement has tables of floats, bytes
// elsewhere.
void hk_picture_place(const hk_picture *source, const hk_placement *placement, void *out);

// The same of a picture that is resized on the way: along rows first, then along columns, each rounded to bytes. `scratch`
// holds (source->height + 1) * columns->count bytes.
void hk_picture_resize(
    const hk_picture *source, const hk_line *columns, const hk_line *rows, const hk_placement *placement,
    uint8_t *scratch, void *out);

// How many times each of 256 bytes stands in each plane: [planes, 256].
void hk_picture_count(const hk_picture *source, int64_t *counts);

// Planes in groups of three, red, green and blue, to brightness in floats (0.2989, 0.587, 0.114), rounded down: the sum
// over each picture.
void hk_picture_sum_grey(const hk_picture *source, double *sums);

// Planes in groups of `channels`, the first three red, green and blue, to that brightness: one plane for each group.
void hk_picture_grey(const hk_picture *source, int64_t channels, uint8_t *out);

// Every pixel mixed with its brightness, share * colour + (1 - share) * brightness, rounded down.
void hk_picture_saturate(const hk_picture *source, double share, uint8_t *out);

// The hue of every pixel turned by a share of the circle.
void hk_picture_turn_hue(const hk_picture *source, float turn, uint8_t *out);

// The picture mixed with one smoothed by 3 x 3 pixels: share * picture + (1 - share) * smoothed, the border as it is.
void hk_picture_sharpen(const hk_picture *source, double share, uint8_t *out);

// Weighted sums along rows with `across` (an odd number of weights), then along columns with `down`, mirrored at the
// border. `scratch` holds height * width + width + across_count floats.
void hk_picture_blur(
    const hk_picture *source, const float *across, int64_t across_count, const float *down, int64_t down_count,
    float *scratch, uint8_t *out);

// Where the elements of a bent picture come from: by a 3 x 3 matrix of homogeneous coordinates, or by a map of (x, y) for
// each element.
typedef struct {
    const double *matrix;
    const float *map;
    int64_t height, width;
    int32_t is_linear;
    // Outside the source stands zero where there are no fills, else one value for each of `fill_count` planes, in turn.
    const float *fills;
    int64_t fill_count;
} hk_warp;

// Elements of a picture at other places. `scratch` holds 3 * warp->width floats.
void hk_picture_warp(const hk_picture *source, const hk_warp *warp, float *scratch, uint8_t *out);
void hk_picture_warp_floats(
    const float *source, int64_t planes, int64_t height, int64_t width, const hk_warp *warp, float *scratch, float *out);

// Elements of `channels` bytes side by side to planes, and back.
void hk_picture_separate(int64_t pixels, int64_t channels, const uint8_t *source, uint8_t *planes);
void hk_picture_interleave(int64_t pixels, int64_t channels, const uint8_t *planes, uint8_t *out);

#endif
