#include "copy.h"

#include "types.h"

// Types that pictures, labels, masks and networks have are converted all the time, others seldom.
#define HK_CLONES_bool HK_FEW_CLONES
#define HK_CLONES_u8 HK_FEW_CLONES
#define HK_CLONES_i8
#define HK_CLONES_i16
#define HK_CLONES_i32
#define HK_CLONES_i64 HK_FEW_CLONES
#define HK_CLONES_f16 HK_FEW_CLONES
#define HK_CLONES_bf16 HK_FEW_CLONES
#define HK_CLONES_f32 HK_FEW_CLONES
#define HK_CLONES_f64 HK_FEW_CLONES

#define HK_CONVERT(from, to)                                                                                         \
    HK_CLONES_##from static void from##_to_##to(int64_t n, const void *x, int64_t sx, void *out, int64_t so) {       \
        const HK_C_##from *restrict p = x;                                                                           \
        HK_C_##to *restrict q = out;                                                                                 \
        if (sx == 1 && so == 1)                                                                                      \
            for (int64_t i = 0; i < n; i++) q[i] = HK_MAKE_##to(HK_READ_##from(p[i]));                               \
        else                                                                                                         \
            for (int64_t i = 0; i < n; i++) q[i * so] = HK_MAKE_##to(HK_READ_##from(p[i * sx]));                     \
    }

#define HK_CONVERT_FROM(from)                                                                                        \
    HK_CONVERT(from, bool) HK_CONVERT(from, u8) HK_CONVERT(from, i8) HK_CONVERT(from, i16) HK_CONVERT(from, i32)     \
    HK_CONVERT(from, i64) HK_CONVERT(from, f16) HK_CONVERT(from, bf16) HK_CONVERT(from, f32) HK_CONVERT(from, f64)

HK_EACH_TYPE(HK_CONVERT_FROM)

// The same type again: bits are moved, whatever they mean.
#define HK_MOVE(bits)                                                                                                \
    static void move_##bits(int64_t n, const void *x, int64_t sx, void *out, int64_t so) {                           \
        const uint##bits##_t *p = x;                                                                                 \
        uint##bits##_t *q = out;                                                                                     \
        if (sx == 1 && so == 1) {                                                                                    \
            memmove(q, p, (size_t)n * sizeof *p);                                                                    \
        } else if (sx == 0 && so == 1) {                                                                             \
            const uint##bits##_t value = n > 0 ? p[0] : 0;                                                           \
            for (int64_t i = 0; i < n; i++) q[i] = value;                                                            \
        } else {                                                                                                     \
            for (int64_t i = 0; i < n; i++) q[i * so] = p[i * sx];                                                   \
        }                                                                                                            \
    }
HK_MOVE(8)
HK_MOVE(16)
HK_MOVE(32)
HK_MOVE(64)

hk_convert_kernel hk_find_convert(hk_dtype from, hk_dtype to) {
    if (from == to) {
        switch (from) {
        case HK_bool:
        case HK_uint8:
        case HK_int8: return move_8;
        case HK_int16:
        case HK_float16:
        case HK_bfloat16: return move_16;
        case HK_int32:
        case HK_float32: return move_32;
        default: return move_64;
        }
    }
#define HK_ROW(f)                                                                                                    \
    {f##_to_bool, f##_to_u8, f##_to_i8, f##_to_i16, f##_to_i32, f##_to_i64, f##_to_f16, f##_to_bf16, f##_to_f32,     \
     f##_to_f64},
    static const hk_convert_kernel table[HK_dtype_count][HK_dtype_count] = {
        HK_EACH_TYPE(HK_ROW)};
#undef HK_ROW
    return table[from][to];
}

#define HK_TRANSPOSED(bits)                                                                                          \
    HK_FEW_CLONES static void transposed_##bits(                                                                     \
        int64_t rows, int64_t columns, const uint##bits##_t *restrict x, int64_t sx, uint##bits##_t *restrict out,   \
        int64_t so) {                                                                                                \
        enum { block = 16 };                                                                                         \
        uint##bits##_t tile[block][block];                                                                           \
        for (int64_t r = 0; r < rows; r += block)                                                                    \
            for (int64_t c = 0; c < columns; c += block) {                                                           \
                if (r + block <= rows && c + block <= columns) {                                                     \
                    for (int j = 0; j < block; j++)                                                                  \
                        memcpy(tile[j], x + r + (c + j) * sx, sizeof tile[j]);                                       \
                    for (int i = 0; i < block; i++)                                                                  \
                        for (int j = 0; j < block; j++) out[(r + i) * so + c + j] = tile[j][i];                      \
                } else {                                                                                             \
                    for (int64_t i = r; i < rows && i < r + block; i++)                                              \
                        for (int64_t j = c; j < columns && j < c + block; j++) out[i * so + j] = x[i + j * sx];      \
                }                                                                                                    \
            }                                                                                                        \
    }
