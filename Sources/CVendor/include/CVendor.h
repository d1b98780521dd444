#ifndef CVENDOR_H
#define CVENDOR_H

// The one library that is linked: the Swift toolchain itself needs it, so it is wherever Hearth is built.
#include <zlib.h>

#endif
