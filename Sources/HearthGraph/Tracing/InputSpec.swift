import HearthTensor

/// What a traced program is given: the type of a tensor's elements, and its shape with named and fixed sizes.
///
///     Graph(of: model, inputs: .float32("batch", 3, 224, 224))
///     Graph(of: embedding, inputs: .int64("batch", "length"))
public struct InputSpec: Hashable, Sendable {
    /// The type of the elements.
    public var dtype: DType
    /// The shape: numbers, which every run must have, and names, which stand for any number. One name stands for one
    /// number in all inputs of a run.
    public var shape: [Size]

    /// A tensor of this type and shape.
    public init(_ shape: [Size], _ dtype: DType = .float32) { (self.shape, self.dtype) = (shape, dtype) }

    /// A `float32` tensor of this shape.
    public static func float32(_ sizes: Size...) -> InputSpec { InputSpec(sizes, .float32) }
    /// A `float64` tensor of this shape.
    public static func float64(_ sizes: Size...) -> InputSpec { InputSpec(sizes, .float64) }
    /// A `float16` tensor of this shape.
    public static func float16(_ sizes: Size...) -> InputSpec { InputSpec(sizes, .float16) }
    /// A `bfloat16` tensor of this shape.
    public static func bfloat16(_ sizes: Size...) -> InputSpec { InputSpec(sizes, .bfloat16) }
    /// An `int64` tensor of this shape.
    public static func int64(_ sizes: Size...) -> InputSpec { InputSpec(sizes, .int64) }
    /// An `int32` tensor of this shape.
    public static func int32(_ sizes: Size...) -> InputSpec { InputSpec(sizes, .int32) }
    /// A `uint8` tensor of this shape.
    public static func uint8(_ sizes: Size...) -> InputSpec { InputSpec(sizes, .uint8) }
    /// A `bool` tensor of this shape.
    public static func bool(_ sizes: Size...) -> InputSpec { InputSpec(sizes, .bool) }
}
