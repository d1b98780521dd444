// One step of an optimizer for `n` elements. Every operand is contiguous; `parameter` and the states are written.
// Declared for float32 (f32) and float64 (f64). Numbers are rounded to the elements' type where PyTorch rounds them.
#ifndef HK_UPDATE_H
#define HK_UPDATE_H

#include <stdint.h>

typedef struct hk_sgd {
    double rate, momentum, dampening, weight_decay;
    int nesterov, is_first;
} hk_sgd;

typedef struct hk_adam {
    double rate, beta1, beta2, epsilon, weight_decay;
    // 1 - beta1^step, and the square root of 1 - beta2^step.
    double correction1, correction2_root;
    int decoupled;
} hk_adam;

typedef struct hk_rmsprop {
    double rate, alpha, epsilon, weight_decay, momentum;
} hk_rmsprop;

typedef struct hk_adagrad {
    double rate, epsilon, weight_decay;
} hk_adagrad;

typedef struct hk_adadelta {
    double rate, rho, epsilon, weight_decay;
} hk_adadelta;

// `rate` is already divided by 1 - beta1^step.
typedef struct hk_adamax {
    double rate, beta1, beta2, epsilon, weight_decay;
} hk_adamax;

// `shrink` multiplies the parameter first: 1 without decoupled weight decay. `correction2` is 1 - beta2^step.
typedef struct hk_nadam {
    double gradient_rate, average_rate, beta1, beta2, correction2, epsilon, weight_decay, shrink;
} hk_nadam;

// `adaptive`: divides by the root of the second moment.
typedef struct hk_radam {
    double rate, beta1, beta2, epsilon, weight_decay, shrink;
    int adaptive;
} hk_radam;

typedef struct hk_rprop {
    double shrink, grow, smallest, largest;
} hk_rprop;

// `weight` of the parameter in the average: 1 replaces it.
typedef struct hk_asgd {
    double rate, shrink, weight_decay, weight;
} hk_asgd;

typedef struct hk_lion {
    double rate, beta1, beta2, shrink;
} hk_lion;

#define HK_DECLARE_UPDATE(T, suffix)                                                                                 \
    /* `momentum` is null without it. */                                                                             \
    void hk_sgd_##suffix(int64_t n, hk_sgd rule, T *parameter, const T *gradient, T *momentum);                      \
    /* `largest` is null without AMSGrad. */                                                                         \
    void hk_adam_##suffix(                                                                                           \
        int64_t n, hk_adam rule, T *parameter, const T *gradient, T *first, T *second, T *largest);                  \
    /* `momentum` and `mean` are null without them. */                                                               \
    void hk_rmsprop_##suffix(                                                                                        \
        int64_t n, hk_rmsprop rule, T *parameter, const T *gradient, T *square, T *momentum, T *mean);               \
    void hk_adagrad_##suffix(int64_t n, hk_adagrad rule, T *parameter, const T *gradient, T *sum);                   \
    void hk_adadelta_##suffix(                                                                                       \
        int64_t n, hk_adadelta rule, T *parameter, const T *gradient, T *square, T *change);                         \
    void hk_adamax_##suffix(int64_t n, hk_adamax rule, T *parameter, const T *gradient, T *first, T *largest);       \
    void hk_nadam_##suffix(int64_t n, hk_nadam rule, T *parameter, const T *gradient, T *first, T *second);          \
    void hk_radam_##suffix(int64_t n, hk_radam rule, T *parameter, const T *gradient, T *first, T *second);          \
    void hk_rprop_##suffix(int64_t n, hk_rprop rule, T *parameter, const T *gradient, T *previous, T *size);         \
    void hk_asgd_##suffix(int64_t n, hk_asgd rule, T *parameter, const T *gradient, T *average);                     \
    void hk_lion_##suffix(int64_t n, hk_lion rule, T *parameter, const T *gradient, T *average);

HK_DECLARE_UPDATE(float, f32)
HK_DECLARE_UPDATE(double, f64)
#undef HK_DECLARE_UPDATE

#endif
