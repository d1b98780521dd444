import HearthNN
import HearthTensor
import HearthTrain

/// Tells TensorBoard how training goes: every value of each epoch as a scalar (`loss/train` and `loss/val` in one group),
/// and how weights and gradients are distributed.
///
///     try await trainer.fit(loader, epochs: 5, callbacks: [TensorBoardCallback("runs/first")])
public final class TensorBoardCallback: TrainerCallback {
    private let writer: SummaryWriter
    private let writesHistograms: Bool

    /// Writes to `writer`, which stays open; histograms can be left out.
    public init(_ writer: SummaryWriter, histograms: Bool = true) {
        self.writer = writer
        writesHistograms = histograms
    }

    /// Writes into a new file in `folder`. Throws when the file cannot be made.
    ///
    ///     callbacks: [try TensorBoardCallback("runs/first")]
    public convenience init(_ folder: String, histograms: Bool = true) throws {
        self.init(try SummaryWriter(folder), histograms: histograms)
    }

    /// Writes the epoch, all of it.
    public func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws {
        for (name, value) in record.values { writer.addScalar(Self.tag(name), value, step: record.epoch) }
        writer.addScalar("samples per second", record.samplesPerSecond, step: record.epoch)
        if writesHistograms { addHistograms(of: trainer.model, step: record.epoch) }
        try writer.flush()
    }

    private func addHistograms(of model: Module, step: Int) {
        for (name, parameter) in model.namedParameters {
            let tag = name.replacing(".", with: "/")
            writer.addHistogram("weights/\(tag)", parameter.tensor, step: step)
            // That of the last batch.
            if let gradient = parameter.grad { writer.addHistogram("gradients/\(tag)", gradient, step: step) }
        }
    }

    /// `loss/train` for `train_loss`, so that one chart group holds both.
    package static func tag(_ name: String) -> String {
        for part in ["train", "val", "test"] where name.hasPrefix(part + "_") {
            return "\(name.dropFirst(part.count + 1))/\(part)"
        }
        return name
    }
}
