/// A vector of whole numbers that the program knows: sizes of a tensor, as an operation, so that a traced program has
/// those of each run.
struct Integers: TensorOperation {
    static let name = "integers"
    let values: [Int]

    func result(of x: Operands) -> Spec { Spec([values.count], .int64) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        Tensor(values, shape: result.shape, device: x.device)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension Integers {
    var attributes: Attributes { ["values": values] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(values: try attributes["values"])
    }
}

extension Tensor {
    /// A vector of whole numbers, `int64`, made by an operation. Where the numbers come from shapes, a program that is traced
    /// with named sizes makes them of the shapes of each run.
    public static func integers(_ values: [Int], device: Device = .default) -> Tensor {
        apply(Integers(values: values), on: device)
    }
}
