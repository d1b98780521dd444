#include "pictures.h"

#include "pictures_bytes.h"

// The places in the source that row `y` of the result comes from.
HK_INLINE void locate(const hk_warp *warp, int64_t y, float *xs, float *ys) {
    if (warp->map) {
        const float *row = warp->map + y * warp->width * 2;
        for (int64_t x = 0; x < warp->width; x++) xs[x] = row[2 * x], ys[x] = row[2 * x + 1];
        return;
    }
    const double *m = warp->matrix;
    const double v = (double)y;
    const int is_affine = m[6] == 0 && m[7] == 0 && m[8] == 1;
    for (int64_t x = 0; x < warp->width; x++) {
        const double u = (double)x;
        const double w = is_affine ? 1 : m[6] * u + m[7] * v + m[8];
        xs[x] = (float)((m[0] * u + m[1] * v + m[2]) / w);
        ys[x] = (float)((m[3] * u + m[4] * v + m[5]) / w);
    }
}

enum { outside = INT32_MIN };

// For the nearest element: its number, or `outside`.
HK_CLONES static void nearest(
    const float *restrict xs, const float *restrict ys, int64_t count, int64_t width, int64_t height,
    int32_t *restrict index) {
    for (int64_t i = 0; i < count; i++) {
        const float x = rintf(xs[i]), y = rintf(ys[i]);
        const int inside = x >= 0 && x < (float)width && y >= 0 && y < (float)height;
        index[i] = inside ? (int32_t)y * (int32_t)width + (int32_t)x : outside;
    }
}

#define ELEMENT uint8_t
#define NAME(x) x##_bytes
#define ROUND(x) hk_rounded_byte(x)
#include "pictures_warp.inc"
#undef ELEMENT
#undef NAME
#undef ROUND

#define ELEMENT float
#define NAME(x) x##_floats
#define ROUND(x) (x)
#include "pictures_warp.inc"

void hk_picture_warp(const hk_picture *source, const hk_warp *warp, float *scratch, uint8_t *out) {
    warp_bytes(
        source->bytes, source->planes, source->height, source->width, source->row_stride, source->plane_stride, warp,
        scratch, out);
}

void hk_picture_warp_floats(
    const float *source, int64_t planes, int64_t height, int64_t width, const hk_warp *warp, float *scratch, float *out) {
    warp_floats(source, planes, height, width, width, height * width, warp, scratch, out);
}
