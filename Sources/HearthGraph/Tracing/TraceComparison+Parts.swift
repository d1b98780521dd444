import HearthTensor

// Choices and loops: what differs in their parts is expressed by the same named sizes, and by the shapes of what the parts
// are given.
extension TraceComparison {
    /// The operation of a choice or a loop.
    /// - Parameters:
    ///   - i: The entry.
    ///   - operands: The nodes of its operands.
    mutating func controlFlow(
        _ i: Int, _ control: TraceControl, _ operands: [Graph.Node]
    ) throws(GraphError) -> GraphOperation {
        do throws(GraphError) {
            let outer = Array(operands.suffix(control.inputs.count))
            var parts: [GraphOperation.Part] = []
            for k in control.parts.indices { parts.append(try part(k, of: i, outer)) }
            return GraphOperation(flow: control.name, try limit(i), parts: parts)
        } catch {
            throw error.at(operation: control.name, path: control.path)
        }
    }

    private func controls(_ i: Int) -> [TraceControl] {
        recordings.map { recording in
            guard case .control(let control) = recording.entries[i] else { fatalError("traces were compared") }
            return control
        }
    }

    private mutating func limit(_ i: Int) throws(GraphError) -> [GraphAttribute.Field] {
        let limits = controls(i).map { control -> Int? in
            if case .loop(let limit) = control.kind { limit } else { nil }
        }
        if limits.allSatisfy({ $0 == nil }) { return [] }
        let numbers = limits.compactMap { $0 }
        guard numbers.count == limits.count, let size = fitting.fit(numbers) else {
            throw GraphError("the limit of a loop is no formula of the named sizes")
        }
        return [.init("limit", .size(size))]
    }

    private func part(_ k: Int, of i: Int, _ outer: [Graph.Node]) throws(GraphError) -> GraphOperation.Part {
        let controls = controls(i)
        let parts = controls.map { $0.parts[k] }
        var comparison = TraceComparison(parts.map { Recording($0) }, sizes)
        let inputs = outer.enumerated().map { position, node in
            let shape = comparison.inputShape(position, node, controls.map { Array($0.inputs[position].shape) })
            return (name: node.name, spec: InputSpec(shape, node.dtype))
        }
        var program = Graph()
        program.nodes = try comparison.nodes(inputs: inputs) { _ in nil }
        program.drawnBlocks = try comparison.drawnBlocks()
        program.outputs = parts[0].results.enumerated().map { Graph.Output("\($0)", node: $1) }
        return GraphOperation.Part(parts[0].name, program)
    }

    /// The shape of an input: as the program around it says it, where names alone say it.
    private mutating func inputShape(_ position: Int, _ node: Graph.Node, _ shapes: [[Int]]) -> [Size] {
        for (axis, size) in node.shape.enumerated() where !size.hasDimensions {
            fitting.learn(size, shapes.map { $0[axis] })
        }
        return fitting.shape(shapes, node: position)
    }
}
