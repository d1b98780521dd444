import HearthData
import HearthFormats
import HearthNN
import HearthTensor
import HearthTrain

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The files that `Tests/Goldens/make_metrics.py` writes.
enum Golden {
    static let folder = FilePath.folder(of: #filePath) + "/Goldens"

    static func path(_ name: String) -> String { "\(folder)/\(name)" }

    static func json(_ name: String) throws -> JSON { try JSON(parsing: text(of: path(name)), name: name) }
}

/// The text of a small file.
func text(of path: String) throws -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

/// The bytes of a small file.
func bytes(of path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw NoFile(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return bytes
}

struct NoFile: Error { let path: String }

/// Whether there is a file.
func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// The value of an environment variable.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Runs `body` with a new folder that is gone afterwards, with all files in it.
func withTemporaryFolder<R>(_ body: (String) async throws -> R) async throws -> R {
    var template = Array("/tmp/hearth-train-XXXXXX".utf8CString)
    let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    defer {
        for name in fileNames(in: folder) { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
    return try await body(folder)
}

/// The names of all files in a folder, sorted.
func fileNames(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// The description of the error that `body` throws; empty when it throws none.
func message(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return ""
    } catch {
        return "\(error)"
    }
}

/// Samples of three classes that a line through the plane tells apart, the same every time.
func points(_ count: Int, seed: UInt64 = 1) -> TensorDataset {
    let inputs = Tensor.uniform([count, 2], low: -1, high: 1, generator: Generator(seed: seed))
    let values = inputs.array(of: Float.self)
    let labels = (0..<count).map { row -> Int in
        let (x, y) = (values[2 * row], values[2 * row + 1])
        return x + y > 0.4 ? 2 : x > y ? 1 : 0
    }
    return TensorDataset(inputs, Tensor(labels))
}

/// The bits of all weights, for comparison.
func bits(_ state: StateDict) -> [String: [UInt32]] {
    Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor.array(of: Float.self).map(\.bitPattern)) })
}

/// What can be compared of an optimizer's state, to the bit.
func bits(_ state: OptimizerState) -> [Int: [String: [UInt32]]] {
    state.parameters.mapValues { entry in
        var result = entry.tensors.mapValues { $0.array(of: Float.self).map(\.bitPattern) }
        result["step"] = [UInt32(entry.step)]
        return result
    }
}

/// The values of a history without its times.
func values(_ history: History) -> [[String]] {
    history.map { record -> [String] in record.values.map { "\(record.epoch) \($0.name) \($0.value.bitPattern)" } }
}

extension JSON {
    /// The numbers of an array.
    var numbers: [Double]? { array?.compactMap(\.double) }
    /// The whole numbers of an array.
    var integers: [Int]? { array?.compactMap(\.int) }
}
