import GoldenSupport
import HearthFormats
import HearthTensor
import Testing

import HearthNN

/// Convolutions, pooling, normalisation, padding and resizing as modules against PyTorch's: names, results in training
/// and in evaluation, gradients and running averages.
@Suite struct ImageLayerGoldenTests {
    private static let layers: [String: @Sendable () -> any Layer] = [
        "Conv1d": { Conv1d(2, 3, kernelSize: 3) },
        "Conv1d circular": {
            Conv1d(2, 4, kernelSize: 3, padding: 2, groups: 2, bias: false, paddingMode: .circular)
        },
        "Conv2d": { Conv2d(2, 3, kernelSize: 3, padding: 1) },
        "Conv2d strided": {
            Conv2d(4, 2, kernelSize: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2)
        },
        "Conv2d reflect same": { Conv2d(2, 2, kernelSize: [2, 3], padding: .same, paddingMode: .reflect) },
        "Conv2d replicate": { Conv2d(2, 2, kernelSize: 3, padding: [2, 1], paddingMode: .replicate) },
        "Conv2d valid unbatched": { Conv2d(2, 2, kernelSize: 3, padding: .valid) },
        "Conv3d": { Conv3d(2, 2, kernelSize: 2, padding: [0, 1, 0]) },
        "ConvTranspose1d": { ConvTranspose1d(2, 3, kernelSize: 3, stride: 2, outputPadding: 1) },
        "ConvTranspose2d": {
            ConvTranspose2d(4, 2, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)
        },
        "ConvTranspose3d": { ConvTranspose3d(2, 2, kernelSize: 2, bias: false) },
        "MaxPool1d": { MaxPool1d(2) }, "MaxPool2d": { MaxPool2d(3, stride: 2, padding: 1, ceilMode: true) },
        "MaxPool3d": { MaxPool3d([1, 2, 2]) }, "AvgPool1d": { AvgPool1d(3, stride: 1) },
        "AvgPool2d": { AvgPool2d(3, stride: 2, padding: 1, countIncludePad: false) },
        "AvgPool3d": { AvgPool3d(2, divisor: 3) }, "LPPool2d": { LPPool2d(norm: 2, 2) },
        "AdaptiveAvgPool1d": { AdaptiveAvgPool1d(2) }, "AdaptiveAvgPool2d": { AdaptiveAvgPool2d(2) },
        "AdaptiveAvgPool3d": { AdaptiveAvgPool3d(2) }, "AdaptiveMaxPool1d": { AdaptiveMaxPool1d(2) },
        "AdaptiveMaxPool2d": { AdaptiveMaxPool2d(2) }, "AdaptiveMaxPool3d": { AdaptiveMaxPool3d(2) },
        "BatchNorm1d": { BatchNorm1d(2) }, "BatchNorm2d": { BatchNorm2d(2) }, "BatchNorm3d": { BatchNorm3d(2) },
        "BatchNorm1d vectors": { BatchNorm1d(3) },
        "BatchNorm2d cumulative": { BatchNorm2d(2, momentum: nil) },
        "BatchNorm2d plain": { BatchNorm2d(2, epsilon: 0.1, affine: false, trackRunningStats: false) },
        "InstanceNorm1d": { InstanceNorm1d(2, affine: true, trackRunningStats: true) },
        "InstanceNorm2d": { InstanceNorm2d(2, affine: true, trackRunningStats: true) },
        "InstanceNorm3d": { InstanceNorm3d(2, affine: true, trackRunningStats: true) },
        "InstanceNorm2d plain": { InstanceNorm2d(2) }, "InstanceNorm2d unbatched": { InstanceNorm2d(2) },
        "GroupNorm": { GroupNorm(2, 4) }, "LayerNorm": { LayerNorm([3, 2]) },
        "LayerNorm no bias": { LayerNorm(4, bias: false) }, "LayerNorm plain": { LayerNorm(4, affine: false) },
        "RMSNorm": { RMSNorm(4) }, "LocalResponseNorm": { LocalResponseNorm(3, alpha: 0.1) },
        "ReflectionPad1d": { ReflectionPad1d(1) }, "ReflectionPad2d": { ReflectionPad2d(1) },
        "ReflectionPad3d": { ReflectionPad3d(1) }, "ReplicationPad1d": { ReplicationPad1d(2) },
        "ReplicationPad2d": { ReplicationPad2d(2) }, "ReplicationPad3d": { ReplicationPad3d(2) },
        "CircularPad1d": { CircularPad1d(1) }, "CircularPad2d": { CircularPad2d(1) },
        "CircularPad3d": { CircularPad3d(1) }, "ZeroPad1d": { ZeroPad1d(1) }, "ZeroPad2d": { ZeroPad2d(1) },
        "ZeroPad3d": { ZeroPad3d(1) }, "ConstantPad1d": { ConstantPad1d(1, value: 0.5) },
        "ConstantPad2d": { ConstantPad2d(1, value: 0.5) }, "ConstantPad3d": { ConstantPad3d(1, value: 0.5) },
        "Upsample": { Upsample(scale: 2) }, "Upsample bilinear": { Upsample(size: [5, 4], mode: .linear) },
        "UpsamplingBilinear2d": { Upsample.bilinear2d(scale: 2) }, "Unfold": { Unfold(2, stride: 2) },
        "Fold": { Fold(outputSize: 4, 2, stride: 2) }, "PixelShuffle": { PixelShuffle(2) },
        "PixelUnshuffle": { PixelUnshuffle(2) }, "ChannelShuffle": { ChannelShuffle(2) },
    ]

