import HearthData
import HearthTensor
import Testing

import HearthVision

@Suite struct TransformTests {
    private let statistics: [(name: String, transform: Compose)] = [
        ("half", Compose(ToTensor(), Normalize(mean: 0.5, std: 0.5))),
        ("mnist", Compose(ToTensor(), Normalize(mean: 0.1307, std: 0.3081))),
        ("imagenet", Compose(ToTensor(), Normalize(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]))),
    ]

    private func everyByte(channels: Int) -> Tensor {
        Tensor((0..<channels).flatMap { _ in UInt8.min...UInt8.max }, shape: [channels, 16, 16])
    }

    @Test func normalizesToTheBitsOfTorchvision() throws {
        for (name, transform) in statistics {
            let expected = try Golden.array("normalize_\(name)")
            #expect(isIdentical(transform(everyByte(channels: expected.shape[0])), expected), "\(name)")
        }
    }

    @Test func oneNumberNormalizesEveryChannel() {
        let image = ToTensor()(everyByte(channels: 3))
        let one = Normalize(mean: 0.25, std: 0.75)(image)
        #expect(isIdentical(one, Normalize(mean: [0.25, 0.25, 0.25], std: [0.75, 0.75, 0.75])(image)))
    }

    @Test func floatingPointImagesPassToTensor() {
        let image = Tensor.rand(3, 4, 4)
        #expect(isIdentical(ToTensor()(image), image))
        #expect(Normalize(mean: 0, std: 1)(image.to(.float64)).dtype == .float64)
    }

    @Test func onlyChainsOfPixelwiseStepsAreTables() {
        #expect(statistics.allSatisfy { $0.transform.isPixelwise && PixelTable($0.transform, channels: 3) != nil })
        let nested = Compose([Compose(ToTensor()), Normalize(mean: 0, std: 1)])
        #expect(PixelTable(nested, channels: 1) != nil)
        #expect(PixelTable(Compose(ToTensor(), Lambda { $0 }), channels: 1) == nil)
        #expect(PixelTable(Compose(Resize(4), ToTensor()), channels: 1) == nil)
        #expect(PixelTable(Compose(), channels: 1) == nil, "the result is no float32")
    }

    @Test(arguments: [1, 3]) func wholeBatchesHaveTheBitsOfSingleSteps(channels: Int) {
        let random = Generator(seed: 3)
        let images = Tensor.randint(0..<256, [150, channels, 28, 27], generator: random).to(.uint8)
        let labels = Tensor.randint(0..<10, [150], generator: random)
        let indices = Tensor.randint(0..<150, [150], generator: random).array(of: Int.self)
        let steps: [any Transform] = [ToTensor(), Normalize(mean: 0.1307, std: 0.3081)]
        let fused = ImageSet(images: images, labels: labels, transform: Compose(steps))
        let single = ImageSet(images: images, labels: labels, transform: Compose(steps + [Lambda { $0 }]))
        let source = RandomSource(seed: 0, epoch: 0)
        let (a, b) = (fused.batch(at: indices, random: source), single.batch(at: indices, random: source))
        #expect(a.0.shape == [150, channels, 28, 27])
        #expect(isIdentical(a.0, b.0) && isIdentical(a.1, b.1))
        let ((image, label), (sameImage, sameLabel)) = (fused[7], single[7])
        #expect(isIdentical(image, sameImage) && isIdentical(label, sameLabel))
        #expect(label.shape == [] && label.dtype == .int64)
    }

    @Test func withoutATransformBytesAreGivenOut() {
        let images = Tensor.randint(0..<256, [5, 1, 2, 2]).to(.uint8)
        let data = ImageSet(images: images, labels: Tensor([0, 1, 2, 3, 4]))
        let (image, _) = data[3]
        #expect(isIdentical(image, images[3].contiguous()))
        let (batch, labels) = data.batch(at: [4, 0], random: RandomSource(seed: 0, epoch: 0))
        #expect(batch.dtype == .uint8 && batch.shape == [2, 1, 2, 2] && labels.array(of: Int.self) == [4, 0])
    }

    @Test func chanceComesFromTheGeneratorAlone() {
        let noise = Lambda { image, random in image.to(.float32) + Tensor.rand(image.shape, generator: random) }
        let images = Tensor.zeros(40, 1, 3, 3).to(.uint8)
        let data = ImageSet(images: images, labels: Tensor(Array(0..<40)), transform: noise)
        func epoch(workers: Int) -> [Tensor] {
            DataLoader(data, batchSize: 7, shuffle: true, workers: workers, seed: 9).map(\.0)
        }
        let (a, b) = (epoch(workers: 0), epoch(workers: 3))
        #expect(a.count == 6 && zip(a, b).allSatisfy(isIdentical))
        #expect(!isIdentical(a[0], a[1]))
    }

    @Test func resizesToTheBitsOfPIL() throws {
        let image = try Golden.array("resize")
        for (height, width) in [(28, 28), (20, 33), (60, 9), (50, 17), (17, 23)] {
            let expected = try Golden.array("resize_\(height)x\(width)")
            #expect(isIdentical(Resize(height: height, width: width)(image), expected), "\(height) × \(width)")
        }
        #expect(isIdentical(Resize(height: 33, width: 41)(image), image))
        #expect(Resize(66)(image).shape == [3, 66, 82])
        #expect(Resize(10)(image.permute(0, 2, 1)).shape == [3, 12, 10])
    }

    @Test func imagesOfABatchAreErasedWithOneNoise() {
        let images = Tensor.ones(3, 2, 9, 8)
        let step = RandomErasing(1, scale: 0.2...0.4, value: .random)
        let erased = step(images, random: Generator(seed: 4))
        #expect(isIdentical(erased[0].contiguous(), erased[1].contiguous()))
        #expect(!isIdentical(erased[0, 0].contiguous(), erased[0, 1].contiguous()))
        #expect(images.min().item() == 1, "the images themselves stay")
    }

    @Test func imagesOfABatchAreMixedWithSharesOfTheirOwn() {
        let image = Tensor.randint(0..<256, [3, 12, 12], generator: Generator(seed: 2)).to(.uint8)
        let mixed = AugMix(severity: 10)(Tensor.stack([image, image, image]), random: Generator(seed: 5))
        #expect(!isIdentical(mixed[0].contiguous(), mixed[1].contiguous()))
        #expect(!isIdentical(mixed[1].contiguous(), mixed[2].contiguous()))
        // Doubles stay doubles.
        #expect(AugMix()(image.to(.float64) / 255).dtype == .float64)
    }

    @Test func noiseHasItsDeviationInBytesToo() {
        let random = Generator(seed: 6)
        let grey = Tensor.full([3, 100, 100], 128, dtype: .uint8)
        let noisy = GaussianNoise(mean: 0.1, sigma: 0.05)(grey, random: random)
        let noise = noisy.to(.float64) - 128
        #expect(noisy.dtype == .uint8 && abs(noise.mean().item() - 25.5) < 0.6)
        #expect(abs(noise.std().item() - 12.75) < 0.3)
        let white = Tensor.full([1, 50, 50], 255, dtype: .uint8)
        #expect(GaussianNoise(mean: 0.2, sigma: 0)(white, random: random).min().item() == 255)
        #expect(GaussianNoise(mean: 0.2, sigma: 0, clip: false)(white, random: random).max().item() == 50)
    }

    @Test func bordersMayDifferFromSideToSide() {
        let image = Tensor.ones(1, 4, 4)
        let all = RandomCrop(height: 9, width: 6, padding: Border(left: 2, top: 1, right: 0, bottom: 4))(image)
        #expect(
            all[0, 0..., 0].sum().item() == 0 && all[0, 0].sum().item() == 0 && all[0, 1..<5, 2...].min().item() == 1)
        #expect(all.shape == [1, 9, 6] && all.sum().item() == 16)
        let even = RandomCrop(height: 8, width: 6, padding: Border(horizontal: 1, vertical: 2))(image)
        #expect(even[0, 2..<6, 1..<5].sum().item() == 16)
        // What is missing is put on both sides.
        let needed = RandomCrop(
            height: 7, width: 4, padding: Border(left: 0, top: 1, right: 0, bottom: 0), padIfNeeded: true)
        #expect((0..<30).allSatisfy { _ in needed(image).shape == [1, 7, 4] })
        #expect(isIdentical(Pad(Border(-1))(image).contiguous(), Tensor.ones(1, 2, 2)))
        #expect(
            isIdentical(
                Pad(left: -1, top: 0, right: 1, bottom: -2)(image).contiguous(),
                Pad(left: 0, top: 0, right: 1, bottom: 0)(image[0..., 0..<2, 1...]).contiguous()))
    }

    @Test func movesMayDifferInTheirDirections() {
        let random = Generator(seed: 7)
        let columns = Tensor.arange(0, 20, dtype: .float32).expand(to: [1, 20, 20])
        // Along rows alone: columns of one value stay columns where they move along themselves.
        let still = ElasticTransform(alpha: (0, 30), sigma: (2, 3))(columns, random: random)
        let inner = still[0..., 6..<14, 1..<19] - columns[0..., 6..<14, 1..<19]
        #expect(inner.abs().max().item() < 1e-3)
        let moved = ElasticTransform(alpha: (30, 0), sigma: (2, 3))(columns, random: random)
        #expect((moved - columns)[0..., 6..<14, 6..<14].abs().max().item() > 0.05)
    }

    /// What it is exactly, `TransformGoldenTests` compares with torchvision.
    @Test func greyIsOneWhereverItComesFrom() throws {
        let colours = try Golden.array("rgb")
        let grey = Grayscale()(colours)
        #expect(isIdentical(Grayscale()(grey), grey) && grey.shape == [1, 21, 13])
        let alpha = Tensor.cat([colours, colours[0..<1]])
        #expect(isIdentical(Grayscale()(alpha), grey))
        // Floats beyond 0 and 1 are no exception: nothing is clamped.
        let floats = ToTensor()(colours) * 6 - 3
        for image in [colours, floats, grey, ToTensor()(grey)] {
            let expected = Grayscale(channels: image.shape[0])(image)
            #expect(isIdentical(RandomGrayscale(1)(image).contiguous(), expected.contiguous()))
        }
        #expect(RandomGrayscale(1)(floats).min().item() < -0.1 && RandomGrayscale(1)(floats).max().item() > 1.1)
    }
}
