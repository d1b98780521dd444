import HearthFormats
import HearthNN
import HearthTensor
import Testing

import HearthVision

/// Weights of known networks: where trained ones come from, and how new ones are drawn.
@Suite struct WeightsTests {
    @Test func everyNetworkHasRecommendedWeights() {
        for name in listModels() {
            let weights = PretrainedWeights.of(name)
            #expect(weights.filter(\.isDefault).count == 1, "\(name)")
            #expect(weights.allSatisfy { Download.digest(in: FilePath.name(of: $0.url)) != nil }, "\(name)")
        }
        #expect(PretrainedWeights.all.allSatisfy { listModels().contains($0.model) })
        #expect(resnet50.weights.map(\.name) == ["IMAGENET1K_V1", "IMAGENET1K_V2"])
        #expect(resnet50.weights[1].preprocessing == Preprocessing(resizeSize: 232))
        #expect(resnet50.weights[1].isDefault && resnet50.weights[1].accuracy == 80.858)
    }

    @Test func unknownNamesAreErrors() async {
        let weights = await #expect(throws: UnknownWeights.self) { _ = try await resnet18(weights: .imagenet1kV2) }
        #expect(
            weights?.description == "no weights IMAGENET1K_V2 are published for resnet18; there are IMAGENET1K_V1")
        let model = #expect(throws: UnknownModel.self) { _ = try getModel("resnet19") }
        #expect(model?.description.hasPrefix("unknown model 'resnet19'; there are alexnet, ") == true)
    }

    @Test func weightsComeFromAFile() async throws {
        try await withTemporaryFolder { folder in
            let source = shufflenetV2X0_5(classes: 3)
            try source.stateDict.save(to: folder + "/model.pth")
            let model = try await shufflenetV2X0_5(weights: .file(folder + "/model.pth"), classes: 3)
            let x = Tensor.randn(2, 3, 32, 32)
            #expect(isIdentical(model.eval()(x), source.eval()(x)))
            await #expect(throws: StateDictError.self) {
                _ = try await shufflenetV2X0_5(weights: .file(folder + "/model.pth"))
            }
            await #expect(throws: StateDictError.self) {
                _ = try await squeezenet1_1(weights: .file(folder + "/model.pth"))
            }
            await #expect(throws: FileError.self) { _ = try await resnet18(weights: .file(folder + "/none.pth")) }
        }
    }

    @Test func headsAreReplaced() throws {
        let model = resnet18(classes: 10)
        model.freeze()
        model.fc = Linear(512, 5)
        #expect(model.parameterCount(trainableOnly: true) == 512 * 5 + 5)
        let y = model(.randn(2, 3, 32, 32))
        #expect(y.shape == [2, 5])
        y.sum().backward()
        #expect(model.parameters.filter { $0.grad != nil }.count == 2)
        let mobile = mobilenetV3Small(classes: 10)
        mobile.classifier[3] = Linear(1024, 2)
        #expect(try mobile.summary(input: [1, 3, 64, 64]).parameters == mobile.parameterCount())
        #expect(mobile.eval()(.randn(1, 3, 32, 32)).shape == [1, 2])
    }

    @Test func oldNamesAreRead() throws {
        let dense = Initialize.onMeta { densenet121(classes: 2) }
        let old = StateDict(
            densenet121(classes: 2).stateDict.map { name, tensor in
                let parts = name.split(separator: ".").map { part in
                    name.contains("denselayer") && ["norm1", "norm2", "conv1", "conv2"].contains(part)
                        ? "\(part.dropLast()).\(part.suffix(1))" : String(part)
                }
                return (name: parts.joined(separator: "."), tensor: tensor)
            })
        #expect(old.keys.contains("features.denseblock1.denselayer1.norm.1.weight"))
        #expect(try dense.loadStateDict(old).loaded.count == old.count)

        let vit = VisionTransformer(imageSize: 16, patchSize: 8, layers: 1, heads: 2, width: 8, hidden: 8, classes: 2)
        let renamed = vit.stateDict.renamed {
            $0.replacing("mlp.0.", with: "mlp.linear_1.").replacing("mlp.3.", with: "mlp.linear_2.")
        }
        #expect(renamed.keys.contains("encoder.layers.encoder_layer_0.mlp.linear_2.bias"))
        #expect(try vit.loadStateDict(renamed).loaded.count == renamed.count)
    }

    @Test func newWeightsAreDrawnAsTorchvisionDoes() throws {
        func deviation(_ state: StateDict, _ name: String) -> Double { state[name]!.std().item() }
        func isZero(_ state: StateDict, _ name: String) -> Bool { state[name]!.abs().max().item() == 0 }
        func isNear(_ a: Double, _ b: Double) -> Bool { abs(a / b - 1) < 0.05 }
        let resnet = resnet18().stateDict
        #expect(isNear(deviation(resnet, "conv1.weight"), (2.0 / (64 * 49)).squareRoot()))
        #expect(isNear(deviation(resnet, "fc.weight"), (1.0 / (3 * 512)).squareRoot()))
        let still = ResNet(.bottleneck, [1, 1, 1, 1], zeroInitResidual: true).stateDict
        #expect(isZero(still, "layer1.0.bn3.weight") && !isZero(still, "layer1.0.bn2.weight"))
        let mobile = mobilenetV2().stateDict
        #expect(isNear(deviation(mobile, "features.18.0.weight"), (2.0 / 1280).squareRoot()))
        #expect(isNear(deviation(mobile, "classifier.1.weight"), 0.01) && isZero(mobile, "classifier.1.bias"))
        let efficient = efficientnetB0().stateDict
        #expect(isNear(deviation(efficient, "classifier.1.weight"), (1.0 / 3000).squareRoot()))
        #expect(isZero(efficient, "features.1.0.block.1.fc1.bias"))
        let dense = densenet121().stateDict
        #expect(isNear(deviation(dense, "features.conv0.weight"), (2.0 / (3 * 49)).squareRoot()))
        #expect(isZero(dense, "classifier.bias"))
        let squeeze = squeezenet1_1().stateDict
        #expect(isNear(deviation(squeeze, "classifier.1.weight"), 0.01))
        #expect(isNear(deviation(squeeze, "features.12.expand3x3.weight"), (2.0 / (64 * 9)).squareRoot()))
        let convnext = convnextTiny().stateDict
        #expect(isNear(deviation(convnext, "features.7.0.block.3.weight"), 0.02))
        #expect(isNear(convnext["features.1.0.layer_scale"]!.mean().item(), 1e-6))
        let vit = VisionTransformer(patchSize: 16, layers: 1, heads: 2, width: 64, hidden: 128).stateDict
        #expect(isZero(vit, "heads.head.weight") && isZero(vit, "class_token"))
        #expect(isNear(deviation(vit, "conv_proj.weight"), (1.0 / 768).squareRoot()))
        #expect(isNear(deviation(vit, "encoder.pos_embedding"), 0.02))
        let block = "encoder.layers.encoder_layer_0."
        #expect(isNear(deviation(vit, block + "self_attention.in_proj_weight"), (2.0 / 256).squareRoot()))
        #expect(isNear(deviation(vit, block + "mlp.0.weight"), (2.0 / 192).squareRoot()))
        let regnet = regnetY400MF().stateDict
        #expect(
            isNear(deviation(regnet, "fc.weight"), 0.01)
                && !isZero(regnet, "trunk_output.block1.block1-0.f.se.fc1.bias"))
        let mnas = mnasnet0_5().stateDict
        #expect(isNear(deviation(mnas, "classifier.1.weight"), (1.0 / 1000).squareRoot()))
        let google = googlenet().stateDict
        #expect(isNear(deviation(google, "fc.weight"), 0.01))
        let inception = inceptionV3().stateDict
        #expect(isNear(deviation(inception, "Mixed_7c.branch3x3_1.conv.weight"), 0.1))
        #expect(isNear(deviation(inception, "AuxLogits.conv1.conv.weight"), 0.01))
        #expect(isNear(deviation(inception, "AuxLogits.fc.weight"), 0.001))
        let swin = SwinTransformer(.v1, 32, [1, 1], heads: [2, 2]).stateDict
        #expect(
            isNear(deviation(swin, "features.1.0.attn.qkv.weight"), 0.02) && isZero(swin, "features.1.0.mlp.0.bias"))
    }
}
