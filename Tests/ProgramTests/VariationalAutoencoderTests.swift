import Hearth
import HearthVision
import Testing

/// A variational autoencoder of the built-in digits (Kingma and Welling, 2013): two results, and a loss of two parts.
final class VariationalAutoencoder: Module {
    let encoder, mean, logVariance: Linear
    let decoder: Sequential
    private let random: Generator

    init(_ random: Generator) {
        self.random = random
        encoder = Linear(64, 32, generator: random)
        mean = Linear(32, 4, generator: random)
        logVariance = Linear(32, 4, generator: random)
        decoder = Sequential {
            Linear(4, 32, generator: random)
            ReLU()
            Linear(32, 64, generator: random)
        }
    }

    func callAsFunction(_ x: Tensor) -> (logits: Tensor, mean: Tensor, logVariance: Tensor) {
        let hidden = encoder(x).relu()
        let (mean, logVariance) = (mean(hidden), logVariance(hidden))
        let z = isTraining ? mean + Tensor.randn(mean.shape, generator: random) * (logVariance * 0.5).exp() : mean
        return (decoder(z), mean, logVariance)
    }
}

@Suite struct VariationalAutoencoderTests {
    @Test func learnsDigits() async throws {
        let digits = Digits(transform: ToTensor())
        let model = VariationalAutoencoder(Generator(seed: 1))
        let trainer = Trainer(model, optimizer: Adam(model.parameters, lr: 3e-3)) { (model, batch: (Tensor, Tensor)) in
            let x = batch.0.flatten(from: 1)
            let (logits, mean, logVariance) = model(x)
            let reconstruction = BCEWithLogitsLoss(reduction: .sum)(logits, x)
            let divergence = -0.5 * (1 + logVariance - mean.square() - logVariance.exp()).sum()
            return (reconstruction + divergence) / Double(x.shape[0])
        }
        let parts = digits.randomSplit([0.8, 0.2], seed: 0)
        let history = try await trainer.fit(
            DataLoader(parts[0], batchSize: 64, shuffle: true, seed: 2),
            validation: DataLoader(parts[1], batchSize: 64),
            epochs: 6)
        let losses = history.compactMap { $0["val_loss"] }
        #expect(losses.count == 6 && losses[5] < losses[0] - 3, "\(losses)")
        let pictures = model.eval().decoder(Tensor.randn(5, 4)).sigmoid()
        #expect(pictures.shape == [5, 64])
    }
}
