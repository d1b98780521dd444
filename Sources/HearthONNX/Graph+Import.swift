import HearthGraph
import HearthTensor

extension HearthGraph.Graph {
    /// The program of an ONNX file, to be optimised, compiled and saved.
    ///
    ///     let graph = try Graph(onnx: "bert.onnx")
    ///     let bert = try graph.optimized().compiled()
    ///
    /// Named sizes keep their names; a size that the file leaves open is called after its input, `input.0`. Weights keep
    /// their names too, and stay in the file, which is mapped.
    ///
    /// An `If` or a `Loop` that depends on data becomes a choice or a loop of the program, as `Tensor.cond` and `Tensor.loop`
    /// make them: branches give the same types, and the state of a loop keeps its types.
    ///
    /// - Throws: As `ONNXModel(contentsOf:)`, and `GraphError` or `ONNXError` when shapes depend on data, as with `NonZero`,
    ///   or what a `Loop` collects over a number of turns that is computed: `ONNXModel` itself runs such a one node by node.
    public init(onnx path: String) throws { try self.init(ONNXModel(contentsOf: path)) }

    /// The program of a model. See `init(onnx:)`.
    public init(_ model: ONNXModel) throws {
        let inputs = try model.inputs.map { info in (name: info.name, spec: try InputSpec(info, in: model.name)) }
        let constants = model.initializers.map { name, tensor in
            (name: name, tensor: tensor, role: tensor.dtype.isFloatingPoint ? Constant.Role.parameter : .literal)
        }
        func graph(keepsLoops: Bool) throws -> HearthGraph.Graph {
            try HearthGraph.Graph(inputs: inputs, constants: constants) { tensors in
                let given = Dictionary(uniqueKeysWithValues: zip(inputs.map(\.name), tensors))
                return try model.named(try model.run(given, keepsLoops: keepsLoops))
            }
        }
        do { self = try graph(keepsLoops: false) } catch {
            // Turns that are as many as a named size says are not the same each time.
            guard model.hasLoops, let graph = try? graph(keepsLoops: true) else { throw error }
            self = graph
        }
    }
}

extension ONNXModel {
    /// True when the model, or a function in it, has a loop.
    fileprivate var hasLoops: Bool { graph.hasLoops }

    /// The tensors of the outputs, in order.
    fileprivate func named(_ results: [String: Value]) throws -> [(name: String, tensor: Tensor)] {
        try outputs.map { output in
            guard let tensor = results[output.name]?.tensor else {
                throw ONNXError(
                    file: name, expected: "a tensor as the output '\(output.name)'", found: "something else")
            }
            return (output.name, tensor)
        }
    }
}

extension Graph {
    /// True when one of its nodes is a loop, in functions and graphs inside it too.
    fileprivate var hasLoops: Bool {
        steps.contains { step in
            if case .function(let function) = step.kind { return function.graph.hasLoops }
            return ["Loop", "Scan"].contains(step.proto.opType) || step.graphs.values.contains(where: \.hasLoops)
        }
    }
}
extension InputSpec {
    fileprivate init(_ info: ValueInfo, in file: String) throws(ONNXError) {
        guard let dtype = info.elementType.dtype, let dims = info.dims else {
            throw ONNXError(file: file, expected: "the type and the rank of the input '\(info.name)'", found: "\(info)")
        }
        self.init(
            dims.enumerated().map { axis, dimension in
                switch dimension {
                case .fixed(let size): .fixed(size)
                case .named(let name): .named(name)
                case .unknown: .named("\(info.name).\(axis)")
                }
            }, dtype)
    }
}
