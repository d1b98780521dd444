// A convolution is linear in its input and in its weight. With the gradient of its result that makes three tensors and
// three operations, each of which computes one from the other two; the derivatives of each are the other two.

/// Cross-correlation of `[N, C, …]` with `[O, C / groups, …]`, plus `[O]`: `[N, O, …]`.
struct Convolve: TensorOperation {
    static let name = "convolve"
    let window: Window
    let groups: Int

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let (input, weight) = (x[0].shape, x[1].shape)
        try checkWeight(weight, x[1].dtype, input: x[0])
        guard input[1] == weight[1] * groups else {
            throw ShapeError(
                "the input must have \(weight[1] * groups) channels for this weight and \(groups) groups; "
                    + "it has \(input[1])")
        }
        guard weight[0] % groups == 0 else {
            throw ShapeError("\(weight[0]) output channels cannot be divided into \(groups) groups")
        }
        guard x.count < 3 || x[2].shape == [weight[0]] else { throw ShapeError("the bias must be [\(weight[0])]") }
        let outputs = try window.outputs(over: Shape(input.dropFirst(2)))
        return Spec(Shape([input[0], weight[0]] + Array(outputs)), x[0].dtype)
    }

    private func checkWeight(_ weight: Shape, _ dtype: DType, input: Tensor) throws(ShapeError) {
        guard input.dtype.isFloatingPoint, input.dtype == dtype else {
            throw ShapeError("input and weight must be floating-point and of one dtype")
        }
        guard input.rank == window.rank + 2, weight.count == input.rank else {
            throw ShapeError("input and weight must have \(window.rank + 2) dimensions")
        }
        guard groups > 0 else { throw ShapeError("the number of groups must be positive; it is \(groups)") }
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        kept.append(x[1])
        return x.backend.convolve(x[0], x[1], bias: x.count > 2 ? x[2] : nil, window, groups: groups)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (x, weight) = (kept[0], kept[1])
        let size = Shape(x.shape.dropFirst(2))
        return Gradients(
            kept.needs(0) ? apply(ConvolveTransposed(window: window, groups: groups, size: size), to: g, weight) : nil,
            kept.needs(1) ? apply(ConvolveWeight(window: window, groups: groups), to: g, x) : nil,
            kept.needs(2) ? g.sum(dims: [0] + Array(2..<g.rank)) : nil)
    }
}

extension Convolve {
    var attributes: Attributes { ["window": window, "groups": groups] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(window: try attributes["window"], groups: try attributes["groups"])
    }
}

/// The derivative of `Convolve` with respect to its input, which is a transposed convolution.
struct ConvolveTransposed: TensorOperation {
    static let name = "convolve_transposed"
    let window: Window
    let groups: Int
    /// The sizes of the result's last dimensions.
    let size: Shape

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let (g, weight) = (x[0].shape, x[1].shape)
        guard x[0].dtype.isFloatingPoint, x[0].dtype == x[1].dtype else {
            throw ShapeError("input and weight must be floating-point and of one dtype")
        }
        guard g.count == window.rank + 2, weight.count == g.count else {
            throw ShapeError("input and weight must have \(window.rank + 2) dimensions")
        }
        guard groups > 0, g[1] == weight[0], g[1] % groups == 0 else {
            throw ShapeError(
                "the input must have \(weight[0]) channels, a multiple of the \(groups) groups; it has \(g[1])")
        }
        let outputs = try window.outputs(over: size)
        guard outputs.elementsEqual(g.dropFirst(2)) else {
            throw ShapeError("\(size) is no result of a transposed convolution; that would have \(outputs) windows")
        }
        return Spec(Shape([g[0], weight[1] * groups] + Array(size)), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        kept.append(x[1])
        return x.backend.convolveTransposed(x[0], x[1], window, groups: groups, size: size)
    }

    func gradient(_ gg: Tensor, _ kept: Kept) -> Gradients {
        Gradients(
            kept.needs(0) ? apply(Convolve(window: window, groups: groups), to: gg, kept[1]) : nil,
            kept.needs(1) ? apply(ConvolveWeight(window: window, groups: groups), to: kept[0], gg) : nil)
    }
}

