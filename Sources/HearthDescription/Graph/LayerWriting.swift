import HearthGraph
import HearthTensor

/// Finds the layer that an operation of a graph is.
struct LayerWriting {
    let graph: Graph
    private let nodes: [Int: Graph.Node]
    private let patterns: PatternSearch

    init(_ graph: Graph) {
        self.graph = graph
        patterns = PatternSearch(graph)
        nodes = Dictionary(graph.nodes.map { ($0.id, $0) }) { first, _ in first }
    }

    func node(_ id: Int) -> Graph.Node { nodes[id]! }

    /// The error for a node that is no layer of a description.
    func refusal(_ node: Graph.Node, _ rule: String) -> GraphError {
        let words = node.operation.map { "\($0.operation.name)" } ?? node.name
        let place = node.path.isEmpty ? "" : " in '\(node.path)'"
        return GraphError("%\(node.id) = \(words)\(place): \(rule)")
    }

    /// The layer of a mean over all that is behind the channels, and the value that it is the mean of; nil for other nodes.
    func mean(_ node: Graph.Node) -> (layer: WrittenLayer, x: Int)? {
        guard let (x, sizes) = patterns.mean(node.id), (1...3).contains(sizes.count),
            self.node(x).shape.count == sizes.count + 2
        else { return nil }
        return (WrittenLayer("AdaptiveAvgPool\(sizes.count)d", [("output_size", "1")]), x)
    }

    /// The layer of a node with one operand that is no constant.
    func layer(_ node: Graph.Node) throws(GraphError) -> WrittenLayer {
        guard let (operation, operands) = node.operation else { throw refusal(node, "is no operation") }
        if let kind = Self.functions[operation.name] { return WrittenLayer(kind) }
        let input = self.node(operands[0])
        let constants = operands.dropFirst().map { self.node($0) }
        switch operation.name {
        case "linear": return try linear(node, constants)
        case "convolve": return try convolution(node, operation, constants)
        case "standardise": return try normalisation(node, operation, input)
        case "max_pool", "avg_pool": return try pool(node, operation)
        case "reshape": return try reshape(node, input)
        case "gelu_tanh": return WrittenLayer("GELU", [("approximate", "tanh")])
        case "leaky_relu": return WrittenLayer("LeakyReLU", [given("negative_slope", operation["a"], unless: 0.01)])
        case "elu": return WrittenLayer("ELU", [given("alpha", operation["a"], unless: 1)])
        case "celu": return WrittenLayer("CELU", [given("alpha", operation["a"], unless: 1)])
        case "softplus":
            return WrittenLayer(
                "Softplus",
                [given("beta", operation["a"], unless: 1), given("threshold", operation["b"], unless: 20)])
        case "clamp":
            return WrittenLayer(
                "Hardtanh", [given("min_val", operation["a"], unless: -1), given("max_val", operation["b"], unless: 1)])
        case "softmax", "log_softmax":
            guard let dim = operation["dim"]?.int else { throw refusal(node, "its dimension differs from run to run") }
            return WrittenLayer(operation.name == "softmax" ? "Softmax" : "LogSoftmax", [("dim", "\(dim)")])
        default: throw refusal(node, "there is no layer for this operation")
        }
    }

    /// Operations that are a layer without options.
    private static let functions = [
        "relu": "ReLU", "relu6": "ReLU6", "sigmoid": "Sigmoid", "logsigmoid": "LogSigmoid", "tanh": "Tanh",
        "silu": "SiLU", "mish": "Mish", "softsign": "Softsign", "hardsigmoid": "Hardsigmoid",
        "hardswish": "Hardswish", "selu": "SELU", "gelu": "GELU",
    ]

    private func given(
        _ name: String, _ value: GraphAttribute?, unless fallback: Double
    ) -> (name: String, value: String)? {
        guard let number = value?.double, number != fallback else { return nil }
        return (name, "\(number)")
    }

    private func linear(_ node: Graph.Node, _ constants: [Graph.Node]) throws(GraphError) -> WrittenLayer {
        let weight = try constant(constants[0], of: node)
        return WrittenLayer(
            "Linear", [("out_features", "\(weight.shape[0])"), constants.count > 1 ? nil : ("bias", "false")])
    }

