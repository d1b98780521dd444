import Hearth

/// What the folder of a run can hold under a name: a number, text, a list, or nothing.
package protocol SettingValue: Sendable {
    /// nil when it is of another kind.
    init?(_ json: JSON)
    var json: JSON { get }
}

/// A value that a user can also write as one word of a command line.
package protocol WrittenValue: SettingValue {
    /// nil when the text is of another kind.
    init?(written text: String)
    /// What a text must be, with its article.
    static var kind: String { get }
}

extension String: WrittenValue {
    package init?(_ json: JSON) {
        guard let text = json.string else { return nil }
        self = text
    }

    package init?(written text: String) { self = text }
    package static var kind: String { "a text" }
    package var json: JSON { .string(self) }
}

extension Int: WrittenValue {
    package init?(_ json: JSON) {
        guard let number = json.int else { return nil }
        self = number
    }

    package init?(written text: String) { self.init(text) }
    package static var kind: String { "a whole number" }
    package var json: JSON { .number(Double(self)) }
}

extension Double: WrittenValue {
    package init?(_ json: JSON) {
        guard let number = json.double else { return nil }
        self = number
    }

    package init?(written text: String) {
        guard let number = Double(text), number.isFinite else { return nil }
        self = number
    }

    package static var kind: String { "a finite number" }
    package var json: JSON { .number(self) }
}

// As text, since a JSON number holds 53 bits only.
extension UInt64: WrittenValue {
    package init?(_ json: JSON) {
        guard let number = json.string.flatMap({ UInt64($0) }) ?? json.int.flatMap({ UInt64(exactly: $0) }) else {
            return nil
        }
        self = number
    }

    package init?(written text: String) { self.init(text) }
    package static var kind: String { "a whole number that is not negative" }
    package var json: JSON { .string(String(self)) }
}

extension Array: SettingValue where Element: SettingValue {
    package init?(_ json: JSON) {
        guard let elements = json.array else { return nil }
        let values = elements.compactMap { Element($0) }
        guard values.count == elements.count else { return nil }
        self = values
    }

    package var json: JSON { .array(map(\.json)) }
}

extension Array: WrittenValue where Element: WrittenValue {
    /// Elements with commas between them.
    package init?(written text: String) {
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = words.compactMap { Element(written: String($0)) }
        guard values.count == words.count else { return nil }
        self = values
    }

    package static var kind: String { "a list with commas between, each element \(Element.kind)" }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    package init?(_ json: JSON) {
        if case .null = json {
            self = .none
            return
        }
        guard let value = Wrapped(json) else { return nil }
        self = .some(value)
    }

    package var json: JSON { self?.json ?? .null }
}

extension Optional: WrittenValue where Wrapped: WrittenValue {
    package init?(written text: String) {
        guard let value = Wrapped(written: text) else { return nil }
        self = .some(value)
    }

    package static var kind: String { Wrapped.kind }
}
