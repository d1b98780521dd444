#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A line on standard error for each operation that the door runs: `HEARTH_LOG=ops`.
enum OperationLog {
    /// `12.3 µs  matmul on float32[64, 784], float32[784, 128] -> float32[64, 128]`
    static func add(_ operation: String, _ x: Operands, _ y: Tensor, _ time: Duration) {
        let operands = x.isEmpty ? "" : " on " + x.map(\.spec.description).joined(separator: ", ")
        let device = y.device == .cpu ? "" : " (\(y.device))"
        let tenths = Int(time / .nanoseconds(100))
        var line = "\(tenths / 10).\(tenths % 10) µs  \(operation)\(operands) -> \(y.spec)\(device)\n"
        // One call for the line, so that lines of several threads do not mix.
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
