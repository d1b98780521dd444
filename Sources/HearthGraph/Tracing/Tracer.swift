import HearthNN
import HearthTensor

/// Traces a program on `meta`, several times where it has named sizes, and makes a graph of it.
struct Tracer {
    private let module: Module?
    private let inputs: [(name: String, spec: InputSpec)]
    private let parameters: [(name: String, parameter: Parameter)]
    private let buffers: [NamedBuffer]
    private let constants: [(name: String, tensor: Tensor, role: Graph.Constant.Role)]
    private let paths: [ObjectIdentifier: String]

    /// - Parameter constants: Tensors with names that no module knows.
    init(
        _ module: Module?, _ inputs: [(name: String, spec: InputSpec)],
        constants: [(name: String, tensor: Tensor, role: Graph.Constant.Role)] = []
    ) throws(GraphError) {
        self.constants = constants
        self.module = module
        self.inputs = inputs
        parameters = module?.namedParameters ?? []
        buffers = module?.namedBuffers ?? []
        let modules = module?.namedModules ?? []
        paths = Dictionary(modules.map { (ObjectIdentifier($0.module), $0.name) }) { first, _ in first }
        try checkInputs()
    }

    private func checkInputs() throws(GraphError) {
        var seen: Set<String> = []
        for (name, spec) in inputs {
            guard seen.insert(name).inserted else { throw GraphError("two inputs are called '\(name)'") }
            guard spec.shape.count <= Shape.limit else {
                throw GraphError(
                    "input '\(name)' has \(spec.shape.count) dimensions; at most \(Shape.limit) are possible")
            }
            for size in spec.shape {
                switch size {
                case .fixed(let value) where value >= 0: break
                case .named: break
                default:
                    throw GraphError("a size of input '\(name)' is \(size); a name, or a number from 0 on, is expected")
                }
            }
        }
    }

    /// The graph of `body`.
    func graph(_ body: ([Tensor]) throws -> Any) throws -> Graph {
        var seen: Set<String> = []
        let names = inputs.flatMap { $0.spec.shape.flatMap(\.names) }.filter { seen.insert($0).inserted }
        if names.isEmpty { return try graph(body, sizes: []) }
        // Programs that halve sizes again and again need large ones, those with tables for positions small ones.
        var failure: (any Error)?
        for start in [34, 3, 230] {
            do { return try graph(body, sizes: SizeFitting.assignments(names, from: start)) } catch {
                failure = failure ?? error
            }
        }
        throw failure!
    }

    private func graph(_ body: ([Tensor]) throws -> Any, sizes: [(name: String, values: [Int])]) throws -> Graph {
        let state = buffers.map(\.tensor)
        defer { restore(state) }
        var recordings: [Recording] = []
        var names: [String] = []
        var updated: [String] = []
        // Without named sizes a second trace still shows a program that is not the same each time.
        for i in 0..<(sizes.isEmpty ? 2 : SizeFitting.traces) {
            let table = Dictionary(uniqueKeysWithValues: sizes.map { ($0.name, $0.values[i]) })
            let traced = try trace(body, SizeTable(named: table))
            restore(state)
            names = traced.results.entries.map(\.name)
            updated = traced.updates.map(\.name)
            recordings.append(
                try Recording(
                    traced.trace, inputCount: inputs.count, results: traced.results.entries.map(\.tensor),
                    updates: traced.updates.map(\.tensor)))
        }
        return try graph(recordings, sizes, results: names, updated: updated)
    }

    private func graph(
        _ recordings: [Recording], _ sizes: [(name: String, values: [Int])], results: [String], updated: [String]
    ) throws(GraphError) -> Graph {
        var comparison = TraceComparison(recordings, sizes)
        let known = KnownTensors(parameters, buffers, constants)
        var graph = Graph()
        graph.nodes = try comparison.nodes(inputs: inputs) { known.name(of: $0) }
        graph.drawnBlocks = try comparison.drawnBlocks()
        graph.outputs = zip(results, recordings[0].results).map { Graph.Output($0, node: $1) }
        for (name, node) in zip(updated, recordings[0].updates) {
            let constant = graph.constant(named: name, buffers.first { $0.name == name }?.tensor)
            graph.updates.append(Graph.Update(constant: constant, node: node))
        }
        return graph
    }

