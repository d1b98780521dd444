import HearthTensor

/// A number that says how good predictions are, collected batch by batch.
public protocol Metric: AnyObject {
    /// The name in logs: `accuracy`.
    var name: String { get }
    /// Takes in a batch of outputs and their targets.
    func update(_ output: Tensor, _ target: Tensor)
    /// The value over everything since the last reset; NaN before the first batch.
    func compute() -> Double
    /// Forgets everything.
    func reset()
    /// What has been collected, to be saved in the middle of an epoch and set again.
    var state: [Double] { get set }
    /// Whether `state` may be set to these numbers: a checkpoint's are looked at before anything is changed.
    func accepts(state: [Double]) -> Bool
}

extension Metric {
    /// True when there are as many numbers as now.
    public func accepts(state: [Double]) -> Bool { state.count == self.state.count }
}

/// How the values of classes are made one.
public enum Average: String, Sendable, CaseIterable {
    /// The plain mean over classes.
    case macro
    /// Over all samples at once: of single-label classes the accuracy.
    case micro
    /// The mean weighted by how often each class occurs.
    case weighted
}

extension Tensor {
    /// The class of each row: of scores `[n, classes]` the largest, of class numbers themselves.
    func predictedClasses() -> [Int] {
        let classes = dtype.isFloatingPoint && rank > 1 ? detach().argmax(dim: 1) : detach().to(.int64)
        return classes.reshape([-1]).array(of: Int.self)
    }
}

extension [Double] {
    /// The same as counts; nil when a number is none, as in a damaged file.
    var counts: [Int]? {
        let whole = compactMap { Int(exactly: $0) }.filter { $0 >= 0 }
        return whole.count == count ? whole : nil
    }
}
