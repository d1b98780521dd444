#ifndef CKERNELS_H
#define CKERNELS_H

#include "copy.h"
#include "elementwise.h"
#include "team.h"

#endif
