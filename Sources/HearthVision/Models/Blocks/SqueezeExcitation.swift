import HearthNN
import HearthTensor

/// Each channel of `[N, C, H, W]` times a factor that two small layers make of the means of all channels. torchvision's
/// `SqueezeExcitation`.
///
/// Source: Hu, Shen, Sun, "Squeeze-and-Excitation Networks", 2018, <https://arxiv.org/abs/1709.01507>.
public final class SqueezeExcitation: Module, Layer {
    private let avgpool = AdaptiveAvgPool2d(1)
    private let fc1: Conv2d
    private let fc2: Conv2d
    private let activation: any Layer
    private let scaleActivation: any Layer

    /// A block for `channels` channels, with `squeezed` between its two layers.
    public init(
        _ channels: Int, _ squeezed: Int, activation: any Layer = ReLU(), scaleActivation: any Layer = Sigmoid()
    ) {
        fc1 = Conv2d(channels, squeezed, kernelSize: 1)
        fc2 = Conv2d(squeezed, channels, kernelSize: 1)
        self.activation = activation
        self.scaleActivation = scaleActivation
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x * scaleActivation(fc2(activation(fc1(avgpool(x))))) }
}