extension ConvolveTransposed {
    var attributes: Attributes { ["window": window, "groups": groups, "size": size] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(window: try attributes["window"], groups: try attributes["groups"], size: try attributes["size"])
    }
}

/// The derivative of `Convolve` with respect to its weight.
struct ConvolveWeight: TensorOperation {
    static let name = "convolve_weight"
    let window: Window
    let groups: Int

    func result(of x: Operands) -> Spec {
        Spec(Shape([x[0].shape[1], x[1].shape[1] / groups] + Array(window.kernel)), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        kept.append(x[1])
        return x.backend.convolveWeight(x[0], x[1], window, groups: groups)
    }

    func gradient(_ gw: Tensor, _ kept: Kept) -> Gradients {
        let size = Shape(kept[1].shape.dropFirst(2))
        return Gradients(
            kept.needs(0) ? apply(Convolve(window: window, groups: groups), to: kept[1], gw) : nil,
            kept.needs(1)
                ? apply(ConvolveTransposed(window: window, groups: groups, size: size), to: kept[0], gw) : nil)
    }
}

extension ConvolveWeight {
    var attributes: Attributes { ["window": window, "groups": groups] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(window: try attributes["window"], groups: try attributes["groups"])
    }
}

extension Tensor {
    /// Cross-correlation over the last dimensions: `[N, C, …]`, or `[C, …]` without a batch, with a weight
    /// `[O, C / groups, …]` and a bias `[O]` to `[N, O, …]`, over one, two or three dimensions, as many as the weight
    /// has beyond two.
    ///
    /// PyTorch's `F.conv1d`, `F.conv2d` and `F.conv3d`.
    /// - Parameters:
    ///   - padding: Zeros around the input; `.same` for as many as keep its sizes (`stride` must be 1), `.valid` for none.
    ///   - dilation: The distance between neighbours of the kernel.
    ///   - groups: The channels are divided into as many parts, each convolved on its own.
    public func conv(
        _ weight: Tensor, bias: Tensor? = nil, stride: some Extent = 1, padding: some Padding = 0,
        dilation: some Extent = 1, groups: Int = 1
    ) -> Tensor {
        let spatial = weight.rank - 2
        guard (1...3).contains(spatial) else {
            return stop(
                "convolve", [spec, weight.spec], "the weight must have 3, 4 or 5 dimensions", fallback: self)
        }
        if rank == spatial + 1 {
            return unsqueeze(0).conv(
                weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups
            ).squeeze(0)
        }
        var window = Window(
            kernel: Dimensions(weight.shape.dropFirst(2)), stride: stride.checked(spatial, "stride", "conv"),
            before: Dimensions(), after: Dimensions(), dilation: dilation.checked(spatial, "dilation", "conv"))
        (window.before, window.after) = padding.around(window)
        let operation = Convolve(window: window, groups: groups)
        guard let bias else { return apply(operation, to: self, weight) }
        return apply(operation, to: self, weight, bias)
    }

    /// Cross-correlation of `[time, N, channels]` with `weight`, `[kernel, channels, out]`. PyTorch's `F.conv_tbc`.
    public func convTBC(_ weight: Tensor, bias: Tensor, padding: Int = 0) -> Tensor {
        guard rank == 3, weight.rank == 3 else {
            return stop(
                "convTBC", [spec, weight.spec], "[time, N, channels] and [kernel, channels, out] are expected",
                fallback: self)
        }
        return permute(1, 2, 0).conv(weight.permute(2, 1, 0), bias: bias, padding: padding).permute(2, 0, 1)
    }

