import HearthTrain

/// Charts in the terminal that follow a training: the loss as it falls from batch to batch, with that of validation, and
/// the first metric from epoch to epoch.
///
///     let charts = LiveCharts()
///     try await trainer.fit(loader, epochs: 5, callbacks: [ProgressBar(panel: charts.lines)])
///
/// Where the environment has `NO_COLOR` they have none.
public final class LiveCharts {
    private var losses: [(x: Double, y: Double)] = []
    private var summed = (epoch: 0, samples: 0, loss: 0.0)
    private let isColoured: Bool

    /// How many lines charts take.
    private static let height = 12

    /// Charts without values.
    public init() { isColoured = Terminal.showsColours }

    /// The lines of the charts as they are now; none where the terminal is small.
    public func lines(_ trainer: Trainer, _ plan: TrainingPlan, _ terminal: Terminal) -> [String] {
        follow(trainer, plan)
        guard terminal.rows >= Self.height + 6, terminal.columns >= 40 else { return [] }
        let charts = [loss(trainer.history)] + metric(trainer.history)
        let count = terminal.columns >= 72 ? charts.count : 1
        let width = min((terminal.columns - 1) / count - 2, 64)
        let texts = charts.prefix(count).map { $0.text(columns: width, rows: Self.height, isColoured: isColoured) }
        return (0..<Self.height).map { row in texts.map { $0[row] }.joined(separator: "  ") }
    }

    /// Notes the mean loss of the batches since the last time.
    private func follow(_ trainer: Trainer, _ plan: TrainingPlan) {
        let position = trainer.position
        if position.epoch != summed.epoch { summed = (position.epoch, 0, 0) }
        guard position.samples > summed.samples else { return }
        let mean = (position.lossSum - summed.loss) / Double(position.samples - summed.samples)
        losses.append((Double(position.epoch) + Double(position.batch) / Double(max(plan.batches, 1)), mean))
        summed = (position.epoch, position.samples, position.lossSum)
        // More than a terminal has room for.
        if losses.count > 2000 { losses = losses.indices.filter { $0 % 2 == 1 }.map { losses[$0] } }
    }

    private func loss(_ history: History) -> LineChart {
        // An epoch shorter than the time between two drawings has only its own mean loss, none of single batches.
        let train = losses.count > history.count ? losses : history.points("train_loss")
        return chart("loss", train, history)
    }

    private func metric(_ history: History) -> [LineChart] {
        let names = history.first?.values.map(\.name) ?? []
        guard let name = names.first(where: { $0.hasPrefix("train_") && $0 != "train_loss" }) else { return [] }
        return [chart(String(name.dropFirst("train_".count)), history.points(name), history)]
    }

    private func chart(_ name: String, _ train: [(x: Double, y: Double)], _ history: History) -> LineChart {
        let validation =
            history.has("val_\(name)") ? [LineChart.Series("validation", history.points("val_\(name)"))] : []
        return LineChart(name, x: "epoch", series: [.init("train", train)] + validation)
    }
}
