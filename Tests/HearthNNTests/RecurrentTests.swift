import GoldenSupport
import HearthTensor
import Testing

import HearthNN

/// Recurrent layers and cells against PyTorch's results and gradients.
@Suite struct RecurrentGoldenTests {
    private static let goldens = SequenceGoldens.recurrent
    private static let layers = goldens.names.filter { !$0.hasPrefix("pa") && !$0.contains("Cell") }
    private static let cells = goldens.names.filter { $0.contains("Cell") }

    @Test func everyKindIsThere() {
        #expect(Self.layers.count == 22 * 6 && Self.cells.count == 18)
    }

    @Test(arguments: layers) func layerMatchesPyTorch(_ name: String) throws {
        let network = Self.network(SequenceGoldens.base(name))
        try Self.goldens.load(network, name)
        network.eval()
        let x = Self.goldens.inputs(name)
        if name.contains("packed") {
            let isSorted = name.hasSuffix(" sorted")
            let packed = PackedSequence(
                padded: x[0], lengths: isSorted ? [5, 3, 3, 1] : [2, 5, 1, 4], batchFirst: network.batchFirst,
                enforceSorted: isSorted)
            let (output, states) = network.run(packed, Self.states(x))
            let padded = output.padded(batchFirst: network.batchFirst).padded
            Self.goldens.compare(name, x, [padded, states.h] + (states.c.map { [$0] } ?? []), network)
        } else {
            let (output, states) = network.run(x[0], Self.states(x))
            Self.goldens.compare(name, x, [output, states.h] + (states.c.map { [$0] } ?? []), network)
        }
    }

    @Test(arguments: cells) func cellMatchesPyTorch(_ name: String) throws {
        let bias = !name.contains("no bias")
        let cell: RNNCellBase =
            name.hasPrefix("RNN")
            ? RNNCell(3, 4, bias: bias) : name.hasPrefix("GRU") ? GRUCell(3, 4, bias: bias) : LSTMCell(3, 4, bias: bias)
        try Self.goldens.load(cell, name)
        let x = Self.goldens.inputs(name)
        let y = cell.step(x[0], h: x.count > 1 ? x[1] : nil, c: x.count > 2 ? x[2] : nil)
        Self.goldens.compare(name, x, [y.h] + (y.c.map { [$0] } ?? []), cell)
    }

    private static func states(_ x: [Tensor]) -> RNNBase.States? {
        x.count == 1 ? nil : RNNBase.States(h: x[1], c: x.count > 2 ? x[2] : nil)
    }

    private static func network(_ name: String) -> RNNBase {
        let layers = name.contains("two") ? 2 : 1
        let bidirectional = name.contains("bidirectional") || name.contains("batch first") || name.contains("two proj")
        let (bias, first) = (!name.contains("no bias"), name.contains("batch first"))
        if name.hasPrefix("RNN") {
            return RNN(
                3, 4, layers: layers, nonlinearity: name.contains("relu") ? .relu : .tanh, bias: bias,
                batchFirst: first, bidirectional: bidirectional)
        }
        if name.hasPrefix("GRU") {
            return GRU(3, 4, layers: layers, bias: bias, batchFirst: first, bidirectional: bidirectional)
        }
        return LSTM(
            3, 4, layers: layers, bias: bias, batchFirst: first, bidirectional: bidirectional,
            projSize: name.contains("projected") ? 2 : nil)
    }
}

/// What no golden file shows of recurrent layers.
@Suite struct RecurrentTests {
    private static func networks() -> [RNNBase] {
        [
            RNN(2, 3), RNN(2, 3, nonlinearity: .relu, bidirectional: true), GRU(2, 3, layers: 2), LSTM(2, 3),
            LSTM(2, 3, layers: 2, bidirectional: true), GRU(2, 3, bias: false), LSTM(2, 3, projSize: 2),
        ]
    }

