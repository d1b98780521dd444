import GoldenSupport
import HearthTensor
import Testing

import HearthNN

/// Muon and SparseAdam along PyTorch's path, on the gradients of `Tests/Goldens/make_matrix_optimizers.py`.
@Suite struct MatrixOptimizerTests {
    private static let goldens = NetworkGoldens.read("matrix_optimizers")

    private static let optimizers: [String: @Sendable ([Parameter]) -> any Optimizer] = [
        "Muon": { Muon($0, lr: 0.02) },
        "Muon wide": { Muon($0, lr: 0.02, weightDecay: 0, momentum: 0.8, nesterov: false, iterations: 3) },
        "Muon adamw": { Muon($0, lr: 0.01, coefficients: (3, -3.2, 1.2), adjustment: .matchRMSAdamW) },
        "Muon unclamped": { Muon($0, lr: 0.01, adjustment: .spectralUnclamped) },
        "SparseAdam": { SparseAdam($0, lr: 0.1) },
        "SparseAdam betas": { SparseAdam($0, lr: 0.05, betas: (0.7, 0.9), eps: 1e-3, maximize: true) },
    ]

    @Test(arguments: optimizers.keys.sorted())
    func followsPyTorch(_ name: String) throws {
        let parameter = Parameter(try #require(Self.goldens["\(name)/start"]))
        let optimizer = Self.optimizers[name]!([parameter])
        let gradients = NetworkGoldens.tensors(Self.goldens, name, "gradient")
        #expect(gradients.count == 8)
        for gradient in gradients {
            parameter.grad = gradient
            optimizer.step()
        }
        let expected = try #require(Self.goldens["\(name)/end"])
        #expect(Tolerance().difference(parameter.tensor.detach(), expected) == nil)
    }

    @Test(arguments: optimizers.keys.sorted())
    func goesOnFromASavedState(_ name: String) throws {
        let start = try #require(Self.goldens["\(name)/start"])
        let gradients = NetworkGoldens.tensors(Self.goldens, name, "gradient")
        func run(_ parameter: Parameter, _ optimizer: any Optimizer, _ steps: Range<Int>) {
            for step in steps {
                parameter.grad = gradients[step]
                optimizer.step()
            }
        }
        let whole = Parameter(start)
        run(whole, Self.optimizers[name]!([whole]), 0..<8)
        let first = Parameter(start)
        let before = Self.optimizers[name]!([first])
        run(first, before, 0..<4)
        let second = Parameter(first.tensor.detach())
        let after = Self.optimizers[name]!([second])
        try after.load(before.state)
        run(second, after, 4..<8)
        #expect(second.tensor.detach().isEqual(to: whole.tensor.detach()))
    }
}
