// Conversions of the 16-bit floating point types.
#ifndef HK_HALF_H
#define HK_HALF_H

#include "targets.h"

typedef _Float16 hk_f16;
typedef struct { uint16_t bits; } hk_bf16;

HK_INLINE float hk_float_of_bf16(hk_bf16 value) { return hk_float_from_bits((uint32_t)value.bits << 16); }

// To the nearest, ties to even; NaN stays NaN.
HK_INLINE hk_bf16 hk_bf16_of_float(float value) {
    uint32_t bits = hk_bits_of_float(value);
    uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
    return (hk_bf16){(uint16_t)(value != value ? (bits >> 16) | 0x40u : rounded)};
}

#endif
