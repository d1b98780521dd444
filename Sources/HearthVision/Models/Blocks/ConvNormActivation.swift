import HearthNN
import HearthTensor

/// Makes a normalisation for a number of channels: `{ BatchNorm2d($0, epsilon: 1e-3) }`.
public typealias NormLayer = (_ channels: Int) -> any Layer

/// A convolution, a normalisation and an activation in a row, each of the last two where there is one.
///
/// With an odd kernel and stride 1 the sizes stay. torchvision's `Conv2dNormActivation`.
public final class ConvNormActivation: Sequential {
    /// A block from `inputs` channels to `outputs`.
    /// - Parameters:
    ///   - padding: Zeros around the input; by default as many as keep its sizes.
    ///   - norm: Makes the normalisation; nil for none.
    ///   - bias: Whether the convolution has a bias; by default where no normalisation follows.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: Int = 3, stride: Int = 1, padding: Int? = nil, groups: Int = 1,
        norm: NormLayer? = { BatchNorm2d($0) }, activation: (any Layer)? = ReLU(), dilation: Int = 1, bias: Bool? = nil
    ) {
        let convolution = Conv2d(
            inputs, outputs, kernelSize: kernelSize, stride: stride,
            padding: padding ?? (kernelSize - 1) / 2 * dilation, dilation: dilation, groups: groups,
            bias: bias ?? (norm == nil))
        super.init([convolution, norm?(outputs), activation].compactMap { $0 })
    }
}
