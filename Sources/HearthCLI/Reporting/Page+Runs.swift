import Hearth
import HearthReport

extension Page {
    /// The curves of one run or of several: for one each chart has training and validation, for several a line a run.
    mutating func curves(_ runs: [RunRecord]) {
        let names = ["loss", "accuracy", "rmse", "r2"].filter { name in
            runs.contains { $0.has("val_\(name)") || $0.has("train_\(name)") }
        }
        var charts = names.map { name -> LineChart in
            let series =
                runs.count == 1
                ? [("train", "train_\(name)"), ("validation", "val_\(name)")].filter { runs[0].has($0.1) }
                    .map { LineChart.Series($0.0, runs[0].values($0.1)) }
                : runs.map { LineChart.Series($0.name, $0.values("val_\(name)")) }
            // Narrow, so that words can be read on a telephone.
            return LineChart(
                runs.count == 1 ? name : "validation \(name)", x: "epoch", series: series, width: 420, height: 280)
        }
        if runs.contains(where: { $0.has("lr") }) {
            charts.append(
                LineChart(
                    "learning rate", x: "epoch",
                    series: runs.map { LineChart.Series(runs.count == 1 ? "lr" : $0.name, $0.values("lr")) },
                    width: 420,
                    height: 280))
        }
        section("Curves")
        self.charts(charts)
    }

    /// Runs side by side: what they reached, what differs in their options, and how they got there.
    static func comparison(_ runs: [RunRecord]) -> Page {
        var page = Page(runs.map(\.name).joined(separator: ", "))
        let monitor = runs.contains { $0.configuration.isRegression } ? "val_rmse" : "val_accuracy"
        let bests = runs.map { $0.best(monitor) }
        let isLargeGood = monitor == "val_accuracy"
        let winner = bests.compactMap { $0?.value }.max { isLargeGood ? $0 < $1 : $0 > $1 }
        page.section("Results")
        page.table(
            ["run", "best \(monitor)", "in epoch", "best val_loss", "epochs", "seconds an epoch", ""],
            zip(runs, bests).map { run, best in
                let seconds = run.values("seconds").filter(\.isFinite).sorted()
                return [
                    run.name, best?.value.fixed(4) ?? "–", best.map { String($0.epoch) } ?? "–",
                    run.best("val_loss")?.value.fixed(4) ?? "–", String(run.epochs.count),
                    seconds.isEmpty ? "–" : seconds[seconds.count / 2].fixed(4),
                    best?.value == winner && runs.count > 1 ? "★ best" : "",
                ]
            })
        page.curves(runs)
        let settings = Setting.all.filter { setting in
            runs.count == 1 || Set(runs.map { setting.get($0.configuration).description }).count > 1
        }
        page.section(runs.count == 1 ? "Options" : "Options that differ")
        page.table(
            ["option"] + runs.map(\.name),
            settings.map { setting in
                [setting.name]
                    + runs.map { run in
                        let value = setting.get(run.configuration)
                        return value.string ?? value.description
                    }
            })
        return page
    }

    /// All about one run that has ended.
    static func report(_ outcome: TrainingRun.Outcome, _ folder: RunFolder) throws -> Page {
        let run = try RunRecord(folder.path)
        var page = Page(run.name)
        let seconds = run.values("seconds").filter(\.isFinite).reduce(0, +)
        page.numbers(
            outcome.test.values(prefix: "test ").map { (name: $0.name, value: $0.value.fixed(4)) } + [
                (name: "parameters", value: ModelSummary.grouped(outcome.model.parameterCount())),
                (name: "epochs", value: String(run.epochs.count)),
                (name: "seconds of training", value: seconds.fixed(1)),
            ])
        page.curves([run])
        page.test(outcome.test)
        page.section("Options")
        page.table(
            ["option", "value"],
            Setting.all.map { setting in
                let value = setting.get(outcome.configuration)
                return [setting.name, value.string ?? value.description]
            })
        page.section("Model")
        page.text("\(try outcome.model.summary(input: Shape([1] + outcome.configuration.inputShape)))")
        page.environment()
        return page
    }

    /// What a test has found, class by class.
    mutating func test(_ report: TestReport) {
        section("Test: \(report.samples) samples that were not trained on")
        guard case .classes(let classes) = report else {
            table(["error", "value"], report.values().map { [$0.name, $0.value.fixed(4)] })
            return
        }
        let matrix = classes.matrix
        table(
            ["class", "precision", "recall", "F1", "samples"],
            classes.names.enumerated().map { index, name in
                [
                    name, matrix.precision(index).fixed(4), matrix.recall(index).fixed(4), matrix.f1(index).fixed(4),
                    String(matrix.support(index)),
                ]
            })
        charts([ConfusionMatrixChart(matrix, names: classes.names)])
    }

    /// What the run ran on.
    mutating func environment() {
        section("Environment")
        let libraries = NativeLibrary.all.map { library in
            [library.name, library.isFound ? library.version ?? "found" : "not found"]
        }
        table(
            ["what", "value"], [["Hearth", HearthCommand.version], ["threads", String(Threads.count)]] + libraries)
    }
}
