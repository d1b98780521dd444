import GoldenSupport
import HearthTensor
import Testing

import HearthNN

/// The optimizers of `Tests/Goldens/make_optimizers.py` along PyTorch's path, on the regression of
/// `OptimizerGoldenTests`.
@Suite struct MoreOptimizerTests: OptimizerPath {
    typealias Make = @Sendable ([Parameter]) -> any Optimizer

    static let goldens = NetworkGoldens.read("optimizers2")

    static let optimizers: [String: Make] = [
        "Adadelta": { Adadelta($0) },
        "Adadelta decay": { Adadelta($0, lr: 0.5, rho: 0.8, eps: 1e-4, weightDecay: 0.05) },
        "Adadelta maximize": { Adadelta($0, lr: 0.1, maximize: true) },
        "Adamax": { Adamax($0, lr: 0.01) },
        "Adamax decay": { Adamax($0, lr: 0.01, betas: (0.8, 0.95), eps: 1e-5, weightDecay: 0.1) },
        "Adamax maximize": { Adamax($0, lr: 0.001, maximize: true) },
        "NAdam": { NAdam($0, lr: 0.01) },
        "NAdam decay": {
            NAdam($0, lr: 0.01, betas: (0.8, 0.95), eps: 1e-5, weightDecay: 0.1, momentumDecay: 0.02)
        },
        "NAdam decoupled": { NAdam($0, lr: 0.01, weightDecay: 0.1, decoupledWeightDecay: true) },
        "NAdam maximize": { NAdam($0, lr: 0.001, maximize: true) },
        "RAdam": { RAdam($0, lr: 0.01) },
        "RAdam decay": { RAdam($0, lr: 0.01, betas: (0.8, 0.95), eps: 1e-5, weightDecay: 0.1) },
        "RAdam decoupled": { RAdam($0, lr: 0.01, weightDecay: 0.1, decoupledWeightDecay: true) },
        "RAdam maximize": { RAdam($0, lr: 0.001, maximize: true) },
        "Rprop": { Rprop($0, lr: 0.01) },
        "Rprop etas": { Rprop($0, lr: 0.02, etas: (0.4, 1.3), stepSizes: (1e-4, 0.05)) },
        "Rprop maximize": { Rprop($0, lr: 0.0001, stepSizes: (1e-6, 1e-3), maximize: true) },
        "ASGD": { ASGD($0, lr: 0.05) },
        "ASGD averaging": { ASGD($0, lr: 0.05, lambd: 0.01, alpha: 0.6, t0: 20, weightDecay: 0.01) },
        "ASGD maximize": { ASGD($0, lr: 0.0001, maximize: true) },
        "Adafactor": { Adafactor($0, lr: 0.05) },
        "Adafactor decay": {
            Adafactor($0, lr: 0.02, beta2Decay: -0.6, eps: (1e-5, 1e-2), d: 1.5, weightDecay: 0.1)
        },
        "Adafactor maximize": { Adafactor($0, lr: 0.001, maximize: true) },
        "Lion": { Lion($0, lr: 0.01) },
        "Lion decay": { Lion($0, lr: 0.005, betas: (0.8, 0.95), weightDecay: 0.2) },
        "Lion maximize": { Lion($0, lr: 0.0005, maximize: true) },
        "Adam decoupled": { Adam($0, lr: 0.01, weightDecay: 0.1, decoupledWeightDecay: true) },
    ]

    static let closures: [String: Make] = [
        "LBFGS": { LBFGS($0, lr: 0.1, maxIterations: 5) },
        "LBFGS short memory": { LBFGS($0, lr: 0.1, maxIterations: 6, historySize: 3) },
        "LBFGS wolfe": { LBFGS($0, lineSearch: .strongWolfe) },
        "LBFGS wolfe short": {
            LBFGS($0, lr: 0.5, maxIterations: 4, maxEvaluations: 7, historySize: 4, lineSearch: .strongWolfe)
        },
        "LBFGS maximize": { LBFGS($0, lr: 0.001, maxIterations: 3, maximize: true) },
    ]

    static let all = optimizers.merging(closures) { $1 }

