// The table of elementwise functions. A row is a name and a C expression of the operands `x` and `y` and the numbers
// `a` and `b`, all of type `T`; every `hk_` function in it exists for float and double. The kernels of the processor
// are compiled from the expressions, and a stringified row is source for another device.
#ifndef HK_ELEMENTWISE_H
#define HK_ELEMENTWISE_H

#include <stdint.h>

// Functions from floating point to floating point that loops over vectors can hold in full.
#define HK_UNARY_FLOAT_ROWS(ROW)                                                                                     \
    ROW(negate, -x)                                                                                                  \
    ROW(absolute, hk_abs(x))                                                                                         \
    ROW(sign, (T)((x > 0) - (x < 0)))                                                                                \
    ROW(square, x * x)                                                                                               \
    ROW(sqrt, hk_sqrt(x))                                                                                            \
    ROW(rsqrt, (T)1 / hk_sqrt(x))                                                                                    \
    ROW(reciprocal, (T)1 / x)                                                                                        \
    ROW(exp, hk_exp(x))                                                                                              \
    ROW(exp2, hk_exp2(x))                                                                                            \
    ROW(expm1, hk_expm1(x))                                                                                          \
    ROW(log, hk_log(x))                                                                                              \
    ROW(log2, hk_log2(x))                                                                                            \
    ROW(log10, hk_log10(x))                                                                                          \
    ROW(log1p, hk_log1p(x))                                                                                          \
    ROW(tan, hk_tan(x))                                                                                              \
    ROW(asin, hk_asin(x))                                                                                            \
    ROW(acos, hk_acos(x))                                                                                            \
    ROW(atan, hk_atan(x))                                                                                            \
    ROW(sinh, hk_sinh(x))                                                                                            \
    ROW(cosh, hk_cosh(x))                                                                                            \
    ROW(tanh, hk_tanh(x))                                                                                            \
    ROW(asinh, hk_asinh(x))                                                                                          \
    ROW(acosh, hk_acosh(x))                                                                                          \
    ROW(atanh, hk_atanh(x))                                                                                          \
    ROW(erf, hk_erf(x))                                                                                              \
    ROW(erfc, hk_erfc(x))                                                                                            \
    ROW(erfinv, hk_erfinv(x))                                                                                        \
    ROW(lgamma, hk_lgamma(x))                                                                                        \
    ROW(digamma, hk_digamma(x))                                                                                      \
    ROW(i0, hk_i0(x))                                                                                                \
    ROW(i1, hk_i1(x))                                                                                                \
    ROW(i0e, hk_i0e(x))                                                                                              \
    ROW(i1e, hk_i1e(x))                                                                                              \
    ROW(sinc, hk_sinc(x))                                                                                            \
    ROW(entr, x > 0 ? -x * hk_log(x) : (x == 0 ? (T)0 : (x != x ? x : -(T)__builtin_inf())))                         \
    ROW(logit, hk_log(x / ((T)1 - x)))                                                                               \
    ROW(mantissa, hk_mantissa(x))                                                                                    \
    ROW(exponent, hk_exponent(x))                                                                                    \
    ROW(floor, hk_floor(x))                                                                                          \
    ROW(ceil, hk_ceil(x))                                                                                            \
    ROW(round, hk_round(x))                                                                                          \
    ROW(trunc, hk_trunc(x))                                                                                          \
    ROW(sigmoid, hk_sigmoid(x))                                                                                      \
    ROW(log_sigmoid, (x >= 0 ? (T)0 : x) - hk_log1p(hk_exp(-hk_abs(x))))                                             \
    ROW(relu, x <= 0 ? (T)0 : x)                                                                                     \
    ROW(relu6, hk_clamp(x, (T)0, (T)6))                                                                              \
    ROW(gelu, (T)0.5 * x * ((T)1 + hk_erf(x * (T)0.70710678118654752440)))                                           \
    ROW(gelu_tanh, (T)0.5 * x * ((T)1 + hk_tanh((T)0.79788456080286535588 * (x + (T)0.044715 * x * x * x))))         \
    ROW(silu, x * hk_sigmoid(x))                                                                                     \
    ROW(mish, x * hk_tanh(x > (T)20 ? x : hk_log1p(hk_exp(x))))                                                      \
    ROW(softplus, x * a > b ? x : hk_log1p(hk_exp(x * a)) / a)                                                       \
    ROW(softsign, x / ((T)1 + hk_abs(x)))                                                                            \
    ROW(hard_sigmoid, hk_clamp(x + (T)3, (T)0, (T)6) / (T)6)                                                         \
    ROW(hard_swish, x * hk_clamp(x + (T)3, (T)0, (T)6) / (T)6)                                                       \
    ROW(clamp, hk_clamp(x, a, b))                                                                                    \
    ROW(leaky_relu, x > 0 ? x : x * a)                                                                               \
    ROW(elu, x > 0 ? x : a * hk_expm1(x))                                                                            \
    ROW(selu, (T)1.0507009873554804934 * (x > 0 ? x : (T)1.6732632423543772848 * hk_expm1(x)))                       \
    ROW(celu, x > 0 ? x : a * hk_expm1(x / a))                                                                       \
    ROW(tanhshrink, x - hk_tanh(x))                                                                                  \
    ROW(softshrink, x > a ? x - a : (x < -a ? x + a : (x != x ? x : (T)0)))                                          \
    ROW(hardshrink, ((x >= -a) & (x <= a)) ? (T)0 : x)                                                               \
    ROW(threshold, x <= a ? b : x)

