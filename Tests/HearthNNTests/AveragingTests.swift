import GoldenSupport
import HearthTensor
import Testing

import HearthNN

private final class Running: Module {
    @Param var weight: Tensor
    @Buffer var running: Tensor

    override init() {
        weight = .zeros([3, 2], dtype: .float64)
        running = .zeros([4], dtype: .float64)
    }
}

/// Remembers the mean of what passes, as batch normalisation does.
private final class Mean: Module, Layer, RunningStatistics {
    @Buffer var mean: Tensor
    var momentum: Double? = 0.1
    private var seen = 0

    override init() { mean = Tensor(5.0) }

    func resetRunningStats() {
        mean = Tensor(0.0)
        seen = 0
    }

    func forward(_ x: Tensor) -> Tensor {
        guard isTraining else { return x - mean }
        seen += 1
        let part = momentum ?? 1 / Double(seen)
        mean = mean * (1 - part) + x.mean() * part
        return x
    }
}

/// Averaged weights, clipping and penalties against `Tests/Goldens/make_averaging.py`.
@Suite struct AveragingTests {
    private static let goldens = NetworkGoldens.read("averaging")

    private func model(at time: Int, _ model: Running = Running()) -> Running {
        model.weight = Self.goldens["weight/\(time)"]!
        model.running = Self.goldens["running/\(time)"]!
        return model
    }

    @Test(arguments: ["swa", "ema", "custom"], [false, true])
    func averagesLikePyTorch(_ name: String, useBuffers: Bool) throws {
        let strategy: AveragedModel<Running>.Strategy =
            switch name {
            case "swa": .swa
            case "ema": .ema(decay: 0.9)
            default: .custom { average, current, count in average.maximum(current) + count }
            }
        let trained = model(at: 0)
        var averages = AveragedModel(trained, strategy, useBuffers: useBuffers)
        for time in 0..<6 {
            _ = model(at: time, trained)
            averages.update()
            // Saved and gone on with.
            let saved = averages.stateDict
            averages = AveragedModel(trained, strategy, useBuffers: useBuffers)
            try averages.loadStateDict(saved)
        }
        let prefix = name + (useBuffers ? " buffers/" : "/")
        let keys = Self.goldens.keys.filter { $0.hasPrefix(prefix) }
        #expect(Set(keys.map { String($0.dropFirst(prefix.count)) }) == Set(averages.stateDict.keys))
        for key in keys {
            let found = try #require(averages.stateDict[String(key.dropFirst(prefix.count))])
            #expect(Tolerance(double: 1e-12).difference(found, Self.goldens[key]!) == nil, "\(key)")
        }
        let before = trained.stateDict
        averages.withAverages {
            #expect(trained.weight.isEqual(to: averages.stateDict["module.weight"]!))
            #expect(trained.running.isEqual(to: averages.stateDict["module.running"]!))
        }
        for (key, value) in before { #expect(trained.stateDict[key]!.isEqual(to: value)) }
        averages.copyToModel()
        #expect(trained.weight.detach().isEqual(to: averages.stateDict["module.weight"]!))
    }

    @Test func averagesStayWhenTrainingGoesOn() {
        let layer = Linear(3, 2)
        let optimizer = SGD(layer.parameters, lr: 0.1)
        let averages = AveragedModel(layer)
        averages.update()
        let first = layer.weight.detach().clone()
        layer(Tensor.ones([4, 3])).sum().backward()
        optimizer.step()
        #expect(!layer.weight.detach().isEqual(to: first))
        #expect(averages.stateDict["module.weight"]!.isEqual(to: first))
    }

    @Test func refusesTheAveragesOfAnotherModel() {
        let averages = AveragedModel(Running())
        #expect {
            try averages.loadStateDict(AveragedModel(Linear(3, 2)).stateDict)
        } throws: {
            "\($0)".contains("missing: module.running") && "\($0)".contains("unexpected: module.bias")
        }
    }

    @Test func computesRunningAveragesAnew() {
        let mean = Mean()
        let whole = Sequential {
            Identity()
            mean
        }
        whole.eval()
        updateBN([1.0, 2, 6].map { Tensor($0) }, whole)
        #expect(mean.mean.item() == 3 && mean.momentum == 0.1 && !whole.isTraining)
    }

