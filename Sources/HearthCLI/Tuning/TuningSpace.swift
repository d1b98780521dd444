import Hearth
import HearthTune

/// What values `hearth tune` tries for which options: a file with a line for each.
///
///     lr: 1e-4..1e-1 log
///     hidden: 32..512 log
///     dropout: 0..0.5 step 0.1
///     optimizer: [adam, sgd]
///     weight_decay: 1e-6..1e-2 log if optimizer == adamw
struct TuningSpace: Sendable {
    private let entries: [Entry]

    private struct Entry: Sendable {
        /// The setting's.
        let name: String
        let values: Values
        let condition: (name: String, value: String)?
    }

    /// The values of one option.
    private enum Values: Sendable {
        case int(ClosedRange<Int>, step: Int, log: Bool)
        case float(ClosedRange<Double>, step: Double?, log: Bool)
        case list([JSON])
    }

    /// What no trial may change.
    private static let fixed = [
        "dataset", "data", "target", "task", "split", "seed", "epochs", "image_size", "early_stop",
    ]

    /// Reads a file. Throws `RunError` that names the line.
    init(contentsOf path: String) throws {
        var entries: [Entry] = []
        for (name, line, value) in try OptionsFile(contentsOf: path).entries {
            let place = "\(path): line \(line)"
            guard let setting = Setting.named(name), !Self.fixed.contains(setting.name) else {
                let known = Setting.all.map(\.name).filter { !Self.fixed.contains($0) }.joined(separator: ", ")
                throw RunError("\(place): '\(name)' cannot be tuned; there are \(known)")
            }
            entries.append(try Self.entry(setting, value, place, known: entries.map(\.name)))
        }
        guard !entries.isEmpty else { throw RunError("\(path): no option to tune, such as 'lr: 1e-4..1e-1 log'") }
        self.entries = entries
    }

    private static func entry(_ setting: Setting, _ value: JSON, _ place: String, known: [String]) throws -> Entry {
        if let list = value.array {
            guard list.count > 1, Set(list.map(\.description)).count == list.count else {
                throw RunError("\(place): a list needs two values or more, all different")
            }
            for value in list where !takes(setting, value) {
                throw RunError("\(place): '\(setting.name)' cannot be \(value)")
            }
            return Entry(name: setting.name, values: .list(list), condition: nil)
        }
        guard let text = value.string else {
            throw RunError("\(place): expected a range such as 1e-4..1e-1 or a list such as [adam, sgd]")
        }
        let words = text.split(separator: " ").map(String.init)
        let end = words.firstIndex(of: "if") ?? words.count
        let condition = end < words.count ? try condition(Array(words[(end + 1)...]), place, known) : nil
        return Entry(name: setting.name, values: try range(words[..<end], setting, place), condition: condition)
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

    private static func range(_ words: ArraySlice<String>, _ setting: Setting, _ place: String) throws -> Values {
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
        for end in ends where !takes(setting, .number(end)) {
            throw RunError("\(place): '\(setting.name)' cannot be \(JSON.number(end))")
        }
        // An option of whole numbers refuses others.
        if takes(setting, .number(ends[0].rounded() + 0.5)) {
            return .float(ends[0]...ends[1], step: step, log: isLog)
        }
        guard let low = Int(exactly: ends[0]), let high = Int(exactly: ends[1]), let whole = Int(exactly: step ?? 1)
        else {
            throw RunError("\(place): '\(setting.name)' needs whole numbers")
        }
        return .int(low...high, step: whole, log: isLog)
    }

    private static func takes(_ setting: Setting, _ value: JSON) -> Bool {
        var configuration = RunConfiguration()
        return setting.set(&configuration, value) || setting.set(&configuration, .array([value]))
    }

    /// The configuration of a trial: the options of all trials, with what was suggested.
    func suggest(_ trial: Trial, _ base: RunConfiguration) throws -> RunConfiguration {
        var configuration = base
        for entry in entries {
            if let condition = entry.condition, let setting = Setting.named(condition.name) {
                let value = setting.get(configuration)
                guard (value.string ?? value.description) == condition.value else { continue }
            }
            let name = entry.name
            guard let setting = Setting.named(name) else { continue }
            let value: JSON =
                switch entry.values {
                case .int(let range, let step, let isLog):
                    .number(Double(trial.suggestInt(name, range, step: step, log: isLog)))
                case .float(let range, let step, let isLog):
                    .number(trial.suggestFloat(name, range, step: step, log: isLog))
                case .list(let choices):
                    try JSON(parsing: trial.suggestCategorical(name, choices.map(\.description)), name: name)
                }
            guard setting.set(&configuration, value) || setting.set(&configuration, .array([value])) else {
                throw RunError("'\(name)' cannot be \(value)")
            }
        }
        try configuration.checkOptions()
        return configuration
    }
}
