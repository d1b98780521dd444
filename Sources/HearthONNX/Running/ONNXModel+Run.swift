import HearthTensor

extension ONNXModel {
    /// The outputs by name for inputs by name. Values are let go of after their last use; nothing is recorded.
    ///
    /// A tensor's dtype is the one that holds the declared type: `int32` for `uint16`, `int64` for `uint32` and `uint64`.
    /// Throws `ONNXError` for a name that is missing or unknown, a tensor of another dtype, rank or size, and for nodes
    /// that cannot be computed.
    public func callAsFunction(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        try run(inputs).compactMapValues(\.tensor)
    }

    /// The same, with the declared type of each output.
    public func run(_ given: [String: Tensor]) throws -> [String: Value] { try run(given, keepsLoops: false) }

    /// The same, for a trace in which loops stay loops.
    func run(_ given: [String: Tensor], keepsLoops: Bool) throws -> [String: Value] {
        let names = Set(inputs.map(\.name))
        if let other = given.keys.sorted().first(where: { !names.contains($0) && graph.constants[$0] == nil }) {
            throw wrong("inputs named \(quoted(inputs.map(\.name)))", "'\(other)'")
        }
        var sizes: [String: Int] = [:]
        let values: [Value?] = try graph.inputs.map { info in
            guard let tensor = given[info.name] else {
                if graph.constants[info.name] != nil { return nil }
                throw wrong("an input '\(info.name)' of \(info)", "none")
            }
            try check(tensor, info, &sizes)
            return .tensor(tensor, info.elementType == .undefined ? ElementType(tensor.dtype) : info.elementType)
        }
        let interpreter = Interpreter(file: name, keepsLoops: keepsLoops)
        let results = try noGrad { () throws -> [Value] in try interpreter.run(graph, values) }
        return Dictionary(zip(outputs.map(\.name), results), uniquingKeysWith: { first, _ in first })
    }

    private func quoted(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }

    private func wrong(_ expected: String, _ found: String) -> ONNXError {
        ONNXError(file: name, expected: expected, found: found)
    }

    /// Holds an input against what the model says of it; a name in a shape stands for one size everywhere.
    private func check(_ tensor: Tensor, _ info: ValueInfo, _ sizes: inout [String: Int]) throws(ONNXError) {
        let what = "'\(info.name)' of \(info)"
        if info.elementType != .undefined, info.elementType.dtype != tensor.dtype {
            throw wrong(what, "\(tensor.spec)")
        }
        guard let dims = info.dims else { return }
        guard dims.count == tensor.rank else { throw wrong(what, "\(tensor.spec)") }
        for (dimension, size) in zip(dims, tensor.shape) {
            switch dimension {
            case .fixed(let wanted) where wanted != size: throw wrong(what, "\(tensor.spec)")
            case .named(let name):
                if let known = sizes[name], known != size {
                    throw wrong("\(what) with \(name) = \(known)", "\(tensor.spec)")
                }
                sizes[name] = size
            default: break
            }
        }
    }
}
