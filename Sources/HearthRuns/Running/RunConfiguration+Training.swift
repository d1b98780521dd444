import Hearth
import HearthGraph

// What is made from the options of a run to train its model: optimizer, schedule, loss, metrics and loaders.
extension RunConfiguration {
    /// The model that was asked for, with new weights. Throws `RunError` when it would not fit into memory.
    package func makeModel() throws -> any Layer {
        try checkMemory()
        return try newModel()
    }

    /// The number of the network's results.
    var outputs: Int { isRegression ? 1 : classes.count }

    /// The model that was asked for, on the default device.
    private func newModel() throws -> any Layer {
        let network = try newNetwork()
        guard isRegression else { return network }
        return Sequential {
            network
            Flatten(from: 0)
            Rescale(targetScale)
        }
    }

    private func newNetwork() throws -> any Layer {
        if let description = try description() { return try description.network(input: inputShape, outputs: outputs) }
        guard let kind = NetworkKind.named(self.model) else { fatalError("unknown model '\(self.model)'") }
        return kind.make(inputShape, outputs, NetworkKind.Choices(hidden: self.hidden, dropout: self.dropout))
    }

    /// Throws `RunError` when the weights, their gradients and what an optimizer keeps are more than the machine has.
    private func checkMemory() throws {
        // Without elements, so that the largest model is only counted.
        let count = try checkShapes { try withDevice(.meta) { try newModel().parameterCount() } }
        let needed = Double(count) * 16
        guard needed <= Double(Memory.machine) else {
            throw RunError(
                "the model '\(self.model)' has \(ModelSummary.grouped(count)) parameters; training them takes "
                    + "\(Memory.text(needed)), and the machine has \(Memory.text(Double(Memory.machine)))")
        }
    }

    /// The optimizer that was asked for.
    private func makeOptimizer(_ parameters: [Parameter]) -> any Optimizer {
        guard let kind = OptimizerKind.named(self.optimizer) else {
            fatalError("unknown optimizer '\(self.optimizer)'")
        }
        return kind.make(parameters, self.lr, self.weightDecay)
    }

    /// The schedule that was asked for, over the whole training of `batches` batches an epoch; nil for a constant rate.
    private func makeSchedule(_ optimizer: any Optimizer, batches: Int) -> (any Scheduler)? {
        let course = ScheduleKind.Course(lr: self.lr, epochs: self.epochs, batches: batches)
        return ScheduleKind.named(self.schedule)?.make(optimizer, course)
    }

    /// True when the schedule ends with the last epoch, so that no epoch can be added.
    package var schedulesEnd: Bool { ScheduleKind.named(self.schedule)?.ends ?? false }

    /// Cross-entropy, or the squared error in units of the target's deviation.
    private func makeLoss() -> any Loss {
        isRegression ? ScaledSquaredError(targetScale[1]) as any Loss : CrossEntropyLoss()
    }

    private func makeMetrics() -> [any Metric] {
        isRegression ? [RegressionMetric(.rootMeanSquared), RegressionMetric(.r2)] : [Accuracy()]
    }

    /// What trains a model on so many batches an epoch.
    func makeTrainer(_ model: any Layer, batches: Int) -> Trainer {
        let trained = model.parameters.filter(\.requiresGrad)
        let optimizer = makeOptimizer(trained)
        let trainer = Trainer(
            model, loss: makeLoss(), optimizer: optimizer, scheduler: makeSchedule(optimizer, batches: batches),
            metrics: makeMetrics(), maxGradientNorm: self.clip, onNaN: NaNPolicy(rawValue: self.onNaN) ?? .stop)
        let factor = self.l1
        if factor > 0 { trainer.penalty = { l1Penalty(trained) * factor } }
        return trainer
    }

    /// Makes a trainer compute results and gradients by a program that is compiled from the model and its loss.
    func compileSteps(of trainer: Trainer, _ model: any Layer) throws {
        let (loss, optimizer, penalty) = (makeLoss(), trainer.optimizer, trainer.penalty)
        let step = try compile(model, optimizer) { inputs, targets in
            optimizer.zeroGrad()
            let output = model.observed(inputs)
            let value = loss(output, targets)
            (penalty.map { value + $0() } ?? value).backward()
            return (loss: value, output: output)
        }
        trainer.compiledGradients = { batch in
            guard let (inputs, targets) = batch as? (Tensor, Tensor) else {
                throw RunError("compiled steps take pairs of inputs and targets, not \(type(of: batch))")
            }
            let results = try step.run([inputs, targets])
            return StepResult(loss: results[0], output: results[1], target: targets)
        }
    }

    /// A loader of one part; shuffled and in the run's batches for training.
    func loader(
        _ part: Subset<ExampleSet>, shuffle: Bool = false
    ) -> DataLoader<Subset<ExampleSet>, (Tensor, Tensor)> {
        DataLoader(
            part, batchSize: shuffle ? self.batchSize : max(self.batchSize, 256), shuffle: shuffle,
            workers: shuffle && !self.augment.isEmpty ? min(Threads.count, 4) : 0, seed: self.seed)
    }
}
