import HearthTensor
import Testing

import HearthVision

/// Mistakes that stop the program, with a text that tells what is wrong.
@Suite struct TransformStopTests {
    private func expect(_ result: ExitTest.Result?, _ text: String, _ location: SourceLocation = #_sourceLocation) {
        let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(errors.contains(text), "\(errors.suffix(600))", sourceLocation: location)
    }

    @Test func numbersWithoutAScaleAreRefused() async {
        var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Invert()(Tensor.zeros(3, 4, 4, dtype: .int32))
        }
        expect(result, "Invert: a uint8 or floating-point image is expected, not int32; Image.readFloat")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ToTensor()(Tensor.zeros(3, 4, 4, dtype: .int32))
        }
        expect(result, "Image.readFloat")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RandomRotation(20)(Tensor.zeros(3, 4, 4, dtype: .int16))
        }
        expect(result, "bending an image: a uint8 or floating-point image is expected, not int16")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RandomResizedCrop(2)(Tensor.zeros(3, 4, 4, dtype: .int32))
        }
        expect(result, "RandomResizedCrop: a uint8 or floating-point image is expected, not int32")
    }

    @Test func valuesOfABorderAreOneOrOneForEachChannel() async {
        var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Pad(1, fill: 1, 2)(Tensor.rand(3, 4, 4))
        }
        expect(result, "2 values of a border for 3 channels")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RandomCrop(height: 4, width: 4, padding: 1, fill: [1, 2, 3])(Tensor.zeros(1, 4, 4, dtype: .uint8))
        }
        expect(result, "3 values of a border for 1 channels")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RandomRotation(20, fill: [1, 2])(Tensor.zeros(3, 4, 4, dtype: .uint8))
        }
        expect(result, "2 values of a border for 3 channels")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RandomErasing(1, value: .channels([1, 2]))(Tensor.rand(3, 4, 4))
        }
        expect(result, "RandomErasing: 2 values for 3 channels")
    }

    @Test func whatCannotBeMadeStopsWhenItIsMade() async {
        var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RandomRotation(-30)
        }
        expect(result, "RandomRotation: one number of degrees")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RandomAffine(degrees: 3, shear: -1)
        }
        expect(result, "RandomAffine: one number of degrees")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = RandomPerspective(interpolation: .bicubic)
        }
        expect(result, "RandomPerspective: images are bent nearest or bilinear")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = TrivialAugmentWide(interpolation: .bicubic)
        }
        expect(result, "TrivialAugmentWide: images are bent nearest or bilinear")
    }

    @Test func coloursAndThresholdsAreChecked() async {
        var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = AdjustBrightness(1.2)(Tensor.rand(4, 5, 5))
        }
        expect(result, "AdjustBrightness: an image of 1 or 3 channels")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = AutoContrast()(Tensor.rand(2, 5, 5))
        }
        expect(result, "AutoContrast: an image of 1 or 3 channels")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = AdjustSharpness(2)(Tensor.rand(2, 5, 5))
        }
        expect(result, "AdjustSharpness: an image of 1 or 3 channels")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Solarize(threshold: 128)(Tensor.rand(3, 5, 5))
        }
        expect(result, "Solarize: the threshold 128.0 is above white")
    }

    @Test func batchesAreChecked() async {
        var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = MixUp()(Tensor.rand(2, 3, 4, 4), Tensor([0, 1]))
        }
        expect(result, "MixUp: labels [N] need the number of classes")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = CutMix(classes: 3)(Tensor.rand(2, 3, 4, 4), Tensor.rand(2, 4))
        }
        expect(result, "CutMix: probabilities of 3 classes are expected")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = CutMix(classes: 3)(Tensor.rand(2, 3, 4, 4), Tensor([0, 1, 2]))
        }
        expect(result, "CutMix: there are 3 labels for 2 images")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = MixUp(classes: 3)(Tensor.rand(3, 4, 4), Tensor([0, 1, 2]))
        }
        expect(result, "MixUp: images [N, C, H, W] are expected")
    }
}
