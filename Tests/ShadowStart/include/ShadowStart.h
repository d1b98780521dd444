// Registers the shadow device before a test program starts, so that HEARTH_DEVICE=shadow finds it.
#ifndef SHADOW_START_H
#define SHADOW_START_H

// Does nothing; naming it makes the linker keep this file, and with it the constructor.
void shadow_start(void);

#endif
