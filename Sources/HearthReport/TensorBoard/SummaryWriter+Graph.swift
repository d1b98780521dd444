import HearthNN
import HearthTensor

extension SummaryWriter {
    /// The operations that a model does on an input, each inside the module that does it. The model is run once, in
    /// evaluation mode, with zeros of `shape`; TensorBoard shows one graph a file. PyTorch's `add_graph`.
    public func addGraph(_ model: any Layer, input shape: Shape) {
        let input = Tensor.zeros(shape).requiringGrad()
        var modules: [UInt64: String] = [:]
        let hooks = model.namedModules.map { path, module in
            let hook = module.registerForwardHook { _, x, y in
                // The operations recorded since the module's input was made. Inner modules end before outer ones, so
                // theirs are assigned already.
                for operation in y.recordedGraph where operation.number > x.recordedNumber ?? 0 {
                    if modules[operation.number] == nil { modules[operation.number] = path }
                }
            }
            return (module, hook)
        }
        defer { for (module, hook) in hooks { module.removeForwardHook(hook) } }
        let wasTraining = model.isTraining
        model.eval()
        let output = model.observed(input)
        if wasTraining { model.train() }
        var names: [UInt64: String] = [:]
        for (name, parameter) in model.namedParameters {
            if let number = parameter.tensor.recordedNumber { names[number] = name.replacing(".", with: "/") }
        }
        if let number = input.recordedNumber { names[number] = "input" }
        let graph = GraphMessage(output.recordedGraph, leaves: names, modules: modules)
        add(step: 0) { $0.add(4, graph.message.bytes) }
    }
}

/// What was recorded as the message `GraphDef`.
private struct GraphMessage {
    let message: ProtocolBuffer

    init(_ operations: [RecordedOperation], leaves: [UInt64: String], modules: [UInt64: String]) {
        var names = leaves
        var used: [String: Int] = [:]
        var message = ProtocolBuffer()
        for operation in operations {
            let name = names[operation.number] ?? Self.name(of: operation, in: modules[operation.number] ?? "", &used)
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

    /// The operation inside its module, with a number where the name is taken.
    private static func name(of operation: RecordedOperation, in module: String, _ used: inout [String: Int]) -> String
    {
        let parts = module.split(separator: ".") + [operation.label.replacing(" ", with: "_")[...]]
        let base = parts.joined(separator: "/")
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
