// Asks for memory ahead of its use, so that it comes while something else is computed.
#ifndef HK_PREFETCH_H
#define HK_PREFETCH_H

#include <stdint.h>

// What lies there may be anything: nothing is read, and an address without memory does no harm.
static inline void hk_prefetch(const void *start, int64_t byte_count) {
    for (int64_t i = 0; i < byte_count; i += 64) __builtin_prefetch((const char *)start + i, 0, 3);
}

// The same for memory that will be written.
static inline void hk_prefetch_for_writing(const void *start, int64_t byte_count) {
    for (int64_t i = 0; i < byte_count; i += 64) __builtin_prefetch((const char *)start + i, 1, 3);
}

#endif
