import HearthTensor

extension Pass {
    /// Multiplies the scale of a batch normalisation into the weights before it.
    static let foldBatchNorm = Pass(
        "fold-batch-norm",
        "multiplies batch normalisation with fixed statistics into the convolution or product before it"
    ) { graph in
        var changes: [String] = []
        let uses = graph.useCounts
        for id in graph.nodes.map(\.id) {
            guard let normalisation = FixedNormalisation(graph, id), uses[normalisation.product.id] == 1,
                let (operation, operands) = normalisation.product.operation,
                let weight = graph.fixedTensor(operands[1])
            else { continue }
            let bias = operands.count > 2 ? graph.fixedTensor(operands[2]) : nil
            guard operands.count == 2 || bias != nil else { continue }
            let (newWeight, newBias) = normalisation.folded(weight, bias)
            graph.fold(id, operation, operands[0], newWeight, newBias, named: graph.label(operands[1]))
            changes.append("\(normalisation.product.path) takes \(graph.node(id)?.path ?? "") into its weights")
        }
        return changes
    }
}

/// A batch normalisation whose mean and variance are constants, behind an operation with weights.
private struct FixedNormalisation {
    /// The operation with weights.
    let product: Graph.Node
    private let mean: Tensor
    private let scale: Tensor
    private let bias: Tensor?

    /// nil when the node is something else.
    init?(_ graph: Graph, _ id: Int) {
        guard let (operation, operands) = graph.node(id)?.operation, operation.name == "standardise",
            operation["follows"] == .bool(false), case .number(let epsilon)? = operation["epsilon"],
            let product = graph.node(operands[0]), let name = product.operation?.operation.name,
            let mean = graph.fixedTensor(operands[1]), let variance = graph.fixedTensor(operands[2]),
            case .record(let groups)? = operation["groups"],
            // One mean for each channel, and the channels are those of the weights.
            name == "convolve" || name == "linear" && product.shape.count == 2,
            let channels = groups.first(where: { $0.name == "count" })?.value.integers?.first,
            product.shape[1] == .fixed(channels), mean.count == channels,
            groups.first(where: { $0.name == "batches" })?.value == .size(product.shape[0])
        else { return nil }
        var rest = operands.dropFirst(3)
        func next(_ name: String) -> Tensor?? {
            guard operation[name] == .bool(true) else { return .some(nil) }
            return rest.popFirst().flatMap { graph.fixedTensor($0) }.map { .some($0) }
        }
        guard let weight = next("hasWeight"), let bias = next("hasBias") else { return nil }
        guard weight.map({ $0.count == channels }) ?? true, bias.map({ $0.count == channels }) ?? true else {
            return nil
        }
        self.product = product
        self.mean = mean.to(.float64).reshape([-1])
        let deviation = (variance.to(.float64).reshape([-1]) + epsilon).sqrt()
        scale = weight.map { $0.to(.float64).reshape([-1]) / deviation } ?? deviation.reciprocal()
        self.bias = bias?.to(.float64).reshape([-1])
    }

    /// The weights and biases of a product that gives the normalised result.
    func folded(_ weight: Tensor, _ old: Tensor?) -> (weight: Tensor, bias: Tensor) {
        noGrad {
            let shape = Shape([scale.count] + Array(repeating: 1, count: weight.rank - 1))
            let moved = (old?.to(.float64) ?? Tensor.zeros([scale.count], dtype: .float64)) - mean
            return (
                (weight.to(.float64) * scale.reshape(shape)).to(weight.dtype),
                (moved * scale + (bias ?? .zeros([scale.count], dtype: .float64))).to(weight.dtype)
            )
        }
    }
}

extension Graph {
    /// The tensor of a constant that no run changes.
    func fixedTensor(_ id: Int) -> Tensor? {
        updates.contains { $0.constant == id } ? nil : node(id)?.constant?.tensor.detach()
    }

    /// Makes a node the product of a value with new weights.
    fileprivate mutating func fold(
        _ id: Int, _ operation: GraphOperation, _ x: Int, _ weight: Tensor, _ bias: Tensor, named name: String
    ) {
        let position = position(of: id)!
        let first = nextID
        let constants = [(weight, name), (bias, name.hasSuffix("weight") ? name.dropLast(6) + "bias" : "")]
        for (i, (tensor, name)) in constants.enumerated() {
            let node = Node(
                id: first + i, name: name, source: .constant(Constant(tensor)), dtype: tensor.dtype,
                shape: tensor.shape.map { .fixed($0) }, path: "")
            nodes.insert(node, at: position)
        }
        nodes[position + 2].source = .operation(operation, operands: [x, first, first + 1])
    }
}
