import HearthNN
import HearthTensor

/// Sequences of layers that are given the same value, and whose results become one: their sum, their product, or
/// one behind the other.
///
/// A branch without layers gives the value itself. Parameters are named by the branch: `body.0.weight`.
public final class Branches: Module, Layer {
    /// How results become one.
    public enum Joining: Hashable, Sendable {
        /// They are added; all have one shape.
        case sum
        /// They are multiplied; sizes of 1 go with any, as in a gate for each channel.
        case product
        /// They lie one behind the other along a dimension; all others are equal. PyTorch's `cat`.
        case concatenation(dim: Int)
    }

    private let branches: [(name: String, layers: Sequential)]
    private let joining: Joining

    /// Branches under names, and how their results become one.
    public init(_ branches: KeyValuePairs<String, Sequential>, joining: Joining) {
        self.branches = branches.map { (name: $0.key, layers: $0.value) }
        self.joining = joining
    }

    init(branches: [(name: String, layers: Sequential)], joining: Joining) {
        self.branches = branches
        self.joining = joining
    }

    public override var namedChildren: [(name: String, module: Module)] {
        branches.map { (name: $0.name, module: $0.layers) }
    }

    /// The results of the branches for `x`, joined.
    public func forward(_ x: Tensor) -> Tensor {
        let results = branches.map { $0.layers.observed(x) }
        return switch joining {
        case .sum: results.dropFirst().reduce(results[0]) { $0 + $1 }
        case .product: results.dropFirst().reduce(results[0]) { $0 * $1 }
        case .concatenation(let dim): Tensor.cat(results, dim: dim)
        }
    }

    public override var extraRepr: String {
        switch joining {
        case .sum, .product: ""
        case .concatenation(let dim): "dim=\(dim)"
        }
    }
}

extension Branches.Joining {
    /// What it is called in descriptions.
    var word: String {
        switch self {
        case .sum: "add"
        case .product: "mul"
        case .concatenation: "cat"
        }
    }
}
