import HearthNN
import HearthTensor
import HearthTrain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Page {
    /// The curves of a training: a chart for each value, training and validation in one. A learning rate that never changes
    /// is a line of text.
    public mutating func curves(_ history: History) {
        let named = Self.valueNames([history]).map { name in
            let series = [("train", "train_\(name)"), ("validation", "val_\(name)"), (name, name)]
                .filter { history.has($0.1) }.map { LineChart.Series($0.0, history.points($0.1)) }
            return (name: name, title: name, series: series)
        }
        curves(named)
    }

    /// The curves of several trainings, each a line: of values that are measured in validation, those alone.
    public mutating func curves(comparing runs: [(name: String, history: History)]) {
        let named = Self.valueNames(runs.map(\.history)).map { name in
            let key = ["val_\(name)", "train_\(name)", name].first { key in runs.contains { $0.history.has(key) } }
            let title = key?.hasPrefix("val_") == true ? "validation \(name)" : name
            let series = runs.filter { $0.history.has(key ?? name) }
                .map { LineChart.Series($0.name, $0.history.points(key ?? name)) }
            return (name: name, title: title, series: series)
        }
        curves(named)
    }

    private mutating func curves(_ values: [(name: String, title: String, series: [LineChart.Series])]) {
        let isConstant = { (name: String, series: [LineChart.Series]) in
            name == "lr" && series.allSatisfy { Set($0.points.map(\.y)).count == 1 }
        }
        charts(
            values.filter { !isConstant($0.name, $0.series) }.flatMap { _, title, series in
                [Self.chart(title, series)] + Self.enlarged(title, series)
            })
        for (name, _, series) in values where isConstant(name, series) {
            let rates = series.map { line in
                (series.count > 1 ? "\(line.name) " : "") + (line.points.first?.y.short ?? "–")
            }
            text("Learning rate throughout: \(rates.joined(separator: ", "))")
        }
    }

    /// The later part of curves by itself, where it lies so close to an end of the chart that nothing is seen of it: after a
    /// quarter of the epochs all values are within a tenth of the whole height.
    private static func enlarged(_ title: String, _ series: [LineChart.Series]) -> [LineChart] {
        let all = series.flatMap(\.points).filter { $0.y.isFinite }
        guard let last = all.map(\.x).max(), last >= 8 else { return [] }
        let start = (last / 4).rounded(.up)
        let late = all.filter { $0.x > start }.map(\.y)
        guard let low = late.min(), let high = late.max(), let least = all.map(\.y).min(),
            let most = all.map(\.y).max(),
            high > low, high - low < (most - least) / 10
        else { return [] }
        return [
            chart(
                "\(title) after epoch \(Int(start))",
                series.map { line in LineChart.Series(line.name, line.points.filter { $0.x > start }) })
        ]
    }

    /// Narrow, so that words can be read on a telephone.
    private static func chart(_ name: String, _ series: [LineChart.Series]) -> LineChart {
        LineChart(name == "lr" ? "learning rate" : name, x: "epoch", series: series, width: 420, height: 280)
    }

    /// The names of values without what tells training from validation, in the order in which they come.
    private static func valueNames(_ histories: [History]) -> [String] {
        var names: [String] = []
        for value in histories.joined().flatMap(\.values) {
            var name = value.name[...]
            for part in ["train_", "val_"] where name.hasPrefix(part) { name = name.dropFirst(part.count) }
            if !names.contains(String(name)) { names.append(String(name)) }
        }
        return names
    }

    /// How the elements of a model's weights are distributed, and of their gradients where there are any: of the `limit`
    /// largest parameters of two dimensions or more.
    public mutating func distributions(of model: Module, limit: Int = 12) {
        let matrices = model.namedParameters.filter { $0.parameter.tensor.rank > 1 }
        let largest = Set(
            matrices.sorted { $0.parameter.tensor.count > $1.parameter.tensor.count }.prefix(limit).map(\.name))
        for (heading, tensor) in [
            ("Weights", { $0.tensor }), ("Gradients of the last step", { $0.grad }),
        ] as [(String, (Parameter) -> Tensor?)] {
            let charts = matrices.filter { largest.contains($0.name) }.compactMap { name, parameter in
                tensor(parameter).map {
                    HistogramChart(name, x: "", series: [.init(name, $0)], width: 280, height: 180)
                }
            }
            guard !charts.isEmpty else { continue }
            section(heading)
            self.charts(charts)
        }
    }

    /// The layers of a model, for an input of this shape. Throws `ShapeError` when it does not fit.
    public mutating func model(_ model: any Layer, input: Shape) throws {
        section("Model")
        text("\(try model.summary(input: input))")
    }

    /// The machine and the libraries that were found on it, after rows of the caller's own.
    public mutating func environment(_ rows: [(name: String, value: String)] = []) {
        section("Environment")
        let libraries = NativeLibrary.all.map { library in
            (name: library.name, value: library.isFound ? library.version ?? "found" : "not found")
        }
        table(
            ["what", "value"],
            (rows + [("system", Self.system), ("threads", String(Threads.count))] + libraries).map {
                [$0.name, $0.value]
            })
    }

    private static var system: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        func text(_ field: some Any) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return "\(text(names.sysname)) \(text(names.release)) \(text(names.machine))"
    }
}

extension Page {
    /// Predicted numbers beside the true ones, and how the differences are distributed.
    public mutating func regression(predicted: [Double], targets: [Double]) {
        let ends = [targets.min() ?? 0, targets.max() ?? 1]
        // At most as many points as a page can hold: every n-th sample.
        let step = max(1, targets.count / 2000)
        let points = stride(from: 0, to: targets.count, by: step).map { (x: targets[$0], y: predicted[$0]) }
        charts([
            ScatterChart(
                "Predicted and true", x: "true", y: "predicted", series: [.init("test", points)],
                guide: ends.map { (x: $0, y: $0) }),
            HistogramChart(
                "Predicted less true", x: "difference",
                series: [.init("test", zip(predicted, targets).map { $0 - $1 })], height: 320),
        ])
    }
}
