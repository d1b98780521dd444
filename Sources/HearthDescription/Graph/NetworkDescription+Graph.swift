import HearthGraph
import HearthTensor

extension NetworkDescription {
    /// The description of a program: operations become layers, branches that meet in an addition or a concatenation
    /// become `add` and `cat`. Names are those of the modules that it was traced from, where it has any.
    ///
    ///     let graph = try Graph(of: resnet18(classes: 10), inputs: .float32("batch", 3, 224, 224))
    ///     print(try NetworkDescription(of: graph))
    ///
    /// Weights are not part of it; those of the program fit the network that it describes, in their order. What a program
    /// of an evaluation does not have, dropout, is not in the description either.
    /// - Throws: `GraphError` that names the first node which is no layer, or which stands in two branches.
    public init(of graph: Graph) throws {
        let parts = try GraphStructure.parts(of: graph)
        try self.init(yaml: DescriptionWriter.text(parts))
        let (input, output) = (graph.inputs[0], graph.node(graph.outputs[0].node)!)
        let sizes = input.shape.dropFirst().compactMap(\.fixed)
        guard sizes.count == input.shape.count - 1 else {
            throw GraphError("the sizes of the input '\(input.name)' differ from run to run: \(input.type)")
        }
        let result = try resultShape(input: sizes, dtype: input.dtype)
        guard result == output.shape.dropFirst().map(\.fixed) else {
            throw GraphError("as layers the program gives \(result.map { $0 ?? 0 }), not \(output.type)")
        }
    }

    /// The shape of what the network gives for one input.
    private func resultShape(input: [Int], dtype: DType) throws -> [Int?] {
        try withDevice(.meta) {
            let network = try network(input: input, dtype: dtype)
            network.eval()
            return try checkShapes { network(.zeros(Shape([2] + input), dtype: dtype)).shape.dropFirst().map { $0 } }
        }
    }
}
