import HearthFormats
import HearthGraph
import HearthNN
import HearthONNX
import HearthTensor

/// A program that is exported, with the numbers that its named sizes stand for in two runs.
struct ExportCase: Sendable {
    /// What an input is filled with.
    enum Content: Sendable {
        /// Numbers around 0, three in four between -1 and 1.
        case normal
        /// Numbers between 0.1 and 0.9.
        case unit
        /// Whole numbers from the first up to the second.
        case below(Int, Int)
        /// True with one in three, but never at the start of a row.
        case rareTrue
    }

    /// An input of the program.
    struct Input: Sendable {
        let spec: InputSpec
        let content: Content
    }

    /// A program and the module that it reads.
    struct Program {
        var module: Module?
        let body: ([Tensor]) -> [Tensor]
    }

    let name: String
    var inputs: [Input]
    /// The numbers of named sizes in the two runs; other names stand for 2 and 3.
    var sizes: [String: (Int, Int)] = [:]
    var opset = 18
    let make: @Sendable () -> Program

    /// A case with a program that reads no module.
    init(
        _ name: String, _ inputs: [Input], sizes: [String: (Int, Int)] = [:], opset: Int = 18,
        _ body: @escaping @Sendable ([Tensor]) -> [Tensor]
    ) {
        self.init(name, inputs, sizes: sizes, opset: opset, module: { Program(body: body) })
    }

    /// A case with a program that reads a module, or has weights of its own.
    init(
        _ name: String, _ inputs: [Input], sizes: [String: (Int, Int)] = [:], opset: Int = 18,
        module make: @escaping @Sendable () -> Program
    ) {
        (self.name, self.inputs, self.sizes, self.opset, self.make) = (name, inputs, sizes, opset, make)
    }

    /// The inputs of a run, 0 or 1, by name.
    func tensors(run: Int) -> [(name: String, tensor: Tensor)] {
        let generator = Generator(seed: UInt64(run + 1))
        return inputs.enumerated().map { i, input in
            let shape = Shape(
                input.spec.shape.map { size in
                    guard case .named(let name) = size else { return size.fixed! }
                    let numbers = sizes[name] ?? (2, 3)
                    return run == 0 ? numbers.0 : numbers.1
                })
            return (inputs.count == 1 ? "input" : "input\(i)", input.tensor(shape, generator))
        }
    }

    /// The program traced.
    func graph(_ program: Program) throws -> HearthGraph.Graph {
        let specs = inputs.map(\.spec)
        switch specs.count {
        case 1: return try HearthGraph.Graph(of: program.module, inputs: specs[0], body: program.body)
        case 2: return try HearthGraph.Graph(of: program.module, inputs: specs[0], specs[1], body: program.body)
        case 3:
            return try HearthGraph.Graph(of: program.module, inputs: specs[0], specs[1], specs[2], body: program.body)
        default:
            return try HearthGraph.Graph(
                of: program.module, inputs: specs[0], specs[1], specs[2], specs[3], body: program.body)
        }
    }

    /// Writes `NAME.onnx`, and the inputs and outputs of both runs in `NAME.0.npz` and `NAME.1.npz`.
    func write(_ program: Program, _ graph: HearthGraph.Graph, to folder: String) throws {
        try graph.write(onnx: "\(folder)/\(name).onnx", opset: opset)
        for run in 0..<2 {
            let given = tensors(run: run)
            let results = noGrad { program.body(given.map(\.tensor)) }
            var arrays = StateDict()
            for (name, tensor) in given { arrays["in:" + name] = tensor }
            for (output, tensor) in zip(graph.outputs, results) { arrays["out:" + output.name] = tensor.contiguous() }
            try NPZ.write(arrays, to: "\(folder)/\(name).\(run).npz")
        }
    }
}

extension ExportCase.Input {
    /// An input of `float32` numbers around 0.
    static func normal(_ sizes: Size...) -> Self { Self(spec: InputSpec(sizes), content: .normal) }
    /// An input of `float32` numbers between 0.1 and 0.9.
    static func unit(_ sizes: Size...) -> Self { Self(spec: InputSpec(sizes), content: .unit) }
    /// An input of `int64` numbers.
    static func ints(_ low: Int, _ high: Int, _ sizes: Size...) -> Self {
        Self(spec: InputSpec(sizes, .int64), content: .below(low, high))
    }
    /// An input of whole numbers of some type.
    static func ints(_ low: Int, _ high: Int, _ dtype: DType, _ sizes: Size...) -> Self {
        Self(spec: InputSpec(sizes, dtype), content: .below(low, high))
    }
    /// An input of bools.
    static func bool(_ sizes: Size...) -> Self { Self(spec: InputSpec(sizes, .bool), content: .rareTrue) }

    fileprivate func tensor(_ shape: Shape, _ generator: Generator) -> Tensor {
        switch content {
        case .normal: return Tensor.randn(shape, generator: generator).to(spec.dtype)
        case .unit: return (Tensor.rand(shape, generator: generator) * 0.8 + 0.1).to(spec.dtype)
        case .below(let low, let high):
            return (Tensor.rand(shape, generator: generator) * Double(high - low) + Double(low)).floor().to(spec.dtype)
        case .rareTrue:
            let isTrue = Tensor.rand(shape, generator: generator) < 0.33
            return isTrue & (Tensor.arange(shape[-1]) > 0)
        }
    }
}
