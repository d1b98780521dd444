import CVendor

/// What is used of oneDNN (<https://uxlfoundation.github.io/oneDNN/>): the parts that versions 2 and 3 share.
struct OneDNN: Sendable {
    /// The library on this machine; nil when it is missing.
    static let shared = OneDNN()

    /// Row-major `C = alpha * op(A) * op(B) + beta * C` in float32.
    let sgemm: hv_dnnl_sgemm
    /// Convolutions; nil when the library lacks a function that they need.
    let primitives: PrimitiveLibrary?

    private init?() {
        // Its threads are libgomp's: the team's size must be settled before oneDNN first asks for it.
        _ = Team.shared
        guard let sgemm = NativeLibrary.oneDNN.function("dnnl_sgemm", as: hv_dnnl_sgemm.self) else { return nil }
        self.sgemm = sgemm
        primitives = PrimitiveLibrary(NativeLibrary.oneDNN)
    }

    static func version(of library: NativeLibrary) -> String? {
        guard let version = library.function("dnnl_version", as: hv_dnnl_version.self)?()?.pointee else { return nil }
        return "\(version.major).\(version.minor).\(version.patch)"
    }
}
