import Foundation
import HearthFormats
import HearthGraph
import HearthNN
import HearthTensor
import Testing

/// Branches and loops in programs: traced, they compute what their code does for every course and every size.
@Suite struct GraphControlFlowTests {
    private let generator = Generator(seed: 21)

    private func random(_ sizes: Int...) -> Tensor { Tensor.randn(Shape(sizes), generator: generator) }

    /// Holds a program against its code: node by node, compiled, after all passes, and read from a file.
    private func check(
        _ spec: InputSpec, of module: Module? = nil, on inputs: [Tensor],
        sourceLocation: SourceLocation = #_sourceLocation, _ body: (Tensor) -> [Tensor]
    ) throws {
        let graph = try Graph(of: module, inputs: spec) { body($0[0]) }
        try graph.validate()
        let file = NSTemporaryDirectory() + "hearth-flow-\(UUID().uuidString).hearth"
        defer { unlink(file) }
        try graph.save(to: file)
        let read = try Graph(contentsOf: file)
        #expect(read == graph, sourceLocation: sourceLocation)
        var programs = [graph, read, try graph.optimized()]
        for pass in Pass.all { programs.append(try pass(graph).graph) }
        for program in programs { try program.validate() }
        let executables = try programs.map { try $0.compiled() }
        for x in inputs {
            let expected = noGrad { body(x) }
            var found = try executables.map { try $0.run([x]) }
            found += [try graph.run([x]), try programs[2].run([x])]
            for results in found {
                try #require(results.count == expected.count, sourceLocation: sourceLocation)
                for (result, tensor) in zip(results, expected) {
                    let isSame =
                        tensor.dtype.isFloatingPoint
                        ? result.allClose(to: tensor, relative: 1e-4, absolute: 1e-5) : result.isEqual(to: tensor)
                    #expect(isSame, sourceLocation: sourceLocation)
                }
            }
        }
    }

    private func both(_ sizes: [Int]...) -> [Tensor] {
        sizes.flatMap { size in
            let x = Tensor.rand(Shape(size), generator: generator) + 0.1
            return [x, -x]
        }
    }

