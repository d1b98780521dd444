import HearthData
import HearthTensor
import Testing

@testable import HearthVision

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

    @Test func greyIsThatOfPIL() throws {
        let grey = try Golden.array("rgb_as_grey")
        #expect(isIdentical(Grayscale()(try Golden.array("rgb")), grey))
        #expect(isIdentical(Grayscale()(grey), grey))
    }
}
