#include "sort.h"

#include "types.h"

// Unsigned keys in the order of the numbers; the complement sorts the other way round and stays stable.
#define HK_KEYS(type)                                                                                                \
    static void keys_##type(int64_t n, const void *x_, int64_t sx, uint64_t flip, uint64_t *keys) {                  \
        const HK_C_##type *x = x_;                                                                                   \
        for (int64_t i = 0; i < n; i++) {                                                                            \
            int64_t key = (int64_t)HK_KEY_##type(HK_READ_##type(x[i * sx]), HK_HIGH(HK_K_##type));                   \
            keys[i] = ((uint64_t)key ^ ((uint64_t)1 << 63)) ^ flip;                                                  \
        }                                                                                                            \
    }
HK_EACH_TYPE(HK_KEYS)

static void insertion_sort(int64_t n, uint64_t *keys, int64_t *order) {
    for (int64_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        int64_t index = order[i], j = i;
        for (; j > 0 && keys[j - 1] > key; j--) {
            keys[j] = keys[j - 1];
            order[j] = order[j - 1];
        }
        keys[j] = key;
        order[j] = index;
    }
}

// Least significant byte first; bytes that all keys share are passed over.
static void radix_sort(int64_t n, uint64_t *keys, int64_t *order, uint64_t *other_keys, int64_t *other_order) {
    int64_t *const result = order;
    uint64_t differing = 0;
    for (int64_t i = 1; i < n; i++) differing |= keys[i] ^ keys[0];
    for (int shift = 0; shift < 64; shift += 8) {
        if (((differing >> shift) & 255) == 0) continue;
        int64_t places[256] = {0};
        for (int64_t i = 0; i < n; i++) places[(keys[i] >> shift) & 255]++;
        int64_t next = 0;
        for (int digit = 0; digit < 256; digit++) {
            int64_t count = places[digit];
            places[digit] = next;
            next += count;
        }
        for (int64_t i = 0; i < n; i++) {
            int64_t place = places[(keys[i] >> shift) & 255]++;
            other_keys[place] = keys[i];
            other_order[place] = order[i];
        }
        uint64_t *swapped_keys = keys;
        keys = other_keys;
        other_keys = swapped_keys;
        int64_t *swapped_order = order;
        order = other_order;
        other_order = swapped_order;
    }
    if (order != result) memcpy(result, order, (size_t)n * sizeof *order);
}

void hk_argsort(
    hk_dtype type, int64_t n, const void *x, int64_t sx, int descending, int64_t *order, uint64_t *scratch) {
#define HK_ENTRY(type) keys_##type,
    static void (*const table[])(int64_t, const void *, int64_t, uint64_t, uint64_t *) = {HK_EACH_TYPE(HK_ENTRY)};
    table[type](n, x, sx, descending ? UINT64_MAX : 0, scratch);
    for (int64_t i = 0; i < n; i++) order[i] = i;
    if (n <= 64)
        insertion_sort(n, scratch, order);
    else
        radix_sort(n, scratch, order, scratch + n, (int64_t *)(scratch + 2 * n));
}

// Comparisons are PyTorch's: with NaN none holds, so the search goes on to the right.
#define HK_SEARCH(type)                                                                                              \
    static void search_##type(                                                                                       \
        int64_t n, const void *sorted_, int64_t m, const void *values_, int right, int64_t *places) {                \
        const HK_C_##type *sorted = sorted_, *values = values_;                                                      \
        for (int64_t i = 0; i < m; i++) {                                                                            \
            int64_t low = 0, high = n;                                                                               \
            while (low < high) {                                                                                     \
                int64_t middle = low + (high - low) / 2;                                                             \
                int isBeyond = right ? HK_READ_##type(sorted[middle]) > HK_READ_##type(values[i])                    \
                                     : HK_READ_##type(sorted[middle]) >= HK_READ_##type(values[i]);                  \
                if (isBeyond)                                                                                        \
                    high = middle;                                                                                   \
                else                                                                                                 \
                    low = middle + 1;                                                                                \
            }                                                                                                        \
            places[i] = low;                                                                                         \
        }                                                                                                            \
    }
HK_EACH_TYPE(HK_SEARCH)

void hk_search_sorted(
    hk_dtype type, int64_t n, const void *sorted, int64_t m, const void *values, int right, int64_t *places) {
#define HK_SEARCH_ENTRY(type) search_##type,
    static void (*const table[])(int64_t, const void *, int64_t, const void *, int, int64_t *) = {
        HK_EACH_TYPE(HK_SEARCH_ENTRY)};
    table[type](n, sorted, m, values, right, places);
}
