/// Changes an optimizer's learning rate from epoch to epoch.
public protocol Scheduler: AnyObject {
    /// Goes to the next epoch: call it once after each.
    func step()
    /// How many epochs have passed. Setting it goes there and sets the learning rates of that epoch.
    var epoch: Int { get set }
}

/// A schedule that is a function of the epoch: the learning rate that each group started with, times a factor.
/// PyTorch's `LambdaLR`.
public final class LambdaLR: Scheduler {
    private let optimizer: any Optimizer
    private let initial: [Double]
    private let factor: (Int) -> Double

    /// A schedule whose epoch `i` has `factor(i)` times the learning rate at the start. Epoch 0 is set at once.
    public init(_ optimizer: any Optimizer, _ factor: @escaping (_ epoch: Int) -> Double) {
        self.optimizer = optimizer
        self.factor = factor
        initial = optimizer.learningRates
        epoch = 0
        apply()
    }

    /// The number of epochs that have passed.
    public var epoch: Int {
        didSet { apply() }
    }

    /// Goes to the next epoch.
    public func step() { epoch += 1 }

    private func apply() { optimizer.learningRates = initial.map { $0 * factor(epoch) } }
}

extension Scheduler where Self == LambdaLR {
    /// The learning rate times `gamma` after every `size` epochs. PyTorch's `StepLR`.
    public static func stepLR(_ optimizer: any Optimizer, size: Int, gamma: Double = 0.1) -> LambdaLR {
        guard size > 0 else { fatalError("stepLR: the number of epochs of a step must be positive; it is \(size)") }
        return LambdaLR(optimizer) { power(gamma, $0 / size) }
    }

    /// The learning rate times `gamma` after every epoch. PyTorch's `ExponentialLR`.
    public static func exponentialLR(_ optimizer: any Optimizer, gamma: Double) -> LambdaLR {
        LambdaLR(optimizer) { power(gamma, $0) }
    }
}

/// `base` to a whole power that is not negative, by repeated squaring.
private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}
