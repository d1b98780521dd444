import HearthTensor
import Testing

import HearthNN

/// Options of optimizers are declared once, checked when an optimizer is made, and parameters in 16 bits train.
struct OptimizerOptionTests {
    private typealias Make = @Sendable ([Parameter]) -> any Optimizer

    private static let optimizers: [(name: String, make: Make)] = [
        ("SGD", { SGD($0, lr: 0.1) }), ("SGD momentum", { SGD($0, lr: 0.1, momentum: 0.9) }),
        ("Adam", { Adam($0, lr: 0.05) }),
        ("AdamW", { AdamW($0, lr: 0.05) }), ("amsgrad", { Adam($0, lr: 0.05, amsgrad: true) }),
        ("RMSprop", { RMSprop($0, lr: 0.05, centered: true) }),
        ("Adagrad", { Adagrad($0) }), ("Adadelta", { Adadelta($0) }), ("Adamax", { Adamax($0, lr: 0.05) }),
        ("NAdam", { NAdam($0, lr: 0.05) }), ("RAdam", { RAdam($0, lr: 0.05) }), ("ASGD", { ASGD($0) }),
        ("Rprop", { Rprop($0) }),
        ("Lion", { Lion($0, lr: 0.05) }), ("Muon", { Muon($0) }), ("Adafactor", { Adafactor($0) }),
        ("SparseAdam", { SparseAdam($0, lr: 0.05) }), ("LBFGS", { LBFGS($0, lr: 0.5, maxIterations: 4) }),
    ]

    /// Steps towards `target`, and the parameter after each.
    private func path(_ make: Make, _ dtype: DType, steps: Int = 12) -> (values: [[Float]], optimizer: any Optimizer) {
        let start = Tensor((0..<12).map { Float($0) / 4 - 1.5 }).reshape([3, 4])
        let target = Tensor((0..<12).map { Float($0 % 5) / 2 }).reshape([3, 4])
        let parameter = Parameter(start.to(dtype))
        let optimizer = make([parameter])
        var values: [[Float]] = []
        for _ in 0..<steps {
            optimizer.step {
                optimizer.zeroGrad()
                let loss = (parameter.tensor - target.to(dtype)).square().sum()
                loss.backward()
                return loss
            }
            values.append(parameter.tensor.to(.float32).array(of: Float.self))
        }
        #expect(parameter.dtype == dtype)
        return (values, optimizer)
    }

    @Test(arguments: optimizers.map(\.name), [DType.bfloat16, .float16])
    func parametersOfSixteenBitsFollowThoseOf32(name: String, dtype: DType) throws {
        let make = try #require(Self.optimizers.first { $0.name == name }).make
        let (wide, narrow) = (path(make, .float32), path(make, dtype))
        // Each step rounds the parameter, by at most half a unit in the last place, and gradients follow it.
        let unit: Float = dtype == .bfloat16 ? 1 / 128 : 1 / 1024
        for (step, (a, b)) in zip(wide.values, narrow.values).enumerated() {
            for (x, y) in zip(a, b) {
                #expect(abs(x - y) <= unit * 4 * Float(step + 2), "\(name) \(dtype) step \(step): \(x) and \(y)")
            }
        }
    }

    @Test func theirStateIsFloat32AndIsRestored() throws {
        for (name, make) in Self.optimizers where name != "LBFGS" {
            let optimizer = path(make, .bfloat16).optimizer
            let state = optimizer.state
            for tensor in state.parameters.values.flatMap(\.tensors.values) {
                #expect(tensor.dtype == .float32, "\(name)")
            }
            let other = make([Parameter(Tensor.zeros([3, 4], dtype: .bfloat16))])
            try other.load(state)
            let restored = other.state.parameters.mapValues { $0.tensors.mapValues { $0.array(of: Float.self) } }
            #expect(
                restored == state.parameters.mapValues { $0.tensors.mapValues { $0.array(of: Float.self) } }, "\(name)")
        }
    }

    /// PyTorch refuses the same, with a ValueError.
    private static let faults: [(words: String, make: Make)] = [
        ("lr must be 0 or more; it is -0.1", { SGD($0, lr: -0.1) }), ("lr", { Adam($0, lr: .nan) }),
        ("momentum", { SGD($0, momentum: -1) }), ("weight_decay", { SGD($0, weightDecay: -1) }),
        ("betas must be at least 0 and below 1; it is (1.0, 0.999)", { Adam($0, betas: (1, 0.999)) }),
        ("betas", { AdamW($0, betas: (0.9, -0.1)) }), ("eps", { Adam($0, eps: -1e-8) }),
        ("alpha", { RMSprop($0, alpha: -1) }), ("rho", { Adadelta($0, rho: 1.5) }),
        ("lr_decay", { Adagrad($0, lrDecay: -1) }), ("betas", { Adamax($0, betas: (0.9, 1)) }),
        ("momentum_decay", { NAdam($0, momentumDecay: -1) }), ("betas", { RAdam($0, betas: (-1, 0.9)) }),
        ("weight_decay", { ASGD($0, weightDecay: -1) }), ("lr", { Rprop($0, lr: -1) }),
        ("betas", { Lion($0, betas: (2, 0.9)) }), ("momentum", { Muon($0, momentum: -1) }),
        ("beta2_decay", { Adafactor($0, beta2Decay: 1) }), ("d must be 1 or more", { Adafactor($0, d: 0.5) }),
        ("betas", { SparseAdam($0, betas: (0.9, 1)) }),
    ]

    @Test func optionsOutOfBoundsAreNamed() throws {
        for (words, make) in Self.faults {
            let error = #expect(throws: ShapeError.self, "\(words)") {
                try checkShapes { make([Parameter(.ones([2, 2]))]) }
            }
            #expect("\(try #require(error))".contains(words), "\(words): \(String(describing: error))")
        }
        let optimizer = SGD([Parameter(.ones([2]))], lr: 0.1)
        #expect(throws: ShapeError.self) {
            try checkShapes { optimizer.addParameterGroup([Parameter(.ones([1]))], SGDOptions(lr: -1)) }
        }
    }

    @Test func savedOptionsOutOfBoundsAreRefused() {
        let optimizer = Adam([Parameter(.ones([2]))])
        var state = optimizer.state
        state.groups[0].options["betas"] = .numbers([0.9, 7])
        let error = #expect(throws: OptimizerStateError.self) { try optimizer.load(state) }
        #expect(error.map { "\($0)" }?.contains("betas") == true)
        #expect(optimizer.groups[0].options.betas == (0.9, 0.999))
        // An option of another kind leaves what was there.
        state.groups[0].options["betas"] = .text("many")
        #expect(throws: Never.self) { try optimizer.load(state) }
        #expect(optimizer.groups[0].options.betas == (0.9, 0.999))
    }
}