    @Test(arguments: [0.5, 1, 2, 3, .infinity])
    func clipsByTheNorm(_ p: Double) {
        let name = p == .infinity ? "inf" : "\(p)"
        let parameters = (0..<2).map { _ in Parameter(.zeros([3, 2], dtype: .float64)) }
        parameters[0].grad = Self.goldens["weight/0"]!
        parameters[1].grad = Self.goldens["weight/1"]! * 3
        let total = clipGradNorm(parameters, maxNorm: 0.7, p: p)
        let expected = Self.goldens["clip/\(name)/total"]!.item()
        #expect(abs(total - expected) < 1e-12 * expected)
        for (index, parameter) in parameters.enumerated() {
            let golden = Self.goldens["clip/\(name)/\(index)"]!
            #expect(Tolerance(double: 1e-12).difference(parameter.grad!, golden) == nil)
        }
    }

    @Test func refusesToClipWhatIsNotFinite() throws {
        let p = Parameter(.zeros([2]))
        p.grad = Tensor([1.0, .infinity])
        let error = #expect(throws: NonfiniteGradientError.self) {
            try clipGradNorm([p], maxNorm: 1, errorIfNonfinite: true)
        }
        #expect(error?.norm == .infinity)
        #expect(p.grad!.isEqual(to: Tensor([1.0, .infinity])))
        try clipGradNorm([p], maxNorm: 1, errorIfNonfinite: false)
        #expect(p.grad![0].item() == 0 && p.grad![1].item().isNaN)
        #expect(totalNorm([]) == 0 && clipGradNorm([], maxNorm: 1) == 0)
    }

    @Test func goesToAVectorAndBack() {
        let p = [Parameter(Tensor([[1.0, 2], [3, 4]])), Parameter(Tensor(5.0)), Parameter(.zeros([0]))]
        let vector = parametersToVector(p)
        #expect(vector.detach().isEqual(to: Tensor([1.0, 2, 3, 4, 5])))
        (vector * Tensor([1.0, 2, 3, 4, 5])).sum().backward()
        #expect(p[0].grad!.isEqual(to: Tensor([[1.0, 2], [3, 4]])) && p[1].grad!.item() == 5)
        vectorToParameters(vector * 2, p)
        #expect(p[0].tensor.detach().isEqual(to: Tensor([[2.0, 4], [6, 8]])) && p[1].tensor.item() == 10)
        #expect(p[0].grad != nil)
    }

    @Test func penaltiesHaveGradients() {
        for (name, penalty) in [
            ("l1", l1Penalty), ("l2", l2Penalty), ("elastic", { elasticPenalty($0, l1Ratio: 0.3) }),
        ] as [(String, ([Parameter]) -> Tensor)] {
            let p = [Parameter(Self.goldens["weight/2"]!), Parameter(Tensor([0.0, -2, 0.5], shape: [3]))]
            let value = penalty(p)
            #expect(abs(value.item() - Self.goldens["penalty/\(name)"]!.item()) < 1e-12)
            let loss = 2.0 * value
            loss.backward()
            for (index, parameter) in p.enumerated() {
                let expected = Self.goldens["penalty/\(name)/\(index)"]! * 2
                #expect(Tolerance().difference(parameter.grad!, expected) == nil, "\(name)")
            }
        }
    }

    @Test func onlyWeightsDecay() {
        let model = Sequential {
            Linear(3, 2)
            Linear(2, 1, bias: false)
        }
        let options = AdamOptions(lr: 0.1, weightDecay: 0.5, decoupledWeightDecay: true)
        let groups = ParameterGroup.decayingWeightsOnly(model.parameters, options)
        #expect(groups.map(\.options.weightDecay) == [0.5, 0] && groups.map(\.parameters.count) == [2, 1])
        let optimizer = AdamW(groups: groups)
        for parameter in model.parameters { parameter.grad = .zeros(parameter.shape) }
        let before = model.parameters.map { $0.tensor.detach().clone() }
        optimizer.step()
        for (parameter, old) in zip(model.parameters, before) {
            let factor = parameter.shape.count > 1 ? 0.95 : 1
            #expect(parameter.tensor.detach().allClose(to: old * factor))
        }
    }
}
