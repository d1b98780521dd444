import Hearth

/// A step of an augmentation as it is written: a name and arguments, `RandomCrop(32, padding=4)`.
package struct StepCall {
    package let name: String
    package let text: String
    private let arguments: [(label: String?, value: Value)]

    /// What an argument can be.
    enum Value: Equatable {
        case number(Double)
        case word(String)
        case numbers([Double])
    }

    /// Reads one step. Throws `RunError`.
    init(_ text: Substring) throws {
        let text = text.trimmed
        self.text = String(text)
        guard let open = text.firstIndex(of: "(") else {
            name = String(text)
            arguments = []
            return
        }
        name = String(text[..<open].trimmed)
        guard text.last == ")" else { throw RunError("'\(text)': the bracket is not closed") }
        let inner = text[text.index(after: open)...].dropLast()
        arguments = try Self.parts(inner).map { part in
            let sides = part.split(separator: part.contains("=") ? "=" : ":", maxSplits: 1)
            guard sides.count == 2 else { return (nil, try Self.value(part.trimmed, in: text)) }
            return (String(sides[0].trimmed), try Self.value(sides[1].trimmed, in: text))
        }
    }

    /// A list of steps, with commas between them. Throws `RunError`.
    package static func list(_ text: String) throws -> [StepCall] {
        try parts(Substring(text)).map { try StepCall($0) }
    }

    /// What stands between commas outside brackets.
    private static func parts(_ text: Substring) throws -> [Substring] {
        var (parts, start, depth) = ([Substring](), text.startIndex, 0)
        for index in text.indices {
            switch text[index] {
            case "(": depth += 1
            case ")": depth -= 1
            case "," where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
            guard depth >= 0 else { throw RunError("'\(text)': a bracket is closed that was not opened") }
        }
        guard depth == 0 else { throw RunError("'\(text)': a bracket is not closed") }
        let rest = text[start...]
        return rest.trimmed.isEmpty ? parts : parts + [rest]
    }

    private static func value(_ text: Substring, in whole: Substring) throws -> Value {
        if let number = Double(text), number.isFinite { return .number(number) }
        guard text.first == "(", text.last == ")" else {
            let word = text.filter { $0 != "\"" && $0 != "'" }
            guard word.first?.isLetter == true else { throw RunError("'\(whole)': '\(text)' is no value") }
            return .word(word)
        }
        let numbers = text.dropFirst().dropLast().split(separator: ",").compactMap { Double($0.trimmed) }
        let count = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false).count
        guard numbers.count == count, count == 2 || count == 4, numbers.allSatisfy(\.isFinite) else {
            throw RunError("'\(whole)': '\(text)' should be two numbers, or four")
        }
        return .numbers(numbers)
    }
}

extension StepCall {
    /// The argument with this label, or the one at this place without a label.
    private func argument(_ label: String, _ place: Int?) -> Value? {
        if let named = arguments.first(where: { $0.label?.replacing("_", with: "") == label.replacing("_", with: "") })
        {
            return named.value
        }
        let plain = arguments.prefix { $0.label == nil }
        return place.flatMap { $0 < plain.count ? plain[$0].value : nil }
    }

    /// True when the argument was given.
    func has(_ label: String, at place: Int? = nil) -> Bool { argument(label, place) != nil }

