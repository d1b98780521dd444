import HearthTensor

/// The options of a layer as they were written, and the shape of what it is given.
struct LayerOptions {
    let file: String
    let kind: String
    let place: DescriptionError.Place
    let values: [String: YAML]
    /// The shape that arrives, with a batch.
    let input: Shape
    let outputs: Int?
    let generator: Generator?

    /// The largest number of channels, features or words.
    static let largestSize = 1_000_000
    /// The largest number of a window: of its size, its steps, its border.
    static let largestWindow = 1000

    func error(_ rule: String, at name: String? = nil) -> DescriptionError {
        DescriptionError(file: file, place: name.flatMap { values[$0]?.place } ?? place, rule: rule)
    }

    private func wrong(_ name: String, _ expected: String, _ found: YAML) -> DescriptionError {
        error("'\(name)' of \(kind) must be \(expected), found \(found)", at: name)
    }

    private func missing(_ name: String) -> DescriptionError { error("\(kind) needs '\(name)'") }

    func isGiven(_ name: String) -> Bool { values[name] != nil }

    /// A whole number in a range; `outputs` is the number that the caller gives. Throws without a value and a fallback.
    func int(
        _ name: String, _ fallback: Int? = nil, in range: ClosedRange<Int> = 1...largestSize
    ) throws(DescriptionError) -> Int {
        guard let value = values[name] else {
            guard let fallback else { throw missing(name) }
            return fallback
        }
        return try int(value, name, range)
    }

    private func int(_ value: YAML, _ name: String, _ range: ClosedRange<Int>) throws(DescriptionError) -> Int {
        let words = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard case .scalar(let text, false) = value.content else { throw wrong(name, words, value) }
        if text == "outputs" {
            guard let outputs else { throw error("nobody says how many outputs there are", at: name) }
            return outputs
        }
        guard let number = Int(text), range.contains(number) else { throw wrong(name, words, value) }
        return number
    }

    /// A size that follows from the shape that arrives; one that is written must be that.
    func follows(_ name: String, dim: Int) throws(DescriptionError) -> Int {
        let index = dim < 0 ? input.count + dim : dim
        guard input.indices.contains(index) else {
            throw error("\(kind) cannot take \(NetworkPlanner.text(input)): it has too few dimensions")
        }
        let written = try int(name, input[index])
        guard written == input[index] else {
            throw error(
                "'\(name)' of \(kind) is \(written), but \(NetworkPlanner.text(input)) arrives there, with \(input[index])",
                at: name)
        }
        return written
    }

    /// One number for all dimensions, or one for each.
    func extent(
        _ name: String, _ rank: Int, _ fallback: Int? = nil, in range: ClosedRange<Int> = 1...largestWindow
    ) throws(DescriptionError) -> [Int] {
        guard let value = values[name] else {
            guard let fallback else { throw missing(name) }
            return Array(repeating: fallback, count: rank)
        }
        guard case .list(let elements) = value.content else {
            return Array(repeating: try int(value, name, range), count: rank)
        }
        guard elements.count == rank else {
            throw error("'\(name)' of \(kind) must be one number, or \(rank); found \(elements.count)", at: name)
        }
        return try elements.map { element throws(DescriptionError) in try int(element, name, range) }
    }

    /// As `extent`, or nil when nothing is written.
    func optionalExtent(_ name: String, _ rank: Int) throws(DescriptionError) -> [Int]? {
        isGiven(name) ? try extent(name, rank) : nil
    }

    /// Whole numbers, one alone for a list of one.
    func ints(_ name: String, in range: ClosedRange<Int> = 1...largestSize) throws(DescriptionError) -> [Int] {
        guard let value = values[name] else { throw missing(name) }
        guard case .list(let elements) = value.content, !elements.isEmpty else { return [try int(value, name, range)] }
        return try elements.map { element throws(DescriptionError) in try int(element, name, range) }
    }

    /// A number in a range.
    func number(
        _ name: String, _ fallback: Double? = nil,
        in range: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    ) throws(DescriptionError) -> Double {
        guard let value = values[name] else {
            guard let fallback else { throw missing(name) }
            return fallback
        }
        let isBounded = range.upperBound < .greatestFiniteMagnitude
        let words = isBounded ? "a number from \(range.lowerBound) to \(range.upperBound)" : "a number"
        guard case .scalar(let text, false) = value.content, let number = Double(text), range.contains(number) else {
            throw wrong(name, words, value)
        }
        return number
    }

    /// A probability.
    func probability(_ name: String, _ fallback: Double) throws(DescriptionError) -> Double {
        try number(name, fallback, in: 0...1)
    }

    /// `true` or `false`.
    func flag(_ name: String, _ fallback: Bool) throws(DescriptionError) -> Bool {
        guard let value = values[name] else { return fallback }
        guard case .scalar(let text, false) = value.content, let flag = Bool(text.lowercased()) else {
            throw wrong(name, "true or false", value)
        }
        return flag
    }

    /// One of several words; the first when nothing is written.
    func choice<T>(_ name: String, _ choices: KeyValuePairs<String, T>) throws(DescriptionError) -> T {
        guard let value = values[name] else { return choices[0].value }
        guard case .scalar(let text, _) = value.content, let choice = choices.first(where: { $0.key == text }) else {
            throw wrong(name, choices.map { "'\($0.key)'" }.joined(separator: " or "), value)
        }
        return choice.value
    }
}
