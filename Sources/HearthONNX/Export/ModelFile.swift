import HearthFormats
import HearthTensor

/// Writes a model: its messages, with the elements of its constants straight from the tensors.
struct ModelFile {
    let path: String
    let opset: Int
    /// From how many bytes of constants on they go into a file beside the model.
    let externalLimit: Int

    /// The version of the format that came with each version of the operators, from 17 on.
    private static let formats = [17: 8, 18: 8, 19: 9, 20: 9, 21: 10, 22: 10, 23: 11, 24: 12, 25: 13]

    /// The versions of the operators that can be written.
    static let opsets = 17...25

    /// What lies beside: a constant smaller than this stays in the model, since sizes must be known without other files.
    private static let smallest = 1024

    /// Writes the file or files. Throws `FileError`.
    func write(_ graph: GraphProto, _ constants: [ModelDraft.Initializer]) throws {
        let total = constants.reduce(0) { $0 + $1.byteCount }
        guard total > externalLimit else {
            try AtomicFile.write(to: path) { try write(graph, constants, [:], to: $0) }
            return
        }
        // The model takes its place last, when all that it needs is there: until then the old one stands.
        let places = Self.places(of: constants)
        try AtomicFile.write(to: path) { model in
            try write(graph, constants, places, to: model)
            try AtomicFile.write(to: path + ".data") { try writeElements(constants, places, to: $0) }
        }
    }

    /// Where constants begin in the file beside the model.
    private static func places(of constants: [ModelDraft.Initializer]) -> [String: Int] {
        var places: [String: Int] = [:]
        var end = 0
        for constant in constants where constant.byteCount >= smallest {
            let start = (end + 63) / 64 * 64
            places[constant.name] = start
            end = start + constant.byteCount
        }
        return places
    }

    private func writeElements(
        _ constants: [ModelDraft.Initializer], _ places: [String: Int], to file: OutputFile
    ) throws {
        var end = 0
        for constant in constants {
            guard let start = places[constant.name] else { continue }
            try file.write([UInt8](repeating: 0, count: start - end))
            try constant.tensor.withUnsafeBytes { try file.write($0) }
            end = start + constant.byteCount
        }
    }

    /// The model's message. Constants go in one by one, so that a large model is never copied as a whole.
    private func write(
        _ graph: GraphProto, _ constants: [ModelDraft.Initializer], _ places: [String: Int], to file: OutputFile
    ) throws {
        var model = ModelProto()
        model.irVersion = Self.formats[opset]
        model.producerName = "Hearth"
        var operators = OperatorSetID()
        operators.version = opset
        model.opsetImport = [operators]
        try file.write(FieldWriter.bytes(of: model))
        let rest = try FieldWriter.bytes(of: graph)
        let heads = try constants.map { try head(of: $0, places) }
        let sizes = zip(constants, heads).map { $1.count + (places[$0.name] == nil ? $0.byteCount : 0) }
        let total = sizes.reduce(rest.count) { $0 + Self.blockHead(5, $1).count + $1 }
        // Field 7 of a model is its graph, field 5 of a graph a constant, field 9 of a constant its elements.
        try file.write(Self.blockHead(7, total))
        try file.write(rest)
        for ((constant, head), size) in zip(zip(constants, heads), sizes) {
            try file.write(Self.blockHead(5, size))
            try file.write(head)
            if places[constant.name] == nil { try constant.tensor.withUnsafeBytes { try file.write($0) } }
        }
    }

    /// A constant's message without the elements themselves.
    private func head(of constant: ModelDraft.Initializer, _ places: [String: Int]) throws -> [UInt8] {
        var proto = TensorProto()
        proto.dims = Array(constant.tensor.shape)
        proto.dataType = ElementType(constant.tensor.dtype).rawValue
        proto.name = constant.name
        guard let start = places[constant.name] else {
            return try FieldWriter.bytes(of: proto) + Self.blockHead(9, constant.byteCount)
        }
        proto.dataLocation = 1
        proto.externalData = [
            ("location", FilePath.name(of: path) + ".data"), ("offset", "\(start)"),
            ("length", "\(constant.byteCount)"),
        ].map { key, value in
            var entry = StringEntry()
            (entry.key, entry.value) = (key, value)
            return entry
        }
        return try FieldWriter.bytes(of: proto)
    }

    /// What stands before a field of so many bytes.
    private static func blockHead(_ field: Int, _ count: Int) -> [UInt8] { varint(field << 3 | 2) + varint(count) }

    private static func varint(_ value: Int) -> [UInt8] {
        var (rest, bytes) = (value, [UInt8]())
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}

extension ModelDraft.Initializer {
    var byteCount: Int { tensor.count * tensor.dtype.byteCount }
}