    // MARK: One trace

    private struct Traced {
        let trace: Trace
        let results: TracedResults
        /// Buffers that were written.
        let updates: [(name: String, tensor: Tensor)]
    }

    private func trace(_ body: ([Tensor]) throws -> Any, _ table: SizeTable) throws -> Traced {
        let given = try inputs.map { _, spec throws(GraphError) in
            let sizes = try spec.shape.map { size throws(GraphError) in try table.value(of: size) }
            return Tensor.placeholder(Spec(Shape(sizes), spec.dtype))
        }
        let before = buffers.map(\.tensor)
        let trace = Trace(onMeta: true, paths: paths) { given }
        var results: Any?
        do {
            results = try checkShapes { try trace.record { try noGrad { try body(given) } } }
        } catch let error as ShapeError {
            throw Self.explained(error, in: trace)
        }
        let updates = zip(buffers, before).compactMap { buffer, old -> (name: String, tensor: Tensor)? in
            guard let new = buffer.tensor, let old, !new.isIdentical(to: old) else { return nil }
            return (buffer.name, new)
        }
        return Traced(trace: trace, results: try TracedResults(results!), updates: updates)
    }

    /// What a mistake while tracing means.
    private static func explained(_ error: ShapeError, in trace: Trace) -> GraphError {
        let path = trace.failedPath ?? ""
        let readers = ["withUnsafeBytes", "nonzero", "item"]
        guard readers.contains(error.operation) else {
            let operands = error.operands.map(\.description).joined(separator: ", ")
            return GraphError(
                error.rule, operation: error.operation + (operands.isEmpty ? "" : " on \(operands)"), path: path)
        }
        return GraphError(
            "the program reads elements of a tensor (\(error.operands.map(\.description).joined(separator: ", "))) while "
                + "it is traced, so its course depends on data. Use operations instead: Tensor.where(…) for a choice of elements, "
                + "Tensor.cond(…) for a branch, Tensor.loop(…) for a loop, gather or indexSelect for an index",
            operation: error.operation, path: path)
    }

    private func restore(_ state: [Tensor?]) {
        for (buffer, tensor) in zip(buffers, state) {
            guard let tensor else { continue }
            if let now = buffer.tensor, now.isIdentical(to: tensor) { continue }
            buffer.tensor = tensor
        }
    }
}

/// The parameters and buffers of a model by where their elements are.
private struct KnownTensors {
    private struct Place: Hashable {
        let storage: ObjectIdentifier
        let layout: Layout
    }

    private var names: [Place: (name: String, role: Graph.Constant.Role)] = [:]
    /// Held, so that no place is used twice.
    private var tensors: [Tensor] = []

    init(
        _ parameters: [(name: String, parameter: Parameter)], _ buffers: [NamedBuffer],
        _ constants: [(name: String, tensor: Tensor, role: Graph.Constant.Role)]
    ) {
        for (name, tensor, role) in constants { add(tensor, name, role) }
        for buffer in buffers { if let tensor = buffer.tensor { add(tensor, buffer.name, .buffer) } }
        for (name, parameter) in parameters { add(parameter.tensor, name, .parameter) }
    }

    private mutating func add(_ tensor: Tensor, _ name: String, _ role: Graph.Constant.Role) {
        guard tensor.hasElements else { return }
        tensors.append(tensor)
        names[Place(storage: tensor.storageIdentity, layout: tensor.layout)] = (name, role)
    }

    func name(of tensor: Tensor) -> (name: String, role: Graph.Constant.Role)? {
        names[Place(storage: tensor.storageIdentity, layout: tensor.layout)]
    }
}

extension Graph {
    /// The node of the buffer with this name, which is made when the program writes it without having read it.
    fileprivate mutating func constant(named name: String, _ tensor: Tensor?) -> Int {
        if let node = nodes.first(where: { $0.name == name && $0.constant != nil }) { return node.id }
        let tensor = tensor ?? .zeros([])
        return append(
            Source.constant(Constant(tensor, role: .buffer)), name: name, dtype: tensor.dtype,
            shape: tensor.shape.map { .fixed($0) })
    }
}
