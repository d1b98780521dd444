import CKernels

extension Tensor {
    /// Computes the gradients of this tensor and adds them to the `grad` of every leaf and parameter it came from.
    ///
    /// - Parameters:
    ///   - gradient: The gradient of this tensor, of its shape; may be left out when it has one element, then 1.
    ///   - retainGraph: Keeps the tape, so that `backward` can be called again. Otherwise it is freed on the way.
    ///   - createGraph: Records the computation of the gradients, so that they can be differentiated.
    public func backward(gradient: Tensor? = nil, retainGraph: Bool = false, createGraph: Bool = false) {
        let walk = BackwardWalk(keepGraph: retainGraph || createGraph, createGraph: createGraph, targets: nil)
        walk.run(from: [(self, startGradient(gradient))])
    }

    fileprivate func startGradient(_ gradient: Tensor?) -> Tensor {
        if let gradient { return gradient }
        if count != 1 {
            stop(
                "backward", [spec],
                "a gradient is needed for a tensor of shape \(shape); only one element has a default. "
                    + "Take its mean() or sum(), or pass gradient:")
        }
        return Tensor.ones(shape, dtype: dtype, device: device)
    }
}

/// The gradients of `outputs` with respect to `inputs`, without touching any `grad`.
///
/// - Parameters:
///   - outputs: What to differentiate; their gradients are summed.
///   - inputs: Tensors that `outputs` were computed from: leaves, parameters or intermediate results.
///   - gradients: The gradient of each output; ones for outputs of one element when left out.
///   - retainGraph: Keeps the tape for another walk; true with `createGraph`.
///   - createGraph: Records the computation, for derivatives of higher order.
/// - Returns: A gradient for each input, zeros where an input has no part in the outputs.
///
/// PyTorch's `torch.autograd.grad` with `allow_unused` and `materialize_grads`.
public func grad(
    of outputs: [Tensor], wrt inputs: [Tensor], gradients: [Tensor]? = nil, retainGraph: Bool = false,
    createGraph: Bool = false
) -> [Tensor] {
    let nodes = inputs.map { input in
        if let node = input.body.node { return node }
        stop("grad", [input.spec], "an input of shape \(input.shape) does not require a gradient")
        return Node(leaf: input.spec)
    }
    let walk = BackwardWalk(keepGraph: retainGraph || createGraph, createGraph: createGraph, targets: nodes)
    walk.run(from: outputs.enumerated().map { ($1, $1.startGradient(gradients?[$0])) })
    return zip(inputs, nodes).map { input, node in
        walk.found[node.sequence] ?? Tensor.zeros(input.shape, dtype: input.dtype, device: input.device)
    }
}

/// The gradient of one output with respect to one input. See `grad(of:wrt:gradients:retainGraph:createGraph:)`.
public func grad(
    of output: Tensor, wrt input: Tensor, gradient: Tensor? = nil, retainGraph: Bool = false, createGraph: Bool = false
) -> Tensor {
    grad(
        of: [output], wrt: [input], gradients: gradient.map { [$0] }, retainGraph: retainGraph,
        createGraph: createGraph)[0]
}

/// A walk over the tape, newest operation first.
private final class BackwardWalk {
    private let keepGraph: Bool
    private let createGraph: Bool
    /// The numbers of the places whose gradients are asked for; nil when leaves collect them.
    private let targets: Set<UInt64>?
    private let oldest: UInt64
    private(set) var found: [UInt64: Tensor] = [:]
    /// Places with a gradient that is not complete yet, oldest first.
    private var frontier: [(node: Node, gradient: Tensor)] = []

    init(keepGraph: Bool, createGraph: Bool, targets: [Node]?) {
        self.keepGraph = keepGraph
        self.createGraph = createGraph
        self.targets = targets.map { Set($0.map(\.sequence)) }
        oldest = targets?.map(\.sequence).min() ?? 0
    }

    func run(from roots: [(Tensor, Tensor)]) {
        for (output, gradient) in roots {
            guard let node = output.body.node else {
                stop(
                    "backward", [output.spec],
                    "the tensor of shape \(output.shape) was not recorded: nothing that it was computed from requires a "
                        + "gradient (frozen parameters do not), or it was computed inside noGrad or detached")
                continue
            }
            add(gradient, to: node)
        }
        withGradient(enabled: createGraph) {
            while let (node, gradient) = frontier.popLast() { visit(node, gradient) }
        }
    }

    private func visit(_ node: Node, _ gradient: Tensor) {
        let gradient = node.arrive(gradient, accumulating: targets == nil)
        if let targets, targets.contains(node.sequence) { found[node.sequence] = gradient }
        // What is as old as the oldest target leads to none of them.
        guard node.sequence > oldest else { return }
        let anomalies = AnomalyScope.current
        anomalies?.backwardOf = node.label
        defer { anomalies?.backwardOf = nil }
        let watch = ProfileScope.current
        watch?.isBackward = true
        defer { watch?.isBackward = false }
        guard let (gradients, inputs) = node.backward(gradient, keepGraph: keepGraph) else { return }
        for i in 0..<inputs.count {
            if let input = inputs[i], let gradient = gradients[i] { add(gradient, to: input) }
        }
    }

    private func add(_ gradient: Tensor, to node: Node) {
        guard node.sequence >= oldest else { return }
        var low = 0
        var high = frontier.count
        while low < high {
            let middle = (low + high) / 2
            if frontier[middle].node.sequence < node.sequence { low = middle + 1 } else { high = middle }
        }
        if low < frontier.count, frontier[low].node === node {
            frontier[low].gradient += gradient
        } else {
            frontier.insert((node: node, gradient: gradient), at: low)
        }
    }
}
