import HearthGraph
import HearthNN
import HearthTensor
import HearthVision
import Testing

/// Where the values of a run lie.
@Suite struct RunMemoryTests {
    private func network() throws -> (any Layer, Executable) {
        let model = try getModel("resnet18", classes: 10).eval()
        return (model, try Graph(of: model, inputs: .float32("batch", 3, 32, 32)).optimized().compiled())
    }

    @Test func aRunAllocatesItsResultAlone() throws {
        let generator = Generator(seed: 5)
        let perceptron = Sequential {
            Linear(20, 30, generator: generator)
            GELU()
            Linear(30, 3, generator: generator)
            Softmax(dim: 1)
        }
        let fast = try Graph(of: perceptron, inputs: .float32("batch", 20)).compiled()
        let x = Tensor.randn([4, 20], generator: generator)
        var result = [Tensor.zeros([4, 3])]
        // Other tests allocate at the same time, so it is the least of many runs that tells.
        let count = try (0..<2000).map { _ in
            let before = Memory.statistics.allocations
            _ = try fast(x)
            return Memory.statistics.allocations - before
        }.min()
        let countInto = try (0..<2000).map { _ in
            let before = Memory.statistics.allocations
            try fast.run([x], into: &result)
            return Memory.statistics.allocations - before
        }.min()
        #expect(count == 1)
        #expect(countInto == 0)
        #expect(result[0].allClose(to: perceptron(x), relative: 1e-5, absolute: 1e-6))
    }

    @Test func resultsAreWrittenWhereTheCallerWantsThem() throws {
        let (model, fast) = try network()
        var results = [Tensor.zeros([2, 10])]
        let place = results[0].storageIdentity
        for seed in 0..<4 {
            let x = Tensor.randn([2, 3, 32, 32], generator: Generator(seed: UInt64(seed)))
            try fast.run([x], into: &results)
            #expect(results[0].allClose(to: model(x), relative: 1e-3, absolute: 1e-3))
            #expect(results[0].storageIdentity == place)
        }
        // A tensor that somebody else holds keeps its elements.
        let earlier = results[0]
        let elements = earlier.array(of: Float.self)
        try fast.run([Tensor.zeros([2, 3, 32, 32])], into: &results)
        #expect(earlier.array(of: Float.self) == elements)
        var wrong = [Tensor.zeros([2, 11])]
        let x = Tensor.zeros([2, 3, 32, 32])
        let error = #expect(throws: GraphError.self) { try fast.run([x], into: &wrong) }
        #expect(error?.description.contains("cannot be written into float32[2, 11]") == true)
    }

    @Test func aResultMayBeAnInputOrAnotherResultOrAView() throws {
        let graph = try Graph(inputs: .float32("n", 4)) { x in
            let y = x[0] * 2
            return [y, y, x[0], y.transpose(0, 1), y.narrow(0, start: 0, length: 1)]
        }
        let fast = try graph.compiled()
        let x = Tensor.randn([3, 4], generator: Generator(seed: 1))
        var results = try graph.run([x]).map { Tensor.zeros($0.shape) }
        for _ in 0..<3 {
            try fast.run([x], into: &results)
            for (found, expected) in zip(results, try graph.run([x])) { #expect(found.allClose(to: expected)) }
        }
        // What is read and what is written may be one tensor.
        let double = try Graph(inputs: .float32("n", 4)) { $0[0] * 2 }.compiled()
        var state = [x]
        for _ in 0..<3 { try double.run(state, into: &state) }
        #expect(state[0].allClose(to: x * 8))
    }

    @Test func resultsOutliveTheRunsAfterThem() throws {
        let (model, fast) = try network()
        let inputs = (0..<5).map { Tensor.randn([1 + $0 % 2, 3, 32, 32], generator: Generator(seed: UInt64($0))) }
        let results = try inputs.map { try fast($0) }
        for (x, y) in zip(inputs, results) { #expect(y.allClose(to: model(x), relative: 1e-3, absolute: 1e-3)) }
    }

    @Test func threadsHaveMemoryOfTheirOwn() async throws {
        let (model, fast) = try network()
        let inputs = (0..<4).map { Tensor.randn([1, 3, 32, 32], generator: Generator(seed: UInt64($0))) }
        let expected = inputs.map { model($0) }
        await withTaskGroup(of: Bool.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<10).allSatisfy { i in
                        let number = (worker + i) % 4
                        return (try? fast(inputs[number]))?.allClose(
                            to: expected[number], relative: 1e-3, absolute: 1e-3) ?? false
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func valuesTakeEachOthersPlace() throws {
        let recording = MemoryRecording()
        let result = recording.use {
            var y = Tensor.ones([1000])
            for _ in 0..<20 { y = y + 1 }
            return y
        }
        // Of twenty values two are alive at a time.
        #expect(recording.plan.byteCount < 3 * 4096)
        #expect(recording.block(of: result) == 20)
        #expect(recording.block(of: result.narrow(0, start: 1, length: 3)) == nil)
    }

    /// What a branch gives may be its operand itself, so that values live longer in one run than in another.
    @Test func coursesMayAlternate() throws {
        let graph = try Graph(inputs: .float32("n", 64), .float32()) { x in
            let (a, b) = (x[0].matmul(x[0].transpose(0, 1)), x[0].sum(dim: 1, keepDim: true))
            let chosen = Tensor.cond(x[1] > 0, [a, a.transpose(0, 1).contiguous()]) {
                [$0[0]]
            } else: {
                [$0[1]]
            }[0]
            let same = Tensor.cond(x[1] > 0, a) {
                $0
            } else: {
                $0 * 2
            }
            let c = (b * 3).softmax(dim: 0).expand(to: a.shape).matmul(a)
            return [chosen.cumsum(dim: 0) + c, same + c.cumsum(dim: 1)]
        }
        let fast = try graph.compiled()
        for i in 0..<12 {
            let sign = Tensor(i % 3 == 0 ? 1.0 : -1.0, dtype: .float32)
            let inputs = [Tensor.randn([9, 64], generator: Generator(seed: UInt64(i))), sign]
            for (found, expected) in zip(try fast.run(inputs), try graph.run(inputs)) {
                #expect(found.allClose(to: expected, relative: 1e-4, absolute: 1e-4))
            }
        }
    }

    @Test func memoryThatIsHeldLongerIsNotGivenAway() throws {
        let recording = MemoryRecording()
        func run(holding held: inout [Tensor], keeps: Bool) -> Tensor {
            let x = Tensor.ones([100])
            if keeps { held.append(x) }
            let y = x * 2
            return consume(y) + 1
        }
        func consume(_ y: Tensor) -> Tensor { y + 1 }
        var held: [Tensor] = []
        _ = recording.use { run(holding: &held, keeps: false) }
        let plan = recording.plan
        let memory = ArenaMemory(byteCount: plan.byteCount)
        let arena = Arena(plan, in: memory)
        let result = arena.use { run(holding: &held, keeps: true) }
        #expect(held[0].array(of: Float.self) == Array(repeating: 1, count: 100))
        #expect(result.array(of: Float.self) == Array(repeating: 4, count: 100))
    }
}
