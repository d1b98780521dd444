import HearthDescription

/// What the value of a setting must be, beyond its kind.
struct SettingRule<Value: WrittenValue>: Sendable {
    /// Why the setting with this name cannot have a value; nil when it can.
    let complaint: @Sendable (_ name: String, _ value: Value) -> String?
    /// The rule in words that go on after the setting's name, where it can be said so.
    let words: String?

    /// Any value will do.
    static var none: SettingRule { SettingRule { _, _ in nil } }

    /// `words` go on after the setting's name: `must be positive`.
    init(_ words: String, _ holds: @escaping @Sendable (Value) -> Bool) {
        complaint = { name, value in holds(value) ? nil : "'\(name)' \(words); it is \(value.json)" }
        self.words = words
    }

    init(complaint: @escaping @Sendable (_ name: String, _ value: Value) -> String?) {
        self.complaint = complaint
        words = nil
    }
}

extension SettingRule {
    /// The value must be text, and one of these names.
    static func oneOf(_ names: [String]) -> SettingRule {
        SettingRule { name, value in
            guard let text = value.json.string, !names.contains(text) else { return nil }
            return unknown(name.replacing("_", with: " "), text, among: names)
        }
    }
}

/// How large a layer or an input may be: more is a mistake rather than a wish.
package let largestSize = 1_000_000

extension SettingRule where Value == Int {
    /// A size of a layer or a batch.
    static var size: SettingRule { SettingRule { name, size in SettingRule<[Int]>.sizes.complaint(name, [size]) } }
}

extension SettingRule where Value == [Int] {
    /// Sizes of layers.
    static var sizes: SettingRule {
        SettingRule { name, sizes in
            sizes.first { !(1...largestSize).contains($0) }
                .map { "'\(name)' must be from 1 to a million; it is \($0)" }
        }
    }
}
