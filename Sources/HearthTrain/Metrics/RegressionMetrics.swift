import HearthTensor

/// Measures of predicted numbers that are no plain mean. Of several outputs `[n, outputs]` each is measured by itself
/// and the mean is taken, as in scikit-learn.
public final class RegressionMetric: Metric {
    /// What is computed.
    public enum Kind: String, Sendable {
        /// The root of the mean squared error.
        case rootMeanSquared = "rmse"
        /// The share of the targets' variance that is explained: `1 - Σ (target - output)² / Σ (target - mean)²`.
        case r2
        /// The same after the mean error is taken away.
        case explainedVariance = "explained_variance"
        /// The largest difference, of all outputs.
        case maximum = "max_error"
    }

    /// Count, mean and sum of squared distances from the mean.
    private struct Moments {
        var mean = 0.0
        var squares = 0.0

        /// Takes in others, by Chan et al., "Updating Formulae and a Pairwise Algorithm for Computing Sample
        /// Variances", 1979.
        mutating func add(_ other: Moments, count: Double, otherCount: Double) {
            let (difference, total) = (other.mean - mean, count + otherCount)
            squares += other.squares + difference * difference * count * otherCount / total
            mean += difference * otherCount / total
        }
    }

    private struct Column {
        var target = Moments()
        var error = Moments()
        var largest = 0.0
    }

    /// `r2`.
    public let name: String
    private let kind: Kind
    private var count = 0.0
    private var columns: [Column] = []

    /// A measure of predicted numbers.
    public init(_ kind: Kind) {
        self.kind = kind
        name = kind.rawValue
    }

    /// Adds the samples of a batch: outputs and targets of one shape, `[n]` or `[n, outputs]`.
    public func update(_ output: Tensor, _ target: Tensor) {
        require(
            output.shape == target.shape && output.rank > 0, "\(name)",
            "output \(output.shape) and target \(target.shape) differ in shape")
        guard output.count > 0 else { return }
        let truth = target.detach().to(.float64).reshape([target.shape[0], -1])
        let errors = truth - output.detach().to(.float64).reshape(truth.shape)
        if columns.isEmpty { columns = Array(repeating: Column(), count: truth.shape[1]) }
        require(
            columns.count == truth.shape[1], "\(name)",
            "a batch of \(truth.shape[1]) outputs after one of \(columns.count)")
        let (targets, differences) = (Self.moments(truth), Self.moments(errors))
        let largest = errors.abs().amax(dims: [0]).array(of: Double.self)
        let added = Double(truth.shape[0])
        for index in columns.indices {
            columns[index].target.add(targets[index], count: count, otherCount: added)
            columns[index].error.add(differences[index], count: count, otherCount: added)
            columns[index].largest = max(columns[index].largest, largest[index])
        }
        count += added
    }

    private static func moments(_ x: Tensor) -> [Moments] {
        let mean = x.mean(dim: 0, keepDim: true)
        let squares = (x - mean).square().sum(dim: 0)
        return zip(mean.array(of: Double.self), squares.array(of: Double.self)).map { Moments(mean: $0, squares: $1) }
    }

    /// The value over all samples so far.
    public func compute() -> Double {
        guard count > 0 else { return .nan }
        if kind == .maximum { return columns.map(\.largest).max() ?? .nan }
        // One sample has no variance to explain.
        if count < 2, kind == .r2 { return .nan }
        return columns.map(value).reduce(0, +) / Double(columns.count)
    }

    private func value(_ column: Column) -> Double {
        let sum = column.error.squares + count * column.error.mean * column.error.mean
        switch kind {
        case .rootMeanSquared: return (sum / count).squareRoot()
        case .r2: return Self.explained(sum, column.target.squares)
        case .explainedVariance: return Self.explained(column.error.squares, column.target.squares)
        case .maximum: return column.largest
        }
    }

    /// A constant target is explained wholly or not at all.
    private static func explained(_ rest: Double, _ whole: Double) -> Double {
        whole == 0 ? (rest == 0 ? 1 : 0) : 1 - rest / whole
    }

    /// Forgets everything.
    public func reset() { (count, columns) = (0, []) }

    /// The number of samples, and five numbers for each output.
    public var state: [Double] {
        get {
            [count]
                + columns.flatMap { [$0.target.mean, $0.target.squares, $0.error.mean, $0.error.squares, $0.largest] }
        }
        set {
            guard accepts(state: newValue) else { return }
            count = newValue[0]
            columns = stride(from: 1, to: newValue.count, by: 5).map { start in
                Column(
                    target: Moments(mean: newValue[start], squares: newValue[start + 1]),
                    error: Moments(mean: newValue[start + 2], squares: newValue[start + 3]),
                    largest: newValue[start + 4])
            }
        }
    }

    /// True for any number of outputs.
    public func accepts(state: [Double]) -> Bool {
        state.count % 5 == 1 && state.allSatisfy { $0.isFinite } && [state[0]].counts != nil
    }
}

/// The median of the differences without their signs, of several outputs `[n, outputs]` the mean of their medians. All
/// differences are kept until `reset`.
public final class MedianAbsoluteError: Metric {
    /// `median_error`.
    public let name = "median_error"
    private var columns = 0
    private var errors: [Double] = []

    /// No samples yet.
    public init() {}

    /// Keeps the differences of a batch: outputs and targets of one shape, `[n]` or `[n, outputs]`.
    public func update(_ output: Tensor, _ target: Tensor) {
        require(
            output.shape == target.shape && output.rank > 0, "\(name)",
            "output \(output.shape) and target \(target.shape) differ in shape")
        let width = output.count / max(output.shape[0], 1)
        require(columns == 0 || columns == width, "\(name)", "a batch of \(width) outputs after one of \(columns)")
        columns = width
        errors += (output.detach().to(.float64) - target.detach().to(.float64)).abs().array(of: Double.self)
    }

    /// The median over all samples so far.
    public func compute() -> Double {
        guard !errors.isEmpty else { return .nan }
        let medians = (0..<columns).map { column -> Double in
            let sorted = stride(from: column, to: errors.count, by: columns).map { errors[$0] }.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
        return medians.reduce(0, +) / Double(columns)
    }

    /// Forgets everything.
    public func reset() { (columns, errors) = (0, []) }

    /// The number of outputs, and all differences.
    public var state: [Double] {
        get { errors.isEmpty ? [] : [Double(columns)] + errors }
        set {
            guard accepts(state: newValue) else { return }
            reset()
            guard let first = newValue.first else { return }
            (columns, errors) = (Int(first), Array(newValue[1...]))
        }
    }

    /// True for any whole number of samples.
    public func accepts(state: [Double]) -> Bool {
        guard let first = state.first else { return true }
        guard let columns = Int(exactly: first), columns > 0 else { return false }
        return (state.count - 1) % columns == 0
    }
}
