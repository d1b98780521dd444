import HearthData
import HearthNN
import HearthTensor

extension Trainer {
    /// Measures the model in evaluation mode, without changing it: `loss` and every metric. Throws what the data throws,
    /// and `TrainerError` when batches are not those of the trainer's closure.
    public nonisolated(nonsending) func evaluate<Data: Dataset, Batch>(
        _ loader: DataLoader<Data, Batch>
    ) async throws -> [(name: String, value: Double)] {
        try step.check(Batch.self)
        guard !step.updates else { throw TrainerError("a step that changes parameters itself cannot evaluate") }
        let collected = metrics.map(\.state)
        for metric in metrics { metric.reset() }
        defer { for (metric, state) in zip(metrics, collected) { metric.state = state } }
        var total = Position()
        try await walk(loader) { batch in
            let result = step(batch)
            let samples = Batches.sampleCount(batch)
            total.lossSum += result.loss.item() * Double(samples)
            total.samples += samples
            guard let output = result.output, let target = result.target else { return }
            for metric in metrics { metric.update(output, target) }
        }
        return [(name: "loss", value: total.meanLoss)] + metrics.map { (name: $0.name, value: $0.compute()) }
    }

    /// Calls `body` with the outputs of every batch in evaluation mode, without recording, and its targets. Throws what
    /// the data throws, and `TrainerError` when the model does not map one tensor to one.
    public nonisolated(nonsending) func predict<Data: Dataset>(
        _ loader: DataLoader<Data, (Tensor, Tensor)>, _ body: (_ output: Tensor, _ targets: Tensor) -> Void
    ) async throws {
        guard let layer = model as? any Layer else {
            throw TrainerError("\(type(of: model)) is not a Layer, so its outputs for a batch are not known")
        }
        try await walk(loader) { body(layer.observed($0.0), $0.1) }
    }

    /// Calls `body` with every batch, where the model is, in evaluation mode and without recording.
    private nonisolated(nonsending) func walk<Data: Dataset, Batch>(
        _ loader: DataLoader<Data, Batch>, _ body: (Batch) -> Void
    ) async throws {
        let wasTraining = model.isTraining
        model.eval()
        defer { model.train(wasTraining) }
        let device = self.device
        for try await batch in loader.walk(epoch: 0) {
            noGrad { body(Batches.moved(batch, to: device)) }
        }
    }
}
