import HearthTensor

/// A weight as length and direction, `g v / ‖v‖`, with one length for each slice of a dimension.
///
/// Source: Salimans, Kingma, "Weight Normalization", 2016 (<https://arxiv.org/abs/1602.07868>).
public final class WeightNorm: Module, Parametrization {
    /// The dimension whose slices have lengths of their own; nil for one length.
    public let dim: Int?

    /// Lengths along `dim`.
    public init(dim: Int? = 0) { self.dim = dim }

    /// `originals` are g and v.
    public func forward(_ originals: [Tensor]) -> Tensor { originals[1] * (originals[0] / norm(originals[1])) }

    /// The lengths of a weight's slices, and the weight.
    public func rightInverse(_ value: Tensor) -> [Tensor] { [norm(value), value] }

    private func norm(_ v: Tensor) -> Tensor {
        guard let dim else { return v.norm() }
        let axis = dim < 0 ? dim + v.rank : dim
        return v.norm(dims: (0..<v.rank).filter { $0 != axis }, keepDim: true)
    }
}

/// Divides a matrix by its largest singular value, which is approached by one step of the power method whenever the
/// weight is read while training. A weight of more dimensions counts as a matrix with `dim` as its rows; a vector is
/// divided by its length.
///
/// Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018
/// (<https://arxiv.org/abs/1802.05957>).
public final class SpectralNorm: Module, Parametrization {
    /// The approximate singular vectors, `[rows]` and `[columns]`; nil for a vector.
    private let left, right: Buffer<Tensor>.Cell?
    private let dim: Int
    private let iterations: Int
    private let epsilon: Double

    /// The norm of this weight; fifteen steps are made at once.
    package init(_ weight: Tensor, iterations: Int, epsilon: Double, dim: Int, generator: Generator?) {
        require(iterations > 0, "spectralNorm", "iterations must be positive; they are \(iterations)")
        self.dim = dim < 0 ? dim + weight.rank : dim
        self.iterations = iterations
        self.epsilon = epsilon
        guard weight.rank > 1 else {
            (left, right) = (nil, nil)
            super.init()
            return
        }
        let (rows, count) = (weight.shape[dim], weight.count)
        func direction(_ size: Int) -> Buffer<Tensor>.Cell {
            let x = Tensor.randn([size], dtype: weight.dtype, device: weight.device, generator: generator)
            return Buffer<Tensor>.Cell(x / x.norm().clamp(min: epsilon), isPersistent: true)
        }
        left = direction(rows)
        right = direction(count / max(rows, 1))
        super.init()
        noGrad { improve(matrix(weight), steps: 15) }
    }

    public override var ownBuffers: [NamedBuffer] {
        [("_u", left), ("_v", right)].compactMap { name, cell in
            cell.map { cell in
                NamedBuffer(name: name, isPersistent: true, get: { cell.tensor }, set: { cell.tensor = $0 })
            }
        }
    }

    /// The weight divided by its largest singular value.
    public func forward(_ originals: [Tensor]) -> Tensor {
        let weight = originals[0]
        guard let left, let right else { return weight / weight.norm().clamp(min: epsilon) }
        let matrix = matrix(weight)
        if isTraining, weight.hasElements { noGrad { improve(matrix.detach(), steps: iterations) } }
        return weight / left.tensor!.dot(matrix.mv(right.tensor!))
    }

    private func matrix(_ weight: Tensor) -> Tensor { weight.moveDim(dim, to: 0).flatten(from: 1) }

    private func improve(_ matrix: Tensor, steps: Int) {
        guard let left, let right else { return }
        for _ in 0..<steps {
            let u = matrix.mv(right.tensor!)
            left.tensor = u / u.norm().clamp(min: epsilon)
            let v = matrix.t().mv(left.tensor!)
            right.tensor = v / v.norm().clamp(min: epsilon)
        }
    }
}

/// Makes a weight of `module` one of length and direction, and gives the module back. PyTorch's
/// `parametrizations.weight_norm`.
///
///     let fc = weightNorm(Linear(20, 40))   // parametrizations.weight.original0 [40, 1], original1 [40, 20]
///
/// - Parameter dim: The dimension whose slices have lengths of their own; nil for one length.
@discardableResult
public func weightNorm<M: Module>(_ module: M, _ name: String = "weight", dim: Int? = 0) -> M {
    module.registerParametrization(name, WeightNorm(dim: dim))
    return module
}

/// Keeps the largest singular value of a weight of `module` at 1, and gives the module back. PyTorch's
/// `parametrizations.spectral_norm`.
///
/// - Parameters:
///   - iterations: The steps of the power method whenever the weight is read while training.
///   - epsilon: What lengths are at least.
///   - dim: The dimension of the weight that counts as rows; by default 1 for transposed convolutions, whose channels
///     are there, and 0 elsewhere.
@discardableResult
public func spectralNorm<M: Module>(
    _ module: M, _ name: String = "weight", iterations: Int = 1, epsilon: Double = 1e-12, dim: Int? = nil,
    generator: Generator? = nil
) -> M {
    let isTransposed = module is ConvTranspose1d || module is ConvTranspose2d || module is ConvTranspose3d
    let weight = module.parameter(named: name).tensor.detach()
    module.registerParametrization(
        name,
        SpectralNorm(
            weight, iterations: iterations, epsilon: epsilon, dim: dim ?? (isTransposed ? 1 : 0), generator: generator))
    return module
}
