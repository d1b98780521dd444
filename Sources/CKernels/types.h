// What loops must know of each element type: its C type, how it is read as a number, and how a number becomes it.
#ifndef HK_TYPES_H
#define HK_TYPES_H

#include "half.h"

#define HK_C_bool uint8_t
#define HK_C_u8 uint8_t
#define HK_C_i8 int8_t
#define HK_C_i16 int16_t
#define HK_C_i32 int32_t
#define HK_C_i64 int64_t
#define HK_C_f16 hk_f16
#define HK_C_bf16 hk_bf16
#define HK_C_f32 float
#define HK_C_f64 double

#define HK_READ_bool(v) (v)
#define HK_READ_u8(v) (v)
#define HK_READ_i8(v) (v)
#define HK_READ_i16(v) (v)
#define HK_READ_i32(v) (v)
#define HK_READ_i64(v) (v)
#define HK_READ_f16(v) ((float)(v))
#define HK_READ_bf16(v) hk_float_of_bf16(v)
#define HK_READ_f32(v) (v)
#define HK_READ_f64(v) (v)

// Conversions to small integers go by way of int32, so that they wrap around as PyTorch's do and vectorise.
#define HK_NARROW(v) _Generic((v), int64_t: (v), default: (int32_t)(v))
#define HK_MAKE_bool(v) ((uint8_t)((v) != 0))
#define HK_MAKE_u8(v) ((uint8_t)HK_NARROW(v))
#define HK_MAKE_i8(v) ((int8_t)HK_NARROW(v))
#define HK_MAKE_i16(v) ((int16_t)HK_NARROW(v))
#define HK_MAKE_i32(v) ((int32_t)(v))
#define HK_MAKE_i64(v) ((int64_t)(v))
#define HK_MAKE_f16(v) ((hk_f16)(v))
#define HK_MAKE_bf16(v) hk_bf16_of_float((float)(v))
#define HK_MAKE_f32(v) ((float)(v))
#define HK_MAKE_f64(v) ((double)(v))

// The type in which sums and products are formed.
#define HK_SUM_bool int64_t
#define HK_SUM_u8 int64_t
#define HK_SUM_i8 int64_t
#define HK_SUM_i16 int64_t
#define HK_SUM_i32 int64_t
#define HK_SUM_i64 int64_t
#define HK_SUM_f16 double
#define HK_SUM_bf16 double
#define HK_SUM_f32 double
#define HK_SUM_f64 double

// Integers in the order of the numbers. Both zeros are one key; NaN is beyond everything on the side `nan`.
HK_INLINE int32_t hk_key_f32(float v, int32_t nan) {
    int32_t bits = (int32_t)hk_bits_of_float(v + 0.0f);
    return v != v ? nan : bits ^ ((bits >> 31) & INT32_MAX);
}

HK_INLINE int64_t hk_key_f64(double v, int64_t nan) {
    int64_t bits = (int64_t)hk_bits_of_double(v + 0.0);
    return v != v ? nan : bits ^ ((bits >> 63) & INT64_MAX);
}

HK_INLINE float hk_value_f32(int64_t key) {
    int32_t k = (int32_t)key;
    return hk_float_from_bits((uint32_t)(k ^ ((k >> 31) & INT32_MAX)));
}

HK_INLINE double hk_value_f64(int64_t key) {
    return hk_double_from_bits((uint64_t)(key ^ ((key >> 63) & INT64_MAX)));
}

#define HK_K_bool int32_t
#define HK_K_u8 int32_t
#define HK_K_i8 int32_t
#define HK_K_i16 int32_t
#define HK_K_i32 int32_t
#define HK_K_i64 int64_t
#define HK_K_f16 int32_t
#define HK_K_bf16 int32_t
#define HK_K_f32 int32_t
#define HK_K_f64 int64_t

#define HK_LOW(k) _Generic((k)0, int32_t: INT32_MIN, int64_t: INT64_MIN)
#define HK_HIGH(k) _Generic((k)0, int32_t: INT32_MAX, int64_t: INT64_MAX)

#define HK_KEY_bool(v, nan) (v)
#define HK_KEY_u8(v, nan) (v)
#define HK_KEY_i8(v, nan) (v)
#define HK_KEY_i16(v, nan) (v)
#define HK_KEY_i32(v, nan) (v)
#define HK_KEY_i64(v, nan) (v)
#define HK_KEY_f16(v, nan) hk_key_f32(v, nan)
#define HK_KEY_bf16(v, nan) hk_key_f32(v, nan)
#define HK_KEY_f32(v, nan) hk_key_f32(v, nan)
#define HK_KEY_f64(v, nan) hk_key_f64(v, nan)

#define HK_VALUE_bool(k) (k)
#define HK_VALUE_u8(k) (k)
#define HK_VALUE_i8(k) (k)
#define HK_VALUE_i16(k) (k)
#define HK_VALUE_i32(k) (k)
#define HK_VALUE_i64(k) (k)
#define HK_VALUE_f16(k) hk_value_f32(k)
#define HK_VALUE_bf16(k) hk_value_f32(k)
#define HK_VALUE_f32(k) hk_value_f32(k)
#define HK_VALUE_f64(k) hk_value_f64(k)

#define HK_EACH_TYPE(ROW)                                                                                            \
    ROW(bool) ROW(u8) ROW(i8) ROW(i16) ROW(i32) ROW(i64) ROW(f16) ROW(bf16) ROW(f32) ROW(f64)

#endif
