/// `-(t log(p) + (1 - t) log(1 - p))`, element by element, finite with a finite derivative for certain mistakes too.
struct BinaryCrossEntropy: TensorOperation {
    static let name = "binary_cross_entropy"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].spec == x[1].spec else { throw ShapeError("shapes and dtypes must be equal") }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let spec = x[0].spec
        // NaN passes on into the loss, where whoever trains can deal with it.
        x.backend.checkValues(x[0], in: 0...1) { value in
            if !value.isNaN { stop(name, [spec], "probabilities must lie in 0...1; found \(value)") }
        }
        kept.append(x[0])
        kept.append(x[1])
        let (log, logOfRest) = logarithms(x[0])
        return -(x[1] * log + (1 - x[1]) * logOfRest)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (p, t) = (kept[0], kept[1])
        let (log, logOfRest) = logarithms(p)
        return Gradients(
            kept.needs(0) ? g * (p - t) / (p * (1 - p)).clamp(min: 1e-12) : nil,
            kept.needs(1) ? g * (logOfRest - log) : nil)
    }

    /// As in PyTorch a logarithm is never below -100, so that a certain mistake stays finite.
    private func logarithms(_ p: Tensor) -> (Tensor, Tensor) {
        (p.log().clamp(min: -100), (-p).log1p().clamp(min: -100))
    }
}

extension BinaryCrossEntropy {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

extension Tensor {
    /// `-(t log(p) + (1 - t) log(1 - p))` for these probabilities and targets `t` of the same shape, element by element.
    package func binaryCrossEntropy(_ target: Tensor) -> Tensor { apply(BinaryCrossEntropy(), to: self, target) }
}
