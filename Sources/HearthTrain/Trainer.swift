import HearthData
import HearthNN
import HearthTensor

/// Trains a model: epochs, validation, metrics, callbacks, and going on from where it stopped.
///
///     let trainer = Trainer(model, loss: CrossEntropyLoss(), optimizer: optimizer, metrics: [Accuracy()])
///     try await trainer.fit(training, validation: validation, epochs: 5, callbacks: [ProgressBar()])
///     let test = try await trainer.evaluate(testing)
///
/// A model with several inputs, or a loss that is more than a comparison of output and target, is trained by a closure
/// that computes the loss of a batch of any type:
///
///     let trainer = Trainer(autoencoder, optimizer: Adam(autoencoder.parameters)) { autoencoder, images in
///         let (mean, logVariance) = autoencoder.encode(images)
///         return reconstruction(autoencoder.decode(mean, logVariance), images) + divergence(mean, logVariance)
///     }
///
/// Nothing in it cannot be written as a plain loop; it is that loop, once.
public final class Trainer {
    /// What is trained.
    public let model: Module
    /// What is made small; nil where a closure computes it.
    public let loss: (any Loss)?
    /// What changes the parameters; several where the step is a closure that steps them itself.
    public let optimizers: [any Optimizer]
    /// What changes the learning rate.
    public let scheduler: (any Scheduler)?
    /// After what the schedule goes on: epochs or batches.
    public let scheduleInterval: ScheduleInterval
    /// The name of the value that a `MetricScheduler` such as `ReduceLROnPlateau` goes by.
    public let monitor: String
    /// What is measured while training and in evaluation.
    public let metrics: [any Metric]
    /// Gradients are scaled down to this norm; nil leaves them.
    public var maxGradientNorm: Double?
    /// A number that is added to the loss of each batch before its gradient is taken, such as a factor times
    /// `l1Penalty(model.parameters)`. The losses that are reported do not have it.
    public var penalty: (() -> Tensor)?
    /// What happens when the loss of a batch is NaN or infinite.
    public var onNaN: NaNPolicy
    let step: TrainingStep
    /// Computes the result of a batch and the gradients of its loss in another way than by the step and `backward`: by a
    /// program that was compiled from them.
    package var compiledGradients: ((Any) throws -> StepResult)?
    private var hasWarned = false

    /// The records of the epochs so far, those before a resumption included.
    public internal(set) var history: History = []
    /// Where training is.
    public internal(set) var position = Position()
    /// The loader's seed, which decides the order of samples.
    public internal(set) var loaderSeed: UInt64?
    /// True once a callback, or the user with Ctrl-C, has asked to stop.
    public private(set) var isStopping = false
    /// The callbacks of the training that is under way.
    public private(set) var callbacks: [any TrainerCallback] = []
    /// What the next `fit` takes over from the checkpoint that training goes on from.
    var saved = Saved()

    struct Saved {
        /// Decides the order of samples, so that one that was chosen by chance is kept.
        var loaderSeed: UInt64?
        var callbackStates: [[Double]] = []
    }

    /// A place in training, and what the epoch has collected before it.
    public struct Position: Sendable, Hashable {
        /// Complete epochs.
        public var epoch = 0
        /// Batches of the next epoch that are done.
        public var batch = 0
        /// The sum of the losses of these batches, each times its samples.
        public var lossSum = 0.0
        /// The samples of these batches.
        public var samples = 0
        /// Whether training was interrupted by the user here.
        public var isInterrupted = false

        package init(epoch: Int = 0) { self.epoch = epoch }

        /// The mean loss of these samples; NaN while there are none.
        public var meanLoss: Double { samples == 0 ? .nan : lossSum / Double(samples) }
    }

    private init(
        _ model: Module, loss: (any Loss)? = nil, optimizers: [any Optimizer], scheduler: (any Scheduler)?,
        scheduleInterval: ScheduleInterval?, monitor: String, metrics: [any Metric], maxGradientNorm: Double?,
        onNaN: NaNPolicy, step: TrainingStep
    ) {
        self.model = model
        self.loss = loss
        self.optimizers = optimizers
        self.scheduler = scheduler
        self.scheduleInterval = scheduleInterval ?? scheduler?.interval ?? .epoch
        self.monitor = monitor
        self.metrics = metrics
        self.maxGradientNorm = maxGradientNorm
        self.onNaN = onNaN
        self.step = step
    }

