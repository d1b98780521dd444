import HearthTensor

/// What the allowed names make of their arguments.
extension PickleMachine {
    /// A function or class and its arguments become an object.
    mutating func call() throws {
        let argumentsHandle = try pop()
        let functionHandle = try pop()
        guard case .global(let function) = node(functionHandle), case .tuple(let arguments) = node(argumentsHandle)
        else {
            throw error("a function and its arguments", "\(node(functionHandle).typeName)")
        }
        switch function {
        case .orderedDict: try push(.dictionary(entries(arguments), isOrdered: true))
        case .counter: try push(.dictionary(entries(arguments), isOrdered: false))
        case .defaultDict: try push(.dictionary(defaultEntries(arguments), isOrdered: false))
        case .set: try push(.set(elements(arguments)))
        case .byteArray, .encode: try push(.bytes(bytes(arguments)))
        case .rebuildTensor where arguments.count == 4: try push(tensor(arguments))
        case .rebuildTensorV2 where arguments.count == 6 || arguments.count == 7: try push(tensor(arguments))
        case .rebuildParameter where arguments.count == 3: push(try parameter(arguments[0]))
        case .rebuildParameterWithState where arguments.count == 4: push(try parameter(arguments[0]))
        case .size where arguments.count == 1: try push(.size(integers(arguments[0])))
        case .device: try push(.device(device(arguments)))
        default: throw error("arguments of \(function)", "\(arguments.count) of them")
        }
    }

    /// `OrderedDict()`, `OrderedDict([[key, value], …])` or `Counter({key: value, …})`.
    private mutating func entries(_ arguments: [PickleHandle]) throws -> [PickleHandle] {
        guard let argument = arguments.first, arguments.count == 1 else {
            guard arguments.isEmpty else { throw error("at most one argument", "\(arguments.count)") }
            return []
        }
        switch node(argument) {
        case .dictionary(let entries, _):
            try charge(entries.count)
            return entries
        case .list(let pairs):
            try charge(pairs.count * 2)
            return try pairs.flatMap { pair in
                switch node(pair) {
                case .list(let pair) where pair.count == 2, .tuple(let pair) where pair.count == 2: return pair
                default: throw error("a pair of key and value", node(pair).typeName)
                }
            }
        default: throw error("the entries of a dictionary", node(argument).typeName)
        }
    }

    /// `defaultdict(class)`, `defaultdict(None)` or `defaultdict()`: entries follow, and the default is never asked for.
    private func defaultEntries(_ arguments: [PickleHandle]) throws -> [PickleHandle] {
        guard let argument = arguments.first else { return [] }
        switch node(argument) {
        case .none where arguments.count == 1: return []
        case .global(.plainClass) where arguments.count == 1, .global(.set) where arguments.count == 1,
            .global(.orderedDict) where arguments.count == 1, .global(.defaultDict) where arguments.count == 1:
            return []
        default: throw error("a class of plain data as the default of a dictionary", node(argument).typeName)
        }
    }

    /// `set([…])`.
    private mutating func elements(_ arguments: [PickleHandle]) throws -> [PickleHandle] {
        guard let argument = arguments.first, arguments.count == 1 else {
            guard arguments.isEmpty else { throw error("at most one argument", "\(arguments.count)") }
            return []
        }
        guard case .list(let elements) = node(argument) else {
            throw error("a list of elements", node(argument).typeName)
        }
        try charge(elements.count)
        return elements
    }

    /// `encode(text, 'latin1')` or `bytearray(…)`: how old protocols write bytes.
    private mutating func bytes(_ arguments: [PickleHandle]) throws -> [UInt8] {
        guard let argument = arguments.first else { return [] }
        switch node(argument) {
        case .bytes(let bytes) where arguments.count == 1:
            try charge(bytes.count)
            return bytes
        case .string(let text) where arguments.count == 2:
            guard case .string(let encoding) = node(arguments[1]), encoding == "latin1" || encoding == "latin-1" else {
                throw error("the encoding 'latin1'", "another")
            }
            try charge(text.utf8.count)
            return try text.unicodeScalars.map { scalar in
                guard let byte = UInt8(exactly: scalar.value) else {
                    throw error("characters below 256", "character \(scalar.value)")
                }
                return byte
            }
        default: throw error("bytes", node(argument).typeName)
        }
    }

    /// A parameter is the tensor in it.
    private func parameter(_ handle: PickleHandle) throws -> PickleHandle {
        guard case .tensor = node(handle) else { throw error("the tensor of a parameter", node(handle).typeName) }
        return handle
    }

