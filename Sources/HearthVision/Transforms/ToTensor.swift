import HearthTensor

/// Bytes 0…255 as `float32` 0…1: each is divided by 255. Floating-point images stay as they are. torchvision's
/// `ToTensor`, whose results it gives to the bit.
public struct ToTensor: Transform {
    /// The step from bytes to floats.
    public init() {}

    /// Every pixel is worked on alone.
    public var isPixelwise: Bool { true }

    /// The image in `float32`. Stops the program for integers other than `uint8`.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        if image.dtype.isFloatingPoint { return image }
        require(
            image.dtype == .uint8, "ToTensor",
            "a uint8 image is expected, not \(image.spec); Image.readFloat reads pictures of 16 bits as "
                + "floats")
        return noGrad { image.to(.float32) / 255 }
    }
}
