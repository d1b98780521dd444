import HearthGraph
import HearthTensor

/// Makes the messages of a model of a graph.
final class GraphExporter {
    let graph: HearthGraph.Graph
    let draft: ModelDraft
    /// Values that were made by repeating others, by their nodes: what was repeated, and its shape.
    var expansions: [Int: (value: ExportValue, shape: [Size])] = [:]
    /// Values that are several results one after another along the first dimension.
    var parts: [Int: [Part]] = [:]
    private(set) lazy var sizes = ExportSizes(draft) { [unowned self] name throws(ONNXError) in
        try root.input(telling: name)
    } value: { [unowned self] in
        try? values[$0]?.get()
    }
    /// What was made of each node. A node that ONNX cannot express is an error only where something uses it.
    private var values: [Int: Result<ExportValue, any Error>] = [:]
    /// All results of choices and loops.
    var results: [Int: [ExportValue]] = [:]
    /// The exporter of the whole program; nil for itself.
    private let outer: GraphExporter?
    private var root: GraphExporter { outer ?? self }

    /// One of several results that Hearth puts into one tensor.
    struct Part {
        let start: Size
        let count: Size
        let value: ExportValue
    }

    init(_ graph: HearthGraph.Graph, opset: Int) {
        self.graph = graph
        draft = ModelDraft(opset: opset)
        outer = nil
    }

    /// An exporter of a part of a program.
    private init(part: HearthGraph.Graph, in outer: GraphExporter) {
        graph = part
        draft = outer.draft
        self.outer = outer.root
    }

    /// Adds the nodes of a branch, a condition or a body where the draft is now, and gives the results.
    func addPart(_ part: HearthGraph.Graph, given: [ExportValue]) throws -> [ExportValue] {
        let path = draft.path
        defer { draft.path = path }
        let exporter = GraphExporter(part: part, in: self)
        for (input, value) in zip(part.inputs, given) { exporter.values[input.id] = .success(value) }
        exporter.addNodes()
        return try part.outputs.map { try exporter.values[$0.node]!.get() }
    }

    private func addNodes() {
        for node in graph.nodes where values[node.id] == nil { values[node.id] = Result { try value(of: node) } }
    }

    /// The value and the dimension that tell a named size.
    private func input(telling name: String) throws(ONNXError) -> (value: ExportValue, axis: Int) {
        for input in graph.inputs {
            guard let axis = input.shape.firstIndex(of: .named(name)), let value = try? values[input.id]?.get() else {
                continue
            }
            return (value, axis)
        }
        throw ONNXError(expected: "an input that tells the size '\(name)'", found: "none")
    }

    /// The nodes, inputs and outputs of the model; its constants are the draft's initializers.
    func proto(name: String) throws -> GraphProto {
        try check()
        for output in graph.outputs { draft.reserve(output.name) }
        addNodes()
        let outputs = try graph.outputs.map { (value: try values[$0.node]!.get().name, name: $0.name) }
        draft.finish(outputs: outputs)
        var proto = GraphProto()
        proto.name = name
        proto.nodes = draft.nodes
        proto.inputs = graph.inputs.map { Self.info($0.name, $0.dtype, $0.shape) }
        proto.outputs = graph.outputs.map { output in
            let node = graph.node(output.node)!
            return Self.info(output.name, node.dtype, node.shape)
        }
        return proto
    }

    private func check() throws(ONNXError) {
        if let update = graph.updates.first, let name = graph.node(update.constant)?.name {
            throw ONNXError(
                expected:
                    "a program that leaves its buffers as they are (eval() before tracing, or remove graph.updates)",
                found: "one that changes '\(name)'\(graph.updates.count > 1 ? " and others" : "")")
        }
        var seen: Set<String> = []
        for name in graph.inputs.map(\.name) + graph.outputs.map(\.name) where !seen.insert(name).inserted {
            throw ONNXError(expected: "inputs and outputs with different names", found: "two called '\(name)'")
        }
        for output in graph.outputs where graph.node(output.node) == nil {
            throw ONNXError(expected: "a node for output '\(output.name)'", found: "none")
        }
    }

    private func value(of node: HearthGraph.Graph.Node) throws -> ExportValue {
        draft.path = node.path
        switch node.source {
        case .input:
            draft.reserve(node.name)
            return ExportValue(name: node.name, dtype: node.dtype, draft: draft)
        case .constant(let constant):
            guard constant.tensor.hasElements else {
                throw ONNXError(expected: "the elements of constant '\(node.name)'", found: "a tensor on meta")
            }
            return node.name.isEmpty
                ? draft.constant(constant.tensor) : draft.constant(constant.tensor, name: node.name)
        case .operation(let operation, let operands):
            let given = operands.map { graph.node($0)! }
            let values = try operands.map { try self.values[$0]!.get() }
            let export = ExportNode(
                exporter: self, operation: operation, values: values, operands: given, result: node)
            return try operation.name == "result" ? further(export) : self.export(export)
        }
    }

    /// Adds the nodes of an operation. Throws `ONNXError` when ONNX has nothing that computes the same.
    func export(_ node: ExportNode) throws -> ExportValue {
        do {
            guard let rule = ExportTable.rules[node.operation.name] else {
                throw ONNXError(
                    expected: "an operation that ONNX's operators can express",
                    found: "\(node.operation.name), for which Hearth knows none")
            }
            return try rule(node)
        } catch let error as ONNXError {
            let (path, id) = (node.result.path, node.result.id)
            throw error.at(operation: node.operation.name, node: path.isEmpty ? "%\(id)" : "\(path) (%\(id))")
        }
    }

    /// A result of a choice or a loop after the first.
    private func further(_ node: ExportNode) throws -> ExportValue {
        let index = try node.arguments.int("index")
        guard let all = results[node.operands[0].id], all.indices.contains(index) else {
            throw node.error("a choice or a loop with a result \(index)", "none")
        }
        return all[index]
    }

    // MARK: Types

    /// The name and type of an input or output.
    static func info(_ name: String, _ dtype: DType, _ sizes: [Size]) -> ValueInfoProto {
        var (info, type, tensor, shape) = (ValueInfoProto(), TypeProto(), TensorTypeProto(), TensorShapeProto())
        shape.dims = sizes.map { size in
            var dim = DimensionProto()
            switch size {
            case .fixed(let value): dim.value = value
            case .named(let name): dim.parameter = name
            // The size of a value has no name outside of the graph.
            case .dimension: break
            default: if !size.hasDimensions { dim.parameter = size.description.filter { $0 != " " } }
            }
            return dim
        }
        tensor.elemType = ElementType(dtype).rawValue
        tensor.shape = shape
        type.tensorType = tensor
        (info.name, info.type) = (name, type)
        return info
    }
}

extension ONNXError {
    /// The same error about an operation that is being exported, unless it has a place already.
    fileprivate func at(operation: String, node: String) -> ONNXError {
        var error = self
        if error.operatorName == nil { (error.node, error.operatorName) = (node, operation) }
        return error
    }
}
