// The functions of libjpeg-turbo's TurboJPEG interface 2 (<https://libjpeg-turbo.org/Documentation/Documentation>) that
// are used.
#ifndef HV_TURBOJPEG_H
#define HV_TURBOJPEG_H

enum {
    HV_TJ_RGB = 0,
    HV_TJ_GREY = 6,
    HV_TJ_CMYK = 11,

    // Colours at half the resolution in both directions, as libjpeg writes them unless told otherwise; and none.
    HV_TJ_SAMPLING_420 = 2,
    HV_TJ_SAMPLING_GREY = 3,

    HV_TJ_COLOURSPACE_GREY = 2,
    HV_TJ_COLOURSPACE_CMYK = 3,
    HV_TJ_COLOURSPACE_YCCK = 4,

    HV_TJ_ACCURATE_DCT = 4096,
    HV_TJ_STOP_ON_WARNING = 8192,
    // Refuses files of more than 500 scans, which take minutes and hold nothing.
    HV_TJ_LIMIT_SCANS = 32768,
};

// Handles are made for one thread at a time. Functions return 0 on success.
typedef void *(*hv_tj_init_decompress)(void);
typedef int (*hv_tj_destroy)(void *handle);
typedef char *(*hv_tj_error)(void *handle);
typedef int (*hv_tj_header)(
    void *handle, const unsigned char *bytes, unsigned long count, int *width, int *height, int *subsampling,
    int *colourspace);
typedef int (*hv_tj_decompress)(
    void *handle, const unsigned char *bytes, unsigned long count, unsigned char *pixels, int width, int pitch,
    int height, int format, int flags);
typedef void *(*hv_tj_init_compress)(void);
// Memory for the file is taken by the library where `*bytes` is NULL, and given back with hv_tj_free.
typedef int (*hv_tj_compress)(
    void *handle, const unsigned char *pixels, int width, int pitch, int height, int format, unsigned char **bytes,
    unsigned long *count, int sampling, int quality, int flags);
typedef void (*hv_tj_free)(unsigned char *bytes);

#endif
