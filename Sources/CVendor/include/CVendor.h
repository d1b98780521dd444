#ifndef CVENDOR_H
#define CVENDOR_H

#endif