    /// `torch.device('cuda', 0)` or `torch.device('cpu')`.
    private func device(_ arguments: [PickleHandle]) throws -> String {
        guard let first = arguments.first, case .string(let kind) = node(first) else {
            throw error("the name of a device", "\(arguments.count) other arguments")
        }
        guard arguments.count == 2 else { return kind }
        guard case .int(let index) = node(arguments[1]) else {
            throw error("the number of a device", node(arguments[1]).typeName)
        }
        return "\(kind):\(index)"
    }
}

extension PickleMachine {
    /// The elements of a tuple, list or size.
    private mutating func integers(_ handle: PickleHandle) throws -> [PickleHandle] {
        switch node(handle) {
        case .tuple(let elements), .list(let elements), .size(let elements):
            try charge(elements.count)
            for element in elements { _ = try integer(element) }
            return elements
        default: throw error("a tuple of integers", node(handle).typeName)
        }
    }

    private func integer(_ handle: PickleHandle) throws -> Int {
        guard case .int(let value) = node(handle) else { throw error("an integer", node(handle).typeName) }
        return value
    }

    /// `('storage', torch.FloatStorage, key, location, count)`: elements that lie elsewhere in the file. Old files add
    /// a view, of which `None` is read.
    mutating func storage(for handle: PickleHandle) throws -> Int {
        guard case .tuple(let parts) = node(handle), parts.count == 5 || parts.count == 6,
            case .string("storage") = node(parts[0]), case .global(.storage(let dtype)) = node(parts[1]),
            case .string(let key) = node(parts[2])
        else { throw error("a storage with its type, key and count", node(handle).typeName) }
        if let view = parts.dropFirst(5).first {
            guard case .none = node(view) else {
                throw error("a storage that is no view", "a view, as PyTorch wrote it before 0.4")
            }
        }
        let count = try integer(parts[4])
        guard count >= 0, !count.multipliedReportingOverflow(by: dtype.byteCount).overflow else {
            throw error("a storage's number of elements", "\(count)")
        }
        let record = PickleGraph.StorageRecord(key: key, dtype: dtype, count: count)
        if let position = storagePositions[key] {
            let known = graph.storages[position]
            guard known.dtype == dtype, known.count == count else {
                throw error(
                    "storage '\(key)' of \(known.count) \(known.dtype), as before", "\(record.count) \(record.dtype)")
            }
            return position
        }
        storagePositions[key] = graph.storages.count
        graph.storages.append(record)
        return graph.storages.count - 1
    }

    /// `_rebuild_tensor_v2(storage, offset, size, stride, …)`; what follows (gradient wanted, hooks) is not needed.
    private mutating func tensor(_ arguments: [PickleHandle]) throws -> PickleNode {
        guard case .storage(let position) = node(arguments[0]) else {
            throw error("the storage of a tensor", node(arguments[0]).typeName)
        }
        let storage = graph.storages[position]
        let offset = try integer(arguments[1])
        let sizes = try integers(arguments[2]).map(integer)
        let strides = try integers(arguments[3]).map(integer)
        guard sizes.count == strides.count, strides.allSatisfy({ $0 >= 0 }), offset >= 0 else {
            throw error("a size, strides and an offset", "\(sizes), \(strides) and \(offset)")
        }
        let shape = try Elements.shape(sizes, storage.dtype, in: cursor.source, at: operationStart)
        var record = PickleGraph.TensorRecord(
            storage: position, offset: offset, shape: shape, strides: Strides(strides))
        if shape.contains(0) {
            // Nothing is read, so any offset and strides will do.
            record.offset = 0
            record.strides = shape.contiguousStrides
        } else {
            try check(record, in: storage)
        }
        graph.tensors.append(record)
        return .tensor(graph.tensors.count - 1)
    }

    /// A tensor may repeat elements (stride 0), but a few bytes must not stand for a tensor that fills the memory.
    private static let repeatLimit = 1 << 24

    private func check(_ tensor: PickleGraph.TensorRecord, in storage: PickleGraph.StorageRecord) throws {
        guard let span = Layout(shape: tensor.shape, strides: tensor.strides, offset: tensor.offset).span else {
            throw error("strides of a tensor of \(tensor.shape)", "\(tensor.strides)")
        }
        guard span.upperBound <= storage.count else {
            throw error(
                "a tensor inside its storage of \(storage.count) elements",
                "elements \(span.lowerBound) to \(span.upperBound - 1)")
        }
        guard tensor.shape.elementCount <= max(storage.count, Self.repeatLimit) else {
            throw error("a tensor that repeats at most \(Self.repeatLimit) elements", "\(tensor.shape)")
        }
    }
}