HK_TRANSPOSED(8)
HK_TRANSPOSED(16)
HK_TRANSPOSED(32)
HK_TRANSPOSED(64)

void hk_copy_transposed(
    int64_t rows, int64_t columns, int size, const void *x, int64_t x_stride, void *out, int64_t out_stride) {
    switch (size) {
    case 1: transposed_8(rows, columns, x, x_stride, out, out_stride); break;
    case 2: transposed_16(rows, columns, x, x_stride, out, out_stride); break;
    case 4: transposed_32(rows, columns, x, x_stride, out, out_stride); break;
    default: transposed_64(rows, columns, x, x_stride, out, out_stride); break;
    }
}

#define HK_CHOOSE(bits)                                                                                              \
    HK_CLONES static void choose_##bits(                                                                             \
        int64_t n, const uint8_t *c, int64_t sc, const uint##bits##_t *x, int64_t sx, const uint##bits##_t *y,       \
        int64_t sy, uint##bits##_t *out) {                                                                           \
        if (sc == 1 && sx == 1 && sy == 1) {                                                                         \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < n; i++) out[i] = c[i] ? x[i] : y[i];                                             \
        } else if (sc == 1 && sx == 0 && sy == 1) {                                                                  \
            const uint##bits##_t constant = x[0];                                                                    \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < n; i++) out[i] = c[i] ? constant : y[i];                                         \
        } else if (sc == 1 && sx == 1 && sy == 0) {                                                                  \
            const uint##bits##_t constant = y[0];                                                                    \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < n; i++) out[i] = c[i] ? x[i] : constant;                                         \
        } else {                                                                                                     \
            for (int64_t i = 0; i < n; i++) out[i] = c[i * sc] ? x[i * sx] : y[i * sy];                              \
        }                                                                                                            \
    }
HK_CHOOSE(8)
HK_CHOOSE(16)
HK_CHOOSE(32)
HK_CHOOSE(64)

void hk_choose(
    int64_t n, int size, const void *condition, int64_t sc, const void *x, int64_t sx, const void *y, int64_t sy,
    void *out) {
    switch (size) {
    case 1: choose_8(n, condition, sc, x, sx, y, sy, out); break;
    case 2: choose_16(n, condition, sc, x, sx, y, sy, out); break;
    case 4: choose_32(n, condition, sc, x, sx, y, sy, out); break;
    default: choose_64(n, condition, sc, x, sx, y, sy, out); break;
    }
}

#define HK_RANGE_LOOP(to, first_type)                                                                                \
    {                                                                                                                \
        HK_C_##to *q = out;                                                                                          \
        for (int64_t i = 0; i < n; i++) q[i] = HK_MAKE_##to(start + (first_type)(first + i) * step);                 \
        break;                                                                                                       \
    }
#define HK_RANGE_SWITCH(first_type)                                                                                  \
    switch (type) {                                                                                                  \
    case HK_bool: HK_RANGE_LOOP(bool, first_type)                                                                    \
    case HK_uint8: HK_RANGE_LOOP(u8, first_type)                                                                     \
    case HK_int8: HK_RANGE_LOOP(i8, first_type)                                                                      \
    case HK_int16: HK_RANGE_LOOP(i16, first_type)                                                                    \
    case HK_int32: HK_RANGE_LOOP(i32, first_type)                                                                    \
    case HK_int64: HK_RANGE_LOOP(i64, first_type)                                                                    \
    case HK_float16: HK_RANGE_LOOP(f16, first_type)                                                                  \
    case HK_bfloat16: HK_RANGE_LOOP(bf16, first_type)                                                                \
    case HK_float32: HK_RANGE_LOOP(f32, first_type)                                                                  \
    default: HK_RANGE_LOOP(f64, first_type)                                                                          \
    }

void hk_range(hk_dtype type, int64_t n, int64_t first, double start, double step, void *out) {
    HK_RANGE_SWITCH(double)
}

void hk_range_integer(hk_dtype type, int64_t n, int64_t first, int64_t start, int64_t step, void *out) {
    HK_RANGE_SWITCH(int64_t)
}