    /// A trainer of `model` on batches of inputs and targets.
    ///
    /// - Parameters:
    ///   - model: What is trained.
    ///   - loss: What is made small.
    ///   - optimizer: What changes the parameters.
    ///   - scheduler: What changes the learning rate.
    ///   - scheduleInterval: After what the schedule goes on; by default what it was made for: batches for
    ///     `OneCycleLR` and `CyclicLR`, epochs for all others.
    ///   - monitor: The name of the value that a `MetricScheduler` goes by.
    ///   - metrics: What is measured while training and in evaluation.
    ///   - maxGradientNorm: Gradients are scaled down to this norm; nil leaves them.
    ///   - onNaN: What happens when the loss of a batch is NaN or infinite.
    public convenience init(
        _ model: any Layer, loss: any Loss, optimizer: any Optimizer, scheduler: (any Scheduler)? = nil,
        scheduleInterval: ScheduleInterval? = nil, monitor: String = "val_loss", metrics: [any Metric] = [],
        maxGradientNorm: Double? = nil, onNaN: NaNPolicy = .stop
    ) {
        let step = TrainingStep { (batch: (Tensor, Tensor)) in
            let (inputs, targets) = batch
            let output = model.observed(inputs)
            return StepResult(loss: loss(output, targets), output: output, target: targets)
        }
        self.init(
            model, loss: loss, optimizers: [optimizer], scheduler: scheduler, scheduleInterval: scheduleInterval,
            monitor: monitor, metrics: metrics, maxGradientNorm: maxGradientNorm, onNaN: onNaN, step: step)
    }

    /// A trainer of `model` by the loss that a closure computes for a batch, of whatever type the loader gives.
    ///
    /// The trainer forgets old gradients, computes new ones from the loss and lets the optimizer change the parameters.
    /// In evaluation the closure is called without recording, with the model in evaluation mode.
    ///
    /// - Parameters:
    ///   - model: What is trained.
    ///   - optimizer: What changes the parameters.
    ///   - scheduler: What changes the learning rate.
    ///   - scheduleInterval: After what the schedule goes on, by default what it was made for.
    ///   - monitor: The name of the value that a `MetricScheduler` goes by.
    ///   - maxGradientNorm: Gradients are scaled down to this norm; nil leaves them.
    ///   - onNaN: What happens when the loss of a batch is NaN or infinite.
    ///   - step: The loss of a batch, one number. Its mean over the batch's samples, if values of epochs are to mean
    ///     something.
    public convenience init<Model: Module, Batch>(
        _ model: Model, optimizer: any Optimizer, scheduler: (any Scheduler)? = nil,
        scheduleInterval: ScheduleInterval? = nil, monitor: String = "val_loss", maxGradientNorm: Double? = nil,
        onNaN: NaNPolicy = .stop, step: @escaping (_ model: Model, _ batch: Batch) -> Tensor
    ) {
        self.init(
            model, optimizer: optimizer, scheduler: scheduler, scheduleInterval: scheduleInterval, monitor: monitor,
            metrics: [], maxGradientNorm: maxGradientNorm, onNaN: onNaN
        ) { model, batch in StepResult(loss: step(model, batch)) }
    }

    /// A trainer of `model` by a closure that gives the loss of a batch, and what `metrics` compare. See the initialiser
    /// whose closure gives the loss alone.
    public convenience init<Model: Module, Batch>(
        _ model: Model, optimizer: any Optimizer, scheduler: (any Scheduler)? = nil,
        scheduleInterval: ScheduleInterval? = nil, monitor: String = "val_loss", metrics: [any Metric],
        maxGradientNorm: Double? = nil, onNaN: NaNPolicy = .stop,
        step: @escaping (_ model: Model, _ batch: Batch) -> StepResult
    ) {
        self.init(
            model, optimizers: [optimizer], scheduler: scheduler, scheduleInterval: scheduleInterval, monitor: monitor,
            metrics: metrics, maxGradientNorm: maxGradientNorm, onNaN: onNaN, step: TrainingStep { step(model, $0) })
    }

