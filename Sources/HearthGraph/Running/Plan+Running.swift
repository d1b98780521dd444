import HearthTensor

extension Plan {
    /// Computes all steps, `around` each.
    /// - Parameter values: By place: constants and inputs before, results and updates after.
    func compute(
        _ values: inout [Tensor?], on device: Device,
        around: (Step, () throws(GraphError) -> Void) throws(GraphError) -> Void
    ) throws(GraphError) {
        var table = sizes
        if drawnBlocks > 0 { table.random = .drawn(drawnBlocks) }
        for step in steps { try compute(step, table, &values, on: device, around) }
    }

    private func compute(
        _ step: Step, _ table: SizeTable, _ values: inout [Tensor?], on device: Device,
        _ around: (Step, () throws(GraphError) -> Void) throws(GraphError) -> Void
    ) throws(GraphError) {
        var random: (any TensorOperation)?
        if case .random(let operation, _) = step.kernel { random = try operation.operation(in: table) }
        try around(step) { () throws(GraphError) in
            switch step.kernel {
            case .operation(let operation, let result):
                values[step.result] = operation.computed(step.operands(in: values, device), result)
            case .random(_, let result):
                values[step.result] = random!.computed(step.operands(in: values, device), result)
            case .convolution(let convolution):
                values[step.result] = convolution(
                    values[step.operands[0]]!, adding: step.operands.count > 1 ? values[step.operands[1]]! : nil)
            case .chain(let chain, let shape):
                values[step.result] = chain(
                    step.operands.map { values[$0]! }, shape,
                    into: step.spentOperand(in: &values, for: Spec(shape, chain.dtype)))
            case .change(let change): values[step.result] = change(values[step.operands[0]]!)
            case .control(let control, let others):
                let results = try control.run(step.operands.map { values[$0]! }, on: device)
                values[step.result] = results[0]
                for (index, place) in others { values[place] = results[index] }
            }
            for place in step.released { values[place] = nil }
        }
    }
}

extension Plan.Step {
    fileprivate func operands(in values: [Tensor?], _ device: Device) -> Operands {
        operands.isEmpty ? Operands(on: device) : Operands(count: operands.count) { values[operands[$0]]! }
    }

    /// The first operand, if its memory may be that of a result of this type.
    fileprivate func spentOperand(in values: inout [Tensor?], for result: Spec) -> Tensor? {
        guard let place = spentOperand, values[place]!.canHold(result) else { return nil }
        return values[place]
    }
}
