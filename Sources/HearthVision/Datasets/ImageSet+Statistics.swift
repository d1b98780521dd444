import CKernels
import HearthTensor

extension ImageSet {
    /// Mean and standard deviation of each channel over the images with these numbers, with bytes as numbers from 0 to
    /// 1: what `Normalize` is made with. The deviation of a channel that never changes is 1, so that it can divide.
    ///
    ///     let (mean, std) = images.channelStatistics(over: training.indices)
    ///     let transform = Compose(ToTensor(), Normalize(mean: mean, std: std))
    ///
    /// Stops the program for a number that no image has.
    public func channelStatistics(over indices: [Int]) -> (mean: [Double], std: [Double]) {
        let statistics = occurrences(in: indices).map { counts in
            let total = Double(max(counts.reduce(0, +), 1))
            func mean(_ value: (Double) -> Double) -> Double {
                counts.enumerated().reduce(0) { $0 + value(Double($1.offset) / 255) * Double($1.element) } / total
            }
            let centre = mean { $0 }
            let deviation = mean { ($0 - centre) * ($0 - centre) }.squareRoot()
            return (mean: centre, std: deviation == 0 ? 1 : deviation)
        }
        return (statistics.map(\.mean), statistics.map(\.std))
    }

    /// How often each of the 256 values of a byte occurs in each channel. From these counts the statistics follow without
    /// converting a pixel.
    private func occurrences(in indices: [Int]) -> [ArraySlice<Int>] {
        if let wrong = indices.first(where: { !(0..<count).contains($0) }) {
            fatalError("ImageSet: there is no image \(wrong) among \(count)")
        }
        let (channels, pixels) = (images.shape[1], images.shape[2] * images.shape[3])
        var counts = [Int](repeating: 0, count: channels * 256)
        let numbers = indices.map(Int64.init)
        images.withUnsafeBytes { bytes in
            counts.withUnsafeMutableBytes {
                hk_pixels_count(
                    Int64(numbers.count), numbers, Int64(channels), Int64(pixels),
                    bytes.bindMemory(to: UInt8.self).baseAddress,
                    $0.bindMemory(to: Int64.self).baseAddress)
            }
        }
        return (0..<channels).map { counts[($0 * 256)..<(($0 + 1) * 256)] }
    }
}
