import HearthData
import HearthNN
import HearthTensor

/// Trains a model: epochs, validation, metrics, callbacks, and going on from where it stopped.
///
///     let trainer = Trainer(model, loss: CrossEntropyLoss(), optimizer: optimizer, metrics: [Accuracy()])
///     try await trainer.fit(training, validation: validation, epochs: 5, callbacks: [ProgressBar()])
///     let test = try await trainer.evaluate(testing)
///
/// Nothing in it cannot be written as a plain loop; it is that loop, once.
public final class Trainer {
    /// What is trained.
    public let model: any Layer
    /// What is made small.
    public let loss: any Loss
    /// What changes the parameters.
    public let optimizer: any Optimizer
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
    }

    /// A trainer of `model`.
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
    public init(
        _ model: any Layer, loss: any Loss, optimizer: any Optimizer, scheduler: (any Scheduler)? = nil,
        scheduleInterval: ScheduleInterval? = nil, monitor: String = "val_loss", metrics: [any Metric] = [],
        maxGradientNorm: Double? = nil
    ) {
        self.model = model
        self.loss = loss
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.scheduleInterval = scheduleInterval ?? scheduler?.interval ?? .epoch
        self.monitor = monitor
        self.metrics = metrics
        self.maxGradientNorm = maxGradientNorm
    }

    /// Stops training after the batch at hand.
    public func stop() { isStopping = true }

    /// Trains until `epochs` epochs are complete, those before a resumption counted.
    ///
    /// - Parameters:
    ///   - loader: Batches of inputs and targets.
    ///   - validation: What the model is measured on after each epoch.
    ///   - epochs: The number of the last epoch.
    ///   - callbacks: What watches and steers.
    /// - Returns: The records of all epochs.
    /// - Throws: What the data or a callback throws.
    @discardableResult
    public nonisolated(nonsending) func fit<Data: Dataset, Held: Dataset>(
        _ loader: DataLoader<Data, (Tensor, Tensor)>, validation: DataLoader<Held, (Tensor, Tensor)>?,
        epochs: Int, callbacks: [any TrainerCallback] = []
    ) async throws -> History {
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
    public nonisolated(nonsending) func fit<Data: Dataset>(
        _ loader: DataLoader<Data, (Tensor, Tensor)>, epochs: Int, callbacks: [any TrainerCallback] = []
    ) async throws -> History {
        try await fit(
            loader, validation: DataLoader<Data, (Tensor, Tensor)>?.none, epochs: epochs, callbacks: callbacks)
    }

    private nonisolated(nonsending) func epoch<Data: Dataset, Held: Dataset>(
        _ loader: DataLoader<Data, (Tensor, Tensor)>, _ validation: DataLoader<Held, (Tensor, Tensor)>?,
        _ plan: TrainingPlan
    ) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let samplesBefore = position.samples
        model.train()
        if position.batch == 0 { for metric in metrics { metric.reset() } }
        for callback in callbacks { try callback.epochStarts(self, position.epoch + 1) }
        let device = self.device
        for try await (inputs, targets) in loader.walk(epoch: position.epoch, from: position.batch, seed: loaderSeed) {
            step(inputs.to(device), targets.to(device))
            for callback in callbacks { try callback.batchEnds(self, plan) }
            if Interruption.isRequested {
                position.isInterrupted = true
                isStopping = true
            }
            if isStopping && position.batch < plan.batches { return }
        }
        let trained = clock.now
        var values = [(name: "train_loss", value: position.lossSum / Double(position.samples))]
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
    private var device: Device { model.parameters.first?.device ?? .default }

    /// The schedule's step after an epoch.
    private func stepSchedule(after record: EpochRecord) throws {
        guard scheduleInterval == .epoch else { return }
        if let scheduler = scheduler as? any MetricScheduler {
            scheduler.step(metric: try record.value(monitor))
        } else {
            scheduler?.step()
        }
    }

    /// One batch: forward, backward, update.
    private func step(_ inputs: Tensor, _ targets: Tensor) {
        // An optimizer such as LBFGS may compute the loss several times in a step; the first value is the one that
        // counts.
        var first: Tensor?
        let loss = optimizer.step {
            optimizer.zeroGrad()
            let output = model(inputs)
            first = first ?? output
            let loss = self.loss(output, targets)
            (penalty.map { loss + $0() } ?? loss).backward()
            if let maxGradientNorm { clipGradNorm(optimizer.parameters, maxNorm: maxGradientNorm) }
            return loss
        }
        if scheduleInterval == .batch { scheduler?.step() }
        let samples = inputs.shape[0]
        position.lossSum += loss.item() * Double(samples)
        position.samples += samples
        position.batch += 1
        if let first { noGrad { for metric in metrics { metric.update(first, targets) } } }
    }

    /// Measures the model in evaluation mode, without changing it: `loss` and every metric.
    public nonisolated(nonsending) func evaluate<Data: Dataset>(
        _ loader: DataLoader<Data, (Tensor, Tensor)>
    ) async throws -> [(name: String, value: Double)] {
        let collected = metrics.map(\.state)
        for metric in metrics { metric.reset() }
        defer { for (metric, state) in zip(metrics, collected) { metric.state = state } }
        var (sum, samples) = (0.0, 0)
        try await predict(loader) { output, targets in
            sum += loss(output, targets).item() * Double(targets.shape[0])
            samples += targets.shape[0]
            for metric in metrics { metric.update(output, targets) }
        }
        return [(name: "loss", value: sum / Double(samples))]
            + metrics.map { (name: $0.name, value: $0.compute()) }
    }

    /// Calls `body` with the outputs of every batch in evaluation mode, without recording, and its targets.
    public nonisolated(nonsending) func predict<Data: Dataset>(
        _ loader: DataLoader<Data, (Tensor, Tensor)>, _ body: (_ output: Tensor, _ targets: Tensor) -> Void
    ) async throws {
        let wasTraining = model.isTraining
        model.eval()
        defer { model.train(wasTraining) }
        let device = self.device
        for try await (inputs, targets) in loader.walk(epoch: 0) {
            noGrad { body(model(inputs.to(device)), targets.to(device)) }
        }
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
