import HearthFormats
import HearthTensor

/// The nodes and constants of a model that is being written, with names that are each used once.
final class ModelDraft {
    /// A constant of the model.
    struct Initializer {
        let name: String
        let tensor: Tensor
    }

    /// The version of the standard's operators.
    let opset: Int
    private(set) var nodes: [NodeProto] = []
    private(set) var initializers: [Initializer] = []
    /// The path of the module whose operations are being written: names of values begin with it.
    var path = ""
    private var names: Set<String> = []
    private var counts: [String: Int] = [:]
    private var known: [SmallConstant: ExportValue] = [:]

    /// What equal constants are found by.
    private struct SmallConstant: Hashable {
        let dtype: DType
        let shape: Shape
        let bytes: [UInt8]
    }

    init(opset: Int) { self.opset = opset }

    /// Keeps a name from being given to another value.
    func reserve(_ name: String) { names.insert(name) }

    /// A name that no other value has: this one, or this one with a number.
    func unused(_ name: String) -> String {
        if names.insert(name).inserted { return name }
        while true {
            counts[name, default: 0] += 1
            let numbered = "\(name)_\(counts[name]!)"
            if names.insert(numbered).inserted { return numbered }
        }
    }

    // MARK: Nodes

    /// Adds a node and gives its first result. An operand that is nil is left out.
    /// - Parameter dtype: The dtype of the result; nil when it is that of the first operand.
    func add(
        _ operatorName: String, _ inputs: [ExportValue?], _ attributes: KeyValuePairs<String, ExportAttribute> = [:],
        dtype: DType? = nil
    ) -> ExportValue {
        add(
            operatorName, inputs, attributes, results: [dtype ?? inputs.lazy.compactMap { $0 }.first?.dtype ?? .float32]
        )[0]
    }

    /// Adds a node with results of these dtypes.
    func add(
        _ operatorName: String, _ inputs: [ExportValue?], _ attributes: KeyValuePairs<String, ExportAttribute> = [:],
        results: [DType]
    ) -> [ExportValue] {
        var node = NodeProto()
        node.opType = operatorName
        node.inputs = inputs.map { $0?.name ?? "" }
        while node.inputs.last == "" { node.inputs.removeLast() }
        node.attributes = attributes.map { $1.proto($0) }
        let base = path.isEmpty ? operatorName : "\(path)/\(operatorName)"
        node.outputs = results.map { _ in unused(base) }
        node.name = node.outputs[0]
        nodes.append(node)
        return zip(node.outputs, results).map { ExportValue(name: $0, dtype: $1, draft: self) }
    }

    /// The nodes that `body` adds, as those of a graph inside the model, and the names of the results that it gives. They see
    /// all that was made before.
    func graph(_ body: () throws -> [ExportValue]) rethrows -> (nodes: [NodeProto], results: [String]) {
        let outer = nodes
        nodes = []
        defer { nodes = outer }
        let values = try body()
        var own = Set(nodes.flatMap(\.outputs))
        // A result is made inside, once.
        let results = values.map { value in
            own.remove(value.name) != nil ? value.name : value.then("Identity").name
        }
        return (nodes.leading(to: results), results)
    }

    // MARK: Constants

    /// A constant under a name of its own.
    func constant(_ tensor: Tensor, name: String) -> ExportValue {
        let name = unused(name)
        initializers.append(Initializer(name: name, tensor: tensor))
        return ExportValue(name: name, dtype: tensor.dtype, draft: self)
    }

    /// A constant that the export needs; small ones that are equal are one.
    func constant(_ tensor: Tensor) -> ExportValue {
        guard tensor.count <= 256 else { return constant(tensor, name: "constant") }
        let key = SmallConstant(
            dtype: tensor.dtype, shape: tensor.shape, bytes: tensor.withUnsafeBytes { Array($0) })
        if let value = known[key] { return value }
        let value = constant(tensor, name: "constant")
        known[key] = value
        return value
    }

    /// An int64 vector: axes, sizes, positions.
    func vector(_ values: [Int]) -> ExportValue {
        constant(Tensor(values.map { Int64($0) }, shape: [values.count], device: .cpu))
    }

    /// One number without dimensions.
    func number(_ value: Double, _ dtype: DType) -> ExportValue {
        constant(Tensor.full([], value, dtype: dtype, device: .cpu))
    }

    /// One whole number without dimensions, exact in 64 bits.
    func number(_ value: Int, _ dtype: DType) -> ExportValue {
        constant(Tensor.full([], value, dtype: dtype, device: .cpu))
    }

    // MARK: The end

    /// Gives the results of the model their names, and takes out nodes and constants that lead to none of them.
    /// - Parameter outputs: The names that the results have and those that they should have.
    func finish(outputs: [(value: String, name: String)]) {
        var taken: [String: String] = [:]
        let made = Set(nodes.flatMap(\.outputs))
        for (value, name) in outputs {
            guard made.contains(value), taken[value] == nil else {
                path = ""
                var node = NodeProto()
                (node.opType, node.name) = ("Identity", unused(name + "/Identity"))
                (node.inputs, node.outputs) = ([value], [name])
                nodes.append(node)
                continue
            }
            taken[value] = name
        }
        nodes = nodes.map { node in
            var node = node.renamed(taken)
            node.outputs = node.outputs.map { taken[$0] ?? $0 }
            return node
        }
        nodes = nodes.leading(to: outputs.map(\.name))
        let used = Set(outputs.map(\.name) + nodes.flatMap(\.uses))
        initializers.removeAll { !used.contains($0.name) }
    }
}

extension [NodeProto] {
    /// The nodes without those that lead to none of these results.
    fileprivate func leading(to results: [String]) -> [NodeProto] {
        var used = Set(results)
        var kept: [NodeProto] = []
        for node in reversed() where node.outputs.contains(where: used.contains) {
            used.formUnion(node.uses)
            kept.append(node)
        }
        return kept.reversed()
    }
}

extension NodeProto {
    /// The names of the values that it uses, in graphs inside it too.
    fileprivate var uses: [String] { inputs + attributes.flatMap { $0.g?.nodes.flatMap(\.uses) ?? [] } }

    /// The same with other names for values that it uses.
    fileprivate func renamed(_ names: [String: String]) -> NodeProto {
        var node = self
        node.inputs = inputs.map { names[$0] ?? $0 }
        for i in attributes.indices {
            guard let inner = attributes[i].g else { continue }
            node.attributes[i].g?.nodes = inner.nodes.map { $0.renamed(names) }
        }
        return node
    }
}
