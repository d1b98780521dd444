import HearthTensor

/// A tensor that training changes: it has an identity, a gradient, and a value that is replaced by every step.
///
/// A module declares one with `@Param var weight: Tensor` and reads its value as `weight`; `$weight` is the parameter
/// itself. Modules that share a parameter share its value and its gradient.
public final class Parameter {
    private var value: Tensor
    /// What the value is computed from whenever it is read; nil for a parameter of its own.
    private(set) var source: (any ParameterSource)?
    /// True for a parameter whose value is computed from others whenever it is read.
    package var isComputed: Bool { source != nil }

    /// A parameter with this value, which asks for a gradient.
    public init(_ value: Tensor, requiresGrad: Bool = true) {
        self.value = requiresGrad ? value.detach().requiringGrad() : value.detach()
    }

    /// The value, recorded by operations when the parameter requires a gradient. A new value of the same shape and
    /// dtype keeps the gradient that has been collected, which goes with it to another device.
    public var tensor: Tensor {
        get { source.map { $0.value } ?? value }
        set {
            if let source { return source.assign(newValue.detach()) }
            let new = newValue.detach()
            if new.spec == value.spec {
                let gradient = value.grad
                value = new.replacing(value)
                if let gradient, gradient.device != new.device { value.grad = noGrad { gradient.to(new.device) } }
            } else {
                value = requiresGrad ? new.requiringGrad() : new
            }
        }
    }

    /// The gradient that `backward` has collected since it was last set to nil.
    public var grad: Tensor? {
        get { value.grad }
        set { if requiresGrad { value.grad = newValue } }
    }

    /// Whether the parameter takes part in training. A frozen parameter has no gradient and is skipped by optimizers.
    public var requiresGrad: Bool {
        get { value.requiresGrad }
        set { value.requiresGrad = newValue }
    }

    /// The size of each dimension.
    public var shape: Shape { value.shape }
    /// The type of the elements.
    public var dtype: DType { source.map { $0.value.dtype } ?? value.dtype }
    /// Where the value is.
    public var device: Device { source.map { $0.value.device } ?? value.device }
    /// The number of elements.
    public var count: Int { value.count }

    /// Gives the value elements that only this parameter sees, for a kernel to overwrite.
    func makeWritable() { value.makeWritable() }

    /// Makes the value one that is computed from others.
    func follow(_ source: any ParameterSource) {
        let shape = noGrad { source.value.spec }
        self.source = source
        // From now on the value comes from the source. What is stored only gives the shape and dtype, so it needs no
        // memory.
        value = .meta(shape.shape, dtype: shape.dtype)
    }

    /// Makes the parameter one of its own again.
    func stand(on value: Tensor, requiresGrad: Bool) {
        source = nil
        self.value = requiresGrad ? value.detach().requiringGrad() : value.detach()
    }
}

/// What computes the value of a parameter that is not one of its own.
protocol ParameterSource: AnyObject {
    /// The value, made of operations that are recorded.
    var value: Tensor { get }
    /// Changes what the value is computed from so that it becomes this one, as well as that can be done.
    func assign(_ value: Tensor)
}
