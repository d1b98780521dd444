import HearthGraph
import HearthTensor

// Choices and loops. What their parts are given from around them is seen there by its name, as ONNX has it.
extension ExportTable {
    static let controlFlow: [String: ExportRule] = ["cond": choice, "loop": loop]

    private static func choice(_ n: ExportNode) throws -> ExportValue {
        let branches = try n.operation.parts.map { part in
            let program = part.program
            let (nodes, names) = try n.draft.graph {
                try n.exporter.addPart(program, given: Array(n.values.dropFirst()))
            }
            return n.graph(part.name, nodes, inputs: [], outputs: n.infos(names, program))
        }
        let results = n.draft.add(
            "If", [n[0].predicate(n.shape(0))],
            ["then_branch": .graph(branches[0]), "else_branch": .graph(branches[1])], results: n.resultTypes)
        return n.giving(results)
    }

    private static func loop(_ n: ExportNode) throws -> ExportValue {
        let (condition, body) = (n.operation.parts[0].program, n.operation.parts[1].program)
        let (state, others) = (Array(n.values.prefix(body.outputs.count)), n.values.dropFirst(body.outputs.count))
        func holds(_ state: [ExportValue]) throws -> ExportValue {
            try n.exporter.addPart(condition, given: state + others)[0]
                .predicate(condition.node(condition.outputs[0].node)!.shape)
        }
        let limit = try n.operation["limit"].map { try n.number($0, .int64) }
        let first = try holds(state)
        // The body is given the number of the turn, whether the condition holds, and the state.
        let given = ["turn", "holds"].map { n.draft.unused($0) } + state.indices.map { n.draft.unused("state\($0)") }
        let inner = zip(given.dropFirst(2), state).map { ExportValue(name: $0, dtype: $1.dtype, draft: n.draft) }
        let (nodes, names) = try n.draft.graph {
            let next = try n.exporter.addPart(body, given: inner + others)
            return [try holds(next)] + next
        }
        let flags = [(given[0], DType.int64), (given[1], .bool), (names[0], .bool)].map { name, dtype in
            GraphExporter.info(name, dtype, [])
        }
        let inputs = zip(given.dropFirst(2), body.inputs).map { GraphExporter.info($0, $1.dtype, $1.shape) }
        let graph = n.graph(
            "do", nodes, inputs: Array(flags[..<2]) + inputs,
            outputs: [flags[2]] + n.infos(Array(names.dropFirst()), body))
        return n.giving(n.draft.add("Loop", [limit, first] + state, ["body": .graph(graph)], results: n.resultTypes))
    }
}

extension ExportNode {
    /// The dtypes of all results of a choice or a loop.
    fileprivate var resultTypes: [DType] {
        guard let program = operation.parts.last?.program else { return [] }
        return program.outputs.compactMap { program.node($0.node)?.dtype }
    }

    /// The names and types of what a part gives.
    fileprivate func infos(_ names: [String], _ program: HearthGraph.Graph) -> [ValueInfoProto] {
        zip(names, program.outputs).map { name, output in
            let node = program.node(output.node)!
            return GraphExporter.info(name, node.dtype, node.shape)
        }
    }

    fileprivate func graph(
        _ name: String, _ nodes: [NodeProto], inputs: [ValueInfoProto], outputs: [ValueInfoProto]
    ) -> GraphProto {
        var graph = GraphProto()
        (graph.name, graph.nodes, graph.inputs, graph.outputs) = (name, nodes, inputs, outputs)
        return graph
    }

    /// The first result; the others are for the nodes that ask for them.
    fileprivate func giving(_ results: [ExportValue]) -> ExportValue {
        exporter.results[result.id] = results
        return results[0]
    }
}

extension ExportValue {
    /// A predicate without dimensions, which is what runtimes take.
    fileprivate func predicate(_ shape: [Size]) -> ExportValue { shape.isEmpty ? self : reshaped([]) }
}
