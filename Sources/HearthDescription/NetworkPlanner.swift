import HearthNN
import HearthTensor

/// Follows shapes through the layers of a description, on `meta`, so that all sizes are known and everything has been
/// checked before a weight is made.
struct NetworkPlanner {
    let file: String
    let outputs: Int?
    let generator: Generator?

    /// How many layers a network may have.
    static let mostLayers = 10_000
    /// How many parameters a network may have, and how many elements what a layer gives for one input.
    static let mostElements = 1 << 31

    /// What planning has seen so far.
    private final class Course {
        var layers = 0
        var parameters = 0
    }

    /// The layers with their sizes. Throws `DescriptionError` at the first that cannot be.
    func plan(_ nodes: [LayerNode], input: [Int], dtype: DType) throws -> NetworkPlan {
        let start = nodes[0].place
        guard input.allSatisfy({ $0 > 0 }), input.reduce(1.0, { $0 * Double($1) }) <= Double(Self.mostElements) else {
            throw error("the network cannot have an input of shape \(input)", start)
        }
        // Two, so that no layer takes the batch for a dimension to be broadcast.
        var x = Tensor.zeros(Shape([2] + input), dtype: dtype, device: .meta)
        let parts = try sequence(nodes, &x, Course())
        if let outputs, Array(x.shape.dropFirst()) != [outputs] {
            throw error("the last layer must give [n, \(outputs)]; it gives \(Self.text(x.shape))", nodes.last!.place)
        }
        return NetworkPlan(layers: parts)
    }

    private func error(_ rule: String, _ place: YAML.Place) -> DescriptionError {
        DescriptionError(file: file, place: place, rule: rule)
    }

    /// A shape without the number of the batch: `[n, 3, 32, 32]`.
    static func text(_ shape: Shape) -> String {
        "[\((["n"] + shape.dropFirst().map { "\($0)" }).joined(separator: ", "))]"
    }

    private func sequence(_ nodes: [LayerNode], _ x: inout Tensor, _ course: Course) throws -> [NetworkPlan.Part] {
        var parts: [NetworkPlan.Part] = []
        for node in nodes {
            guard case .repeated(let times, let layers) = node.content else {
                parts.append(NetworkPlan.Part(name: node.name, layer: try layer(node, &x, course)))
                continue
            }
            for _ in 0..<times {
                try count(node, course)
                parts += try sequence(layers, &x, course)
            }
        }
        return parts
    }

    private func count(_ node: LayerNode, _ course: Course) throws {
        course.layers += 1
        guard course.layers <= Self.mostLayers else {
            throw error("the network has more than \(Self.mostLayers) layers", node.place)
        }
    }

    private func layer(_ node: LayerNode, _ x: inout Tensor, _ course: Course) throws -> NetworkPlan.Layer {
        try count(node, course)
        switch node.content {
        case .layer(let kind, let values):
            let options = LayerOptions(
                file: file, kind: kind.name, place: node.place, values: values, input: x.shape, outputs: outputs,
                generator: generator)
            x = try result(of: kind, options, x, course)
            return .layer(kind, options)
        case .sequence(let nodes): return .sequence(try sequence(nodes, &x, course))
        case .branches(let joining, let branches): return try join(joining, branches, node, &x, course)
        case .repeated: throw error("layers that are repeated stand in a list", node.place)
        }
    }

    /// What a layer gives for `x`, without elements.
    private func result(
        of kind: LayerKind, _ options: LayerOptions, _ x: Tensor, _ course: Course
    ) throws -> Tensor {
        do {
            let y = try checkShapes {
                try withDevice(.meta) {
                    let layer = try kind.make(options)
                    course.parameters += layer.parameterCount()
                    layer.eval()
                    return layer(x)
                }
            }
            guard course.parameters <= Self.mostElements else {
                throw error("the network has more than \(Self.mostElements) parameters with this layer", options.place)
            }
            guard y.shape.reduce(1.0, { $0 * Double($1) }) <= Double(Self.mostElements) else {
                throw error("\(kind.name) gives \(Self.text(y.shape)), which is too large", options.place)
            }
            return y
        } catch let failure as ShapeError {
            throw error("\(kind.name) cannot take \(Self.text(x.shape)): \(failure.rule)", options.place)
        }
    }

    private func join(
        _ joining: Branches.Joining, _ branches: [LayerNode.Branch], _ node: LayerNode, _ x: inout Tensor,
        _ course: Course
    ) throws -> NetworkPlan.Layer {
        var results: [Tensor] = []
        let parts = try branches.map { branch in
            var y = x
            let parts = try sequence(branch.layers, &y, course)
            results.append(y)
            return (name: branch.name, layers: parts)
        }
        let shapes = zip(branches, results).map { "'\($0.name)' \(Self.text($1.shape))" }.joined(separator: ", ")
        func fitting(_ kind: String, _ join: () -> Tensor) throws -> Tensor {
            do { return try checkShapes(join) } catch let failure as ShapeError {
                throw error("branches of '\(kind)' do not fit: \(failure.rule); there are \(shapes)", node.place)
            }
        }
        switch joining {
        case .sum:
            guard results.allSatisfy({ $0.shape == results[0].shape }) else {
                throw error("branches of 'add' must give one shape; there are \(shapes)", node.place)
            }
            x = results[0]
        case .product:
            x = try fitting("mul") { results.dropFirst().reduce(results[0]) { $0 * $1 } }
        case .concatenation(let dim):
            x = try fitting("cat") { Tensor.cat(results, dim: dim) }
        }
        return .branches(joining, parts)
    }
}
