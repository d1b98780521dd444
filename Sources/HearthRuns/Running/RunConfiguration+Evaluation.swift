import Hearth

extension RunConfiguration {
    /// The samples of the run's data that it was not trained on. Throws `RunError` when the data has changed.
    package func testSamples() async throws -> Subset<ExampleSet> {
        try await trainedExamples(isHeldOut: false).randomSplit(self.split, seed: self.seed)[2]
    }

    /// All samples of another dataset, from a file or a folder where it needs one, from the folder `data` or the run's own
    /// folder of datasets where not; of collections those that they keep for testing. Throws `RunError` when they do not
    /// fit the model.
    package func samples(of other: String, path: String?, data folder: String?) async throws -> Subset<ExampleSet> {
        var source = self
        // The run's own data is a file where its dataset is a table.
        if DatasetKind.paths.contains(self.dataset), folder == nil { source.data = "data" }
        if let folder { source.data = folder }
        source.dataset = other
        if let path { source.data = path }
        let examples = try await source.trainedExamples(isHeldOut: true)
        return Subset(examples, Array(0..<examples.count))
    }

    /// Data for the trained model. Throws `RunError` when it does not fit the model.
    private func trainedExamples(isHeldOut: Bool) async throws -> ExampleSet {
        let examples = try await loadExamples(isHeldOut: isHeldOut)
        guard examples.inputShape == inputShape, examples.classes.count <= classes.count,
            examples.task == self.task ?? "classification"
        else {
            throw RunError(
                "the model takes \(inputShape) and knows \(classes.count) classes; the data "
                    + "has \(examples.inputShape) and \(examples.classes.count)")
        }
        return examples.normalised(mean: mean, std: std).data
    }
}
