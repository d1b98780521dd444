import GoldenSupport
import HearthTensor
import Testing

import HearthNN

/// The losses and distances of `Tests/Goldens/make_losses.py` against PyTorch's results and gradients.
@Suite struct MoreLossTests {
    private static let goldens = NetworkGoldens.read("losses2")
    private static let names = NetworkGoldens.cases(goldens)
    private static let weight = Tensor([0.5, 1.0, 2.0, 0.25, 1.5])

    /// The inputs of a case; those with a gradient ask for one.
    private static func inputs(_ name: String) -> [Tensor] {
        NetworkGoldens.tensors(goldens, name, "in").enumerated().map { position, x in
            goldens["\(name)/grad\(position)"] == nil ? x : x.requiringGrad()
        }
    }

    private static func function(_ name: String) -> (([Tensor]) -> Tensor)? {
        let options = name.split(separator: "#")[0].split(separator: " ").map(String.init)
        return distance(options) ?? margin(options) ?? classLoss(options) ?? likelihood(options)
    }

    private static func reduction(_ options: [String]) -> LossReduction {
        ["mean": .mean, "sum": .sum, "none": .none][options[1]]!
    }

    private static func number(_ options: [String], _ position: Int = 2) -> Double? {
        options.count > position ? Double(options[position]) : nil
    }

    private static func distance(_ options: [String]) -> (([Tensor]) -> Tensor)? {
        let p = number(options, 1) ?? 0
        switch options[0] {
        case "cosine_similarity": return { CosineSimilarity(dim: Int(p))($0[0], $0[1]) }
        case "pairwise_distance":
            return { PairwiseDistance(p: p, keepDim: options.contains("keep"))($0[0], $0[1]) }
        case "cdist": return { $0[0].cdist($0[1], p: p) }
        case "pdist": return { $0[0].pdist(p: p) }
        default: return nil
        }
    }

    private static func margin(_ options: [String]) -> (([Tensor]) -> Tensor)? {
        let swap = options.contains("swap")
        switch options[0] {
        case "margin_ranking":
            let loss = MarginRankingLoss(margin: number(options) ?? 0, reduction: reduction(options))
            return { loss($0[0], $0[1], $0[2]) }
        case "hinge_embedding":
            let loss = HingeEmbeddingLoss(margin: number(options) ?? 1, reduction: reduction(options))
            return { loss($0[0], $0[1]) }
        case "soft_margin":
            let loss = SoftMarginLoss(reduction: reduction(options))
            return { loss($0[0], $0[1]) }
        case "cosine_embedding":
            let loss = CosineEmbeddingLoss(margin: number(options) ?? 0, reduction: reduction(options))
            return { loss($0[0], $0[1], $0[2]) }
        case "triplet":
            let loss = TripletMarginLoss(
                margin: number(options) ?? 1, p: options.contains("p=1") ? 1 : 2, swap: swap,
                reduction: reduction(options))
            return { loss($0[0], $0[1], $0[2]) }
        case "triplet_distance":
            let plain = TripletMarginWithDistanceLoss(reduction: reduction(options))
            let cosine = TripletMarginWithDistanceLoss(margin: 0.3, swap: swap, reduction: reduction(options)) {
                1 - $0.cosineSimilarity($1)
            }
            return { (options.contains("cosine") ? cosine : plain)($0[0], $0[1], $0[2]) }
        default: return nil
        }
    }

    private static func classLoss(_ options: [String]) -> (([Tensor]) -> Tensor)? {
        let weight = options.contains("weighted") ? weight : nil
        switch options[0] {
        case "multi_margin":
            let loss = MultiMarginLoss(
                p: options[2] == "p=2" ? 2 : 1, margin: number(options, 3) ?? 1, weight: weight,
                reduction: reduction(options))
            return { loss($0[0], $0[1]) }
        case "multi_label_margin":
            let loss = MultiLabelMarginLoss(reduction: reduction(options))
            return { loss($0[0], $0[1]) }
        case "multi_label_soft_margin":
            let loss = MultiLabelSoftMarginLoss(weight: weight, reduction: reduction(options))
            return { loss($0[0], $0[1]) }
        case "sigmoid_focal":
            let alpha = number(options)!
            let loss = SigmoidFocalLoss(
                alpha: alpha < 0 ? nil : alpha, gamma: number(options, 3)!, reduction: reduction(options))
            return { loss($0[0], $0[1]) }
        case "focal":
            let loss = FocalLoss(weight: weight, reduction: reduction(options))
            return { loss($0[0], $0[1]) }
        case "dice":
            let loss = DiceLoss(squared: options.contains("squared"), reduction: reduction(options))
            return { loss($0[0], $0[1]) }
        default: return nil
        }
    }

    private static func likelihood(_ options: [String]) -> (([Tensor]) -> Tensor)? {
        switch options[0] {
        case "poisson":
            let isRate = options.contains("rate")
            let loss = PoissonNLLLoss(
                logInput: !isRate, full: isRate || options.contains("full"), reduction: reduction(options))
            return { loss($0[0], $0[1]) }
        case "gaussian":
            let loss = GaussianNLLLoss(
                full: options.contains("full"), eps: number(options) ?? 1e-6, reduction: reduction(options))
            return { loss($0[0], $0[1], variance: $0[2]) }
        case "ctc":
            let loss = CTCLoss(
                blank: options[2] == "blank=2" ? 2 : 0, reduction: reduction(options),
                zeroInfinity: options.contains("zero"))
            return { x in
                loss(
                    x[0].logSoftmax(dim: -1), x[1], inputLengths: x[2].array(of: Int.self),
                    targetLengths: x[3].array(of: Int.self))
            }
        default: return nil
        }
    }

