import Hearth
import HearthDescription

extension RunConfiguration {
    /// As `config.json` holds it.
    var json: JSON {
        .object(
            Settings.all.map { (key: $0.name, value: self[$0]) } + [
                (key: "input_shape", value: inputShape.json), (key: "classes", value: classes.json),
                (key: "mean", value: mean.json), (key: "std", value: std.json),
                (key: "columns", value: columns.json), (key: "target_scale", value: targetScale.json),
                (key: "network", value: network.map { .string($0.yaml) } ?? .null), (key: "record", value: record),
            ])
    }

    /// Reads what `json` gives. Throws `RunError` that names what is missing.
    init(_ json: JSON, file: String) throws {
        self.init()
        for setting in Settings.all {
            // Runs of earlier versions lack the options that came later.
            if json[setting.name] == nil, !Self.everyRunHas.contains(setting.name) { continue }
            guard let value = json[setting.name], set(setting, value) else {
                throw RunError("\(file): '\(setting.name)' is missing or wrong")
            }
        }
        func get<T: SettingValue>(_ name: String, _ fallback: T? = nil) throws -> T {
            if json[name] == nil, let fallback { return fallback }
            guard let value = json[name].flatMap({ T($0) }) else {
                throw RunError("\(file): '\(name)' is missing or wrong")
            }
            return value
        }
        inputShape = try get("input_shape")
        classes = try get("classes")
        mean = try get("mean")
        std = try get("std")
        columns = try get("columns", [])
        targetScale = try get("target_scale", [])
        network = try json["network"]?.string.map { try NetworkDescription(yaml: $0, name: self.model) }
        record = json["record"] ?? .null
        do { try check() } catch { throw RunError("\(file): \(error)") }
    }

    private static let everyRunHas = [
        "dataset", "data", "model", "hidden", "epochs", "batch_size", "optimizer", "lr", "seed", "split",
    ]

    /// Sets what a file of options says. Throws `RunError` for unknown options and values of another kind.
    package mutating func apply(_ file: OptionsFile) throws {
        for (name, line, value, _) in file.entries {
            guard let setting = Settings.named(name) else {
                let words = unknown("option", name, among: Settings.all.map(\.name))
                throw RunError("\(file.path): line \(line): \(words)")
            }
            guard set(setting, value) else {
                throw RunError("\(file.path): line \(line): '\(name)' cannot be \(value)")
            }
        }
    }

    /// The settings as a file of options: JSON's values are YAML's.
    package var optionsText: String { Settings.all.map { "\($0.name): \(self[$0])\n" }.joined() }
}
