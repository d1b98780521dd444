import HearthTensor

// What someone who comes from PyTorch types first where Swift asks for a label: the compiler then offers the right one.

extension LeakyReLU {
    /// `LeakyReLU(slope:)`.
    @available(*, unavailable, renamed: "init(slope:)")
    public convenience init(_ slope: Double) { self.init(slope: slope) }
}

extension ELU {
    /// `ELU(alpha:)`.
    @available(*, unavailable, renamed: "init(alpha:)")
    public convenience init(_ alpha: Double) { self.init(alpha: alpha) }
}

extension Softmax {
    /// `Softmax(dim:)`.
    @available(*, unavailable, renamed: "init(dim:)")
    public convenience init(_ dim: Int) { self.init(dim: dim) }
}

extension LogSoftmax {
    /// `LogSoftmax(dim:)`.
    @available(*, unavailable, renamed: "init(dim:)")
    public convenience init(_ dim: Int) { self.init(dim: dim) }
}

extension Hardtanh {
    /// `Hardtanh(min:max:)`.
    @available(*, unavailable, renamed: "init(min:max:)")
    public convenience init(_ min: Double, _ max: Double) { self.init(min: min, max: max) }
}

extension Flatten {
    /// `Flatten(from:to:)`.
    @available(*, unavailable, renamed: "init(from:to:)")
    public convenience init(_ from: Int, _ to: Int) { self.init(from: from, to: to) }
}

extension Unflatten {
    /// `Unflatten(dim:_:)`.
    @available(*, unavailable, renamed: "init(dim:_:)")
    public convenience init(_ dim: Int, _ sizes: Shape) { self.init(dim: dim, sizes) }
}

extension Dropout {
    /// `Dropout(_:)`.
    @available(*, unavailable, renamed: "init(_:generator:)")
    public convenience init(p: Double) { self.init(p) }
}

extension Conv1d {
    /// `Conv1d(_:_:kernelSize:)`.
    @available(*, unavailable, message: "name the kernel: Conv1d(1, 32, kernelSize: 3, stride: 1)")
    public convenience init(_ inputs: Int, _ outputs: Int, _ kernelSize: Int, _ stride: Int = 1, _ padding: Int = 0) {
        self.init(inputs, outputs, kernelSize: kernelSize, stride: stride, padding: padding)
    }
}

extension Conv2d {
    /// `Conv2d(_:_:kernelSize:)`.
    @available(*, unavailable, message: "name the kernel: Conv2d(3, 64, kernelSize: 7, stride: 2, padding: 3)")
    public convenience init(_ inputs: Int, _ outputs: Int, _ kernelSize: Int, _ stride: Int = 1, _ padding: Int = 0) {
        self.init(inputs, outputs, kernelSize: kernelSize, stride: stride, padding: padding)
    }
}

extension MaxPool2d {
    /// `MaxPool2d(_:stride:)`.
    @available(*, unavailable, message: "name the stride: MaxPool2d(3, stride: 2, padding: 1)")
    public convenience init(_ kernelSize: Int, _ stride: Int, _ padding: Int = 0) {
        self.init(kernelSize, stride: stride, padding: padding)
    }
}

extension AvgPool2d {
    /// `AvgPool2d(_:stride:)`.
    @available(*, unavailable, message: "name the stride: AvgPool2d(3, stride: 2, padding: 1)")
    public convenience init(_ kernelSize: Int, _ stride: Int, _ padding: Int = 0) {
        self.init(kernelSize, stride: stride, padding: padding)
    }
}

extension LSTM {
    /// `LSTM(_:_:layers:)`.
    @available(*, unavailable, renamed: "init(_:_:layers:)")
    public convenience init(_ inputs: Int, _ units: Int, _ layers: Int) { self.init(inputs, units, layers: layers) }

    /// `LSTM(_:_:layers:)`.
    @available(*, unavailable, renamed: "init(_:_:layers:)")
    public convenience init(_ inputs: Int, _ units: Int, numLayers: Int) { self.init(inputs, units, layers: numLayers) }
}

extension GRU {
    /// `GRU(_:_:layers:)`.
    @available(*, unavailable, renamed: "init(_:_:layers:)")
    public convenience init(_ inputs: Int, _ units: Int, _ layers: Int) { self.init(inputs, units, layers: layers) }

    /// `GRU(_:_:layers:)`.
    @available(*, unavailable, renamed: "init(_:_:layers:)")
    public convenience init(_ inputs: Int, _ units: Int, numLayers: Int) { self.init(inputs, units, layers: numLayers) }
}

extension MultiheadAttention {
    /// `MultiheadAttention(_:heads:)`.
    @available(*, unavailable, renamed: "init(_:heads:)")
    public convenience init(_ features: Int, _ heads: Int) { self.init(features, heads: heads) }

    /// `MultiheadAttention(_:heads:)`.
    @available(*, unavailable, renamed: "init(_:heads:)")
    public convenience init(_ features: Int, numHeads: Int) { self.init(features, heads: numHeads) }
}

extension TransformerEncoderLayer {
    /// `TransformerEncoderLayer(_:heads:)`.
    @available(*, unavailable, renamed: "init(_:heads:)")
    public convenience init(_ features: Int, _ heads: Int) { self.init(features, heads: heads) }
}

extension Upsample {
    /// `Upsample(scale:mode:)`.
    @available(*, unavailable, renamed: "init(scale:mode:)")
    public convenience init(scaleFactor: Double, mode: InterpolationMode = .nearest) {
        self.init(scale: scaleFactor, mode: mode)
    }
}
