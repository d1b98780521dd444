import Hearth
import HearthTune

/// What values `hearth tune` tries for which options: a file with a line for each.
///
///     lr: 1e-4..1e-1 log
///     hidden: 32..512 log
///     dropout: 0..0.5 step 0.1
///     optimizer: [adam, sgd]
///     weight_decay: 1e-6..1e-2 log if optimizer == adamw
package struct TuningSpace: Sendable {
    private let entries: [Entry]

    private struct Entry: Sendable {
        /// The setting's.
        let name: String
        let values: Values
        let condition: (name: String, value: String)?
    }

    /// The values of one option.
    private enum Values: Sendable {
        case int(ClosedRange<Int>, step: Int?, log: Bool)
        case float(ClosedRange<Double>, step: Double?, log: Bool)
        case list([JSON])
    }

    /// What no trial may change.
    private static let fixed = [
        "dataset", "data", "target", "task", "split", "seed", "epochs", "image_size", "early_stop",
    ]

    /// Reads a file. Throws `RunError` that names the line.
    package init(contentsOf path: String) throws {
        var entries: [Entry] = []
        for (name, line, value, condition) in try OptionsFile(contentsOf: path, hasConditions: true).entries {
            let place = "\(path): line \(line)"
            guard let setting = Settings.named(name), !Self.fixed.contains(setting.name) else {
                let known = Settings.all.map(\.name).filter { !Self.fixed.contains($0) }.joined(separator: ", ")
                throw RunError("\(place): '\(name)' cannot be tuned; there are \(known)")
            }
            let condition = try condition.map {
                try Self.condition($0.split(separator: " ").map(String.init), place, entries.map(\.name))
            }
            entries.append(
                Entry(name: setting.name, values: try Self.values(setting, value, place), condition: condition))
        }
        guard !entries.isEmpty else { throw RunError("\(path): no option to tune, such as 'lr: 1e-4..1e-1 log'") }
        self.entries = entries
    }

    private static func values(_ setting: any AnySetting, _ value: JSON, _ place: String) throws -> Values {
        if let list = value.array {
            guard list.count > 1, Set(list.map(\.description)).count == list.count else {
                throw RunError("\(place): a list needs two values or more, all different")
            }
            for value in list where !takes(setting, value) {
                throw RunError("\(place): '\(setting.name)' cannot be \(value)")
            }
            return .list(list)
        }
        guard let text = value.string else {
            throw RunError("\(place): expected a range such as 1e-4..1e-1 or a list such as [adam, sgd]")
        }
        return try range(text.split(separator: " ").map(String.init), setting, place)
    }

    private static func condition(
        _ words: [String], _ place: String, _ known: [String]
    ) throws -> (name: String, value: String) {
        guard words.count == 3, words[1] == "==" else {
            throw RunError("\(place): a condition is written 'if optimizer == adamw'")
        }
        let name = words[0].replacing("-", with: "_")
        guard known.contains(name) else {
            throw RunError("\(place): the condition's '\(words[0])' must stand in a line above")
        }
        return (name, words[2])
    }

    private static func range(_ words: [String], _ setting: any AnySetting, _ place: String) throws -> Values {
        let ends = (words.first ?? "").split(separator: "..").compactMap { Double($0) }
        guard ends.count == 2, ends.allSatisfy(\.isFinite), ends[0] < ends[1] else {
            throw RunError("\(place): expected a range such as 1e-4..1e-1, the smaller number first")
        }
        let rest = Array(words.dropFirst())
        let isLog = rest == ["log"]
        let step = rest.count == 2 && rest[0] == "step" ? Double(rest[1]) : nil
        guard rest.isEmpty || isLog || step ?? 0 > 0 else {
            throw RunError("\(place): after the range comes nothing, 'log' or 'step NUMBER'")
        }
        guard !isLog || ends[0] > 0 else { throw RunError("\(place): a logarithm needs numbers above 0") }
        if let step {
            // More than 1e9 steps are as good as none.
            guard step.isFinite, step <= ends[1] - ends[0], (ends[1] - ends[0]) / step <= 1e9 else {
                throw RunError("\(place): a step of \(rest[1]) does not divide the range into 1 to 1e9 parts")
            }
        }
        for end in ends where !takes(setting, .number(end)) {
            throw RunError("\(place): '\(setting.name)' cannot be \(JSON.number(end))")
        }
        // Whether the setting takes only whole numbers is found by trying a fraction.
        if takes(setting, .number(ends[0].rounded() + 0.5)) {
            return .float(ends[0]...ends[1], step: step, log: isLog)
        }
        guard let low = Int(exactly: ends[0]), let high = Int(exactly: ends[1]), let whole = Int(exactly: step ?? 1)
        else {
            throw RunError("\(place): '\(setting.name)' needs whole numbers")
        }
        return .int(low...high, step: step == nil ? nil : whole, log: isLog)
    }

    private static func takes(_ setting: any AnySetting, _ value: JSON) -> Bool {
        setting.value(from: value) != nil
    }

    /// Every value of every option, for a search of all combinations. Throws `RunError` where there is no end to them.
    package func grid() throws -> [String: [ParameterValue]] {
        var grid: [String: [ParameterValue]] = [:]
        for entry in entries {
            guard entry.condition == nil else {
                throw RunError("a grid has every combination, so '\(entry.name)' cannot have a condition")
            }
            let values: [ParameterValue]? =
                switch entry.values {
                case .int(let range, let step, let isLog):
                    step.flatMap {
                        Distribution.int(low: range.lowerBound, high: range.upperBound, step: $0, log: isLog).values
                    }
                case .float(let range, let step, let isLog):
                    Distribution.float(low: range.lowerBound, high: range.upperBound, step: step, log: isLog).values
                case .list(let choices): choices.map { .category($0.description) }
                }
            guard let values else {
                throw RunError("a grid needs a list or a step (and a million values at most) for '\(entry.name)'")
            }
            grid[entry.name] = values
        }
        return grid
    }

    /// How many combinations the grid has. Throws `RunError`.
    package func combinations() throws -> Int {
        try grid().values.reduce(1) { product, values in
            let (product, isTooLarge) = product.multipliedReportingOverflow(by: values.count)
            guard !isTooLarge else { throw RunError("the grid has more combinations than can be counted") }
            return product
        }
    }

    /// The configuration of a trial: the options of all trials, with what was suggested.
    func suggest(_ trial: Trial, _ base: RunConfiguration) throws -> RunConfiguration {
        var configuration = base
        for entry in entries {
            if let condition = entry.condition, let setting = Settings.named(condition.name) {
                let value = configuration[setting]
                guard (value.string ?? value.description) == condition.value else { continue }
            }
            let name = entry.name
            guard let setting = Settings.named(name) else { continue }
            let value: JSON =
                switch entry.values {
                case .int(let range, let step, let isLog):
                    .number(Double(trial.suggestInt(name, range, step: step ?? 1, log: isLog)))
                case .float(let range, let step, let isLog):
                    .number(trial.suggestFloat(name, range, step: step, log: isLog))
                case .list(let choices):
                    try JSON(parsing: trial.suggestCategorical(name, choices.map(\.description)), name: name)
                }
            guard configuration.set(setting, value) else {
                throw RunError("'\(name)' cannot be \(value)")
            }
        }
        try configuration.checkOptions()
        return configuration
    }
}
