import HearthNN
import HearthTensor

extension SummaryWriter {
    /// The operations that a model does on an input, each with the module whose parameters it uses. The model is run once,
    /// in evaluation mode, with zeros of `shape`. PyTorch's `add_graph`.
    public func addGraph(_ model: any Layer, input shape: Shape) {
        let input = Tensor.zeros(shape).requiringGrad()
        let wasTraining = model.isTraining
        model.eval()
        let output = model(input)
        if wasTraining { model.train() }
        var names: [UInt64: String] = [:]
        for (name, parameter) in model.namedParameters {
            if let number = parameter.tensor.recordedNumber { names[number] = name.replacing(".", with: "/") }
        }
        if let number = input.recordedNumber { names[number] = "input" }
        let graph = GraphMessage(output.recordedGraph, leaves: names)
        add(step: 0) { $0.add(4, graph.message.bytes) }
    }
}

/// What was recorded as the message `GraphDef`.
private struct GraphMessage {
    let message: ProtocolBuffer

    init(_ operations: [RecordedOperation], leaves: [UInt64: String]) {
        var names = leaves
        var used: [String: Int] = [:]
        var message = ProtocolBuffer()
        for operation in operations {
            let name = names[operation.number] ?? Self.name(of: operation, names, &used)
            names[operation.number] = name
            message.add(1) { node in
                node.add(1, name)
                node.add(2, leaves[operation.number] == nil ? operation.label : "Parameter")
                for input in operation.inputs { if let source = names[input] { node.add(3, source) } }
                node.add(5, "_output_shapes", Self.shapes(operation.shape))
            }
        }
        message.add(4) { $0.add(1, 22) }
        self.message = message
    }

    /// The operation beside the parameters that it uses, with a number where the name is taken.
    private static func name(
        of operation: RecordedOperation, _ names: [UInt64: String], _ used: inout [String: Int]
    ) -> String {
        // Of the operands those that came first are parameters, seen through views of them.
        let scope = operation.inputs.compactMap { names[$0] }.first { $0.contains("/") && !$0.hasPrefix("input") }
        let module = scope.flatMap { name in name.lastIndex(of: "/").map { String(name[..<$0]) } }
        let base = (module.map { "\($0)/" } ?? "") + operation.label.split(separator: " ").joined(separator: "_")
        used[base, default: 0] += 1
        return used[base] == 1 ? base : "\(base)_\(used[base]! - 1)"
    }

    private static func shapes(_ shape: Shape) -> ProtocolBuffer {
        ProtocolBuffer { attribute in
            attribute.add(1) { list in
                list.add(7) { message in for size in shape { message.add(2) { $0.add(1, size) } } }
            }
        }
    }
}