    /// The transposed convolution of `[N, C, …]`, or `[C, …]` without a batch, with a weight `[C, O / groups, …]` and a
    /// bias `[O]`: `[N, O, …]`. The gradient of a convolution with respect to its input, sometimes called deconvolution.
    ///
    /// A dimension of size `n` becomes `(n - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1`.
    /// PyTorch's `F.conv_transpose1d`, `2d` and `3d`.
    public func convTranspose(
        _ weight: Tensor, bias: Tensor? = nil, stride: some Extent = 1, padding: some Extent = 0,
        outputPadding: some Extent = 0, groups: Int = 1, dilation: some Extent = 1
    ) -> Tensor {
        let spatial = weight.rank - 2
        guard (1...3).contains(spatial), rank == spatial + 2 || rank == spatial + 1 else {
            return stop(
                "convolve_transposed", [spec, weight.spec],
                "the weight must have 3, 4 or 5 dimensions and the input "
                    + "as many, or one less", fallback: self)
        }
        if rank == spatial + 1 {
            return unsqueeze(0).convTranspose(
                weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
                dilation: dilation
            ).squeeze(0)
        }
        let name = "convTranspose"
        let around = padding.checked(spatial, "padding", name)
        let extra = outputPadding.checked(spatial, "outputPadding", name)
        var window = Window(
            kernel: Dimensions(weight.shape.dropFirst(2)), stride: stride.checked(spatial, "stride", name),
            before: around, after: around, dilation: dilation.checked(spatial, "dilation", name))
        var size = Shape()
        var zeros: [Int] = []
        for i in 0..<spatial {
            guard extra[i] >= 0, extra[i] < Swift.max(window.stride[i], window.dilation[i]) else {
                return stop(
                    "convolve_transposed", [spec, weight.spec],
                    "output padding must be less than the stride or the dilation; it is \(extra[i])", fallback: self)
            }
            // As much as a stride would make room for another input. Then the padding takes less away at the end, and
            // what it cannot give is zeros.
            let returned = extra[i] < window.stride[i] ? 0 : Swift.min(extra[i], around[i])
            let added = extra[i] < window.stride[i] ? 0 : extra[i] - returned
            window.after[i] -= returned
            zeros = [0, added] + zeros
            size.append(
                (shape[i + 2] - 1) * window.stride[i] - 2 * around[i] + window.dilation[i] * (window.kernel[i] - 1)
                    + extra[i] - added + 1)
        }
        let inner = apply(ConvolveTransposed(window: window, groups: groups, size: size), to: self, weight)
        let result = zeros.allSatisfy { $0 == 0 } ? inner : inner.pad(zeros)
        guard let bias else { return result }
        return result + bias.reshape(Shape([bias.count] + Array(repeating: 1, count: spatial)))
    }
}

/// What is put around the input of a convolution: numbers of zeros, or `.same` or `.valid`.
public protocol Padding: Sendable {
    /// The zeros before and after each dimension.
    func zeros(kernel: Dimensions, stride: Dimensions, dilation: Dimensions) -> (before: Dimensions, after: Dimensions)
}

extension Padding {
    fileprivate func around(_ window: Window) -> (Dimensions, Dimensions) {
        zeros(kernel: window.kernel, stride: window.stride, dilation: window.dilation)
    }
}

extension Padding where Self: Extent {
    /// These numbers on both sides.
    public func zeros(
        kernel: Dimensions, stride: Dimensions, dilation: Dimensions
    ) -> (before: Dimensions, after: Dimensions) {
        let sizes = checked(kernel.count, "padding", "conv")
        return (sizes, sizes)
    }
}

extension Int: Padding {}
extension Array: Padding where Element == Int {}
extension Dimensions: Padding {}

/// Padding that is named: `.same` or `.valid`.
public struct NamedPadding: Padding, Hashable, CustomStringConvertible {
    fileprivate let keepsSize: Bool

    /// The name.
    public var description: String { keepsSize ? "same" : "valid" }

    /// Half of what the kernel reaches over on each side for `.same`, one more at the end where that is odd.
    public func zeros(
        kernel: Dimensions, stride: Dimensions, dilation: Dimensions
    ) -> (before: Dimensions, after: Dimensions) {
        var (before, after) = (
            Dimensions(repeating: 0, count: kernel.count), Dimensions(repeating: 0, count: kernel.count)
        )
        guard keepsSize else { return (before, after) }
        if !stride.allSatisfy({ $0 == 1 }) { stop("conv", "padding '.same' needs a stride of 1; it is \(stride)") }
        for i in 0..<kernel.count {
            let total = dilation[i] * (kernel[i] - 1)
            before[i] = total / 2
            after[i] = total - total / 2
        }
        return (before, after)
    }
}

extension Padding where Self == NamedPadding {
    /// As many zeros as keep the sizes.
    public static var same: NamedPadding { NamedPadding(keepsSize: true) }
    /// No zeros.
    public static var valid: NamedPadding { NamedPadding(keepsSize: false) }
}
