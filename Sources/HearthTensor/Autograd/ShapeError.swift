/// Arguments that do not fit an operation.
public struct ShapeError: Error, Hashable, CustomStringConvertible {
    /// The operation with its attributes, `softmax(dim: 3)`; empty in a rule's own code, filled in at the door.
    public private(set) var operation = ""
    /// The operands as they were found: shapes and dtypes.
    public private(set) var operands: [Spec] = []
    /// The rule that they break, with the numbers that break it.
    public let rule: String

    /// An error to be thrown by an operation's shape rule: `throw ShapeError("inner sizes differ: 3 and 4")`.
    public init(_ rule: String) { self.rule = rule }

    /// The same rule, broken by this operation on these operands.
    func named(_ operation: String, on operands: [Spec]) -> ShapeError {
        var error = self
        error.operation = operation
        error.operands = operands
        return error
    }

    /// The error in words.
    public var description: String {
        let place = operands.isEmpty ? "" : " on " + operands.map(\.description).joined(separator: ", ")
        return "\(operation)\(place): \(rule)"
    }
}
