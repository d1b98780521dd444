import HearthTensor

/// An option of an optimizer, as it is saved.
public enum OptionValue: Sendable, Hashable {
    case bool(Bool)
    case number(Double)
    case numbers([Double])

    /// The number; nil for other kinds.
    public var number: Double? { if case .number(let value) = self { value } else { nil } }
    /// The numbers; nil for other kinds.
    public var numbers: [Double]? { if case .numbers(let values) = self { values } else { nil } }
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

        /// What is kept after `step` steps.
        public init(step: Int, tensors: [String: Tensor]) {
            self.step = step
            self.tensors = tensors
        }
    }

    /// The groups, in order.
    public var groups: [Group] = []
    /// By a parameter's position; parameters that were never changed have none.
    public var parameters: [Int: Entry] = [:]

    /// Nothing yet.
    public init() {}

    /// Throws when groups, parameters or shapes are not those of an optimizer.
    func check(against shapes: [[Shape]]) throws(OptimizerStateError) {
        guard groups.count == shapes.count else {
            throw OptimizerStateError("\(groups.count) groups; expected \(shapes.count)")
        }
        var position = 0
        for (group, expected) in zip(groups, shapes) {
            guard group.parameters.count == expected.count else {
                throw OptimizerStateError(
                    "a group of \(group.parameters.count) parameters; expected \(expected.count)")
            }
            for shape in expected {
                for (name, tensor) in parameters[position]?.tensors ?? [:] where tensor.shape != shape {
                    throw OptimizerStateError(
                        "\(name) of parameter \(position) has shape \(tensor.shape); expected \(shape)")
                }
                position += 1
            }
        }
    }
}

/// A saved state that belongs to another optimizer.
public struct OptimizerStateError: Error, Hashable, CustomStringConvertible {
    /// What was found and what was expected.
    public let reason: String

    init(_ reason: String) { self.reason = reason }

    /// The error in words.
    public var description: String { "the optimizer's state does not fit: \(reason)" }
}
