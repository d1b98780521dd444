import HearthTensor

/// Files of the [safetensors](https://github.com/huggingface/safetensors) format: tensors by name and nothing else.
///
///     let weights = try Safetensors.read("model.safetensors")
///     try Safetensors.write(weights, to: "copy.safetensors", metadata: ["format": "pt"])
public enum Safetensors {
    /// The tensors of the file at `path`, in the order of its header. Throws `FileError` when the file cannot be read,
    /// and `FormatError` when it is damaged or has a tensor of a dtype that Hearth lacks.
    public static func read(_ path: String) throws -> StateDict { try read(ByteSource(path: path)) }

    /// The tensors in a file's bytes. Throws as `read(_:)` does; `name` is what errors call the bytes.
    public static func read(bytes: [UInt8], name: String = "safetensors data") throws -> StateDict {
        try read(ByteSource(bytes, name: name))
    }

    /// What the file says of itself (`__metadata__`). Throws as `read(_:)` does.
    public static func readMetadata(_ path: String) throws -> [String: String] {
        try SafetensorsHeader(ByteSource(path: path)).metadata
    }

    private static func read(_ source: ByteSource) throws -> StateDict {
        let header = try SafetensorsHeader(source)
        var result = StateDict()
        for entry in header.entries {
            result[entry.name] = try Elements.read(
                entry.shape, entry.dtype, from: source, at: header.end + entry.range.lowerBound)
        }
        return result
    }

    /// Writes tensors by name, each packed; the file is replaced as a whole or not at all. Throws `FileError` when the
    /// file cannot be written, and `FormatError` for a tensor named `__metadata__`.
    public static func write(_ stateDict: StateDict, to path: String, metadata: [String: String] = [:]) throws {
        if stateDict["__metadata__"] != nil {
            throw FormatError(file: path, expected: "names of tensors", found: "'__metadata__', which is reserved")
        }
        let order = order(stateDict)
        let front = front(stateDict, order: order, metadata: metadata)
        try AtomicFile.write(to: path) { file in
            try file.write(front)
            for position in order { try stateDict[position].tensor.withUnsafeBytes { try file.write($0) } }
        }
    }

    /// Calls `body` with the pieces of the file, one after another, whose tensors begin at a multiple of 64 bytes.
    package static func withPieces<R>(
        _ stateDict: StateDict, _ body: ([UnsafeRawBufferPointer]) throws -> R
    ) throws -> R {
        let order = order(stateDict)
        let packed = order.map { position in noGrad { stateDict[position].tensor.detach().to(.cpu).contiguous() } }
        return try front(stateDict, order: order, metadata: [:], alignment: 64).withUnsafeBytes { front in
            // Packed tensors on the processor are read where they are, which stays there as long as they do.
            try withExtendedLifetime(packed) {
                try body([front] + packed.map { tensor in tensor.withUnsafeBytes { $0 } })
            }
        }
    }

    /// The tensors in a part of a region, in which they stay: a mapped file is not read. Throws as `read(_:)` does.
    package static func map(_ bytes: Bytes, name: String) throws -> StateDict {
        let header = try SafetensorsHeader(ByteSource(bytes, name: name))
        var result = StateDict()
        for entry in header.entries {
            let start = bytes.range.lowerBound + header.end
            let range = (start + entry.range.lowerBound)..<(start + entry.range.upperBound)
            result[entry.name] = Bytes(bytes.region, range).tensor(entry.shape, entry.dtype)
        }
        return result
    }

    /// The largest elements first, so that every tensor starts at a multiple of its element's size.
    private static func order(_ stateDict: StateDict) -> [Int] {
        stateDict.indices.sorted {
            (stateDict[$1].tensor.dtype.byteCount, $0) < (stateDict[$0].tensor.dtype.byteCount, $1)
        }
    }

    /// The size of the header and the header, a multiple of `alignment` bytes together.
    private static func front(
        _ stateDict: StateDict, order: [Int], metadata: [String: String], alignment: Int = 8
    ) -> [UInt8] {
        var header = header(stateDict, order: order, metadata: metadata)
        while (header.count + 8) % alignment != 0 { header.append(UInt8(ascii: " ")) }
        var front: [UInt8] = []
        front.append(integer: header.count)
        return front + header
    }

    private static func header(_ stateDict: StateDict, order: [Int], metadata: [String: String]) -> [UInt8] {
        var ranges = [Range<Int>](repeating: 0..<0, count: stateDict.count)
        var next = 0
        for position in order {
            let tensor = stateDict[position].tensor
            ranges[position] = next..<(next + tensor.count * tensor.dtype.byteCount)
            next = ranges[position].upperBound
        }
        var fields: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }
                .map { "\(JSONScanner.quoted($0.key)):\(JSONScanner.quoted($0.value))" }
            fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        for (range, (name, tensor)) in zip(ranges, stateDict) {
            let sizes = tensor.shape.map(String.init).joined(separator: ",")
            fields.append(
                "\(JSONScanner.quoted(name)):{\"dtype\":\"\(tensor.dtype.safetensorsName)\",\"shape\":[\(sizes)],"
                    + "\"data_offsets\":[\(range.lowerBound),\(range.upperBound)]}")
        }
        return Array("{\(fields.joined(separator: ","))}".utf8)
    }
}
