import HearthFormats
import HearthNN
import HearthTensor
import Testing

import HearthVision

/// Whole networks that `Tests/Goldens/check_models.py` saved with PyTorch, in the folder named by `HEARTH_MODELS`: they
/// are loaded, give the same results for images of 224 × 224, and are saved for PyTorch to load again.
@Suite(.serialized, .enabled(if: environment("HEARTH_MODELS") != nil, "check_models.py runs it"))
struct ModelExchangeTests {
    private let folder = environment("HEARTH_MODELS") ?? ""

    @Test(arguments: ["resnet18", "mobilenet_v3_small", "vit_b_16"]) func networksGoThereAndBack(name: String) throws {
        let network = try Initialize.onMeta { try getModel(name) }
        try network.loadStateDict(StateDict(contentsOf: "\(folder)/\(name).pth"))
        let example = try StateDict(contentsOf: "\(folder)/\(name).safetensors")
        let logits = noGrad { network.eval()(example["images"]!) }
        let expected = example["logits"]!
        let error = ((logits - expected).abs().max() / expected.abs().max()).item()
        print("\(name): the largest difference of a logit is \(error) of the largest logit")
        #expect(error < 1e-4)
        try network.stateDict.save(to: "\(folder)/\(name)_from_hearth.pth")
    }
}