// Functions that a vector loop computes in a bounded range only; float32 goes through the C library beyond it.
#define HK_UNARY_PERIODIC_ROWS(ROW)                                                                                  \
    ROW(sin, hk_sin(x))                                                                                              \
    ROW(cos, hk_cos(x))

// Functions from floating point to bool.
#define HK_UNARY_PREDICATE_ROWS(ROW)                                                                                 \
    ROW(is_nan, x != x)                                                                                              \
    ROW(is_infinite, hk_abs(x) == (T)__builtin_inf())                                                                \
    ROW(is_finite, hk_abs(x) < (T)__builtin_inf())                                                                   \
    ROW(sign_bit, hk_copysign((T)1, x) < 0)                                                                          \
    ROW(logical_not, x == 0)

// Functions of integers that no row of floating point numbers stands for.
#define HK_UNARY_BITWISE_ROWS(ROW) ROW(bitwise_not, (T)~x)

#define HK_UNARY_TABLE(ROW)                                                                                          \
    HK_UNARY_FLOAT_ROWS(ROW) HK_UNARY_PERIODIC_ROWS(ROW) HK_UNARY_PREDICATE_ROWS(ROW) HK_UNARY_BITWISE_ROWS(ROW)

// Integers again, where they need another expression: `U` is the unsigned type in which arithmetic wraps around, and
// `lower` and `upper` are `a` and `b` brought into the range of `T`.
#define HK_UNARY_INTEGER_ROWS(ROW)                                                                                   \
    ROW(negate, (T)((U)0 - (U)x))                                                                                    \
    ROW(absolute, x < 0 ? (T)((U)0 - (U)x) : x)                                                                      \
    ROW(sign, (T)((x > 0) - (x < 0)))                                                                                \
    ROW(square, (T)((U)x * (U)x))                                                                                    \
    ROW(relu, x < 0 ? (T)0 : x)                                                                                      \
    ROW(relu6, x < 0 ? (T)0 : (x > 6 ? (T)6 : x))                                                                    \
    ROW(clamp, (x < lower ? lower : x) > upper ? upper : (x < lower ? lower : x))                                    \
    ROW(threshold, x <= lower ? upper : x)                                                                           \
    ROW(floor, x) ROW(ceil, x) ROW(round, x) ROW(trunc, x)                                                           \
    HK_UNARY_BITWISE_ROWS(ROW)

#define HK_UNARY_INTEGER_PREDICATE_ROWS(ROW)                                                                         \
    ROW(is_nan, 0 * x) ROW(is_infinite, 0 * x) ROW(is_finite, 0 * x + 1) ROW(sign_bit, x < 0)              \
    ROW(logical_not, x == 0)

