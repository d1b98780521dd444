#ifndef HK_PROCESSOR_H
#define HK_PROCESSOR_H

// The instruction sets that the kernels make use of and this processor has, separated by spaces.
const char *hk_processor_features(void);

#endif
