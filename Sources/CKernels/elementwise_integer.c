#include "elementwise_rows.h"

// Small types wrap around in 32 bits and are cut to size afterwards. Any x86-64 has vectors for them, so only the type of
// labels and indices, whose comparisons and products it lacks, is compiled a second time.
#define T uint8_t
#define U uint32_t
#define HK_SUFFIX u8
#define HK_INTEGER_CLONES
#define HK_LOWEST 0
#define HK_HIGHEST UINT8_MAX
#include "elementwise_integer.inc"

#define T int8_t
#define U uint32_t
#define HK_SUFFIX i8
#define HK_INTEGER_CLONES
#define HK_LOWEST INT8_MIN
#define HK_HIGHEST INT8_MAX
#include "elementwise_integer.inc"

#define T int16_t
#define U uint32_t
#define HK_SUFFIX i16
#define HK_INTEGER_CLONES
#define HK_LOWEST INT16_MIN
#define HK_HIGHEST INT16_MAX
#include "elementwise_integer.inc"

#define T int32_t
#define U uint32_t
#define HK_SUFFIX i32
#define HK_INTEGER_CLONES
#define HK_LOWEST INT32_MIN
#define HK_HIGHEST INT32_MAX
#include "elementwise_integer.inc"

#define T int64_t
#define U uint64_t
#define HK_SUFFIX i64
#define HK_INTEGER_CLONES HK_FEW_CLONES
#define HK_LOWEST INT64_MIN
#define HK_HIGHEST INT64_MAX
#include "elementwise_integer.inc"

// Bool: logic in place of arithmetic; comparisons and predicates are those of bytes.
#define T uint8_t
#define HK_ROW(name, expression)                                                                                     \
    static void binary_##name##_bool(                                                                                \
        int64_t n, const void *x_, int64_t sx, const void *y_, int64_t sy, void *out, double a_, double b_) {        \
        HK_BINARY_BODY(uint8_t, expression)                                                                          \
    }
HK_BINARY_BOOL_ROWS(HK_ROW)
#undef HK_ROW

static void unary_not_bool(int64_t n, const void *x_, int64_t sx, void *out, double a_, double b_) {
    HK_UNARY_BODY(uint8_t, x == 0)
}

#define HK_ROW(name, expression) [HK_##name] = unary_##name##_u8,
const hk_unary_kernel hk_unary_kernels_bool[HK_unary_count] = {
    HK_UNARY_INTEGER_PREDICATE_ROWS(HK_ROW)[HK_bitwise_not] = unary_not_bool};
#undef HK_ROW

#define HK_BYTE_ROW(name, expression) [HK_##name] = binary_##name##_u8,
#define HK_ROW(name, expression) [HK_##name] = binary_##name##_bool,
const hk_binary_kernel hk_binary_kernels_bool[HK_binary_count] = {
    HK_BINARY_BOOL_ROWS(HK_ROW) HK_BINARY_PREDICATE_ROWS(HK_BYTE_ROW)};
