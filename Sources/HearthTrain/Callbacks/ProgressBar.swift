import HearthNN

/// Shows how far training is, on standard error: on a terminal a bar that moves, elsewhere a line an epoch, and one every
/// five seconds within it. Where the environment has `NO_COLOR` the bar has none.
///
///     epoch 2/5 ━━━━━━━━━━━━━━━━━━━━━━━━╸━━━━━━━━━ 71% 467/656 [0.24s, 124,512/s] loss 0.2211
public final class ProgressBar: TrainerCallback {
    /// Lines that stand above the bar, no longer than the terminal is wide and fewer than it has, such as charts.
    public typealias Panel = (_ trainer: Trainer, _ plan: TrainingPlan, _ terminal: Terminal) -> [String]

    private let findTerminal: () -> Terminal?
    private let panel: Panel?
    private let clock = ContinuousClock()
    private var plan = TrainingPlan(epochs: 0, batches: 0, samples: 0)
    private var start = ContinuousClock.now
    private var startSamples = 0
    private var drawn = ContinuousClock.now
    private let isColoured = Terminal.showsColours
    private var footer = TerminalFooter()

    /// A bar, and on a terminal a panel above it; whether there is a terminal is found out when left out.
    public init(isTerminal: Bool? = nil, panel: Panel? = nil) {
        self.panel = panel
        findTerminal = {
            switch isTerminal {
            case nil: Terminal.current
            case true?: Terminal.current ?? Terminal()
            case false?: nil
            }
        }
    }

    /// Remembers how much there is to do.
    public func trainingStarts(_ trainer: Trainer, _ plan: TrainingPlan) { self.plan = plan }

    /// Starts the epoch's bar.
    public func epochStarts(_ trainer: Trainer, _ epoch: Int) {
        start = clock.now
        drawn = start
        startSamples = trainer.position.samples
    }

    /// Draws the bar, ten times a second at most.
    public func batchEnds(_ trainer: Trainer, _ plan: TrainingPlan) {
        let now = clock.now
        guard now - drawn > .milliseconds(100) else { return }
        guard let terminal = findTerminal() else {
            guard now - drawn > .seconds(5) else { return }
            drawn = now
            let (head, tail) = words(trainer, now - start)
            return TerminalFooter.write("\(head)  \(tail)\n")
        }
        drawn = now
        footer.draw((panel?(trainer, plan, terminal) ?? []) + [bar(trainer, now - start, terminal)])
    }

    /// Ends the bar with the values of the epoch.
    public func epochEnds(_ trainer: Trainer, _ record: EpochRecord) {
        let rate = ModelSummary.grouped(Int(record.samplesPerSecond.rounded()))
        let parts =
            ["epoch \(record.epoch)/\(plan.epochs)"]
            + record.values.filter { $0.name != "lr" }.map { "\($0.name) \($0.value.fixed(4))" }
            + ["[\(record.seconds.fixed(2))s, \(rate)/s]"]
        guard let terminal = findTerminal() else {
            return TerminalFooter.write(parts.joined(separator: "  ") + "\n")
        }
        footer.scroll(Self.wrapped(parts, columns: terminal.columns))
        if let panel { footer.draw(panel(trainer, plan, terminal)) }
    }

    /// Parts with two spaces between, in lines that a terminal does not break within a part.
    static func wrapped(_ parts: [String], columns: Int) -> String {
        var lines: [String] = []
        for part in parts {
            if let line = lines.last, line.count + 2 + part.count < columns {
                lines[lines.count - 1] = line + "  " + part
            } else {
                lines.append((lines.isEmpty ? "" : "  ") + part)
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Leaves the panel where it is, and ends the line of an interrupted epoch.
    public func trainingEnds(_ trainer: Trainer) {
        footer.leave()
        guard trainer.position.batch > 0 else { return }
        TerminalFooter.write("stopped in epoch \(trainer.position.epoch + 1) after batch ")
        TerminalFooter.write("\(trainer.position.batch)/\(plan.batches)\n")
    }

    /// The epoch, and how far it is.
    private func words(_ trainer: Trainer, _ time: Duration) -> (head: String, tail: String) {
        let position = trainer.position
        let seconds = time / .seconds(1)
        let rate = Int(Double(position.samples - startSamples) / max(seconds, 1e-9))
        return (
            "epoch \(position.epoch + 1)/\(plan.epochs)",
            "\(Int(share(position) * 100))% \(position.batch)/\(plan.batches)"
                + " [\(seconds.fixed(1))s, \(ModelSummary.grouped(rate))/s] loss \(position.meanLoss.fixed(4))"
        )
    }

    private func share(_ position: Trainer.Position) -> Double { Double(position.batch) / Double(max(plan.batches, 1)) }

    private func bar(_ trainer: Trainer, _ time: Duration, _ terminal: Terminal) -> String {
        let (head, tail) = words(trainer, time)
        // A line wider than the terminal would wrap into a second row, and redrawing replaces only one.
        let width = min(terminal.columns - head.count - tail.count - 3, 32)
        guard width >= 4 else { return String("\(head) \(tail)".prefix(max(terminal.columns - 1, 1))) }
        let full = Int(share(trainer.position) * Double(width))
        let (done, left) = (String(repeating: "━", count: full), String(repeating: "━", count: width - full))
        guard isColoured else { return "\(head) \(done)\(String(repeating: "─", count: width - full)) \(tail)" }
        return "\(head) \u{1B}[32m\(done)\u{1B}[90m\(left)\u{1B}[0m \(tail)"
    }
}