    @Test func everyGoldenHasAnOptimizer() {
        let names = Self.goldens.keys.filter { $0.hasPrefix("end/") }.map { $0.split(separator: "/")[1] }
        #expect(Set(names.map(String.init)) == Set(Self.all.keys))
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

    @Test(arguments: closures.keys.sorted())
    func evaluatesWherePyTorchDoes(_ name: String) throws {
        let p = Self.start(.float64)
        let optimizer = Self.closures[name]!(p)
        Self.train(p, optimizer, 0..<(name == "LBFGS wolfe" ? 2 : 8))
        expect(p, "end/\(name)", Tolerance(double: 1e-7))
        let numbers = try #require(optimizer.state.parameters[0]).numbers
        let expected = Self.goldens["evaluations/\(name)"]!.array(of: Int.self)
        #expect([numbers["func_evals"]?.integer, numbers["n_iter"]?.integer] == expected)
        let q = Self.start(.float32)
        Self.train(q, Self.closures[name]!(q), 0..<1)
        expect(q, "short/\(name)", Tolerance(relative: 2e-3, absolute: 2e-3))
    }

    /// A parameter without a gradient in every third step, while the learning rate falls.
    @Test(arguments: ["NAdam", "ASGD averaging", "RAdam", "Rprop", "Adafactor", "Adamax", "Adadelta", "Lion"])
    func leavesOutAParameterWithoutAGradient(_ name: String) {
        let p = Self.start(.float64)
        let optimizer = Self.optimizers[name]!(p)
        Self.train(p, optimizer, 0..<20) { step, _ in
            optimizer.lr *= 0.97
            if step % 3 == 0 { p[4].grad = nil }
        }
        expect(p, "absent/\(name)")
    }

    @Test func addsAGroup() {
        let p = Self.start(.float64)
        let optimizer = Adamax(Array(p[..<2]), lr: 0.01)
        Self.train(p, optimizer, 0..<20) { step, _ in
            if step == 7 { optimizer.addParameterGroup(Array(p[2...]), AdamaxOptions(lr: 0.02, weightDecay: 0.1)) }
        }
        #expect(optimizer.learningRates == [0.01, 0.02])
        expect(p, "added/Adamax")
    }

    @Test(arguments: all.keys.sorted())
    func resumesBitForBit(_ name: String) throws {
        let make = Self.all[name]!
        let whole = Self.start(.float32)
        Self.train(whole, make(whole), 0..<12)

        let first = Self.start(.float32)
        let optimizer = make(first)
        Self.train(first, optimizer, 0..<5)
        let saved = optimizer.state
        let second = first.map { Parameter($0.tensor.detach().clone()) }
        Self.train(first, optimizer, 5..<8)
        let resumed = make(second)
        try resumed.load(saved)
        Self.train(second, resumed, 5..<12)
        for (a, b) in zip(whole, second) { #expect(a.tensor.detach().isEqual(to: b.tensor.detach())) }
    }

    @Test func refusesAStateThatDoesNotFit() throws {
        let p = Self.start(.float32)
        let lbfgs = LBFGS(p, lr: 0.1)
        Self.train(p, lbfgs, 0..<2)
        #expect(throws: OptimizerStateError.self) { try LBFGS(Array(p[..<2])).load(lbfgs.state) }
        var state = lbfgs.state
        state.parameters[0]?.lists["ro"] = []
        #expect {
            try lbfgs.load(state)
        } throws: {
            "\($0)".contains("the memory of LBFGS is incomplete")
        }
        let adafactor = Adafactor(p)
        Self.train(p, adafactor, 0..<1)
        state = adafactor.state
        state.parameters[0]?.tensors["row_var"] = .zeros([6, 4])
        #expect {
            try adafactor.load(state)
        } throws: {
            "\($0)".contains("row_var of parameter 0 has shape [6, 4]; expected [6, 1]")
        }
    }

    @Test func aStepWithoutAClosureStopsLBFGS() async {
        await #expect(processExitsWith: .failure) { LBFGS([Parameter(.zeros([2]))]).step() }
    }

    @Test func solvesRosenbrock() {
        let p = Parameter(Tensor([-1.2, 1.0]).to(.float64))
        let optimizer = LBFGS([p], maxIterations: 100, lineSearch: .strongWolfe)
        optimizer.step {
            optimizer.zeroGrad()
            let (x, y) = (p.tensor[0], p.tensor[1])
            let loss = (1 - x).square() + (y - x.square()).square() * 100
            loss.backward()
            return loss
        }
        let solution = p.tensor.array(of: Double.self)
        #expect(solution.allSatisfy { abs($0 - 1) < 1e-4 })
    }
}