    /// The tensors of each case by the rest of their names.
    private static let goldens: [String: [String: Tensor]] = {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        do {
            let bytes = try Gzip.decompress(
                contentsOf: "/\(folder)/Goldens/image_layers.safetensors.gz", limit: 1 << 24)
            var cases: [String: [String: Tensor]] = [:]
            for (name, tensor) in try Safetensors.read(bytes: bytes) {
                let parts = name.split(separator: "/", maxSplits: 1)
                cases[String(parts[0]), default: [:]][String(parts[1])] = tensor.to(.default)
            }
            return cases
        } catch {
            fatalError("the golden file cannot be read: \(error)")
        }
    }()

    @Test func everyGoldenHasALayerAndEveryLayerAGolden() {
        #expect(Set(Self.goldens.keys).symmetricDifference(Self.layers.keys).sorted() == [])
    }

    @Test(arguments: layers.keys.sorted())
    func matchesPyTorch(_ name: String) throws {
        let golden = try #require(Self.goldens[name])
        let make = try #require(Self.layers[name])
        let layer = make().to(.float64)
        let state = golden.filter { $0.key.hasPrefix("state/") }
        try layer.loadStateDict(StateDict(state.map { (name: String($0.key.dropFirst(6)), tensor: $0.value) }))
        let tolerance = Tolerance(double: 1e-9)
        func compare(_ found: Tensor, _ key: String) {
            #expect(golden[key].map { tolerance.difference(found, $0) } == .some(nil), "\(name) \(key)")
        }
        for (position, input) in (0...).lazy.map({ golden["in\($0)"] }).prefix(while: { $0 != nil }).enumerated() {
            let x = position == 0 ? input!.requiringGrad() : input!
            let y = layer(x)
            compare(y, "out\(position)")
            guard position == 0 else { continue }
            let parameters = layer.namedParameters
            let gradients = grad(
                of: [y], wrt: [x] + parameters.map(\.parameter.tensor), gradients: [goldenWeights(y)])
            compare(gradients[0], "grad")
            for (parameter, gradient) in zip(parameters, gradients.dropFirst()) {
                compare(gradient, "stategrad/\(parameter.name)")
            }
        }
        layer.eval()
        compare(layer(golden["in0"]!), "eval")
        for buffer in layer.namedBuffers { if let tensor = buffer.tensor { compare(tensor, "after/\(buffer.name)") } }
    }

    @Test func conventionsOfKernelSizes() {
        #expect(Conv2d(3, 8, kernelSize: 3).weight.shape == [8, 3, 3, 3])
        #expect(Conv2d(4, 8, kernelSize: [1, 5], groups: 2).weight.shape == [8, 2, 1, 5])
        #expect(ConvTranspose1d(4, 8, kernelSize: 3, groups: 2).weight.shape == [4, 4, 3])
        #expect(
            ConvTranspose2d(2, 3, kernelSize: 3, stride: 2)(.zeros(1, 2, 4, 4), outputSize: [9, 10]).shape == [
                1, 3, 9, 10,
            ])
    }

    @Test func unpoolingUndoesPooling() {
        let pool = MaxPool2d(2)
        let x = Tensor.arange(16).to(.float32).reshape(1, 1, 4, 4)
        let (values, indices) = pool.withIndices(x)
        let y = MaxUnpool2d(2)(values, indices)
        #expect(y.sum().item() == values.sum().item())
        #expect(y[0, 0, 3, 3].item() == 15 && y[0, 0, 0, 0].item() == 0)
    }
}
