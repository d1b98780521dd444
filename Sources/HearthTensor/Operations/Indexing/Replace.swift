/// A tensor with the elements that a view shows replaced.
struct Replace: OperationOnView, InPlaceOperation {
    static let name = "index_put"
    let view: any ViewOperation

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let place = try view.layout(of: x[0].layout).shape
        guard x[1].shape == place else { throw ShapeError("a value of shape \(x[1].shape) does not fill \(place)") }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.backend.convert(x[0], to: x[0].dtype)
        x.backend.copy(x[1], into: view.view(y))
        return y
    }

    func overwrite(_ x: Operands) { x.backend.copy(x[1], into: view.view(x[0])) }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let shown = apply(view, to: g)
        return Gradients(
            kept.needs(0) ? apply(self, to: g, Tensor.zeros(like: shown)) : nil, kept.needs(1) ? shown : nil)
    }
}
