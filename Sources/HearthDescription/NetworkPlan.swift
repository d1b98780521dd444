import HearthNN
import HearthTensor

/// The layers of a network with all their sizes.
struct NetworkPlan {
    let layers: [Part]

    /// A layer under a name; nil for its position.
    struct Part {
        let name: String?
        let layer: Layer
    }

    indirect enum Layer {
        case layer(LayerKind, LayerOptions)
        case sequence([Part])
        case branches(Branches.Joining, [(name: String, layers: [Part])])
    }

    /// The network with new weights.
    func network() throws -> Sequential { try Self.sequential(layers) }

    private static func sequential(_ parts: [Part]) throws -> Sequential {
        let result = Sequential([])
        for part in parts { result.append(try module(part.layer), named: part.name) }
        return result
    }

    private static func module(_ layer: Layer) throws -> any HearthNN.Layer {
        switch layer {
        case .layer(let kind, let options): return try kind.make(options)
        case .sequence(let parts): return try sequential(parts)
        case .branches(let joining, let branches):
            return Branches(
                branches: try branches.map { (name: $0.name, layers: try sequential($0.layers)) }, joining: joining)
        }
    }
}
