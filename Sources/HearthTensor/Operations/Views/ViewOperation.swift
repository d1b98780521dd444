/// An operation that reads its operand's storage another way and copies nothing.
///
/// The derivative of picking elements is putting them back among zeros; views that move all elements without leaving
/// any out override it with the view that moves them back.
protocol ViewOperation: Operation {
    /// How the elements of the result are found, given how those of the operand are. Throws when it does not fit.
    func layout(of x: Layout) throws(ShapeError) -> Layout
    /// The shape of the operand.
    var source: Shape { get }
}

extension ViewOperation {
    func result(of x: Operands) throws(ShapeError) -> Spec { Spec(try layout(of: x[0].layout).shape, x[0].dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor { view(x[0]) }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(apply(PutBack(view: self), to: g)) }

    fileprivate func view(_ x: Tensor) -> Tensor {
        do { return x.view(try layout(of: x.layout)) } catch { fatalError("\(Self.name): \(error.rule)") }
    }
}

/// Zeros of the shape that a view was taken of, with the view's elements put back in their places. Elements that the
/// view shows several times are summed.
private struct PutBack<View: ViewOperation>: Operation {
    static var name: String { "\(View.name)_backward" }
    let view: View

    func result(of x: Operands) -> Spec { Spec(view.source, x[0].dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = Tensor.zeros(result.shape, dtype: result.dtype)
        let place = view.view(y)
        if place.layout.showsOnce {
            x.backend.copy(x[0], into: place)
            return y
        }
        let positions = view.view(Tensor.arange(y.count).reshape(y.shape)).reshape([-1])
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
        let axis = dim < 0 ? dim + rank : dim
        guard axis >= 0, axis < Swift.max(rank, 1) else {
            _ = ShapeError.fail(
                operation, [spec], "dimension \(dim) is out of range for \(rank) dimensions", fallback: self)
            return 0
        }
        return axis
    }
}
