import HearthTensor

/// The mean of a distance between outputs and targets of one shape.
public final class MeanError: Metric {
    /// Which distance.
    public enum Kind: String, Sendable {
        /// The square of the difference.
        case squared = "mse"
        /// The difference without its sign.
        case absolute = "mae"
    }

    /// `mse` or `mae`.
    public let name: String
    private let kind: Kind
    private var sum = 0.0
    private var count = 0

    /// The mean squared or absolute error.
    public init(_ kind: Kind) {
        self.kind = kind
        name = kind.rawValue
    }

    /// Adds the elements of a batch.
    public func update(_ output: Tensor, _ target: Tensor) {
        guard output.shape == target.shape else {
            fatalError("\(name): output \(output.shape) and target \(target.shape) differ in shape")
        }
        let difference = (output.detach() - target.detach()).to(.float64)
        sum += (kind == .squared ? difference.square() : difference.abs()).sum().item()
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
