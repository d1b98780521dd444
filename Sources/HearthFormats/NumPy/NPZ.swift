import HearthTensor

/// NumPy's `.npz` files: arrays by name, in a zip file of `.npy` files.
///
///     let arrays = try NPZ.read("mnist.npz")
///     let images = arrays["x_train"]
public enum NPZ {
    /// The arrays of the file at `path` by name, stored or compressed.
    ///
    /// Throws `FileError` when the file cannot be read, and `FormatError` when it is damaged, has an array of a dtype
    /// that Hearth lacks, or decompresses to more than `inflatedLimit` bytes (by default 256 MiB or 32 times the file).
    public static func read(_ path: String, inflatedLimit: Int? = nil) throws -> StateDict {
        try read(ByteSource(path: path), inflatedLimit: inflatedLimit)
    }

    /// The arrays in a file's bytes. Throws as `read(_:inflatedLimit:)` does; `name` is what errors call the bytes.
    public static func read(bytes: [UInt8], name: String = "NumPy data", inflatedLimit: Int? = nil) throws -> StateDict
    {
        try read(ByteSource(bytes, name: name), inflatedLimit: inflatedLimit)
    }

    private static func read(_ source: ByteSource, inflatedLimit: Int?) throws -> StateDict {
        var result = StateDict()
        for (name, array) in try arrays(source, inflatedLimit: inflatedLimit, allowsUnsigned: false) {
            result[name] = array.tensor
        }
        return result
    }

    static func arrays(
        _ source: ByteSource, inflatedLimit: Int?, allowsUnsigned: Bool = true
    ) throws -> [(name: String, array: NumPyArray)] {
        let archive = try ZipArchive(source, inflatedLimit: inflatedLimit)
        var names: Set<String> = []
        return try archive.entries.map { entry in
            let name = entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
            guard names.insert(name).inserted else { throw source.error("names that differ", "two of '\(name)'") }
            return (name, try NPY.array(archive.open(entry), allowsUnsigned: allowsUnsigned))
        }
    }

    /// Writes arrays by name, compressed or not; the file is replaced as a whole or not at all. Throws `FileError` when
    /// the file cannot be written, and `FormatError` for `bfloat16`, which NumPy lacks.
    public static func write(_ arrays: StateDict, to path: String, compressed: Bool = false) throws {
        try write(arrays.map { ($0.name, NumPyArray($0.tensor)) }, to: path, compressed: compressed)
    }

    static func write(_ arrays: [(name: String, array: NumPyArray)], to path: String, compressed: Bool) throws {
        let headers = try arrays.map { try NPYHeader.bytes($0.array, file: path) }
        try AtomicFile.write(to: path) { file in
            var archive = ZipWriter(file)
            for (header, (name, array)) in zip(headers, arrays) {
                try header.withUnsafeBytes { header in
                    try array.bits.withUnsafeBytes { elements in
                        try archive.add("\(name).npy", [header, elements], alignment: 64, compressed: compressed)
                    }
                }
            }
            try archive.finish()
        }
    }
}
