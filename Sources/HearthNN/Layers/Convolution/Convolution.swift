import HearthTensor

/// What the convolutions over one, two and three dimensions share.
///
/// Weight and bias start uniform within `1 / sqrt(fan-in)`, as PyTorch's do.
public class Convolution: Module, Layer {
    /// `[O, C / groups, …]`.
    @Param public var weight: Tensor
    /// `[O]`, or nil.
    @Param public var bias: Tensor?
    private let stride: Dimensions
    private let padding: any Padding
    private let dilation: Dimensions
    private let groups: Int
    private let paddingMode: PaddingMode
    private let kernel: Dimensions

    init(
        _ rank: Int, _ inputs: Int, _ outputs: Int, _ kernelSize: some Extent, _ stride: some Extent,
        _ padding: some Padding, _ dilation: some Extent, _ groups: Int, _ bias: Bool, _ paddingMode: PaddingMode,
        _ generator: Generator?
    ) {
        let name = "Conv\(rank)d"
        require(
            groups > 0 && inputs % groups == 0 && outputs % groups == 0, "\(name)",
            "\(inputs) and \(outputs) channels cannot be divided into \(groups) groups")
        kernel = kernelSize.sizes(rank, "kernelSize", name)
        self.stride = stride.sizes(rank, "stride", name)
        self.dilation = dilation.sizes(rank, "dilation", name)
        self.padding = padding
        self.groups = groups
        self.paddingMode = paddingMode
        let fanIn = inputs / groups * kernel.elementCount
        weight = Initialize.uniformByFanIn(
            Shape([outputs, inputs / groups] + Array(kernel)), fanIn: fanIn, generator: generator)
        self.bias = bias ? Initialize.uniformByFanIn([outputs], fanIn: fanIn, generator: generator) : nil
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        guard paddingMode != .constant else {
            return x.conv(weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
        }
        let zeros = padding.zeros(kernel: kernel, stride: stride, dilation: dilation)
        let border = (0..<kernel.count).reversed().flatMap { [zeros.before[$0], zeros.after[$0]] }
        return x.pad(border, mode: paddingMode)
            .conv(weight, bias: bias, stride: stride, padding: 0, dilation: dilation, groups: groups)
    }

    /// The number of channels that go in.
    public var inputs: Int { $weight.shape[1] * groups }
    /// The number of channels that come out.
    public var outputs: Int { $weight.shape[0] }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        let zeros = padding.zeros(kernel: kernel, stride: stride, dilation: dilation)
        let pads = (padding as? NamedPadding).map { "\($0)" } ?? "\(tuple: zeros.before)"
        return "\(inputs), \(outputs), kernel_size=\(tuple: kernel), stride=\(tuple: stride)"
            + ", padding=\(pads)".unless(!(padding is NamedPadding) && zeros.before.allSatisfy { $0 == 0 })
            + ", dilation=\(tuple: dilation)".unless(dilation.allSatisfy { $0 == 1 })
            + ", groups=\(groups)".unless(groups == 1) + ", bias=False".unless(bias != nil)
            + ", padding_mode=\(paddingMode)".unless(paddingMode == .zeros)
    }
}

/// Cross-correlation over `[N, C, L]` or `[C, L]`. PyTorch's `nn.Conv1d`.
public final class Conv1d: Convolution {
    /// A layer from `inputs` channels to `outputs`. See `Conv2d`.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: some Extent, stride: some Extent = 1, padding: some Padding = 0,
        dilation: some Extent = 1, groups: Int = 1, bias: Bool = true, paddingMode: PaddingMode = .zeros,
        generator: Generator? = nil
    ) {
        super.init(
            1, inputs, outputs, kernelSize, stride, padding, dilation, groups, bias, paddingMode, generator)
    }
}

/// Cross-correlation over `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.Conv2d`.
///
///     Conv2d(3, 64, kernelSize: 7, stride: 2, padding: 3, bias: false)
///     Conv2d(64, 64, kernelSize: [1, 3], padding: .same)
public final class Conv2d: Convolution {
    /// A layer from `inputs` channels to `outputs`.
    /// - Parameters:
    ///   - padding: What is put around the input on each side; `.same` keeps its sizes, `.valid` puts nothing.
    ///   - dilation: The distance between neighbours of the kernel.
    ///   - groups: The channels are divided into as many parts; as many as channels make a depthwise convolution.
    ///   - paddingMode: What the padding holds.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: some Extent, stride: some Extent = 1, padding: some Padding = 0,
        dilation: some Extent = 1, groups: Int = 1, bias: Bool = true, paddingMode: PaddingMode = .zeros,
        generator: Generator? = nil
    ) {
        super.init(
            2, inputs, outputs, kernelSize, stride, padding, dilation, groups, bias, paddingMode, generator)
    }
}

/// Cross-correlation over `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.Conv3d`.
public final class Conv3d: Convolution {
    /// A layer from `inputs` channels to `outputs`. See `Conv2d`.
    public init(
        _ inputs: Int, _ outputs: Int, kernelSize: some Extent, stride: some Extent = 1, padding: some Padding = 0,
        dilation: some Extent = 1, groups: Int = 1, bias: Bool = true, paddingMode: PaddingMode = .zeros,
        generator: Generator? = nil
    ) {
        super.init(
            3, inputs, outputs, kernelSize, stride, padding, dilation, groups, bias, paddingMode, generator)
    }
}
