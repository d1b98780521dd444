import HearthTensor

/// Changes parameters so that a loss falls, by the gradients that `backward` has collected.
///
///     let optimizer = Adam(model.parameters, lr: 0.001)
///     for (inputs, labels) in loader {
///         optimizer.zeroGrad()
///         let loss = criterion(model(inputs), labels)
///         loss.backward()
///         optimizer.step()
///     }
public protocol Optimizer: AnyObject {
    /// Changes every parameter that has a gradient.
    func step()

    /// Runs `closure`, which computes the loss and its gradients, and changes the parameters. Gives the loss of the
    /// first run; there are more where the optimizer looks for the length of its step (`LBFGS`).
    @discardableResult
    func step(closure: () -> Tensor) -> Tensor

    /// All parameters, group by group.
    var parameters: [Parameter] { get }

    /// The learning rate of each group: what schedules change.
    var learningRates: [Double] { get set }

    /// The learning rate that each group started with, nil where no schedule has noted it: schedules that follow each
    /// other on one optimizer all start from it.
    var initialLearningRates: [Double?] { get set }

    /// The momentum of each group, or its first beta: what cyclic schedules change. Empty where there is neither.
    var momenta: [Double] { get set }

    /// Everything that the next steps depend on, besides the parameters. A value: later steps do not change it.
    var state: OptimizerState { get }

    /// Goes on from a saved state. Throws `OptimizerStateError` when it does not fit; then nothing was changed.
    func load(_ state: OptimizerState) throws(OptimizerStateError)
}

extension Optimizer {
    /// Forgets the gradients of all parameters.
    public func zeroGrad() { for parameter in parameters { parameter.grad = nil } }

    /// Runs `closure`, which computes the loss and its gradients, then changes the parameters. Gives the loss.
    @discardableResult
    public func step(closure: () -> Tensor) -> Tensor {
        let loss = enableGrad(closure)
        step()
        return loss
    }

    /// Not remembered: every schedule starts from what it finds.
    public var initialLearningRates: [Double?] {
        get { learningRates.map { _ in nil } }
        set {}
    }

    /// None.
    public var momenta: [Double] {
        get { [] }
        set {}
    }

    /// The learning rate of the first group; setting it sets that of all.
    public var lr: Double {
        get { learningRates.first ?? 0 }
        set { learningRates = learningRates.map { _ in newValue } }
    }
}