    @Test func aBranchIsOneNode() throws {
        let graph = try Graph(inputs: .float32("n", 3)) { x in
            Tensor.cond(x[0].sum() > 0, x[0]) {
                $0 * 2
            } else: {
                $0 - 1
            }
        }
        #expect(
            graph.description == """
                graph(input: float32[n, 3]) -> (output: %4 float32[n, 3])
                  %1 = sum(input, dims: [0, 1])                      float32[1, 1]
                  %2 = reshape(%1, shape: [])                        float32[]
                  %3 = gt.scalar(%2, scalar: 0, scalarFirst: false)  bool[]
                  %4 = cond(%3, input)                               float32[n, 3]
                    then(input: float32[n, 3]) -> (0: %1 float32[n, 3])
                      %1 = mul.scalar(input, scalar: 2, scalarFirst: false)  float32[n, 3]
                    else(input: float32[n, 3]) -> (0: %1 float32[n, 3])
                      %1 = sub.scalar(input, scalar: 1, scalarFirst: false)  float32[n, 3]
                """)
        #expect(graph.operationCount == 6)
        try check(.float32("n", 3), on: both([1, 3], [4, 3])) { x in
            [
                Tensor.cond(x.sum() > 0, x) {
                    $0 * 2
                } else: {
                    $0 - 1
                }
            ]
        }
    }

    @Test func severalResultsOfSeveralTypes() throws {
        try check(.float32("n", "n"), on: both([2, 2], [3, 3])) { x in
            let n = x.shape[0]
            let results = Tensor.cond(x.mean() > 0, [x, x.argmax(dim: 1)]) { given in
                [given[0].transpose(0, 1), given[1] + n, given[0] > 0.5]
            } else: { given in
                [given[0] + Tensor.arange(n, dtype: .float32), given[1] * 0, (given[0] < -0.5).logicalNot()]
            }
            return results + [results[0].matmul(x)]
        }
    }

    @Test func aLoopOverAState() throws {
        let w = random(3, 3) * 0.5
        try check(.float32("n", 3), on: both([1, 3], [5, 3])) { x in
            Tensor.loop(x, Tensor(0)) {
                $0[1] < 4
            } do: {
                [($0[0].matmul(w) + x).tanh(), $0[1] + 1]
            }
        }
        // As many turns as data say, none among them, and at most as many as there are rows.
        try check(.float32("n", 3), on: both([1, 3], [5, 3]) + [random(2, 3) * 40]) { x in
            [
                Tensor.loop(x) {
                    $0.abs().max() > 0.3
                } do: {
                    $0 * 0.5
                },
                Tensor.loop(x, limit: x.shape[0]) {
                    $0.abs().sum() > 0.01
                } do: {
                    $0 * 0.25 + 0.001
                },
            ]
        }
    }

    @Test func branchesAndLoopsInsideEachOther() throws {
        let scale = Tensor(0.75)
        try check(.float32("n", 4), on: both([2, 4], [3, 4]) + [random(2, 4) * 3]) { x in
            let y = Tensor.loop(x, Tensor(0)) { state in
                state[1] < 3
            } do: { state in
                let inner = Tensor.cond(state[0].sum() > 1, state[0]) { z in
                    Tensor.loop(z, limit: 5) {
                        $0.sum() > 2
                    } do: {
                        $0 * scale - x * 0.01
                    }
                } else: { z in
                    Tensor.cond(z.min() > 0, z) {
                        $0 + 1
                    } else: {
                        $0 - x.mean()
                    }
                }
                return [inner, state[1] + 1]
            }
            return y + [y[0] * x]
        }
    }

    /// A gate that is computed from data, around a block with weights, and a head that is used in a loop.
    private final class Gated: Module, Layer {
        let block: Sequential
        let head = Linear(8, 8, generator: Generator(seed: 3))
        @Param var threshold = Tensor(0.0)

        override init() {
            let generator = Generator(seed: 4)
            block = Sequential {
                Linear(8, 16, generator: generator)
                ReLU()
                Linear(16, 8, generator: generator)
            }
        }

        func forward(_ x: Tensor) -> Tensor {
            let y = Tensor.cond(x.mean() > threshold, x) {
                block($0)
            } else: {
                $0 * 0.5 + block[0](x).sum() * 0
            }
            return Tensor.loop(y, Tensor(0)) {
                $0[1] < 3
            } do: {
                [head($0[0]).tanh() + y, $0[1] + 1]
            }[0]
        }
    }

    @Test func weightsKeepTheirNamesAndPaths() throws {
        let model = Gated()
        let graph = try Graph(of: model, inputs: .float32("batch", 8))
        let parameters = graph.nodes.filter { $0.constant?.role == .parameter }
        #expect(Set(parameters.map(\.name)) == Set(model.namedParameters.map(\.name)))
        let parts = graph.nodes.flatMap { $0.operation?.operation.parts ?? [] }
        #expect(parts.map(\.name) == ["then", "else", "while", "do"])
        #expect(parts[0].program.nodes.contains { $0.path == "block.2" && $0.operation?.operation.name == "linear" })
        #expect(graph.description.contains("linear(%0, head.weight, head.bias)"))
        try check(.float32("batch", 8), of: model, on: both([1, 8], [6, 8])) { [model($0)] }
    }

    @Test func gradientsAreThoseOfTheCode() throws {
        let model = Gated()
        let copy = GraphModule(try Graph(of: model, inputs: .float32("batch", 8)))
        for x in both([1, 8], [4, 8]) {
            for parameter in model.parameters + copy.parameters { parameter.grad = nil }
            let (a, b) = (x.requiringGrad(), x.requiringGrad())
            (model(a) * a).sum().backward()
            (copy(b) * b).sum().backward()
            #expect(a.grad!.allClose(to: b.grad!, relative: 1e-5, absolute: 1e-6))
            let others = Dictionary(uniqueKeysWithValues: copy.namedParameters.map { ($0.name, $0.parameter.grad) })
            for (name, parameter) in model.namedParameters {
                let (one, other) = (parameter.grad, others[name] ?? nil)
                #expect((one == nil) == (other == nil), "\(name)")
                if let one, let other { #expect(one.allClose(to: other, relative: 1e-5, absolute: 1e-6), "\(name)") }
            }
        }
    }

    @Test func aGraphInAGraphKeepsItsBranches() throws {
        let inner = GraphModule(try Graph(of: Gated(), inputs: .float32("batch", 8)))
        let graph = try Graph(of: inner, inputs: .float32("rows", 8)) { inner($0[0]) * 2 }
        let names = graph.nodes.compactMap { $0.operation?.operation.name }
        #expect(names.contains("cond") && names.contains("loop"))
        for x in both([3, 8]) { #expect(try graph.compiled()(x).allClose(to: inner(x) * 2)) }
    }

    @Test func convolutionsInBranchesTakeTheirNormalisation() throws {
        let generator = Generator(seed: 9)
        let block = Sequential {
            Conv2d(3, 8, kernelSize: 3, bias: false, generator: generator)
            BatchNorm2d(8)
            ReLU()
        }
        let other = Conv2d(3, 8, kernelSize: 3, generator: generator)
        block.namedBuffers.first { $0.name.hasSuffix("running_mean") }!.tensor = random(8) * 0.1
        block.eval()
        let graph = try Graph(of: block, inputs: .float32("n", 3, 8, 8)) { x in
            Tensor.cond(x[0].mean() > 0, x[0]) {
                block($0)
            } else: {
                other($0)
            }
        }
        let (fast, reports) = try graph.optimizing()
        #expect(reports.first { $0.pass == "fold-batch-norm" }?.changes.count == 1)
        #expect(!fast.description.contains("standardise"))
        try check(.float32("n", 3, 8, 8), of: block, on: both([1, 3, 8, 8], [2, 3, 8, 8])) { x in
            [
                Tensor.cond(x.mean() > 0, x) {
                    block($0)
                } else: {
                    other($0)
                }
            ]
        }
    }

    @Test func passesLeaveOutWhatBranchesDoNotUse() throws {
        let graph = try Graph(inputs: .float32("n")) { x in
            let unused = x[0].exp().log()
            let row = Tensor([1.0, 2.0]) * Tensor([3.0, 4.0])
            return Tensor.cond(x[0].sum() > 0, [x[0], unused]) {
                [($0[0] * 1 + 0).relu() * (row * 2).sum()]
            } else: {
                [$0[0].relu() + $0[0].relu()]
            }[0]
        }
        let fast = try graph.optimized()
        let choice = try #require(fast.nodes.compactMap(\.operation).first { $0.operation.name == "cond" })
        #expect(choice.operands.count == 2 && !fast.description.contains("exp("))
        #expect(choice.operation.parts.map(\.program.operationCount) == [2, 2])
        #expect(fast.operationCount < graph.operationCount)
        for x in both([3]) { #expect(try fast.compiled()(x).allClose(to: try graph(x))) }
    }

    @Test func randomNumbersDifferFromTurnToTurn() throws {
        let graph = try Graph(inputs: .float32("n")) { x in
            Tensor.loop(x[0], Tensor(0)) {
                $0[1] < 2
            } do: { state in
                [Tensor.rand([x[0].shape[0]]) + state[0] * 100, state[1] + 1]
            }[0]
        }
        let executable = try graph.optimized().compiled()
        // Two digits of the first turn, then those of the second.
        let found = try [executable(Tensor.zeros([64])), executable(Tensor.zeros([64])), graph(Tensor.zeros([64]))]
        for y in found {
            let (first, second) = ((y / 100).floor(), y - (y / 100).floor() * 100)
            #expect(second.max().item() < 1.01 + 99 && !first.isEqual(to: second.floor()))
        }
        #expect(!found[0].isEqual(to: found[1]))
    }

    @Test func severalThreadsRunOneProgram() async throws {
        let model = Gated()
        let executable = try Graph(of: model, inputs: .float32("batch", 8)).optimized().compiled()
        let inputs = both([1, 8], [2, 8], [5, 8])
        let expected = noGrad { inputs.map { model($0) } }
        try await withThrowingTaskGroup(of: (Int, Tensor).self) { group in
            for round in 0..<48 {
                let i = round % inputs.count
                let x = inputs[i]
                group.addTask { (i, try executable(x)) }
            }
            for try await (i, y) in group { #expect(y.allClose(to: expected[i], relative: 1e-5, absolute: 1e-6)) }
        }
        var results = [Tensor.zeros([2, 8])]
        try executable.run([inputs[2]], into: &results)
        #expect(results[0].allClose(to: expected[2], relative: 1e-5, absolute: 1e-6))
        #expect(
            try executable.profile([inputs[0]], runs: 1).entries.contains {
                $0.node.operation?.operation.name == "loop"
            })
    }

    @Test func anEndlessLoopEndsWithItsTask() async throws {
        let executable = try Graph(inputs: .float32(1)) { x in
            Tensor.loop(x[0]) { _ in
                Tensor(true)
            } do: {
                $0 + 1
            }
        }.compiled()
        let task = Task { try executable(Tensor([0.0])) }
        task.cancel()
        let error = await #expect(throws: GraphError.self) { try await task.value }
        #expect(error?.description.contains("cancelled") == true)
    }

    @Test func statisticsCountTheTurns() throws {
        func flops(limit: Int?) throws -> Int {
            try Graph(inputs: .float32("n", 4)) { x in
                Tensor.loop(x[0], limit: limit) {
                    $0.sum() > 0
                } do: {
                    $0.matmul(Tensor.ones([4, 4]))
                }
            }.statistics(["n": 10]).flops
        }
        #expect(try flops(limit: 7) == 7 * flops(limit: nil))
        let graph = try Graph(inputs: .float32("n", 4)) { x in
            Tensor.cond(x[0].sum() > 0, x[0]) {
                $0.exp().exp()
            } else: {
                $0.exp()
            }
        }
        let statistics = try graph.statistics(["n": 100])
        #expect(statistics.operations.first { $0.name == "exp" }?.count == 3)
        #expect((800...1300).contains(statistics.flops) && statistics.peakBytes >= 3 * 1600)
    }

    @Test func drawingsShowTheParts() throws {
        let text = try Graph(of: Gated(), inputs: .float32("batch", 8)).graphviz
        #expect(text.contains("subgraph cluster_") && text.contains("label=\"then\"") && text.contains("style=dashed"))
    }

    // MARK: Errors

    private func failure(_ body: ([Tensor]) throws -> Any) -> String {
        do { return try Graph(inputs: .float32("n", 3), body: body).description } catch { return "\(error)" }
    }

    @Test func readingAnElementNamesWhatToDo() {
        let text = failure { x in x[0].sum().item() > 0 ? x[0] : -x[0] }
        #expect(text.contains("Tensor.cond(…) for a branch, Tensor.loop(…) for a loop"))
    }

    @Test func valuesLeaveABranchAsResultsAlone() {
        let text = failure { x in
            var leaked = x[0]
            _ = Tensor.cond(x[0].sum() > 0, x[0]) { y in
                leaked = y.exp()
                return leaked
            } else: {
                $0
            }
            return leaked * 2
        }
        #expect(text.contains("computed in a branch or a loop, which gives to the outside its results alone"))
    }

    @Test func branchesThatDifferAreErrors() {
        #expect(
            failure { x in
                Tensor.cond(x[0].sum() > 0, x[0]) {
                    $0
                } else: {
                    $0.sum(dim: 0)
                }
            }
            .contains("they give [float32["))
        #expect(
            failure { x in
                Tensor.loop(x[0]) {
                    $0 > 0
                } do: {
                    $0
                }
            }.contains("one element of bool"))
        #expect(
            failure { x in
                Tensor.loop(x[0]) {
                    $0.sum() > 0
                } do: { x in
                    x.shape[0] % 2 == 0 ? x.exp() : x.tanh()
                }
            }.contains("not the same each time"))
    }

    @Test func aCompiledStepRefuses() throws {
        let model = Linear(4, 4, generator: generator)
        let optimizer = SGD(model.parameters, lr: 0.1)
        let step = try compile(model, optimizer) { x, y in
            let loss = Tensor.cond(x.sum() > 0, x) {
                (model($0) - y).square().mean()
            } else: {
                model($0).mean()
            }
            loss.backward()
            optimizer.step()
            return loss
        }
        let error = #expect(throws: GraphError.self) { try step(Tensor.ones([2, 4]), Tensor.ones([2, 4])) }
        #expect(error?.description.contains("cond: a compiled step takes one course") == true)
    }
}
