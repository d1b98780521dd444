// The functions of oneDNN that versions 2 and 3 declare alike.
#ifndef HV_ONEDNN_H
#define HV_ONEDNN_H

#include <stdint.h>

typedef struct hv_dnnl_version_t {
    int major;
    int minor;
    int patch;
} hv_dnnl_version_t;

typedef const hv_dnnl_version_t *(*hv_dnnl_version)(void);

// Returns 0 on success.
typedef int (*hv_dnnl_sgemm)(
    char transa, char transb, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
    const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

#endif
