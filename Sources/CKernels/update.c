#include "update.h"

#include "math_generic.h"

// The formulas are PyTorch's (torch/optim), with its order of operations, so that weights stay the same for long.

// Each choice of buffers is a loop of its own, without a branch inside, so that it vectorises.

// torch.lerp
#define HK_LERP(from, to, weight)                                                                                    \
    ((weight) < (T)0.5 ? (from) + (weight) * ((to) - (from)) : (to) - ((to) - (from)) * ((T)1 - (weight)))

// Elements of a vector.
#define HK_WIDE 16

#define HK_UPDATE(suffix)                                                                                            \
    HK_CLONES void hk_sgd_##suffix(int64_t n, hk_sgd rule, T *parameter, const T *gradient, T *buffer) {             \
        const T rate = (T)rule.rate, decay = (T)rule.weight_decay, momentum = (T)rule.momentum;                      \
        const T keep = rule.is_first ? (T)0 : momentum;                                                              \
        const T take = rule.is_first ? (T)1 : (T)(1 - rule.dampening);                                               \
        if (!buffer) {                                                                                               \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < n; i++)                                                                          \
                parameter[i] = parameter[i] - rate * (gradient[i] + decay * parameter[i]);                           \
            return;                                                                                                  \
        }                                                                                                            \
        const int nesterov = rule.nesterov, is_first = rule.is_first;                                                \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T g = gradient[i] + decay * parameter[i];                                                                \
            /* What an unused buffer holds must not count, not even times 0. */                                      \
            T moved = take * g + (is_first ? (T)0 : buffer[i] * keep);                                               \
            buffer[i] = moved;                                                                                       \
            parameter[i] = parameter[i] - rate * (nesterov ? g + momentum * moved : moved);                          \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    typedef T wide_##suffix __attribute__((vector_size(HK_WIDE * sizeof(T)), aligned(sizeof(T)), may_alias));        \
    /* Written with vectors, so that an unoptimised build, whose loops do not vectorise, has them too. */            \
    HK_INLINE void adam_wide_##suffix(                                                                               \
        const hk_adam *rule, wide_##suffix *parameter, const wide_##suffix *gradient, wide_##suffix *first,          \
        wide_##suffix *second, wide_##suffix *largest) {                                                             \
        const T coupled = rule->decoupled ? (T)0 : (T)rule->weight_decay;                                            \
        const T shrink = rule->decoupled ? (T)(1 - rule->rate * rule->weight_decay) : (T)1;                          \
        const T weight1 = (T)(1 - rule->beta1), beta2 = (T)rule->beta2, weight2 = (T)(1 - rule->beta2);              \
        const T step = (T)(rule->rate / rule->correction1), root = (T)rule->correction2_root;                        \
        const T epsilon = (T)rule->epsilon;                                                                          \
        wide_##suffix p = *parameter * shrink;                                                                       \
        wide_##suffix g = *gradient + coupled * p;                                                                   \
        wide_##suffix m = HK_LERP(*first, g, weight1);                                                               \
        wide_##suffix v = *second * beta2 + weight2 * g * g;                                                         \
        *first = m;                                                                                                  \
        *second = v;                                                                                                 \
        if (largest) {                                                                                               \
            const __typeof__(v > v) wins = *largest > v;                                                             \
            *largest = v = (wide_##suffix)((wins & (__typeof__(wins))*largest) | (~wins & (__typeof__(wins))v));     \
        }                                                                                                            \
        *parameter = p - step * m / (__builtin_elementwise_sqrt(v) / root + epsilon);                                \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_adam_##suffix(                                                                                 \
        int64_t n, hk_adam rule, T *parameter, const T *gradient, T *first, T *second, T *largest) {                 \
        int64_t i = 0;                                                                                               \
        for (; i + HK_WIDE <= n; i += HK_WIDE)                                                                       \
            adam_wide_##suffix(                                                                                      \
                &rule, (wide_##suffix *)(parameter + i), (const wide_##suffix *)(gradient + i),                      \
                (wide_##suffix *)(first + i), (wide_##suffix *)(second + i),                                         \
                largest ? (wide_##suffix *)(largest + i) : 0);                                                       \
        if (i == n) return;                                                                                          \
        /* The elements that fill no vector pass through one beside them. */                                         \
        const size_t rest = (size_t)(n - i) * sizeof(T);                                                             \
        wide_##suffix p = {0}, g = {0}, m = {0}, v = {0}, l = {0};                                                   \
        memcpy(&p, parameter + i, rest);                                                                             \
        memcpy(&g, gradient + i, rest);                                                                              \
        memcpy(&m, first + i, rest);                                                                                 \
        memcpy(&v, second + i, rest);                                                                                \
        if (largest) memcpy(&l, largest + i, rest);                                                                  \
        adam_wide_##suffix(&rule, &p, &g, &m, &v, largest ? &l : 0);                                                 \
        memcpy(parameter + i, &p, rest);                                                                             \
        memcpy(first + i, &m, rest);                                                                                 \
        memcpy(second + i, &v, rest);                                                                                \
        if (largest) memcpy(largest + i, &l, rest);                                                                  \
    }                                                                                                                \
    HK_INLINE void rmsprop_##suffix(                                                                                 \
        int64_t n, hk_rmsprop rule, T *parameter, const T *gradient, T *square, T *buffer, T *mean, int moves,       \
        int centered) {                                                                                              \
        const T rate = (T)rule.rate, alpha = (T)rule.alpha, weight = (T)(1 - rule.alpha);                            \
        const T epsilon = (T)rule.epsilon, decay = (T)rule.weight_decay, momentum = (T)rule.momentum;                \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T p = parameter[i];                                                                                      \
            T g = gradient[i] + decay * p;                                                                           \
            T s = square[i] * alpha + weight * g * g;                                                                \
            square[i] = s;                                                                                           \
            T spread = s;                                                                                            \
            if (centered) {                                                                                          \
                T average = HK_LERP(mean[i], g, weight);                                                             \
                mean[i] = average;                                                                                   \
                spread = s - average * average;                                                                      \
            }                                                                                                        \
            T scale = hk_sqrt(spread) + epsilon;                                                                     \
            if (moves) {                                                                                             \
                T moved = buffer[i] * momentum + g / scale;                                                          \
                buffer[i] = moved;                                                                                   \
                parameter[i] = p - rate * moved;                                                                     \
            } else {                                                                                                 \
                parameter[i] = p - rate * g / scale;                                                                 \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_rmsprop_##suffix(                                                                              \
        int64_t n, hk_rmsprop rule, T *parameter, const T *gradient, T *square, T *buffer, T *mean) {                \
        if (buffer && mean)                                                                                          \
            rmsprop_##suffix(n, rule, parameter, gradient, square, buffer, mean, 1, 1);                              \
        else if (buffer)                                                                                             \
            rmsprop_##suffix(n, rule, parameter, gradient, square, buffer, mean, 1, 0);                              \
        else if (mean)                                                                                               \
            rmsprop_##suffix(n, rule, parameter, gradient, square, buffer, mean, 0, 1);                              \
        else                                                                                                         \
            rmsprop_##suffix(n, rule, parameter, gradient, square, buffer, mean, 0, 0);                              \
    }                                                                                                                \
    HK_CLONES void hk_adagrad_##suffix(int64_t n, hk_adagrad rule, T *parameter, const T *gradient, T *sum) {        \
        const T rate = (T)rule.rate, epsilon = (T)rule.epsilon, decay = (T)rule.weight_decay;                        \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T g = gradient[i] + decay * parameter[i];                                                                \
            T s = sum[i] + g * g;                                                                                    \
            sum[i] = s;                                                                                              \
            parameter[i] = parameter[i] - rate * g / (hk_sqrt(s) + epsilon);                                         \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_adadelta_##suffix(                                                                             \
        int64_t n, hk_adadelta rule, T *parameter, const T *gradient, T *square, T *change) {                        \
        const T rate = (T)rule.rate, rho = (T)rule.rho, weight = (T)(1 - rule.rho);                                  \
        const T epsilon = (T)rule.epsilon, decay = (T)rule.weight_decay;                                             \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T g = gradient[i] + decay * parameter[i];                                                                \
            T s = square[i] * rho + weight * g * g;                                                                  \
            T delta = hk_sqrt(change[i] + epsilon) / hk_sqrt(s + epsilon) * g;                                       \
            square[i] = s;                                                                                           \
            change[i] = change[i] * rho + weight * delta * delta;                                                    \
            parameter[i] = parameter[i] - rate * delta;                                                              \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_adamax_##suffix(                                                                               \
        int64_t n, hk_adamax rule, T *parameter, const T *gradient, T *first, T *largest) {                          \
        const T rate = (T)rule.rate, weight1 = (T)(1 - rule.beta1), beta2 = (T)rule.beta2;                           \
        const T epsilon = (T)rule.epsilon, decay = (T)rule.weight_decay;                                             \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T g = gradient[i] + decay * parameter[i];                                                                \
            T m = HK_LERP(first[i], g, weight1);                                                                     \
            T before = largest[i] * beta2, now = (g < 0 ? -g : g) + epsilon;                                         \
            T u = before > now ? before : now;                                                                       \
            first[i] = m;                                                                                            \
            largest[i] = u;                                                                                          \
            parameter[i] = parameter[i] - rate * m / u;                                                              \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_nadam_##suffix(                                                                                \
        int64_t n, hk_nadam rule, T *parameter, const T *gradient, T *first, T *second) {                            \
        const T weight1 = (T)(1 - rule.beta1), beta2 = (T)rule.beta2, weight2 = (T)(1 - rule.beta2);                 \
        const T now = (T)rule.gradient_rate, past = (T)rule.average_rate, correction = (T)rule.correction2;          \
        const T epsilon = (T)rule.epsilon, decay = (T)rule.weight_decay, shrink = (T)rule.shrink;                    \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T p = parameter[i] * shrink;                                                                             \
            T g = gradient[i] + decay * p;                                                                           \
            T m = HK_LERP(first[i], g, weight1);                                                                     \
            T v = second[i] * beta2 + weight2 * g * g;                                                               \
            first[i] = m;                                                                                            \
            second[i] = v;                                                                                           \
            T scale = hk_sqrt(v / correction) + epsilon;                                                             \
            parameter[i] = p - now * g / scale - past * m / scale;                                                   \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_INLINE void radam_##suffix(                                                                                   \
        int64_t n, hk_radam rule, T *parameter, const T *gradient, T *first, T *second, int adaptive) {              \
        const T weight1 = (T)(1 - rule.beta1), beta2 = (T)rule.beta2, weight2 = (T)(1 - rule.beta2);                 \
        const T rate = (T)rule.rate, epsilon = (T)rule.epsilon;                                                      \
        const T decay = (T)rule.weight_decay, shrink = (T)rule.shrink;                                               \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T p = parameter[i] * shrink;                                                                             \
            T g = gradient[i] + decay * p;                                                                           \
            T m = HK_LERP(first[i], g, weight1);                                                                     \
            T v = second[i] * beta2 + weight2 * g * g;                                                               \
            first[i] = m;                                                                                            \
            second[i] = v;                                                                                           \
            parameter[i] = p - (adaptive ? rate * m / (hk_sqrt(v) + epsilon) : rate * m);                            \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_radam_##suffix(                                                                                \
        int64_t n, hk_radam rule, T *parameter, const T *gradient, T *first, T *second) {                            \
        if (rule.adaptive)                                                                                           \
            radam_##suffix(n, rule, parameter, gradient, first, second, 1);                                          \
        else                                                                                                         \
            radam_##suffix(n, rule, parameter, gradient, first, second, 0);                                          \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_rprop_##suffix(                                                                                \
        int64_t n, hk_rprop rule, T *parameter, const T *gradient, T *previous, T *size) {                           \
        const T shrink = (T)rule.shrink, grow = (T)rule.grow;                                                        \
        const T smallest = (T)rule.smallest, largest = (T)rule.largest;                                              \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T g = gradient[i], agrees = g * previous[i];                                                             \
            T s = size[i] * (agrees > 0 ? grow : agrees < 0 ? shrink : (T)1);                                        \
            s = s < smallest ? smallest : s > largest ? largest : s;                                                 \
            /* A step that went too far is not followed by one back. */                                              \
            g = agrees < 0 ? (T)0 : g;                                                                               \
            size[i] = s;                                                                                             \
            previous[i] = g;                                                                                         \
            parameter[i] = parameter[i] - (g > 0 ? s : g < 0 ? -s : g);                                              \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_asgd_##suffix(int64_t n, hk_asgd rule, T *parameter, const T *gradient, T *average) {          \
        const T rate = (T)rule.rate, shrink = (T)rule.shrink, decay = (T)rule.weight_decay;                          \
        const T weight = (T)rule.weight;                                                                             \
        const int replaces = rule.weight == 1;                                                                       \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T p = parameter[i];                                                                                      \
            p = p * shrink - rate * (gradient[i] + decay * p);                                                       \
            parameter[i] = p;                                                                                        \
            average[i] = replaces ? p : average[i] + (p - average[i]) * weight;                                      \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_lion_##suffix(int64_t n, hk_lion rule, T *parameter, const T *gradient, T *average) {          \
        const T rate = (T)rule.rate, shrink = (T)rule.shrink, beta1 = (T)rule.beta1, beta2 = (T)rule.beta2;          \
        const T weight1 = (T)(1 - rule.beta1), weight2 = (T)(1 - rule.beta2);                                        \
        HK_INDEPENDENT                                                                                               \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            T g = gradient[i], m = average[i];                                                                       \
            T mixed = beta1 * m + weight1 * g;                                                                       \
            average[i] = beta2 * m + weight2 * g;                                                                    \
            parameter[i] = parameter[i] * shrink - rate * (mixed > 0 ? (T)1 : mixed < 0 ? (T)-1 : mixed);            \
        }                                                                                                            \
    }

#pragma clang diagnostic ignored "-Wpass-failed"
#define T float
HK_UPDATE(f32)
#undef T
#define T double
HK_UPDATE(f64)
#undef T
