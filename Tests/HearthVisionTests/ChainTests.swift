import HearthData
import HearthTensor
import Synchronization
import Testing

import HearthVision

/// Steps that share walks over the pixels give the bits of one step after another.
@Suite struct ChainTests {
    private static let steps: [any Transform] = [
        RandomCrop(20, padding: 3, fill: 17), RandomCrop(18, padding: 4, fill: 200), RandomHorizontalFlip(),
        RandomVerticalFlip(), CenterCrop(19), Pad(2, fill: 9), Pad(1, fill: 9), Resize(24), Resize(16),
        RandomResizedCrop(21), Invert(), Posterize(bits: 3), Solarize(threshold: 100), AdjustBrightness(1.3),
        AutoContrast(), Equalize(), AdjustContrast(0.4), AdjustSaturation(1.6), ColorJitter(brightness: 0.5, hue: 0.2),
        AdjustSharpness(1.4), GaussianBlur(3), RandomRotation(20), RandomAffine(degrees: 5, scale: 0.8...1.2),
        RandomPerspective(), ElasticTransform(alpha: 10, sigma: 1), RandAugment(), TrivialAugmentWide(), AutoAugment(),
        AugMix(), RandomApply(Invert(), Pad(1)), RandomChoice(Invert(), Equalize()),
        RandomOrder(Invert(), Posterize(bits: 2)),
        RandomErasing(), RandomGrayscale(0.5), Lambda { 255 - $0 },
        Resize(height: 15, width: 22, interpolation: .bicubic),
        Resize(height: 30, width: 17, interpolation: .nearest),
    ]

    private func picture(_ seed: UInt64, _ shape: Shape) -> Tensor {
        Tensor.randint(0..<256, shape, generator: Generator(seed: seed)).to(.uint8)
    }

    @Test(arguments: 0..<400) func aChainIsItsStepsOneAfterAnother(number: Int) {
        let random = Generator(seed: UInt64(number))
        let chosen = (0..<(2 + number % 5)).map { _ in Self.steps[random.next(in: 0..<Self.steps.count)] }
        let floats: [any Transform] = [ToTensor(), Normalize(mean: 0.4, std: 0.3)]
        let erasing = floats + [RandomErasing(0.8, value: .random), Normalize(mean: 0.1, std: 2), RandomVerticalFlip()]
        let ending = [[], floats, erasing][number % 3]
        let image = picture(UInt64(number), number % 4 == 0 ? [1, 23, 26] : [3, 25, 22])
        let all = chosen + ending
        // Cropping 20 of what is smaller would stop the program: pictures are brought to a size that everything fits.
        let padded = all.flatMap { [CenterCrop(height: 25, width: 24), $0] as [any Transform] }
        let (a, b) = (Generator(seed: 7), Generator(seed: 7))
        let together = Compose(padded)(image, random: a)
        let alone = padded.reduce(image) { $1($0, random: b) }
        #expect(isIdentical(together.contiguous(), alone.contiguous()), "\(all.map { type(of: $0) })")
        #expect(a.state == b.state)
    }

    @Test func aBatchIsTreatedAsOne() {
        let images = picture(3, [4, 3, 25, 22])
        for step in Self.steps where !(step is Lambda) && !(step is AugMix) {
            let together = step(images, random: Generator(seed: 11)).contiguous()
            for index in 0..<4 {
                let alone = step(images[index], random: Generator(seed: 11)).contiguous()
                #expect(isIdentical(together[index].contiguous(), alone), "\(type(of: step)) \(index)")
            }
        }
    }

    @Test func floatsTakeTheSameSteps() {
        let image = picture(4, [3, 25, 22])
        let floats = ToTensor()(image)
        // A threshold of bytes is above the white of floats.
        for step in Self.steps where !(step is Lambda || step is Solarize) {
            let change = step(image, random: Generator(seed: 5))
            let same = step(floats, random: Generator(seed: 5))
            #expect(same.dtype == .float32 && same.shape == change.shape, "\(type(of: step))")
            #expect(same.isFinite().all().item(as: Bool.self), "\(type(of: step))")
        }
    }

    /// A step on pixels that counts how often it is taken.
    private struct Counted: Transform {
        final class Calls: Sendable {
            let count = Atomic(0)
        }

        let calls = Calls()
        var isPixelwise: Bool { true }

        func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
            calls.count.add(1, ordering: .relaxed)
            return image.to(.float32) / 2
        }
    }

    @Test func stepsOnPixelsAreATableWhereverTheyStand() {
        let random = Generator(seed: 8)
        let image = picture(7, [3, 9, 11])
        for last in [[], [RandomErasing(1)], [RandomErasing(1), Lambda { $0 }]] as [[any Transform]] {
            let counted = Counted()
            let chain = Compose([RandomHorizontalFlip(), counted] + last)
            for _ in 0..<20 { _ = chain(image, random: random) }
            #expect(counted.calls.count.load(ordering: .relaxed) == 1)
        }
    }

    @Test func batchesDoNotDependOnWorkers() throws {
        let images = picture(5, [60, 3, 20, 20])
        let transform = Compose(RandomCrop(20, padding: 4), RandAugment(), RandomHorizontalFlip(), ToTensor())
        let data = ImageSet(images: images, labels: Tensor(Array(0..<60)), transform: transform)
        func epoch(workers: Int) -> [Tensor] {
            DataLoader(data, batchSize: 8, shuffle: true, workers: workers, seed: 2).map(\.0)
        }
        let (none, three) = (epoch(workers: 0), epoch(workers: 3))
        #expect(none.count == 8 && zip(none, three).allSatisfy(isIdentical))
        let (image, _) = data.sample(at: 4, random: Generator(seed: 1))
        #expect(isIdentical(image, transform(images[4], random: Generator(seed: 1))))
    }

    @Test func tablesOfRowsAndWideRowsAgree() {
        // Rows of more than a buffer's length go through in pieces.
        let image = picture(6, [3, 2, 9001])
        let chain = Compose(RandomHorizontalFlip(1), Pad(5, fill: 3), ToTensor())
        let expected = ToTensor()(Pad(5, fill: 3)(image.flip(-1)))
        #expect(isIdentical(chain(image), expected))
    }
}
