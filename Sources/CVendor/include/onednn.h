// The functions of oneDNN that are used, of versions 2 and 3. Every object is an opaque handle here: version 2 takes
// the address of a memory description where version 3 takes its handle, and both are a pointer. Numbers are part of
// its stable binary interface (<https://uxlfoundation.github.io/oneDNN/>).
#ifndef HV_ONEDNN_H
#define HV_ONEDNN_H

#include <stddef.h>
#include <stdint.h>

typedef struct hv_dnnl_version_t {
    int major;
    int minor;
    int patch;
} hv_dnnl_version_t;

enum {
    HV_DNNL_CPU = 1,
    HV_DNNL_FLOAT32 = 3,
    HV_DNNL_TAG_ANY = 1,
    HV_DNNL_STREAM_IN_ORDER = 1,
    HV_DNNL_SCRATCHPAD_USER = 1,

    HV_DNNL_FORWARD_TRAINING = 64,
    HV_DNNL_CONVOLUTION_DIRECT = 1,
    HV_DNNL_CONVOLUTION_AUTO = 3,

    // Version 3 numbers functions of elements anew.
    HV_DNNL2_RELU = 31,
    HV_DNNL2_SWISH = 223,
    HV_DNNL2_CLIP = 255,
    HV_DNNL3_RELU = 32,
    HV_DNNL3_SWISH = 44,
    HV_DNNL3_CLIP = 46,

    HV_DNNL_QUERY_SRC = 129,
    HV_DNNL_QUERY_DIFF_SRC = 130,
    HV_DNNL_QUERY_WEIGHTS = 131,
    HV_DNNL_QUERY_DIFF_WEIGHTS = 132,
    HV_DNNL_QUERY_DST = 133,
    HV_DNNL_QUERY_DIFF_DST = 134,
    HV_DNNL_QUERY_SCRATCHPAD = 136,

    HV_DNNL_ARG_SRC = 1,
    HV_DNNL_ARG_DST = 17,
    HV_DNNL_ARG_WEIGHTS = 33,
    HV_DNNL_ARG_BIAS = 41,
    HV_DNNL_ARG_SCRATCHPAD = 80,
    HV_DNNL_ARG_DIFF_SRC = 129,
    HV_DNNL_ARG_DIFF_DST = 145,
    HV_DNNL_ARG_DIFF_WEIGHTS = 161,

    // Dimensions of a tensor at most: the length of each list of sizes that a function takes.
    HV_DNNL_MAX_DIMENSIONS = 12,
    // More than version 2's descriptions of memory (696 bytes in 2.6) and of a convolution (5,976) take.
    HV_DNNL_MEMORY_BYTES = 2048,
    HV_DNNL_OPERATION_BYTES = 16384,
};

typedef void *hv_dnnl;

typedef struct hv_dnnl_argument {
    int index;
    hv_dnnl memory;
} hv_dnnl_argument;

// All functions but `version`, `size` and `query` return 0 on success.
typedef const hv_dnnl_version_t *(*hv_dnnl_version)(void);
typedef int (*hv_dnnl_sgemm)(
    char transa, char transb, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
    const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

typedef int (*hv_dnnl_engine_create)(hv_dnnl *engine, int kind, size_t index);
typedef int (*hv_dnnl_stream_create)(hv_dnnl *stream, hv_dnnl engine, unsigned flags);
typedef int (*hv_dnnl_attributes_create)(hv_dnnl *attributes);
typedef int (*hv_dnnl_attributes_set)(hv_dnnl attributes, int value);
typedef int (*hv_dnnl_destroy)(hv_dnnl object);

// Version 2: `description` is memory of HV_DNNL_MEMORY_BYTES to be filled. Version 3: the address of a new handle.
typedef int (*hv_dnnl_memory_by_strides)(
    void *description, int rank, const int64_t *sizes, int type, const int64_t *strides);
typedef int (*hv_dnnl_memory_by_tag)(void *description, int rank, const int64_t *sizes, int type, int tag);
typedef size_t (*hv_dnnl_memory_size)(const void *description);
typedef int (*hv_dnnl_memory_equal)(const void *a, const void *b);
typedef int (*hv_dnnl_memory_create)(hv_dnnl *memory, const void *description, hv_dnnl engine, void *data);

typedef const void *(*hv_dnnl_query)(const void *primitive_description, int what, int index);
typedef int (*hv_dnnl_primitive_create)(hv_dnnl *primitive, const void *description);
typedef int (*hv_dnnl_primitive_execute)(
    hv_dnnl primitive, hv_dnnl stream, int count, const hv_dnnl_argument *arguments);
typedef int (*hv_dnnl_reorder)(
    hv_dnnl *description, const void *from, hv_dnnl from_engine, const void *to, hv_dnnl to_engine,
    hv_dnnl attributes);

// What follows a convolution in the same pass.
typedef int (*hv_dnnl_post_ops_create)(hv_dnnl *operations);
typedef int (*hv_dnnl_set_post_ops)(hv_dnnl attributes, hv_dnnl operations);
typedef int (*hv_dnnl2_append_eltwise)(hv_dnnl operations, float scale, int algorithm, float alpha, float beta);
typedef int (*hv_dnnl3_append_eltwise)(hv_dnnl operations, int algorithm, float alpha, float beta);
typedef int (*hv_dnnl2_append_sum)(hv_dnnl operations, float scale);
typedef int (*hv_dnnl3_append_sum)(hv_dnnl operations, float scale, int32_t zero, int type);

// Version 2: an operation is described first, then its primitive.
typedef int (*hv_dnnl2_forward)(
    void *operation, int propagation, int algorithm, const void *src, const void *weights, const void *bias,
    const void *dst, const int64_t *strides, const int64_t *dilations, const int64_t *before, const int64_t *after);
typedef int (*hv_dnnl2_backward_data)(
    void *operation, int algorithm, const void *diff_src, const void *weights, const void *diff_dst,
    const int64_t *strides, const int64_t *dilations, const int64_t *before, const int64_t *after);
typedef int (*hv_dnnl2_backward_weights)(
    void *operation, int algorithm, const void *src, const void *diff_weights, const void *diff_bias,
    const void *diff_dst, const int64_t *strides, const int64_t *dilations, const int64_t *before,
    const int64_t *after);
typedef int (*hv_dnnl2_describe)(
    hv_dnnl *description, const void *operation, hv_dnnl attributes, hv_dnnl engine, hv_dnnl hint);

// Version 3: both at once.
typedef int (*hv_dnnl3_forward)(
    hv_dnnl *description, hv_dnnl engine, int propagation, int algorithm, const void *src, const void *weights,
    const void *bias, const void *dst, const int64_t *strides, const int64_t *dilations, const int64_t *before,
    const int64_t *after, hv_dnnl attributes);
typedef int (*hv_dnnl3_backward_data)(
    hv_dnnl *description, hv_dnnl engine, int algorithm, const void *diff_src, const void *weights,
    const void *diff_dst, const int64_t *strides, const int64_t *dilations, const int64_t *before,
    const int64_t *after, hv_dnnl hint, hv_dnnl attributes);
typedef int (*hv_dnnl3_backward_weights)(
    hv_dnnl *description, hv_dnnl engine, int algorithm, const void *src, const void *diff_weights,
    const void *diff_bias, const void *diff_dst, const int64_t *strides, const int64_t *dilations,
    const int64_t *before, const int64_t *after, hv_dnnl hint, hv_dnnl attributes);

#endif
