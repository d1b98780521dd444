import HearthTensor

extension Graph {
    /// The constants among the operands of a choice or a loop, by the operand's position: those that are the same in every
    /// turn and every run.
    func constants(in operation: GraphOperation, _ operands: [Int]) -> [Node?] {
        operands.enumerated().map { position, id in
            guard position >= operation.fixedOperands, fixedTensor(id) != nil else { return nil }
            return node(id)
        }
    }

    /// The program of a part with constants of its own in the place of some inputs. They keep their numbers.
    /// - Parameter constants: By the operand's position; the last of them are the inputs.
    func closed(over constants: [Node?]) -> Graph {
        var graph = self
        let inputs = inputs
        for (input, constant) in zip(inputs, constants.suffix(inputs.count)) {
            guard let constant, let tensor = constant.constant?.tensor else { continue }
            graph.change(input.id) { $0.source = .constant(Constant(tensor)) }
        }
        return graph
    }

    /// Changes the parts of all choices and loops. What is constant around them is a constant in them while `body` looks;
    /// afterwards they are given their constants again, and nothing that they do not use.
    mutating func changeParts(_ body: (Graph) throws(GraphError) -> Graph) throws(GraphError) {
        for id in nodes.map(\.id) {
            guard let (operation, operands) = node(id)?.operation, !operation.parts.isEmpty else { continue }
            let constants = constants(in: operation, operands)
            var parts: [OpenPart] = []
            for part in operation.parts {
                var open = OpenPart(part.program, leading: operation.leadingOperands)
                open.program = try body(part.program.closed(over: constants))
                parts.append(open)
            }
            close(id, operation, operands, parts)
        }
    }

    /// A part while it is changed.
    private struct OpenPart {
        var program: Graph
        /// The inputs that it had, by the operand's position; nil for a predicate.
        let inputs: [Node?]

        init(_ program: Graph, leading: Int) {
            self.program = program
            inputs = [Node?](repeating: nil, count: leading) + program.inputs
        }

        /// Constants that it did not have before.
        var newConstants: [Node] {
            let known = Set(inputs.compactMap { $0?.id })
            return program.nodes.filter { $0.constant != nil && !known.contains($0.id) }
        }

        /// True when something in it uses an input.
        func uses(_ position: Int) -> Bool { inputs[position].map { program.useCounts[$0.id] != nil } ?? true }

        /// The program with these inputs and without constants.
        func closed(_ inputs: [Node]) -> Graph {
            var graph = program
            graph.nodes = inputs + program.nodes.filter { $0.operation != nil }
            return graph
        }
    }

    private mutating func close(
        _ id: Int, _ operation: GraphOperation, _ operands: [Int], _ parts: [OpenPart]
    ) {
        let kept = operands.indices.filter { position in
            position < operation.fixedOperands || parts.contains { $0.uses(position) }
        }
        var given = kept.map { operands[$0] }
        var inputs = parts.map { part in kept.compactMap { part.inputs[$0] } }
        var next = parts.map(\.program.nextID)
        for (k, part) in parts.enumerated() {
            for constant in part.newConstants {
                let outer = Node(
                    id: nextID, name: constant.name, source: constant.source, dtype: constant.dtype,
                    shape: constant.shape, path: "")
                nodes.insert(outer, at: position(of: id)!)
                given.append(outer.id)
                for j in parts.indices {
                    var input = constant
                    input.source = .input
                    inputs[j].append(j == k ? input : input.numbered(next[j]))
                    next[j] += 1
                }
            }
        }
        let programs = zip(parts, inputs).map { $0.closed($1) }
        change(id) { $0.source = .operation(operation.with(programs), operands: given) }
    }
}

extension Graph.Node {
    /// The same under another number.
    fileprivate func numbered(_ id: Int) -> Graph.Node {
        Graph.Node(id: id, name: name, source: source, dtype: dtype, shape: shape, path: path)
    }
}
