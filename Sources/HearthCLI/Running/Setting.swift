import Hearth

/// One option of a run under its name, `batch_size`: what `config.json`, files of options and the command line share.
struct Setting {
    /// In files; on the command line `--batch-size`.
    let name: String
    let get: (RunConfiguration) -> JSON
    /// False when the value is of another kind.
    let set: (inout RunConfiguration, JSON) -> Bool

    init<Value: SettingValue>(_ name: String, _ path: WritableKeyPath<RunConfiguration, Value>) {
        self.name = name
        get = { $0[keyPath: path].json }
        set = { configuration, json in
            guard let value = Value(json) else { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    var option: String { "--" + name.replacing("_", with: "-") }

    /// Every option, in the order in which files list them.
    static var all: [Setting] {
        [
            Setting("dataset", \.dataset), Setting("data", \.data), Setting("target", \.target),
            Setting("task", \.task), Setting("model", \.model), Setting("hidden", \.hidden),
            Setting("dropout", \.dropout), Setting("pretrained", \.pretrained), Setting("freeze", \.freeze),
            Setting("epochs", \.epochs), Setting("batch_size", \.batchSize), Setting("optimizer", \.optimizer),
            Setting("lr", \.lr), Setting("schedule", \.schedule), Setting("weight_decay", \.weightDecay),
            Setting("l1", \.l1), Setting("clip", \.clip), Setting("early_stop", \.earlyStop), Setting("seed", \.seed),
            Setting("split", \.split), Setting("augment", \.augment), Setting("image_size", \.imageSize),
        ]
    }

    /// The option with this name, in the writing of files or of the command line.
    static func named(_ name: String) -> Setting? {
        let name = name.replacing("-", with: "_")
        return all.first { $0.name == name }
    }
}

/// What an option can be: a number, text, a list, or nothing.
protocol SettingValue {
    /// nil when it is of another kind.
    init?(_ json: JSON)
    var json: JSON { get }
}

extension String: SettingValue {
    init?(_ json: JSON) {
        guard let text = json.string else { return nil }
        self = text
    }

    var json: JSON { .string(self) }
}

extension Int: SettingValue {
    init?(_ json: JSON) {
        guard let number = json.int else { return nil }
        self = number
    }

    var json: JSON { .number(Double(self)) }
}

extension Double: SettingValue {
    init?(_ json: JSON) {
        guard let number = json.double else { return nil }
        self = number
    }

    var json: JSON { .number(self) }
}

// As text, since a JSON number holds 53 bits only.
extension UInt64: SettingValue {
    init?(_ json: JSON) {
        guard let number = json.string.flatMap({ UInt64($0) }) ?? json.int.flatMap({ UInt64(exactly: $0) }) else {
            return nil
        }
        self = number
    }

    var json: JSON { .string(String(self)) }
}

extension Array: SettingValue where Element: SettingValue {
    init?(_ json: JSON) {
        guard let elements = json.array else { return nil }
        let values = elements.compactMap { Element($0) }
        guard values.count == elements.count else { return nil }
        self = values
    }

    var json: JSON { .array(map(\.json)) }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    init?(_ json: JSON) {
        if case .null = json {
            self = .none
            return
        }
        guard let value = Wrapped(json) else { return nil }
        self = .some(value)
    }

    var json: JSON { self?.json ?? .null }
}
