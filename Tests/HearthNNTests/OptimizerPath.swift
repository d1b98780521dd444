import GoldenSupport
import HearthTensor
import Testing

import HearthNN

/// The regression that optimizers are trained on in golden files, with the way that PyTorch went.
protocol OptimizerPath {
    static var goldens: StateDict { get }
}

extension OptimizerPath {
    /// The parameters that every path starts from.
    static func start(_ dtype: DType) -> [Parameter] {
        NetworkGoldens.tensors(goldens, "start", "").map { Parameter($0.to(dtype)) }
    }

    /// Takes these steps; `change` may look at the gradients, or take them away, before each.
    static func train(
        _ p: [Parameter], _ optimizer: any Optimizer, _ steps: Range<Int>,
        change: (Int, [Parameter]) -> Void = { _, _ in }
    ) {
        let (inputs, targets) = (goldens["inputs"]!.to(p[0].dtype), goldens["targets"]!.to(p[0].dtype))
        for step in steps {
            optimizer.step {
                for parameter in p { parameter.grad = nil }
                let hidden = inputs.linear(p[0].tensor, bias: p[1].tensor).tanh()
                let prediction = hidden.linear(p[2].tensor, bias: p[3].tensor)
                let loss = MSELoss()(prediction, targets) + p[4].tensor.square().sum() * 0.1
                loss.backward()
                change(step, p)
                return loss
            }
        }
    }

    /// float32 paths spread slowly; PyTorch and Hearth round differently in every step.
    func expect(_ p: [Parameter], _ name: String, _ tolerance: Tolerance = Tolerance(double: 1e-9)) {
        for (position, parameter) in p.enumerated() {
            let expected = Self.goldens["\(name)/\(position)"]!.to(parameter.dtype)
            let difference = tolerance.difference(parameter.tensor.detach(), expected)
            #expect(difference == nil, "\(name) parameter \(position)")
        }
    }
}
