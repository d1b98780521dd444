import CVendor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A library in machine code that is opened when the program needs it, and done without where it is missing.
///
/// Nothing is linked: the same binary runs on a bare machine and gets faster where a library is installed.
/// `NativeLibrary.all` names every library that can be used, what was found, and what to install for the rest.
public final class NativeLibrary: @unchecked Sendable {
    /// The library's name, as its authors write it.
    public let name: String
    /// What it is used for.
    public let purpose: String
    /// How it gets onto a machine where it is missing.
    public let installation: String
    /// The file names that were tried, in order.
    public let fileNames: [String]
    /// The environment variable that names another file, or turns the library off with `0`.
    public let variable: String
    /// The file that was opened; nil when there is none.
    public let path: String?
    /// Why the library is missing; nil when it was found.
    public let problem: String?

    private let handle: UnsafeMutableRawPointer?
    private let readVersion: @Sendable (NativeLibrary) -> String?

    init(
        name: String, purpose: String, installation: String, fileNames: [String], variable: String,
        probe: String, version: @escaping @Sendable (NativeLibrary) -> String?
    ) {
        self.name = name
        self.purpose = purpose
        self.installation = installation
        self.variable = variable
        let choice = getenv(variable).map { String(cString: $0) }
        let candidates = choice.map { $0 == "0" ? [] : $0 == "1" ? fileNames : [$0] } ?? fileNames
        self.fileNames = candidates
        readVersion = version
        let opened = Self.open(candidates, probe: probe)
        handle = opened.handle
        path = opened.path
        problem = candidates.isEmpty ? "turned off by \(variable)=0" : opened.problem
    }

    /// True when the library was opened.
    public var isFound: Bool { handle != nil }

    /// The version that the library reports; nil when it is missing or does not say.
    public var version: String? { isFound ? readVersion(self) : nil }

    /// A function of the library, as a C function pointer of type `F`; nil when the library or the function is
    /// missing. The caller answers for the type.
    package func function<F>(_ name: String, as type: F.Type) -> F? {
        guard let handle, let symbol = dlsym(handle, name) else { return nil }
        return unsafeBitCast(symbol, to: type)
    }

    /// Opens the first of the files that has the function `probe`.
    private static func open(
        _ candidates: [String], probe: String
    ) -> (handle: UnsafeMutableRawPointer?, path: String?, problem: String?) {
        if hv_is_static() != 0 { return (nil, nil, "the program is linked statically and opens no libraries") }
        var problem: String?
        for candidate in candidates {
            guard let handle = dlopen(candidate, RTLD_NOW | RTLD_LOCAL) else {
                problem = dlerror().map { String(cString: $0) }
                continue
            }
            guard let symbol = dlsym(handle, probe) else {
                problem = "\(candidate) has no function \(probe)"
                dlclose(handle)
                continue
            }
            return (handle, hv_file_of_symbol(symbol).map { String(cString: $0) } ?? candidate, nil)
        }
        return (nil, nil, problem)
    }
}
