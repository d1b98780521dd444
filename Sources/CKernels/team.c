#include "team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#if defined(__x86_64__)
#define HK_PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define HK_PAUSE() __asm__ volatile("yield")
#else
#define HK_PAUSE() ((void)0)
#endif

typedef struct job {
    int64_t count;
    int64_t parts;
    hk_body body;
    void *context;
} job;

static hk_openmp openmp;
static _Atomic int size = 1;
static atomic_flag busy = ATOMIC_FLAG_INIT;
static _Thread_local int inside = 0;
static _Thread_local int adopted = 0;

void hk_team_use_openmp(hk_openmp functions) { openmp = functions; }
void hk_team_set_size(int threads) { atomic_store(&size, threads < 1 ? 1 : threads); }
int hk_team_size(void) { return atomic_load_explicit(&size, memory_order_relaxed); }

void hk_team_adopt(void) {
    int threads = hk_team_size();
    if (adopted == threads || openmp.set_thread_count == NULL) return;
    openmp.set_thread_count(threads);
    adopted = threads;
}

// Parts are dealt out by number, so a thread meets the same part of the data in the next loop.
static void run_parts(const job *work, int64_t member, int64_t members) {
    inside++;
    for (int64_t part = member; part < work->parts; part += members) {
        int64_t start = work->count * part / work->parts;
        int64_t end = work->count * (part + 1) / work->parts;
        if (start < end) work->body(work->context, start, end);
    }
    inside--;
}

static void run_openmp(void *context) {
    run_parts(context, openmp.thread_number(), openmp.thread_count());
}

// Our own pool, for machines without OpenMP. Workers look for the next job for a while before they sleep.
enum { most_workers = 255, patience = 4000 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static const job *current;
static int members;
static int workers = 0;
static _Atomic uint64_t generation = 0;
static _Atomic int running = 0;

typedef struct place {
    int number;
    uint64_t seen;
} place;
static place places[most_workers];

static void *work(void *argument) {
    place *own = argument;
    for (;;) {
        for (int i = 0; i < patience && atomic_load(&generation) == own->seen; i++) HK_PAUSE();
        pthread_mutex_lock(&lock);
        while (atomic_load(&generation) == own->seen) pthread_cond_wait(&wake, &lock);
        own->seen = atomic_load(&generation);
        const job *mine = own->number < members ? current : NULL;
        int all = members;
        pthread_mutex_unlock(&lock);
        if (mine != NULL) {
            run_parts(mine, own->number, all);
            atomic_fetch_sub(&running, 1);
        }
    }
    return NULL;
}

static void run_pool(const job *work_to_do) {
    pthread_mutex_lock(&lock);
    while (workers < work_to_do->parts - 1 && workers < most_workers) {
        places[workers] = (place){workers + 1, atomic_load(&generation)};
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, &places[workers]) != 0) break;
        pthread_detach(thread);
        workers++;
    }
    int all = workers + 1 < work_to_do->parts ? workers + 1 : (int)work_to_do->parts;
    current = work_to_do;
    members = all;
    atomic_store(&running, all - 1);
    atomic_fetch_add(&generation, 1);
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);
    run_parts(work_to_do, 0, all);
    while (atomic_load(&running) != 0) HK_PAUSE();
}

void hk_parallel(int64_t count, int64_t grain, hk_body body, void *context) {
    int64_t parts = count / (grain < 1 ? 1 : grain);
    int64_t threads = hk_team_size();
    if (parts > threads) parts = threads;
    if (parts <= 1 || inside || atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
        if (count > 0) body(context, 0, count);
        return;
    }
    job work_to_do = {count, parts, body, context};
    if (openmp.parallel != NULL)
        openmp.parallel(run_openmp, &work_to_do, (unsigned)parts, 0);
    else
        run_pool(&work_to_do);
    atomic_flag_clear_explicit(&busy, memory_order_release);
}