#define HK_BINARY_FLOAT_ROWS(ROW)                                                                                    \
    ROW(add, x + y)                                                                                                  \
    ROW(subtract, x - y)                                                                                             \
    ROW(multiply, x * y)                                                                                             \
    ROW(divide, x / y)                                                                                               \
    ROW(floor_divide, hk_floor_divide(x, y))                                                                         \
    ROW(remainder, hk_remainder(x, y))                                                                               \
    ROW(fmod, hk_fmod(x, y))                                                                                         \
    ROW(power, hk_power(x, y))                                                                                       \
    ROW(atan2, hk_atan2(x, y))                                                                                       \
    ROW(maximum, ((x != x) | (x > y)) ? x : y)                                                                       \
    ROW(minimum, ((x != x) | (x < y)) ? x : y)                                                                       \
    ROW(hypot, hk_hypot(x, y))                                                                                       \
    ROW(xlogy, ((x == 0) & (y == y)) ? (T)0 : x * hk_log(y))                                                         \
    ROW(xlog1py, ((x == 0) & (y == y)) ? (T)0 : x * hk_log1p(y))                                                     \
    ROW(copysign, hk_copysign(x, y))                                                                                 \
    ROW(fmax, ((y != y) | (x >= y)) ? x : y)                                                                         \
    ROW(fmin, ((y != y) | (x <= y)) ? x : y)                                                                         \
    ROW(heaviside, x == 0 ? y : (T)(x > 0))                                                                          \
    ROW(logaddexp, x == y ? x + (T)0.69314718055994530942                                                            \
                          : (x > y ? x : y) + hk_log1p(hk_exp(-hk_abs(x - y))))                                      \
    ROW(logaddexp2, x == y ? x + (T)1                                                                                \
                           : (x > y ? x : y) + (T)1.44269504088896340736 * hk_log1p(hk_exp2(-hk_abs(x - y))))        \
    ROW(nextafter, hk_nextafter(x, y))                                                                               \
    ROW(igamma, hk_igamma(x, y))                                                                                     \
    ROW(igammac, hk_igammac(x, y))                                                                                   \
    ROW(zeta, hk_zeta(x, y))                                                                                         \
    ROW(add_scaled, x + a * y)                                                                                       \
    ROW(relu_gradient, y <= 0 ? (T)0 : x)                                                                            \
    ROW(sigmoid_gradient, x * ((T)1 - y) * y)                                                                        \
    ROW(tanh_gradient, x * ((T)1 - y * y))                                                                           \
    ROW(gelu_gradient, x * ((T)0.5 * ((T)1 + hk_erf(y * (T)0.70710678118654752440))                                  \
                            + y * (T)0.39894228040143267794 * hk_exp((T)-0.5 * y * y)))                              \
    ROW(gelu_tanh_gradient, hk_gelu_tanh_gradient(x, y))                                                             \
    ROW(silu_gradient, x * hk_sigmoid(y) * ((T)1 + y * ((T)1 - hk_sigmoid(y))))                                      \
    ROW(clamp_gradient, hk_is_inside(y, a, b) ? x : (T)0)                                                            \
    ROW(leaky_relu_gradient, y > 0 ? x : x * a)                                                                      \
    ROW(elu_gradient, y > 0 ? x : x * a * hk_exp(y))

// Two operands of any type give a bool.
#define HK_BINARY_PREDICATE_ROWS(ROW)                                                                                \
    ROW(equal, x == y)                                                                                               \
    ROW(not_equal, x != y)                                                                                           \
    ROW(less, x < y)                                                                                                 \
    ROW(less_equal, x <= y)                                                                                          \
    ROW(greater, x > y)                                                                                              \
    ROW(greater_equal, x >= y)                                                                                       \
    ROW(logical_and, (x != 0) & (y != 0))                                                                            \
    ROW(logical_or, (x != 0) | (y != 0))                                                                             \
    ROW(logical_xor, (x != 0) ^ (y != 0))

