import CKernels
import HearthTensor

/// The image mixed with a smoothed one: 0 is smooth, 1 leaves it, 2 is sharper. The outermost pixels stay. torchvision's
/// `adjust_sharpness`.
public struct AdjustSharpness: DraftTransform {
    private let factor: Double

    /// The factor, not negative.
    public init(_ factor: Double) { self.factor = checkedFactor(factor, "AdjustSharpness") }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireColours("AdjustSharpness")
        guard draft.height > 2, draft.width > 2 else { return }
        let x = draft.pixels
        if draft.holdsBytes {
            draft.pixels = x.remade { hk_picture_sharpen($0, factor, $1) }
            return
        }
        draft.pixels = noGrad {
            let (height, width) = (x.shape[-2], x.shape[-1])
            func part(_ down: Int, _ right: Int) -> Tensor {
                x.narrow(-2, start: down, length: height - 2).narrow(-1, start: right, length: width - 2)
            }
            var smooth = part(1, 1) * (5.0 / 13)
            for place in 0..<9 where place != 4 { smooth = smooth + part(place / 3, place % 3) * (1.0 / 13) }
            let inner = part(1, 1) * factor + smooth * (1 - factor)
            // The border is that of the image.
            let change = (inner - part(1, 1)).pad([1, 1, 1, 1], mode: .constant, value: 0)
            return (x + change).clamp(min: 0, max: draft.bound)
        }
    }
}

/// The image smoothed by a Gaussian curve whose deviation is left to chance. torchvision's `GaussianBlur`.
public struct GaussianBlur: DraftTransform {
    private let width: Int
    private let height: Int
    private let sigma: ClosedRange<Double>

    /// A curve of `kernelSize` pixels, an odd number, with a deviation from `sigma`, in pixels.
    public init(_ kernelSize: Int, sigma: ClosedRange<Double> = 0.1...2) {
        self.init(kernelWidth: kernelSize, kernelHeight: kernelSize, sigma: sigma)
    }

    /// Curves of so many pixels along rows and along columns, odd numbers.
    public init(kernelWidth: Int, kernelHeight: Int, sigma: ClosedRange<Double> = 0.1...2) {
        require(
            [kernelWidth, kernelHeight].allSatisfy({ $0 > 0 && $0 % 2 == 1 }) && sigma.lowerBound > 0, "GaussianBlur",
            "odd sizes and a positive deviation are expected, not \(kernelWidth), \(kernelHeight) "
                + "and \(sigma)")
        (width, height) = (kernelWidth, kernelHeight)
        self.sigma = sigma
    }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireScale("GaussianBlur")
        let sigma = random.uniform(in: sigma)
        draft.pixels = draft.pixels.blurred(
            across: GaussianKernel(size: width, sigma: sigma), down: GaussianKernel(size: height, sigma: sigma))
    }
}

/// The weights of a Gaussian curve that sum to 1, as torchvision samples them.
struct GaussianKernel {
    let weights: [Float]

    init(size: Int, sigma: Double) {
        let limit = Double(size - 1) / (2 * 2.0.squareRoot())
        let values = (0..<size).map { i -> Double in
            let x = size == 1 ? 0 : -limit + 2 * limit * Double(i) / Double(size - 1)
            return (-(x / sigma) * (x / sigma)).exponential
        }
        let sum = values.reduce(0, +)
        weights = values.map { Float($0 / sum) }
    }
}

extension Tensor {
    /// The picture smoothed along rows and columns, mirrored at its border.
    func blurred(across: GaussianKernel, down: GaussianKernel) -> Tensor {
        if dtype == .uint8 {
            let scratchSize = shape[-2] * shape[-1] + shape[-1] + across.weights.count
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchSize) { scratch in
                across.weights.withUnsafeBufferPointer { across in
                    down.weights.withUnsafeBufferPointer { down in
                        remade {
                            hk_picture_blur(
                                $0, across.baseAddress, Int64(across.count), down.baseAddress, Int64(down.count),
                                scratch.baseAddress, $1)
                        }
                    }
                }
            }
        }
        return noGrad { smoothed(across.weights, along: -1).smoothed(down.weights, along: -2) }
    }

    private func smoothed(_ weights: [Float], along axis: Int) -> Tensor {
        let (size, radius) = (shape[axis], weights.count / 2)
        let padded = indexSelect(
            axis, Tensor((-radius..<(size + radius)).map { PaddingStyle.reflect.place($0, in: size) }))
        return weights.enumerated().dropFirst().reduce(padded.narrow(axis, start: 0, length: size) * Double(weights[0]))
        {
            $0 + padded.narrow(axis, start: $1.offset, length: size) * Double($1.element)
        }
    }
}

/// Noise of the normal distribution added to an image. torchvision's `GaussianNoise`.
public struct GaussianNoise: Transform {
    private let mean: Double
    private let sigma: Double
    private let clip: Bool

    /// Noise with this mean and deviation, as shares of white also for bytes; with `clip` values stay between black and
    /// white. Without it bytes begin again at the other end.
    public init(mean: Double = 0, sigma: Double = 0.1, clip: Bool = true) {
        (self.mean, self.sigma, self.clip) = (mean, checkedFactor(sigma, "GaussianNoise"), clip)
    }

    /// The image with noise. Stops the program unless it is `uint8` or floating-point.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        let draft = Draft(image)
        draft.requireScale("GaussianNoise")
        let (mean, sigma) = (mean * draft.bound, sigma * draft.bound)
        return noGrad {
            guard image.dtype == .uint8 else {
                let noise = Tensor.normal(
                    image.shape, mean: mean, std: sigma, dtype: image.dtype, device: image.device, generator: random)
                return clip ? (image + noise).clamp(min: 0, max: 1) : image + noise
            }
            // The noise becomes whole numbers before it is added, as in torchvision.
            let noise = Tensor.normal(image.shape, mean: mean, std: sigma, device: image.device, generator: random)
            let noisy = image.to(.int32) + noise.clamp(min: -32768, max: 32767).to(.int32)
            return (clip ? noisy.clamp(min: 0, max: 255) : noisy).to(.uint8)
        }
    }
}
