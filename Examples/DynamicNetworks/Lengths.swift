import Hearth

/// Tells whether the numbers of a sequence sum to more than 0, whatever its length.
package final class LengthExperiment {
    let gru: GRU
    let output: Linear
    private let generator: Generator

    package init(seed: UInt64) {
        generator = Generator(seed: seed)
        gru = GRU(1, 16, batchFirst: true, generator: generator)
        output = Linear(16, 1, generator: generator)
    }

    package func train(steps: Int) -> [Double] {
        descend(Adam(gru.parameters + output.parameters, lr: 0.01), steps: steps) {
            let (logits, labels) = batch(of: 64)
            return BCEWithLogitsLoss()(logits, labels)
        }
    }

    package func accuracy(on count: Int) -> Double {
        let (logits, labels) = noGrad { batch(of: count) }
        return ((logits > 0) == (labels > 0.5)).to(.float32).mean().item()
    }

    private func batch(of count: Int) -> (logits: Tensor, labels: Tensor) {
        let sequences = (0..<count).map { _ in Tensor.randn([generator.next(in: 1..<13), 1], generator: generator) }
        let packed = PackedSequence(sequences, enforceSorted: false)
        let labels = Tensor.stack(sequences.map { ($0.sum() > 0).to(.float32) })
        return (output(gru(packed).h[0]).squeeze(1), labels)
    }
}
