import Hearth
import HearthVision

extension RunConfiguration {
    /// Notes where the run comes from: the version and the command, a digest of the examples, and the libraries that
    /// were found.
    mutating func keepRecord(of examples: Examples) {
        let libraries = NativeLibrary.all.filter(\.isFound).map { library in
            (key: library.name, value: JSON.string(library.version ?? "found"))
        }
        record = [
            "hearth": .string(hearthVersion), "command": .array(CommandLine.arguments.map { .string($0) }),
            "data_sha256": .string(examples.digest), "samples": .number(Double(examples.data.count)),
            "libraries": .object(libraries),
        ]
    }
}

extension Examples {
    /// SHA-256 of the targets, and of the inputs or, where they are many, of parts of them at even distances: 16 MB.
    fileprivate var digest: String {
        let (inputs, targets) =
            switch data {
            case .images(let images, _): (images.images, images.labels)
            case .rows(let rows): (rows.inputs, rows.targets)
            }
        var digest = SHA256()
        let (piece, most) = (1 << 16, 1 << 24)
        for tensor in [targets, inputs] {
            tensor.withUnsafeBytes { bytes in
                let step = max(1, bytes.count / most) * piece
                for start in stride(from: 0, to: bytes.count, by: step) {
                    digest.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + piece, bytes.count)]))
                }
            }
        }
        return digest.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
