/// A layer as a description writes it.
struct WrittenLayer {
    let kind: String
    let options: [(name: String, value: String)]

    init(_ kind: String, _ options: [(name: String, value: String)?] = []) {
        self.kind = kind
        self.options = options.compactMap { $0 }
    }

    /// What stands behind the kind and a colon; nil for a kind alone.
    var value: String? {
        guard let first = options.first else { return nil }
        if options.count == 1, first.name == LayerKind.named(kind)?.options.first { return first.value }
        return "{\(options.map { "\($0.name): \($0.value)" }.joined(separator: ", "))}"
    }
}