#define HK_BINARY_BITWISE_ROWS(ROW)                                                                                  \
    ROW(bitwise_and, (T)(x & y))                                                                                     \
    ROW(bitwise_or, (T)(x | y))                                                                                      \
    ROW(bitwise_xor, (T)(x ^ y))                                                                                     \
    ROW(shift_left, hk_shift_left(x, y))                                                                             \
    ROW(shift_right, hk_shift_right(x, y))                                                                           \
    ROW(gcd, hk_integer_gcd(x, y))                                                                                   \
    ROW(lcm, hk_integer_lcm(x, y))

#define HK_BINARY_TABLE(ROW) HK_BINARY_FLOAT_ROWS(ROW) HK_BINARY_PREDICATE_ROWS(ROW) HK_BINARY_BITWISE_ROWS(ROW)

// Integers: arithmetic wraps around. A divisor of 0 must be kept away by the caller.
#define HK_BINARY_INTEGER_ROWS(ROW)                                                                                  \
    ROW(add, (T)((U)x + (U)y))                                                                                       \
    ROW(subtract, (T)((U)x - (U)y))                                                                                  \
    ROW(multiply, (T)((U)x * (U)y))                                                                                  \
    ROW(floor_divide, hk_integer_floor_divide(x, y))                                                                 \
    ROW(remainder, hk_integer_remainder(x, y))                                                                       \
    ROW(fmod, hk_integer_fmod(x, y))                                                                                 \
    ROW(power, hk_integer_power(x, y))                                                                               \
    ROW(maximum, x > y ? x : y)                                                                                      \
    ROW(minimum, x < y ? x : y)                                                                                      \
    ROW(heaviside, x == 0 ? y : (T)(x > 0))                                                                          \
    ROW(add_scaled, (T)((U)x + (U)lower * (U)y))                                                                     \
    ROW(relu_gradient, y <= 0 ? (T)0 : x)                                                                            \
    HK_BINARY_BITWISE_ROWS(ROW)

// Bytes that are 0 or 1.
#define HK_BINARY_BOOL_ROWS(ROW)                                                                                     \
    ROW(add, x | y)                                                                                                  \
    ROW(multiply, x & y)                                                                                             \
    ROW(maximum, x | y)                                                                                              \
    ROW(minimum, x & y)                                                                                              \
    ROW(heaviside, x | y)                                                                                            \
    ROW(bitwise_and, x & y)                                                                                          \
    ROW(bitwise_or, x | y)                                                                                           \
    ROW(bitwise_xor, x ^ y)

typedef enum hk_unary {
#define HK_ROW(name, expression) HK_##name,
    HK_UNARY_TABLE(HK_ROW)
#undef HK_ROW
    HK_unary_count
} hk_unary;

typedef enum hk_binary {
#define HK_ROW(name, expression) HK_##name,
    HK_BINARY_TABLE(HK_ROW)
#undef HK_ROW
    HK_binary_count
} hk_binary;

// Element types, numbered as Hearth's `DType`.
typedef enum hk_dtype {
    HK_bool, HK_uint8, HK_int8, HK_int16, HK_int32, HK_int64, HK_float16, HK_bfloat16, HK_float32, HK_float64,
    HK_dtype_count
} hk_dtype;

// Computes `n` elements into contiguous `out`, which may be the very memory of an operand. Strides count elements.
typedef void (*hk_unary_kernel)(int64_t n, const void *x, int64_t sx, void *out, double a, double b);
typedef void (*hk_binary_kernel)(
    int64_t n, const void *x, int64_t sx, const void *y, int64_t sy, void *out, double a, double b);

// The kernel of a function for an element type, or null where there is none.
hk_unary_kernel hk_find_unary(hk_unary function, hk_dtype type);
hk_binary_kernel hk_find_binary(hk_binary function, hk_dtype type);

const char *hk_unary_name(hk_unary function);
const char *hk_binary_name(hk_binary function);

// True when an integer operand holds a zero.
int hk_holds_zero(hk_dtype type, int64_t n, const void *x, int64_t sx);

#endif
