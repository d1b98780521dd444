#include "thread.h"

// A new thread counts as watched, so its first operation looks whether the environment asks for a log.
static _Thread_local hk_thread_state state = {.watched = true, .device = -1};

hk_thread_state *hk_thread(void) { return &state; }