    /// A number in a range; required where there is no fallback. Throws `RunError`.
    func number(_ label: String, at place: Int? = nil, in range: ClosedRange<Double>, or fallback: Double? = nil) throws
        -> Double
    {
        guard let value = argument(label, place) else {
            guard let fallback else { throw RunError("'\(text)' needs '\(label)'") }
            return fallback
        }
        guard case .number(let number) = value, range.contains(number) else {
            throw RunError("'\(text)': '\(label)' must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A whole number in a range.
    func integer(_ label: String, at place: Int? = nil, in range: ClosedRange<Int>, or fallback: Int? = nil) throws
        -> Int
    {
        let bounds = Double(range.lowerBound)...Double(range.upperBound)
        let value = try number(label, at: place, in: bounds, or: fallback.map { Double($0) })
        guard let whole = Int(exactly: value) else { throw RunError("'\(text)': '\(label)' must be a whole number") }
        return whole
    }

    /// Two numbers, the smaller first, in a range.
    package func span(
        _ label: String, at place: Int? = nil, in range: ClosedRange<Double>, or fallback: ClosedRange<Double>
    )
        throws -> ClosedRange<Double>
    {
        guard let value = argument(label, place) else { return fallback }
        switch value {
        case .numbers(let ends) where ends.count == 2 && ends[0] <= ends[1] && ends.allSatisfy(range.contains):
            return ends[0]...ends[1]
        case .number(let number) where range.contains(number): return number...number
        default:
            throw RunError(
                "'\(text)': '\(label)' must be two numbers, (low, high), from \(range.lowerBound) to \(range.upperBound)"
            )
        }
    }

    /// Two numbers in a range, or one for both.
    func pair(
        _ label: String, at place: Int? = nil, in range: ClosedRange<Double>, or fallback: (x: Double, y: Double)
    ) throws -> (x: Double, y: Double) {
        switch argument(label, place) {
        case nil: return fallback
        case .numbers(let both) where both.count == 2 && both.allSatisfy(range.contains): return (both[0], both[1])
        case .number(let both) where range.contains(both): return (both, both)
        default:
            throw RunError("'\(text)': '\(label)' must be two numbers from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    /// The numbers of an argument, of which there are as many as one of `counts` says; none where it is not given. One
    /// number needs no brackets.
    func numbers(
        _ label: String, at place: Int? = nil, in range: ClosedRange<Double>, counts: [Int]
    ) throws -> [Double] {
        let numbers: [Double]
        switch argument(label, place) {
        case nil: return []
        case .number(let number): numbers = [number]
        case .numbers(let several): numbers = several
        case .word: numbers = []
        }
        guard counts.contains(numbers.count), numbers.allSatisfy(range.contains) else {
            let known = counts.map(String.init).joined(separator: " or ")
            throw RunError(
                "'\(text)': '\(label)' must be \(known) numbers from \(range.lowerBound) to \(range.upperBound)")
        }
        return numbers
    }

    /// The same of whole numbers.
    func integers(_ label: String, at place: Int? = nil, in range: ClosedRange<Int>, counts: [Int]) throws -> [Int] {
        let bounds = Double(range.lowerBound)...Double(range.upperBound)
        return try numbers(label, at: place, in: bounds, counts: counts).map { number in
            guard let whole = Int(exactly: number) else {
                throw RunError("'\(text)': '\(label)' must be whole numbers")
            }
            return whole
        }
    }

    /// `true` or `false`, in any case.
    func flag(_ label: String, at place: Int? = nil, or fallback: Bool) throws -> Bool {
        guard let value = argument(label, place) else { return fallback }
        guard case .word(let word) = value, let flag = Bool(word.lowercased()) else {
            throw RunError("'\(text)': '\(label)' must be true or false")
        }
        return flag
    }

    /// True when the argument is this word.
    func isWord(_ word: String, _ label: String, at place: Int? = nil) -> Bool {
        argument(label, place) == .word(word)
    }

    /// One of several words.
    func word<Choice: CaseIterable & RawRepresentable<String>>(
        _ label: String, at place: Int? = nil, or fallback: Choice
    ) throws -> Choice {
        guard let value = argument(label, place) else { return fallback }
        if case .word(let word) = value,
            let choice = Choice.allCases.first(where: { $0.rawValue.lowercased() == word.lowercased() })
        {
            return choice
        }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw RunError("'\(text)': '\(label)' must be one of \(known)")
    }

    /// Throws `RunError` when there are arguments that the step does not have.
    func expectOnly(_ labels: [String]) throws {
        let known = Set(labels.map { $0.replacing("_", with: "") })
        if let label = arguments.compactMap(\.label).first(where: { !known.contains($0.replacing("_", with: "")) }) {
            throw RunError("'\(text)' has no '\(label)'; there are \(labels.joined(separator: ", "))")
        }
        let plain = arguments.prefix { $0.label == nil }
        guard plain.count <= labels.count, arguments.dropFirst(plain.count).allSatisfy({ $0.label != nil }) else {
            throw RunError("'\(text)': the arguments are \(labels.joined(separator: ", "))")
        }
    }
}
