import HearthTensor

/// What L-BFGS remembers of its last steps: how far they went and by how much they changed the gradient.
struct CurvatureMemory {
    /// One step `s`, the change `y` of the gradient in it, and `1 / (s · y)`.
    struct Pair {
        var step: Tensor
        var change: Tensor
        var inverse: Double
    }

    var evaluations = 0
    var iterations = 0
    var direction: Tensor?
    var length = 0.0
    var previous: LossPoint?
    private var pairs: [Pair] = []
    /// What the inverse Hessian is taken for before the pairs have been applied: so many times the identity.
    private var scale = 1.0

    init() {}

    /// Takes in the step that led to `point` and finds the direction from there: the gradient times the approximate
    /// inverse Hessian, downhill.
    mutating func turn(to point: LossPoint, limit: Int) {
        iterations += 1
        if let previous, let direction {
            let change = point.gradient - previous.gradient
            let step = direction * length
            let curvature = change.dot(step).item()
            if curvature > 1e-10 {
                if pairs.count == limit { pairs.removeFirst() }
                pairs.append(Pair(step: step, change: change, inverse: 1 / curvature))
                scale = curvature / change.dot(change).item()
            }
        }
        direction = downhill(from: point.gradient)
        previous = point
    }

    /// The two loops of Nocedal, "Updating Quasi-Newton Matrices with Limited Storage", 1980.
    private func downhill(from gradient: Tensor) -> Tensor {
        var result = -gradient
        var weights: [Double] = []
        for pair in pairs.reversed() {
            let weight = pair.step.dot(result).item() * pair.inverse
            weights.append(weight)
            result = result.add(pair.change, alpha: -weight)
        }
        result = result * scale
        for (pair, weight) in zip(pairs, weights.reversed()) {
            let taken = pair.change.dot(result).item() * pair.inverse
            result = result.add(pair.step, alpha: weight - taken)
        }
        return result
    }

    /// The memory under PyTorch's names.
    var entry: OptimizerState.Entry {
        var entry = OptimizerState.Entry(step: iterations, tensors: [:])
        entry.numbers = ["func_evals": .integer(evaluations), "n_iter": .integer(iterations)]
        guard let direction, let previous else { return entry }
        entry.tensors = ["d": direction, "prev_flat_grad": previous.gradient]
        entry.numbers["t"] = .number(length)
        entry.numbers["prev_loss"] = .number(previous.loss)
        entry.numbers["H_diag"] = .number(scale)
        entry.lists["old_dirs"] = pairs.map(\.change)
        entry.lists["old_stps"] = pairs.map(\.step)
        entry.lists["ro"] = pairs.map { Tensor.full([], $0.inverse, dtype: .float64) }
        return entry
    }

    /// Reads what `entry` gives, or PyTorch's.
    init(_ entry: OptimizerState.Entry?, count: Int, like parameter: Parameter?) throws(OptimizerStateError) {
        guard let entry else { return }
        // PyTorch keeps some of the numbers as tensors.
        func number(_ name: String) -> Double? {
            entry.numbers[name]?.number ?? entry.tensors[name].flatMap { $0.count == 1 ? $0.item() : nil }
        }
        evaluations = number("func_evals").flatMap { Int(exactly: $0) } ?? 0
        iterations = number("n_iter").flatMap { Int(exactly: $0) } ?? 0
        guard let direction = entry.tensors["d"], let gradient = entry.tensors["prev_flat_grad"] else { return }
        let lists = ["old_dirs", "old_stps", "ro"].map { entry.lists[$0] ?? [] }
        guard let length = number("t"), let loss = number("prev_loss"), let scale = number("H_diag"),
            Set(lists.map(\.count)).count == 1, lists[2].allSatisfy({ $0.count == 1 })
        else { throw OptimizerStateError("the memory of LBFGS is incomplete") }
        for tensor in [direction, gradient] + lists[0] + lists[1] where tensor.shape != [count] {
            throw OptimizerStateError("a direction of LBFGS has shape \(tensor.shape); expected \([count])")
        }
        func own(_ x: Tensor) -> Tensor {
            x.detach().to(parameter?.dtype ?? .float32).to(parameter?.device ?? .default)
        }
        self.direction = own(direction)
        self.length = length
        self.scale = scale
        previous = LossPoint(loss: loss, gradient: own(gradient))
        pairs = lists[0].indices.map {
            Pair(step: own(lists[1][$0]), change: own(lists[0][$0]), inverse: lists[2][$0].item())
        }
    }
}
