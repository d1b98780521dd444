import Hearth

/// One option of a run: its name in files of options and, with dashes, on the command line; its value when it is left
/// out; what it may be; and what the command line says of it.
package struct Setting<Value: WrittenValue>: AnySetting {
    package let name: String
    let fallback: Value
    package let section: SettingSection?
    package let help: SettingHelp
    package let isRepeated: Bool
    private let rule: SettingRule<Value>
    private let read: @Sendable (String) throws -> Value?

    /// - Parameters:
    ///   - section: Where the command line lists it; nil for what is not an option there.
    ///   - isRepeated: The option may be given several times, for an element each.
    ///   - read: How a word of the command line is understood where that is not the way of its type. nil when it is not.
    init(
        _ name: String, _ fallback: Value, in section: SettingSection? = nil, _ help: SettingHelp = "",
        rule: SettingRule<Value> = .none, isRepeated: Bool = false,
        read: @escaping @Sendable (String) throws -> Value? = { Value(written: $0) }
    ) {
        self.name = name
        self.fallback = fallback
        self.section = section
        self.help = help
        self.rule = rule
        self.isRepeated = isRepeated
        self.read = read
    }

    package var fallbackJSON: JSON { fallback.json }

    package func value(from json: JSON) -> JSON? { (Value(json) ?? Value(.array([json])))?.json }

    package func check(_ json: JSON) throws {
        guard let value = Value(json) else { throw RunError("'\(name)' cannot be \(json)") }
        if let complaint = rule.complaint(name, value) { throw RunError(complaint) }
    }

    package func value(written text: String) throws -> JSON {
        guard let value = try read(text) else {
            throw RunError("it must be \(Value.kind)" + (rule.words.map { "; '\(name)' \($0)" } ?? ""))
        }
        try check(value.json)
        return value.json
    }
}

/// A setting whose type of value does not matter: values are JSON.
package protocol AnySetting: Sendable {
    var name: String { get }
    var section: SettingSection? { get }
    var help: SettingHelp { get }
    var isRepeated: Bool { get }
    var fallbackJSON: JSON { get }

    /// The value as the setting keeps it, a single one as a list of one where the setting is a list; nil when it is of
    /// another kind.
    func value(from json: JSON) -> JSON?
    /// Throws `RunError` for a value that the setting cannot have.
    func check(_ json: JSON) throws
    /// The value that a word of the command line means. Throws `RunError` for one that the setting cannot have.
    func value(written text: String) throws -> JSON
}

extension AnySetting {
    /// On the command line.
    package var option: String { "--" + name.replacing("_", with: "-") }
}

/// The parts of the command line's list of options.
package enum SettingSection: Sendable { case data, network, training }

/// What the command line says of an option.
package struct SettingHelp: ExpressibleByStringInterpolation, Sendable {
    package let text: String
    /// What the help shows for the value, `--freeze <pattern>`; the option's name when nil.
    package let valueName: String?

    package init(_ text: String, valueName: String? = nil) { (self.text, self.valueName) = (text, valueName) }
    package init(stringLiteral text: String) { self.init(text) }
}
