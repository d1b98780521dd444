import Hearth
import HearthRuns

/// Prints predictions as text, as rows of a table, or as an object a line.
struct PredictionWriter {
    /// Prints the head of a table where that is asked for. `isAlone` shows all classes of the one input.
    init(format: PredictCommand.Format, isRegression: Bool, isAlone: Bool) {
        (self.format, self.isAlone) = (format, isAlone)
        if format == .csv { print(isRegression ? "input,value" : "input,class,probability") }
    }

    private let format: PredictCommand.Format
    private let isAlone: Bool

    func write(_ predictions: [Predictor.Prediction]) {
        for prediction in predictions {
            switch (format, prediction.answer) {
            case (.text, .number(let value)): print(isAlone ? value.fixed(4) : "\(prediction.input): \(value.fixed(4))")
            case (.text, .classes(let classes)) where isAlone: show(classes)
            case (.text, .classes(let classes)):
                let best = Self.best(classes)
                print("\(prediction.input): \(best.name) \((best.probability * 100).fixed(2))%")
            case (.csv, .number(let value)): print("\(prediction.input.cell),\(value)")
            case (.csv, .classes(let classes)):
                let best = Self.best(classes)
                print("\(prediction.input.cell),\(best.name.cell),\(best.probability)")
            case (.json, .number(let value)):
                print(object(prediction, [("value", .number(value))]))
            case (.json, .classes(let classes)):
                print(
                    object(
                        prediction,
                        [
                            ("class", .string(Self.best(classes).name)),
                            ("probabilities", .object(classes.map { (key: $0.name, value: .number($0.probability)) })),
                        ]))
            }
        }
    }

    /// An object that names its input where there are several.
    private func object(_ prediction: Predictor.Prediction, _ members: [(key: String, value: JSON)]) -> JSON {
        .object((isAlone ? [] : [(key: "input", value: .string(prediction.input))]) + members)
    }

    private static func best(_ classes: [(name: String, probability: Double)]) -> (name: String, probability: Double) {
        classes.max { $0.probability < $1.probability } ?? (name: "", probability: .nan)
    }

    /// A bar for each class.
    private func show(_ classes: [(name: String, probability: Double)]) {
        let best = Self.best(classes).name
        let width = classes.map(\.name.count).max() ?? 0
        for (name, probability) in classes {
            let bar = String(repeating: "█", count: probability.isFinite ? Int((probability * 40).rounded()) : 0)
            let share = (probability * 100).fixed(2).padded(to: 6, right: true)
            print("\(name == best ? "▶" : " ") \(name.padded(to: width))  \(share)%  \(bar)")
        }
    }
}

extension String {
    /// The text as a cell of a table (RFC 4180).
    fileprivate var cell: String {
        contains { ",\"\n\r".contains($0) } ? "\"" + replacing("\"", with: "\"\"") + "\"" : self
    }
}
