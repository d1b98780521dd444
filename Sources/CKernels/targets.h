// How a function is compiled for several instruction sets at once, the right one being picked when it is first called.
#ifndef HK_TARGETS_H
#define HK_TARGETS_H

#include <stdint.h>
#include <string.h>

// The thread sanitizer starts after the choice is made, and its instrumentation would run before that.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HK_NO_CLONES
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && defined(__clang__) && defined(__OPTIMIZE__) && !defined(HK_NO_CLONES)
#define HK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#define HK_FEW_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define HK_CLONES
#define HK_FEW_CLONES
#endif

#define HK_INLINE static inline __attribute__((always_inline, unused))

// Elements of a loop depend on nothing but their own operands, even where the output is the memory of an operand.
#define HK_INDEPENDENT _Pragma("clang loop vectorize(assume_safety) interleave(enable)")

HK_INLINE float hk_float_from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

HK_INLINE uint32_t hk_bits_of_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

HK_INLINE double hk_double_from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

HK_INLINE uint64_t hk_bits_of_double(double value) {
    uint64_t bits;
    memcpy(&bits, &value, 8);
    return bits;
}

#endif
