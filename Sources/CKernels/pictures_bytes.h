// Floats to bytes.
#ifndef HK_PICTURES_BYTES_H
#define HK_PICTURES_BYTES_H

#include <math.h>

#include "targets.h"

// What is beyond the ends of a byte becomes the end; the rest loses its fraction. Written so that loops become vectors.
HK_INLINE uint8_t hk_truncated_byte(float x) {
    const float low = x > 0 ? x : 0, both = low < 255 ? low : 255;
    return (uint8_t)(int32_t)both;
}

// The same, rounded to the nearest, halves to even.
HK_INLINE uint8_t hk_rounded_byte(float x) { return hk_truncated_byte(rintf(x)); }

#endif
