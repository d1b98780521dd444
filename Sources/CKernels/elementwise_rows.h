// How a row of the elementwise table becomes a kernel. Included by one file for each family of types.
#ifndef HK_ELEMENTWISE_ROWS_H
#define HK_ELEMENTWISE_ROWS_H

#include "elementwise.h"
#include "math_generic.h"

// Every row asks for vectors; those that call the C library cannot have them.
#pragma clang diagnostic ignored "-Wpass-failed"

#define HK_UNARY_LOOP(X, RESULT, expression)                                                                         \
    HK_INDEPENDENT                                                                                                   \
    for (int64_t i = 0; i < n; i++) {                                                                                \
        const T x = X;                                                                                               \
        result[i] = (RESULT)(expression);                                                                            \
    }

// A constant operand needs one value; contiguous operands a loop that vectorises; others the plain loop.
#define HK_UNARY_BODY(RESULT, expression)                                                                            \
    const T *p = x_;                                                                                                 \
    RESULT *result = out;                                                                                            \
    if (sx == 1) {                                                                                                   \
        HK_UNARY_LOOP(p[i], RESULT, expression)                                                                      \
    } else if (sx == 0) {                                                                                            \
        const T x = p[0];                                                                                            \
        const RESULT value = (RESULT)(expression);                                                                   \
        for (int64_t i = 0; i < n; i++) result[i] = value;                                                           \
    } else {                                                                                                         \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            const T x = p[i * sx];                                                                                   \
            result[i] = (RESULT)(expression);                                                                        \
        }                                                                                                            \
    }

#define HK_BINARY_LOOP(X, Y, RESULT, expression)                                                                     \
    HK_INDEPENDENT                                                                                                   \
    for (int64_t i = 0; i < n; i++) {                                                                                \
        const T x = X;                                                                                               \
        const T y = Y;                                                                                               \
        result[i] = (RESULT)(expression);                                                                            \
    }

#define HK_BINARY_BODY(RESULT, expression)                                                                           \
    const T *p = x_;                                                                                                 \
    const T *q = y_;                                                                                                 \
    RESULT *result = out;                                                                                            \
    if (sx == 1 && sy == 1) {                                                                                        \
        HK_BINARY_LOOP(p[i], q[i], RESULT, expression)                                                               \
    } else if (sx == 1 && sy == 0) {                                                                                 \
        const T constant = q[0];                                                                                     \
        HK_BINARY_LOOP(p[i], constant, RESULT, expression)                                                           \
    } else if (sx == 0 && sy == 1) {                                                                                 \
        const T constant = p[0];                                                                                     \
        HK_BINARY_LOOP(constant, q[i], RESULT, expression)                                                           \
    } else {                                                                                                         \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            const T x = p[i * sx];                                                                                   \
            const T y = q[i * sy];                                                                                   \
            result[i] = (RESULT)(expression);                                                                        \
        }                                                                                                            \
    }

#endif
