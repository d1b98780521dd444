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
    /// - Throws: As `ONNXModel(contentsOf:)`, and `GraphError` or `ONNXError` when the course of the program depends on its
    ///   data, as with `NonZero`, or `Loop` for a number of times that is computed: `ONNXModel` itself runs such a one node
    ///   by node.
    public init(onnx path: String) throws { try self.init(ONNXModel(contentsOf: path)) }

    /// The program of a model. See `init(onnx:)`.
    public init(_ model: ONNXModel) throws {
        let inputs = try model.inputs.map { info in (name: info.name, spec: try InputSpec(info, in: model.name)) }
        let constants = model.initializers.map { name, tensor in
            (name: name, tensor: tensor, role: tensor.dtype.isFloatingPoint ? Constant.Role.parameter : .literal)
        }
        try self.init(inputs: inputs, constants: constants) { tensors in
            let given = Dictionary(uniqueKeysWithValues: zip(inputs.map(\.name), tensors))
            let results = try model(given)
            return try model.outputs.map { output -> (name: String, tensor: Tensor) in
                guard let tensor = results[output.name] else {
                    throw ONNXError(
                        file: model.name, expected: "a tensor as the output '\(output.name)'", found: "something else")
                }
                return (output.name, tensor)
            }
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
