import GoldenSupport
import HearthNN
import HearthTensor
import Testing

/// Every optimizer along PyTorch's path: a small network and a parameter outside it, trained on the same data.
@Suite struct OptimizerGoldenTests: OptimizerPath {
    typealias Make = @Sendable ([Parameter]) -> any Optimizer

    static let optimizers: [String: Make] = [
        "SGD": { SGD($0, lr: 0.05) },
        "SGD momentum": { SGD($0, lr: 0.05, momentum: 0.9) },
        "SGD dampening": { SGD($0, lr: 0.05, momentum: 0.9, dampening: 0.3, weightDecay: 0.01) },
        "SGD nesterov": { SGD($0, lr: 0.02, momentum: 0.9, weightDecay: 0.01, nesterov: true) },
        "SGD maximize": { SGD($0, lr: 0.0001, momentum: 0.5, weightDecay: 0.1, maximize: true) },
        "Adam": { Adam($0, lr: 0.01) },
        "Adam decay": { Adam($0, lr: 0.01, betas: (0.8, 0.95), eps: 1e-6, weightDecay: 0.1) },
        "Adam amsgrad": { Adam($0, lr: 0.02, amsgrad: true) },
        "Adam maximize": { Adam($0, lr: 0.001, weightDecay: 0.1, maximize: true) },
        "AdamW": { AdamW($0, lr: 0.01) },
        "AdamW decay amsgrad": { AdamW($0, lr: 0.02, eps: 1e-5, weightDecay: 0.2, amsgrad: true) },
        "AdamW maximize": { AdamW($0, lr: 0.001, maximize: true) },
        "RMSprop": { RMSprop($0, lr: 0.005) },
        "RMSprop momentum": { RMSprop($0, lr: 0.002, alpha: 0.9, weightDecay: 0.05, momentum: 0.8) },
        "RMSprop centered": { RMSprop($0, lr: 0.002, eps: 1e-3, centered: true) },
        "RMSprop centered momentum": { RMSprop($0, lr: 0.001, eps: 1e-3, momentum: 0.5, centered: true) },
        "Adagrad": { Adagrad($0, lr: 0.05) },
        "Adagrad decay": {
            Adagrad($0, lr: 0.1, lrDecay: 0.05, weightDecay: 0.02, initialAccumulator: 0.1, eps: 1e-6)
        },
        "Adagrad maximize": { Adagrad($0, lr: 0.001, maximize: true) },
    ]

    static let goldens = NetworkGoldens.optimizers

    @Test func everyGoldenHasAnOptimizer() {
        let names = Self.goldens.keys.filter { $0.hasPrefix("end/") }.map { $0.split(separator: "/")[1] }
        #expect(Set(names.map(String.init)) == Set(Self.optimizers.keys))
    }

    @Test(arguments: optimizers.keys.sorted())
    func followsPyTorchForAHundredSteps(_ name: String) {
        let p = Self.start(.float64)
        Self.train(p, Self.optimizers[name]!(p), 0..<100)
        expect(p, "end/\(name)")
    }

    @Test(arguments: optimizers.keys.sorted())
    func followsPyTorchInFloat32(_ name: String) {
        let p = Self.start(.float32)
        Self.train(p, Self.optimizers[name]!(p), 0..<10)
        expect(p, "short/\(name)", Tolerance(relative: 1e-4, absolute: 1e-5))
    }

    @Test(arguments: ["SGD momentum", "Adam", "RMSprop", "Adagrad decay"])
    func leavesOutAParameterWithoutAGradient(_ name: String) {
        let p = Self.start(.float64)
        Self.train(p, Self.optimizers[name]!(p), 0..<20) { step, p in
            if step % 3 == 0 { p[4].grad = nil }
        }
        expect(p, "absent/\(name)")
    }

    @Test func groupsHaveOptionsOfTheirOwn() {
        let p = Self.start(.float64)
        let groups = [
            ParameterGroup(Array(p[..<2]), AdamOptions(lr: 0.01)),
            ParameterGroup(Array(p[2...]), AdamOptions(lr: 0.1, weightDecay: 0.1)),
        ]
        let optimizer = Adam(groups: groups)
        #expect(optimizer.learningRates == [0.01, 0.1])
        Self.train(p, optimizer, 0..<30)
        expect(p, "groups/Adam")
    }

    @Test func clipsGradients() {
        let clips: [(String, ([Parameter]) -> Void)] = [
            ("norm", { clipGradNorm($0, maxNorm: 0.5) }), ("norm 1", { clipGradNorm($0, maxNorm: 0.5, p: 1) }),
            ("norm inf", { clipGradNorm($0, maxNorm: 0.1, p: .infinity) }),
            ("value", { clipGradValue($0, limit: 0.05) }),
        ]
        for (name, clip) in clips {
            let p = Self.start(.float64)
            Self.train(p, SGD(p, lr: 0.05), 0..<20) { _, p in clip(p) }
            expect(p, "clip/\(name)")
        }
    }

    @Test(arguments: optimizers.keys.sorted())
    func resumesBitForBit(_ name: String) throws {
        let make = Self.optimizers[name]!
        let whole = Self.start(.float32)
        Self.train(whole, make(whole), 0..<20)

        let first = Self.start(.float32)
        let optimizer = make(first)
        Self.train(first, optimizer, 0..<8)
        let saved = optimizer.state
        let second = first.map { Parameter($0.tensor.detach().clone()) }
        // What was saved must not move with the optimizer that it came from.
        Self.train(first, optimizer, 8..<12)
        let resumed = make(second)
        try resumed.load(saved)
        Self.train(second, resumed, 8..<20)
        for (a, b) in zip(whole, second) { #expect(a.tensor.detach().isEqual(to: b.tensor.detach())) }
    }

    @Test func refusesAStateThatDoesNotFit() throws {
        let p = Self.start(.float32)
        let optimizer = Adam(p)
        Self.train(p, optimizer, 0..<2)
        let other = Adam(Array(p[..<2]))
        #expect(throws: OptimizerStateError.self) { try other.load(optimizer.state) }
        var state = optimizer.state
        state.parameters[0]?.tensors["exp_avg"] = Tensor.zeros([3])
        #expect {
            try optimizer.load(state)
        } throws: { "\($0)".contains("exp_avg of parameter 0 has shape [3]; expected [6, 4]") }
    }

    @Test func frozenParametersStayAsTheyAre() {
        let p = Self.start(.float32)
        p[0].requiresGrad = false
        let before = p[0].tensor
        Self.train(p, AdamW(p, lr: 0.1), 0..<3)
        #expect(p[0].tensor.isEqual(to: before))
        #expect(!p[1].tensor.detach().isEqual(to: NetworkGoldens.optimizers["start/1"]!.to(.float32)))
    }
}
