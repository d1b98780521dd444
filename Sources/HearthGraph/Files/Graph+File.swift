import HearthFormats
import HearthTensor

extension Graph {
    private static let programName = "program.json"
    private static let weightsName = "weights.safetensors"

    /// Writes the program and its weights to a `.hearth` file, which is replaced as a whole or not at all.
    ///
    /// The file is a zip archive of `program.json`, one node to a line, and `weights.safetensors`, which is not compressed,
    /// so that it can be used where it lies. Throws `FileError` when the file cannot be written.
    public func save(to path: String) throws {
        let program = ProgramText(self)
        try AtomicFile.write(to: path) { file in
            var zip = ZipWriter(file)
            try zip.add(Self.programName, Array(program.text.utf8))
            try Safetensors.withPieces(program.tensors) { try zip.add(Self.weightsName, $0, alignment: 64) }
            try zip.finish()
        }
    }

    /// The program in a `.hearth` file. The file is mapped, not read: weights are loaded when they are used first, and
    /// processes that use one file share its memory. It must not be changed in place while it is used; `save(to:)` replaces
    /// it.
    ///
    /// Throws `FileError` when the file cannot be read, `FormatError` when it is damaged, and `GraphError` when the program
    /// in it is not valid.
    public init(contentsOf path: String) throws {
        let region = try ByteRegion(mapping: path)
        let source = ByteSource(Bytes(region, 0..<region.bytes.count), name: path)
        let archive = try ZipArchive(source, inflatedLimit: nil)
        guard let program = archive[Self.programName], let weights = archive[Self.weightsName] else {
            throw FormatError(
                file: path, expected: "'\(Self.programName)' and '\(Self.weightsName)' in the archive",
                found: archive.entries.prefix(4).map(\.name).joined(separator: ", "))
        }
        guard !weights.isCompressed else {
            throw FormatError(file: path, expected: "weights that are not compressed", found: "compressed ones")
        }
        let text = String(decoding: try archive.bytes(of: program), as: UTF8.self)
        let range = weights.dataOffset..<(weights.dataOffset + weights.size)
        let tensors = try Safetensors.map(Bytes(region, range), name: "\(path)/\(Self.weightsName)")
        do throws(GraphError) {
            try self.init(try Self.parsed(text, path), tensors: tensors)
        } catch {
            throw error.at(file: path)
        }
    }

    private static func parsed(_ text: String, _ path: String) throws(GraphError) -> JSON {
        do { return try JSON(parsing: text, name: "\(path)/\(programName)") } catch { throw GraphError("\(error)") }
    }
}

extension Graph: Codable {
    private enum CodingKeys: String, CodingKey {
        case program, tensors
    }

    /// Writes the program's text and its tensors.
    public func encode(to encoder: any Encoder) throws {
        let program = ProgramText(self)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(program.text, forKey: .program)
        let tensors = program.tensors.map { ($0.name, $0.tensor) }
        try container.encode(Dictionary(tensors) { first, _ in first }, forKey: .tensors)
    }

    /// Reads what `encode(to:)` wrote. Throws `GraphError` when it is no valid program.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let text = try container.decode(String.self, forKey: .program)
        var tensors = StateDict()
        for (name, tensor) in try container.decode([String: Tensor].self, forKey: .tensors) { tensors[name] = tensor }
        try self.init(JSON(parsing: text, name: "program"), tensors: tensors)
    }
}
