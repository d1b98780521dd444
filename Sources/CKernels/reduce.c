#include "reduce.h"

#include <math.h>

#include "types.h"

// Each kind of reduction: `S` is the accumulator's type, START its first value, TAKE how it takes in element `v`,
// JOIN how two accumulators become one.
#define HK_TAKE_sum(type, s, v) ((s) + (HK_SUM_##type)(v))
#define HK_TAKE_product(type, s, v) ((s) * (HK_SUM_##type)(v))
#define HK_TAKE_sum_of_squares(type, s, v) ((s) + (HK_SUM_##type)(v) * (HK_SUM_##type)(v))
#define HK_MAXIMUM(a, b) ((a) > (b) ? (a) : (b))
#define HK_MINIMUM(a, b) ((a) < (b) ? (a) : (b))
#define HK_TAKE_max(type, s, v) HK_MAXIMUM(s, HK_KEY_##type(v, HK_HIGH(HK_K_##type)))
#define HK_TAKE_min(type, s, v) HK_MINIMUM(s, HK_KEY_##type(v, HK_LOW(HK_K_##type)))
#define HK_TAKE_any(type, s, v) ((s) | ((v) != 0))
#define HK_TAKE_all(type, s, v) ((s) & ((v) != 0))

#define HK_S_sum(type) HK_SUM_##type
#define HK_S_product(type) HK_SUM_##type
#define HK_S_sum_of_squares(type) HK_SUM_##type
#define HK_S_max(type) HK_K_##type
#define HK_S_min(type) HK_K_##type
#define HK_S_any(type) int32_t
#define HK_S_all(type) int32_t

// The type of a cell: accumulators narrower than 64 bits are widened.
#define HK_CELL_sum(type) HK_SUM_##type
#define HK_CELL_product(type) HK_SUM_##type
#define HK_CELL_sum_of_squares(type) HK_SUM_##type
#define HK_CELL_max(type) int64_t
#define HK_CELL_min(type) int64_t
#define HK_CELL_any(type) int64_t
#define HK_CELL_all(type) int64_t

#define HK_START_sum(type) 0
#define HK_START_product(type) 1
#define HK_START_sum_of_squares(type) 0
#define HK_START_max(type) HK_LOW(HK_K_##type)
#define HK_START_min(type) HK_HIGH(HK_K_##type)
#define HK_START_any(type) 0
#define HK_START_all(type) 1

#define HK_JOIN_sum(a, b) ((a) + (b))
#define HK_JOIN_product(a, b) ((a) * (b))
#define HK_JOIN_sum_of_squares(a, b) ((a) + (b))
#define HK_JOIN_max(a, b) HK_MAXIMUM(a, b)
#define HK_JOIN_min(a, b) HK_MINIMUM(a, b)
#define HK_JOIN_any(a, b) ((a) | (b))
#define HK_JOIN_all(a, b) ((a) & (b))

// The instruction sets that a reduction is compiled for: what is done often to floating point for the best of them too, what
// is seldom done to integers for the one that every processor has.
#define HK_OFTEN_bool HK_FEW_CLONES
#define HK_OFTEN_u8 HK_FEW_CLONES
#define HK_OFTEN_i8 HK_FEW_CLONES
#define HK_OFTEN_i16 HK_FEW_CLONES
#define HK_OFTEN_i32 HK_FEW_CLONES
#define HK_OFTEN_i64 HK_FEW_CLONES
#define HK_OFTEN_f16 HK_CLONES
#define HK_OFTEN_bf16 HK_CLONES
#define HK_OFTEN_f32 HK_CLONES
#define HK_OFTEN_f64 HK_CLONES
#define HK_SELDOM_bool HK_FEW_CLONES
#define HK_SELDOM_u8 HK_FEW_CLONES
#define HK_SELDOM_i8
#define HK_SELDOM_i16
#define HK_SELDOM_i32 HK_FEW_CLONES
#define HK_SELDOM_i64 HK_FEW_CLONES
#define HK_SELDOM_f16 HK_FEW_CLONES
#define HK_SELDOM_bf16 HK_FEW_CLONES
#define HK_SELDOM_f32 HK_FEW_CLONES
#define HK_SELDOM_f64 HK_FEW_CLONES
#define HK_CLONES_sum(type) HK_OFTEN_##type
#define HK_CLONES_product(type) HK_SELDOM_##type
#define HK_CLONES_sum_of_squares(type) HK_OFTEN_##type
#define HK_CLONES_max(type) HK_OFTEN_##type
#define HK_CLONES_min(type) HK_OFTEN_##type
#define HK_CLONES_any(type) HK_SELDOM_##type
#define HK_CLONES_all(type) HK_SELDOM_##type

