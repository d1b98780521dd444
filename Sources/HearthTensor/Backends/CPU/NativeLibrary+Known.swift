import CVendor

// Every library that Hearth knows, in one place.
extension NativeLibrary {
    /// GNU's OpenMP runtime, whose threads Hearth shares with the libraries that are built on it.
    public static let openMP = NativeLibrary(
        name: "libgomp", purpose: "one team of threads for all loops",
        installation: "apt install libgomp1, dnf install libgomp", fileNames: ["libgomp.so.1"],
        variable: "HEARTH_OPENMP", probe: "GOMP_parallel", version: { _ in nil })

    /// oneDNN, the engine of matrix products and convolutions.
    public static let oneDNN = NativeLibrary(
        name: "oneDNN", purpose: "fast matrix products and convolutions on the processor",
        installation: "apt install libdnnl2 (or libdnnl3), dnf install onednn, pip install onednn-cpu-gomp",
        fileNames: ["libdnnl.so.3", "libdnnl.so.2", "libdnnl.dylib"], variable: "HEARTH_ONEDNN", probe: "dnnl_sgemm",
        version: { OneDNN.version(of: $0) })

    /// libcurl, which downloads data sets and weights.
    public static let curl = NativeLibrary(
        name: "libcurl", purpose: "downloads over HTTP and HTTPS",
        installation: "apt install libcurl4, dnf install libcurl",
        fileNames: ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"], variable: "HEARTH_CURL",
        probe: "curl_easy_perform",
        version: { library in
            // Reads "libcurl/7.88.1 OpenSSL/3.0.17 …".
            library.function("curl_version", as: hv_curl_version.self)?().map { text in
                String(String(cString: text).prefix { $0 != " " }.drop { $0 != "/" }.dropFirst())
            }
        })

    /// libjpeg-turbo, which reads JPEG pictures.
    public static let turboJPEG = NativeLibrary(
        name: "libjpeg-turbo", purpose: "reading JPEG pictures",
        installation: "apt install libturbojpeg0, dnf install turbojpeg",
        fileNames: ["libturbojpeg.so.0", "libturbojpeg.0.dylib"], variable: "HEARTH_TURBOJPEG",
        probe: "tjDecompress2", version: { _ in nil })

    /// SQLite, which keeps the trials of studies.
    public static let sqlite = NativeLibrary(
        name: "SQLite", purpose: "studies that go on after a kill and are shared by programs",
        installation: "apt install libsqlite3-0, dnf install sqlite-libs",
        fileNames: ["libsqlite3.so.0", "libsqlite3.dylib"], variable: "HEARTH_SQLITE", probe: "sqlite3_open_v2",
        version: { library in
            library.function("sqlite3_libversion", as: (@convention(c) () -> UnsafePointer<CChar>?).self)?()
                .map { String(cString: $0) }
        })

    /// Every library that Hearth can use on this system, opened if it is there.
    public static var all: [NativeLibrary] { [openMP, oneDNN, curl, turboJPEG, sqlite] }
}
