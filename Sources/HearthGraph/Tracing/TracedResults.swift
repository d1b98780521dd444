import HearthTensor

/// The tensors in whatever a program gives, with their names: a tensor, tuples, arrays, dictionaries, optionals and
/// structures of them.
struct TracedResults {
    private(set) var entries: [(name: String, tensor: Tensor)] = []

    /// - Throws: For a value that is none of these, and when there are no tensors at all.
    init(_ value: Any) throws(GraphError) {
        try collect(value, "")
        if entries.isEmpty { throw GraphError("the program gives no tensors; it gives \(type(of: value))") }
        if entries.count == 1, entries[0].name.isEmpty { entries[0].name = "output" }
    }

    private mutating func collect(_ value: Any, _ name: String) throws(GraphError) {
        switch value {
        case let tensor as Tensor: entries.append((name, tensor))
        case let tensors as [String: Tensor]:
            for key in tensors.keys.sorted() { try collect(tensors[key]!, Self.join(name, key)) }
        case let tensors as [(name: String, tensor: Tensor)]:
            for (key, tensor) in tensors { try collect(tensor, Self.join(name, key)) }
        case let tensors as KeyValuePairs<String, Tensor>:
            for (key, tensor) in tensors { try collect(tensor, Self.join(name, key)) }
        default: try collectParts(of: value, name)
        }
    }

    private mutating func collectParts(of value: Any, _ name: String) throws(GraphError) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .tuple, .struct, .collection:
            for (i, child) in mirror.children.enumerated() {
                try collect(child.value, Self.name(child.label, i, in: name))
            }
        case .optional: for child in mirror.children { try collect(child.value, name) }
        default:
            throw GraphError(
                "the program gives \(type(of: value)), from which no tensors can be taken; tensors, tuples, arrays, "
                    + "dictionaries, optionals and structures of them are expected")
        }
    }

    private static func name(_ label: String?, _ position: Int, in owner: String) -> String {
        if let label, !label.hasPrefix(".") { return join(owner, label) }
        return owner.isEmpty ? "output\(position)" : "\(owner).\(position)"
    }

    private static func join(_ owner: String, _ name: String) -> String { owner.isEmpty ? name : "\(owner).\(name)" }
}
