import HearthTensor

/// `x Wᵀ + b` for `x` of shape `[…, in]`: `[…, out]`.
///
/// Weight `[out, in]` and bias `[out]` start uniform within `1 / sqrt(in)`. PyTorch's `nn.Linear`.
public final class Linear: Module, Layer {
    /// `[out, in]`.
    @Param public var weight: Tensor
    /// `[out]`, or nil.
    @Param public var bias: Tensor?

    /// A layer from `inputs` features to `outputs`.
    public init(_ inputs: Int, _ outputs: Int, bias: Bool = true, generator: Generator? = nil) {
        weight = Initialize.uniformByFanIn([outputs, inputs], fanIn: inputs, generator: generator)
        self.bias = bias ? Initialize.uniformByFanIn([outputs], fanIn: inputs, generator: generator) : nil
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.linear(weight, bias: bias) }

    /// The number of features that go in.
    public var inputs: Int { $weight.shape[1] }
    /// The number of features that come out.
    public var outputs: Int { $weight.shape[0] }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "in_features=\(inputs), out_features=\(outputs), bias=\(py: bias != nil)" }
}

/// `x₁ᵀ W x₂ + b` for two inputs of shape `[…, in1]` and `[…, in2]`: `[…, out]`. PyTorch's `nn.Bilinear`.
public final class Bilinear: Module {
    /// `[out, in1, in2]`.
    @Param public var weight: Tensor
    /// `[out]`, or nil.
    @Param public var bias: Tensor?

    /// A layer from two inputs of `first` and `second` features to `outputs`.
    public init(_ first: Int, _ second: Int, _ outputs: Int, bias: Bool = true, generator: Generator? = nil) {
        weight = Initialize.uniformByFanIn([outputs, first, second], fanIn: first, generator: generator)
        self.bias = bias ? Initialize.uniformByFanIn([outputs], fanIn: first, generator: generator) : nil
    }

    /// Computes the result for both inputs.
    public func callAsFunction(_ x: Tensor, _ y: Tensor) -> Tensor {
        Tensor.bilinear(x, y, weight, bias: bias)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        let shape = $weight.shape
        return "in1_features=\(shape[1]), in2_features=\(shape[2]), out_features=\(shape[0]), bias=\(py: bias != nil)"
    }
}
