#include "ShadowStart.h"

// Of the Swift module ShadowDevice.
extern void hearth_register_shadow(void);

__attribute__((constructor)) static void start(void) { hearth_register_shadow(); }

void shadow_start(void) {}
