/// A differentiable step from tensors to one tensor: what it accepts, what it computes and its derivative.
///
/// Everything that a network computes is made of these, and a program can add its own:
///
///     struct Cube: TensorOperation {
///         static let name = "cube"
///         func result(of x: Operands) -> Spec { x[0].spec }
///         func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
///             kept.append(x[0])
///             return x[0] * x[0] * x[0]
///         }
///         func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g * 3 * kept[0] * kept[0]) }
///     }
///     let y = apply(Cube(), to: x)
///
/// The derivative is written with operations, so that it has derivatives itself. PyTorch's `torch.autograd.Function`.
///
/// An operation is a value: its name and its `attributes` say all about it, so that two are equal when they compute the
/// same, and `Operations.make(_:_:)` makes it again from both. Tensors are operands, or are kept for the derivative;
/// an operation never holds one. An operation with several results packs them into one tensor, which is read through
/// views. One without operands is a source: `apply(_:on:)` makes its tensor on a device.
public protocol TensorOperation: Hashable, Sendable {
    /// The name of the type: what messages, profiles and saved programs call it.
    static var name: String { get }
    /// The names of all functions that the type stands for: `[name]`, or one for each row of a table.
    static var names: [String] { get }
    /// The name of this very function: `name`, or one of `names`.
    var name: String { get }

    /// What else there is to say: every number, shape and choice that the result depends on.
    var attributes: Attributes { get }
    /// The operation with this name and these attributes. Throws when one is missing or out of its range.
    init(_ name: String, _ attributes: Attributes) throws(AttributeError)

    /// The shape and dtype of the result. Throws when the operands do not fit; reads no elements.
    func result(of x: Operands) throws(ShapeError) -> Spec

    /// Computes the result, of the shape and dtype that `result(of:)` told. Nothing done in here is recorded. What the
    /// derivative will need goes into `kept`.
    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor

    /// The result on the `meta` device, where nothing is computed: its elements one after another, unless the operation
    /// is a view.
    func resultOnMeta(_ x: Operands, _ result: Spec) -> Tensor

    /// The gradient of each operand for the gradient `g` of the result; nil where there is none.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients
}

extension TensorOperation {
    /// The one name of the type.
    public static var names: [String] { [name] }
    /// The name of the type.
    public var name: String { Self.name }
    /// None: the type alone says what is computed.
    public var attributes: Attributes { [:] }
    /// Throws: without an initialiser of its own an operation cannot be made from what a file says.
    public init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        throw AttributeError("'\(name)' cannot be made from attributes")
    }
    /// A tensor of this shape and dtype on `meta`, its elements one after another.
    public func resultOnMeta(_ x: Operands, _ result: Spec) -> Tensor { .meta(result) }

    /// The name with the attributes: `softmax(dim: 1)`.
    public var label: String {
        let attributes = attributes
        return attributes.isEmpty ? name : "\(name)(\(attributes))"
    }
}

/// An operation that can write its result over operands which the caller alone can see.
protocol InPlaceOperation: TensorOperation {
    /// How many operands, from the first on, are written over.
    var overwrittenCount: Int { get }
    /// Writes the result into the memory of these operands.
    func overwrite(_ x: Operands)
}

extension InPlaceOperation {
    /// The first operand, which has the spec of the result.
    var overwrittenCount: Int { 1 }
}
