import HearthNN
import HearthTensor
import HearthTrain

/// Keeps a page about the training: curves, weights and gradients, the model, the machine. It is whole after every epoch,
/// so a program that is killed leaves one as well.
///
///     try await trainer.fit(loader, epochs: 5, callbacks: [ReportCallback("report.html", input: [1, 784])])
public final class ReportCallback: TrainerCallback {
    private let path: String
    private let title: String
    private let input: Shape?

    /// Writes to `path`. The page has a summary of the model where the shape of its input is given.
    public init(_ path: String, title: String = "Training", input: Shape? = nil) {
        (self.path, self.title, self.input) = (path, title, input)
    }

    /// Writes the page.
    public func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws {
        var page = Page(title)
        page.numbers(
            record.values.map { (name: $0.name, value: $0.value.short) } + [
                (name: "epochs", value: String(record.epoch)),
                (name: "parameters", value: ModelSummary.grouped(trainer.model.parameterCount())),
            ])
        page.section("Curves")
        page.curves(trainer.history)
        page.distributions(of: trainer.model)
        if let input, let layer = trainer.model as? any Layer { try page.model(layer, input: input) }
        page.environment()
        try page.write(to: path)
    }
}
