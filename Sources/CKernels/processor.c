#include "processor.h"

#include <stddef.h>
#include <string.h>

#if defined(__x86_64__)
#define HK_NOTE(feature, name) \
    if (__builtin_cpu_supports(feature)) strcat(text, text[0] ? " " name : name)

const char *hk_processor_features(void) {
    static _Thread_local char text[128];
    text[0] = 0;
    HK_NOTE("avx2", "AVX2");
    HK_NOTE("fma", "FMA");
    HK_NOTE("avx512f", "AVX-512");
    HK_NOTE("avx512vnni", "VNNI");
    HK_NOTE("avx512bf16", "BF16");
    return text;
}
#elif defined(__aarch64__)
const char *hk_processor_features(void) { return "NEON"; }
#else
const char *hk_processor_features(void) { return ""; }
#endif
