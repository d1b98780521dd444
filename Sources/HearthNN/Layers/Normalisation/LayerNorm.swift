import HearthTensor

/// `(x - mean) / sqrt(variance + epsilon) * weight + bias` over the last dimensions. PyTorch's `nn.LayerNorm`.
///
/// Source: Ba, Kiros, Hinton, "Layer Normalization", 2016.
public final class LayerNorm: Module, Layer {
    /// Of the shape that is normalised, 1 at the start; nil unless affine.
    @Param public var weight: Tensor?
    /// Of the shape that is normalised, 0 at the start; nil unless affine and with bias.
    @Param public var bias: Tensor?
    private let shape: Shape
    private let epsilon: Double

    /// A layer over the last dimensions, which have the sizes in `shape`.
    public init(_ shape: Shape, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
        self.shape = shape
        self.epsilon = epsilon
        weight = affine ? .ones(shape) : nil
        self.bias = affine && bias ? .zeros(shape) : nil
    }

    /// A layer over the last dimension, of `features` elements.
    public convenience init(_ features: Int, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
        self.init([features], epsilon: epsilon, affine: affine, bias: bias)
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.layerNorm(shape, weight: weight, bias: bias, epsilon: epsilon) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\(tuple: shape), eps=\(epsilon), elementwise_affine=\(py: weight != nil), bias=\(py: bias != nil)"
    }
}

/// `x / sqrt(mean(x²) + epsilon) * weight` over the last dimensions. PyTorch's `nn.RMSNorm`.
///
/// Source: Zhang, Sennrich, "Root Mean Square Layer Normalization", 2019.
public final class RMSNorm: Module, Layer {
    /// Of the shape that is normalised, 1 at the start; nil unless affine.
    @Param public var weight: Tensor?
    private let shape: Shape
    private let epsilon: Double?

    /// A layer over the last dimensions, which have the sizes in `shape`. Without `epsilon` the smallest difference from
    /// 1 that the input's dtype knows.
    public init(_ shape: Shape, epsilon: Double? = nil, affine: Bool = true) {
        self.shape = shape
        self.epsilon = epsilon
        weight = affine ? .ones(shape) : nil
    }

    /// A layer over the last dimension, of `features` elements.
    public convenience init(_ features: Int, epsilon: Double? = nil, affine: Bool = true) {
        self.init([features], epsilon: epsilon, affine: affine)
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.rmsNorm(shape, weight: weight, epsilon: epsilon) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\(tuple: shape), eps=\(py: epsilon), elementwise_affine=\(py: weight != nil)"
    }
}

/// Each image's channels in parts, each part standardised over its channels and places, for `[N, C, …]`. PyTorch's
/// `nn.GroupNorm`.
///
/// Source: Wu, He, "Group Normalization", 2018.
public final class GroupNorm: Module, Layer {
    /// `[C]`, 1 at the start; nil unless affine.
    @Param public var weight: Tensor?
    /// `[C]`, 0 at the start; nil unless affine.
    @Param public var bias: Tensor?
    private let groups: Int
    private let channels: Int
    private let epsilon: Double

    /// A layer for `channels` channels in `groups` parts.
    public init(_ groups: Int, _ channels: Int, epsilon: Double = 1e-5, affine: Bool = true) {
        require(
            groups > 0 && channels % groups == 0, "GroupNorm",
            "\(channels) channels cannot be divided into \(groups) groups")
        self.groups = groups
        self.channels = channels
        self.epsilon = epsilon
        weight = affine ? .ones([channels]) : nil
        bias = affine ? .zeros([channels]) : nil
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.groupNorm(groups, weight: weight, bias: bias, epsilon: epsilon) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\(groups), \(channels), eps=\(epsilon), affine=\(py: weight != nil), bias=\(py: bias != nil)"
    }
}

/// Each element divided by a power of the mean square of neighbouring channels. PyTorch's `nn.LocalResponseNorm`.
public final class LocalResponseNorm: Module, Layer {
    private let size: Int
    private let alpha: Double
    private let beta: Double
    private let k: Double

    /// A layer that looks at `size` channels.
    public init(_ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.localResponseNorm(size, alpha: alpha, beta: beta, k: k) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "\(size), alpha=\(alpha), beta=\(beta), k=\(k)" }
}
