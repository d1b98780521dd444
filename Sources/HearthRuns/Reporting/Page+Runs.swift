import Hearth
import HearthReport

extension Page {
    /// Runs side by side: what they reached, what differs in their options, and how they got there.
    package static func comparison(_ runs: [RunRecord]) -> Page {
        var page = Page(runs.map(\.name).joined(separator: ", "))
        // Classifiers and regressions have no measure in common, so each kind is ranked by itself.
        for isRegression in [false, true] {
            let kind = runs.filter { $0.configuration.isRegression == isRegression }
            guard !kind.isEmpty else { continue }
            let part = kind.count == runs.count ? "" : isRegression ? " of regressions" : " of classifiers"
            page.section("Results" + part)
            page.results(of: kind, by: isRegression ? "val_rmse" : "val_accuracy")
            page.section("Curves" + part)
            page.curves(comparing: kind.map { ($0.name, $0.history) })
        }
        let settings = Settings.all.filter { setting in
            runs.count == 1 || Set(runs.map { $0.configuration[setting].description }).count > 1
        }
        page.section(runs.count == 1 ? "Options" : "Options that differ")
        page.table(
            ["option"] + runs.map(\.name),
            settings.map { setting in
                [setting.name] + runs.map { $0.configuration.shown(setting) }
            })
        return page
    }

    /// What runs of one kind have reached, with a star at the best.
    private mutating func results(of runs: [RunRecord], by monitor: String) {
        let bests = runs.map { $0.best(monitor) }
        let isLargeGood = monitor == "val_accuracy"
        let winner = bests.compactMap { $0?.value }.max { isLargeGood ? $0 < $1 : $0 > $1 }
        table(
            ["run", "best \(monitor)", "in epoch", "best val_loss", "epochs", "seconds an epoch", ""],
            zip(runs, bests).map { run, best in
                let seconds = run.seconds.sorted()
                return [
                    run.name, best?.value.fixed(4) ?? "–", best.map { String($0.epoch) } ?? "–",
                    run.best("val_loss")?.value.fixed(4) ?? "–", String(run.history.count),
                    seconds.isEmpty ? "–" : seconds[seconds.count / 2].fixed(4),
                    best?.value == winner && runs.count > 1 ? "★ best" : "",
                ]
            })
    }

    /// All about one run that has ended: what was tested are the samples of `test`.
    package static func report(
        _ run: RunRecord, _ model: any Layer, _ test: TestReport, on samples: Subset<ExampleSet>
    ) throws -> Page {
        var page = Page(run.name)
        page.numbers(
            test.values(prefix: "test ").map { (name: $0.name, value: $0.value.fixed(4)) } + [
                (name: "parameters", value: ModelSummary.grouped(model.parameterCount())),
                (name: "epochs", value: String(run.history.count)),
                (name: "seconds of training", value: run.seconds.reduce(0, +).fixed(1)),
            ])
        page.section("Curves")
        page.curves(run.history)
        page.test(test, on: samples)
        page.section("Options")
        page.table(
            ["option", "value"],
            Settings.all.map { [$0.name, run.configuration.shown($0)] })
        try page.model(model, input: Shape([1] + run.configuration.inputShape))
        page.distributions(of: model)
        page.environment([("Hearth", hearthVersion)])
        return page
    }

    /// What a test has found, class by class or number by number.
    private mutating func test(_ report: TestReport, on samples: Subset<ExampleSet>) {
        section("Test: \(report.samples) samples that were not trained on")
        switch report.findings {
        case .classes(let classes):
            let predictions = ClassPredictions(scores: report.outputs, targets: report.targets, names: classes.names)
            classification(predictions, matrix: classes.matrix, picture: samples.picture)
        case .numbers:
            table(["error", "value"], report.values().map { [$0.name, $0.value.fixed(4)] })
            regression(
                predicted: report.outputs.to(.float64).reshape([-1]).array(of: Double.self),
                targets: report.targets.to(.float64).reshape([-1]).array(of: Double.self))
        }
    }
}

extension Subset<ExampleSet> {
    /// Gives a sample as it is stored; nil where samples are no pictures.
    fileprivate var picture: ((_ sample: Int) -> Tensor)? {
        guard case .images(let images, _) = base else { return nil }
        return { images.images[indices[$0]] }
    }
}

extension RunConfiguration {
    /// The value as a reader wants it, a dash where there is none.
    fileprivate func shown(_ setting: any AnySetting) -> String {
        switch self[setting] {
        case .null: "–"
        case .array(let values) where values.isEmpty: "–"
        case .string(let words): words
        case let value: value.description
        }
    }
}
