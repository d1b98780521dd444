#ifndef CKERNELS_H
#define CKERNELS_H

#include "elementwise.h"

#endif