// Sums may be formed in any order, so that they vectorise; blocks keep the error of float64 from growing with n.
#define HK_ROW_KERNEL(kind, type)                                                                                    \
    HK_CLONES_##kind(type) static void row_##kind##_##type(                                                          \
        int64_t n, const void *x_, int64_t sx, uint64_t *cell_) {                                                    \
        _Pragma("clang fp reassociate(on)")                                                                          \
        const HK_C_##type *x = x_;                                                                                   \
        HK_CELL_##kind(type) *cell = (HK_CELL_##kind(type) *)cell_;                                                  \
        for (int64_t start = 0; start < n; start += 4096) {                                                          \
            int64_t end = n - start < 4096 ? n : start + 4096;                                                       \
            HK_S_##kind(type) s = HK_START_##kind(type);                                                             \
            if (sx == 1)                                                                                             \
                for (int64_t i = start; i < end; i++) s = HK_TAKE_##kind(type, s, HK_READ_##type(x[i]));             \
            else                                                                                                     \
                for (int64_t i = start; i < end; i++) s = HK_TAKE_##kind(type, s, HK_READ_##type(x[i * sx]));        \
            *cell = HK_JOIN_##kind(*cell, s);                                                                        \
        }                                                                                                            \
    }

enum { column_chunk = 256, row_chunk = 128 };

#define HK_COLUMNS_KERNEL(kind, type)                                                                                \
    HK_CLONES_##kind(type) static void columns_##kind##_##type(                                                      \
        int64_t rows, int64_t n, const void *x_, int64_t row_stride, int64_t column_stride, uint64_t *cells_) {      \
        const HK_C_##type *x = x_;                                                                                   \
        HK_CELL_##kind(type) *cells = (HK_CELL_##kind(type) *)cells_;                                                \
        HK_S_##kind(type) s[column_chunk];                                                                           \
        for (int64_t first = 0; first < n; first += column_chunk) {                                                  \
            int64_t count = n - first < column_chunk ? n - first : column_chunk;                                     \
            for (int64_t start = 0; start < rows; start += row_chunk) {                                              \
                int64_t end = rows - start < row_chunk ? rows : start + row_chunk;                                   \
                for (int64_t j = 0; j < count; j++) s[j] = HK_START_##kind(type);                                    \
                for (int64_t i = start; i < end; i++) {                                                              \
                    const HK_C_##type *row = x + i * row_stride + first * column_stride;                             \
                    if (column_stride == 1)                                                                          \
                        for (int64_t j = 0; j < count; j++) s[j] = HK_TAKE_##kind(type, s[j], HK_READ_##type(row[j])); \
                    else                                                                                             \
                        for (int64_t j = 0; j < count; j++)                                                          \
                            s[j] = HK_TAKE_##kind(type, s[j], HK_READ_##type(row[j * column_stride]));               \
                }                                                                                                    \
                for (int64_t j = 0; j < count; j++) cells[first + j] = HK_JOIN_##kind(cells[first + j], s[j]);       \
            }                                                                                                        \
        }                                                                                                            \
    }

