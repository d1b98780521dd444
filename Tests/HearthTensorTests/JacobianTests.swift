import HearthTensor
import Testing

/// Derivatives of whole functions against those worked out by hand.
@Suite struct JacobianTests {
    private let x = Tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]], dtype: .float64)

    @Test func jacobianOfALinearMapIsItsMatrix() {
        let matrix = Tensor.randn([4, 3], dtype: .float64, generator: Generator(seed: 1))
        let found = jacobian(at: x[0]) { matrix.mv($0) }
        #expect(found.isEqual(to: matrix))
    }

    @Test func jacobianHasTheShapeOfResultAndInput() {
        let found = jacobian(at: x) { ($0 * $0).sum(dim: 1) }
        #expect(found.shape == [2, 2, 3])
        #expect(found[0, 0].isEqual(to: x[0] * 2) && found[1, 1].isEqual(to: x[1] * 2))
        #expect(found[0, 1].isEqual(to: Tensor.zeros([3], dtype: .float64)))
    }

    @Test func eachInputHasAJacobian() {
        let y = Tensor([2.0, 3.0, 4.0], dtype: .float64)
        let found = jacobian(at: [x[0], y]) { $0[0] * $0[1] }
        #expect(found[0].isEqual(to: y.diag()) && found[1].isEqual(to: x[0].diag()))
    }

    @Test func hessianOfACubicIsDiagonal() {
        let found = hessian(at: x) { $0.pow(3).sum() }.reshape([6, 6])
        #expect(found.allClose(to: (x.reshape([-1]) * 6).diag()))
    }

    @Test func mixedSecondDerivativesOfTwoInputs() {
        let y = Tensor([2.0, 3.0, 4.0], dtype: .float64)
        let found = hessian(at: [x[0], y]) { ($0[0].square() * $0[1]).sum() }
        #expect(found[0][0].allClose(to: (y * 2).diag()) && found[0][1].allClose(to: (x[0] * 2).diag()))
        #expect(found[1][0].allClose(to: (x[0] * 2).diag()) && found[1][1].allClose(to: Tensor.zeros([3, 3])))
    }

    @Test func productsAreThoseWithTheJacobian() {
        func body(_ x: Tensor) -> Tensor { (x.square() * x.sin()).cumsum(dim: 1) }
        let v = Tensor.randn([2, 3], dtype: .float64, generator: Generator(seed: 2))
        let matrix = jacobian(at: x, body).reshape([6, 6])
        let (output, gradient) = vjp(at: x, v, body)
        #expect(output.isEqual(to: body(x)))
        #expect(gradient.reshape([-1]).allClose(to: matrix.t().mv(v.reshape([-1]))))
        #expect(jvp(at: x, v, body).tangent.reshape([-1]).allClose(to: matrix.mv(v.reshape([-1]))))
    }

    @Test func productWithTheHessian() {
        func body(_ x: Tensor) -> Tensor { (x.square() * x.exp()).sum() }
        let v = Tensor.randn([2, 3], dtype: .float64, generator: Generator(seed: 3))
        let (output, product) = hvp(at: x, v, body)
        #expect(output.isEqual(to: body(x)))
        #expect(product.reshape([-1]).allClose(to: hessian(at: x, body).reshape([6, 6]).mv(v.reshape([-1]))))
        #expect(hvp(at: x, v) { ($0 * 3).sum() }.product.isEqual(to: Tensor.zeros([2, 3], dtype: .float64)))
    }

    @Test func jacobianCanBeDifferentiated() {
        let leaf = x[0].detach().requiringGrad()
        let sum = jacobian(at: leaf, createGraph: true) { $0.pow(3) }.sum()
        #expect(grad(of: sum, wrt: leaf).allClose(to: x[0] * 6))
    }
}