    @Test(arguments: 0..<7, [false, true])
    func derivativesOfBothOrders(_ index: Int, isPacked: Bool) throws {
        let generator = Generator(seed: UInt64(index))
        let network = Self.networks()[index]
        network.to(.float64)
        let parameters = network.parameters
        let sizes = parameters.map(\.shape)
        let x = Tensor.randn([3, 2, 2], dtype: .float64, generator: generator)
        let h = Tensor.randn(
            [network.layers * (network.bidirectional ? 2 : 1), 2, network.outputs], dtype: .float64,
            generator: generator)
        let inputs = [x, h] + sizes.map { Tensor.randn($0, dtype: .float64, generator: generator) * 0.5 }
        try gradientCheck(inputs, order: 2) { leaves in
            Self.run(network, leaves, isPacked: isPacked)
        }
    }

    /// The network as a function of input, state and parameters.
    private static func run(_ network: RNNBase, _ leaves: [Tensor], isPacked: Bool) -> Tensor {
        let directions = network.bidirectional ? 2 : 1
        var rest = leaves.dropFirst(2)
        func take() -> Tensor { rest.removeFirst() }
        let sizes = isPacked ? [2, 1, 1] : [2, 2, 2]
        var rows = leaves[0].reshape([6, 2])
        if isPacked { rows = Tensor.cat([rows.narrow(0, start: 0, length: 3), rows.narrow(0, start: 4, length: 1)]) }
        var states: [Tensor] = []
        for layer in 0..<network.layers {
            let outputs = (0..<directions).map { direction in
                let given = network.weights[layer][direction]
                let (input, hidden) = (take(), take())
                let biases = given.inputBias.map { _ in (input: take(), hidden: take()) }
                let weights = RecurrentWeights(
                    input: input, hidden: hidden, biases: biases, projection: given.projection.map { _ in take() })
                let h = leaves[1].select(0, layer * directions + direction)
                let c = network.cell.hasCellState ? Tensor.ones([2, network.units], dtype: .float64) * 0.3 : nil
                let y = Recurrence(network.cell, batchSizes: sizes, isReversed: direction == 1)(
                    rows, h: h, c: c, weights)
                states += [y.h, y.c].compactMap { $0 }
                return y.output
            }
            rows = Tensor.cat(outputs, dim: 1)
        }
        return Tensor.cat(([rows] + states).map { $0.reshape([-1]) })
    }

    @Test func namesAndShapesArePyTorchs() {
        let lstm = LSTM(3, 4, layers: 2, bidirectional: true, projSize: 2)
        let names = lstm.namedParameters.map(\.name)
        #expect(names.count == 20)
        #expect(
            names.prefix(6) == [
                "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0", "weight_ih_l0_reverse",
            ])
        #expect(lstm.stateDict["weight_ih_l1_reverse"]?.shape == [16, 4])
        #expect(GRUCell(3, 4).namedParameters.map(\.name) == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"])
        let bound = 0.5
        #expect(lstm.parameters.allSatisfy { $0.tensor.abs().max().item() <= bound })
        #expect(lstm.parameters.map { $0.tensor.abs().max().item() }.max()! > 0.45)
    }

    @Test func kernelsOfBothTypesAndOfHalfTypesAgree() {
        for network in Self.networks().dropLast() {
            let x = Tensor.randn([4, 3, 2], generator: Generator(seed: 5))
            network.to(.float32)
            let single = network.run(x, nil).output
            network.to(.float64)
            #expect(
                network.run(x.to(.float64), nil).output.to(.float32).allClose(
                    to: single, relative: 1e-4, absolute: 1e-5))
            network.to(.bfloat16)
            let half = network.run(x.to(.bfloat16).requiringGrad(), nil).output
            #expect(half.dtype == .bfloat16)
            #expect(half.to(.float32).allClose(to: single, relative: 0.05, absolute: 0.05))
            half.sum().backward()
            #expect(network.parameters.allSatisfy { $0.grad?.dtype == .bfloat16 })
        }
    }

    @Test func manyRowsOnManyThreadsGiveTheSame() {
        let lstm = LSTM(5, 40, batchFirst: true)
        let x = Tensor.randn([300, 3, 5], generator: Generator(seed: 6))
        let all = lstm(x).output
        let some = lstm(x[7..<9]).output
        #expect(all[7..<9].allClose(to: some, relative: 1e-4, absolute: 1e-5))
    }

    @Test func dropoutIsBetweenLayersAndOnlyInTraining() {
        let gru = GRU(3, 50, layers: 2, dropout: 1)
        let x = Tensor.randn([2, 2, 3])
        let trained = gru(x)
        gru.eval()
        let evaluated = gru(x)
        #expect(trained.h[0].allClose(to: evaluated.h[0]))
        #expect(!trained.h[1].allClose(to: evaluated.h[1]))
        // With everything dropped the second layer sees zeros, whatever the input.
        gru.train()
        #expect(gru(x * 2).h[1].allClose(to: trained.h[1]))
    }

    @Test func shapesAreCheckedWithoutComputing() throws {
        let lstm = LSTM(3, 4, layers: 2, batchFirst: true, bidirectional: true)
        let y = try checkShapes { lstm(Tensor.meta([7, 5, 3])) }
        #expect(y.output.shape == [7, 5, 8] && y.state.c.shape == [4, 7, 4])
        #expect(throws: ShapeError.self) { try checkShapes { lstm(Tensor.meta([7, 5, 4])) } }
        #expect(throws: ShapeError.self) {
            try checkShapes { lstm(Tensor.meta([7, 5, 3]), (Tensor.zeros([4, 6, 4]), Tensor.zeros([4, 6, 4]))) }
        }
    }
}

