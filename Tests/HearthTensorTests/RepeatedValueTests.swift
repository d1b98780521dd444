import HearthTensor
import Testing

/// Gradients of eigenvalues and singular values alone, which exist or have a choice that is finite where values repeat or
/// are 0.
@Suite struct RepeatedValueTests {
    private static let symmetric: [Tensor] = [
        Tensor.zeros([2, 2], dtype: .float64), Tensor.zeros([3, 3]), Tensor.eye(3, dtype: .float64), Tensor.eye(4) * -2,
        Tensor.ones([3, 3], dtype: .float64), Tensor.ones([1, 1]),
        Tensor.stack([Tensor.eye(2), Tensor.zeros([2, 2])]),
        Tensor([2.0, 2.0, 5.0]).diag(), Tensor([[0.0, 1.0], [1.0, 0.0]]),
    ]

    private static let rectangular: [Tensor] = [
        Tensor.zeros([3, 2]), Tensor.ones([2, 4], dtype: .float64), Tensor.eye(4, 2),
        Tensor.eye(2, 4, dtype: .float64) * 3,
    ]

    private static func isFinite(_ x: Tensor) -> Bool { x.isFinite().all().item(as: Bool.self) }

    /// The gradient of the sum of what a function makes of a matrix, and the sums of its second derivatives.
    private static func gradients(_ x: Tensor, _ function: (Tensor) -> Tensor) -> Tensor {
        let leaf = x.requiringGrad()
        return grad(of: function(leaf).sum(), wrt: leaf)
    }

    @Test func eigenvaluesAlone() {
        for x in Self.symmetric {
            for upper in [false, true] {
                #expect(Self.isFinite(Self.gradients(x) { $0.eigvalsh(upper: upper) }), "\(x)")
                // The sum of all is the trace, whose gradient is the identity wherever it is taken.
                let trace = Self.gradients(x) { $0.eigh(upper: upper).values }
                #expect(trace.allClose(to: x.identity, absolute: 1e-5), "\(x)")
            }
        }
    }

    @Test func singularValuesAlone() {
        for x in Self.symmetric + Self.rectangular {
            #expect(Self.isFinite(Self.gradients(x) { $0.svdvals() }), "\(x)")
            for norm in MatrixNorm.allCases {
                #expect(Self.isFinite(Self.gradients(x) { $0.matrixNorm(norm) }), "\(norm) \(x)")
            }
        }
        for x in [Tensor.eye(3, dtype: .float64), Tensor([2.0, 2.0, 5.0]).diag()] {
            for norm in MatrixNorm.allCases { #expect(Self.isFinite(Self.gradients(x) { $0.cond(norm) }), "\(norm)") }
        }
    }

    @Test func conditionOfSingularMatricesIsInfinite() {
        let x = Tensor([[1.0, 2.0], [2.0, 4.0]], dtype: .float64)
        for norm in MatrixNorm.allCases where norm != .spectral && norm != .smallestSingularValue {
            #expect(x.cond(norm).item() == .infinity)
        }
        #expect(x.cond().item() > 1e15)
    }

    @Test func searchingAmongManyTakesLittleMemory() {
        let sorted = Tensor.arange(200_000).to(.float32)
        let places = sorted.searchSorted(sorted + 0.5)
        #expect(places.isEqual(to: Tensor.arange(200_000) + 1))
        #expect(sorted.isIn(sorted).all().item(as: Bool.self))
        let draws = Tensor.multinomial(Tensor.ones([20_000]), count: 20_000, replacement: true)
        #expect(draws.min().item() >= 0 && draws.max().item() < 20_000)
    }
}

extension Tensor {
    fileprivate var identity: Tensor { Tensor.eye(shape[-1], dtype: dtype, device: device).expand(to: shape) }
}