#define HK_COMBINE(kind, type)                                                                                       \
    static void combine_##kind##_##type(int64_t n, uint64_t *a_, const uint64_t *b_) {                               \
        HK_CELL_##kind(type) *a = (HK_CELL_##kind(type) *)a_;                                                        \
        const HK_CELL_##kind(type) *b = (const HK_CELL_##kind(type) *)b_;                                            \
        for (int64_t i = 0; i < n; i++) a[i] = HK_JOIN_##kind(a[i], b[i]);                                           \
    }

#define HK_START_CELL(kind, type)                                                                                    \
    static uint64_t start_##kind##_##type(void) {                                                                    \
        HK_CELL_##kind(type) value = HK_START_##kind(type);                                                          \
        uint64_t cell;                                                                                               \
        memcpy(&cell, &value, sizeof cell);                                                                          \
        return cell;                                                                                                 \
    }

#define HK_FINISH_AS(kind, type, to, value)                                                                          \
    static void finish_##kind##_##type(int64_t n, const uint64_t *cells_, void *out_) {                              \
        const HK_CELL_##kind(type) *cells = (const HK_CELL_##kind(type) *)cells_;                                    \
        HK_C_##to *out = out_;                                                                                       \
        for (int64_t i = 0; i < n; i++) out[i] = HK_MAKE_##to(value(cells[i]));                                      \
    }
#define HK_SAME(v) (v)
#define HK_WIDE_bool i64
#define HK_WIDE_u8 i64
#define HK_WIDE_i8 i64
#define HK_WIDE_i16 i64
#define HK_WIDE_i32 i64
#define HK_WIDE_i64 i64
#define HK_WIDE_f16 f16
#define HK_WIDE_bf16 bf16
#define HK_WIDE_f32 f32
#define HK_WIDE_f64 f64
#define HK_FINISH_EXPANDED(kind, type, to, value) HK_FINISH_AS(kind, type, to, value)

#define HK_KERNELS(kind, type)                                                                                       \
    HK_ROW_KERNEL(kind, type) HK_COLUMNS_KERNEL(kind, type) HK_COMBINE(kind, type) HK_START_CELL(kind, type)
