#include "gemm.h"

#include <pthread.h>
#include <stdlib.h>

#include "few_rows.h"
#include "targets.h"

// Memory for packed panels, kept by each thread and grown when needed.
typedef struct scratch {
    void *memory;
    size_t size;
} scratch;

static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;
static _Thread_local scratch *own_scratch;

static void free_scratch(void *pointer) {
    free(((scratch *)pointer)->memory);
    free(pointer);
}

static void make_scratch_key(void) { pthread_key_create(&scratch_key, free_scratch); }

static void *hk_scratch(size_t size) {
    scratch *own = own_scratch;
    if (own == NULL) {
        pthread_once(&scratch_once, make_scratch_key);
        own = own_scratch = calloc(1, sizeof *own);
        if (own == NULL) abort();
        pthread_setspecific(scratch_key, own);
    }
    if (own->size < size) {
        free(own->memory);
        if (posix_memalign(&own->memory, 64, size) != 0) abort();
        own->size = size;
    }
    return own->memory;
}

#define HK_ROW(f, i) f(i, 0) f(i, 1)
#define HK_ROWS_4(f) HK_ROW(f, 0) HK_ROW(f, 1) HK_ROW(f, 2) HK_ROW(f, 3)
#define HK_ROWS_6(f) HK_ROWS_4(f) HK_ROW(f, 4) HK_ROW(f, 5)
#define HK_ROWS_12(f)                                                                                                \
    HK_ROWS_6(f) HK_ROW(f, 6) HK_ROW(f, 7) HK_ROW(f, 8) HK_ROW(f, 9) HK_ROW(f, 10) HK_ROW(f, 11)

#if defined(__x86_64__) && defined(__linux__)
#define T float
#define HK_LANES 16
#define HK_ROWS 12
#define HK_COLUMNS 2
#define HK_EACH HK_ROWS_12
#define HK_ISA __attribute__((target("arch=x86-64-v4,prefer-256-bit"), min_vector_width(512)))
#define HK_NAME(name) name##_f32_v4
#include "gemm.inc"

#define HK_LANES 8
#define HK_ROWS 6
#define HK_COLUMNS 2
#define HK_EACH HK_ROWS_6
#define HK_ISA __attribute__((target("arch=x86-64-v3")))
#define HK_NAME(name) name##_f32_v3
#include "gemm.inc"
#undef T

#define T double
#define HK_LANES 8
#define HK_ROWS 12
#define HK_COLUMNS 2
#define HK_EACH HK_ROWS_12
#define HK_ISA __attribute__((target("arch=x86-64-v4,prefer-256-bit"), min_vector_width(512)))
#define HK_NAME(name) name##_f64_v4
#include "gemm.inc"

#define HK_LANES 4
#define HK_ROWS 6
#define HK_COLUMNS 2
#define HK_EACH HK_ROWS_6
#define HK_ISA __attribute__((target("arch=x86-64-v3")))
#define HK_NAME(name) name##_f64_v3
#include "gemm.inc"
#undef T
#endif

// Four vectors of 16 bytes a row suit SSE2 and NEON alike.
#define T float
#define HK_LANES 4
#define HK_ROWS 4
#define HK_COLUMNS 2
#define HK_EACH HK_ROWS_4
#define HK_ISA
#define HK_NAME(name) name##_f32_base
#include "gemm.inc"
#undef T

#define T double
#define HK_LANES 2
#define HK_ROWS 4
#define HK_COLUMNS 2
#define HK_EACH HK_ROWS_4
#define HK_ISA
#define HK_NAME(name) name##_f64_base
#include "gemm.inc"
#undef T

#if defined(__x86_64__) && defined(__linux__)
static int instruction_set(void) {
    static int level = -1;
    int known = __atomic_load_n(&level, __ATOMIC_RELAXED);
    if (known < 0) {
        __builtin_cpu_init();
        known = __builtin_cpu_supports("x86-64-v4") ? 4 : __builtin_cpu_supports("x86-64-v3") ? 3 : 1;
        __atomic_store_n(&level, known, __ATOMIC_RELAXED);
    }
    return known;
}
#define HK_DISPATCH(suffix)                                                                                          \
    int level = instruction_set();                                                                                   \
    if (level >= 4) {                                                                                                \
        gemm_##suffix##_v4(m, n, k, a, a_row, a_column, b, b_row, b_column, bias, c, cs);                            \
        return;                                                                                                      \
    }                                                                                                                \
    if (level >= 3) {                                                                                                \
        gemm_##suffix##_v3(m, n, k, a, a_row, a_column, b, b_row, b_column, bias, c, cs);                            \
        return;                                                                                                      \
    }
#else
#define HK_DISPATCH(suffix)
#endif

#define HK_GEMM(T, suffix)                                                                                           \
    void hk_gemm_##suffix(HK_PRODUCT_OPERANDS(T)) {                                                                  \
        if (k == 0) {                                                                                                \
            for (int64_t i = 0; i < m; i++)                                                                          \
                for (int64_t j = 0; j < n; j++) c[i * cs + j] = bias ? bias[j] : 0;                                  \
            return;                                                                                                  \
        }                                                                                                            \
        if (hk_few_rows_##suffix(m, n, k, a, a_row, a_column, b, b_row, b_column, bias, c, cs)) return;              \
        HK_DISPATCH(suffix)                                                                                          \
        gemm_##suffix##_base(m, n, k, a, a_row, a_column, b, b_row, b_column, bias, c, cs);                          \
    }
HK_GEMM(float, f32)
HK_GEMM(double, f64)

void hk_gemm_i64(
    int64_t m, int64_t n, int64_t k, const int64_t *a, int64_t a_row, int64_t a_column, const int64_t *b,
    int64_t b_row, int64_t b_column, int64_t *c, int64_t cs) {
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) c[i * cs + j] = 0;
        for (int64_t p = 0; p < k; p++) {
            const uint64_t left = (uint64_t)a[i * a_row + p * a_column];
            for (int64_t j = 0; j < n; j++)
                c[i * cs + j] = (int64_t)((uint64_t)c[i * cs + j] + left * (uint64_t)b[p * b_row + j * b_column]);
        }
    }
}

void hk_fill_rows_f32(int64_t m, int64_t n, const float *bias, float *c, int64_t cs) {
    for (int64_t i = 0; i < m; i++) memcpy(c + i * cs, bias, (size_t)n * sizeof(float));
}
