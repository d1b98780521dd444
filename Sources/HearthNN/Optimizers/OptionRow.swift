import HearthTensor

/// An option of an optimizer: PyTorch's name of it, where it is kept, and what it may be. It is declared once; saved
/// states, descriptions and checks read the rows.
///
///     public static let rows: [OptionRow<Self>] = [
///         .init("lr", \.lr, .notNegative), .init("momentum", \.momentum, .fraction), .init("nesterov", \.nesterov),
///     ]
public struct OptionRow<Options>: Sendable {
    /// PyTorch's name: `weight_decay`.
    public let name: String
    let rule: OptionRule?
    private let get: @Sendable (Options) -> OptionValue
    private let set: @Sendable (inout Options, OptionValue) -> Void

    /// An option of any kind: how it is saved, and how a saved value is taken over; one of another kind changes nothing.
    public init(
        _ name: String, _ rule: OptionRule? = nil, get: @escaping @Sendable (Options) -> OptionValue,
        set: @escaping @Sendable (inout Options, OptionValue) -> Void
    ) {
        (self.name, self.rule, self.get, self.set) = (name, rule, get, set)
    }

    /// A number.
    public init(_ name: String, _ path: WritableKeyPath<Options, Double> & Sendable, _ rule: OptionRule? = nil) {
        self.init(name, rule) {
            .number($0[keyPath: path])
        } set: {
            $0[keyPath: path] = $1.number ?? $0[keyPath: path]
        }
    }

    /// A truth value.
    public init(_ name: String, _ path: WritableKeyPath<Options, Bool> & Sendable) {
        self.init(name) {
            .bool($0[keyPath: path])
        } set: {
            $0[keyPath: path] = $1.bool ?? $0[keyPath: path]
        }
    }

    /// A whole number.
    public init(_ name: String, _ path: WritableKeyPath<Options, Int> & Sendable, _ rule: OptionRule? = nil) {
        self.init(name, rule) {
            .integer($0[keyPath: path])
        } set: {
            $0[keyPath: path] = $1.integer ?? $0[keyPath: path]
        }
    }

    /// Two numbers.
    public init(
        _ name: String, _ path: WritableKeyPath<Options, (Double, Double)> & Sendable, _ rule: OptionRule? = nil
    ) {
        self.init(name, rule) {
            .numbers([$0[keyPath: path].0, $0[keyPath: path].1])
        } set: {
            if let saved = $1.numbers, saved.count == 2 { $0[keyPath: path] = (saved[0], saved[1]) }
        }
    }

    /// A word of several.
    public init<Word: RawRepresentable<String> & SendableMetatype>(
        _ name: String, _ path: WritableKeyPath<Options, Word> & Sendable
    ) {
        self.init(name) {
            .text($0[keyPath: path].rawValue)
        } set: {
            $0[keyPath: path] = $1.text.flatMap(Word.init(rawValue:)) ?? $0[keyPath: path]
        }
    }

    func value(in options: Options) -> OptionValue { get(options) }

    func take(_ value: OptionValue, into options: inout Options) { set(&options, value) }

    /// What is wrong with the option; nil when it is as it should be.
    func fault(in options: Options) -> String? {
        guard let rule else { return nil }
        let value = get(options)
        let numbers = value.number.map { [$0] } ?? value.list?.compactMap(\.number) ?? []
        return numbers.allSatisfy(rule.holds) ? nil : "\(name) must be \(rule.words); it is \(value)"
    }
}

/// What the numbers of an option may be.
public struct OptionRule: Sendable {
    let words: String
    let holds: @Sendable (Double) -> Bool

    /// The rule in words, as in "lr must be …", and whether a number keeps it.
    public init(_ words: String, _ holds: @escaping @Sendable (Double) -> Bool) {
        (self.words, self.holds) = (words, holds)
    }

    /// 0 or more.
    public static let notNegative = OptionRule("0 or more") { $0 >= 0 }
    /// 0 or less.
    public static let notPositive = OptionRule("0 or less") { $0 <= 0 }
    /// From 0 up to 1, without 1.
    public static let fraction = OptionRule("at least 0 and below 1") { (0..<1).contains($0) }
    /// From 0 to 1.
    public static let share = OptionRule("from 0 to 1") { (0...1).contains($0) }
    /// 1 or more.
    public static let atLeastOne = OptionRule("1 or more") { $0 >= 1 }
}

extension OptionValue: CustomStringConvertible {
    /// The value as PyTorch prints it.
    public var description: String {
        switch self {
        case .bool(let value): value ? "True" : "False"
        case .number(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .text(let value): value
        case .absent: "None"
        case .list(let values): "(" + values.map(\.description).joined(separator: ", ") + ")"
        }
    }
}
