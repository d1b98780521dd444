import HearthTensor

/// Computes graphs node by node.
struct Interpreter: Sendable {
    /// What errors call the model.
    let file: String
    /// Whether loops stay loops when the program is traced, also where the number of their turns is known. Else their turns
    /// are traced one by one.
    var keepsLoops = false

    /// The outputs of a graph for inputs in order.
    func run(
        _ graph: Graph, _ inputs: [Value?], outer: Frame? = nil, attributes: [String: AttributeProto] = [:]
    ) throws -> [Value] {
        var values = graph.constants
        var leftOut: Set<String> = []
        for (index, info) in graph.inputs.enumerated() {
            if index < inputs.count, let value = inputs[index] {
                values[info.name] = value
            } else if values[info.name] == nil {
                leftOut.insert(info.name)
            }
        }
        let frame = Frame(values, outer: outer, attributes: attributes, leftOut: leftOut)
        for step in graph.steps { try run(step, in: frame) }
        return try graph.outputs.map { output in
            guard let value = frame[output.name] else {
                throw ONNXError(file: file, expected: "a value of the output '\(output.name)'", found: "none")
            }
            return value
        }
    }

    private func run(_ step: Graph.Step, in frame: Frame) throws {
        let node = step.proto
        do {
            let inputs: [Value?] = try node.inputs.map { name in
                if name.isEmpty { return nil }
                if let value = frame[name] { return value }
                // An input of a function that the call leaves out.
                if frame.isLeftOut(name) { return nil }
                throw ONNXError(expected: "a value of '\(name)'", found: "none")
            }
            let attributes = try Self.attributes(of: node, frame)
            let results = try results(step, inputs, attributes, frame)
            guard results.count >= node.outputs.count else {
                throw ONNXError(expected: "at most \(results.count) outputs", found: "\(node.outputs.count)")
            }
            for (name, value) in zip(node.outputs, results) where !name.isEmpty { frame[name] = value }
            for name in step.lastUses { frame.remove(name) }
        } catch let error as ONNXError {
            throw error.at(file: file, node: node)
        } catch let error as ShapeError {
            throw ONNXError(error).at(file: file, node: node)
        }
    }

    private func results(
        _ step: Graph.Step, _ inputs: [Value?], _ attributes: [String: AttributeProto], _ frame: Frame
    ) throws -> [Value] {
        switch step.kind {
        case .operation(let operation):
            let context = NodeContext(
                step: step, inputs: inputs, attributes: attributes, frame: frame, interpreter: self)
            try checkSize(of: operation, context)
            return try checkShapes { try operation(context) }
        case .function(let function):
            guard inputs.count <= function.proto.inputs.count else {
                throw ONNXError(expected: "at most \(function.proto.inputs.count) inputs", found: "\(inputs.count)")
            }
            var given = attributes
            for standard in function.proto.attributeDefaults where given[standard.name] == nil {
                given[standard.name] = standard
            }
            return try run(function.graph, inputs, attributes: given)
        }
    }

    /// Refuses a node whose results are larger than the memory of the machine, as a few small tensors that are broadcast
    /// can make them. What could be so large is run without elements first.
    private func checkSize(of operation: OperatorFunction, _ context: NodeContext) throws {
        let counts = context.inputs.compactMap { $0?.tensor }.filter(\.hasElements).map(\.count).sorted()
        guard counts.count >= 2, context.step.graphs.isEmpty else { return }
        let (largest, overflow) = counts[counts.count - 1].multipliedReportingOverflow(by: counts[counts.count - 2])
        guard overflow || largest > SizeLimit.memory / 16 else { return }
        let shapes: [Value?] = context.inputs.map { value in
            // Small ones may be sizes or axes.
            guard case .tensor(let tensor, let type)? = value, tensor.count > 64 else { return value }
            return .tensor(.meta(tensor.shape, dtype: tensor.dtype), type)
        }
        let dry = NodeContext(
            step: context.step, inputs: shapes, attributes: context.attributes, frame: context.frame,
            interpreter: self)
        // What is wrong with it, or depends on its elements, is found when it is computed.
        guard let results = try? checkShapes({ try operation(dry) }) else { return }
        for case .tensor(let tensor, _) in results where SizeLimit.byteCount(tensor.shape, tensor.dtype) == nil {
            throw ONNXError(expected: "results that fit into memory", found: "\(tensor.spec)")
        }
    }

    /// The attributes of a node by name; those that refer to the attributes of a function's call are looked up there, and
    /// left out when the call leaves them out.
    private static func attributes(of node: NodeProto, _ frame: Frame) throws(ONNXError) -> [String: AttributeProto] {
        var result: [String: AttributeProto] = [:]
        for attribute in node.attributes {
            let value = attribute.refAttrName.isEmpty ? attribute : frame.attribute(attribute.refAttrName)
            if let value { result[attribute.name] = value }
        }
        return result
    }
}
