import Hearth

/// What is made from the options of a run to train its model: optimizer, schedule, loss, metrics and callbacks.
enum Training {
    static let optimizers = [
        "adam", "adamw", "sgd", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "radam", "lion",
    ]
    static let schedules = [
        "constant", "step", "exponential", "linear", "polynomial", "cosine", "warmup-cosine", "onecycle", "plateau",
    ]
}

extension RunConfiguration {
    /// The optimizer that was asked for. SGD has momentum 0.9.
    func makeOptimizer(_ parameters: [Parameter]) -> any Optimizer {
        let decay = weightDecay
        return switch optimizer {
        case "adamw": AdamW(parameters, lr: lr, weightDecay: decay ?? 1e-2)
        case "sgd": SGD(parameters, lr: lr, momentum: 0.9, weightDecay: decay ?? 0)
        case "rmsprop": RMSprop(parameters, lr: lr, weightDecay: decay ?? 0)
        case "adagrad": Adagrad(parameters, lr: lr, weightDecay: decay ?? 0)
        case "adadelta": Adadelta(parameters, lr: lr, weightDecay: decay ?? 0)
        case "adamax": Adamax(parameters, lr: lr, weightDecay: decay ?? 0)
        case "nadam": NAdam(parameters, lr: lr, weightDecay: decay ?? 0)
        case "radam": RAdam(parameters, lr: lr, weightDecay: decay ?? 0)
        case "lion": Lion(parameters, lr: lr, weightDecay: decay ?? 0)
        default: Adam(parameters, lr: lr, weightDecay: decay ?? 0)
        }
    }

    /// The schedule that was asked for, over the whole training of `batches` batches an epoch; nil for a constant rate.
    func makeSchedule(_ optimizer: any Optimizer, batches: Int) -> (any Scheduler)? {
        switch schedule {
        case "step": return StepLR(optimizer, stepSize: max(epochs / 3, 1))
        // To a hundredth of the rate in the last epoch.
        case "exponential": return ExponentialLR(optimizer, gamma: power(0.01, 1 / Double(epochs)))
        case "linear": return LinearLR(optimizer, startFactor: 1, endFactor: 0, totalIters: epochs)
        case "polynomial": return PolynomialLR(optimizer, totalIters: epochs, power: 2)
        case "cosine": return CosineAnnealingLR(optimizer, tMax: epochs)
        case "warmup-cosine":
            let warmup = max(epochs / 10, 1)
            return SequentialLR(warmup: warmup, then: CosineAnnealingLR(optimizer, tMax: max(epochs - warmup, 1)))
        case "onecycle":
            return OneCycleLR(optimizer, maxLR: lr, totalSteps: epochs * batches, cycleMomentum: false)
        case "plateau": return ReduceLROnPlateau(optimizer, factor: 0.5, patience: 2)
        default: return nil
        }
    }

    /// True when the schedule ends with the last epoch, so that no epoch can be added.
    var schedulesEnd: Bool { !["constant", "step", "plateau"].contains(schedule) }

    /// Cross-entropy, or the squared error in units of the target's deviation.
    func makeLoss() -> any Loss { isRegression ? ScaledSquaredError(targetScale[1]) as any Loss : CrossEntropyLoss() }

    func makeMetrics() -> [any Metric] {
        isRegression ? [RegressionMetric(.rootMeanSquared), RegressionMetric(.r2)] : [Accuracy()]
    }

    /// What trains a model on so many batches an epoch.
    func makeTrainer(_ model: any Layer, batches: Int) -> Trainer {
        let trained = model.parameters.filter(\.requiresGrad)
        let optimizer = makeOptimizer(trained)
        let trainer = Trainer(
            model, loss: makeLoss(), optimizer: optimizer, scheduler: makeSchedule(optimizer, batches: batches),
            metrics: makeMetrics(), maxGradientNorm: clip)
        let l1 = l1
        if l1 > 0 { trainer.penalty = { l1Penalty(trained) * l1 } }
        return trainer
    }

    /// Divides examples into those for training, validation and testing, each normalised, and those for training augmented.
    /// Unless it is known, what they are completes the configuration. Throws `RunError` when they do not fit it.
    mutating func divide(_ examples: Examples, isKnown: Bool) throws -> [Subset<ExampleSet>] {
        let indices = examples.data.randomSplit(split, seed: seed).map(\.indices)
        guard indices.allSatisfy({ !$0.isEmpty }) else {
            throw RunError("the split \(split) of \(examples.data.count) samples leaves a part empty")
        }
        if !isKnown {
            examples.describe(in: &self, training: indices[0])
            try checkModel()
        }
        let augmentation = try Augmentation(augment)
        if inputShape.count == 3 { try augmentation.check(height: inputShape[1], width: inputShape[2]) }
        let plain = examples.normalised(mean: mean, std: std)
        let augmented =
            augmentation.isEmpty ? plain : examples.normalised(mean: mean, std: std, augmented: augmentation)
        return [augmented, plain, plain].enumerated().map { Subset($1.data, indices[$0]) }
    }

    /// A loader of one part; shuffled and in the run's batches for training.
    func loader(
        _ part: Subset<ExampleSet>, shuffle: Bool = false
    ) -> DataLoader<Subset<ExampleSet>, (Tensor, Tensor)> {
        DataLoader(
            part, batchSize: shuffle ? batchSize : max(batchSize, 256), shuffle: shuffle,
            workers: shuffle && !augment.isEmpty ? min(Threads.count, 4) : 0, seed: seed)
    }

    private func power(_ base: Double, _ exponent: Double) -> Double { Tensor(base).pow(exponent).item() }
}

/// The mean of squared differences, in units of a deviation.
private struct ScaledSquaredError: Loss {
    let deviation: Double

    init(_ deviation: Double) { self.deviation = deviation }

    func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
        MSELoss()(prediction / deviation, target / deviation)
    }
}
