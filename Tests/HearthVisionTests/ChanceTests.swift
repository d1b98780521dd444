import HearthTensor
import Testing

import HearthVision

/// What is left to chance has the distribution that torchvision's has. Seeds are fixed, so nothing here fails by chance.
@Suite struct ChanceTests {
    private let random = Generator(seed: 1)

    /// A picture whose pixels tell where they are: the row in the first channel, the column in the second.
    private func map(_ height: Int, _ width: Int) -> Tensor {
        let rows = Tensor.arange(0, height).unsqueeze(1).expand(to: [height, width])
        let columns = Tensor.arange(0, width).expand(to: [height, width])
        return Tensor.stack([rows, columns, rows]).to(.uint8)
    }

    @Test func cropsAreEverywhereEquallyOften() {
        let picture = map(12, 9)
        let step = RandomCrop(height: 8, width: 7)
        var counts = [Int](repeating: 0, count: 15)
        for _ in 0..<6000 {
            let corner = step(picture, random: random)
            counts[Int(corner[0, 0, 0].item()) * 3 + Int(corner[1, 0, 0].item())] += 1
        }
        #expect(areEquallyFrequent(counts), "\(counts)")
    }

    @Test(arguments: [0.0, 0.2, 0.5, 1.0]) func stepsHappenAsOftenAsTheyShould(probability: Double) {
        let picture = map(3, 4)
        let steps: [any Transform] = [
            RandomHorizontalFlip(probability), RandomVerticalFlip(probability), RandomInvert(probability),
            RandomPosterize(bits: 1, probability: probability), RandomApply(Invert(), probability: probability),
            RandomErasing(probability, scale: 0.3...0.5, ratio: 0.8...1.2, value: .constant(99)),
        ]
        for step in steps {
            let changed = (0..<2000).filter { _ in !isIdentical(step(picture, random: random).contiguous(), picture) }
            #expect(abs(Double(changed.count) / 2000 - probability) < 0.04, "\(type(of: step)): \(changed.count)")
        }
    }

    @Test func resizedCropsHaveTheirAreaAndProportion() {
        let picture = map(200, 250)
        let step = RandomResizedCrop(200, scale: 0.2...0.6, interpolation: .nearest)
        var (areas, proportions) = ([Double](), [Double]())
        for _ in 0..<800 {
            let crop = step(picture, random: random)
            let height = crop[0, 199, 0].item() - crop[0, 0, 0].item() + 1
            let width = crop[1, 0, 199].item() - crop[1, 0, 0].item() + 1
            areas.append(height * width / 50000)
            proportions.append(width / height)
        }
        #expect(areas.min()! > 0.19 && areas.max()! < 0.62 && abs(mean(areas) - 0.4) < 0.02)
        #expect(proportions.min()! > 0.73 && proportions.max()! < 1.37)
        #expect(abs(mean(proportions.map(\.logarithm))) < 0.03)
    }

    @Test func sharesHaveTheBetaDistribution() {
        for concentration in [0.2, 1, 4] {
            let values = (0..<20_000).map { _ in random.beta(concentration) }
            // The variance of a symmetric beta distribution.
            let expected = (1 / (4 * (2 * concentration + 1))).squareRoot()
            #expect(abs(mean(values) - 0.5) < 0.01 && abs(deviation(values) - expected) < 0.01, "\(concentration)")
        }
        let normal = (0..<20_000).map { _ in random.normal() }
        #expect(abs(mean(normal)) < 0.03 && abs(deviation(normal) - 1) < 0.03)
        let gamma = (0..<20_000).map { _ in random.gamma(shape: 2.5) }
        #expect(abs(mean(gamma) - 2.5) < 0.05 && abs(deviation(gamma) - 2.5.squareRoot()) < 0.05)
    }

    @Test func mixingKeepsLabelsAndImagesTogether() {
        // Image i is of the value i, and label i.
        let images = Tensor.arange(0, 4, dtype: .float32).reshape([4, 1, 1, 1]).expand(to: [4, 3, 16, 16])
        let labels = Tensor([0, 1, 2, 3])
        for step in [MixUp(classes: 4), CutMix(classes: 4)] as [any BatchTransform] {
            for _ in 0..<50 {
                let (mixed, targets) = step(images, labels, random: random)
                #expect(targets.shape == [4, 4] && mixed.shape == images.shape)
                let shares = targets.sum(dim: 1).array(of: Float.self)
                #expect(shares.allSatisfy { abs($0 - 1) < 1e-5 })
                // The mean of a mixed image is the mean of its labels.
                let told = targets.matmul(Tensor.arange(0, 4, dtype: .float32))
                let seen = mixed.mean(dims: [1, 2, 3])
                #expect((told - seen).abs().max().item() < 1e-4)
            }
        }
    }

    @Test func magnitudesAreThoseOfTorchvision() {
        let draft = Draft(map(100, 331))
        func strongest(_ space: AugmentationSpace, _ change: Augmentation, _ levels: Int) -> Double {
            (0..<20).map { _ in space.magnitude(of: change, level: levels - 1, levels: levels, for: draft, random) }
                .map(abs).max()!
        }
        #expect(strongest(.standard, .translateX, 31) == 150 && strongest(.wide, .translateY, 31) == 32)
        #expect(strongest(.mixing, .translateX, 10) == 331.0 / 3 && strongest(.wide, .rotate, 31) == 135)
        #expect(strongest(.standard, .posterize, 10) == 4 && strongest(.wide, .posterize, 31) == 2)
        #expect(strongest(.standard, .solarize, 10) == 0 && strongest(.standard, .shearX, 10) == 0.3)
        let middle = AugmentationSpace.standard.magnitude(of: .posterize, level: 3, levels: 10, for: draft, random)
        // 8 - 3 / (9 / 4), rounded.
        #expect(middle == 7)
        #expect(AutoAugment.Policy.allCases.allSatisfy { $0.pairs.count == 25 })
    }

    @Test func randomErasingKeepsToItsShare() {
        let image = Tensor.ones(3, 100, 100)
        let step = RandomErasing(1, scale: 0.1...0.3, ratio: 0.5...2)
        let shares = (0..<300).map { _ in 1 - step(image, random: random).mean().item() }
        #expect(shares.min()! > 0.09 && shares.max()! < 0.31 && abs(mean(shares) - 0.2) < 0.02)
    }

    @Test func normalizeHasAnInverse() {
        let image = Tensor.rand(3, 5, 6)
        let normalize = Normalize(mean: [0.1, 0.5, 0.7], std: [0.2, 0.3, 2])
        #expect((normalize.inverse(normalize(image)) - image).abs().max().item() < 1e-6)
    }
}
