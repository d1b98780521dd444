import HearthFormats

/// What is wrong with a graph, with its inputs, or with a program that was to become one.
public struct GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operation with its attributes, or the call; empty when it is about no operation.
    public private(set) var operation = ""
    /// The path of the module that was being computed: `layer1.0.conv1`; empty when it is not known.
    public private(set) var path = ""
    /// The file that the graph was read from; empty for a graph that was not.
    public private(set) var file = ""
    /// The rule that is broken, what was expected and what was found.
    public let rule: String

    /// An error in these words.
    public init(_ rule: String) { self.rule = rule }

    /// An error of an operation in a module.
    init(_ rule: String, operation: String, path: String = "") {
        self.rule = rule
        self.operation = operation
        self.path = path
    }

    /// The same error, at a node.
    func at(operation: String, path: String) -> GraphError {
        self.operation.isEmpty ? GraphError(rule, operation: operation, path: path) : self
    }

    /// The same error, in a file.
    func at(file: String) -> GraphError {
        var error = self
        error.file = file
        return error
    }

    /// The error in words: `reshape(…) in layer1.0: …`.
    public var description: String {
        let place = [operation, path.isEmpty ? "" : "in '\(path)'"].filter { !$0.isEmpty }.joined(separator: " ")
        let parts = [file, place, rule].filter { !$0.isEmpty }
        return parts.joined(separator: ": ").safeInMessages
    }
}
