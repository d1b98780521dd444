import HearthGraph
import HearthTensor

extension ExportTable {
    static let convolutions: [String: ExportRule] = [
        "convolve": { n in
            let window = try ExportWindow(n)
            return n.draft.add(
                "Conv", n.values,
                [
                    "kernel_shape": .ints(window.kernel), "strides": .ints(window.stride), "pads": .ints(window.pads),
                    "dilations": .ints(window.dilation), "group": .int(try n.arguments.int("groups")),
                ])
        },
        "convolve_transposed": { n in
            try transposed(n, n.values, try ExportWindow(n), groups: try n.arguments.int("groups"))
        },
        "im2col": { n in
            let window = try ExportWindow(n)
            let channels = try fixedChannels(n, n.shape(0)[1])
            let picked = n.draft.add(
                "Conv", [n[0], try picks(n, window, channels)],
                [
                    "kernel_shape": .ints(window.kernel), "strides": .ints(window.stride), "pads": .ints(window.pads),
                    "dilations": .ints(window.dilation), "group": .int(channels),
                ])
            return picked.reshaped([0, channels * window.area, -1])
        },
        "col2im": { n in
            let window = try ExportWindow(n)
            let rows = try fixedChannels(n, n.shape(0)[1])
            let size = try n.arguments.sizes("size")
            let windows = size.indices.map { window.outputs($0, over: size[$0]) }
            let planes = [n.shape(0)[0], .fixed(rows)] + windows
            let channels = rows / window.area
            let weight = try picks(n, window, channels)
            let x = try n[0].reshaped(n.shape(0), to: planes, n.sizes)
            return try transposed(n, [x, weight], window, groups: channels, planes: planes)
        },
    ]

    private static func fixedChannels(_ n: ExportNode, _ size: Size) throws(ONNXError) -> Int {
        guard let channels = size.fixed else { throw n.error("a fixed number of channels", "\(size)") }
        return channels
    }

    /// A weight that picks each element under a window once, channel by channel.
    private static func picks(_ n: ExportNode, _ window: ExportWindow, _ channels: Int) throws -> ExportValue {
        let (area, dtype) = (window.area, n[0].dtype)
        let one = Tensor.eye(area, dtype: dtype, device: .cpu).reshape(Shape([1, area, 1] + window.kernel))
        let all = one.expand(to: Shape([channels, area, 1] + window.kernel))
        return n.draft.constant(all.reshape(Shape([channels * area, 1] + window.kernel)))
    }

    private static func transposed(
        _ n: ExportNode, _ inputs: [ExportValue], _ window: ExportWindow, groups: Int, planes: [Size]? = nil
    ) throws -> ExportValue {
        let shape = planes ?? n.shape(0)
        let size = try n.arguments.sizes("size")
        // What is left over at the ends, which the stride has rounded away.
        let rest = try size.indices.map { i throws(ONNXError) in
            let reach = window.dilation[i] * (window.kernel[i] - 1) + 1
            let covered =
                (shape[i + 2] - 1) * .fixed(window.stride[i]) + .fixed(reach - window.before[i] - window.after[i])
            guard let rest = (size[i] + covered * .fixed(-1)).constantValue else {
                throw n.error("sizes of a transposed convolution that follow from its input", "\(size[i])")
            }
            return rest
        }
        return n.draft.add(
            "ConvTranspose", inputs,
            [
                "kernel_shape": .ints(window.kernel), "strides": .ints(window.stride), "pads": .ints(window.pads),
                "dilations": .ints(window.dilation), "group": .int(groups), "output_padding": .ints(rest),
            ])
    }
}

/// How a kernel slides over the last dimensions.
struct ExportWindow {
    let kernel: [Int]
    let stride: [Int]
    let before: [Int]
    let after: [Int]
    let dilation: [Int]

    /// The attribute `window` of an operation.
    init(_ n: ExportNode) throws {
        let window = try n.arguments.record("window")
        kernel = try window.ints("kernel")
        stride = try window.ints("stride")
        before = try window.ints("before")
        after = try window.ints("after")
        dilation = try window.ints("dilation")
    }

    /// The padding as ONNX has it: before all dimensions, then after all.
    var pads: [Int] { before + after }

    /// How many elements a window covers.
    var area: Int { kernel.reduce(1, *) }

    /// How many windows there are over a dimension.
    func outputs(_ i: Int, over size: Size) -> Size {
        (size + .fixed(before[i] + after[i] - dilation[i] * (kernel[i] - 1) - 1)) / stride[i] + 1
    }
}
