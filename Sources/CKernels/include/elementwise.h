// The table of elementwise functions: one row each. The C kernels of the CPU are made from it.
#ifndef HK_ELEMENTWISE_H
#define HK_ELEMENTWISE_H

#define HK_UNARY_TABLE(ROW)                                                                                          \
    ROW(negate) ROW(absolute) ROW(sign) ROW(square) ROW(sqrt) ROW(rsqrt) ROW(reciprocal) ROW(exp) ROW(exp2) ROW(expm1) \
    ROW(log) ROW(log2) ROW(log10) ROW(log1p) ROW(sin) ROW(cos) ROW(tan) ROW(asin) ROW(acos) ROW(atan) ROW(sinh)      \
    ROW(cosh) ROW(tanh) ROW(asinh) ROW(acosh) ROW(atanh) ROW(erf) ROW(erfc) ROW(erfinv) ROW(lgamma) ROW(digamma)     \
    ROW(floor) ROW(ceil) ROW(round) ROW(trunc) ROW(sigmoid) ROW(log_sigmoid) ROW(relu) ROW(relu6) ROW(gelu)          \
    ROW(gelu_tanh) ROW(silu) ROW(mish) ROW(softplus) ROW(softsign) ROW(hard_sigmoid) ROW(hard_swish) ROW(clamp)      \
    ROW(leaky_relu) ROW(elu) ROW(selu) ROW(celu) ROW(tanhshrink) ROW(softshrink) ROW(hardshrink) ROW(threshold)      \
    ROW(is_nan) ROW(is_infinite) ROW(is_finite) ROW(logical_not) ROW(bitwise_not)

#define HK_BINARY_TABLE(ROW)                                                                                         \
    ROW(add) ROW(subtract) ROW(multiply) ROW(divide) ROW(floor_divide) ROW(remainder) ROW(fmod) ROW(power) ROW(atan2) \
    ROW(maximum) ROW(minimum) ROW(hypot) ROW(xlogy) ROW(copysign) ROW(add_scaled) ROW(equal) ROW(not_equal)          \
    ROW(less) ROW(less_equal) ROW(greater) ROW(greater_equal) ROW(logical_and) ROW(logical_or) ROW(logical_xor)      \
    ROW(bitwise_and) ROW(bitwise_or) ROW(bitwise_xor) ROW(shift_left) ROW(shift_right)                               \
    ROW(relu_gradient) ROW(sigmoid_gradient) ROW(tanh_gradient) ROW(gelu_gradient) ROW(gelu_tanh_gradient)           \
    ROW(silu_gradient) ROW(clamp_gradient) ROW(leaky_relu_gradient) ROW(elu_gradient)

typedef enum hk_unary {
#define HK_ROW(name) HK_##name,
    HK_UNARY_TABLE(HK_ROW)
#undef HK_ROW
} hk_unary;

typedef enum hk_binary {
#define HK_ROW(name) HK_##name,
    HK_BINARY_TABLE(HK_ROW)
#undef HK_ROW
} hk_binary;

#endif
