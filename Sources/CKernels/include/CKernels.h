#ifndef CKERNELS_H
#define CKERNELS_H

#include "copy.h"
#include "elementwise.h"
#include "gemm.h"
#include "normalise.h"
#include "pictures.h"
#include "pixels.h"
#include "positions.h"
#include "prefetch.h"
#include "processor.h"
#include "random.h"
#include "recurrent.h"
#include "reduce.h"
#include "sort.h"
#include "standardise.h"
#include "team.h"
#include "thread.h"
#include "update.h"
#include "windows.h"

#endif
