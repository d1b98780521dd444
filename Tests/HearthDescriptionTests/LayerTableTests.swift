import HearthDescription
import HearthNN
import HearthTensor
import Testing

/// Rows of the table beside the layers that they stand for, made by hand of the same random numbers.
@Suite struct LayerTableTests {
    struct Row: Sendable {
        let text: String
        let input: [Int]
        let layer: @Sendable (Generator) -> any Layer

        init(_ text: String, _ input: [Int], _ layer: @escaping @Sendable (Generator) -> any Layer) {
            (self.text, self.input, self.layer) = (text, input, layer)
        }
    }

    static let image = [4, 6, 6]

    static let rows: [Row] = [
        Row("Linear: 5", [3]) { Linear(3, 5, generator: $0) },
        Row("Linear: {out_features: 5, in_features: 3, bias: false}", [3]) { Linear(3, 5, bias: false, generator: $0) },
        Row("Conv1d: {out_channels: 2, kernel_size: 3, stride: 2}", [4, 9]) {
            Conv1d(4, 2, kernelSize: 3, stride: 2, generator: $0)
        },
        Row("Conv2d: {out_channels: 8, kernel_size: [3, 1], padding: [1, 0], groups: 2, dilation: 2}", image) {
            Conv2d(4, 8, kernelSize: [3, 1], padding: [1, 0], dilation: 2, groups: 2, generator: $0)
        },
        Row("Conv2d: {out_channels: 2, kernel_size: 3, padding: same, padding_mode: reflect, bias: false}", image) {
            Conv2d(4, 2, kernelSize: 3, padding: 1, bias: false, paddingMode: .reflect, generator: $0)
        },
        Row("Conv3d: {out_channels: 2, kernel_size: 2}", [4, 3, 3, 3]) { Conv3d(4, 2, kernelSize: 2, generator: $0) },
        Row("ConvTranspose1d: {out_channels: 2, kernel_size: 3}", [4, 5]) {
            ConvTranspose1d(4, 2, kernelSize: 3, generator: $0)
        },
        Row("ConvTranspose2d: {out_channels: 2, kernel_size: 3, stride: 2, padding: 1, output_padding: 1}", image) {
            ConvTranspose2d(4, 2, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1, generator: $0)
        },
        Row("ConvTranspose3d: {out_channels: 2, kernel_size: 2, bias: false}", [4, 3, 3, 3]) {
            ConvTranspose3d(4, 2, kernelSize: 2, bias: false, generator: $0)
        },
        Row("BatchNorm1d", [4, 5]) { _ in BatchNorm1d(4) },
        Row("BatchNorm2d: {eps: 0.001, momentum: 0.01, affine: false}", image) { _ in
            BatchNorm2d(4, epsilon: 0.001, momentum: 0.01, affine: false)
        },
        Row("BatchNorm2d: {momentum: null, track_running_stats: false}", image) { _ in
            BatchNorm2d(4, momentum: nil, trackRunningStats: false)
        },
        Row("BatchNorm3d", [4, 2, 2, 2]) { _ in BatchNorm3d(4) },
        Row("InstanceNorm1d", [4, 5]) { _ in InstanceNorm1d(4) },
        Row("InstanceNorm2d: {affine: true}", image) { _ in InstanceNorm2d(4, affine: true) },
        Row("InstanceNorm3d", [4, 2, 2, 2]) { _ in InstanceNorm3d(4) },
        Row("LayerNorm", [3, 5]) { _ in LayerNorm(5) },
        Row("LayerNorm: {normalized_shape: [3, 5], bias: false}", [3, 5]) { _ in LayerNorm([3, 5], bias: false) },
        Row("RMSNorm", [3, 5]) { _ in RMSNorm(5) },
        Row("GroupNorm: 2", image) { _ in GroupNorm(2, 4) },
        Row("LocalResponseNorm: 3", image) { _ in LocalResponseNorm(3) },
        Row("Dropout: 0.25", [5]) { _ in Dropout(0.25) }, Row("Dropout1d", [4, 5]) { _ in Dropout1d() },
        Row("Dropout2d", image) { _ in Dropout2d() }, Row("Dropout3d", [4, 2, 2, 2]) { _ in Dropout3d() },
        Row("AlphaDropout", [5]) { _ in AlphaDropout() },
        Row("FeatureAlphaDropout", image) { _ in FeatureAlphaDropout() },
        Row("ReLU: {inplace: true}", [5]) { _ in ReLU() }, Row("ReLU6", [5]) { _ in ReLU6() },
        Row("Sigmoid", [5]) { _ in Sigmoid() }, Row("LogSigmoid", [5]) { _ in LogSigmoid() },
        Row("Tanh", [5]) { _ in Tanh() }, Row("SiLU", [5]) { _ in SiLU() }, Row("Mish", [5]) { _ in Mish() },
        Row("Softsign", [5]) { _ in Softsign() }, Row("Hardsigmoid", [5]) { _ in Hardsigmoid() },
        Row("Hardswish", [5]) { _ in Hardswish() }, Row("SELU", [5]) { _ in SELU() },
        Row("Tanhshrink", [5]) { _ in Tanhshrink() }, Row("GELU", [5]) { _ in GELU() },
        Row("GELU: tanh", [5]) { _ in GELU(approximate: .tanh) },
        Row("Softplus: {beta: 2, threshold: 10}", [5]) { _ in Softplus(beta: 2, threshold: 10) },
        Row("Hardtanh: {min_val: -2, max_val: 0.5}", [5]) { _ in Hardtanh(min: -2, max: 0.5) },
        Row("LeakyReLU: 0.2", [5]) { _ in LeakyReLU(slope: 0.2) }, Row("ELU: 2", [5]) { _ in ELU(alpha: 2) },
        Row("CELU: 2", [5]) { _ in CELU(alpha: 2) }, Row("Softshrink: 0.1", [5]) { _ in Softshrink(lambda: 0.1) },
        Row("Hardshrink: 0.1", [5]) { _ in Hardshrink(lambda: 0.1) },
        Row("Threshold: {threshold: 0.1, value: 20}", [5]) { _ in Threshold(0.1, value: 20) },
        Row("PReLU: 4", image) { _ in PReLU(channels: 4) }, Row("GLU: 1", image) { _ in GLU(dim: 1) },
        Row("Softmax: -1", [5]) { _ in Softmax(dim: -1) }, Row("LogSoftmax: 1", [5]) { _ in LogSoftmax(dim: 1) },
        Row("Softmin: 1", [5]) { _ in Softmin(dim: 1) }, Row("Softmax2d", image) { _ in Softmax2d() },
        Row("MaxPool1d: 2", [4, 6]) { _ in MaxPool1d(2) },
        Row("MaxPool2d: {kernel_size: 3, stride: 2, padding: 1, ceil_mode: true}", image) { _ in
            MaxPool2d(3, stride: 2, padding: 1, ceilMode: true)
        },
        Row("MaxPool3d: 2", [4, 2, 2, 2]) { _ in MaxPool3d(2) }, Row("AvgPool1d: 2", [4, 6]) { _ in AvgPool1d(2) },
        Row("AvgPool2d: {kernel_size: 3, padding: 1, count_include_pad: false}", image) { _ in
            AvgPool2d(3, padding: 1, countIncludePad: false)
        },
        Row("AvgPool3d: 2", [4, 2, 2, 2]) { _ in AvgPool3d(2) },
        Row("AdaptiveAvgPool1d: 2", [4, 6]) { _ in AdaptiveAvgPool1d(2) },
        Row("AdaptiveAvgPool2d: [2, 3]", image) { _ in AdaptiveAvgPool2d([2, 3]) },
        Row("AdaptiveAvgPool3d: 1", [4, 2, 2, 2]) { _ in AdaptiveAvgPool3d(1) },
        Row("AdaptiveMaxPool1d: 2", [4, 6]) { _ in AdaptiveMaxPool1d(2) },
        Row("AdaptiveMaxPool2d: 2", image) { _ in AdaptiveMaxPool2d(2) },
        Row("AdaptiveMaxPool3d: 1", [4, 2, 2, 2]) { _ in AdaptiveMaxPool3d(1) },
        Row("ZeroPad1d: 1", [4, 6]) { _ in ZeroPad1d(1) },
        Row("ZeroPad2d: [1, 0, 2, 0]", image) { _ in ZeroPad2d([1, 0, 2, 0]) },
        Row("ZeroPad3d: 1", [4, 2, 2, 2]) { _ in ZeroPad3d(1) },
        Row("ConstantPad1d: {padding: 1, value: 2}", [4, 6]) { _ in ConstantPad1d(1, value: 2) },
        Row("ConstantPad2d: {padding: 1, value: 2}", image) { _ in ConstantPad2d(1, value: 2) },
        Row("ConstantPad3d: {padding: 1, value: 2}", [4, 2, 2, 2]) { _ in ConstantPad3d(1, value: 2) },
        Row("ReflectionPad1d: 1", [4, 6]) { _ in ReflectionPad1d(1) },
        Row("ReflectionPad2d: 1", image) { _ in ReflectionPad2d(1) },
        Row("ReflectionPad3d: 1", [4, 2, 2, 2]) { _ in ReflectionPad3d(1) },
        Row("ReplicationPad1d: 1", [4, 6]) { _ in ReplicationPad1d(1) },
        Row("ReplicationPad2d: 1", image) { _ in ReplicationPad2d(1) },
        Row("ReplicationPad3d: 1", [4, 2, 2, 2]) { _ in ReplicationPad3d(1) },
        Row("CircularPad1d: 1", [4, 6]) { _ in CircularPad1d(1) },
        Row("CircularPad2d: 1", image) { _ in CircularPad2d(1) },
        Row("CircularPad3d: 1", [4, 2, 2, 2]) { _ in CircularPad3d(1) },
        Row("Identity", [5]) { _ in Identity() }, Row("Flatten", image) { _ in Flatten() },
        Row("Flatten: {start_dim: 2, end_dim: 3}", image) { _ in Flatten(from: 2, to: 3) },
        Row("Unflatten: {dim: 1, unflattened_size: [2, 2]}", [4]) { _ in Unflatten(dim: 1, [2, 2]) },
        Row("PixelShuffle: 2", image) { _ in PixelShuffle(2) },
        Row("PixelUnshuffle: 2", image) { _ in PixelUnshuffle(2) },
        Row("ChannelShuffle: 2", image) { _ in ChannelShuffle(2) },
        Row("Upsample: {scale_factor: 2, mode: bilinear, align_corners: true}", image) { _ in
            Upsample(scale: 2, mode: .linear, alignCorners: true)
        },
        Row("TransformerEncoderLayer: {nhead: 2, dim_feedforward: 6, activation: gelu, norm_first: true}", [3, 4]) {
            TransformerEncoderLayer(
                4, heads: 2, feedforward: 6, activation: .gelu, batchFirst: true, normFirst: true, generator: $0)
        },
    ]

