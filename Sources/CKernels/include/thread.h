// What is set for one thread: the door reads it at every operation, so it costs one call and no lock.
#ifndef HK_THREAD_H
#define HK_THREAD_H

#include <stdbool.h>

typedef struct hk_thread_state {
    bool gradient_off;     // inside noGrad
    bool watched;          // one of the pointers below is set
    void *shape_scope;     // ShapeScope of checkShapes
    void *anomaly_scope;   // AnomalyScope of detectAnomaly
    void *profile_scope;   // ProfileScope of profile
} hk_thread_state;

hk_thread_state *hk_thread(void);

#endif
