import HearthTensor

/// Looks along a direction for a point that is low enough and flat enough: the strong Wolfe conditions.
///
/// With the details of PyTorch's search, so that both take the same steps. Source: Nocedal and Wright, "Numerical
/// Optimization", algorithms 3.5 and 3.6.
struct StrongWolfe {
    let start: LossPoint
    /// The derivative along the direction at the start.
    let slope: Double
    let direction: Tensor
    /// The shortest interval that is worth a look.
    let tolerance: Double
    /// How many points are tried at most.
    let limit: Int
    /// How many points have been looked at.
    private(set) var evaluations = 0

    /// A point at some length along the direction.
    struct Trial {
        var length: Double
        var point: LossPoint
        var slope: Double
        var loss: Double { point.loss }
    }

    init(start: LossPoint, slope: Double, direction: Tensor, tolerance: Double, limit: Int) {
        self.start = start
        self.slope = slope
        self.direction = direction
        self.tolerance = tolerance
        self.limit = limit
    }

    private func isTooHigh(_ trial: Trial) -> Bool { trial.loss > start.loss + 1e-4 * trial.length * slope }
    private func isFlat(_ trial: Trial) -> Bool { trial.slope.magnitude <= -0.9 * slope }

    private mutating func look(at length: Double, _ evaluate: (Double) -> LossPoint) -> Trial {
        evaluations += 1
        let point = evaluate(length)
        return Trial(length: length, point: point, slope: point.gradient.dot(direction).item())
    }

    /// The best point found, starting with a first length.
    mutating func run(from length: Double, _ evaluate: (Double) -> LossPoint) -> Trial {
        var before = Trial(length: 0, point: start, slope: slope)
        let origin = before
        var trial = look(at: length, evaluate)
        var steps = 0
        while steps < limit {
            if isTooHigh(trial) || (steps > 1 && trial.loss >= before.loss) || (trial.slope >= 0 && !isFlat(trial)) {
                return zoom(before, trial, steps, evaluate)
            }
            if isFlat(trial) { return trial }
            let next = Self.cubicMinimum(
                before, trial, from: trial.length + 0.01 * (trial.length - before.length), to: trial.length * 10)
            before = trial
            trial = look(at: next, evaluate)
            steps += 1
        }
        return origin.loss <= trial.loss ? origin : trial
    }

    /// Narrows an interval that holds a suitable point.
    private mutating func zoom(
        _ first: Trial, _ second: Trial, _ stepsBefore: Int, _ evaluate: (Double) -> LossPoint
    ) -> Trial {
        var (low, high) = first.loss <= second.loss ? (first, second) : (second, first)
        let reach = direction.abs().max().item()
        var isSlow = false
        for _ in 0..<max(limit - stepsBefore, 0) {
            let (left, right) = (min(low.length, high.length), max(low.length, high.length))
            if (right - left) * reach < tolerance { break }
            var length = Self.cubicMinimum(low, high, from: left, to: right)
            // A point near an end twice in a row, or at the end, is no progress: move a tenth of the interval inwards.
            let margin = 0.1 * (right - left)
            if min(right - length, length - left) < margin {
                if isSlow || length >= right || length <= left {
                    length = (length - right).magnitude < (length - left).magnitude ? right - margin : left + margin
                    isSlow = false
                } else {
                    isSlow = true
                }
            } else {
                isSlow = false
            }
            let trial = look(at: length, evaluate)
            if isTooHigh(trial) || trial.loss >= low.loss {
                high = trial
                if high.loss < low.loss { swap(&low, &high) }
            } else {
                if isFlat(trial) { return trial }
                if trial.slope * (high.length - low.length) >= 0 { high = low }
                low = trial
            }
        }
        return low
    }

    /// Where the cubic through two points with their slopes is lowest, no nearer than `shortest` and no farther than
    /// `longest`; between them when it has no minimum.
    static func cubicMinimum(_ a: Trial, _ b: Trial, from shortest: Double, to longest: Double) -> Double {
        let (left, right) = a.length <= b.length ? (a, b) : (b, a)
        let d1 = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.length - right.length)
        let square = d1 * d1 - left.slope * right.slope
        guard square >= 0 else { return (shortest + longest) / 2 }
        let d2 = square.squareRoot()
        let share = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2)
        return min(max(right.length - (right.length - left.length) * share, shortest), longest)
    }
}
