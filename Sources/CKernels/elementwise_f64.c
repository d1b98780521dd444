#include "elementwise_rows.h"

// Its functions are the C library's, one element at a time; for the rest vectors of 256 bits keep up with memory.
#define T double
#define HK_SUFFIX f64
#define HK_REAL_CLONES HK_FEW_CLONES
#define HK_UNARY_PERIODIC(name, expression) [HK_##name] = unary_##name##_f64,
#include "elementwise_real.inc"
