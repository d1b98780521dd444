import Hearth
import HearthTune

/// The trials of `hearth tune`: each trains a network on the same data.
package struct TuningRun: Sendable {
    /// What all trials have in common.
    package let base: RunConfiguration
    package let space: TuningSpace
    package let examples: Examples

    package init(base: RunConfiguration, space: TuningSpace, examples: Examples) {
        (self.base, self.space, self.examples) = (base, space, examples)
    }

    /// The value that trials are compared by.
    package var monitor: String { base.task == "regression" ? "val_rmse" : "val_accuracy" }

    /// Trains a network; gives the best value of its epochs.
    package func objective(_ trial: Trial) async throws -> Double {
        var configuration = try space.suggest(trial, base)
        let parts = try configuration.divide(examples, isKnown: false)
        // With one trial at a time the initial weights follow from the seed. Trials side by side share the default
        // generator, so theirs depend on the order in which they draw.
        manualSeed(configuration.seed)
        let model = try configuration.makeModel()
        let training = configuration.loader(parts[0], shuffle: true)
        let trainer = configuration.makeTrainer(model, batches: training.count)
        let reporter = TrialReporter(trial, monitor: monitor)
        do {
            try await trainer.fit(
                training, validation: configuration.loader(parts[1]), epochs: configuration.epochs,
                callbacks: [reporter])
        } catch let error as NonFiniteLoss where !trainer.history.isEmpty {
            // The epochs before count; a search goes through rates that are too large.
            note("trial \(trial.number): \(error)")
        }
        if trainer.position.isInterrupted || Interruption.isRequested { throw CancellationError() }
        let values = trainer.history.compactMap { $0[monitor] }.filter { !$0.isNaN }
        guard let best = base.task == "regression" ? values.min() : values.max() else {
            throw RunError("'\(monitor)' was never a number")
        }
        return best
    }
}

/// Tells a study how a trial goes, after every epoch.
private final class TrialReporter: TrainerCallback {
    private let trial: Trial
    private let monitor: String

    init(_ trial: Trial, monitor: String) { (self.trial, self.monitor) = (trial, monitor) }

    func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws {
        if let value = record[monitor] { try trial.report(value, step: record.epoch) }
    }
}
