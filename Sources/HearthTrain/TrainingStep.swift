import HearthNN
import HearthTensor

/// What a step of training or evaluation gives: the loss, and where metrics are to be measured what they compare.
public struct StepResult {
    /// The loss: one number.
    public var loss: Tensor
    /// What the model has computed; nil where no metric wants it.
    public var output: Tensor?
    /// What it should have computed; nil where no metric wants it.
    public var target: Tensor?

    /// The result of a step.
    public init(loss: Tensor, output: Tensor? = nil, target: Tensor? = nil) {
        (self.loss, self.output, self.target) = (loss, output, target)
    }
}

/// What a trainer does with a batch, whatever batches it was made for.
struct TrainingStep {
    /// The type of its batches.
    let batch: Any.Type
    /// Whether the step changes the parameters itself, with optimizers of its own.
    let updates: Bool
    private let body: (Any) -> StepResult

    init<Batch>(updates: Bool = false, _ body: @escaping (Batch) -> StepResult) {
        batch = Batch.self
        self.updates = updates
        self.body = { body($0 as! Batch) }
    }

    /// Runs the step on a batch, which is of the right type: `check` was asked before.
    func callAsFunction(_ batch: some Any) -> StepResult { body(batch) }

    /// Throws when a loader's batches are not those of the step.
    func check<Batch>(_ loader: Batch.Type) throws(TrainerError) {
        guard loader != batch else { return }
        throw TrainerError("the trainer's step takes batches of \(batch), but the loader gives \(loader)")
    }
}

/// What a trainer cannot do.
public struct TrainerError: Error, CustomStringConvertible {
    /// The error in words.
    public let description: String

    init(_ description: String) { self.description = "Trainer: \(description)" }
}

/// What happens when the loss of a batch is NaN or infinite.
public enum NaNPolicy: String, Sendable, CaseIterable {
    /// Training ends with a `NonFiniteLoss`; the parameters stay as they were before the batch.
    case stop
    /// It is said once, on standard error, and training goes on.
    case warn
    /// The batch changes nothing and counts for nothing; it is said once.
    case skip
}

/// A loss that is NaN or infinite. The parameters are those from before the batch.
public struct NonFiniteLoss: Error, CustomStringConvertible {
    /// The loss.
    public let loss: Double
    /// The epoch, from 1.
    public let epoch: Int
    /// The batch of the epoch, from 1.
    public let batch: Int

    /// The error in words.
    public var description: String {
        let value = loss.isNaN ? "NaN" : loss > 0 ? "infinite" : "minus infinite"
        return
            "the loss is \(value) in epoch \(epoch), batch \(batch); a smaller learning rate or clipped gradients may "
            + "help, and detectAnomaly { } names the operation that it comes from"
    }
}

/// The parts of a batch that a trainer must know of: where its tensors are and how many samples it has.
enum Batches {
    /// The batch with its tensors on a device. Tensors, pairs and triples of them, arrays and dictionaries are moved; a
    /// step moves what is in other types itself.
    static func moved<Batch>(_ batch: Batch, to device: Device) -> Batch {
        let result: Any =
            switch batch {
            case let tensor as Tensor: tensor.to(device)
            case let (a, b) as (Tensor, Tensor): (a.to(device), b.to(device))
            case let (a, b, c) as (Tensor, Tensor, Tensor): (a.to(device), b.to(device), c.to(device))
            case let list as [Tensor]: list.map { $0.to(device) }
            case let table as [String: Tensor]: table.mapValues { $0.to(device) }
            default: batch
            }
        return result as! Batch
    }

    /// The samples of a batch: the first size of the first tensor in it, or the number of elements of an array without
    /// tensors.
    static func sampleCount(_ batch: Any) -> Int {
        if let tensor = firstTensor(batch) { return tensor.rank > 0 ? tensor.shape[0] : 1 }
        let mirror = Mirror(reflecting: batch)
        return mirror.displayStyle == .collection ? mirror.children.count : 1
    }

    private static func firstTensor(_ value: Any) -> Tensor? {
        if let tensor = value as? Tensor { return tensor }
        if let pair = value as? (Tensor, Tensor) { return pair.0 }
        for child in Mirror(reflecting: value).children {
            if let tensor = firstTensor(child.value) { return tensor }
        }
        return nil
    }
}
