/// What is known of a tensor before it is computed.
public struct Spec: Sendable, Hashable {
    /// The size of each dimension.
    public var shape: Shape
    /// The type of the elements.
    public var dtype: DType

    /// A shape and a dtype.
    public init(_ shape: Shape, _ dtype: DType) {
        self.shape = shape
        self.dtype = dtype
    }
}

extension Spec: CustomStringConvertible {
    /// `float32[2, 3]`.
    public var description: String { "\(dtype)\(shape)" }
}