    @Test(arguments: rows.indices) func aRowIsTheLayer(_ index: Int) throws {
        let row = Self.rows[index]
        let described = try NetworkDescription(yaml: "layers:\n  - \(row.text)\n").network(
            input: row.input, generator: Generator(seed: 3))
        let made = Sequential([row.layer(Generator(seed: 3))])
        #expect("\(described)" == "\(made)")
        described.eval()
        made.eval()
        let x = Tensor.randn(Shape([2] + row.input), generator: Generator(seed: 5))
        #expect(described.stateDict.keys == made.stateDict.keys)
        #expect(described(x).shape == made(x).shape)
        #expect(described(x).array(of: Float.self) == made(x).array(of: Float.self))
    }

    /// Every name of the table is in a row above or in a test below.
    @Test func noRowIsLeftOut() {
        let tested = Set(Self.rows.map { String($0.text.prefix { $0 != ":" }) })
        #expect(Set(NetworkDescription.layerNames).subtracting(tested) == ["Embedding", "RNN", "GRU", "LSTM"])
    }

    @Test func recurrentLayersGiveAllStepsOrTheLast() throws {
        func model(_ text: String) throws -> Sequential {
            try NetworkDescription(yaml: "layers: [\(text)]").network(input: [4, 3], generator: Generator(seed: 2))
        }
        let x = Tensor.randn([2, 4, 3], generator: Generator(seed: 1))
        let lstm = LSTM(3, 5, layers: 2, batchFirst: true, bidirectional: true, generator: Generator(seed: 2))
        let all = try model("LSTM: {hidden_size: 5, num_layers: 2, bidirectional: true}")
        #expect(all(x).array(of: Float.self) == lstm(x).output.array(of: Float.self))
        #expect(all.stateDict.keys.first == "0.weight_ih_l0")
        let last = try model("GRU: {hidden_size: 5, output: last}")
        let gru = GRU(3, 5, batchFirst: true, generator: Generator(seed: 2))
        #expect(last(x).array(of: Float.self) == gru(x).output.select(1, -1).array(of: Float.self))
        let rnn = RNN(3, 5, nonlinearity: .relu, batchFirst: true, generator: Generator(seed: 2))
        #expect(
            try model("RNN: {hidden_size: 5, nonlinearity: relu}")(x).array(of: Float.self)
                == rnn(x).output.array(of: Float.self))
    }

    @Test func wordsAreLookedUp() throws {
        let model = try NetworkDescription(yaml: "layers: [Embedding: {num_embeddings: 9, embedding_dim: 2}]").network(
            input: [3], dtype: .int64, generator: Generator(seed: 1))
        let table = Embedding(9, 2, generator: Generator(seed: 1))
        let x = Tensor([1, 8, 0] as [Int]).reshape([1, 3])
        #expect(model(x).array(of: Float.self) == table(x).array(of: Float.self))
    }
}
