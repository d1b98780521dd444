import HearthTensor

/// What goes between the nodes of a graph.
public enum Value: Sendable {
    /// A tensor with the type that ONNX declares, which its dtype holds.
    case tensor(Tensor, ElementType)
    /// A list of values.
    case sequence([Value])
    /// An optional value that is not there.
    case nothing

    /// A tensor whose dtype is its type.
    public init(_ tensor: Tensor) { self = .tensor(tensor, ElementType(tensor.dtype)) }

    /// The tensor, when it is one.
    public var tensor: Tensor? {
        if case .tensor(let tensor, _) = self { tensor } else { nil }
    }

    /// The type of the tensor's elements; `undefined` for what is no tensor.
    public var elementType: ElementType {
        if case .tensor(_, let type) = self { type } else { .undefined }
    }
}
