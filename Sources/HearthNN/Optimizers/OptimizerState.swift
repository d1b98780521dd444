import HearthTensor

/// An option of an optimizer, as it is saved.
public enum OptionValue: Sendable, Hashable {
    case bool(Bool)
    case number(Double)
    /// A number that PyTorch needs as a whole one.
    case integer(Int)
    case text(String)
    /// Python's `None`.
    case absent
    case list([OptionValue])

    /// A list of numbers.
    public static func numbers(_ values: [Double]) -> OptionValue { .list(values.map { .number($0) }) }

    /// The number, whole or not; nil for other kinds.
    public var number: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
    /// The whole number; nil for other kinds.
    public var integer: Int? { number.flatMap { Int(exactly: $0) } }
    /// The numbers of a list; nil for other kinds.
    public var numbers: [Double]? {
        guard case .list(let values) = self else { return nil }
        let numbers = values.compactMap(\.number)
        return numbers.count == values.count ? numbers : nil
    }
    /// The elements of a list; nil for other kinds.
    public var list: [OptionValue]? { if case .list(let values) = self { values } else { nil } }
    /// The text; nil for other kinds.
    public var text: String? { if case .text(let value) = self { value } else { nil } }
    /// The truth value; nil for other kinds.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
}

/// What an optimizer needs to go on where it was: PyTorch's `optimizer.state_dict()`, with the same names.
public struct OptimizerState: Sendable {
    /// The options of one group, and the numbers of its parameters.
    public struct Group: Sendable {
        /// Under PyTorch's names: `lr`, `betas`, `weight_decay`.
        public var options: [String: OptionValue]
        /// Positions in the order of all parameters.
        public var parameters: [Int]

        /// A group with these options.
        public init(options: [String: OptionValue], parameters: [Int]) {
            self.options = options
            self.parameters = parameters
        }
    }

    /// What is kept for one parameter.
    public struct Entry: Sendable {
        /// How many steps it has taken.
        public var step: Int
        /// Under PyTorch's names: `exp_avg`, `momentum_buffer`.
        public var tensors: [String: Tensor]
        /// Lists of tensors, under PyTorch's names: the directions of `LBFGS`.
        public var lists: [String: [Tensor]]
        /// Plain numbers, under PyTorch's names.
        public var numbers: [String: OptionValue]

        /// What is kept after `step` steps.
        public init(
            step: Int, tensors: [String: Tensor], lists: [String: [Tensor]] = [:], numbers: [String: OptionValue] = [:]
        ) {
            self.step = step
            self.tensors = tensors
            self.lists = lists
            self.numbers = numbers
        }
    }

    /// The groups, in order.
    public var groups: [Group] = []
    /// By a parameter's position; parameters that were never changed have none.
    public var parameters: [Int: Entry] = [:]

    /// Nothing yet.
    public init() {}

    /// Throws when the groups have other numbers of parameters.
    func checkCounts(_ expected: [Int]) throws(OptimizerStateError) {
        guard groups.count == expected.count else {
            throw OptimizerStateError("\(groups.count) groups; expected \(expected.count)")
        }
        for (group, count) in zip(groups, expected) where group.parameters.count != count {
            throw OptimizerStateError("a group of \(group.parameters.count) parameters; expected \(count)")
        }
    }
}

/// A saved state that belongs to another optimizer.
public struct OptimizerStateError: Error, Hashable, CustomStringConvertible {
    /// What was found and what was expected.
    public let reason: String

    /// An error for this reason.
    public init(_ reason: String) { self.reason = reason }

    /// The error in words.
    public var description: String { "the optimizer's state does not fit: \(reason)" }
}
