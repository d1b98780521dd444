import HearthTensor

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// How large a tensor may be: what does not fit into this machine's memory is an error before it is asked for.
enum SizeLimit {
    /// The number of bytes of the machine.
    static let memory: Int = {
        let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
        return pages > 0 && size > 0 ? Int(pages) * Int(size) : 1 << 36
    }()

    /// The number of bytes of a tensor with these sizes; nil for a negative size, or for one that is too large.
    static func byteCount(_ sizes: some Collection<Int>, _ dtype: DType) -> Int? {
        var count = dtype.byteCount
        for size in sizes {
            // An empty tensor is held to the same limit, so that products of its sizes can be computed.
            let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
            guard size >= 0, !overflow, product <= memory / 2 else { return nil }
            count = product
        }
        return count
    }
}
