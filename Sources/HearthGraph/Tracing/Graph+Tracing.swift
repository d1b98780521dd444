import HearthNN
import HearthTensor

extension Graph {
    /// The program of a layer, traced for an input of this type.
    ///
    ///     let graph = try Graph(of: model, inputs: .float32("batch", 3, 224, 224))
    ///
    /// Nothing is computed: shapes are followed on `meta`, several times with other numbers for each named size. What
    /// differs between these traces is expressed by the names, so the graph works for any numbers. It has the mode of the
    /// model, `train()` or `eval()`; in training, buffers that the program writes are updates of the graph. Parameters and
    /// buffers keep their names and, until they are changed, share their elements with the model.
    ///
    /// - Throws: `GraphError` for a program that reads elements, whose control flow depends on a named size, or that is not
    ///   the same each time; it names the operation and the module.
    public init(of model: some Layer, inputs: InputSpec) throws {
        try self.init(of: model, inputs: ["input": inputs]) { model.observed($0[0]) }
    }

    /// The program of a function, traced for inputs of these types, which are called `input0`, `input1`, ….
    ///
    ///     let graph = try Graph(of: lstm, inputs: .float32("batch", "length", 28)) { x in lstm(x[0]) }
    ///
    /// The results are the tensors in whatever the function gives: a tensor, tuples, arrays, dictionaries and structures of
    /// them, named by their labels.
    /// - Parameter module: What gives parameters and buffers their names; without it they are nameless constants.
    /// - Throws: `GraphError`, as `init(of:inputs:)`, and what `body` throws.
    public init<Result>(
        of module: Module? = nil, inputs: InputSpec..., body: ([Tensor]) throws -> Result
    ) throws {
        let named = inputs.enumerated().map { (name: inputs.count == 1 ? "input" : "input\($0)", spec: $1) }
        self = try Tracer(module, named).graph(body)
    }

    /// The program of a function, traced for named inputs of these types, which it is given in their order.
    ///
    ///     let graph = try Graph(of: bert, inputs: ["ids": .int64("batch", "length"), "mask": .bool("batch", "length")]) {
    ///         bert($0[0], mask: $0[1])
    ///     }
    public init<Result>(
        of module: Module? = nil, inputs: KeyValuePairs<String, InputSpec>, body: ([Tensor]) throws -> Result
    ) throws {
        self = try Tracer(module, inputs.map { (name: $0.key, spec: $0.value) }).graph(body)
    }

    /// The program of a function that knows its constants itself.
    package init(
        inputs: [(name: String, spec: InputSpec)], constants: [(name: String, tensor: Tensor, role: Constant.Role)],
        body: ([Tensor]) throws -> [(name: String, tensor: Tensor)]
    ) throws {
        self = try Tracer(nil, inputs, constants: constants).graph(body)
    }
}
