import HearthTensor

/// Another dtype; with `scale` white stays white: 255 in bytes, 1 in floats. torchvision's `ConvertImageDtype`, and its
/// `ToDtype`, where `scale` must be asked for.
///
/// Whole numbers other than bytes have no scale here: a picture of 16 bits is read as floats by `Image.readFloat`.
public struct ConvertDType: Transform {
    private let dtype: DType
    private let scale: Bool

    /// The step to `dtype`.
    public init(_ dtype: DType, scale: Bool = true) {
        self.dtype = dtype
        self.scale = scale
    }

    /// Every pixel is worked on alone.
    public var isPixelwise: Bool { true }

    /// The image in the dtype. With `scale` stops the program for integers other than `uint8`.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        guard scale, image.dtype != dtype else { return noGrad { image.to(dtype) } }
        switch (image.dtype, dtype) {
        case (.uint8, let wanted) where wanted.isFloatingPoint: return noGrad { image.to(wanted) / 255 }
        case (let given, .uint8) where given.isFloatingPoint: return Self.bytes(image)
        case (let given, let wanted) where given.isFloatingPoint && wanted.isFloatingPoint:
            return noGrad { image.to(wanted) }
        default:
            fatalError(
                "ConvertDType: only uint8 and floating-point images have a scale, not \(image.dtype) to \(dtype); "
                    + "Image.readFloat reads pictures of 16 bits as floats")
        }
    }

    /// Floats from 0 to 1 as bytes, of which each gets an equal part of the scale.
    static func bytes(_ image: Tensor) -> Tensor {
        noGrad { (image * (256 - 1e-3)).clamp(min: 0, max: 255).to(.uint8) }
    }
}
