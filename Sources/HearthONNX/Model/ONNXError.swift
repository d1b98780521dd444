import HearthFormats
import HearthTensor

/// A model that cannot be read or computed, or inputs that do not fit it.
///
///     model.onnx: node 'conv1' (Conv): expected 3 channels, found 4
public struct ONNXError: Error, Sendable, CustomStringConvertible {
    /// The file of the model.
    public internal(set) var file: String
    /// The name of the node, or of its first output where it has none; nil for the model as a whole.
    public internal(set) var node: String?
    /// The operator of the node.
    public internal(set) var operatorName: String?
    /// What the format, the operator or the model asks for.
    public let expected: String
    /// What was there instead.
    public let found: String

    /// An error about `file`, or about one of its nodes.
    public init(
        file: String = "", node: String? = nil, operatorName: String? = nil, expected: String, found: String
    ) {
        self.file = file
        self.node = node
        self.operatorName = operatorName
        self.expected = expected
        self.found = found
    }

    /// The same error with the place where it happened, unless it is known already.
    func at(file: String, node: NodeProto? = nil) -> ONNXError {
        var error = self
        if error.file.isEmpty { error.file = file }
        if error.operatorName == nil, let node {
            error.node = node.title
            error.operatorName = node.opType
        }
        return error
    }

    /// One line: the file, the node and its operator, what was expected and what was found.
    public var description: String {
        let place = operatorName.map { ": node '\(node ?? "")' (\($0))" } ?? ""
        return "\(file)\(place): expected \(expected), found \(found)".safeInMessages
    }
}

extension ONNXError {
    /// Tensors that do not fit each other, found by the shape rules.
    init(_ error: ShapeError) {
        self.init(expected: "tensors that fit each other", found: "\(error)")
    }
}

extension NodeProto {
    /// What messages call the node.
    var title: String { name.isEmpty ? outputs.first ?? "" : name }
}
