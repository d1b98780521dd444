import HearthTensor

/// What a run does for one set of sizes: the operations as they are for these sizes, where their operands are found, and
/// what is let go of after each.
final class Plan: Sendable {
    /// One step of a run; a class, since runs pass through many.
    final class Step: Sendable {
        /// The position of the node that it belongs to.
        let position: Int
        let kernel: Kernel
        /// The places of its operands.
        let operands: [Int]
        /// The place of its result.
        let result: Int
        /// Places that nothing uses after this step.
        let released: [Int]
        /// The place of the first operand, if it is of no use after this step, so that its memory may become the result's.
        let spentOperand: Int?

        init(position: Int, kernel: Kernel, operands: [Int], result: Int, releasing released: [Int] = []) {
            (self.position, self.kernel, self.operands, self.result) = (position, kernel, operands, result)
            self.released = released
            spentOperand = operands.first.flatMap { released.contains($0) ? $0 : nil }
        }
    }

    /// How a step computes.
    enum Kernel: Sendable {
        case operation(any TensorOperation, Spec)
        /// Made anew for each run, since it draws random numbers.
        case random(GraphOperation, Spec)
        /// A convolution whose weights are ready.
        case convolution(PreparedConvolution)
        /// Functions of elements in one pass, on values of this shape.
        case chain(ElementwiseChain, Shape)
        /// A value in another format.
        case change(FormatChange)
        /// A choice or a loop, and the places of its results after the first.
        case control(ControlPlan, others: [(index: Int, place: Int)])
    }

    let steps: [Step]
    /// The places of the inputs.
    let inputs: [Int]
    /// The places of constants, and the tensors there.
    let constants: [(place: Int, tensor: Tensor)]
    let outputs: [Int]
    /// The types of the results.
    let results: [Spec]
    /// The places of the new values of constants that a run changes.
    let updates: [Int]
    let placeCount: Int
    let sizes: SizeTable
    /// How many blocks of random numbers a run draws.
    let drawnBlocks: Int
    /// Where its runs find room for their values.
    let memory: PlannedMemory

    /// - Parameters:
    ///   - types: The types of its values for these sizes.
    ///   - weights: Weights in other formats, shared by the plans of a program; nil where values stay as they are, on other
    ///     devices than the processor.
    ///   - keepsNaN: Whether functions behind convolutions, which lose NaN in their pass, are steps of their own.
    init(
        _ graph: Graph, _ types: ProgramTypes, _ weights: PreparedWeights?, keepsNaN: Bool
    ) throws(GraphError) {
        var draft = try PlanDraft(graph, types, weights, absorbs: !keepsNaN)
        inputs = graph.nodes.indices.filter { graph.nodes[$0].isInput }
        outputs = graph.outputs.map { draft.plainPlace(of: $0.node) }
        results = graph.outputs.map { types[$0.node]! }
        updates = graph.updates.map { draft.plainPlace(of: $0.node) }
        let used = Set(draft.steps.flatMap(\.operands) + outputs + updates)
        constants = graph.nodes.enumerated().compactMap { place, node in
            node.constant.flatMap { used.contains(place) ? (place, $0.tensor.detach()) : nil }
        }
        steps = Self.releasing(draft.steps, keeping: Set(outputs + updates + constants.map(\.place)))
        // A choice may give its operand itself, which then lives longer than in a run that chose otherwise.
        memory = PlannedMemory(
            isPlannable: !steps.contains { if case .control = $0.kernel { true } else { false } })
        placeCount = draft.placeCount
        sizes = types.table
        drawnBlocks = try sizes.value(of: graph.drawnBlocks)
    }

    /// The steps with what each is the last to use.
    private static func releasing(_ steps: [Step], keeping kept: Set<Int>) -> [Step] {
        var seen = kept
        let backwards = steps.reversed().map { step in
            Step(
                position: step.position, kernel: step.kernel, operands: step.operands, result: step.result,
                releasing: Set(step.operands).filter { seen.insert($0).inserted })
        }
        return backwards.reversed()
    }
}
