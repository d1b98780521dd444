import HearthTensor

/// A call of a window operation, read from the name of its golden case: `conv stride=2,1 groups=2`.
struct WindowCall {
    private let options: [String: String]
    private let call: @Sendable (WindowCall, [Tensor]) -> [Tensor]

    /// nil for a name that no operation has.
    init?(_ name: String) {
        let words = name.split(separator: " ")
        guard let first = words.first, let call = Self.calls[String(first)] else { return nil }
        self.call = call
        options = Dictionary(
            uniqueKeysWithValues: words.dropFirst().map { word in
                let parts = word.split(separator: "=")
                return (String(parts[0]), String(parts[1]))
            })
    }

    var body: OperationTable.Body {
        { [self] inputs in call(self, inputs) }
    }

    private func sizes(_ name: String, _ fallback: Int) -> [Int] { list(name) ?? [fallback] }
    private func list(_ name: String) -> [Int]? { options[name].map { $0.split(separator: ",").map { Int($0)! } } }
    private func int(_ name: String, _ fallback: Int) -> Int { list(name)?.first ?? fallback }
    private func double(_ name: String, _ fallback: Double) -> Double { options[name].flatMap(Double.init) ?? fallback }
    private func flag(_ name: String, _ fallback: Bool = false) -> Bool {
        options[name].map { $0 == "true" } ?? fallback
    }

