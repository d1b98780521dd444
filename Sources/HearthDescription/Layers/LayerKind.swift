import HearthNN

/// A layer that descriptions can name: a row of the table.
struct LayerKind: Sendable {
    /// PyTorch's name.
    let name: String
    /// PyTorch's names of its options; a value that stands alone is the first one.
    let options: [String]
    /// Makes the layer of its options, which know their defaults. Throws `DescriptionError`.
    let make: @Sendable (LayerOptions) throws -> any Layer

    init(_ name: String, _ options: [String] = [], _ make: @escaping @Sendable (LayerOptions) throws -> any Layer) {
        (self.name, self.options, self.make) = (name, options, make)
    }

    /// All rows, one family a file.
    static let all = convolutions + normalisations + activations + pools + paddings + shapes + sequences

    static let names = all.map(\.name)

    private static let table = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    static func named(_ name: String) -> LayerKind? { table[name] }
}
