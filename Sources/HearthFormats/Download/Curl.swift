import CVendor
import HearthTensor

/// What is used of libcurl, opened when the first download starts.
struct Curl: Sendable {
    /// The library on this machine; nil when it is missing.
    static let shared = Curl()

    let makeHandle: hv_curl_easy_init
    let perform: hv_curl_easy_perform
    let cleanUp: hv_curl_easy_cleanup
    let message: hv_curl_easy_strerror
    // The addresses of variadic functions, for the shims of CVendor. Unsafe because they are raw pointers; they are
    // never written, and the library stays open.
    nonisolated(unsafe) let setOption: UnsafeMutableRawPointer
    nonisolated(unsafe) let getInfo: UnsafeMutableRawPointer

    private init?() {
        let library = NativeLibrary.curl
        guard
            let start = library.function("curl_global_init", as: hv_curl_global_init.self),
            let makeHandle = library.function("curl_easy_init", as: hv_curl_easy_init.self),
            let perform = library.function("curl_easy_perform", as: hv_curl_easy_perform.self),
            let cleanUp = library.function("curl_easy_cleanup", as: hv_curl_easy_cleanup.self),
            let message = library.function("curl_easy_strerror", as: hv_curl_easy_strerror.self),
            let setOption = library.function("curl_easy_setopt", as: UnsafeMutableRawPointer.self),
            let getInfo = library.function("curl_easy_getinfo", as: UnsafeMutableRawPointer.self),
            start(Int(HV_CURL_GLOBAL_ALL)) == HV_CURLE_OK
        else { return nil }
        self.makeHandle = makeHandle
        self.perform = perform
        self.cleanUp = cleanUp
        self.message = message
        self.setOption = setOption
        self.getInfo = getInfo
    }
}
