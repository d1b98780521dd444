import HearthTensor

/// What a run does for one set of sizes: the operations as they are for these sizes, where their operands are found, and
/// what is let go of after each.
struct Plan: Sendable {
    /// One operation of a run.
    struct Step: Sendable {
        /// The position of the node in the graph; also the place of its value.
        let position: Int
        let operation: any TensorOperation
        let operands: [Int]
        let result: Spec
        /// Places that nothing uses after this step.
        let released: [Int]
        /// True when the operation draws random numbers and is made anew for each run.
        let isRandom: Bool
    }

    let steps: [Step]
    let sizes: SizeTable
    /// How many blocks of random numbers a run draws.
    let drawnBlocks: Int

    init(_ graph: Graph, _ named: [String: Int]) throws(GraphError) {
        let types = try graph.types(named)
        var table = SizeTable(named: named)
        for (id, spec) in types { table.shapes[id] = Array(spec.shape) }
        let places = Dictionary(uniqueKeysWithValues: graph.nodes.enumerated().map { ($1.id, $0) })
        let lastUses = graph.lastUses
        var steps: [Step] = []
        for (position, node) in graph.nodes.enumerated() {
            guard let (operation, operands) = node.operation else { continue }
            let released = Set(operands).filter {
                lastUses[$0] == position && graph.nodes[places[$0]!].operation != nil
            }
            steps.append(
                Step(
                    position: position, operation: try operation.operation(in: table),
                    operands: operands.map { places[$0]! }, result: types[node.id]!,
                    released: released.map { places[$0]! }, isRandom: operation.isRandom))
        }
        self.steps = steps
        sizes = table
        drawnBlocks = try table.value(of: graph.drawnBlocks)
    }
}
