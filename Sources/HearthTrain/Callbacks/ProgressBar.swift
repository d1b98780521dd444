import HearthNN

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

private let writeBytes: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }

/// Shows how far training is, on standard error: on a terminal a bar that moves, elsewhere a line an epoch.
///
///     epoch 2/5 ━━━━━━━━━━━━━━━━━━━━━━━━╸━━━━━━━━━ 71% 467/656 [0.24s, 124,512/s] loss 0.2211
public final class ProgressBar: TrainerCallback {
    private let isTerminal: Bool
    private let clock = ContinuousClock()
    private var plan = TrainingPlan(epochs: 0, batches: 0, samples: 0)
    private var start = ContinuousClock.now
    private var startBatch = 0
    private var startSamples = 0
    private var drawn = ContinuousClock.now

    /// A bar; whether on a terminal is found out when left out.
    public init(isTerminal: Bool? = nil) {
        self.isTerminal = isTerminal ?? (isatty(STDERR_FILENO) == 1)
    }

    /// Remembers how much there is to do.
    public func trainingStarts(_ trainer: Trainer, _ plan: TrainingPlan) { self.plan = plan }

    /// Starts the epoch's bar.
    public func epochStarts(_ trainer: Trainer, _ epoch: Int) {
        start = clock.now
        drawn = start
        startBatch = trainer.position.batch
        startSamples = trainer.position.samples
    }

    /// Draws the bar, ten times a second at most.
    public func batchEnds(_ trainer: Trainer, _ plan: TrainingPlan) {
        guard isTerminal else { return }
        let now = clock.now
        guard now - drawn > .milliseconds(100) else { return }
        drawn = now
        write("\r\u{1B}[K" + bar(trainer, now - start))
    }

    /// Ends the bar with the values of the epoch.
    public func epochEnds(_ trainer: Trainer, _ record: EpochRecord) {
        let values = record.values.filter { $0.name != "lr" }
            .map { "\($0.name) \($0.value.fixed(4))" }.joined(separator: "  ")
        let rate = ModelSummary.grouped(Int(record.samplesPerSecond.rounded()))
        write(
            (isTerminal ? "\r\u{1B}[K" : "")
                + "epoch \(record.epoch)/\(plan.epochs)  \(values)  [\(record.seconds.fixed(2))s, \(rate)/s]\n")
    }

    /// Ends the line of an interrupted epoch.
    public func trainingEnds(_ trainer: Trainer) {
        guard trainer.position.batch > 0 else { return }
        write((isTerminal ? "\n" : "") + "stopped in epoch \(trainer.position.epoch + 1) after batch ")
        write("\(trainer.position.batch)/\(plan.batches)\n")
    }

    private func bar(_ trainer: Trainer, _ time: Duration) -> String {
        let position = trainer.position
        let share = Double(position.batch) / Double(max(plan.batches, 1))
        let width = 32
        let full = Int(share * Double(width))
        let line =
            "\u{1B}[32m" + String(repeating: "━", count: full) + "\u{1B}[90m"
            + String(repeating: "━", count: width - full) + "\u{1B}[0m"
        let seconds = time / .seconds(1)
        let rate = Int(Double(position.samples - startSamples) / max(seconds, 1e-9))
        let loss = (position.lossSum / Double(max(position.samples, 1))).fixed(4)
        return
            "epoch \(position.epoch + 1)/\(plan.epochs) \(line) \(Int(share * 100))% \(position.batch)/\(plan.batches)"
            + " [\(seconds.fixed(1))s, \(ModelSummary.grouped(rate))/s] loss \(loss)"
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        // A bar that cannot be shown is no reason to stop training.
        _ = bytes.withUnsafeBytes { writeBytes(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
