import HearthNN
import HearthTensor

extension LayerKind {
    /// Linear layers and convolutions.
    static let convolutions: [LayerKind] = [
        LayerKind("Linear", ["out_features", "in_features", "bias"]) {
            Linear(
                try $0.follows("in_features", dim: -1), try $0.int("out_features"), bias: try $0.flag("bias", true),
                generator: $0.generator)
        },
        convolution(1) {
            Conv1d(
                $0.inputs, $0.outputs, kernelSize: $0.kernel, stride: $0.stride, padding: $0.padding,
                dilation: $0.dilation, groups: $0.groups, bias: $0.bias, paddingMode: $0.mode, generator: $0.generator)
        },
        convolution(2) {
            Conv2d(
                $0.inputs, $0.outputs, kernelSize: $0.kernel, stride: $0.stride, padding: $0.padding,
                dilation: $0.dilation, groups: $0.groups, bias: $0.bias, paddingMode: $0.mode, generator: $0.generator)
        },
        convolution(3) {
            Conv3d(
                $0.inputs, $0.outputs, kernelSize: $0.kernel, stride: $0.stride, padding: $0.padding,
                dilation: $0.dilation, groups: $0.groups, bias: $0.bias, paddingMode: $0.mode, generator: $0.generator)
        },
        transposed(1) {
            ConvTranspose1d(
                $0.inputs, $0.outputs, kernelSize: $0.kernel, stride: $0.stride, padding: $0.padding,
                outputPadding: $0.outputPadding, groups: $0.groups, bias: $0.bias, dilation: $0.dilation,
                generator: $0.generator)
        },
        transposed(2) {
            ConvTranspose2d(
                $0.inputs, $0.outputs, kernelSize: $0.kernel, stride: $0.stride, padding: $0.padding,
                outputPadding: $0.outputPadding, groups: $0.groups, bias: $0.bias, dilation: $0.dilation,
                generator: $0.generator)
        },
        transposed(3) {
            ConvTranspose3d(
                $0.inputs, $0.outputs, kernelSize: $0.kernel, stride: $0.stride, padding: $0.padding,
                outputPadding: $0.outputPadding, groups: $0.groups, bias: $0.bias, dilation: $0.dilation,
                generator: $0.generator)
        },
    ]

    private static func convolution(
        _ rank: Int, _ make: @escaping @Sendable (ConvolutionOptions) -> any Layer
    ) -> LayerKind {
        LayerKind(
            "Conv\(rank)d",
            [
                "out_channels", "in_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias",
                "padding_mode",
            ]
        ) { make(try ConvolutionOptions($0, rank)) }
    }

    private static func transposed(
        _ rank: Int, _ make: @escaping @Sendable (ConvolutionOptions) -> any Layer
    ) -> LayerKind {
        LayerKind(
            "ConvTranspose\(rank)d",
            [
                "out_channels", "in_channels", "kernel_size", "stride", "padding", "output_padding", "groups", "bias",
                "dilation",
            ]
        ) { make(try ConvolutionOptions($0, rank)) }
    }
}

/// The options of a convolution over some dimensions.
private struct ConvolutionOptions {
    let inputs, outputs, groups: Int
    let kernel, stride, padding, outputPadding, dilation: [Int]
    let bias: Bool
    let mode: PaddingMode
    let generator: Generator?

    init(_ options: LayerOptions, _ rank: Int) throws {
        guard options.input.count == rank + 2 else {
            throw options.error(
                "\(options.kind) takes \(rank + 2) dimensions, found \(NetworkPlanner.text(options.input))")
        }
        inputs = try options.follows("in_channels", dim: 1)
        outputs = try options.int("out_channels")
        groups = try options.int("groups", 1)
        kernel = try options.extent("kernel_size", rank)
        stride = try options.extent("stride", rank, 1)
        outputPadding = try options.extent("output_padding", rank, 0, in: 0...LayerOptions.largestWindow)
        dilation = try options.extent("dilation", rank, 1)
        bias = try options.flag("bias", true)
        mode = try options.choice(
            "padding_mode",
            ["zeros": .zeros, "reflect": .reflect, "replicate": .replicate, "circular": .circular])
        generator = options.generator
        if case .scalar("same", false) = options.values["padding"]?.content {
            guard stride.allSatisfy({ $0 == 1 }), zip(kernel, dilation).allSatisfy({ ($0 - 1) * $1 % 2 == 0 }) else {
                throw options.error("padding 'same' needs stride 1 and an odd kernel", at: "padding")
            }
            padding = zip(kernel, dilation).map { ($0 - 1) * $1 / 2 }
        } else {
            padding = try options.extent("padding", rank, 0, in: 0...LayerOptions.largestWindow)
        }
        guard inputs % groups == 0, outputs % groups == 0 else {
            throw options.error("\(inputs) and \(outputs) channels cannot be divided into \(groups) groups")
        }
        let elements = ([inputs / groups, outputs] + kernel).reduce(1.0) { $0 * Double($1) }
        guard elements <= Double(NetworkPlanner.mostElements) else {
            throw options.error("a weight of \([outputs, inputs / groups] + kernel) is too large")
        }
    }
}
