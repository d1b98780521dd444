import HearthTensor

/// Writes a value as a pickle of protocol 2, with the operations and names that PyTorch's `weights_only` reader allows.
struct PickleWriter {
    private(set) var bytes: [UInt8] = []
    /// The storages that the tensors refer to, by key: contiguous, one dimension.
    private(set) var storages: [Tensor] = []
    private var placements: ArraySlice<TensorPlacement> = []

    /// Writes `value` as one pickle; `file` is what errors name.
    mutating func write(_ value: PickleValue, file: String) throws {
        let plan = TensorPlan(tensors(in: value))
        storages = plan.storages
        placements = plan.placements[...]
        bytes += [0x80, 2]
        try add(value, file: file)
        bytes.append(UInt8(ascii: "."))
    }

    /// All tensors, in the order in which they are written.
    private func tensors(in value: PickleValue) -> [Tensor] {
        switch value {
        case .tensor(let tensor): [tensor]
        case .list(let elements), .tuple(let elements), .set(let elements): elements.flatMap(tensors)
        case .dictionary(let dictionary): dictionary.flatMap { tensors(in: $0.key) + tensors(in: $0.value) }
        default: []
        }
    }

    private mutating func add(_ value: PickleValue, file: String) throws {
        switch value {
        case .null: code("N")
        case .bool(let value): bytes.append(value ? 0x88 : 0x89)
        case .int(let value): add(value)
        case .bigInt(let bytes): try add(twosComplement: bytes, file: file)
        case .float(let value):
            code("G")
            bytes.append(integer: value.bitPattern.byteSwapped)
        case .string(let text): try add(text, file: file)
        case .bytes(let content): try add(content, file: file)
        case .list(let elements):
            code("](")
            for element in elements { try add(element, file: file) }
            code("e")
        case .tuple(let elements):
            code("(")
            for element in elements { try add(element, file: file) }
            code("t")
        case .set(let elements):
            global("__builtin__", "set")
            try add(.list(elements), file: file)
            bytes.append(0x85)
            code("R")
        case .dictionary(let dictionary): try add(dictionary, file: file)
        case .tensor: try addTensor(file: file)
        case .size(let sizes):
            global("torch", "Size")
            add(sizes)
            bytes.append(0x85)
            code("R")
        case .dtype(let dtype): global("torch", dtype.description)
        case .device(let name): try addDevice(name, file: file)
        }
    }

    private mutating func add(_ dictionary: PickleDictionary, file: String) throws {
        if dictionary.isOrdered {
            global("collections", "OrderedDict")
            code(")R")
        } else {
            code("}")
        }
        code("(")
        for (key, value) in dictionary {
            try add(key, file: file)
            try add(value, file: file)
        }
        code("u")
    }

    /// `_rebuild_tensor_v2(storage, offset, size, stride, False, OrderedDict())`.
    private mutating func addTensor(file: String) throws {
        let placement = placements.removeFirst()
        let storage = storages[placement.storage]
        global("torch._utils", "_rebuild_tensor_v2")
        code("((")
        try add("storage", file: file)
        global("torch", storage.dtype.torchStorage)
        try add(String(placement.storage), file: file)
        try add("cpu", file: file)
        add(storage.count)
        code("tQ")
        add(placement.offset)
        add(Array(placement.shape))
        add(Array(placement.strides))
        bytes.append(0x89)
        global("collections", "OrderedDict")
        code(")RtR")
    }

    private mutating func addDevice(_ name: String, file: String) throws {
        let parts = name.split(separator: ":", maxSplits: 1)
        global("torch", "device")
        code("(")
        try add(String(parts.first ?? ""), file: file)
        if parts.count == 2 {
            guard let index = Int(parts[1]) else {
                throw FormatError(file: file, expected: "a device such as 'cuda:0'", found: "'\(name)'")
            }
            add(index)
        }
        code("tR")
    }
}

extension PickleWriter {
    private mutating func code(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func global(_ module: String, _ name: String) {
        bytes += Array("c\(module)\n\(name)\n".utf8)
    }

    private mutating func add(_ value: Int) {
        if let value = UInt8(exactly: value) {
            code("K")
            bytes.append(value)
        } else if let value = Int32(exactly: value) {
            code("J")
            bytes.append(integer: value)
        } else {
            bytes += [0x8a, 8]
            bytes.append(integer: value)
        }
    }

    /// An integer of any size, by its bytes.
    private mutating func add(twosComplement content: [UInt8], file: String) throws {
        if let count = UInt8(exactly: content.count) {
            bytes += [0x8a, count]
        } else {
            guard let count = Int32(exactly: content.count) else {
                throw FormatError(file: file, expected: "an integer below 2 GiB", found: "\(content.count) bytes")
            }
            bytes.append(0x8b)
            bytes.append(integer: count)
        }
        bytes += content
    }

    private mutating func add(_ values: [Int]) {
        code("(")
        for value in values { add(value) }
        code("t")
    }

    private mutating func add(_ text: String, file: String) throws {
        let utf8 = Array(text.utf8)
        guard let count = UInt32(exactly: utf8.count) else {
            throw FormatError(file: file, expected: "a text below 4 GiB", found: "\(utf8.count) bytes")
        }
        code("X")
        bytes.append(integer: count)
        bytes += utf8
    }

    /// As Python writes bytes in this protocol: `encode(text, 'latin1')`.
    private mutating func add(_ content: [UInt8], file: String) throws {
        var scalars = String.UnicodeScalarView()
        for byte in content { scalars.append(Unicode.Scalar(byte)) }
        global("_codecs", "encode")
        code("(")
        try add(String(scalars), file: file)
        try add("latin1", file: file)
        code("tR")
    }
}
