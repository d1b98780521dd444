import Hearth
import Testing

/// Two networks against each other (Goodfellow et al., 2014): points on a line, and an optimizer for each network.
final class AdversarialNetwork: Module {
    let generator, critic: Sequential

    init(_ random: Generator) {
        func network(_ outputs: Int) -> Sequential {
            Sequential([
                Linear(2, 16, generator: random), LeakyReLU(slope: 0.2), Linear(16, outputs, generator: random),
            ])
        }
        (generator, critic) = (network(2), network(1))
    }
}

struct LinePoints: Dataset {
    let count = 256
    func sample(at index: Int, random: Generator) -> Tensor {
        let x = Float(index) / 128 - 1
        return Tensor([x, 0.5 * x + 1])
    }
}

@Suite struct AdversarialNetworkTests {
    @Test func theGeneratorComesCloser() async throws {
        // Numbers of its own, since other tests draw from the default generator at the same time.
        let random = Generator(seed: 3)
        let model = AdversarialNetwork(random)
        let generators = Adam(model.generator.parameters, lr: 5e-3, betas: (0.5, 0.9))
        let critics = Adam(model.critic.parameters, lr: 5e-3, betas: (0.5, 0.9))
        let loss = BCEWithLogitsLoss()
        let trainer = Trainer(model, optimizers: [generators, critics]) { (model, real: Tensor) in
            let n = real.shape[0]
            let fake = model.generator(Tensor.randn([n, 2], generator: random))
            critics.zeroGrad()
            let judged =
                loss(model.critic(real), Tensor.ones(n, 1)) + loss(model.critic(fake.detach()), Tensor.zeros(n, 1))
            judged.backward()
            critics.step()
            generators.zeroGrad()
            loss(model.critic(fake), Tensor.ones(n, 1)).backward()
            generators.step()
            return judged
        }
        func distance() -> Double {
            noGrad {
                let points = model.generator(Tensor.randn([500, 2], generator: Generator(seed: 9)))
                return (points[0..., 1] - (0.5 * points[0..., 0] + 1)).abs().mean().item()
            }
        }
        let before = distance()
        try await trainer.fit(DataLoader(LinePoints(), batchSize: 64, shuffle: true, seed: 4), epochs: 40)
        #expect(distance() < before * 0.6, "\(before) then \(distance())")
    }
}
