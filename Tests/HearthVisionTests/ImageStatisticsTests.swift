import HearthTensor
import Testing

import HearthVision

@Suite struct ImageStatisticsTests {
    /// Against the mean and deviation of the same images as float64.
    @Test(arguments: [(1, 5, 7), (3, 4, 4)]) func matchesTheImagesAsNumbers(channels: Int, height: Int, width: Int) {
        let random = Generator(seed: 3)
        let images = Tensor.randint(0..<256, [9, channels, height, width], generator: random).to(.uint8)
        let set = ImageSet(images: images, labels: Tensor.zeros(9, dtype: .int64))
        let chosen = [8, 1, 4, 4]
        let (mean, std) = set.channelStatistics(over: chosen)
        let numbers = images.indexSelect(0, Tensor(chosen)).to(.float64) / 255
        for channel in 0..<channels {
            let plane = numbers.select(1, channel)
            let (centre, deviation): (Double, Double) = (plane.mean().item(), plane.std(correction: 0).item())
            #expect(abs(mean[channel] - centre) < 1e-12 && abs(std[channel] - deviation) < 1e-12)
        }
    }

    @Test func aChannelThatNeverChangesHasDeviationOne() {
        let images = Tensor.full([2, 1, 3, 3], 51.0).to(.uint8)
        let set = ImageSet(images: images, labels: Tensor.zeros(2, dtype: .int64))
        let (mean, std) = set.channelStatistics(over: [0, 1])
        #expect(abs(mean[0] - 0.2) < 1e-12 && std == [1])
    }
}
