/// An operation that reads its operand's storage another way and copies nothing.
///
/// The derivative of picking elements is putting them back among zeros; views that move all elements without leaving
/// any out override it with the view that moves them back.
protocol ViewOperation: TensorOperation {
    /// How the elements of the result are found, given how those of the operand are. Throws when it does not fit.
    func layout(of x: Layout) throws(ShapeError) -> Layout
    /// The shape of the operand.
    var source: Shape { get }
}

extension ViewOperation {
    func result(of x: Operands) throws(ShapeError) -> Spec { Spec(try layout(of: x[0].layout).shape, x[0].dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor { view(x[0]) }

    /// A view of nothing keeps its strides, so that what follows is refused exactly as it would be elsewhere.
    func resultOnMeta(_ x: Operands, _ result: Spec) -> Tensor { view(x[0]) }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(apply(PutBack(view: self), to: g)) }

    /// The view of a tensor that `result(of:)` has accepted.
    func view(_ x: Tensor) -> Tensor {
        do {
            return x.view(try layout(of: x.layout))
        } catch {
            stop(label, [x.spec], error.rule)
            return x
        }
    }
}

/// An operation whose one attribute is the view that it looks through.
protocol OperationOnView: TensorOperation {
    var view: any ViewOperation { get }
    init(view: any ViewOperation)
}

extension OperationOnView {
    var attributes: Attributes { ["view": view.name, "attributes": AttributeValue.record(view.attributes)] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        let name: String = try attributes["view"]
        let fields: AttributeValue = try attributes["attributes"]
        guard case .record(let fields) = fields, let view = try Operations.make(name, fields) as? any ViewOperation
        else { throw AttributeError("'\(name)' is no view") }
        self.init(view: view)
    }

    static func == (a: Self, b: Self) -> Bool { AnyHashable(a.view) == AnyHashable(b.view) }
    func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(view)) }
}

/// Zeros of the shape that a view was taken of, with the view's elements put back in their places. Elements that the
/// view shows several times are summed.
struct PutBack: OperationOnView {
    static let name = "put_back"
    let view: any ViewOperation

    func result(of x: Operands) -> Spec { Spec(view.source, x[0].dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = Tensor.zeros(result.shape, dtype: result.dtype, device: x.device)
        let place = view.view(y)
        if place.layout.showsOnce {
            x.backend.copy(x[0], into: place)
            return y
        }
        let numbers = Tensor.arange(y.count, device: x.device).reshape(y.shape)
        let positions = view.view(numbers).reshape([-1])
        return x.backend.selectInto(y.reshape([-1]), along: 0, positions, x[0].reshape([-1]), .add).reshape(y.shape)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(apply(view, to: g)) }
}

extension Layout {
    /// True when no two positions share an element, as far as the strides tell without a search.
    var showsOnce: Bool {
        let dimensions = (0..<shape.count).filter { shape[$0] > 1 }.map { (step: abs(strides[$0]), size: shape[$0]) }
        var reach = 0
        for dimension in dimensions.sorted(by: { $0.step < $1.step }) {
            if dimension.step <= reach { return false }
            reach += dimension.step * (dimension.size - 1)
        }
        return true
    }
}

extension Tensor {
    /// The position that `dim` means, counted from the end when negative. Stops the program outside the range, or notes
    /// the error inside `checkShapes` and gives the first.
    func axis(_ dim: Int, _ operation: String, rank: Int? = nil) -> Int {
        let rank = rank ?? self.rank
        // As in PyTorch a tensor without dimensions answers to 0 and -1.
        let size = Swift.max(rank, 1)
        let axis = dim < 0 ? dim + size : dim
        guard axis >= 0, axis < size else {
            stop(operation, [spec], "dimension \(dim) is out of range for \(rank) dimensions")
            return 0
        }
        return axis
    }
}
