import HearthGraph
import HearthNN
import HearthTensor

/// Convolutions, pools, resampling and normalisation.
let exportCasesOfWindows: [ExportCase] = [
    ExportCase("convolutions", [.normal("n", 4, "h", "w")], sizes: ["h": (13, 16), "w": (12, 17)]) {
        let g = Generator(seed: 1)
        let layers: [any Layer] = [
            Conv2d(4, 6, kernelSize: 3, generator: g),
            Conv2d(4, 8, kernelSize: 3, stride: 2, padding: 1, groups: 2, bias: false, generator: g),
            Conv2d(4, 4, kernelSize: 3, padding: 2, dilation: 2, groups: 4, generator: g),
            ConvTranspose2d(4, 5, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1, generator: g),
            ConvTranspose2d(4, 6, kernelSize: 2, stride: 2, groups: 2, generator: g),
            ConvTranspose2d(4, 2, kernelSize: 3, bias: false, generator: g),
        ]
        return ExportCase.Program { x in layers.map { $0.forward(x[0]) } }
    },
    ExportCase("convolutionsOfOtherRanks", [.normal("n", 3, "w"), .normal("n", 2, 5, "w", 6)], sizes: ["w": (12, 17)]) {
        let g = Generator(seed: 2)
        let (one, back) = (
            Conv1d(3, 5, kernelSize: 3, stride: 2, generator: g),
            ConvTranspose1d(3, 4, kernelSize: 4, stride: 3, generator: g)
        )
        let (three, other) = (
            Conv3d(2, 3, kernelSize: 3, padding: 1, generator: g),
            ConvTranspose3d(2, 2, kernelSize: 2, stride: 2, generator: g)
        )
        return ExportCase.Program { x in [one(x[0]), back(x[0]), three(x[1]), other(x[1])] }
    },
    ExportCase("pools", [.normal("n", 3, "h", "w")], sizes: ["h": (13, 16), "w": (12, 17)]) { x in
        let x = x[0]
        return [
            x.maxPool2d(2), x.maxPool2d(3, stride: 2, padding: 1), x.maxPool2d(3, stride: 1, dilation: 2),
            x.avgPool2d(2),
            x.avgPool2d(3, stride: 2, padding: 1), x.avgPool2d(3, stride: 2, padding: 1, countIncludePad: false),
            x.adaptiveAvgPool2d(1), x.adaptiveMaxPool2d(1), x.adaptiveAvgPool2d(3), x.adaptiveMaxPool2d([2, 4]),
            x.maxPoolWithIndices(rank: 2, 2).indices, x.avgPool2d(2, divisor: 3), x.flatten(from: 2).maxPool1d(2),
        ]
    },
    ExportCase("poolsOfFixedSizes", [.normal("n", 3, 13, 12)]) { x in
        let x = x[0]
        return [
            x.adaptiveAvgPool2d(4), x.adaptiveAvgPool2d([5, 7]), x.adaptiveMaxPool2d([4, 5]),
            x.adaptiveAvgPool2d([13, 4]),
            x.maxPool2d(3, stride: 2, ceilMode: true), x.avgPool2d(3, stride: 2, ceilMode: true),
            x.maxPool2d(2, stride: 3, ceilMode: true),
            x.avgPool2d(3, stride: 2, padding: 1, ceilMode: true), x.adaptiveAvgPool2d([1, 3]),
            x.adaptiveMaxPool(rank: 2, [1, 5]).values, x.adaptiveMaxPool(rank: 2, [1, 5]).indices,
            x.adaptiveMaxPool(rank: 2, [4, 5]).indices,
            x.avgPool2d(3, stride: 2, padding: 1, ceilMode: true, countIncludePad: false),
            x.maxPool2d(3, stride: 2, padding: 1, ceilMode: true),
            x.lpPool(rank: 2, norm: 2, 2), x.unfold2d(3, padding: 1).fold2d(outputSize: [13, 12], 3, padding: 1),
            x.unfold2d(2, stride: 2),
            x.pixelUnshuffle(1), x.localResponseNorm(3), x[0..., 0..., 0..<12].pixelUnshuffle(2),
            x.adaptiveAvgPool2d([6, 24]),
        ]
    },
    ExportCase("resampling", [.normal("n", 2, 6, 8)]) { x in
        let x = x[0]
        return [
            x.interpolate(scale: [2], mode: .nearest), x.interpolate(size: [9, 5], mode: .nearest),
            x.interpolate(size: [9, 5], mode: .nearestExact), x.interpolate(size: [11, 13], mode: .linear),
            x.interpolate(size: [11, 13], mode: .linear, alignCorners: true),
            x.interpolate(scale: [1.5], mode: .linear),
            x.interpolate(size: [12, 5], mode: .cubic), x.interpolate(size: [3, 4], mode: .linear, antialias: true),
            x.interpolate(size: [3, 4], mode: .area), x.interpolate(scale: [1.7], mode: .nearest),
        ]
    },
    ExportCase("resamplingOfAnySize", [.normal("n", 2, "h", "w")], sizes: ["h": (6, 7), "w": (8, 5)]) { x in
        let x = x[0]
        return [
            x.interpolate(scale: [2], mode: .nearest), x.interpolate(scale: [2], mode: .linear),
            x.interpolate(scale: [2], mode: .linear, alignCorners: true), x.interpolate(scale: [2], mode: .cubic),
            x.interpolate(size: [9, 11], mode: .linear), x.interpolate(scale: [3], mode: .nearestExact),
        ]
    },
    ExportCase("normalisations", [.normal("n", 6, 5, 4)]) {
        let (batch, group) = (BatchNorm2d(6).eval(), GroupNorm(3, 6))
        let (instance, layer) = (InstanceNorm2d(6, affine: true), LayerNorm([5, 4]))
        let (last, plain, root) = (LayerNorm([4]), LayerNorm([4], affine: false), RMSNorm([4]))
        for module in [batch, group, instance, layer, last, root] as [Module] {
            for (i, parameter) in module.parameters.enumerated() {
                parameter.tensor = Tensor.rand(parameter.shape, generator: Generator(seed: UInt64(i))) + 0.5
            }
        }
        batch.runningMean = Tensor.rand([6], generator: Generator(seed: 1))
        batch.runningVar = Tensor.rand([6], generator: Generator(seed: 2)) + 0.3
        return ExportCase.Program { x in
            let x = x[0]
            return [
                batch(x), group(x), instance(x), layer(x), last(x), plain(x), root(x), x.instanceNorm(),
                x.batchNorm().result, x.softmax(dim: 1), x.logSoftmax(dim: -1), x.groupNorm(2), x.rmsNorm([5, 4]),
                x.batchNorm().mean, x.layerNorm([6, 5, 4]),
            ]
        }
    },
    ExportCase("normalisationsOfAnySize", [.normal("n", 6, "w"), .normal("n", 6)], sizes: ["w": (5, 8)]) { x in
        [
            x[0].groupNorm(2), x[0].instanceNorm(), x[0].batchNorm().result, x[1].layerNorm([6]),
            x[0].mT.layerNorm([6]),
            x[1].batchNorm((mean: Tensor.zeros([6]), variance: Tensor.ones([6]))), x[0].mT.rmsNorm([6]),
        ]
    },
    ExportCase("losses", [.normal("n", 5), .ints(0, 5, "n"), .unit("n", 5)]) { x in
        [
            CrossEntropyLoss()(x[0], x[1]), CrossEntropyLoss(ignoreIndex: 2, reduction: .sum)(x[0], x[1]),
            MSELoss()(x[0], x[2]),
            BCELoss()(x[2], x[2]), BCEWithLogitsLoss()(x[0], x[2]), L1Loss()(x[0], x[2]), SmoothL1Loss()(x[0], x[2]),
        ]
    },
]
