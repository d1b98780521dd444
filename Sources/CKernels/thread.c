#include "thread.h"

static _Thread_local hk_thread_state state;

hk_thread_state *hk_thread(void) { return &state; }
