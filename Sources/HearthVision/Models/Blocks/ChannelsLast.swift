import HearthNN
import HearthTensor

/// The dimensions in another order. torchvision's `Permute`.
final class Permute: Module, Layer {
    private let order: Dimensions

    init(_ order: Dimensions) { self.order = order }

    func forward(_ x: Tensor) -> Tensor { x.permute(order) }

    /// `[N, C, H, W]` to `[N, H, W, C]`.
    static var channelsLast: Permute { Permute([0, 2, 3, 1]) }
    /// `[N, H, W, C]` to `[N, C, H, W]`.
    static var channelsFirst: Permute { Permute([0, 3, 1, 2]) }
}

/// Layer normalisation over the channels of `[N, C, H, W]`, of each place alone. torchvision's `LayerNorm2d`.
public final class LayerNorm2d: Module, Layer {
    /// `[C]`, 1 at the start.
    @Param public var weight: Tensor
    /// `[C]`, 0 at the start.
    @Param public var bias: Tensor
    private let epsilon: Double

    /// A layer for `channels` channels.
    public init(_ channels: Int, epsilon: Double = 1e-5) {
        weight = .ones([channels])
        bias = .zeros([channels])
        self.epsilon = epsilon
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        x.permute(0, 2, 3, 1).layerNorm($weight.shape, weight: weight, bias: bias, epsilon: epsilon)
            .permute(0, 3, 1, 2)
    }
}
