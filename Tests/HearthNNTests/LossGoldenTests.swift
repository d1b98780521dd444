import GoldenSupport
import HearthNN
import HearthTensor
import Testing

/// Every loss with every option against PyTorch's results and gradients.
@Suite struct LossGoldenTests {
    private static let classWeights = Tensor([0.5, 1.0, 2.0, 0.25, 1.5])

    @Test(arguments: NetworkGoldens.cases(NetworkGoldens.losses))
    func matchesPyTorch(_ name: String) throws {
        let state = NetworkGoldens.losses
        let inputs = NetworkGoldens.tensors(state, name, "in").enumerated().map { position, x in
            state["\(name)/grad\(position)"] == nil ? x : x.requiringGrad()
        }
        let options = name.split(separator: "#")[0].split(separator: " ").map(String.init)
        let loss = try #require(Self.loss(options, classes: inputs[0].shape.count > 1 ? inputs[0].shape[-1] : 0))
        NetworkGoldens.compare(state, name, inputs, loss(inputs[0], inputs[1]))
    }

    @Test func aTargetOfAnotherShapeStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            _ = CrossEntropyLoss()(Tensor.zeros([2, 5, 3]), Tensor.zeros([3, 2], dtype: .int64))
        }
        await #expect(processExitsWith: .failure) {
            _ = NLLLoss()(Tensor.zeros([6, 5]), Tensor.zeros([6, 1], dtype: .int64))
        }
        await #expect(processExitsWith: .failure) { _ = MSELoss()(Tensor.zeros([6, 1]), Tensor.zeros([6])) }
    }

    private static func loss(_ options: [String], classes: Int) -> ((Tensor, Tensor) -> Tensor)? {
        let reductions: [String: LossReduction] = ["mean": .mean, "sum": .sum, "none": .none]
        let reduction = reductions[options[1]] ?? .mean
        let weight = options.contains("weighted") ? classWeights : nil
        let number = options.count > 2 ? Double(options[2]) ?? 0 : 0
        switch options[0] {
        case "cross_entropy":
            let ignored = options.contains("ignore=2") ? 2 : -100
            return CrossEntropyLoss(weight: weight, ignoreIndex: ignored, labelSmoothing: number, reduction: reduction)
                .callAsFunction
        case "nll": return NLLLoss(weight: weight, reduction: reduction).callAsFunction
        case "bce":
            return BCELoss(weight: weight?.narrow(0, start: 0, length: classes), reduction: reduction).callAsFunction
        case "bce_logits":
            let positive = options.contains("positive") ? classWeights.flip(0) : nil
            return BCEWithLogitsLoss(weight: weight, positiveWeight: positive, reduction: reduction).callAsFunction
        case "mse": return MSELoss(reduction: reduction).callAsFunction
        case "l1": return L1Loss(reduction: reduction).callAsFunction
        case "huber": return HuberLoss(delta: number, reduction: reduction).callAsFunction
        case "smooth_l1": return SmoothL1Loss(beta: number, reduction: reduction).callAsFunction
        case "kl_div":
            let all: [String: KLDivLoss.Reduction] = [
                "mean": .mean, "sum": .sum, "none": .none, "batchmean": .batchMean,
            ]
            return KLDivLoss(reduction: all[options[1]]!, logTarget: options.contains("log")).callAsFunction
        default: return nil
        }
    }
}
