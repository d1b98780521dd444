#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CVendor.h"

#include <dlfcn.h>
#include <stddef.h>

const char *hv_file_of_symbol(const void *symbol) {
    Dl_info information;
    return dladdr(symbol, &information) != 0 ? information.dli_fname : NULL;
}
