// The functions of SQLite 3 (<https://www.sqlite.org/c3ref/intro.html>) that are used.
#ifndef HV_SQLITE_H
#define HV_SQLITE_H

#include <stdint.h>

enum {
    HV_SQLITE_OK = 0,
    // Another connection is in the way.
    HV_SQLITE_BUSY = 5,
    HV_SQLITE_ROW = 100,
    HV_SQLITE_DONE = 101,

    HV_SQLITE_OPEN_READONLY = 1,
    HV_SQLITE_OPEN_READWRITE = 2,
    HV_SQLITE_OPEN_CREATE = 4,
    // The path may be an address, "file:…?immutable=1".
    HV_SQLITE_OPEN_URI = 0x40,
    // One connection may be used from several threads, one after another.
    HV_SQLITE_OPEN_FULLMUTEX = 0x10000,

    HV_SQLITE_NULL = 5,
};

typedef int (*hv_sqlite_open)(const char *path, void **database, int flags, const char *vfs);
typedef int (*hv_sqlite_close)(void *database);
typedef const char *(*hv_sqlite_message)(void *database);
typedef int (*hv_sqlite_busy)(void *context, int attempts);
typedef int (*hv_sqlite_busy_handler)(void *database, hv_sqlite_busy goes_on, void *context);
typedef int (*hv_sqlite_prepare)(void *database, const char *sql, int bytes, void **statement, const char **rest);
typedef int (*hv_sqlite_statement)(void *statement);
typedef int (*hv_sqlite_bind_int)(void *statement, int index, int64_t value);
// `release` is -1 where the text is to be copied.
typedef int (*hv_sqlite_bind_text)(void *statement, int index, const char *text, int bytes, intptr_t release);
typedef int (*hv_sqlite_bind_null)(void *statement, int index);
typedef int (*hv_sqlite_column_type)(void *statement, int column);
typedef int64_t (*hv_sqlite_column_int)(void *statement, int column);
typedef const unsigned char *(*hv_sqlite_column_text)(void *statement, int column);
typedef int (*hv_sqlite_column_bytes)(void *statement, int column);

#endif
