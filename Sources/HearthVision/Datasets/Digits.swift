import HearthFormats
import HearthTensor

/// Small handwritten digits that come with the library: 1,797 images of 8 × 8 grey pixels, in 10 classes.
///
///     let parts = Digits(transform: ToTensor()).randomSplit([0.8, 0.2], seed: 0)
///
/// They need no file and no network: good for a first try, an example or a test. The pixels of the collection are 0 to
/// 16; here they are `(pixel * 255 + 8) / 16`, rounded down, from 0 to 255, so that `ToTensor` gives 0 to 1.
///
/// E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits" (the test set), 1998, UCI Machine Learning
/// Repository (<https://doi.org/10.24432/C50P49>), CC BY 4.0. scikit-learn's `load_digits`, in the same order.
public struct Digits: ImageDataset {
    /// The images with their labels, classes and transform.
    public let imageSet: ImageSet

    /// All 1,797 images `[1, 8, 8]`; without a transform they are uint8.
    public init(transform: (any Transform)? = nil) { imageSet = Self.all.transformed(by: transform) }

    private static let all: ImageSet = {
        let count = DigitsBytes.count
        var bytes = [UInt8](repeating: 0, count: count * 65)
        do {
            let inflater = Inflater(
                Base64.decode(DigitsBytes.base64), name: "the digits of the library", wrapper: .zlib)
            try bytes.withUnsafeMutableBytes { try inflater.readExactly(into: $0) }
        } catch {
            fatalError("Digits: the library is damaged: \(error)")
        }
        let pixels = bytes[..<(count * 64)].map { UInt8((Int($0) * 255 + 8) / 16) }
        return ImageSet(
            images: Tensor(pixels, shape: [count, 1, 8, 8], device: .cpu),
            labels: Tensor(bytes[(count * 64)...].map(Int.init), device: .cpu),
            classes: (0..<10).map(String.init))
    }()
}
