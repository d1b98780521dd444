import HearthFormats
import HearthNN
import HearthTensor
import Testing

import HearthTrain

/// Optimizers that go on from a state that PyTorch has saved, and from one that they saved themselves.
@Suite struct OptimizerStateTests {
    private typealias Make = @Sendable ([Parameter]) -> any Optimizer

    /// Options are read from the state, so these are the defaults.
    private static let optimizers: [(name: String, make: Make)] = [
        ("Adadelta", { Adadelta($0) }), ("Adamax", { Adamax($0) }), ("NAdam decay", { NAdam($0) }),
        ("RAdam", { RAdam($0) }), ("Rprop", { Rprop($0) }), ("ASGD averaging", { ASGD($0) }),
        ("Adafactor", { Adafactor($0) }), ("LBFGS short memory", { LBFGS($0) }),
    ]

    private static func minimise(_ p: [Parameter], _ optimizer: any Optimizer, _ steps: Int) {
        for _ in 0..<steps {
            optimizer.step {
                optimizer.zeroGrad()
                var loss = Tensor(0.0)
                for (index, parameter) in p.enumerated() {
                    let x = parameter.tensor
                    loss = loss + (x - index).pow(4).sum() + (x[0] * x[-1]).sum()
                }
                loss.backward()
                return loss
            }
        }
    }

    private static func parameters(_ value: PickleValue?) throws -> [Parameter] {
        try #require(value?.elements).map { Parameter(try #require($0.tensor).to(.default)) }
    }

    @Test func goesOnFromPyTorchsState() throws {
        let file = try TorchFile.read(Golden.path("optimizer_states.pth"))
        for (name, make) in Self.optimizers {
            let golden = try #require(file[name])
            let p = try Self.parameters(golden["before"])
            let optimizer = make(p)
            try optimizer.load(OptimizerState(try #require(golden["optimizer"])))
            // The steps of LBFGS on this loss amplify rounding a thousand times each.
            Self.minimise(p, optimizer, name.hasPrefix("LBFGS") ? 1 : 5)
            for (found, expected) in zip(p, try Self.parameters(golden["after"])) {
                let difference = (found.tensor.detach() - expected.tensor.detach()).abs().max().item()
                #expect(difference < 1e-9, "\(name)")
            }
        }
    }

    @Test func aStateSurvivesItsFile() async throws {
        try await withTemporaryFolder { folder in
            let file = try TorchFile.read(Golden.path("optimizer_states.pth"))
            for (name, make) in Self.optimizers {
                let p = try Self.parameters(file[name]?["before"])
                let optimizer = make(p)
                Self.minimise(p, optimizer, 3)
                try TorchFile.write(optimizer.state.pickle, to: "\(folder)/state")
                let q = p.map { Parameter($0.tensor.detach().clone()) }
                let other = make(q)
                try other.load(OptimizerState(TorchFile.read("\(folder)/state")))
                Self.minimise(p, optimizer, 4)
                Self.minimise(q, other, 4)
                for (a, b) in zip(p, q) { #expect(a.tensor.detach().isEqual(to: b.tensor.detach()), "\(name)") }
            }
        }
    }
}
