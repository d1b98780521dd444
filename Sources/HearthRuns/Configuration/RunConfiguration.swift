import Hearth
import HearthDescription

/// Everything that decides how a run goes: what `config.json` holds, and what `evaluate` and `predict` need to make the
/// same model and the same inputs again. Each row of `Settings` is a property: `run.lr` is the value of `Settings.lr`.
@dynamicMemberLookup
package struct RunConfiguration: Sendable {
    /// Of the settings that were given, under their names.
    private var values: [String: JSON] = [:]

    // What was learned from the data.

    /// The shape of one input.
    package var inputShape: [Int] = []
    package var classes: [String] = []
    /// What is taken from each feature, and what it is divided by: of pictures one number for each channel. Worked out
    /// from the samples that are trained on.
    package var mean: [Double] = []
    package var std: [Double] = []
    /// How the columns of a table become features.
    package var columns: [TableColumn] = []
    /// Mean and deviation of the numbers that a regression predicts.
    var targetScale: [Double] = []

    /// What the file of layers said when the run was started, for a network that is described by one.
    var network: NetworkDescription?

    /// Where the run comes from: version, command, a digest of the data, libraries. For people; nothing reads it.
    package var record = JSON.null

    /// Every setting has the value that it has when it is left out.
    package init() {}

    /// The value of a setting.
    package subscript<Value>(dynamicMember row: KeyPath<Settings, Setting<Value>>) -> Value {
        get {
            let setting = Settings.table[keyPath: row]
            return values[setting.name].flatMap { Value($0) } ?? setting.fallback
        }
        set { values[Settings.table[keyPath: row].name] = newValue.json }
    }

    /// The value of a setting, as files have it.
    package subscript(setting: any AnySetting) -> JSON { values[setting.name] ?? setting.fallbackJSON }

    /// Gives a setting a value as files have it, a single one for a list of one. False when it is of another kind.
    package mutating func set(_ setting: any AnySetting, _ json: JSON) -> Bool {
        guard let value = setting.value(from: json) else { return false }
        values[setting.name] = value
        return true
    }

    package var isRegression: Bool { self.task == "regression" }
}
