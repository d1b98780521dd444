import Hearth

/// A file of options, `batch_size: 128`, one to a line.
///
/// What is read of YAML is what options need: plain and quoted values, lists in brackets or with a dash to a line, and
/// comments. Everything else is refused with its line. A whole YAML library would bring Foundation with it, and 48 MB
/// into a binary of 20.
package struct OptionsFile {
    let path: String
    /// The options in their order; the condition of a line is what stands behind `if`, where a file has conditions.
    private(set) var entries: [(name: String, line: Int, value: JSON, condition: String?)] = []
    private let hasConditions: Bool
    /// The names so far.
    private var names: Set<String> = []
    /// The elements of the list that the last option begins, a dash to a line.
    private var elements: [JSON] = []

    /// Reads a file. Throws `RunError` that names the line.
    ///
    /// `unnamed` is the option whose elements may stand at the beginning, a dash to a line, without its name. With
    /// `hasConditions` a line may end in `if optimizer == adamw`.
    package init(contentsOf path: String, unnamed: String? = nil, hasConditions: Bool = false) throws {
        self.path = path
        self.hasConditions = hasConditions
        if let unnamed { entries.append((unnamed, 1, .null, nil)) }
        let text = String(decoding: try TextFile.read(path), as: UTF8.self)
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let content = Self.withoutComment(line).trimmed
            if content.isEmpty || content == "---" { continue }
            try read(content, isNested: line.first?.isWhitespace == true, "\(path): line \(index + 1)", index + 1)
        }
        endList()
    }

    /// Gives the last option the elements that were read.
    private mutating func endList() {
        if !elements.isEmpty { entries[entries.count - 1].value = .array(elements) }
        elements = []
    }

    private mutating func read(_ content: Substring, isNested: Bool, _ place: String, _ line: Int) throws {
        if content == "-" || content.hasPrefix("- ") {
            try appendElement(content.dropFirst().trimmed, place)
            return
        }
        guard !isNested, let colon = content.firstIndex(of: ":") else {
            throw RunError("\(place): expected options such as 'epochs: 5', one to a line")
        }
        let name = String(content[..<colon].trimmed)
        let rest = content[content.index(after: colon)...]
        guard rest.isEmpty || rest.first?.isWhitespace == true else {
            throw RunError("\(place): expected a space after '\(name):'")
        }
        // The option whose name may be left out is written with its name here.
        if name == entries.first?.name, case .null = entries[0].value, rest.trimmed.isEmpty { return }
        endList()
        guard names.insert(name).inserted, name != entries.first?.name else {
            throw RunError("\(place): the option '\(name)' stands there twice")
        }
        let (text, condition) = hasConditions ? Self.dividedAtCondition(rest.trimmed) : (rest.trimmed, nil)
        entries.append((name, line, try Self.value(text, place), condition.map { String($0) }))
    }

    /// A value and what stands behind the word `if`, outside brackets.
    private static func dividedAtCondition(_ text: Substring) -> (value: Substring, condition: Substring?) {
        let start = text.first == "[" ? text.lastIndex(of: "]") ?? text.startIndex : text.startIndex
        let words = text[start...].split(separator: " ")
        guard let word = words.dropFirst(text.first == "[" ? 1 : 0).first(where: { $0 == "if" }) else {
            return (text, nil)
        }
        return (text[..<word.startIndex].trimmed, text[word.endIndex...].trimmed)
    }

    /// One more element of the list that the option before begins.
    private mutating func appendElement(_ text: Substring, _ place: String) throws {
        guard let last = entries.last else {
            throw RunError("\(place): expected options such as 'epochs: 5', one to a line")
        }
        guard case .null = last.value else {
            throw RunError("\(place): '\(last.name)' has a value already, and cannot be a list as well")
        }
        elements.append(try Self.value(text, place))
    }

    /// The line up to a `#` that begins it or follows a space, outside quotation marks.
    private static func withoutComment(_ line: Substring) -> Substring {
        var quote: Character?
        var before: Character = " "
        for index in line.indices {
            let character = line[index]
            if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'", !before.isLetter, !before.isNumber {
                quote = character
            } else if quote == nil, character == "#", before.isWhitespace {
                return line[..<index]
            }
            before = character
        }
        return line
    }

    private static func value(_ text: Substring, _ place: String) throws -> JSON {
        switch text.first {
        case nil: return .null
        case "[":
            guard text.last == "]" else { throw RunError("\(place): the list is not closed") }
            let inner = text.dropFirst().dropLast()
            return inner.trimmed.isEmpty ? .array([]) : .array(try elements(inner, place))
        case "\"":
            guard let text = try? JSON(parsing: text) else { throw RunError("\(place): \(text) is no text in quotes") }
            return text
        case "'":
            guard text.count > 1, text.last == "'" else { throw RunError("\(place): \(text) is no text in quotes") }
            return .string(String(text.dropFirst().dropLast()).replacing("''", with: "'"))
        case "{", "|", ">", "&", "!": throw RunError("\(place): expected a value or a list of values")
        default: return plain(text)
        }
    }

    /// The elements between brackets; commas inside quotation marks are text.
    private static func elements(_ text: Substring, _ place: String) throws -> [JSON] {
        var (parts, start) = ([Substring](), text.startIndex)
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'" {
                quote = character
            } else if quote == nil, character == "," {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return try (parts + [text[start...]]).map { part in
            let part = part.trimmed
            guard !part.isEmpty, part.first != "[" else {
                throw RunError("\(place): expected a value between the commas of the list")
            }
            return try value(part, place)
        }
    }

    private static func plain(_ text: Substring) -> JSON {
        switch text.lowercased() {
        case "~", "null": .null
        case "true": .bool(true)
        case "false": .bool(false)
        default: Double(text).map { .number($0) } ?? .string(String(text))
        }
    }

    /// The texts of a list. Throws `RunError` when it is no list of texts.
    func strings(of name: String) throws -> [String] {
        if let other = entries.first(where: { $0.name != name }) {
            throw RunError("\(path): line \(other.line): '\(other.name)' does not belong here; there is '\(name)'")
        }
        guard let entry = entries.first(where: { $0.name == name }), let strings = [String](entry.value) else {
            throw RunError("\(path): expected a list, '- RandomHorizontalFlip' and so on")
        }
        return strings
    }
}
