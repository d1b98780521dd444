import HearthTensor

/// Turns the objects of a pickle into a `PickleValue`.
///
/// Objects that are used in several places are made once. Circles, nesting without end and graphs that would be
/// endless as a tree are refused.
package struct PickleTree {
    private let graph: PickleGraph
    private let source: ByteSource
    /// One tensor for each storage, with all of its elements.
    private let storages: [Tensor]
    private var parts: [PickleHandle: Part] = [:]
    private var open: Set<PickleHandle> = []

    private struct Part {
        var value: PickleValue
        /// How deep the nesting below is.
        var height = 0
        /// The number of values when every one is counted wherever it is used.
        var size = 1
    }

    /// Deeper than any checkpoint, shallow enough for the stack of any thread.
    private static let depthLimit = 100

    /// The value that a pickle from `source` stands for.
    package static func value(_ graph: PickleGraph, storages: [Tensor], source: ByteSource) throws -> PickleValue {
        var tree = PickleTree(graph: graph, source: source, storages: storages)
        return try tree.part(graph.root, depth: 0).value
    }

    private init(graph: PickleGraph, source: ByteSource, storages: [Tensor]) {
        self.graph = graph
        self.source = source
        self.storages = storages
    }

    private mutating func part(_ handle: PickleHandle, depth: Int) throws -> Part {
        switch graph.nodes[Int(handle)] {
        case .none: Part(value: .null)
        case .bool(let value): Part(value: .bool(value))
        case .int(let value): Part(value: .int(value))
        case .bigInt(let bytes): Part(value: .bigInt(bytes))
        case .float(let value): Part(value: .float(value))
        case .string(let value): Part(value: .string(value))
        case .bytes(let value): Part(value: .bytes(value))
        case .device(let name): Part(value: .device(name))
        case .tensor(let position): Part(value: .tensor(tensor(graph.tensors[position])))
        case .global(.dtype(let dtype)): Part(value: .dtype(dtype))
        case .global, .storage: throw source.error("plain data and tensors", graph.nodes[Int(handle)].typeName)
        case .list(let elements): try container(handle, elements, depth) { .list($0) }
        case .tuple(let elements): try container(handle, elements, depth) { .tuple($0) }
        case .set(let elements): try container(handle, elements, depth) { .set($0) }
        case .size(let elements): try container(handle, elements, depth) { .size($0.compactMap(\.int)) }
        case .dictionary(let elements, let isOrdered):
            try container(handle, elements, depth) { [source] values in
                try .dictionary(Self.dictionary(values, isOrdered: isOrdered, in: source))
            }
        }
    }

    private mutating func container(
        _ handle: PickleHandle, _ elements: [PickleHandle], _ depth: Int,
        _ make: ([PickleValue]) throws -> PickleValue
    ) throws -> Part {
        if let known = parts[handle] { return known }
        guard open.insert(handle).inserted else {
            throw source.error("data without circles", "one that contains itself")
        }
        guard depth < Self.depthLimit else {
            throw source.error("at most \(Self.depthLimit) levels of nesting", "more")
        }
        var part = Part(value: .null)
        var values: [PickleValue] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            let child = try self.part(element, depth: depth + 1)
            values.append(child.value)
            part.height = max(part.height, child.height + 1)
            part.size += child.size
            guard part.height <= Self.depthLimit, part.size <= PickleMachine.nodeLimit else {
                throw source.error(
                    "at most \(Self.depthLimit) levels and \(PickleMachine.nodeLimit) values in all", "more")
            }
        }
        part.value = try make(values)
        open.remove(handle)
        parts[handle] = part
        return part
    }

    private static func dictionary(
        _ values: [PickleValue], isOrdered: Bool, in source: ByteSource
    ) throws -> PickleDictionary {
        var dictionary = PickleDictionary(isOrdered: isOrdered)
        var names: Set<String> = []
        var numbers: Set<Int> = []
        var bigNumbers: Set<[UInt8]> = []
        for index in stride(from: 0, to: values.count, by: 2) {
            let isNew =
                switch values[index] {
                case .string(let name): names.insert(name).inserted
                case .int(let number): numbers.insert(number).inserted
                case .bigInt(let bytes): bigNumbers.insert(bytes).inserted
                default: true
                }
            guard isNew else { throw source.error("keys that differ", "two entries for \(values[index])") }
            dictionary.append(values[index], values[index + 1])
        }
        return dictionary
    }

    private func tensor(_ record: PickleGraph.TensorRecord) -> Tensor {
        Tensor.strided(record.shape, strides: record.strides, offset: record.offset, of: storages[record.storage])
    }
}
