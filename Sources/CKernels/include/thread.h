// What is set for one thread: the door reads it at every operation, so it costs one call and no lock.
#ifndef HK_THREAD_H
#define HK_THREAD_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hk_thread_state {
    bool gradient_off;     // inside noGrad
    bool watched;          // something below is set, or the environment has not been read yet
    bool environment_read; // HEARTH_LOG has been read
    bool logs;             // HEARTH_LOG asks for every operation
    int32_t device;        // the default that withDevice set, -1 without
    int32_t depth;         // how many watched operations are running inside each other
    void *generator;       // the default Generator of this thread alone, while a checkpoint computes
    void *shape_scope;     // ShapeScope of checkShapes
    void *anomaly_scope;   // AnomalyScope of detectAnomaly
    void *profile_scope;   // ProfileScope of profile
    void *trace_scope;     // Trace that records a program
    void *run_memory;      // RunMemory of a program that runs
} hk_thread_state;

hk_thread_state *hk_thread(void);

#endif
