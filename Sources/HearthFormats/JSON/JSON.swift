/// A JSON value whose objects keep the order of their members, for logs and configurations that people read.
///
///     let line: JSON = ["epoch": 3, "val_loss": 0.0832]
///     print(line)                        // {"epoch": 3, "val_loss": 0.0832}
///     let epoch = try JSON(parsing: text)["epoch"]?.int
public enum JSON: Sendable {
    /// `null`; also what a number that is not finite is written as, since JSON has none.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// Any number.
    case number(Double)
    /// Text.
    case string(String)
    /// Values in brackets.
    case array([JSON])
    /// Members in braces, in order.
    case object([(key: String, value: JSON)])
}

extension JSON {
    /// The value that `text` spells. Throws `FormatError`, with `name` as the file, for anything but one JSON value.
    public init(parsing text: some StringProtocol, name: String = "JSON") throws {
        var scanner = JSONScanner(Array(text.utf8), file: name, start: 0)
        self = try scanner.value()
        try scanner.expectEnd()
    }

    /// The member with this name; nil when there is none or this is no object.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text of a string.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The value of a number.
    public var double: Double? { if case .number(let value) = self { value } else { nil } }
    /// The value of a number that is whole.
    public var int: Int? { double.flatMap { Int(exactly: $0) } }
    /// The truth value.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The elements of an array.
    public var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
}

extension JSON: CustomStringConvertible {
    /// The value on one line.
    public var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): Self.text(value)
        case .string(let text): JSONScanner.quoted(text)
        case .array(let elements): "[" + elements.map(\.description).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(JSONScanner.quoted($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    /// The value with one member to a line.
    public var indented: String {
        guard case .object(let members) = self, !members.isEmpty else { return description }
        return "{\n" + members.map { "  \(JSONScanner.quoted($0.key)): \($0.value)" }.joined(separator: ",\n") + "\n}"
    }

    private static func text(_ value: Double) -> String {
        if !value.isFinite { return "null" }
        return Int(exactly: value).map { $0.magnitude < 1 << 53 ? String($0) : "\(value)" } ?? "\(value)"
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Text.
    public init(stringLiteral text: String) { self = .string(text) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object.
    public init(dictionaryLiteral members: (String, JSON)...) { self = .object(members.map { ($0, $1) }) }
}
