import HearthTensor

/// Another size, by bilinear interpolation that takes in every pixel when it makes an image smaller (antialiasing).
/// torchvision's `Resize`; the results are those of PIL's `Image.resize(…, BILINEAR)` before version 13, to the bit, and
/// of later ones but for the order of the two passes.
public struct Resize: Transform {
    private enum Target {
        case shorterSide(Int)
        case exact(height: Int, width: Int)
    }

    private let target: Target

    /// The shorter side gets this size; the longer keeps its proportion, rounded down.
    public init(_ size: Int) {
        guard size > 0 else { fatalError("Resize: the size must be positive; it is \(size)") }
        target = .shorterSide(size)
    }

    /// Exactly this size, whatever the proportion.
    public init(height: Int, width: Int) {
        guard height > 0, width > 0 else { fatalError("Resize: a size must be positive; got \(height) × \(width)") }
        target = .exact(height: height, width: width)
    }

    /// The image in the new size. Stops the program unless it is uint8 `[C, H, W]`.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        guard image.rank == 3, image.dtype == .uint8, image.count > 0 else {
            fatalError("Resize: a uint8 image [C, H, W] is expected, not \(image.spec); ToTensor comes after it")
        }
        let (height, width) = (image.shape[1], image.shape[2])
        switch target {
        case .exact(let newHeight, let newWidth):
            return Resampling.resize(image, height: newHeight, width: newWidth)
        case .shorterSide(let size) where height <= width:
            return Resampling.resize(image, height: size, width: size * width / height)
        case .shorterSide(let size):
            return Resampling.resize(image, height: size * height / width, width: size)
        }
    }
}

/// Colours as one channel of brightness, by the weights of ITU-R 601-2: 0.299 R + 0.587 G + 0.114 B. An image of one
/// channel stays as it is; an alpha channel is left out. torchvision's `Grayscale`; for `uint8` the results are those
/// of PIL's `convert("L")`, to the bit.
public struct Grayscale: Transform {
    /// The step from colours to grey.
    public init() {}

    /// One channel of brightness. Stops the program unless the image is uint8 `[C, H, W]`.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        guard image.rank == 3, image.dtype == .uint8, (1...4).contains(image.shape[0]) else {
            fatalError("Grayscale: a uint8 image [C, H, W] of 1 to 4 channels is expected, not \(image.spec)")
        }
        let pixels = Pixels(image)
        return Tensor(pixels.grey)
    }
}
