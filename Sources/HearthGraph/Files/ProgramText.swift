import HearthFormats
import HearthTensor

/// A graph without its tensors as text: JSON with one node to a line.
struct ProgramText {
    /// The version of the format; files of a later one are refused.
    static let version = 1

    let text: String
    /// The tensors of constants under the names by which the text calls them.
    let tensors: StateDict

    init(_ graph: Graph) {
        var tensors = StateDict()
        var lines: [String] = []
        for node in graph.nodes { lines.append("    " + Self.json(node, &tensors).description) }
        let outputs = graph.outputs.map { JSON.object([("name", .string($0.name)), ("node", $0.node.json)]) }
        let updates = graph.updates.map { JSON.array([$0.constant.json, $0.node.json]) }
        let metadata = graph.metadata.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSON.string($0.value)) }
        text =
            "{\n  \"version\": \(Self.version),\n  \"nodes\": [\n" + lines.joined(separator: ",\n")
            + "\n  ],\n  \"outputs\": \(JSON.array(outputs)),\n  \"updates\": \(JSON.array(updates)),\n"
            + "  \"random_blocks\": \(graph.drawnBlocks.json),\n  \"metadata\": \(JSON.object(metadata))\n}\n"
        self.tensors = tensors
    }

    private static func json(_ node: Graph.Node, _ tensors: inout StateDict) -> JSON {
        var members: [(key: String, value: JSON)] = [("id", node.id.json)]
        if !node.name.isEmpty { members.append(("name", .string(node.name))) }
        switch node.source {
        case .input: members.append(("input", true))
        case .constant(let constant):
            let key = node.name.isEmpty || tensors[node.name] != nil ? "%\(node.id)" : node.name
            tensors[key] = constant.tensor
            members.append(("constant", .string(key)))
            members.append(("role", .string(constant.role.rawValue)))
        case .operation(let operation, let operands):
            members.append(("op", .string(operation.name)))
            members.append(("operands", .array(operands.map(\.json))))
            if !operation.attributes.isEmpty {
                members.append(("attributes", GraphAttribute.json(operation.attributes)))
            }
            if !operation.parts.isEmpty {
                members.append(("parts", .array(operation.parts.map { json($0, &tensors) })))
            }
        }
        members.append(("dtype", .string(node.dtype.description)))
        members.append(("shape", .array(node.shape.map(\.json))))
        if !node.path.isEmpty { members.append(("path", .string(node.path))) }
        return .object(members)
    }

    private static func json(_ part: GraphOperation.Part, _ tensors: inout StateDict) -> JSON {
        let nodes = part.program.nodes.map { json($0, &tensors) }
        return .object([
            ("part", .string(part.name)), ("nodes", .array(nodes)),
            ("outputs", .array(part.program.outputs.map(\.node.json))),
            ("random_blocks", part.program.drawnBlocks.json),
        ])
    }
}

extension Graph {
    /// The graph of a program's text and the tensors of its constants.
    init(_ program: JSON, tensors: StateDict) throws(GraphError) {
        let version = program["version"]?.int ?? 0
        guard version == ProgramText.version else {
            throw GraphError("version \(ProgramText.version) of the format is expected; found \(version)")
        }
        guard let nodes = program["nodes"]?.array, let outputs = program["outputs"]?.array,
            let updates = program["updates"]?.array
        else { throw GraphError("a program has 'nodes', 'outputs' and 'updates'") }
        self.init()
        for node in nodes { self.nodes.append(try Node(node, tensors)) }
        self.outputs = try outputs.map { output throws(GraphError) in
            guard let name = output["name"]?.string, let node = output["node"]?.int else {
                throw GraphError("a result has a 'name' and a 'node', not \(output)")
            }
            return Output(name, node: node)
        }
        self.updates = try updates.map { update throws(GraphError) in
            guard let pair = update.array, pair.count == 2, let constant = pair[0].int, let node = pair[1].int else {
                throw GraphError("an update is two numbers of nodes, not \(update)")
            }
            return Update(constant: constant, node: node)
        }
        drawnBlocks = try Size(program["random_blocks"] ?? 0)
        if case .object(let members)? = program["metadata"] {
            for (key, value) in members { metadata[key] = value.string }
        }
        try validate()
    }
}

extension Graph.Node {
    fileprivate init(_ json: JSON, _ tensors: StateDict) throws(GraphError) {
        guard let id = json["id"]?.int, id >= 0, id < 1 << 40, let type = json["dtype"]?.string,
            let dtype = DType(name: type),
            let shape = json["shape"]?.array
        else { throw GraphError("a node has an 'id', a 'dtype' and a 'shape'; found \("\(json)".prefix(200))") }
        guard shape.count <= Shape.limit else {
            throw GraphError("node %\(id) has \(shape.count) dimensions; at most \(Shape.limit) are possible")
        }
        self.init(
            id: id, name: json["name"]?.string ?? "", source: try Self.source(json, id, tensors), dtype: dtype,
            shape: try shape.map { size throws(GraphError) in try Size(size) }, path: json["path"]?.string ?? "")
    }

    private static func source(_ json: JSON, _ id: Int, _ tensors: StateDict) throws(GraphError) -> Graph.Source {
        if json["input"]?.bool == true { return .input }
        if let key = json["constant"]?.string {
            guard let tensor = tensors[key] else { throw GraphError("the weights lack '\(key)' of node %\(id)") }
            guard let role = Graph.Constant.Role(rawValue: json["role"]?.string ?? "literal") else {
                throw GraphError("the role of '\(key)' is unknown")
            }
            return .constant(Graph.Constant(tensor, role: role))
        }
        guard let name = json["op"]?.string, let operands = json["operands"]?.array else {
            throw GraphError("node %\(id) is no input, no constant and no operation")
        }
        let fields = try json["attributes"].map { json throws(GraphError) in try GraphAttribute.fields(json) } ?? []
        let parts = try (json["parts"]?.array ?? []).map { json throws(GraphError) in try GraphOperation.Part(json) }
        let isFlow = ControlFlow.names.contains(name) || !parts.isEmpty
        return .operation(
            isFlow
                ? try GraphOperation(flow: name, fields, checking: parts) : try GraphOperation(name, fields),
            operands: try operands.map { operand throws(GraphError) in try Int(operand) })
    }
}

extension GraphOperation.Part {
    /// A branch, a condition or a body. It has no tensors of its own.
    fileprivate init(_ json: JSON) throws(GraphError) {
        guard let name = json["part"]?.string, let nodes = json["nodes"]?.array, let outputs = json["outputs"]?.array,
            let blocks = json["random_blocks"]
        else {
            throw GraphError(
                "a part has its name as 'part', 'nodes', 'outputs' and 'random_blocks'; found \("\(json)".prefix(200))")
        }
        var program = Graph()
        for node in nodes { program.nodes.append(try Graph.Node(node, StateDict())) }
        for (position, node) in outputs.enumerated() {
            program.outputs.append(Graph.Output("\(position)", node: try Int(node)))
        }
        program.drawnBlocks = try Size(blocks)
        self.init(name, program)
    }
}
