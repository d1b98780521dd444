/// Makes graphs of messages, and finds what is wrong with them: names that nobody computes or that two do, nodes out of
/// order, unknown operators, functions that call themselves.
struct GraphBuilder {
    private let files: ExternalFiles
    private let functions: [String: FunctionProto]
    private var built: [String: Function] = [:]
    /// The functions that are being looked through.
    private var calls: [String] = []
    /// How many graphs the current one lies in.
    private var depth = 0

    /// Graphs in graphs, and functions in functions, could exhaust the stack.
    static let depthLimit = 32
    /// Functions that call functions that call functions can make a small file run for years.
    static let costLimit = 10_000_000

    init(_ files: ExternalFiles, _ protos: [FunctionProto]) throws(ONNXError) {
        self.files = files
        var functions: [String: FunctionProto] = [:]
        for proto in protos {
            let key = Self.key(proto.domain, proto.name, proto.overload)
            guard functions.updateValue(proto, forKey: key) == nil else {
                throw ONNXError(expected: "functions that differ in their names", found: "two of '\(proto.name)'")
            }
        }
        self.functions = functions
    }

    private static func key(_ domain: String, _ name: String, _ overload: String) -> String {
        "\(domain == "ai.onnx" ? "" : domain)\u{0}\(name)\u{0}\(overload)"
    }

    /// The versions of operator sets by domain.
    static func versions(_ sets: [OperatorSetID]) -> [String: Int] {
        Dictionary(
            sets.map { ($0.domain == "ai.onnx" ? "" : $0.domain, $0.version ?? 1) }, uniquingKeysWith: { max($0, $1) })
    }

    // MARK: Graphs

