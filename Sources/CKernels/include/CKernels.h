#ifndef CKERNELS_H
#define CKERNELS_H

#include "copy.h"
#include "elementwise.h"
#include "gemm.h"
#include "normalise.h"
<<<<<<< HEAD
#include "processor.h"
=======
#include "pixels.h"
>>>>>>> 16dd670 (Load images: transforms, MNIST and its relatives, digits, PNG)
#include "random.h"
#include "reduce.h"
#include "sort.h"
#include "team.h"
#include "update.h"
#include "thread.h"

#endif
