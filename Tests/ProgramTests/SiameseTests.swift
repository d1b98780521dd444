import Hearth
import HearthVision
import Testing

/// One network looks at two pictures and says how far apart they are (Hadsell, Chopra and LeCun, 2006).
final class Siamese: Module {
    let body: Sequential

    init(_ random: Generator) {
        body = Sequential {
            Flatten()
            Linear(64, 32, generator: random)
            ReLU()
            Linear(32, 8, generator: random)
        }
    }

    func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
        // The root of 0 has no derivative.
        (body(a) - body(b)).square().sum(dim: 1).clamp(min: 1e-12).sqrt()
    }
}

/// Pairs of pictures, and whether they show the same digit.
struct Pairs: Dataset {
    let digits: Digits
    let count: Int

    func sample(at index: Int, random: Generator) -> (Tensor, Tensor, Tensor) {
        let (a, first) = digits.sample(at: index, random: random)
        var other = random.next(in: 0..<count)
        var (b, second) = digits.sample(at: other, random: random)
        // Half of the pairs are of one digit.
        let wantsEqual = index % 2 == 0
        while (first.item(as: Int.self) == second.item(as: Int.self)) != wantsEqual {
            other = (other + 1) % count
            (b, second) = digits.sample(at: other, random: random)
        }
        return (a, b, Tensor(wantsEqual ? 1.0 : 0.0))
    }
}

@Suite struct SiameseTests {
    @Test func pairsAreToldApart() async throws {
        let model = Siamese(Generator(seed: 7))
        let pairs = Pairs(digits: Digits(transform: ToTensor()), count: 600)
        let trainer = Trainer(model, optimizer: Adam(model.parameters, lr: 2e-3)) {
            (model, batch: (Tensor, Tensor, Tensor)) in
            let (a, b, same) = batch
            let distance = model(a, b)
            return (same * distance.square() + (1 - same) * (2 - distance).relu().square()).mean()
        }
        let loader = DataLoader(pairs, batchSize: 50, shuffle: true, workers: 2, seed: 8)
        let history = try await trainer.fit(loader, epochs: 8)
        #expect(history[7]["train_loss"]! < history[0]["train_loss"]! * 0.6)
    }
}
