// Images of bytes: made into floats by looking each byte up, and counted.
#ifndef HK_PIXELS_H
#define HK_PIXELS_H

#include <stdint.h>

// out[i][c][p] = tables[c][images[index[i]][c][p]]: images of `channels` planes of `pixels` bytes, and one table of 256
// floats for each channel.
void hk_pixels_gather(
    int64_t count, const int64_t *index, int64_t channels, int64_t pixels, const uint8_t *images, const float *tables,
    float *out);

// occurrences[c][byte] = how often the byte occurs in channel c of the images with the given numbers.
void hk_pixels_count(
    int64_t count, const int64_t *index, int64_t channels, int64_t pixels, const uint8_t *images, int64_t *occurrences);

#endif
