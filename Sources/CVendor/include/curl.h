// The functions of libcurl (<https://curl.se/libcurl/c/>) that are used, declared here so that its headers are not
// needed. Its option and info functions take one argument of any type: each type has a shim, since Swift cannot call
// variadic functions. Option and error numbers are part of libcurl's stable binary interface.
#ifndef HV_CURL_H
#define HV_CURL_H

#include <stddef.h>
#include <stdint.h>

enum {
    HV_CURL_GLOBAL_ALL = 3,

    HV_CURLOPT_LOW_SPEED_LIMIT = 19,
    HV_CURLOPT_LOW_SPEED_TIME = 20,
    HV_CURLOPT_NOPROGRESS = 43,
    HV_CURLOPT_FAILONERROR = 45,
    HV_CURLOPT_FOLLOWLOCATION = 52,
    HV_CURLOPT_MAXREDIRS = 68,
    HV_CURLOPT_CONNECTTIMEOUT = 78,
    HV_CURLOPT_NOSIGNAL = 99,
    HV_CURLOPT_PROTOCOLS = 181,
    HV_CURLOPT_REDIR_PROTOCOLS = 182,
    HV_CURLOPT_WRITEDATA = 10001,
    HV_CURLOPT_URL = 10002,
    HV_CURLOPT_ERRORBUFFER = 10010,
    HV_CURLOPT_USERAGENT = 10018,
    HV_CURLOPT_XFERINFODATA = 10057,
    HV_CURLOPT_WRITEFUNCTION = 20011,
    HV_CURLOPT_XFERINFOFUNCTION = 20219,
    HV_CURLOPT_RESUME_FROM_LARGE = 30116,
    // Since version 7.85; the bit masks above are for what is older.
    HV_CURLOPT_PROTOCOLS_STR = 10318,
    HV_CURLOPT_REDIR_PROTOCOLS_STR = 10319,

    HV_CURLINFO_RESPONSE_CODE = 0x200002,

    HV_CURLPROTO_HTTP = 1,
    HV_CURLPROTO_HTTPS = 2,

    HV_CURLE_OK = 0,
    HV_CURLE_UNSUPPORTED_PROTOCOL = 1,
    HV_CURLE_PARTIAL_FILE = 18,
    HV_CURLE_OPERATION_TIMEDOUT = 28,
    HV_CURLE_RANGE_ERROR = 33,
    HV_CURLE_GOT_NOTHING = 52,
    HV_CURLE_SEND_ERROR = 55,
    HV_CURLE_RECV_ERROR = 56,

    HV_CURL_ERROR_SIZE = 256,
};

typedef const char *(*hv_curl_version)(void);
typedef int (*hv_curl_global_init)(long flags);
typedef void *(*hv_curl_easy_init)(void);
typedef int (*hv_curl_easy_perform)(void *handle);
typedef void (*hv_curl_easy_cleanup)(void *handle);
typedef const char *(*hv_curl_easy_strerror)(int code);

// Returns the number of bytes taken; any other number than size * count stops the transfer.
typedef size_t (*hv_curl_write_function)(char *bytes, size_t size, size_t count, void *context);
// Stops the transfer when it does not return 0.
typedef int (*hv_curl_progress_function)(
    void *context, int64_t download_total, int64_t downloaded, int64_t upload_total, int64_t uploaded);

typedef int (*hv_curl_variadic)(void *handle, int option, ...);

// `setopt` is the address of curl_easy_setopt.
static inline int hv_curl_set_long(void *setopt, void *handle, int option, long value) {
    return ((hv_curl_variadic)setopt)(handle, option, value);
}
static inline int hv_curl_set_offset(void *setopt, void *handle, int option, int64_t value) {
    return ((hv_curl_variadic)setopt)(handle, option, value);
}
static inline int hv_curl_set_string(void *setopt, void *handle, int option, const char *value) {
    return ((hv_curl_variadic)setopt)(handle, option, value);
}
static inline int hv_curl_set_pointer(void *setopt, void *handle, int option, void *value) {
    return ((hv_curl_variadic)setopt)(handle, option, value);
}
static inline int hv_curl_set_write_function(void *setopt, void *handle, hv_curl_write_function function) {
    return ((hv_curl_variadic)setopt)(handle, HV_CURLOPT_WRITEFUNCTION, function);
}
static inline int hv_curl_set_progress_function(void *setopt, void *handle, hv_curl_progress_function function) {
    return ((hv_curl_variadic)setopt)(handle, HV_CURLOPT_XFERINFOFUNCTION, function);
}
// `getinfo` is the address of curl_easy_getinfo.
static inline long hv_curl_response_code(void *getinfo, void *handle) {
    long code = 0;
    ((hv_curl_variadic)getinfo)(handle, HV_CURLINFO_RESPONSE_CODE, &code);
    return code;
}

#endif
