import HearthGraph
import HearthTensor
import Testing

/// Functions of elements that an executable computes in one pass give the very bits that they give one by one.
@Suite struct ElementwiseChainTests {
    /// A program whose functions are one chain, on inputs of these shapes and types.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let inputs: [InputSpec]
        /// How many steps the executable takes.
        var steps = 1
        let body: @Sendable ([Tensor]) -> Tensor

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "one after another", inputs: [.float32("n", 37)]) { ($0[0] * 1.5 + 0.25).relu().square() - $0[0] },
        Case(name: "values that are used twice", inputs: [.float32("n", 37)]) {
            let y = $0[0] * 0.5
            return (y.tanh() * y + y.exp()) / (y.abs() + 1)
        },
        Case(name: "bool between floats", inputs: [.float32("n", 5), .float32("n", 5)]) {
            Tensor.where(($0[0] > $0[1]) & ($0[0] > 0), $0[0] - $0[1], $0[1] * 2)
        },
        Case(name: "dtypes", inputs: [.int32("n", 9), .float64("n", 9)]) {
            (($0[0] * 3 + 1).to(.float64) * $0[1]).to(.float32).sqrt().to(.int64) * 2 + 1
        },
        Case(name: "float16", inputs: [.float16("n", 33)]) { ($0[0] * 0.5 + 1).sigmoid().pow(3) },
        Case(name: "bfloat16 with a number that rounding changes", inputs: [.bfloat16("n", 33)], steps: 2) {
            ($0[0] * 0.1).exp() + 1
        },
        Case(name: "powers", inputs: [.float32("n", 33)]) {
            $0[0].abs().pow(0.5) + $0[0].pow(2) - $0[0].pow(3) * $0[0].abs().pow(1.7)
        },
        Case(name: "a row for all", inputs: [.float32("n", 40), .float32(40)], steps: 2) { ($0[0] + $0[1]).relu() * 3 },
        Case(name: "a short row for all", inputs: [.float32("n", 3), .float32(3)], steps: 2) {
            ($0[0] + $0[1]).exp() * 3
        },
        Case(name: "a column for all", inputs: [.float32("n", 70), .float32("n", 1)], steps: 2) {
            ($0[0] * $0[1]).gelu() + 1
        },
        Case(name: "channels", inputs: [.float32("n", 3, 5, 7), .float32(3, 1, 1)], steps: 2) {
            ($0[0] - $0[1]).silu() * 2
        },
        Case(name: "one number for all", inputs: [.float32("n", 12), .float32()], steps: 2) {
            ($0[0] - $0[1]) / ($0[0] + 2)
        },
        Case(name: "a transposed operand", inputs: [.float32(70, "n"), .float32("n", 70)], steps: 2) {
            ($0[0].transpose(0, 1) * $0[1] + 1).tanh()
        },
        Case(name: "division of integers", inputs: [.int64("n", 8)], steps: 2) { ($0[0] * 7 + 3).floorDivide(2) },
    ]

    @Test(arguments: cases) func equalsSingleFunctions(test: Case) throws {
        let generator = Generator(seed: 11)
        let named = test.inputs.enumerated().map { (name: "input\($0)", spec: $1) }
        let graph = try Graph(inputs: named, constants: []) { [("output", test.body($0))] }
        let executable = try graph.compiled()
        for n in [0, 1, 2, 130, 3001] {
            let inputs = test.inputs.map { spec in
                let shape = spec.shape.map { $0.fixed ?? n }
                return (Tensor.randn(Shape(shape), dtype: .float32, generator: generator) * 2).to(spec.dtype)
            }
            let found = try executable.run(inputs)[0]
            let expected = try graph.run(inputs)[0]
            #expect(found.spec == expected.spec)
            #expect(found.allClose(to: expected, relative: 0, absolute: 0, equalNaN: true), "n = \(n)")
        }
        let ones = test.inputs.map { Tensor.ones(Shape($0.shape.map { $0.fixed ?? 4 }), dtype: $0.dtype) }
        #expect(try executable.profile(ones, runs: 1).entries.count == test.steps)
    }

    @Test func resultsOfTheMiddleAreNotLost() throws {
        let graph = try Graph(inputs: .float32("n")) { x in
            let y = x[0] * 2 + 1
            return [y, y.relu() * 3]
        }
        let x = Tensor([-2, 0.5, 3] as [Float])
        let results = try graph.compiled().run([x])
        #expect(results[0].array(of: Float.self) == [-3, 2, 7] && results[1].array(of: Float.self) == [0, 6, 21])
    }

    @Test func manyFunctionsAreSeveralChains() throws {
        let graph = try Graph(inputs: .float32("n")) { x in (0..<200).reduce(x[0]) { y, i in y * 0.9 + Double(i % 7) } }
        let x = Tensor.randn([5000], generator: Generator(seed: 2))
        let executable = try graph.compiled()
        #expect(try executable(x).allClose(to: try graph(x), relative: 0, absolute: 0))
        #expect(try executable.profile([x], runs: 1).entries.count < 10)
    }
}