    /// A trainer of networks with an optimizer each, such as a generator and its critic: the closure computes gradients
    /// and steps `optimizers` itself, and gives the loss to be shown. Such a step cannot validate.
    ///
    ///     let trainer = Trainer(gan, optimizers: [critics, generators]) { gan, images in
    ///         critics.zeroGrad()
    ///         let loss = gan.criticLoss(images)
    ///         loss.backward()
    ///         critics.step()
    ///         …
    ///         return loss
    ///     }
    public convenience init<Model: Module, Batch>(
        _ model: Model, optimizers: [any Optimizer], onNaN: NaNPolicy = .stop,
        step: @escaping (_ model: Model, _ batch: Batch) -> Tensor
    ) {
        require(!optimizers.isEmpty, "Trainer", "a step that changes parameters itself needs its optimizers named")
        self.init(
            model, optimizers: optimizers, scheduler: nil, scheduleInterval: nil, monitor: "train_loss", metrics: [],
            maxGradientNorm: nil, onNaN: onNaN,
            step: TrainingStep(updates: true) { StepResult(loss: step(model, $0)) })
    }

    /// What changes the parameters, the first of several.
    public var optimizer: any Optimizer { optimizers[0] }

    /// Stops training after the batch at hand.
    public func stop() { isStopping = true }

    /// Trains until `epochs` epochs are complete, those before a resumption counted.
    ///
    /// - Parameters:
    ///   - loader: Batches of inputs and targets, or of what the trainer's closure takes.
    ///   - validation: What the model is measured on after each epoch.
    ///   - epochs: The number of the last epoch.
    ///   - callbacks: What watches and steers.
    /// - Returns: The records of all epochs.
    /// - Throws: What the data or a callback throws, `NonFiniteLoss`, and `TrainerError` when batches are not those of
    ///   the trainer's closure.
    @discardableResult
    public nonisolated(nonsending) func fit<Data: Dataset, Held: Dataset, Batch>(
        _ loader: DataLoader<Data, Batch>, validation: DataLoader<Held, Batch>?,
        epochs: Int, callbacks: [any TrainerCallback] = []
    ) async throws -> History {
        try step.check(Batch.self)
        if validation != nil, step.updates {
            throw TrainerError("a step that changes parameters itself cannot validate")
        }
        self.callbacks = callbacks
        isStopping = false
        position.isInterrupted = false
        for (callback, state) in zip(callbacks, saved.callbackStates) { callback.state = state }
        loaderSeed = saved.loaderSeed ?? loader.seed
        // The restored state is used up: a second `fit` begins with its own callbacks and loader.
        saved = Saved()
        let plan = TrainingPlan(epochs: epochs, batches: loader.count, samples: loader.dataset.count)
        for callback in callbacks { try callback.trainingStarts(self, plan) }
        while position.epoch < epochs, !isStopping {
            try await epoch(loader, validation, plan)
        }
        for callback in callbacks { try callback.trainingEnds(self) }
        return history
    }

    /// Trains without validation.
    @discardableResult
    public nonisolated(nonsending) func fit<Data: Dataset, Batch>(
        _ loader: DataLoader<Data, Batch>, epochs: Int, callbacks: [any TrainerCallback] = []
    ) async throws -> History {
        try await fit(
            loader, validation: DataLoader<Data, Batch>?.none, epochs: epochs, callbacks: callbacks)
    }