    private static let calls: [String: @Sendable (WindowCall, [Tensor]) -> [Tensor]] = [
        "conv": { o, x in
            let bias = x.count > 2 ? x[2] : nil
            let (stride, dilation, groups) = (o.sizes("stride", 1), o.sizes("dilation", 1), o.int("groups", 1))
            func conv(_ padding: some Padding) -> [Tensor] {
                [x[0].conv(x[1], bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)]
            }
            switch o.options["padding"] {
            case "same": return conv(.same)
            case "valid": return conv(.valid)
            default: return conv(o.sizes("padding", 0))
            }
        },
        "convTranspose": { o, x in
            [
                x[0].convTranspose(
                    x[1], bias: x.count > 2 ? x[2] : nil, stride: o.sizes("stride", 1), padding: o.sizes("padding", 0),
                    outputPadding: o.sizes("output_padding", 0), groups: o.int("groups", 1),
                    dilation: o.sizes("dilation", 1))
            ]
        },
        "maxPool": { o, x in
            let (values, indices) = x[0].maxPoolWithIndices(
                rank: o.int("rank", 2), o.sizes("kernel", 2), stride: o.list("stride"),
                padding: o.sizes("padding", 0), dilation: o.sizes("dilation", 1), ceilMode: o.flag("ceil_mode"))
            return [values, indices]
        },
        "avgPool": { o, x in
            [
                x[0].avgPool(
                    rank: o.int("rank", 2), o.sizes("kernel", 2), stride: o.list("stride"),
                    padding: o.sizes("padding", 0), ceilMode: o.flag("ceil_mode"),
                    countIncludePad: o.flag("count_include_pad", true), divisor: o.list("divisor_override")?.first)
            ]
        },
        "lpPool": { o, x in
            [
                x[0].lpPool(
                    rank: o.int("rank", 2), norm: o.double("norm", 2), o.sizes("kernel", 2), stride: o.list("stride"),
                    ceilMode: o.flag("ceil_mode"))
            ]
        },
        "adaptiveAvgPool": { o, x in [x[0].adaptiveAvgPool(rank: o.int("rank", 2), o.sizes("size", 1))] },
        "adaptiveMaxPool": { o, x in
            let (values, indices) = x[0].adaptiveMaxPool(rank: o.int("rank", 2), o.sizes("size", 1))
            return [values, indices]
        },
        "maxUnpool": { o, x in
            [
                x[0].maxUnpool(
                    rank: o.int("rank", 2), x[1], o.sizes("kernel", 2), outputSize: o.list("size").map { Shape($0) })
            ]
        },
        "layerNorm": { o, x in
            [
                x[0].layerNorm(
                    o.last(x[0]), weight: x.count > 1 ? x[1] : nil, bias: x.count > 2 ? x[2] : nil,
                    epsilon: o.double("eps", 1e-5))
            ]
        },
        "rmsNorm": { o, x in
            [
                x[0].rmsNorm(
                    o.last(x[0]), weight: x.count > 1 ? x[1] : nil, epsilon: o.options["eps"].flatMap(Double.init))
            ]
        },
        "groupNorm": { o, x in
            [
                x[0].groupNorm(
                    o.int("groups", 1), weight: x.count > 1 ? x[1] : nil, bias: x.count > 2 ? x[2] : nil,
                    epsilon: o.double("eps", 1e-5))
            ]
        },
        "batchNorm": { o, x in
            let (result, _, _) = x[0].batchNorm(
                weight: x.count > 1 ? x[1] : nil, bias: x.count > 2 ? x[2] : nil, epsilon: o.double("eps", 1e-5))
            return [result]
        },
        "batchNormEval": { _, x in [x[0].batchNorm((mean: x[3], variance: x[4]), weight: x[1], bias: x[2])] },
        "instanceNorm": { o, x in
            [
                x[0].instanceNorm(
                    weight: x.count > 1 ? x[1] : nil, bias: x.count > 2 ? x[2] : nil, epsilon: o.double("eps", 1e-5))
            ]
        },
        "localResponseNorm": { o, x in
            [
                x[0].localResponseNorm(
                    o.int("size", 1), alpha: o.double("alpha", 1e-4), beta: o.double("beta", 0.75), k: o.double("k", 1))
            ]
        },
        "interpolate": { o, x in
            let modes: [String: InterpolationMode] = [
                "nearest": .nearest, "nearest-exact": .nearestExact, "linear": .linear, "bilinear": .linear,
                "trilinear": .linear, "bicubic": .cubic, "area": .area,
            ]
            return [
                x[0].interpolate(
                    size: o.list("size"),
                    scale: o.options["scale"].map { $0.split(separator: ",").map { Double($0)! } },
                    mode: modes[o.options["mode"]!]!, alignCorners: o.flag("align_corners"),
                    recomputeScale: o.flag("recompute"), antialias: o.flag("antialias"))
            ]
        },
        "pad": { o, x in
            [x[0].pad(o.list("sizes")!, mode: PaddingMode(rawValue: o.options["mode"]!)!, value: o.double("value", 0))]
        },
        "unfold": { o, x in
            [
                x[0].unfold2d(
                    o.sizes("kernel", 1), dilation: o.sizes("dilation", 1), padding: o.sizes("padding", 0),
                    stride: o.sizes("stride", 1))
            ]
        },
        "fold": { o, x in
            [
                x[0].fold2d(
                    outputSize: o.sizes("size", 1), o.sizes("kernel", 1), dilation: o.sizes("dilation", 1),
                    padding: o.sizes("padding", 0), stride: o.sizes("stride", 1))
            ]
        },
        "pixelShuffle": { o, x in [x[0].pixelShuffle(o.int("factor", 1))] },
        "pixelUnshuffle": { o, x in [x[0].pixelUnshuffle(o.int("factor", 1))] },
        "channelShuffle": { o, x in [x[0].channelShuffle(o.int("groups", 1))] },
        "attention": { o, x in
            [
                Tensor.scaledDotProductAttention(
                    x[0], x[1], x[2], mask: x.count > 3 ? x[3] : nil, isCausal: o.flag("causal"),
                    scale: o.options["scale"].flatMap(Double.init), enableGQA: o.flag("gqa"))
            ]
        },
    ]

    private func last(_ x: Tensor) -> Shape { Shape(x.shape.suffix(int("last", 1))) }
}
