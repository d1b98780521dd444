import CKernels
import HearthTensor
import Testing

/// Every operation is a value that its name and attributes say all about.
@Suite struct RegistryTests {
    /// What ran while the tables of the goldens were computed and differentiated.
    private static let seen: [Profile.Entry] = {
        profile {
            let tables: [([String: [GoldenCase]], (String) -> OperationTable.Body?)] = [
                (GoldenCase.all, { OperationTable.all.bodies[$0] }),
                (GoldenCase.methods, { OperationTable.methods.bodies[$0] }),
                (GoldenCase.windows, { WindowCall($0)?.body }),
                (GoldenCase.edges, { OperationTable.edge($0) }),
            ]
            for (goldens, body) in tables {
                for (name, cases) in goldens {
                    guard let body = body(name) else { continue }
                    for golden in cases { run(body, golden.inputs) }
                }
            }
            composites()
        }.profile.entries
    }()

    /// Runs and differentiates a function. Some goldens are singular on purpose, and have no derivative.
    private static func run(_ body: OperationTable.Body, _ inputs: [Tensor]) {
        _ = try? checkShapes {
            let inputs = inputs.map { $0.dtype.isFloatingPoint ? $0.requiringGrad() : $0 }
            for result in body(inputs).filter(\.requiresGrad) { result.sum().backward(retainGraph: true) }
        }
    }

    /// Operations that the tables reach by no function of one call.
    private static func composites() {
        let x = Tensor.randn([2, 6, 4]).requiringGrad()
        let weight = Tensor.ones([6]).requiringGrad()
        x.layerNorm([4]).sum().backward()
        x.groupNorm(2, weight: weight, bias: weight).sum().backward()
        let mask = Tensor.zeros([6, 6]).requiringGrad()
        Tensor.scaledDotProductAttention(x, x, x, mask: mask, dropout: 0.1).sum().backward()
        let logits = Tensor.randn([3, 4]).requiringGrad()
        logits.crossEntropyRows(Tensor([0, 1, 3])).sum().backward()
        logits.dropout(0.5).sum().backward()
        logits.sigmoid().binaryCrossEntropy(Tensor.rand([3, 4])).sum().backward()
        let likelihoods = Tensor.randn([5, 2, 4]).requiringGrad()
        likelihoods.logSoftmax(dim: 2)
            .ctcLosses([[1, 2], [3]], lengths: [5, 4], blank: 0, zeroInfinity: false).sum().backward()
        let states = (Tensor.randn([4, 3]), Tensor.zeros([2, 2]), Tensor.zeros([2, 2]))
        for cell in [RecurrentCell.tanh, .relu, .lstm, .gru] {
            let weights = RecurrentWeights(
                input: Tensor.randn([cell.gates * 2, 3]).requiringGrad(), hidden: Tensor.randn([cell.gates * 2, 2]))
            let c = cell.hasCellState ? states.2 : nil
            Recurrence(cell, batchSizes: [2, 2])(states.0, h: states.1, c: c, weights).output.sum().backward()
        }
        var sum = Tensor.zeros([3])
        sum += Tensor.arange(3).to(.float32)
        sum[0..<2] = Tensor.zeros([2])
        _ = Tensor.multinomial(Tensor.rand([4]), count: 2)
        _ = Tensor.bernoulli([3], probability: 0.5)
        _ = Tensor.randperm(4)
        _ = Tensor.empty([2])
        _ = Tensor.integers([3, 4])
        _ = sum[Tensor([-1, 0])]
        _ = sum.to(.meta)
        _ = sum.fmax(Tensor.ones([3])).fmin(Tensor.ones([3]))
        _ = ~Tensor.randint(0..<3, [2])
        x.maxPool(rank: 1, 2).sum().backward()
        for rule in [
            UpdateRule.sgd(
                rate: 0.1, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, isFirst: true),
            .adam(
                rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, decoupled: true, amsgrad: false,
                step: 1),
        ] {
            updateInPlace(rule, [sum], [Tensor.ones([3])], state: [[Tensor.zeros([3]), Tensor.zeros([3])]])
        }
    }

    @Test func everyOperationIsMadeAgainFromNameAndAttributes() throws {
        for entry in Self.seen where entry.operation != "checkpoint" {
            let made = try Operations.make(entry.operation, entry.attributes)
            #expect(made.name == entry.operation)
            // By their words, since NaN equals nothing.
            #expect("\(made.attributes)" == "\(entry.attributes)", "\(entry.operation)")
            let again = try Operations.make(made.name, made.attributes)
            if !made.label.contains("nan") { #expect(AnyHashable(made) == AnyHashable(again), "\(made.label)") }
        }
    }

    @Test func theTablesReachNearlyAllOperations() {
        let names = Set(Self.seen.map(\.operation))
        let unreached = Set(Operations.names).subtracting(names).subtracting([Tripled.name])
        // Functions of a tensor and a number that no program writes: the special functions and derivatives of the table.
        #expect(unreached.filter { !$0.hasSuffix(".scalar") && !$0.hasSuffix("_step") }.sorted() == [])
    }

    @Test func everyKernelHasARow() {
        #expect(Set(UnaryFunction.all.map(\.kernel.rawValue)) == Set(0..<HK_unary_count.rawValue))
        #expect(Set(BinaryFunction.all.map(\.kernel.rawValue)) == Set(0..<HK_binary_count.rawValue))
        #expect(Set(Operations.names).count == Operations.names.count)
    }

    @Test func whatMakesNoOperationIsRefusedByName() {
        #expect(throws: AttributeError("unknown operation 'nonsense'")) { try Operations.make("nonsense") }
        #expect(throws: AttributeError("the attribute 'dim' is missing")) { try Operations.make("softmax") }
        #expect(throws: AttributeError.self) { try Operations.make("softmax", ["dim": "first"]) }
        #expect(throws: AttributeError.self) { try Operations.make("expand", ["source": [1], "shape": [1.5]]) }
        #expect(throws: AttributeError.self) { try Operations.make("reshape", ["source": [1], "shape": Array(0..<9)]) }
        #expect(throws: AttributeError.self) { try Operations.make("put_back", ["view": "exp", "attributes": 1]) }
        #expect(throws: AttributeError.self) { try Operations.make("checkpoint") }
    }

    @Test func operationsAreEqualWhenTheyComputeTheSame() throws {
        func same(_ a: String, _ x: Attributes, _ b: String, _ y: Attributes) throws -> Bool {
            try AnyHashable(Operations.make(a, x)) == AnyHashable(Operations.make(b, y))
        }
        #expect(try same("softmax", ["dim": 1], "softmax", ["dim": 1]))
        #expect(try !same("softmax", ["dim": 1], "softmax", ["dim": 0]))
        #expect(try !same("softmax", ["dim": 1], "log_softmax", ["dim": 1]))
        #expect(try !same("exp", [:], "log", [:]))
    }

    @Test func aProgramAddsItsOwn() throws {
        Operations.register(Tripled.self)
        let made = try Operations.make("tripled", ["times": 2])
        #expect(AnyHashable(made) == AnyHashable(Tripled(times: 2)))
        #expect(Operations.names.contains("tripled"))
    }
}

private struct Tripled: HearthTensor.TensorOperation {
    static let name = "tripled"
    let times: Int

    var attributes: Attributes { ["times": times] }

    init(times: Int) { self.times = times }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        times = try attributes["times"]
    }

    func result(of x: Operands) -> Spec { x[0].spec }
    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor { x[0] * 3 }
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g * 3) }
}