    private nonisolated(nonsending) func epoch<Data: Dataset, Held: Dataset, Batch>(
        _ loader: DataLoader<Data, Batch>, _ validation: DataLoader<Held, Batch>?,
        _ plan: TrainingPlan
    ) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let samplesBefore = position.samples
        model.train()
        if position.batch == 0 { for metric in metrics { metric.reset() } }
        for callback in callbacks { try callback.epochStarts(self, position.epoch + 1) }
        let device = self.device
        for try await batch in loader.walk(epoch: position.epoch, from: position.batch, seed: loaderSeed) {
            try train(on: Batches.moved(batch, to: device))
            for callback in callbacks { try callback.batchEnds(self, plan) }
            if Interruption.isRequested {
                position.isInterrupted = true
                isStopping = true
            }
            if isStopping && position.batch < plan.batches { return }
        }
        let trained = clock.now
        var values = [(name: "train_loss", value: position.meanLoss)]
        values += metrics.map { (name: "train_\($0.name)", value: $0.compute()) }
        if let validation {
            values += try await evaluate(validation).map { (name: "val_\($0.name)", value: $0.value) }
        }
        values.append((name: "lr", value: optimizer.lr))
        let record = EpochRecord(
            epoch: position.epoch + 1, values: values, seconds: (clock.now - start) / .seconds(1),
            samplesPerSecond: Double(position.samples - samplesBefore) / max((trained - start) / .seconds(1), 1e-9))
        try stepSchedule(after: record)
        history.append(record)
        let isInterrupted = position.isInterrupted
        position = Position(epoch: position.epoch + 1)
        position.isInterrupted = isInterrupted
        for callback in callbacks { try callback.epochEnds(self, record) }
        for callback in callbacks { try callback.epochCloses(self, record) }
    }

    /// Where the model is: batches, which loaders make in the processor's memory, are brought there.
    var device: Device { model.parameters.first?.device ?? .default }

    /// The schedule's step after an epoch.
    private func stepSchedule(after record: EpochRecord) throws {
        guard scheduleInterval == .epoch else { return }
        if let scheduler = scheduler as? any MetricScheduler {
            scheduler.step(metric: try record.value(monitor))
        } else {
            scheduler?.step()
        }
    }

    /// One batch: forward, backward, update. Gives the loss; `quietly` without a word about one that is not a number.
    @discardableResult
    func train(on batch: some Any, quietly: Bool = false) throws -> Double {
        // An optimizer such as LBFGS may compute the loss several times in a step; the first result is the one that
        // counts.
        var first: StepResult?
        if step.updates {
            first = enableGrad { step(batch) }
        } else {
            var failure: (any Error)?
            optimizer.step {
                do {
                    let result = try differentiate(batch)
                    first = first ?? result
                    return result.loss
                } catch {
                    failure = error
                    optimizer.zeroGrad()
                    return Tensor.full([], Double.nan)
                }
            }
            if let failure { throw failure }
        }
        guard let first else { return .nan }
        let loss = first.loss.item()
        position.batch += 1
        guard try accept(loss, quietly: quietly) else { return loss }
        if scheduleInterval == .batch { scheduler?.step() }
        let samples = Batches.sampleCount(batch)
        position.lossSum += loss * Double(samples)
        position.samples += samples
        if let output = first.output, let target = first.target {
            noGrad { for metric in metrics { metric.update(output, target) } }
        }
        return loss
    }

    /// Computes the gradients of a batch. Those of a loss that is not a number are forgotten, unless it is only warned of
    /// them, so that the optimizer changes nothing.
    private func differentiate(_ batch: some Any) throws -> StepResult {
        let result: StepResult
        if let compiledGradients {
            result = try compiledGradients(batch)
        } else {
            optimizer.zeroGrad()
            result = step(batch)
            (penalty.map { result.loss + $0() } ?? result.loss).backward()
        }
        if onNaN != .warn, !result.loss.item().isFinite {
            optimizer.zeroGrad()
        } else if let maxGradientNorm {
            clipGradNorm(optimizer.parameters, maxNorm: maxGradientNorm)
        }
        return result
    }

    /// Whether a batch with this loss counts.
    private func accept(_ loss: Double, quietly: Bool) throws(NonFiniteLoss) -> Bool {
        guard !loss.isFinite, !quietly else { return true }
        let error = NonFiniteLoss(loss: loss, epoch: position.epoch + 1, batch: position.batch)
        if onNaN == .stop { throw error }
        if !hasWarned { TerminalFooter.write("\(error)\n") }
        hasWarned = true
        return onNaN == .warn
    }
}

/// How much there is to do.
public struct TrainingPlan: Sendable {
    /// The number of the last epoch.
    public let epochs: Int
    /// The batches of an epoch.
    public let batches: Int
    /// The samples of an epoch.
    public let samples: Int
}
