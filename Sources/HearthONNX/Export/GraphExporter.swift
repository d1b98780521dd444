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
    private(set) lazy var sizes = ExportSizes(draft, graph) { [unowned self] in try? values[$0]?.get() }
    /// What was made of each node. A node that ONNX cannot express is an error only where something uses it.
    private var values: [Int: Result<ExportValue, any Error>] = [:]

    /// One of several results that Hearth puts into one tensor.
    struct Part {
        let start: Size
        let count: Size
        let value: ExportValue
    }

    init(_ graph: HearthGraph.Graph, opset: Int) {
        self.graph = graph
        draft = ModelDraft(opset: opset)
    }

    /// The nodes, inputs and outputs of the model; its constants are the draft's initializers.
    func proto(name: String) throws -> GraphProto {
        try check()
        for output in graph.outputs { draft.reserve(output.name) }
        for node in graph.nodes { values[node.id] = Result { try value(of: node) } }
        let outputs = try graph.outputs.map { (value: try values[$0.node]!.get().name, name: $0.name) }
        draft.finish(outputs: outputs)
        var proto = GraphProto()
        proto.name = name
        proto.nodes = draft.nodes
        proto.inputs = graph.inputs.map { Self.info($0.name, $0) }
        proto.outputs = graph.outputs.map { Self.info($0.name, graph.node($0.node)!) }
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
            return try export(
                ExportNode(exporter: self, operation: operation, values: values, operands: given, result: node))
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

    // MARK: Types

    /// The name and type of an input or output.
    private static func info(_ name: String, _ node: HearthGraph.Graph.Node) -> ValueInfoProto {
        var (info, type, tensor, shape) = (ValueInfoProto(), TypeProto(), TensorTypeProto(), TensorShapeProto())
        shape.dims = node.shape.map { size in
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
        tensor.elemType = ElementType(node.dtype).rawValue
        tensor.shape = shape
        type.tensorType = tensor
        (info.name, info.type) = (name, type)
        return info
    }
}

extension Size {
    /// True when the size of some value is part of it.
    fileprivate var hasDimensions: Bool {
        switch self {
        case .fixed, .named: false
        case .dimension: true
        case .sum(let a, let b), .product(let a, let b), .quotient(let a, let b): a.hasDimensions || b.hasDimensions
        }
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