    /// The graph, in which the names of `outer` can be used.
    mutating func graph(
        _ proto: GraphProto, _ versions: [String: Int], outer: Set<String> = []
    ) throws -> Graph {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw ONNXError(expected: "at most \(Self.depthLimit) graphs inside each other", found: "more")
        }
        var constants: [String: Value] = [:]
        func add(_ name: String, _ value: Value) throws {
            guard constants.updateValue(value, forKey: name) == nil else { throw Self.twice("constants", name) }
        }
        for tensor in proto.initializers { try add(tensor.name, tensor.value(files)) }
        for tensor in proto.sparseInitializers { try add(tensor.name, tensor.value(files)) }
        let inputs = proto.inputs.map(ValueInfo.init)
        var known = Set(constants.keys)
        for (index, input) in inputs.enumerated() {
            // Up to version 3 of the format a constant is an input, too.
            guard !inputs[..<index].contains(where: { $0.name == input.name }) else {
                throw Self.twice("inputs", input.name)
            }
            known.insert(input.name)
        }
        return try graph(
            proto.nodes, inputs, proto.outputs.map(ValueInfo.init), constants, known, versions, outer: outer)
    }

    private static func twice(_ what: String, _ name: String) -> ONNXError {
        ONNXError(expected: "\(what) that differ in their names", found: "two of '\(name)'")
    }

    private mutating func graph(
        _ nodes: [NodeProto], _ inputs: [ValueInfo], _ outputs: [ValueInfo], _ constants: [String: Value],
        _ start: Set<String>, _ versions: [String: Int], outer: Set<String>
    ) throws -> Graph {
        var (known, constants) = (start, constants)
        var captures: Set<String> = []
        var steps: [Graph.Step] = []
        var cost = 0
        let names = outer.union(start)
        var visible = names
        for node in nodes {
            do {
                if let value = try constant(node), let name = node.outputs.first {
                    guard known.insert(name).inserted else { throw Self.twice("values", name) }
                    visible.insert(name)
                    constants[name] = value
                    continue
                }
                let uses = node.inputs.filter { !$0.isEmpty }
                for name in uses where !visible.contains(name) {
                    throw Self.unknown(name, in: nodes)
                }
                captures.formUnion(uses.filter { !known.contains($0) })
                var graphs: [String: Graph] = [:]
                for attribute in node.attributes {
                    guard let inner = attribute.g else { continue }
                    let graph = try graph(inner, versions, outer: visible)
                    graphs[attribute.name] = graph
                    captures.formUnion(graph.captures.filter { !known.contains($0) })
                    cost += graph.cost
                }
                let kind = try kind(of: node, versions)
                if case .function(let function) = kind { cost += function.graph.cost }
                cost += 1
                guard cost <= Self.costLimit else {
                    throw ONNXError(expected: "at most \(Self.costLimit) nodes in all", found: "more, in functions")
                }
                for name in node.outputs where !name.isEmpty {
                    guard known.insert(name).inserted else { throw Self.twice("values", name) }
                    visible.insert(name)
                }
                steps.append(
                    Graph.Step(
                        proto: node, kind: kind, version: versions[Self.domain(node)] ?? 1, graphs: graphs,
                        lastUses: []))
            } catch let error as ONNXError {
                throw error.at(file: "", node: node)
            }
        }
        for output in outputs where !visible.contains(output.name) {
            throw ONNXError(expected: "a node that computes the output '\(output.name)'", found: "none")
        }
        captures.formUnion(outputs.map(\.name).filter { !known.contains($0) })
        return Graph(
            inputs: inputs, outputs: outputs, constants: constants,
            steps: Self.addingLastUses(steps, kept: Set(outputs.map(\.name))), captures: captures, cost: cost)
    }

    /// The value of a node that is a tensor in the file.
    private func constant(_ node: NodeProto) throws -> Value? {
        guard node.opType == "Constant", Self.domain(node).isEmpty, node.attributes.count == 1,
            node.attributes[0].name == "value", node.outputs.count == 1
        else { return nil }
        return try node.attributes[0].t?.value(files)
    }

    private static func unknown(_ name: String, in nodes: [NodeProto]) -> ONNXError {
        let isLater = nodes.contains { $0.outputs.contains(name) }
        return ONNXError(
            expected: "inputs that are computed before",
            found: isLater ? "'\(name)', which this node or a later one computes" : "'\(name)', which nothing computes")
    }

    /// Notes with each step the values that no later one uses.
    private static func addingLastUses(_ steps: [Graph.Step], kept: Set<String>) -> [Graph.Step] {
        var seen = kept
        var result: [Graph.Step] = []
        for step in steps.reversed() {
            let uses = step.proto.inputs + step.graphs.values.flatMap(\.captures) + step.proto.outputs
            let last = uses.filter { !$0.isEmpty && seen.insert($0).inserted }
            result.append(
                Graph.Step(
                    proto: step.proto, kind: step.kind, version: step.version, graphs: step.graphs, lastUses: last))
        }
        return result.reversed()
    }

    // MARK: Operators

    private static func domain(_ node: NodeProto) -> String { node.domain == "ai.onnx" ? "" : node.domain }

    private mutating func kind(of node: NodeProto, _ versions: [String: Int]) throws -> Graph.Kind {
        if let function = try function(node.domain, node.opType, node.overload) { return .function(function) }
        guard let operation = OperatorTable.function(Self.domain(node), node.opType) else {
            let domain = node.domain.isEmpty ? "" : "\(node.domain)."
            throw ONNXError(expected: "an operator that Hearth knows", found: "\(domain)\(node.opType)")
        }
        return .operation(operation)
    }

    private mutating func function(_ domain: String, _ name: String, _ overload: String) throws -> Function? {
        let key = Self.key(domain, name, overload)
        if let function = built[key] { return function }
        guard let proto = functions[key] else { return nil }
        guard !calls.contains(key) else {
            throw ONNXError(expected: "functions that do not call themselves", found: "'\(name)', which does")
        }
        guard calls.count < Self.depthLimit else {
            throw ONNXError(expected: "at most \(Self.depthLimit) functions inside each other", found: "more")
        }
        calls.append(key)
        defer { calls.removeLast() }
        let inputs = proto.inputs.map { ValueInfo(name: $0) }
        if Set(proto.inputs).count < inputs.count { throw Self.twice("inputs", name) }
        let graph = try graph(
            proto.nodes, inputs, proto.outputs.map { ValueInfo(name: $0) }, [:], Set(proto.inputs),
            Self.versions(proto.opsetImport), outer: [])
        let function = Function(proto, graph)
        built[key] = function
        return function
    }
}

extension ValueInfo {
    /// A value of which only the name is known.
    init(name: String) { (self.name, elementType, dims) = (name, .undefined, nil) }
}