    private func constant(_ node: Graph.Node, of user: Graph.Node) throws(GraphError) -> Tensor {
        guard let constant = node.constant else { throw refusal(user, "its weight is computed, not a parameter") }
        return constant.tensor
    }

    private func convolution(
        _ node: Graph.Node, _ operation: GraphOperation, _ constants: [Graph.Node]
    ) throws(GraphError) -> WrittenLayer {
        let weight = try constant(constants[0], of: node)
        let window = operation["window"]
        guard let kernel = window?["kernel"]?.ints, let stride = window?["stride"]?.ints,
            let before = window?["before"]?.ints, let after = window?["after"]?.ints,
            let dilation = window?["dilation"]?.ints, let groups = operation["groups"]?.int
        else { throw refusal(node, "its sizes differ from run to run") }
        guard before == after else { throw refusal(node, "its padding is \(before) before and \(after) after") }
        return WrittenLayer(
            "Conv\(kernel.count)d",
            [
                ("out_channels", "\(weight.shape[0])"), ("kernel_size", extent(kernel)),
                optional("stride", stride, 1), optional("padding", before, 0), optional("dilation", dilation, 1),
                groups == 1 ? nil : ("groups", "\(groups)"), constants.count > 1 ? nil : ("bias", "false"),
            ])
    }

    private func extent(_ sizes: [Int]) -> String { Set(sizes).count == 1 ? "\(sizes[0])" : "\(sizes)" }

    private func optional(_ name: String, _ sizes: [Int], _ fallback: Int) -> (name: String, value: String)? {
        sizes.allSatisfy { $0 == fallback } ? nil : (name, extent(sizes))
    }

    private func pool(_ node: Graph.Node, _ operation: GraphOperation) throws(GraphError) -> WrittenLayer {
        let lines = operation["pools"]?["lines"]?.elements ?? []
        let kind = operation.name == "max_pool" ? "Max" : "Avg"
        func ints(_ name: String) -> [Int]? {
            let values = lines.compactMap { $0[name]?.int }
            return values.count == lines.count && !lines.isEmpty ? values : nil
        }
        if let outputs = ints("outputs") {
            return WrittenLayer("Adaptive\(kind)Pool\(lines.count)d", [("output_size", extent(outputs))])
        }
        guard let kernel = ints("kernel"), let stride = ints("stride"), let padding = ints("padding"),
            let dilation = ints("dilation"), ints("divisor")?.allSatisfy({ $0 == 0 }) ?? false
        else { throw refusal(node, "its windows are no layer's") }
        let (ceil, counts) = (lines[0]["ceil"]?.bool ?? false, lines[0]["countsPadding"]?.bool ?? true)
        return WrittenLayer(
            "\(kind)Pool\(lines.count)d",
            [
                ("kernel_size", extent(kernel)), stride == kernel ? nil : ("stride", extent(stride)),
                optional("padding", padding, 0), kind == "Max" ? optional("dilation", dilation, 1) : nil,
                ceil ? ("ceil_mode", "true") : nil, counts || kind == "Max" ? nil : ("count_include_pad", "false"),
            ])
    }

    /// `Flatten` where neighbouring dimensions become one, `Unflatten` where one becomes several.
    private func reshape(_ node: Graph.Node, _ input: Graph.Node) throws(GraphError) -> WrittenLayer {
        let (from, to) = (input.shape, node.shape)
        if from.count > to.count, let parts = parts(of: to, in: from) {
            let end: (name: String, value: String)? =
                parts.upperBound == from.count ? nil : ("end_dim", "\(parts.upperBound - 1)")
            return WrittenLayer(
                "Flatten", [parts.lowerBound == 1 ? nil : ("start_dim", "\(parts.lowerBound)"), end])
        }
        if to.count > from.count, let parts = parts(of: from, in: to) {
            return WrittenLayer(
                "Unflatten",
                [("dim", "\(parts.lowerBound)"), ("unflattened_size", "\(to[parts].compactMap(\.fixed))")])
        }
        throw refusal(node, "a reshape from \(from) to \(to) is neither Flatten nor Unflatten")
    }