/// Packing and padding against PyTorch's.
@Suite struct PackedSequenceTests {
    private static let goldens = SequenceGoldens.recurrent

    @Test(arguments: goldens.names.filter { $0.hasPrefix("pack ") && !$0.contains("sequence") })
    func packingMatchesPyTorch(_ name: String) {
        let x = Self.goldens.inputs(name)
        let (first, isSorted) = (name.contains("batch first"), !name.contains("unsorted"))
        let lengths =
            first ? (isSorted ? [3, 3, 2, 1] : [1, 3, 2, 3]) : (isSorted ? [4, 2, 1] : [1, 4, 2])
        let packed = PackedSequence(padded: x[0], lengths: lengths, batchFirst: first, enforceSorted: isSorted)
        #expect(packed.lengths == lengths)
        let isPadded = name.hasSuffix("padded")
        let (padded, sizes) = packed.padded(
            batchFirst: first, paddingValue: isPadded ? -1.5 : 0, totalLength: isPadded ? 6 : nil)
        let numbers =
            [packed.batchSizes, sizes].map { Tensor($0) }
            + [packed.sortedIndices, packed.unsortedIndices].compactMap { $0 }
        Self.goldens.compare(name, x, [packed.data, padded] + numbers)
        for (sequence, (i, length)) in zip(packed.unpacked(), lengths.enumerated()) {
            #expect(sequence.isEqual(to: x[0].select(first ? 0 : 1, i).narrow(0, start: 0, length: length)))
        }
    }

    @Test(arguments: goldens.names.filter { $0.hasPrefix("pad ") || $0 == "pack sequence" })
    func paddingMatchesPyTorch(_ name: String) {
        let x = Self.goldens.inputs(name)
        let result =
            name == "pack sequence"
            ? PackedSequence(x, enforceSorted: false).data
            : Tensor.padSequence(
                x, batchFirst: name.contains("batch first"), paddingValue: 0.5,
                paddingSide: name.hasSuffix("left") ? .left : .right)
        Self.goldens.compare(name, x, [result])
    }

    @Test func elementwiseLayersWorkOnPackedData() {
        let packed = PackedSequence([Tensor.ones([2, 3]), Tensor.ones([3, 3])], enforceSorted: false)
        let linear = Linear(3, 2)
        let mapped = packed.map { linear($0) }
        #expect(mapped.unpacked().map(\.shape) == [[2, 2], [3, 2]])
    }
}
