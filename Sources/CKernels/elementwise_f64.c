#include "elementwise_rows.h"

#define T double
#define HK_SUFFIX f64
#define HK_UNARY_PERIODIC(name, expression) [HK_##name] = unary_##name##_f64,
#include "elementwise_real.inc"