    /// The neighbouring sizes that are one in a shorter shape; the batch is none of them.
    private func parts(of short: [Size], in long: [Size]) -> Range<Int>? {
        let count = long.count - short.count + 1
        return (1..<max(1, short.count)).lazy.map { $0..<($0 + count) }.first { parts in
            let sizes = long[parts].compactMap(\.fixed)
            return sizes.count == count && .fixed(sizes.reduce(1, *)) == short[parts.lowerBound]
                && long[..<parts.lowerBound] == short[..<parts.lowerBound]
                && long[parts.upperBound...].elementsEqual(short[(parts.lowerBound + 1)...])
        }
    }

    private func normalisation(
        _ node: Graph.Node, _ operation: GraphOperation, _ input: Graph.Node
    ) throws(GraphError) -> WrittenLayer {
        let hasWeight = operation["hasWeight"]?.bool ?? false
        let hasBias = operation["hasBias"]?.bool ?? false
        let affine: (name: String, value: String)? = hasWeight ? nil : ("affine", "false")
        let epsilon = given("eps", operation["epsilon"], unless: 1e-5)
        let cycle = operation["groups"]?["cycle"]?.int ?? 0
        guard hasWeight == hasBias || operation["centred"]?.bool == false || cycle == 0 else {
            throw refusal(node, "it has a weight or a bias, but not both")
        }
        if operation["follows"]?.bool == false {
            guard node.operands[1...].allSatisfy({ self.node($0).constant != nil }), (2...5).contains(input.shape.count)
            else { throw refusal(node, "its statistics are computed in another way than a layer's") }
            return WrittenLayer("BatchNorm\(max(1, input.shape.count - 2))d", [epsilon, affine])
        }
        if cycle > 0 { return WrittenLayer("GroupNorm", [("num_groups", "\(cycle)"), epsilon, affine]) }
        let sizes = try normalizedShape(node, operation, input)
        let shape = ("normalized_shape", sizes.count == 1 ? "\(sizes[0])" : "\(sizes)")
        let elementwise: (name: String, value: String)? = hasWeight ? nil : ("elementwise_affine", "false")
        guard operation["centred"]?.bool != false else {
            return WrittenLayer("RMSNorm", [shape, ("eps", operation["epsilon"]?.description ?? "1e-5"), elementwise])
        }
        return WrittenLayer(
            "LayerNorm", [shape, epsilon, elementwise, hasWeight && !hasBias ? ("bias", "false") : nil])
    }

    /// The last sizes of the input over which a layer standardises.
    private func normalizedShape(
        _ node: Graph.Node, _ operation: GraphOperation, _ input: Graph.Node
    ) throws(GraphError) -> [Int] {
        guard let length = operation["groups"]?["length"]?.int else {
            throw refusal(node, "the number of its elements differs from run to run")
        }
        var (sizes, product): ([Int], Int) = ([], 1)
        for size in input.shape.dropFirst().reversed() where product < length {
            guard let fixed = size.fixed else { break }
            (sizes, product) = ([fixed] + sizes, product * fixed)
        }
        guard product == length else {
            throw refusal(node, "it standardises over \(length) elements of \(input.shape)")
        }
        return sizes
    }
}

extension GraphAttribute {
    /// The whole number; nil for anything else, and for one that differs from run to run.
    fileprivate var int: Int? { if case .size(let size) = self { size.fixed } else { nil } }
    fileprivate var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    fileprivate var double: Double? {
        if case .number(let value) = self { value } else { int.map { Double($0) } }
    }
    fileprivate var elements: [GraphAttribute]? { if case .list(let values) = self { values } else { nil } }
    fileprivate var ints: [Int]? {
        guard let elements else { return nil }
        let values = elements.compactMap(\.int)
        return values.count == elements.count ? values : nil
    }
    fileprivate subscript(name: String) -> GraphAttribute? {
        guard case .record(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }
}
