// One team of threads for every loop of the program.
#ifndef HK_TEAM_H
#define HK_TEAM_H

#include <stdint.h>

typedef void (*hk_body)(void *context, int64_t start, int64_t end);

// What is used of an OpenMP library of GNU's interface, found at run time.
typedef struct hk_openmp {
    void (*parallel)(void (*body)(void *), void *context, unsigned threads, unsigned flags);
    int (*thread_number)(void);
    int (*thread_count)(void);
    void (*set_thread_count)(int);
} hk_openmp;

// From now on runs on OpenMP's threads. To be called before the first parallel loop.
void hk_team_use_openmp(hk_openmp openmp);

void hk_team_set_size(int threads);
int hk_team_size(void);

// Tells OpenMP the team's size for the calling thread: it keeps that number for each thread apart.
void hk_team_adopt(void);

// Calls `body` with ranges that cover 0..<count, on several threads when each gets at least `grain` of it. Runs on
// the calling thread alone inside a parallel loop, and while another thread runs one.
void hk_parallel(int64_t count, int64_t grain, hk_body body, void *context);

#endif
