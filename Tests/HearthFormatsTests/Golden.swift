import HearthTensor

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

import HearthFormats

/// The files that `Tests/Goldens/make_formats.py` writes, and the values in them.
enum Golden {
    static let folder = FilePath.folder(of: #filePath) + "/Goldens"

    static func path(_ name: String) -> String { "\(folder)/\(name)" }

    static func bytes(_ name: String) throws -> [UInt8] {
        let source = try ByteSource(path: path(name))
        return try source.bytes(at: 0, count: source.byteCount)
    }

    /// Element `i` of a golden tensor.
    static func element(_ i: Int, _ dtype: DType) -> Double {
        let number = i * 7 % 11
        return switch dtype {
        case .bool: number % 2 == 0 ? 1 : 0
        case .uint8: Double(number)
        case .int8, .int16, .int32, .int64: Double(number - 3)
        case .float16, .bfloat16, .float32, .float64: Double(number - 3) / 2
        }
    }

    /// The elements of a golden tensor of `count` elements.
    static func elements(_ count: Int, _ dtype: DType) -> [Double] { (0..<count).map { element($0, dtype) } }

    /// A golden tensor, made here.
    static func tensor(_ shape: Shape, _ dtype: DType) -> Tensor {
        Tensor.make(shape, dtype) { bytes in
            for i in 0..<shape.elementCount { store(element(i, dtype), i, dtype, bytes) }
        }
    }

    /// One tensor of shape `[2, 3]` of each dtype, by its name.
    static var everyDType: StateDict {
        StateDict(DType.allCases.map { (name: $0.description, tensor: tensor([2, 3], $0)) })
    }

    private static func store(_ value: Double, _ i: Int, _ dtype: DType, _ bytes: UnsafeMutableRawBufferPointer) {
        func put<T: BitwiseCopyable>(_ value: T) {
            bytes.storeBytes(of: value, toByteOffset: i * MemoryLayout<T>.size, as: T.self)
        }
        switch dtype {
        case .bool: put(value != 0)
        case .uint8: put(UInt8(value))
        case .int8: put(Int8(value))
        case .int16: put(Int16(value))
        case .int32: put(Int32(value))
        case .int64: put(Int64(value))
        case .float16: put(Float16(value))
        case .bfloat16: put(BFloat16(Float(value)))
        case .float32: put(Float(value))
        case .float64: put(value)
        }
    }
}

extension Tensor {
    /// All elements in row-major order.
    var elements: [Double] {
        withUnsafeBytes { bytes in
            func get<T: BitwiseCopyable>(_ type: T.Type, _ i: Int) -> T {
                bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: T.self)
            }
            return (0..<count).map { i in
                switch dtype {
                case .bool: get(Bool.self, i) ? 1 : 0
                case .uint8: Double(get(UInt8.self, i))
                case .int8: Double(get(Int8.self, i))
                case .int16: Double(get(Int16.self, i))
                case .int32: Double(get(Int32.self, i))
                case .int64: Double(get(Int64.self, i))
                case .float16: Double(get(Float16.self, i))
                case .bfloat16: Double(get(BFloat16.self, i).float)
                case .float32: Double(get(Float.self, i))
                case .float64: get(Double.self, i)
                }
            }
        }
    }
}

/// A folder that is removed with everything in it when the closure returns.
func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = "\(base)/hearth-\(UInt64.random(in: 0 ... .max))"
    guard mkdir(path, 0o700) == 0 else { throw FileError.last("create", path) }
    defer {
        for name in fileNames(in: path) { unlink("\(path)/\(name)") }
        rmdir(path)
    }
    return try body(path)
}

/// The names of all files in a folder, sorted.
func fileNames(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// The description of the error that `body` throws; empty when it throws none.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return ""
    } catch {
        return "\(error)"
    }
}
