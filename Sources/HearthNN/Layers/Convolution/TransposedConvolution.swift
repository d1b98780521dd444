import HearthTensor

/// What the transposed convolutions over one, two and three dimensions share.
///
/// Weight and bias start uniform within `1 / sqrt(fan-in)`, where the fan-in is counted as PyTorch does: by the outputs.
public class TransposedConvolution: Module {
    /// `[C, O / groups, …]`.
    @Param public var weight: Tensor
    /// `[O]`, or nil.
    @Param public var bias: Tensor?
    private let stride: Dimensions
    private let padding: Dimensions
    private let outputPadding: Dimensions
    private let dilation: Dimensions
    private let groups: Int
    private let kernel: Dimensions

    init(
        _ rank: Int, _ inputs: Int, _ outputs: Int, _ kernelSize: some Extent, _ stride: some Extent,
        _ padding: some Extent, _ outputPadding: some Extent, _ groups: Int, _ bias: Bool, _ dilation: some Extent,
        _ generator: Generator?
    ) {
        let name = "ConvTranspose\(rank)d"
        require(
            groups > 0 && inputs % groups == 0 && outputs % groups == 0, "\(name)",
            "\(inputs) and \(outputs) channels cannot be divided into \(groups) groups")
        kernel = kernelSize.sizes(rank, "kernelSize", name)
        self.stride = stride.sizes(rank, "stride", name)
        self.padding = padding.sizes(rank, "padding", name)
        self.outputPadding = outputPadding.sizes(rank, "outputPadding", name)
        self.dilation = dilation.sizes(rank, "dilation", name)
        self.groups = groups
        let fanIn = outputs / groups * kernel.elementCount
        weight = Initialize.uniformByFanIn(
            Shape([inputs, outputs / groups] + Array(kernel)), fanIn: fanIn, generator: generator)
        self.bias = bias ? Initialize.uniformByFanIn([outputs], fanIn: fanIn, generator: generator) : nil
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { forward(x, extra: outputPadding) }

    /// Computes the result for `x` with these sizes in its last dimensions, of which a stride leaves several possible.
    public func callAsFunction(_ x: Tensor, outputSize: some Extent) -> Tensor {
        let rank = kernel.count
        let wanted = outputSize.sizes(rank, "outputSize", "ConvTranspose\(rank)d")
        var extra = outputPadding
        for (i, size) in x.shape.suffix(rank).enumerated() {
            let least = (size - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel[i] - 1) + 1
            extra[i] = wanted[i] - least
            guard (0..<stride[i]).contains(extra[i]) else {
                stop(
                    "convolve_transposed", [x.spec],
                    "output size \(wanted[i]) is not in \(least)..<\(least + stride[i])")
                return x
            }
        }
        return forward(x, extra: extra)
    }

    private func forward(_ x: Tensor, extra: Dimensions) -> Tensor {
        x.convTranspose(
            weight, bias: bias, stride: stride, padding: padding, outputPadding: extra, groups: groups,
            dilation: dilation)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\($weight.shape[0]), \($weight.shape[1] * groups), kernel_size=\(tuple: kernel), stride=\(tuple: stride)"
            + ", padding=\(tuple: padding)".unless(padding.allSatisfy { $0 == 0 })
            + ", dilation=\(tuple: dilation)".unless(dilation.allSatisfy { $0 == 1 })
            + ", output_padding=\(tuple: outputPadding)".unless(outputPadding.allSatisfy { $0 == 0 })
            + ", groups=\(groups)".unless(groups == 1) + ", bias=False".unless(bias != nil)
    }
}

extension TransposedConvolution: Layer {}

/// Transposed convolution of `[N, C, L]` or `[C, L]`. PyTorch's `nn.ConvTranspose1d`.
public final class ConvTranspose1d: TransposedConvolution {
    /// A layer from `inputs` channels to `outputs`. See `ConvTranspose2d`.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: some Extent, stride: some Extent = 1, padding: some Extent = 0,
        outputPadding: some Extent = 0, groups: Int = 1, bias: Bool = true, dilation: some Extent = 1,
        generator: Generator? = nil
    ) {
        super.init(
            1, inputs, outputs, kernelSize, stride, padding, outputPadding, groups, bias, dilation, generator)
    }
}

/// Transposed convolution of `[N, C, H, W]` or `[C, H, W]`: the gradient of a convolution with respect to its input, for
/// making images larger. PyTorch's `nn.ConvTranspose2d`.
///
///     ConvTranspose2d(64, 32, kernelSize: 2, stride: 2)
public final class ConvTranspose2d: TransposedConvolution {
    /// A layer from `inputs` channels to `outputs`.
    /// - Parameters:
    ///   - padding: The zeros around the input of the convolution that this is the gradient of: cut off the result.
    ///   - outputPadding: Rows and columns added at the end of the result, less than the stride.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: some Extent, stride: some Extent = 1, padding: some Extent = 0,
        outputPadding: some Extent = 0, groups: Int = 1, bias: Bool = true, dilation: some Extent = 1,
        generator: Generator? = nil
    ) {
        super.init(
            2, inputs, outputs, kernelSize, stride, padding, outputPadding, groups, bias, dilation, generator)
    }
}

/// Transposed convolution of `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.ConvTranspose3d`.
public final class ConvTranspose3d: TransposedConvolution {
    /// A layer from `inputs` channels to `outputs`. See `ConvTranspose2d`.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: some Extent, stride: some Extent = 1, padding: some Extent = 0,
        outputPadding: some Extent = 0, groups: Int = 1, bias: Bool = true, dilation: some Extent = 1,
        generator: Generator? = nil
    ) {
        super.init(
            3, inputs, outputs, kernelSize, stride, padding, outputPadding, groups, bias, dilation, generator)
    }
}
