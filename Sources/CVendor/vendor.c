#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CVendor.h"

#include <dlfcn.h>
#include <stddef.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif

const char *hv_file_of_symbol(const void *symbol) {
    Dl_info information;
    return dladdr(symbol, &information) != 0 ? information.dli_fname : NULL;
}

#ifdef __linux__
int hv_is_static(void) { return getauxval(AT_BASE) == 0; }
#else
int hv_is_static(void) { return 0; }
#endif