    @Test(arguments: names)
    func matchesPyTorch(_ name: String) throws {
        let inputs = Self.inputs(name)
        let function = try #require(Self.function(name))
        let result = function(inputs)
        NetworkGoldens.compare(Self.goldens, name, inputs, result, Tolerance(double: 1e-9))
    }

    /// At equal rows distances have a corner; a largest difference jumps in its second derivative's direction.
    private static let smooth = names.filter { !$0.contains("#equal") && !$0.contains("#one") && !$0.contains("short") }

    @Test(arguments: smooth)
    func agreesWithFiniteDifferences(_ name: String) throws {
        let all = Self.inputs(name)
        let positions = all.indices.filter { all[$0].requiresGrad }
        let function = try #require(Self.function(name))
        try gradientCheck(positions.map { all[$0].detach() }, order: name.hasPrefix("ctc") ? 1 : 2) { leaves in
            var inputs = all.map { $0.detach() }
            for (position, leaf) in zip(positions, leaves) { inputs[position] = leaf }
            return function(inputs)
        }
    }

    @Test func adaptiveSoftmaxMatchesPyTorch() throws {
        let goldens = Self.goldens
        let layer = AdaptiveLogSoftmaxWithLoss(8, 20, cutoffs: [4, 9, 15], divValue: 2, headBias: true)
        var state = StateDict()
        for key in goldens.keys where key.hasPrefix("adaptive/state/") {
            state[String(key.dropFirst(15))] = goldens[key]
        }
        // Parameters are made in float32.
        for parameter in layer.parameters { parameter.tensor = parameter.tensor.detach().to(.float64) }
        try layer.loadStateDict(state)
        let x = goldens["adaptive/in"]!.requiringGrad()
        let (output, loss) = layer(x, goldens["adaptive/target"]!)
        let tolerance = Tolerance()
        #expect(tolerance.difference(output, goldens["adaptive/output"]!) == nil)
        #expect(tolerance.difference(loss, goldens["adaptive/loss"]!) == nil)
        #expect(tolerance.difference(layer.logProb(x), goldens["adaptive/log_prob"]!) == nil)
        #expect(layer.predict(x).isEqual(to: goldens["adaptive/predict"]!))
        loss.backward()
        #expect(tolerance.difference(x.grad!, goldens["adaptive/grad"]!) == nil)
        for (name, parameter) in layer.namedParameters {
            #expect(tolerance.difference(parameter.grad!, goldens["adaptive/stategrad/\(name)"]!) == nil, "\(name)")
        }
        let one = layer(x[2], goldens["adaptive/target"]![2]).output
        #expect(abs(one.item() - output[2].item()) < 1e-12)
    }

    @Test func ignoredElementsCountForNothing() {
        let logits = Tensor.randn([3, 4], dtype: .float64, generator: Generator(seed: 1))
        let some = FocalLoss(weight: Tensor([1.0, 2, 3, 4]))(logits, Tensor([1, -100, 3]))
        let rest = FocalLoss(weight: Tensor([1.0, 2, 3, 4]))(logits.indexSelect(0, Tensor([0, 2])), Tensor([1, 3]))
        #expect(abs(some.item() - rest.item()) < 1e-12)
    }

    @Test func anImpossibleTargetIsInfinite() {
        let x = Tensor.zeros([2, 1, 3]).logSoftmax(dim: 2).requiringGrad()
        let target = Tensor([[1, 1]])
        #expect(CTCLoss()(x, target, inputLengths: [2], targetLengths: [2]).item() == .infinity)
        let loss = CTCLoss(zeroInfinity: true)(x, target, inputLengths: [2], targetLengths: [2])
        loss.backward()
        #expect(loss.item() == 0 && x.grad!.abs().sum().item() == 0)
    }

    @Test func misuseStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            _ = CTCLoss()(Tensor.zeros([4, 1, 3]), Tensor([[1, 3]]), inputLengths: [4], targetLengths: [2])
        }
        await #expect(processExitsWith: .failure) {
            _ = CTCLoss()(Tensor.zeros([4, 1, 3]), Tensor([[1, 2]]), inputLengths: [5], targetLengths: [2])
        }
        await #expect(processExitsWith: .failure) {
            _ = CosineEmbeddingLoss()(Tensor.zeros([4, 3]), Tensor.zeros([4, 3]), Tensor.zeros([4, 1]))
        }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([4, 3]).cdist(Tensor.zeros([4, 2])) }
        await #expect(processExitsWith: .failure) {
            let x = Tensor.zeros([4, 1, 3]).requiringGrad()
            let loss = CTCLoss()(x, Tensor([[1, 2]]), inputLengths: [4], targetLengths: [2])
            let first = grad(of: loss, wrt: x, createGraph: true)
            first.sum().backward()
        }
    }

    @Test(arguments: [DType.float32, .float64, .float16, .bfloat16])
    func probabilitiesOutsideTheirRangeAreRefused(dtype: DType) throws {
        let target = Tensor([0.0, 1.0, 1.0]).to(dtype)
        for wrong in [-0.5, 1.5, .infinity, -.infinity] {
            let error = #expect(throws: ShapeError.self) {
                try checkShapes { BCELoss()(Tensor([0.5, 1, wrong]).to(dtype), target) }
            }
            #expect("\(try #require(error))".contains("probabilities must lie in 0...1"))
        }
        #expect(try checkShapes { BCELoss()(Tensor([0.0, 1, 0.5]).to(dtype), target) }.item().isFinite)
        // A NaN is the loss's affair.
        #expect(try checkShapes { BCELoss()(Tensor([0.5, .nan, 0.5]).to(dtype), target) }.item().isNaN)
    }
}
