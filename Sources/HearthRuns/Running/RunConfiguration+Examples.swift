import Hearth

// The examples of a run: read, described and divided.
extension RunConfiguration {
    /// Reads the dataset, as it is stored.
    ///
    /// - Parameter isHeldOut: The images that a collection keeps for testing, where it has any, instead of those for
    ///   training.
    package func loadExamples(isHeldOut: Bool = false) async throws -> Examples {
        guard let kind = DatasetKind.named(self.dataset) else { throw RunError("unknown dataset '\(self.dataset)'") }
        return try await kind.load(
            ExampleSource(
                path: self.data, isHeldOut: isHeldOut, imageSize: self.imageSize, target: self.target, task: self.task,
                classes: classes,
                columns: columns))
    }

    /// Divides examples into those for training, validation and testing, each normalised, and those for training augmented.
    /// Unless it is known, what they are completes the configuration. Throws `RunError` when they do not fit it.
    mutating func divide(_ examples: Examples, isKnown: Bool) throws -> [Subset<ExampleSet>] {
        let indices = examples.data.randomSplit(self.split, seed: self.seed).map(\.indices)
        guard indices.allSatisfy({ !$0.isEmpty }) else {
            throw RunError("the split \(self.split) of \(examples.data.count) samples leaves a part empty")
        }
        if !isKnown {
            describe(examples, training: indices[0])
            network = try description()
            try checkModel()
        }
        let augmentation = try AugmentationSteps(self.augment)
        if inputShape.count == 3 { try augmentation.check(height: inputShape[1], width: inputShape[2]) }
        let plain = examples.normalised(mean: mean, std: std)
        let augmented =
            augmentation.isEmpty ? plain : examples.normalised(mean: mean, std: std, augmented: augmentation)
        return [augmented, plain, plain].enumerated().map { Subset($1.data, indices[$0]) }
    }

    /// Completes the configuration by what the examples are, and by the statistics of those for training.
    private mutating func describe(_ examples: Examples, training: [Int]) {
        classes = examples.classes
        inputShape = examples.inputShape
        self.task = examples.task
        columns = examples.columns
        (mean, std) = examples.statistics(over: training)
        guard self.task == "regression", case .rows(let rows) = examples.data else { return }
        let targets = rows.targets.indexSelect(0, Tensor(training, device: .cpu)).to(.float64)
        let deviation: Double = targets.std(correction: 0).item()
        targetScale = [targets.mean().item(), deviation == 0 ? 1 : deviation]
    }
}
