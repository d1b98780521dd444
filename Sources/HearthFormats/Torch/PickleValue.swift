import HearthTensor

/// A value in a PyTorch file: what Python's `pickle` keeps, as far as plain data and tensors go.
///
///     let checkpoint = try TorchFile.read("checkpoint.pth")
///     let weights = try checkpoint["model"]?.stateDict()
///     let epoch = checkpoint["epoch"]?.int
///
///     try TorchFile.write(["model": PickleValue(model.stateDict), "epoch": 3], to: "checkpoint.pth")
public enum PickleValue: Sendable {
    /// Python's `None`.
    case null
    case bool(Bool)
    /// Python's `int`, as far as it fits into 64 bits.
    case int(Int)
    /// Python's `int` beyond 64 bits, such as a seed or the state of a generator: its bytes in two's complement, the lowest
    /// first, as few as hold it.
    case bigInt([UInt8])
    case float(Double)
    case string(String)
    /// Python's `bytes`; a `bytearray` is read as this too.
    case bytes([UInt8])
    case list([PickleValue])
    case tuple([PickleValue])
    /// Python's `set`; a `frozenset` is read as this too.
    case set([PickleValue])
    /// Python's `dict`, `OrderedDict`, `Counter` or `defaultdict`, of which the default is left out.
    case dictionary(PickleDictionary)
    /// A tensor or a parameter.
    case tensor(Tensor)
    /// A `torch.Size`.
    case size([Int])
    /// A `torch.dtype`: `torch.float32`.
    case dtype(DType)
    /// A `torch.device`, by name: `cuda:0`.
    case device(String)
}

extension PickleValue {
    /// The value of a dictionary's entry with this name; nil when there is none or this is no dictionary.
    public subscript(key: String) -> PickleValue? {
        if case .dictionary(let dictionary) = self { dictionary[key] } else { nil }
    }

    /// The element at a position of a list or tuple; nil when there is none.
    public subscript(position: Int) -> PickleValue? {
        guard let elements, elements.indices.contains(position) else { return nil }
        return elements[position]
    }

    /// The elements of a list, tuple or set.
    public var elements: [PickleValue]? {
        switch self {
        case .list(let elements), .tuple(let elements), .set(let elements): elements
        default: nil
        }
    }

    /// The entries of a dictionary.
    public var dictionary: PickleDictionary? {
        if case .dictionary(let dictionary) = self { dictionary } else { nil }
    }

    /// The truth value, of a `bool` alone.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, of an `int` alone.
    public var int: Int? {
        if case .int(let value) = self { value } else { nil }
    }

    /// The number, of a `float` or an `int`.
    public var double: Double? {
        switch self {
        case .float(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }

    /// The text of a `str`.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The tensor.
    public var tensor: Tensor? {
        if case .tensor(let value) = self { value } else { nil }
    }

    /// Python's name of this value's type, as errors show it.
    public var typeName: String {
        switch self {
        case .null: "None"
        case .bool: "bool"
        case .int, .bigInt: "int"
        case .float: "float"
        case .string: "str"
        case .bytes: "bytes"
        case .list: "list"
        case .tuple: "tuple"
        case .set: "set"
        case .dictionary(let dictionary): dictionary.isOrdered ? "OrderedDict" : "dict"
        case .tensor: "Tensor"
        case .size: "torch.Size"
        case .dtype: "torch.dtype"
        case .device: "torch.device"
        }
    }
}

extension PickleValue {
    /// An `OrderedDict` of tensors, as PyTorch's `state_dict()` returns it.
    public init(_ stateDict: StateDict) {
        var dictionary = PickleDictionary(isOrdered: true)
        for (name, tensor) in stateDict { dictionary.append(.string(name), .tensor(tensor)) }
        self = .dictionary(dictionary)
    }

    /// The tensors of a dictionary by name. Throws `FormatError`, with `file` in it, when this is no dictionary from
    /// names to tensors.
    public func stateDict(file: String = "value") throws -> StateDict {
        let expected = "a dictionary from names to tensors"
        guard case .dictionary(let dictionary) = self else {
            throw FormatError(file: file, expected: expected, found: "a value of type \(typeName)")
        }
        var result = StateDict()
        for (key, value) in dictionary {
            guard case .string(let name) = key else {
                throw FormatError(file: file, expected: expected, found: "a key of type \(key.typeName)")
            }
            guard case .tensor(let tensor) = value else {
                let found = "'\(name)' of type \(value.typeName)"
                throw FormatError(
                    file: file, expected: expected, found: found + (entryOfWeights.map(Self.advice) ?? ""))
            }
            result[name] = tensor
        }
        return result
    }

    /// The first entry of a dictionary that is a model's weights, as in a checkpoint.
    private var entryOfWeights: String? {
        guard case .dictionary(let dictionary) = self else { return nil }
        return dictionary.lazy.compactMap { key, value in
            guard case .dictionary(let inner) = value, !inner.isEmpty else { return nil }
            return inner.allSatisfy { if case .tensor = $0.1 { true } else { false } } ? key.string : nil
        }.first
    }

    private static func advice(_ entry: String) -> String {
        "; it is a checkpoint with the weights in '\(entry)', which StateDict(contentsOf:entry:) reads"
    }
}
