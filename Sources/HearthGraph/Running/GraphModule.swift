import HearthNN
import HearthTensor

/// A graph as a layer: its parameters are trained, its buffers are kept, under the names that they had in the model.
///
///     let model = GraphModule(try Graph(contentsOf: "resnet18.hearth"))
///     let optimizer = Adam(model.parameters, lr: 1e-4)
///     model(images)      // node by node, with gradients
///
/// So a network goes on learning without the code that it was traced from. The graph keeps the mode in which it was traced;
/// `train()` and `eval()` change nothing in it. PyTorch's `fx.GraphModule`.
public final class GraphModule: Module, Layer {
    /// The program.
    public let graph: Graph
    private let weights: [Int: Parameter]
    private let buffers: [Int: BufferBox]

    /// A layer that computes what the graph does. The parameters start with the elements of its constants.
    public init(_ graph: Graph) {
        self.graph = graph
        var weights: [Int: Parameter] = [:]
        var buffers: [Int: BufferBox] = [:]
        for node in graph.nodes {
            guard let constant = node.constant else { continue }
            switch constant.role {
            case .parameter: weights[node.id] = Parameter(constant.tensor.detach())
            case .buffer: buffers[node.id] = BufferBox(constant.tensor)
            case .literal: break
            }
        }
        self.weights = weights
        self.buffers = buffers
    }

    public override var ownParameters: [(name: String, parameter: Parameter)] {
        graph.nodes.compactMap { node in weights[node.id].map { (name: node.name, parameter: $0) } }
    }

    public override var ownBuffers: [NamedBuffer] {
        graph.nodes.compactMap { node in
            buffers[node.id].map { box in
                NamedBuffer(name: node.name, isPersistent: true, get: { box.tensor }, set: { box.tensor = $0 })
            }
        }
    }

    /// The one result for the one input. Stops the program when the graph has other numbers of them, or `x` does not fit.
    public func forward(_ x: Tensor) -> Tensor {
        do {
            let results = try run([x])
            if results.count == 1 { return results[0] }
            stop("GraphModule", [x.spec], "the graph has \(results.count) results; run(_:) gives them all")
        } catch {
            stop("GraphModule", [x.spec], "\(error)")
        }
        return x
    }

    /// The results for all inputs, in order, recorded for gradients.
    /// - Throws: `GraphError` when the tensors do not fit the inputs.
    public func run(_ inputs: [Tensor]) throws -> [Tensor] {
        let (results, updates) = try graph.evaluate(inputs) { node in
            weights[node.id]?.tensor ?? buffers[node.id]?.tensor
        }
        for (update, tensor) in zip(graph.updates, updates) { buffers[update.constant]?.tensor = tensor.detach() }
        return results
    }

    /// The graph with what its parameters and buffers are now.
    public var trained: Graph {
        var graph = graph
        for id in graph.nodes.map(\.id) {
            guard let tensor = weights[id]?.tensor ?? buffers[id]?.tensor, let role = graph.node(id)?.constant?.role
            else {
                continue
            }
            graph.change(id) { $0.source = .constant(Graph.Constant(tensor.detach(), role: role)) }
        }
        return graph
    }

    /// A buffer's tensor, which changes.
    private final class BufferBox {
        var tensor: Tensor
        init(_ tensor: Tensor) { self.tensor = tensor }
    }
}
