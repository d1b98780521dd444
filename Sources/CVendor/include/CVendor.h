#ifndef CVENDOR_H
#define CVENDOR_H

// The one library that is linked: the Swift toolchain itself needs it, so it is wherever Hearth is built.
#include <zlib.h>
#include "curl.h"
#include "onednn.h"
#include "sqlite.h"
#include "turbojpeg.h"

// The file of the library that a function lies in; null when it is not known. C, because Swift's view of the C
// library lacks dladdr.
const char *hv_file_of_symbol(const void *symbol);

// 1 in a program without a dynamic loader, linked with `-static-executable`: it must not open libraries, which would bring a
// second C library with them.
int hv_is_static(void);

#endif
