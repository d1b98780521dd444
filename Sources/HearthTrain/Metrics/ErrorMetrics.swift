import HearthTensor

/// The mean of a distance between outputs and targets of one shape.
public final class MeanError: Metric {
    /// Which distance.
    public enum Kind: String, Sendable {
        /// The square of the difference.
        case squared = "mse"
        /// The difference without its sign.
        case absolute = "mae"
        /// The difference without its sign, as a part of the target, which counts as at least `2.2e-16`.
        case percentage = "mape"
        /// The square of the difference of `log(1 + x)`.
        case squaredLog = "msle"

        /// The distance of outputs and targets in `float64`.
        func distance(_ output: Tensor, _ target: Tensor) -> Tensor {
            switch self {
            case .squared: (output - target).square()
            case .absolute: (output - target).abs()
            case .percentage: (output - target).abs() / target.abs().clamp(min: .ulpOfOne)
            case .squaredLog: (output.log1p() - target.log1p()).square()
            }
        }
    }

    /// `mse`, `mae`, `mape` or `msle`.
    public let name: String
    private let kind: Kind
    private var sum = 0.0
    private var count = 0

    /// The mean of one distance.
    public init(_ kind: Kind) {
        self.kind = kind
        name = kind.rawValue
    }

    /// Adds the elements of a batch.
    public func update(_ output: Tensor, _ target: Tensor) {
        require(
            output.shape == target.shape, "\(name)", "output \(output.shape) and target \(target.shape) differ in shape"
        )
        sum += kind.distance(output.detach().to(.float64), target.detach().to(.float64)).sum().item()
        count += output.count
    }

    /// The mean over all elements so far.
    public func compute() -> Double { count == 0 ? .nan : sum / Double(count) }

    /// Forgets everything.
    public func reset() { (sum, count) = (0, 0) }

    /// The sum of distances, and how many there were.
    public var state: [Double] {
        get { [sum, Double(count)] }
        set {
            guard newValue.count == 2, let saved = [newValue[1]].counts else { return }
            (sum, count) = (newValue[0], saved[0])
        }
    }
}
