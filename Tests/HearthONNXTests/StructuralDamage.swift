import HearthONNX
import HearthTensor

/// Changes of a model's parts, and of numbers that go into it: each alone is well formed.
struct StructuralDamage: RandomNumberGenerator {
    private var source: Generator.Source

    init(seed: UInt64) { source = Generator(seed: seed).source }

    mutating func next() -> UInt64 { source.next() }

    private mutating func integer() -> Int {
        let extremes = [0, 1, -1, 2, 3, -2, 5, 7, 16, -9, 1 << 31, 1 << 40, .max, .min, .min + 1, 1 << 62]
        return extremes.randomElement(using: &self) ?? 0
    }

    private mutating func float() -> Float {
        [0, 1, -1, 0.5, .nan, .infinity, -.infinity, 1e30, -1e30, 1e-30].randomElement(using: &self) ?? 0
    }

    private mutating func index(_ count: Int) -> Int { Int.random(in: 0..<max(count, 1), using: &self) }

    /// The model with one to three changes.
    mutating func damaged(_ model: ModelProto) -> ModelProto {
        var model = model
        for _ in 0...index(3) {
            guard var graph = model.graph, !graph.nodes.isEmpty else { return model }
            let place = index(graph.nodes.count)
            switch index(8) {
            case 0...3: damage(&graph.nodes[place])
            case 4:
                let other = graph.nodes[index(graph.nodes.count)]
                graph.nodes[place].opType = other.opType
            case 5: damage(&graph.initializers)
            case 6:
                if !model.opsetImport.isEmpty { model.opsetImport[0].version = 1 + index(28) }
            default:
                // Inputs of any shape.
                for i in graph.inputs.indices { graph.inputs[i].type?.tensorType?.shape = nil }
            }
            model.graph = graph
        }
        return model
    }

    private mutating func damage(_ node: inout NodeProto) {
        if !node.attributes.isEmpty, Bool.random(using: &self) {
            return damage(&node.attributes[index(node.attributes.count)])
        }
        guard !node.inputs.isEmpty else { return }
        let place = index(node.inputs.count)
        switch index(4) {
        case 0: node.inputs[place] = ""
        case 1: node.inputs.removeLast()
        case 2: node.inputs[place] = node.inputs[index(node.inputs.count)]
        default: node.inputs.append(node.inputs[place])
        }
    }

    private mutating func damage(_ attribute: inout AttributeProto) {
        if attribute.i != nil { attribute.i = integer() }
        if attribute.f != nil { attribute.f = float() }
        if !attribute.ints.isEmpty {
            switch index(3) {
            case 0: attribute.ints.removeLast()
            case 1: attribute.ints.append(integer())
            default: attribute.ints[index(attribute.ints.count)] = integer()
            }
        }
        if !attribute.floats.isEmpty { attribute.floats[index(attribute.floats.count)] = float() }
        if index(6) == 0 { attribute.name = "nothing" }
        if var graph = attribute.g, !graph.nodes.isEmpty {
            damage(&graph.nodes[index(graph.nodes.count)])
            attribute.g = graph
        }
    }

    private mutating func damage(_ tensors: inout [TensorProto]) {
        guard !tensors.isEmpty else { return }
        let place = index(tensors.count)
        switch index(3) {
        case 0: if !tensors[place].dims.isEmpty { tensors[place].dims[0] = integer() }
        case 1: tensors[place].dims = [1] + tensors[place].dims
        default: tensors[place].dataType = 1 + index(16)
        }
    }

    /// Inputs some of whose integers are others, and some of whose shapes are.
    mutating func damaged(_ inputs: [String: Tensor]) -> [String: Tensor] {
        var inputs = inputs
        for name in inputs.keys.sorted() where index(3) == 0 {
            guard let tensor = inputs[name] else { continue }
            if tensor.dtype == .int64, tensor.count > 0, Bool.random(using: &self) {
                var values = tensor.array(of: Int.self)
                values[index(values.count)] = integer()
                inputs[name] = Tensor(values, shape: tensor.shape)
            } else if tensor.rank > 0, tensor.shape[0] > 0 {
                switch index(4) {
                case 0: inputs[name] = tensor.reshape([-1])
                case 1: inputs[name] = tensor[0..<0]
                case 2: inputs[name] = tensor.unsqueeze(0)
                default: inputs[name] = tensor[0]
                }
            }
        }
        return inputs
    }
}