#define HK_ALL_KERNELS(type)                                                                                         \
    HK_KERNELS(sum, type)                                                                                            \
    HK_KERNELS(product, type)                                                                                        \
    HK_KERNELS(max, type)                                                                                            \
    HK_KERNELS(min, type)                                                                                            \
    HK_KERNELS(sum_of_squares, type)                                                                                 \
    HK_KERNELS(any, type)                                                                                            \
    HK_KERNELS(all, type)                                                                                            \
    HK_FINISH_EXPANDED(sum, type, HK_WIDE_##type, HK_SAME)                                                           \
    HK_FINISH_EXPANDED(product, type, HK_WIDE_##type, HK_SAME)                                                       \
    HK_FINISH_AS(max, type, type, HK_VALUE_##type)                                                                   \
    HK_FINISH_AS(min, type, type, HK_VALUE_##type)                                                                   \
    HK_FINISH_AS(sum_of_squares, type, type, HK_SAME)                                                                \
    HK_FINISH_AS(any, type, bool, HK_SAME)                                                                           \
    HK_FINISH_AS(all, type, bool, HK_SAME)
HK_EACH_TYPE(HK_ALL_KERNELS)

typedef void (*combine_kernel)(int64_t, uint64_t *, const uint64_t *);
typedef uint64_t (*start_kernel)(void);
typedef void (*finish_kernel)(int64_t, const uint64_t *, void *);

#define HK_ENTRY(stage, type)                                                                                        \
    {stage##_sum_##type, stage##_product_##type, stage##_max_##type, stage##_min_##type,                             \
     stage##_sum_of_squares_##type, stage##_any_##type, stage##_all_##type},
#define HK_TABLE(kernel, stage)                                                                                      \
    static const kernel stage##_table[HK_dtype_count][HK_reduction_count] = {                                        \
        HK_ENTRY(stage, bool) HK_ENTRY(stage, u8) HK_ENTRY(stage, i8) HK_ENTRY(stage, i16) HK_ENTRY(stage, i32)      \
            HK_ENTRY(stage, i64) HK_ENTRY(stage, f16) HK_ENTRY(stage, bf16) HK_ENTRY(stage, f32)                     \
                HK_ENTRY(stage, f64)};
HK_TABLE(hk_row_kernel, row)
HK_TABLE(hk_columns_kernel, columns)
HK_TABLE(combine_kernel, combine)
HK_TABLE(start_kernel, start)
HK_TABLE(finish_kernel, finish)

uint64_t hk_reduce_start(hk_reduction kind, hk_dtype type) { return start_table[type][kind](); }
hk_row_kernel hk_find_row(hk_reduction kind, hk_dtype type) { return row_table[type][kind]; }
hk_columns_kernel hk_find_columns(hk_reduction kind, hk_dtype type) { return columns_table[type][kind]; }

void hk_reduce_combine(hk_reduction kind, hk_dtype type, int64_t n, uint64_t *cells, const uint64_t *others) {
    combine_table[type][kind](n, cells, others);
}

void hk_reduce_finish(hk_reduction kind, hk_dtype type, int64_t n, const uint64_t *cells, void *out) {
    finish_table[type][kind](n, cells, out);
}

#define HK_ARG_CASE(type)                                                                                            \
    static int64_t arg_##type(int largest, int64_t n, const void *x_, int64_t sx) {                                  \
        const HK_C_##type *x = x_;                                                                                   \
        uint64_t cell = largest ? start_max_##type() : start_min_##type();                                           \
        (largest ? row_max_##type : row_min_##type)(n, x_, sx, &cell);                                               \
        const HK_K_##type best = (HK_K_##type)(int64_t)cell;                                                         \
        const HK_K_##type nan = largest ? HK_HIGH(HK_K_##type) : HK_LOW(HK_K_##type);                                \
        (void)nan;                                                                                                   \
        for (int64_t i = 0; i < n; i++)                                                                              \
            if (HK_KEY_##type(HK_READ_##type(x[i * sx]), nan) == best) return i;                                     \
        return 0;                                                                                                    \
    }
HK_EACH_TYPE(HK_ARG_CASE)

int64_t hk_arg_reduce(int largest, hk_dtype type, int64_t n, const void *x, int64_t sx) {
#define HK_ARG(type) arg_##type,
    static int64_t (*const table[])(int, int64_t, const void *, int64_t) = {HK_EACH_TYPE(HK_ARG)};
    return table[type](largest, n, x, sx);
}

#define HK_ACCUMULATE(kind, type, VALUE)                                                                             \
    static void accumulate_##kind##_##type(int64_t n, const void *x_, int64_t sx, void *out_, int64_t so) {          \
        const HK_C_##type *x = x_;                                                                                   \
        HK_C_##type *out = out_;                                                                                     \
        HK_S_##kind(type) s = HK_START_##kind(type);                                                                 \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            s = HK_TAKE_##kind(type, s, HK_READ_##type(x[i * sx]));                                                  \
            out[i * so] = HK_MAKE_##type(VALUE(s));                                                                  \
        }                                                                                                            \
    }
#define HK_ACCUMULATE_ALL(type)                                                                                      \
    HK_ACCUMULATE(sum, type, HK_SAME)                                                                                \
    HK_ACCUMULATE(product, type, HK_SAME)                                                                            \
    HK_ACCUMULATE(max, type, HK_VALUE_##type)                                                                        \
    HK_ACCUMULATE(min, type, HK_VALUE_##type)
HK_EACH_TYPE(HK_ACCUMULATE_ALL)

void hk_accumulate(hk_reduction kind, hk_dtype type, int64_t n, const void *x, int64_t sx, void *out, int64_t so) {
#define HK_ACCUMULATE_ROW(type)                                                                                      \
    {accumulate_sum_##type, accumulate_product_##type, accumulate_max_##type, accumulate_min_##type},
    static void (*const table[][4])(int64_t, const void *, int64_t, void *, int64_t) = {
        HK_EACH_TYPE(HK_ACCUMULATE_ROW)};
    table[type][kind](n, x, sx, out, so);
}
