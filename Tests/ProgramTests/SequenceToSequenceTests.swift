import Hearth
import Testing

/// An encoder and a decoder of GRUs that learn to write numbers backwards (Sutskever, Vinyals and Le, 2014).
final class SequenceToSequence: Module {
    let embedding: Embedding
    let encoder: GRU
    let decoder: GRU
    let head: Linear
    private let start: Int

    init(numbers: Int, width: Int, _ random: Generator) {
        start = numbers
        embedding = Embedding(numbers + 1, width, generator: random)
        encoder = GRU(width, width, batchFirst: true, generator: random)
        decoder = GRU(width, width, batchFirst: true, generator: random)
        head = Linear(width, numbers, generator: random)
    }

    /// Logits for `target`, `[n, length, numbers]`, given what stands before each place.
    func callAsFunction(_ source: Tensor, _ target: Tensor) -> Tensor {
        let (_, state) = encoder(embedding(source))
        let first = Tensor.full([target.shape[0], 1], start, dtype: .int64)
        let before = Tensor.cat([first, target[0..., 0..<(target.shape[1] - 1)]], dim: 1)
        return head(decoder(embedding(before), state).output)
    }

    /// What the network writes by itself.
    func write(_ source: Tensor, length: Int) -> Tensor {
        var (_, state) = encoder(embedding(source))
        var token = Tensor.full([source.shape[0], 1], start, dtype: .int64)
        var written: [Tensor] = []
        for _ in 0..<length {
            let (output, next) = decoder(embedding(token), state)
            state = next
            token = head(output).argmax(dim: -1)
            written.append(token)
        }
        return Tensor.cat(written, dim: 1)
    }
}

@Suite struct SequenceToSequenceTests {
    @Test func writesBackwards() async throws {
        let (numbers, length) = (6, 4)
        let source = Tensor.randint(0..<numbers, [512, length], generator: Generator(seed: 10))
        let data = TensorDataset(source, source.flip(1))
        let model = SequenceToSequence(numbers: numbers, width: 48, Generator(seed: 9))
        let trainer = Trainer(model, optimizer: Adam(model.parameters, lr: 8e-3), metrics: [Accuracy()]) {
            (model, batch: (Tensor, Tensor)) in
            let logits = model(batch.0, batch.1).reshape(-1, numbers)
            let target = batch.1.flatten()
            return StepResult(loss: CrossEntropyLoss()(logits, target), output: logits, target: target)
        }
        let history = try await trainer.fit(DataLoader(data, batchSize: 64, shuffle: true, seed: 11), epochs: 20)
        #expect(history.last?["train_accuracy"] ?? 0 > 0.9, "\(history.last?.values ?? [])")
        let written = noGrad { model.write(source[0..<50], length: length) }
        let right = (written == source[0..<50].flip(1)).to(.float32).mean().item()
        #expect(right > 0.9)
    }
}
